//! A handler that did not come to an end of its own: it panicked, took too long, or was cut off.

use std::backtrace::Backtrace;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::Exception;
use crate::meta::Meta;

/// A handler did not come to an end of its own.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("{} `{handler}` did not finish", handler.kind())]
pub struct HandlerError {
    handler: Meta,
}

impl HandlerError {
    pub(crate) fn new(handler: &Meta) -> Self {
        Self {
            handler: handler.clone(),
        }
    }

    /// Returns the handler.
    #[must_use]
    pub fn handler(&self) -> &Meta {
        &self.handler
    }
}

/// A handler panicked.
///
/// Its [`backtrace`](Self::backtrace) is captured if `RUST_BACKTRACE` asks for it.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("panicked{}: {message}", at(place.as_ref()))]
pub struct Panicked {
    #[base]
    base: HandlerError,
    message: String,
    place: Option<PanicPlace>,
    backtrace: Option<Arc<Backtrace>>,
}

impl Panicked {
    pub(crate) fn new(
        handler: &Meta,
        message: String,
        place: Option<PanicPlace>,
        backtrace: Option<Backtrace>,
    ) -> Self {
        Self {
            base: HandlerError::new(handler),
            message,
            place,
            backtrace: backtrace.map(Arc::new),
        }
    }

    /// Returns what the panic said.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns where the panic happened.
    #[must_use]
    pub fn place(&self) -> Option<&PanicPlace> {
        self.place.as_ref()
    }

    /// Returns the stack at the panic.
    #[must_use]
    pub fn backtrace(&self) -> Option<&Backtrace> {
        self.backtrace.as_deref()
    }

    /// Returns the handler.
    #[must_use]
    pub fn handler(&self) -> &Meta {
        self.base.handler()
    }
}

fn at(place: Option<&PanicPlace>) -> String {
    place.map_or(String::new(), |place| format!(" at {place}"))
}

/// Where a panic happened: file, line and column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanicPlace {
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl PanicPlace {
    /// Returns the path of the file, as the compiler was given it.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Returns the line, counted from 1.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.line
    }

    /// Returns the column, counted from 1.
    #[must_use]
    pub fn column(&self) -> u32 {
        self.column
    }
}

impl fmt::Display for PanicPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A handler was still running when its time was over.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("still running after {limit:?}")]
pub struct TimedOut {
    #[base]
    base: HandlerError,
    limit: Duration,
}

impl TimedOut {
    pub(crate) fn new(handler: &Meta, limit: Duration) -> Self {
        Self {
            base: HandlerError::new(handler),
            limit,
        }
    }

    /// Returns how long the handler was given.
    #[must_use]
    pub fn limit(&self) -> Duration {
        self.limit
    }

    /// Returns the handler.
    #[must_use]
    pub fn handler(&self) -> &Meta {
        self.base.handler()
    }
}

/// A handler was still running when the bot had to stop.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("cut off by shutdown")]
pub struct Cancelled {
    #[base]
    base: HandlerError,
}

impl Cancelled {
    pub(crate) fn new(handler: &Meta) -> Self {
        Self {
            base: HandlerError::new(handler),
        }
    }

    /// Returns the handler.
    #[must_use]
    pub fn handler(&self) -> &Meta {
        self.base.handler()
    }
}
