//! Errors whose text may be shown to people as it is.

/// An error with a text for the person who caused it.
///
/// An exception declares it as a facet with `#[facet(dyn UserFacing)]`. If no error handler handles the
/// failure, the interaction that caused it is answered with the text, as long as it can be answered; other
/// failures are answered with an apology that reveals nothing about them.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
///
/// #[derive(Debug, thiserror::Error, Exception)]
/// #[error("the queue of {guild} is empty")]
/// #[facet(dyn UserFacing)]
/// struct QueueEmpty {
///     guild: u64,
/// }
///
/// impl UserFacing for QueueEmpty {
///     fn text(&self) -> String {
///         "There is nothing to skip.".to_owned()
///     }
/// }
/// ```
pub trait UserFacing: Send + Sync {
    /// Returns what to tell the person, in their words and without secrets.
    fn text(&self) -> String;
}
