//! Whose turn it is to begin a session.

use std::sync::Arc;

use tokio::sync::{oneshot, watch};
use twilight_gateway::queue::{InMemoryQueue, Queue};

/// The queue of all shards that want to begin a session, as one of them sees it.
#[derive(Clone, Debug)]
pub(crate) struct Turns {
    queue: Arc<InMemoryQueue>,
    /// Whether it is this one's turn.
    is_given: Arc<watch::Sender<bool>>,
}

impl Turns {
    pub(crate) fn new(queue: Arc<InMemoryQueue>) -> Self {
        Self {
            queue,
            is_given: Arc::new(watch::Sender::new(false)),
        }
    }

    /// Begins to wait anew.
    pub(crate) fn reset(&self) {
        self.is_given.send_replace(false);
    }

    /// Waits until it is this one's turn.
    pub(crate) async fn given(&self) {
        let mut is_given = self.is_given.subscribe();
        // It is there for as long as this is.
        drop(is_given.wait_for(|is_given| *is_given).await);
    }
}

impl Queue for Turns {
    fn enqueue(&self, shard: u32) -> oneshot::Receiver<()> {
        let turn = self.queue.enqueue(shard);
        let (sender, receiver) = oneshot::channel();
        let is_given = Arc::clone(&self.is_given);
        tokio::spawn(async move {
            // Dropped, the other end asks again.
            if turn.await.is_ok() && sender.send(()).is_ok() {
                is_given.send_replace(true);
            }
        });
        receiver
    }
}
