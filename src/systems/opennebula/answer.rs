//! Answers: success, and refusals as the request manager words them (`src/rm/Request.cc`).

use std::fmt::Display;

use super::fixture::User;
use crate::engine::{Refusal, Reply, Value};

/// What a rule answers.
pub(super) type Answer = Result<Reply, Refusal>;

/// The numbers of `Request::ErrorCode`.
pub(super) const AUTHORIZATION: u32 = 0x0200;
const NO_EXISTS: u32 = 0x0400;
const ACTION: u32 = 0x0800;
const XML_RPC_API: u32 = 0x1000;
const INTERNAL: u32 = 0x2000;
const ALLOCATE: u32 = 0x4000;

/// Success that returns an id.
pub(super) fn id(id: u32) -> Reply {
    Reply { code: 0, value: Value::Number(i64::from(id)) }
}

/// Success that returns nothing.
pub(super) fn nothing() -> Reply {
    Reply { code: 0, value: Value::None }
}

/// A method of the API, as messages name it: `image.clone` for `one.image.clone`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Method(pub(super) &'static str);

impl Method {
    /// Written once and not for each kind of text: the callers below are as good as nothing.
    fn refuse(self, code: u32, text: &dyn Display) -> Refusal {
        Refusal::new(code, format!("[one.{}] {text}", self.0))
    }

    pub(super) fn action(self, text: impl Display) -> Refusal {
        self.refuse(ACTION, &text)
    }

    pub(super) fn internal(self, text: impl Display) -> Refusal {
        self.refuse(INTERNAL, &text)
    }

    pub(super) fn api(self, text: impl Display) -> Refusal {
        self.refuse(XML_RPC_API, &text)
    }

    pub(super) fn allocate_image(self, text: impl Display) -> Refusal {
        self.refuse(ALLOCATE, &format_args!("Error allocating a new image. {text}"))
    }

    pub(super) fn allocate_template(self, text: impl Display) -> Refusal {
        self.refuse(ALLOCATE, &format_args!("Error allocating a new virtual machine template. {text}"))
    }

    /// `object` is in lower case: `image`, `virtual machine`.
    pub(super) fn missing(self, object: &str, id: impl Display) -> Refusal {
        self.refuse(NO_EXISTS, &format_args!("Error getting {object} [{id}]."))
    }

    pub(super) fn unauthorized(self, by: &User, text: impl Display) -> Refusal {
        self.refuse(AUTHORIZATION, &format_args!("User [{}] : {text}.", by.id))
    }
}
