//! Tasks that end with their owner.

use std::future::Future;

use tokio::task::JoinSet;

/// Tasks that end when this is dropped.
#[derive(Default)]
pub(crate) struct Tasks(JoinSet<()>);

impl Tasks {
    pub(crate) fn spawn(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        // Ended tasks need not be kept.
        while self.0.try_join_next().is_some() {}
        self.0.spawn(task);
    }
}
