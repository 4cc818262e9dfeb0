//! Being told what a bot does, as it does it.

use twilight_model::gateway::ShardId;
use twilight_model::gateway::event::{Event, EventType};

use crate::outcome::{Invocation, Report};

/// Is told of every event, invocation and failure of a bot: for tests, metrics and audits.
///
/// It is called where these happen, so it must not block.
/// What panics in it is caught and logged.
pub trait Observer: Send + Sync + 'static {
    /// Is told of an event that was read, before any listener runs for it.
    ///
    /// Only what somebody wants is read: see [`wants`](crate::bot::BotBuilder::wants). An event that waits
    /// for others is read when it is its turn, and one that is shed while it waits is never read.
    fn received(&self, _shard: ShardId, _event: &Event) {}

    /// Is told that an event of a session was handed to so many handlers: to none, if nobody asked
    /// for it.
    fn dispatched(
        &self,
        _shard: ShardId,
        _sequence: u64,
        _event: Option<EventType>,
        _invocations: usize,
    ) {
    }

    /// Is told that an event of a session will be handled by nobody: there were
    /// [too many](crate::exception::Overloaded) that waited. It was not dispatched.
    fn shed(&self, _shard: ShardId, _sequence: u64, _event: Option<EventType>) {}

    /// Is told that an event of a session waited when the bot stopped, and is left to the next run: the bot
    /// has a [store](crate::BotBuilder::session_store) for its sessions. It was not dispatched.
    fn left(&self, _shard: ShardId, _sequence: u64, _event: Option<EventType>) {}

    /// Is told that an invocation for an event of a session ended.
    fn finished(&self, _shard: ShardId, _sequence: u64, _invocation: &Invocation) {}

    /// Is told that an invocation for an event of a session waits for another event, or goes on: see
    /// [`wait_for`](crate::Context::wait_for).
    fn pauses(&self, _shard: ShardId, _sequence: u64, _waits: bool) {}

    /// Is told what became of a failure, once for each.
    fn reported(&self, _report: &Report) {}
}
