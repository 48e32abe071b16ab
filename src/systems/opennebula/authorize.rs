//! Who may do what: permissions, the ACL rules of the fixture, locks (`src/acl/AclManager.cc`).

use std::sync::Arc;

use super::answer::Method;
use super::fixture::User;
use super::kinds::Right;
use super::state::ImageState;
use super::world::{Image, Vm, VmTemplate, World};
use crate::engine::{ImageId, MachineId, Refusal};

/// A request's list of needed rights, checked together: `include/AuthRequest.h`.
pub(super) struct Request<'a> {
    world: &'a World,
    method: Method,
    by: &'a User,
    missing: Vec<String>,
}

impl<'a> Request<'a> {
    pub(super) fn new(world: &'a World, method: Method, by: &'a User) -> Self {
        Self { world, method, by, missing: Vec::new() }
    }

    /// Needs `right` on an image; one that does not exist is asked nothing.
    pub(super) fn image(&mut self, id: ImageId, right: Right) -> &mut Self {
        match self.world.find_image(id) {
            Some(image) => self.this_image(id, image, right),
            None => self,
        }
    }

    /// Needs to use an image for a disk of a VM template. One that is still copied is asked for despite its lock, for the
    /// VM will wait for it: `VirtualMachineDisk::authorize`.
    pub(super) fn disk(&mut self, id: ImageId) -> &mut Self {
        let Some(image) = self.world.find_image(id) else { return self };
        let is_copied =
            matches!(image.state, ImageState::Locked | ImageState::LockedUsed | ImageState::LockedUsedPers);
        if is_copied && (self.by.is_admin() || is_granted(self.by, image, Right::Use)) {
            return self;
        }
        self.this_image(id, image, Right::Use)
    }

    fn this_image(&mut self, id: ImageId, image: &Image, right: Right) -> &mut Self {
        if self.by.is_admin() {
            if image.extras.lock.is_some_and(|lock| lock.level.stops(right)) {
                self.missing.push(format!("IMAGE is locked. [{id}]"));
            }
        } else if !may(self.by, image, right) {
            self.missing.push(format!("Not authorized to perform {} IMAGE [{id}]", right.name()));
        }
        self
    }

    /// Needs `right` on a VM: its owner may use and manage it.
    pub(super) fn vm(&mut self, id: MachineId, vm: &Vm, right: Right) -> &mut Self {
        let owns = vm.owner == self.by.id && right != Right::Admin;
        if !self.by.is_admin() && !owns {
            self.missing.push(format!("Not authorized to perform {} VM [{id}]", right.name()));
        }
        self
    }

    /// Needs to use a VM template: only its owner may.
    pub(super) fn template(&mut self, template: &VmTemplate) -> &mut Self {
        if !self.by.is_admin() && template.owner != self.by.id {
            self.missing.push(format!("Not authorized to perform USE TEMPLATE [{}]", template.id));
        }
        self
    }

    /// Needs to copy a VM template: whoever may create one may copy everybody's, for the right that is
    /// asked for on it is CREATE (`SharedAPI::clone`).
    pub(super) fn clone_template(&mut self, template: &VmTemplate) -> &mut Self {
        if !self.by.may_create("TEMPLATE") {
            self.missing.push(format!("Not authorized to perform CREATE TEMPLATE [{}]", template.id));
        }
        self.create("TEMPLATE")
    }

    /// Needs the right to create an object of this kind.
    pub(super) fn create(&mut self, kind: &str) -> &mut Self {
        if !self.by.may_create(kind) {
            self.missing.push(format!("Not authorized to perform CREATE {kind}"));
        }
        self
    }

    /// Needs a right that only administrators have, on an object with this number.
    pub(super) fn administrate(&mut self, right: &str, id: u32) -> &mut Self {
        if !self.by.is_admin() {
            self.missing.push(format!("Not authorized to perform {right} [{id}]"));
        }
        self
    }

    /// Needs to manage a user: everybody manages only himself.
    pub(super) fn user(&mut self, id: u32) -> &mut Self {
        if !self.by.is_admin() && self.by.id != id {
            self.missing.push(format!("Not authorized to perform MANAGE USER [{id}]"));
        }
        self
    }

    /// Needs to use a group: everybody uses only his own.
    pub(super) fn group(&mut self, id: u32) -> &mut Self {
        if !self.by.is_admin() && self.by.group != id {
            self.missing.push(format!("Not authorized to perform USE GROUP [{id}]"));
        }
        self
    }

    /// Whether everything that was asked for is granted.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        if self.missing.is_empty() {
            return Ok(());
        }
        let hint = if self.by.is_admin() {
            "Unlock the image first; enabling it or any other change of its state also removes the lock."
        } else {
            "Ask the owner or oneadmin for the right (oneimage chmod), or for unlocking the image."
        };
        let refusal = self.method.unauthorized(self.by, self.missing.join("; "));
        Err(refusal.hint(hint))
    }
}

/// Whether somebody who is no administrator has `right` on an image: `AclManager::authorize`.
fn may(by: &User, image: &Image, right: Right) -> bool {
    is_granted(by, image, right) && !image.extras.lock.is_some_and(|lock| lock.level.stops(right))
}

/// The same, the image's lock left aside.
fn is_granted(by: &User, image: &Image, right: Right) -> bool {
    let granted = |shift: u32| image.permissions >> shift & bit(right) != 0;
    image.owner == by.id && granted(6) || image.group == by.group && granted(3) || granted(0)
}

/// The bit of a right in one digit of the octet.
fn bit(right: Right) -> u16 {
    match right {
        Right::Use => 4,
        Right::Manage => 2,
        Right::Admin => 1,
    }
}

/// Needs `right` on an image that must exist, and gives it.
pub(super) fn image<'a>(
    world: &'a World,
    method: Method,
    by: &User,
    id: i64,
    right: Right,
) -> Result<(ImageId, &'a Image), Refusal> {
    let found = existing(world, method, id)?;
    Request::new(world, method, by).this_image(found.0, found.1, right).check()?;
    Ok(found)
}

/// An image that must exist.
pub(super) fn existing(world: &World, method: Method, id: i64) -> Result<(ImageId, &Image), Refusal> {
    let found = u32::try_from(id).ok().map(ImageId).and_then(|id| Some((id, world.find_image(id)?)));
    found.ok_or_else(|| method.missing("image", id))
}

/// The image with the id that somebody wrote, if there is one.
pub(super) fn find(world: &World, id: i64) -> Option<ImageId> {
    let id = u32::try_from(id).ok().map(ImageId)?;
    world.find_image(id).map(|_| id)
}

/// A VM that must exist.
pub(super) fn existing_vm(world: &World, method: Method, id: i64) -> Result<(MachineId, Arc<Vm>), Refusal> {
    let found = u32::try_from(id).ok().map(MachineId).and_then(|id| Some((id, world.vms.shared(id)?)));
    found.ok_or_else(|| method.missing("virtual machine", id))
}

/// Needs `right` on an image, its lock left aside: `AuthRequest::MANAGE_NO_LCK`, `USE_NO_LCK`.
pub(super) fn despite_lock(
    method: Method,
    by: &User,
    id: ImageId,
    image: &Image,
    right: Right,
) -> Result<(), Refusal> {
    if by.is_admin() || is_granted(by, image, right) {
        return Ok(());
    }
    Err(method.unauthorized(by, format_args!("Not authorized to perform {} IMAGE [{id}]", right.name())))
}
