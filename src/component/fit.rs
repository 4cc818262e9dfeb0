//! Whether a state always fits into a custom id, as its types tell.

use crate::exception::StateTooLong;

/// Whether a state always fits into a custom id: [`Fixed`] or [`Varying`].
pub trait Fit: Sized {
    /// Whether two states fit together.
    type And<Other: Fit>: Fit;

    /// What creating something with such a state returns: the thing itself, or a `Result` of it.
    type Made<T>;

    /// Converts the result of creating something.
    #[doc(hidden)]
    fn made<T>(made: Result<T, StateTooLong>) -> Self::Made<T>;
}

/// The state has a largest size that is known at compile time, and fits.
#[derive(Debug)]
pub struct Fixed;

/// The state may be too long.
#[derive(Debug)]
pub struct Varying;

impl Fit for Fixed {
    type And<Other: Fit> = Other;
    type Made<T> = T;

    fn made<T>(made: Result<T, StateTooLong>) -> T {
        // That it fits is asserted where the state's types are named.
        made.unwrap_or_else(|error| unreachable!("{error}"))
    }
}

impl Fit for Varying {
    type And<Other: Fit> = Self;
    type Made<T> = Result<T, StateTooLong>;

    fn made<T>(made: Result<T, StateTooLong>) -> Result<T, StateTooLong> {
        made
    }
}
