//! Converting the value of an option into an argument of the handler.

use std::error::Error;
use std::future::Future;

use twilight_model::application::interaction::application_command::CommandOptionValue;

use crate::command::{OptionValue, SlashOption};
use crate::exception::InvalidOption;
use crate::failure::{Failure, IntoFailure, Result, rejected};
use crate::interaction::{CommandContext, InteractionContext};

/// A type that an option of a slash command can have.
///
/// Text, numbers, `bool`, users, members, roles, channels, attachments and their ids implement it, and
/// enums by [`Choice`](derive@crate::Choice). A type of your own names the type that it is made from,
/// and how; if that returns an error, it is a failure of the command like any other.
///
/// # Examples
///
/// ```
/// use cordial::command::Member;
/// use cordial::prelude::*;
///
/// /// A member who is no bot.
/// struct Human(Member);
///
/// #[derive(Debug, thiserror::Error, Exception)]
/// #[error("that is a bot")]
/// struct IsBot;
///
/// impl FromOption for Human {
///     type Value = Member;
///     type Error = IsBot;
///
///     async fn from_option(member: Member, _: &InteractionContext) -> Result<Self, IsBot> {
///         if member.user.bot { Err(IsBot) } else { Ok(Self(member)) }
///     }
/// }
///
/// /// Greet somebody.
/// #[command]
/// async fn greet(ctx: &CommandContext, /** Whom? */ whom: Human) -> Result<()> {
///     ctx.reply(format!("Hello, {}!", whom.0.user.name)).await?;
///     Ok(())
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an option of a command",
    label = "not an option type",
    note = "an option can be text, a number, `bool`, a user, a role, a channel, an attachment, an id of one of these, or an `Option` of any of them",
    note = "derive `Choice` for an enum, or implement `FromOption` for a type of your own",
    note = "a parameter without a doc comment is not an option but an extractor, and implements `FromContext`"
)]
pub trait FromOption: Sized + Send + 'static {
    /// The value that people enter.
    type Value: OptionValue;

    /// The error of the conversion, which fails the command as if the handler had returned it.
    type Error: Into<Failure> + 'static;

    /// Converts the value that was entered.
    fn from_option(
        value: Self::Value,
        ctx: &InteractionContext,
    ) -> impl Future<Output = Result<Self, Self::Error>> + Send;

    /// Adds bounds or choices to the option that Discord is told of.
    fn describe(option: SlashOption) -> SlashOption {
        option
    }
}

/// An argument that takes an option: a [`FromOption`], or an `Option` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an option of a command",
    label = "not an option type",
    note = "an option can be text, a number, `bool`, a user, a role, a channel, an attachment, an id of one of these, or an `Option` of any of them",
    note = "derive `Choice` for an enum, or implement `FromOption` for a type of your own",
    note = "a parameter without a doc comment is not an option but an extractor, and implements `FromContext`"
)]
pub trait Argument: Sized + Send {
    /// The type when it is given.
    type Given: FromOption;

    /// Whether the option is required.
    const IS_REQUIRED: bool;

    /// Converts the option, or its absence.
    #[doc(hidden)]
    fn of(given: Option<Self::Given>) -> Option<Self>;
}

#[diagnostic::do_not_recommend]
impl<T: FromOption> Argument for T {
    type Given = T;

    const IS_REQUIRED: bool = true;

    fn of(given: Option<T>) -> Option<T> {
        given
    }
}

#[diagnostic::do_not_recommend]
impl<T: FromOption> Argument for Option<T> {
    type Given = T;

    const IS_REQUIRED: bool = false;

    fn of(given: Self) -> Option<Self> {
        Some(given)
    }
}

impl CommandContext {
    /// Returns an option by its name, for handlers that do not take it as an argument.
    ///
    /// # Errors
    ///
    /// [`InvalidOption`] if it is missing or of another type, or the error of the conversion.
    pub async fn option<T: Argument>(&self, name: &str) -> Result<T> {
        let mut given = self.given().iter();
        let given = match given.find(|option| option.name == name) {
            None => None,
            Some(given) => Some(self.made::<T::Given>(name, &given.value).await?),
        };
        let missing = || InvalidOption::new(name, "it is missing").into_failure();
        T::of(given).ok_or_else(missing)
    }

    async fn made<T: FromOption>(&self, name: &str, value: &CommandOptionValue) -> Result<T> {
        let value = T::Value::read(value, self.command().resolved.as_ref());
        let value = value.map_err(|problem| InvalidOption::new(name, problem).into_failure())?;
        let made = T::from_option(value, self).await.map_err(rejected);
        made.map_err(|failure| named(failure, |problem| InvalidOption::new(name, problem)))
    }
}

/// Adds the name of the option or field to a converter's error that lacks it.
pub(crate) fn named<E: Error + Send + Sync + 'static>(
    failure: Failure,
    name: impl FnOnce(&str) -> E,
) -> Failure {
    // A narrower error of the author's stays what it is.
    match failure.error().downcast_ref::<InvalidOption>() {
        Some(invalid) if invalid.option().is_empty() => name(invalid.problem()).into_failure(),
        _ => failure,
    }
}

/// The options of a command: a tuple of arguments.
pub trait Options: Sized + Send {
    /// Converts all of them in order, until one fails.
    fn make(
        ctx: &CommandContext,
        names: &'static [&'static str],
    ) -> impl Future<Output = Result<Self>> + Send;
}

/// Implements it for tuples of each length, by removing one element at a time.
macro_rules! implement {
    () => {
        implement!(@one);
    };
    ($first:ident $($rest:ident)*) => {
        implement!(@one $first $($rest)*);
        implement!($($rest)*);
    };
    (@one $($argument:ident)*) => {
        impl<$($argument: Argument),*> Options for ($($argument,)*) {
            async fn make(ctx: &CommandContext, names: &'static [&'static str]) -> Result<Self> {
                let _ = ctx;
                let mut names = names.iter();
                let mut next = || names.next().copied().unwrap_or_default();
                let _ = &mut next;
                Ok(($(ctx.option::<$argument>(next()).await?,)*))
            }
        }
    };
}

implement!(A B C D E F G H I J K L M N O P Q R S T U V W X Y);
