//! Errors whose type the compiler has forgotten, and the ways their type is found again.

use std::any::Any;
use std::error::Error;
use std::fmt;

/// Any value of an error, to be downcast.
pub(crate) type Value<'a> = &'a (dyn Any + Send + Sync);

/// An error that remembers its type.
pub(crate) trait Erased: Error + Send + Sync + 'static {
    fn as_value(&self) -> Value<'_>;
    fn as_error(&self) -> &(dyn Error + Send + Sync + 'static);
}

impl<E: Error + Send + Sync + 'static> Erased for E {
    fn as_value(&self) -> Value<'_> {
        self
    }

    fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        self
    }
}

/// An error inside another, by how much is known of its type.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Held<'a> {
    /// Its type is known.
    Known(&'a (dyn Any + Send + Sync)),
    /// Its type is one of those that somebody declared, or unknown.
    Boxed(&'a (dyn Error + Send + Sync + 'static)),
    /// It knows itself what is inside.
    #[cfg(feature = "anyhow")]
    Anyhow(&'a anyhow::Error),
    /// It knows itself what is inside.
    #[cfg(feature = "eyre")]
    Eyre(&'a eyre::Report),
}

impl<'a> Held<'a> {
    /// Returns the error if it is of a type.
    pub(crate) fn downcast_ref<T: Error + Send + Sync + 'static>(self) -> Option<&'a T> {
        match self {
            Self::Known(value) => value.downcast_ref(),
            Self::Boxed(error) => error.downcast_ref(),
            #[cfg(feature = "anyhow")]
            Self::Anyhow(error) => error.downcast_ref(),
            #[cfg(feature = "eyre")]
            Self::Eyre(error) => error.downcast_ref(),
        }
    }
}

impl fmt::Debug for Held<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Known(_) => "Known",
            Self::Boxed(_) => "Boxed",
            #[cfg(feature = "anyhow")]
            Self::Anyhow(_) => "Anyhow",
            #[cfg(feature = "eyre")]
            Self::Eyre(_) => "Eyre",
        })
    }
}
