//! What may be shown to people as it stands.

/// An error with a text for the person who caused it.
///
/// An exception has it as a facet, `#[facet(dyn UserFacing)]`. What nobody handles is answered with
/// the text, where an interaction caused it and can still be answered; every other failure with an
/// apology that says nothing of it.
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
    /// Returns what to tell the person: in their words, and without secrets.
    fn text(&self) -> String;
}
