//! Tasks that end with whoever started them.

use std::future::Future;

use tokio::task::JoinSet;

/// Tasks that end with whoever started them.
#[derive(Default)]
pub(crate) struct Tasks(JoinSet<()>);

impl Tasks {
    pub(crate) fn spawn(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        // Those that have ended need not be kept.
        while self.0.try_join_next().is_some() {}
        self.0.spawn(task);
    }
}
