//! A failure as an error, for boxes that take nothing else.
//!
//! A [`Failure`] must not be an error itself, or `?` could not make one of any error. So what goes
//! into a `Box<dyn Error>`, an `anyhow::Error` or an `eyre::Report` is wrapped, and unwrapped again
//! when the box comes back: the same failure, with its id and its place.

use std::error::Error;
use std::fmt;

use crate::exception::{Declaration, Lattice};
use crate::failure::Failure;

/// A failure as an error.
pub(crate) struct Wrapped(pub(crate) Failure);

impl fmt::Display for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Error for Wrapped {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.error().source()
    }
}

inventory::submit! {
    Declaration(declare)
}

/// Declares that what is wrapped is found, where a context was put around it.
fn declare(lattice: &mut Lattice) {
    lattice.holder(|Wrapped(failure): &Wrapped| Some(failure.held()));
}

impl From<Failure> for Box<dyn Error + Send + Sync> {
    fn from(failure: Failure) -> Self {
        Box::new(Wrapped(failure))
    }
}

impl From<Failure> for Box<dyn Error> {
    fn from(failure: Failure) -> Self {
        Box::new(Wrapped(failure))
    }
}

#[cfg(feature = "anyhow")]
impl From<Failure> for anyhow::Error {
    fn from(failure: Failure) -> Self {
        Self::new(Wrapped(failure))
    }
}

#[cfg(feature = "eyre")]
impl From<Failure> for eyre::Report {
    #[track_caller]
    fn from(failure: Failure) -> Self {
        Self::new(Wrapped(failure))
    }
}
