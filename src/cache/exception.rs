//! What goes wrong with looking something up.

use std::fmt;

use crate::event::Resource;

/// Something is looked up in the cache that is not kept there.
///
/// It cannot be so of what a handler takes by its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, crate::Exception)]
#[error(
    "{resource} are not cached: take what is cached as an argument of the handler, such as `Cached<..>`, \
     or add `.cache(Resource::{resource:?})` to the bot"
)]
pub struct CacheOff {
    resource: Resource,
}

impl CacheOff {
    pub(crate) fn new(resource: Resource) -> Self {
        Self { resource }
    }

    /// Returns what is not kept.
    #[must_use]
    pub fn resource(&self) -> Resource {
        self.resource
    }
}

/// Something cannot be worked out, because the cache was not told of what it takes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, crate::Exception)]
#[error("the cache was not told of {what}")]
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

    /// Returns which resource lacks it.
    #[must_use]
    pub fn resource(&self) -> Resource {
        self.resource
    }
}
