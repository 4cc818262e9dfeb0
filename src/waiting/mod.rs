//! Waiting, within a handler, for what happens next.
//!
//! For components and modals, prefer handlers of their own, `#[component]` and `#[modal]`: they work after
//! a restart, too. Wait for things that end with the handler: a question and its answer, or a game of one
//! minute.

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

/// Asks an author's predicate. If it panics, that is a failure.
fn judged(ctx: &Context, judge: impl FnOnce() -> Result<bool>) -> Result<bool> {
    match caught(ctx.handler(), judge) {
        Ok(judgement) => judgement,
        Err(panic) => Err(panic.into_failure()),
    }
}

/// Starts watching for events of a type.
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

/// Whether a handler waits, as observers of the bot are told.
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
        // Nobody waits for a task.
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

/// Locks a mutex, whose value a panic cannot leave half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
