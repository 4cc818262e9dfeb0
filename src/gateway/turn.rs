//! Whose turn it is to begin a session.

use std::sync::Arc;

use tokio::sync::{oneshot, watch};
use tokio::time::sleep_until;
use twilight_gateway::queue::Queue;

use crate::gateway::bucket::Buckets;
use crate::gateway::budget::{Budget, NotYet};
use crate::sabotage::{self, Sabotage};

/// The queue of all shards that want to begin a session, as one of them sees it.
#[derive(Clone, Debug)]
pub(crate) struct Turns {
    buckets: Arc<Buckets>,
    budget: Arc<Budget>,
    turn: Arc<watch::Sender<Turn>>,
}

/// Whether it is somebody's turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Others are before.
    Waiting,
    /// Too many sessions have been begun.
    Held(NotYet),
    Given,
}

impl Turns {
    pub(crate) fn new(buckets: Arc<Buckets>, budget: Arc<Budget>) -> Self {
        Self {
            buckets,
            budget,
            turn: Arc::new(watch::Sender::new(Turn::Waiting)),
        }
    }

    pub(crate) fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Begins to wait anew.
    pub(crate) fn reset(&self) {
        self.turn.send_replace(Turn::Waiting);
    }

    /// Waits until it is otherwise than it was.
    pub(crate) async fn other_than(&self, before: Turn) -> Turn {
        let mut turn = self.turn.subscribe();
        let turn = turn.wait_for(|turn| *turn != before).await;
        // It is there for as long as this is.
        turn.map_or(before, |turn| *turn)
    }

    /// Waits until another session may be begun at all, and then until all that came before have.
    async fn wait(&self, shard: u32) {
        while let Err(not_yet) = self.budget.take() {
            self.turn.send_replace(Turn::Held(not_yet));
            sleep_until(not_yet.until).await;
        }
        if !sabotage::is(Sabotage::IdentifyAtOnce) {
            self.buckets.pass(shard).await;
        }
    }
}

impl Queue for Turns {
    fn enqueue(&self, shard: u32) -> oneshot::Receiver<()> {
        let (mut sender, receiver) = oneshot::channel();
        let turns = self.clone();
        tokio::spawn(async move {
            tokio::select! {
                biased;
                () = sender.closed() => return,
                () = turns.wait(shard) => {}
            }
            if sender.send(()).is_ok() {
                turns.turn.send_replace(Turn::Given);
            }
        });
        receiver
    }
}
