//! Access to the cache from a handler.

use std::sync::Arc;

use crate::cache::Cache;
use crate::context::Context;

impl Context {
    /// Returns the cache: what the gateway sent about guilds and their contents, as far as the bot
    /// [keeps](crate::bot::BotBuilder::cache) it.
    ///
    /// If a handler takes [`Cached`](crate::cache::Cached) as an argument instead, the bot keeps what it looks up.
    #[must_use]
    pub fn cache(&self) -> Cache {
        Cache::new(Arc::clone(self.home.cache()), self.scene.http.clone())
    }
}
