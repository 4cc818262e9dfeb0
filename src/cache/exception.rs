//! Errors of looking something up in the cache.

use std::fmt;

use crate::event::Resource;

/// A resource was looked up that the cache does not keep.
///
/// This cannot happen with resources that a handler takes by its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, crate::Exception)]
#[error(
    "{resource} are not cached: take an argument that reads them from the cache, such as \
     `Cached<..>`, or add `.cache(Resource::{resource:?})` to the bot"
)]
pub struct CacheOff {
    resource: Resource,
}

impl CacheOff {
    pub(crate) fn new(resource: Resource) -> Self {
        Self { resource }
    }

    /// Returns the resource that is not kept.
    #[must_use]
    pub fn resource(&self) -> Resource {
        self.resource
    }
}

/// Something cannot be computed, because a value that it needs is not in the cache.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, crate::Exception)]
#[error("the cache does not have {what}")]
pub struct NotCached {
    resource: Resource,
    what: String,
}

impl NotCached {
    pub(crate) fn new(resource: Resource, what: fmt::Arguments<'_>) -> Self {
        Self {
            resource,
            what: what.to_string(),
        }
    }

    /// Returns the resource of the missing value.
    #[must_use]
    pub fn resource(&self) -> Resource {
        self.resource
    }
}
