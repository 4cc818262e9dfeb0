//! Extractors that are always available: the HTTP client, the shard, the context itself.

use std::convert::Infallible;

use crate::context::{Context, Shard};
use crate::extract::FromContext;
use crate::http::Http;

impl FromContext for Http {
    type Rejection = Infallible;

    async fn from_context(ctx: &Context) -> Result<Self, Infallible> {
        Ok(ctx.scene.http.clone())
    }
}

impl FromContext for Shard {
    type Rejection = Infallible;

    async fn from_context(ctx: &Context) -> Result<Self, Infallible> {
        Ok(ctx.shard().clone())
    }
}

impl FromContext for Context {
    type Rejection = Infallible;

    async fn from_context(ctx: &Context) -> Result<Self, Infallible> {
        Ok(ctx.clone())
    }
}
