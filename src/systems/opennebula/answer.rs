//! Answers: success, and refusals as the request manager words them (`src/rm/Request.cc`).

use super::fixture::User;
use crate::engine::refusal::{Fill, Text};
use crate::engine::{Refusal, Reply, Value};

/// What a rule answers.
pub(super) type Answer = Result<Reply, Refusal>;

/// The numbers of `Request::ErrorCode`.
const AUTHORIZATION: u32 = 0x0200;
const NO_EXISTS: u32 = 0x0400;
const ACTION: u32 = 0x0800;
const XML_RPC_API: u32 = 0x1000;
const INTERNAL: u32 = 0x2000;
const ALLOCATE: u32 = 0x4000;

/// Success that returns an id.
pub(super) fn id(id: u32) -> Reply {
    Reply { code: 0, value: Value::Number(id) }
}

/// Success that returns nothing.
pub(super) fn nothing() -> Reply {
    Reply { code: 0, value: Value::None }
}

/// A method of the API, as messages begin with it: `[one.image.clone] `.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Method(pub(super) &'static str);

impl Method {
    /// A request that another one makes: it gives the bare reason, which the other puts into its own
    /// words (`RequestAttributes::resp_msg`).
    pub(super) const WITHIN: Self = Self("");

    fn is_within(self) -> bool {
        self.0.is_empty()
    }

    fn refuse(self, code: u32, text: Text) -> Refusal {
        Refusal::new(code, text.after(self.0, []))
    }

    pub(super) fn action(self, text: impl Into<Text>) -> Refusal {
        self.refuse(ACTION, text.into())
    }

    pub(super) fn internal(self, text: impl Into<Text>) -> Refusal {
        self.refuse(INTERNAL, text.into())
    }

    pub(super) fn api(self, text: impl Into<Text>) -> Refusal {
        self.refuse(XML_RPC_API, text.into())
    }

    pub(super) fn allocate_image(self, text: impl Into<Text>) -> Refusal {
        let words = if self.is_within() { "" } else { "Error allocating a new image. " };
        self.refuse(ALLOCATE, text.into().after(words, []))
    }

    pub(super) fn allocate_template(self, text: impl Into<Text>) -> Refusal {
        self.refuse(ALLOCATE, text.into().after("Error allocating a new virtual machine template. ", []))
    }

    pub(super) fn allocate_market(self, text: impl Into<Text>) -> Refusal {
        self.refuse(ALLOCATE, text.into().after("Error allocating a new marketplace. ", []))
    }

    pub(super) fn allocate_app(self, text: impl Into<Text>) -> Refusal {
        self.refuse(ALLOCATE, text.into().after("Error allocating a new marketplaceapp. ", []))
    }

    /// `object` is in lower case: `image`, `virtual machine`.
    pub(super) fn missing(self, object: &'static str, id: impl Into<i64>) -> Refusal {
        if self.is_within() {
            return self.refuse(NO_EXISTS, "".into());
        }
        let id: i64 = id.into();
        self.refuse(NO_EXISTS, Text::new("Error getting {} [{}].", [object.into(), id.into()]))
    }

    pub(super) fn unauthorized(self, by: &User, text: impl Into<Text>) -> Refusal {
        if self.is_within() {
            return self.refuse(AUTHORIZATION, text.into());
        }
        let text = text.into().to_string();
        self.refuse(AUTHORIZATION, Text::new("User [{}] : {}.", [by.id.into(), Fill::Text(text.into())]))
    }
}
