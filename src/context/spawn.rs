//! Tasks that a handler leaves running, and that the bot still looks after.

use std::borrow::Cow;
use std::future::Future;
use std::sync::Arc;
use std::time::SystemTime;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use twilight_model::gateway::ShardId;

#[cfg(feature = "cache")]
use crate::cache::Shelves;
use crate::context::{Context, Fleet, Owners, StateMap, Watchers};
use crate::failure::Failure;
use crate::health::Health;
use crate::meta::{HandlerKind, Meta, Place};

/// What a handler has around it among the plugins: the state that it sees, and those who hear of its tasks.
pub(crate) trait Home: Send + Sync {
    /// Returns the state that the handler sees.
    fn states(&self) -> &StateMap;

    /// Returns the owners of the bot.
    fn owners(&self) -> &Owners;

    /// Returns what time it is.
    fn now(&self) -> SystemTime;

    /// Returns the health of the bot.
    fn health(&self) -> &Health;

    /// Returns the cache.
    #[cfg(feature = "cache")]
    fn cache(&self) -> &Arc<Shelves>;

    /// Returns the watchers, which wait for events.
    fn watchers(&self) -> &Arc<Watchers>;

    /// Tells observers that a handler of an event waits for another event, or goes on.
    fn pauses(&self, shard: ShardId, sequence: u64, waits: bool);

    /// Defers the answer of an interaction that a handler waited for, if the handler does not answer in time.
    fn put_off(self: Arc<Self>, ctx: Context);

    /// Returns the bot's shards.
    fn fleet(&self) -> &Fleet;

    /// Runs a task whose failures go where the handler's own go.
    fn spawn(self: Arc<Self>, task: Task);
}

/// A future left running by a handler.
pub(crate) struct Task {
    /// The context of the handler, with the task in its place.
    pub(crate) ctx: Context,
    pub(crate) run: BoxFuture<'static, Result<(), Failure>>,
}

impl Context {
    /// Runs a future as a task that can outlive the handler.
    ///
    /// The task fails like a handler: an error or a panic goes to the error handlers of the handler that
    /// spawned it. At shutdown it has the same grace as a handler, but it has no time limit. If an error
    /// handler spawned the task, its failures go to the levels outside that error handler's own.
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    ///
    /// #[listener]
    /// async fn remind(ctx: &Context, message: &MessageCreate) -> Result<()> {
    ///     let later = ctx.clone();
    ///     ctx.spawn("reminder", async move {
    ///         tokio::time::sleep(std::time::Duration::from_secs(600)).await;
    ///         later.reply("You asked me to remind you.").await?;
    ///         Ok(())
    ///     });
    ///     Ok(())
    /// }
    /// ```
    #[track_caller]
    pub fn spawn<F>(&self, name: impl Into<Cow<'static, str>>, future: F)
    where
        F: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        let mut ctx = self.clone();
        ctx.handler = Meta::new(HandlerKind::Task, name, Place::caller());
        ctx.attempt = 1;
        // Noted before the handler can end.
        self.share_claims(&ctx.handler);
        Arc::clone(&self.home).spawn(Task {
            ctx,
            run: future.boxed(),
        });
    }
}
