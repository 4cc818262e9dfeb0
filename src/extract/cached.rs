//! What the gateway told, kept because a handler takes it.

use crate::cache::{CacheOff, Cacheable, Cached, MemberPermissions};
use crate::context::Context;
use crate::extract::{FromContext, Requirements};

impl<T: Cacheable> FromContext for Cached<T> {
    type Rejection = CacheOff;

    async fn from_context(ctx: &Context) -> Result<Self, CacheOff> {
        ctx.cache().of()
    }

    fn require(requirements: &mut Requirements) {
        requirements.caches(T::RESOURCE);
    }
}

impl FromContext for MemberPermissions {
    type Rejection = CacheOff;

    async fn from_context(ctx: &Context) -> Result<Self, CacheOff> {
        ctx.cache().permissions()
    }

    fn require(requirements: &mut Requirements) {
        requirements.caches(Self::resources());
    }
}
