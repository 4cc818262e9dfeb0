//! Extractors: how the arguments that a handler takes after its event are made.

#[cfg(feature = "cache")]
mod cached;
mod option;
mod origin;
mod requirements;
mod state;
mod surroundings;

pub use self::option::OptionalFromContext;
pub use self::origin::{Absent, Author, AuthorId, ChannelId, Content, GuildId};
pub use self::requirements::Requirements;
pub use self::state::{MissingState, State};

pub(crate) use self::requirements::AwaitedEvent;

pub use crate::http::Http;

use std::future::Future;

use crate::context::Context;
use crate::failure::Failure;

/// A type that a handler may take as an argument after its event.
///
/// # Examples
///
/// ```
/// use std::convert::Infallible;
///
/// use cordial::prelude::*;
/// use cordial::extract::Requirements;
///
/// /// Which attempt this is.
/// struct Attempt(u32);
///
/// impl FromContext for Attempt {
///     type Rejection = Infallible;
///
///     async fn from_context(ctx: &Context) -> Result<Self, Infallible> {
///         Ok(Self(ctx.attempt()))
///     }
/// }
///
/// #[listener]
/// async fn joined(ctx: &Context, joined: &MemberAdd, attempt: Attempt) -> Result<()> {
///     println!("attempt {}", attempt.0);
///     Ok(())
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a handler argument",
    label = "not an extractor",
    note = "arguments after the event, or after the context of an interaction, must implement `FromContext`, as `State<T>`, `Http`, `Author` and `GuildId` do",
    note = "share a value of your own as `State<T>`",
    note = "an option of a command or a field of a modal needs a doc comment: `/** How many? */ sides: i64`"
)]
pub trait FromContext: Sized + Send {
    /// Why the argument could not be made: any error, or a [`Failure`]. The handler then fails with it, as if
    /// it had returned it.
    type Rejection: Into<Failure> + 'static;

    /// Makes the argument.
    fn from_context(ctx: &Context) -> impl Future<Output = Result<Self, Self::Rejection>> + Send;

    /// Declares what the extractor requires, so that `build()` can refuse a bot that lacks it.
    fn require(requirements: &mut Requirements) {
        let _ = requirements;
    }
}
