//! Observers, which are told what a bot does as it does it.

use twilight_model::gateway::ShardId;
use twilight_model::gateway::event::{Event, EventType};

use crate::outcome::{Invocation, Report};

/// Observes every event, invocation and failure of a bot, for tests, metrics and audits.
///
/// The bot calls it where these happen, so it must not block. A panic in it is caught and logged.
pub trait Observer: Send + Sync + 'static {
    /// Called with an event that was read, before any listener runs for it.
    ///
    /// The bot reads only events that somebody wants: see [`wants`](crate::bot::BotBuilder::wants). A waiting
    /// event is read when it is its turn, and one that is shed while it waits is never read.
    fn received(&self, _shard: ShardId, _event: &Event) {}

    /// Called when an event of a session was handed to this many handlers, or to none if nobody wants it.
    fn dispatched(
        &self,
        _shard: ShardId,
        _sequence: u64,
        _event: Option<EventType>,
        _invocations: usize,
    ) {
    }

    /// Called when an event of a session was shed, because [too many](crate::exception::Overloaded) waited.
    ///
    /// It is not dispatched, and no handler will run for it.
    fn shed(&self, _shard: ShardId, _sequence: u64, _event: Option<EventType>) {}

    /// Called when an event of a session still waited as the bot stopped, and is left to the next run.
    ///
    /// That happens if the bot has a [store](crate::BotBuilder::session_store) for its sessions. The event was not
    /// dispatched.
    fn left(&self, _shard: ShardId, _sequence: u64, _event: Option<EventType>) {}

    /// Called when an invocation for an event of a session ended.
    fn finished(&self, _shard: ShardId, _sequence: u64, _invocation: &Invocation) {}

    /// Called when an invocation for an event of a session waits for another event, or goes on.
    ///
    /// See [`wait_for`](crate::Context::wait_for).
    fn pauses(&self, _shard: ShardId, _sequence: u64, _waits: bool) {}

    /// Called once for each failure, with what happened to it.
    fn reported(&self, _report: &Report) {}
}
