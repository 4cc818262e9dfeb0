//! Recording how a bot is, for as long as it runs.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio::time::sleep;

use crate::health::Health;
use crate::metrics::Metrics;

/// How often it is recorded.
const EVERY: Duration = Duration::from_secs(5);

/// Records how a bot is, as long as it is held, and once more in the end.
#[derive(Debug)]
pub(crate) struct Recording {
    health: Health,
    task: AbortHandle,
}

impl Recording {
    /// Begins to record.
    pub(crate) fn begin(health: Health) -> Self {
        guarded(|| Metrics::new().describe());
        let recorded = health.clone();
        let task = tokio::spawn(async move {
            loop {
                guarded(|| Metrics::new().record(&recorded));
                sleep(EVERY).await;
            }
        });
        Self {
            health,
            task: task.abort_handle(),
        }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        self.task.abort();
        guarded(|| Metrics::new().record(&self.health));
    }
}

/// Calls what is not cordial's: a recorder that panics is told of in the log, and stops nobody.
fn guarded(record: impl Fn()) {
    if catch_unwind(AssertUnwindSafe(record)).is_err() {
        tracing::error!("the recorder of metrics panicked");
    }
}
