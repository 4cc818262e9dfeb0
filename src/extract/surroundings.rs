//! What is always there: the HTTP client, the shard, the context itself.

use std::convert::Infallible;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use twilight_http::Client;

use crate::context::{Context, Shard};
use crate::extract::FromContext;

/// The client for Discord's HTTP interface.
#[derive(Clone)]
pub struct Http(Arc<Client>);

impl Http {
    /// Returns the shared client, to be kept.
    #[must_use]
    pub fn into_inner(self) -> Arc<Client> {
        self.0
    }
}

impl Deref for Http {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.0
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Http(..)")
    }
}

impl FromContext for Http {
    type Rejection = Infallible;

    async fn from_context(ctx: &Context) -> Result<Self, Infallible> {
        Ok(Self(Arc::clone(ctx.shared_http())))
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
