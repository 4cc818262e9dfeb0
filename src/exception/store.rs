//! The error of the store in which sessions are kept.

use std::error::Error;
use std::sync::Arc;

use crate::Exception;

/// The bot could not save its sessions, or could not load those of its last run.
///
/// The bot runs all the same, but may miss what happens while it does not run. This is reported once, until
/// sessions are saved again.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("sessions could not be {to_be}, so a restart may lose events")]
pub struct StoreFailed {
    to_be: &'static str,
    #[source]
    why: Arc<dyn Error + Send + Sync>,
}

impl StoreFailed {
    pub(crate) fn saving(why: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new("saved", why)
    }

    pub(crate) fn loading(why: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new("loaded", why)
    }

    fn new(to_be: &'static str, why: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            to_be,
            why: Arc::from(why.into()),
        }
    }
}
