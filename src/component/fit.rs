//! Whether a state always fits into a custom id, known from its types.

use crate::exception::StateTooLong;

/// Whether a state always fits into a custom id: [`Fixed`] or [`Varying`].
pub trait Fit: Sized {
    /// What two states are together.
    type And<Other: Fit>: Fit;

    /// What is made with such a state: the thing itself, or a `Result` of it.
    type Made<T>;

    /// Hands over what was made.
    #[doc(hidden)]
    fn made<T>(made: Result<T, StateTooLong>) -> Self::Made<T>;
}

/// The state has a largest size, which is known when the program is compiled, and fits.
#[derive(Debug)]
pub struct Fixed;

/// The state may turn out too long.
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
