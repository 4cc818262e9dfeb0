//! The values that were chosen from a select menu.

use std::ops::Deref;

use twilight_model::application::command::CommandOptionType as Kind;
use twilight_model::application::interaction::InteractionDataResolved;
use twilight_model::application::interaction::application_command::CommandOptionValue as Entered;
use twilight_model::id::Id;

use crate::command::{FromOption, OptionValue, named};
use crate::context::Context;
use crate::exception::InvalidField;
use crate::extract::FromContext;
use crate::failure::{Failure, IntoFailure, Result, rejected};
use crate::interaction::{ComponentContext, InteractionContext, InteractionKind};

/// The values chosen from a select menu: text, choices, users, members, roles or channels, or a type
/// made from them.
///
/// # Examples
///
/// ```
/// use cordial::component::Chosen;
/// use cordial::prelude::*;
/// use cordial::twilight::model::guild::Role;
///
/// #[component]
/// async fn roles(ctx: &ComponentContext, chosen: Chosen<Role>) -> Result<()> {
///     let names: Vec<_> = chosen.iter().map(|role| role.name.as_str()).collect();
///     ctx.reply(names.join(", ")).await?;
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen<T>(pub Vec<T>);

impl<T> Deref for Chosen<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: FromOption> FromContext for Chosen<T> {
    type Rejection = Failure;

    async fn from_context(ctx: &Context) -> Result<Self> {
        let Some(ctx) = ComponentContext::of(ctx) else {
            return Ok(Self(Vec::new()));
        };
        let mut chosen = Vec::new();
        for value in ctx.values() {
            chosen.push(made("menu", value, ctx.resolved(), &ctx).await?);
        }
        Ok(Self(chosen))
    }
}

/// Converts one value that was chosen or filled in.
pub(crate) async fn made<T: FromOption>(
    field: &str,
    value: &str,
    resolved: Option<&InteractionDataResolved>,
    ctx: &InteractionContext,
) -> Result<T> {
    let invalid = |problem: &str| InvalidField::new(field, problem).into_failure();
    let entered = entered(T::Value::KIND, value);
    let entered = entered.ok_or_else(|| invalid(otherwise(T::Value::KIND)))?;
    let value = T::Value::read(&entered, resolved).map_err(invalid)?;
    let made = T::from_option(value, ctx).await.map_err(rejected);
    made.map_err(|failure| named(failure, |problem| InvalidField::new(field, problem)))
}

/// Says what is wrong with a text that is no value of a kind.
fn otherwise(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer => "it is not a whole number",
        Kind::Number => "it is not a number",
        _ => "its type has changed",
    }
}

/// Reads a value as if it had been entered for an option of a kind.
fn entered(kind: Kind, value: &str) -> Option<Entered> {
    match kind {
        Kind::String => Some(Entered::String(value.to_owned())),
        Kind::Integer => value.trim().parse().ok().map(Entered::Integer),
        Kind::Number => value.trim().parse().ok().map(Entered::Number),
        Kind::Boolean => value.parse().ok().map(Entered::Boolean),
        Kind::User => id(value).map(Entered::User),
        Kind::Role => id(value).map(Entered::Role),
        Kind::Channel => id(value).map(Entered::Channel),
        Kind::Mentionable => id(value).map(Entered::Mentionable),
        Kind::Attachment => id(value).map(Entered::Attachment),
        _ => None,
    }
}

fn id<M>(value: &str) -> Option<Id<M>> {
    value.parse().ok()
}
