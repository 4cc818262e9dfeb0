//! What a `#[task]` means.

use syn::{LitStr, Path};

use crate::duration::Limit;
use crate::interaction::Parameters;
use crate::paths::Cordial;

/// A task.
pub(crate) struct Task {
    pub(crate) cordial: Cordial,
    pub(crate) parameters: Parameters,
    pub(crate) when: When,
    /// In milliseconds.
    pub(crate) jitter: Option<u64>,
    pub(crate) name: Option<LitStr>,
    pub(crate) limit: Option<Limit>,
    pub(crate) on_error: Vec<Path>,
}

/// When it runs.
pub(crate) enum When {
    /// In milliseconds.
    Every {
        period: u64,
        delay: Option<u64>,
    },
    Cron {
        expression: LitStr,
        timezone: Option<LitStr>,
    },
    Start,
    Stop,
}
