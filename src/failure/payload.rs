//! The error in a failure, by how much is known of its type.

use std::any::type_name;
use std::backtrace::Backtrace;
use std::error::Error;

use twilight_http::response::DeserializeBodyError;

use crate::exception::{Erased, Held, Panicked, promoted};

/// The error in a failure.
pub(crate) enum Payload {
    /// Its type was known when the failure was made.
    Typed(Box<dyn Erased>, &'static str),
    /// It came in a box.
    Boxed(Box<dyn Error + Send + Sync + 'static>),
    #[cfg(feature = "anyhow")]
    Anyhow(anyhow::Error),
    #[cfg(feature = "eyre")]
    Eyre(eyre::Report),
}

impl Payload {
    /// Takes an error. One of twilight's becomes the exception that it is.
    pub(crate) fn of<E: Error + Send + Sync + 'static>(error: E) -> Self {
        let error = promoted(error).unwrap_or_else(|error| Box::new(error));
        Self::Typed(error, type_name::<E>())
    }

    /// Takes an error in a box, out of which one of twilight's is taken.
    pub(crate) fn of_box(error: Box<dyn Error + Send + Sync + 'static>) -> Self {
        let error = match error.downcast::<twilight_http::Error>() {
            Ok(error) => return Self::of(*error),
            Err(error) => error,
        };
        match error.downcast::<DeserializeBodyError>() {
            Ok(error) => Self::of(*error),
            Err(error) => Self::Boxed(error),
        }
    }

    pub(crate) fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        match self {
            Self::Typed(error, _) => error.as_error(),
            Self::Boxed(error) => &**error,
            #[cfg(feature = "anyhow")]
            Self::Anyhow(error) => &**error,
            #[cfg(feature = "eyre")]
            Self::Eyre(error) => &**error,
        }
    }

    /// Returns the error if it is of the type itself, without looking inside.
    pub(crate) fn downcast<T: Error + Send + Sync + 'static>(&self) -> Option<&T> {
        match self {
            Self::Typed(error, _) => error.as_value().downcast_ref(),
            Self::Boxed(error) => error.downcast_ref(),
            #[cfg(feature = "anyhow")]
            Self::Anyhow(error) => error.downcast_ref(),
            #[cfg(feature = "eyre")]
            Self::Eyre(error) => error.downcast_ref(),
        }
    }

    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Typed(_, name) => name,
            Self::Boxed(_) => "dyn Error",
            #[cfg(feature = "anyhow")]
            Self::Anyhow(_) => type_name::<anyhow::Error>(),
            #[cfg(feature = "eyre")]
            Self::Eyre(_) => type_name::<eyre::Report>(),
        }
    }

    /// Returns the backtrace that the error brought with it.
    pub(crate) fn backtrace(&self) -> Option<&Backtrace> {
        match self {
            Self::Typed(error, _) => error.as_value().downcast_ref::<Panicked>()?.backtrace(),
            #[cfg(feature = "anyhow")]
            Self::Anyhow(error) => Some(error.backtrace()),
            _ => None,
        }
    }

    /// Returns what is to be looked at for the types that the error is.
    pub(crate) fn held(&self) -> Held<'_> {
        match self {
            Self::Typed(error, _) => Held::Known(error.as_value()),
            Self::Boxed(error) => Held::Boxed(&**error),
            #[cfg(feature = "anyhow")]
            Self::Anyhow(error) => Held::Anyhow(error),
            #[cfg(feature = "eyre")]
            Self::Eyre(error) => Held::Eyre(error),
        }
    }
}
