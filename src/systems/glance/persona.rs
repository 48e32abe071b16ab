//! Who asks, and who may: the default policy with `enforce_new_defaults`.

use crate::engine::Refusal;

use super::image::{Image, Visibility};

/// A user of the fixture, with project and role.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Persona {
    /// alice of proj-a, role member.
    Owner,
    /// ron of proj-a, role reader only.
    Reader,
    /// root of proj-admin, role admin.
    Admin,
    /// bob of proj-b, role member.
    Other,
    /// somebody of proj-c, role member.
    Third,
    /// mia of proj-m, role member.
    Member,
    /// another service, role service.
    Service,
    /// Somebody without a token.
    Nobody,
}

impl Persona {
    /// Every persona.
    pub const ALL: [Self; 8] = [
        Self::Owner,
        Self::Reader,
        Self::Admin,
        Self::Other,
        Self::Third,
        Self::Member,
        Self::Service,
        Self::Nobody,
    ];

    /// The name as a line's prefix shows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Reader => "reader",
            Self::Admin => "admin",
            Self::Other => "other",
            Self::Third => "third",
            Self::Member => "member",
            Self::Service => "service",
            Self::Nobody => "nobody",
        }
    }

    /// The persona with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|persona| persona.name() == name)
    }

    /// The project.
    pub fn project(self) -> &'static str {
        match self {
            Self::Owner | Self::Reader => "proj-a",
            Self::Admin => "proj-admin",
            Self::Other => "proj-b",
            Self::Third => "proj-c",
            Self::Member => "proj-m",
            Self::Service => "service",
            Self::Nobody => "",
        }
    }

    /// Whether the role is admin.
    pub fn is_admin(self) -> bool {
        self == Self::Admin
    }

    fn is_member(self) -> bool {
        matches!(self, Self::Owner | Self::Other | Self::Third | Self::Member | Self::Admin)
    }
}

/// What a policy rule asks for: `glance/policies/*.py`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// Role admin.
    Admin,
    /// Role admin, or role member in the image's project.
    ProjectMember,
    /// Role admin, or any role in the image's project.
    ProjectReader,
    /// Role admin, or role member and somehow allowed to see the image.
    Download,
    /// Role admin or service.
    Service,
}

/// Whether the database shows an image: `glance/db/utils.py`, `is_image_visible`.
pub fn is_visible(image: &Image, by: Persona) -> bool {
    if image.deleted || by == Persona::Nobody {
        return false;
    }
    let Some(owner) = image.owner.as_deref() else { return true };
    by.is_admin()
        || owner == by.project()
        || match image.visibility {
            Visibility::Public | Visibility::Community => true,
            Visibility::Shared => image.members.iter().any(|(project, _)| &**project == by.project()),
            Visibility::Private => false,
        }
}

/// Whether policy lets somebody see an image that the database shows: rule `get_image`.
pub(super) fn may_get(image: &Image, by: Persona) -> bool {
    // Role reader is asked for, which another service does not have.
    let reads = by != Persona::Service;
    by.is_admin() || reads && (image.owner.is_some() || image.visibility != Visibility::Private)
}

/// Whether `rule` allows it.
pub fn allows(rule: Rule, image: &Image, by: Persona) -> bool {
    let own = image.owner.as_deref() == Some(by.project());
    by.is_admin()
        || match rule {
            Rule::Admin => false,
            Rule::ProjectMember => by.is_member() && own,
            Rule::ProjectReader => own && by != Persona::Service,
            Rule::Download => by.is_member() && (own || may_get(image, by)),
            Rule::Service => by == Persona::Service,
        }
}

/// Lets a policy rule decide: `glance/api/v2/policy.py`, `ImageAPIPolicy._enforce`.
///
/// # Errors
/// 403 with the rule's name, or 404 for somebody who may not even know of the image.
pub fn enforce(name: &str, rule: Rule, image: &Image, by: Persona) -> Result<(), Refusal> {
    if allows(rule, image, by) {
        Ok(())
    } else if may_get(image, by) {
        Err(unauthorized(name))
    } else {
        Err(Refusal::new(404, "The resource could not be found."))
    }
}

/// The refusal of a policy rule.
pub fn unauthorized(name: &str) -> Refusal {
    Refusal::new(403, format!("You are not authorized to complete {name} action."))
        .hint("The policy asks for another role or project.")
}
