//! Observing when the bot has dealt with everything it was sent.

use std::sync::Arc;

use twilight_model::gateway::ShardId;
use twilight_model::gateway::event::EventType;

use crate::meta::HandlerKind;
use crate::outcome::{Invocation, Observer, Report};
use crate::testing::discord::Discord;
use crate::testing::transcript::Happening;

/// Notes what the bot does with the events it was sent.
pub(crate) struct Watch(pub(crate) Arc<Discord>);

impl Observer for Watch {
    fn dispatched(&self, shard: ShardId, sequence: u64, _: Option<EventType>, invocations: usize) {
        self.0.with(|state| {
            let at = state.world.elapsed();
            let ledger = &mut state.gateway.sent;
            ledger.take(at, shard, sequence, invocations);
            state.backlog.take(shard, sequence, invocations);
        });
    }

    fn shed(&self, shard: ShardId, sequence: u64, event: Option<EventType>) {
        self.0.with(|state| {
            let at = state.world.elapsed();
            state.gateway.sent.shed(at, shard, sequence);
            state.backlog.lose(shard, sequence);
            state.note(Happening::Shed {
                shard,
                sequence,
                event,
            });
        });
    }

    fn left(&self, shard: ShardId, sequence: u64, _: Option<EventType>) {
        self.0.with(|state| {
            state.gateway.sent.leave(shard, sequence);
            state.backlog.leave(shard, sequence);
        });
    }

    fn finished(&self, shard: ShardId, sequence: u64, invocation: &Invocation) {
        let is_task = invocation.handler.kind() == HandlerKind::Task;
        self.0.with(|state| {
            state.note(Happening::Finished(Arc::new(invocation.clone())));
            if !is_task {
                state.gateway.sent.finish(shard, sequence);
                state.backlog.finish(shard, sequence);
            }
        });
    }

    fn pauses(&self, shard: ShardId, sequence: u64, waits: bool) {
        self.0
            .with(|state| state.backlog.pause(shard, sequence, waits));
    }

    fn reported(&self, report: &Report) {
        self.0
            .with(|state| state.note(Happening::Reported(Arc::new(report.clone()))));
    }
}
