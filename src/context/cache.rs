//! What a handler may look up.

use std::sync::Arc;

use crate::cache::Cache;
use crate::context::Context;

impl Context {
    /// Returns what the gateway told of guilds and what is in them, as far as the bot
    /// [keeps](crate::bot::BotBuilder::cache) it.
    ///
    /// A handler that takes [`Cached`](crate::cache::Cached) as an argument instead has what it looks up
    /// kept.
    #[must_use]
    pub fn cache(&self) -> Cache {
        Cache::new(Arc::clone(self.home.cache()), self.scene.http.clone())
    }
}
