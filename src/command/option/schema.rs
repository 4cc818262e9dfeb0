//! The descriptions of options that Discord gets.

use std::fmt;

use twilight_model::application::command::{
    CommandOption, CommandOptionChoice, CommandOptionType, CommandOptionValue,
};
use twilight_model::channel::ChannelType;

use crate::command::{Argument, Autocomplete, FromOption, IntoAutocomplete, OptionValue};

/// An option of a slash command, as Discord gets to know it.
///
/// # Examples
///
/// ```
/// use cordial::command::{SlashCommand, SlashOption};
/// use cordial::prelude::*;
///
/// async fn roll(ctx: &CommandContext) -> Result<()> {
///     let sides: Option<i64> = ctx.option("sides").await?;
///     ctx.reply(format!("One of {}.", sides.unwrap_or(6))).await?;
///     Ok(())
/// }
///
/// let sides = SlashOption::new::<Option<i64>>("sides", "How many sides?").min(2);
/// let bot = Bot::builder().command(SlashCommand::new("roll", "Roll a die.", roll).option(sides));
/// ```
#[must_use = "an option does nothing until it is added to a command"]
pub struct SlashOption {
    pub(crate) schema: CommandOption,
    pub(crate) autocomplete: Option<Autocomplete>,
}

/// The smallest or largest number that may be entered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// A whole number.
    Integer(i64),
    /// Any number.
    Number(f64),
}

impl From<i64> for Bound {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<i32> for Bound {
    fn from(number: i32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<f64> for Bound {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl SlashOption {
    /// Describes an option for an argument of type `A`.
    pub fn new<A: Argument>(name: impl Into<String>, description: impl Into<String>) -> Self {
        let schema = CommandOption {
            autocomplete: None,
            channel_types: None,
            choices: None,
            description: description.into(),
            description_localizations: None,
            file_types: None,
            kind: <A::Given as FromOption>::Value::KIND,
            max_length: None,
            max_value: None,
            min_length: None,
            min_value: None,
            name: name.into(),
            name_localizations: None,
            options: None,
            required: Some(A::IS_REQUIRED),
        };
        A::Given::describe(Self {
            schema,
            autocomplete: None,
        })
    }

    /// Sets the smallest number that people may enter.
    pub fn min(mut self, bound: impl Into<Bound>) -> Self {
        self.schema.min_value = Some(self.bound(bound.into()));
        self
    }

    /// Sets the largest number that people may enter.
    pub fn max(mut self, bound: impl Into<Bound>) -> Self {
        self.schema.max_value = Some(self.bound(bound.into()));
        self
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "what is not exact is refused when the bot is built"
    )]
    fn bound(&self, bound: Bound) -> CommandOptionValue {
        match (bound, self.schema.kind) {
            (Bound::Integer(number), CommandOptionType::Number) => {
                CommandOptionValue::Number(number as f64)
            }
            (Bound::Integer(number), _) => CommandOptionValue::Integer(number),
            (Bound::Number(number), _) => CommandOptionValue::Number(number),
        }
    }

    /// Sets the smallest length of a text, in characters.
    pub fn min_length(mut self, length: u16) -> Self {
        self.schema.min_length = Some(length);
        self
    }

    /// Sets the largest length of a text, in characters.
    pub fn max_length(mut self, length: u16) -> Self {
        self.schema.max_length = Some(length);
        self
    }

    /// Offers only channels of these types.
    pub fn channel_types(mut self, types: impl IntoIterator<Item = ChannelType>) -> Self {
        self.schema.channel_types = Some(types.into_iter().collect());
        self
    }

    /// Offers only these choices: at most 25.
    pub fn choices(mut self, choices: impl IntoIterator<Item = CommandOptionChoice>) -> Self {
        self.schema.choices = Some(choices.into_iter().collect());
        self
    }

    /// Suggests values while people type.
    #[track_caller]
    pub fn autocomplete<M>(mut self, autocomplete: impl IntoAutocomplete<M>) -> Self {
        self.schema.autocomplete = Some(true);
        self.autocomplete = Some(autocomplete.into_autocomplete());
        self
    }

    /// Makes it optional, whatever its type.
    #[doc(hidden)]
    pub fn optional(mut self) -> Self {
        self.schema.required = Some(false);
        self
    }

    /// Sets its name in a language. (Discord: Reference, Locales.)
    pub fn name_in(mut self, locale: impl Into<String>, name: impl Into<String>) -> Self {
        let names = self.schema.name_localizations.get_or_insert_default();
        names.insert(locale.into(), name.into());
        self
    }

    /// Sets its description in a language. (Discord: Reference, Locales.)
    pub fn description_in(mut self, locale: impl Into<String>, text: impl Into<String>) -> Self {
        let texts = self
            .schema
            .description_localizations
            .get_or_insert_default();
        texts.insert(locale.into(), text.into());
        self
    }
}

impl fmt::Debug for SlashOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SlashOption")
            .field("name", &self.schema.name)
            .field("kind", &self.schema.kind)
            .finish_non_exhaustive()
    }
}
