//! Waiting for what happens next, within a handler.
//!
//! What people do with what the bot showed them is best taken by handlers of their own, `#[component]` and
//! `#[modal]`: these work after a restart, too. To wait is for what is over when the handler is: a question
//! and its answer, a game of one minute.

mod awaited;
mod event;
mod events;
mod interaction;
mod wait;
mod waits;

pub use self::awaited::Awaited;
pub use self::events::{EventStream, Missed};
pub use self::wait::Wait;
pub use self::waits::{NeverCome, Waits};

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::context::{Context, Scene, Watched, Watcher, Watching};
use crate::event::EventPayload;
use crate::failure::{IntoFailure, Result};
use crate::handler::caught;
use crate::meta::HandlerKind;

/// What an author's predicate says of something that happened. If it panics, that is a failure.
fn judged(ctx: &Context, judge: impl FnOnce() -> Result<bool>) -> Result<bool> {
    match caught(ctx.handler(), judge) {
        Ok(judgement) => judgement,
        Err(panic) => Err(panic.into_failure()),
    }
}

/// Begins to watch for events of a type.
fn watch<E: EventPayload>(ctx: &Context, watcher: Arc<dyn Watcher>) -> Result<Watching> {
    #[cfg(feature = "cache")]
    ctx.cache().require(E::resources())?;
    let watchers = ctx.home.watchers();
    if !watchers.can_come(E::kinds(), E::intents()) {
        let is_read = watchers.can_read(E::kinds());
        return Err(NeverCome::new(E::NAME, E::intents(), is_read).into_failure());
    }
    let aim = Watched {
        kinds: E::kinds(),
        is_view: E::IS_VIEW,
    };
    Ok(watchers.add(aim, watcher))
}

/// Whether a handler waits, as it is told to those who observe the bot.
struct Pause {
    ctx: Context,
    is_on: Mutex<bool>,
}

impl Pause {
    fn new(ctx: &Context) -> Self {
        Self {
            ctx: ctx.clone(),
            is_on: Mutex::new(false),
        }
    }

    /// Notes whether the handler waits.
    fn set(&self, is_on: bool) {
        let mut was_on = lock(&self.is_on);
        // A task is waited for by nobody.
        if *was_on != is_on && self.ctx.handler().kind() != HandlerKind::Task {
            let Scene {
                shard, sequence, ..
            } = &**self.ctx.origin();
            self.ctx.home.pauses(shard.id(), *sequence, is_on);
        }
        *was_on = is_on;
    }
}

impl Drop for Pause {
    fn drop(&mut self) {
        self.set(false);
    }
}

/// Nothing under these locks is changed halfway by a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
