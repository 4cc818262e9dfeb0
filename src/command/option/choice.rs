//! Options with a fixed set of choices.

use twilight_model::application::command::{CommandOptionChoice, CommandOptionChoiceValue};

use crate::command::{FromOption, OptionValue, SlashOption};
use crate::exception::InvalidOption;
use crate::interaction::InteractionContext;

/// One of a fixed set of choices: an enum with `#[derive(Choice)]`.
///
/// It can be an option of a command, a value chosen from a select menu, a field of a modal, or part of a
/// component's state.
pub trait Choice: Sized + Copy + Send + Sync + 'static {
    /// The value that Discord is sent: text, or a whole number.
    type Value: Choosable;

    /// Returns all choices, each with the name that people see and the value that Discord is sent.
    fn all() -> Vec<(Self, CommandOptionChoice)>;

    /// Returns the name that people see.
    #[must_use]
    fn name(self) -> String;
}

/// A value that a choice can have.
pub trait Choosable: OptionValue {
    /// Returns whether it is the value of a choice.
    fn is(&self, choice: &CommandOptionChoiceValue) -> bool;
}

impl Choosable for String {
    fn is(&self, choice: &CommandOptionChoiceValue) -> bool {
        matches!(choice, CommandOptionChoiceValue::String(value) if value == self)
    }
}

impl Choosable for i64 {
    fn is(&self, choice: &CommandOptionChoiceValue) -> bool {
        matches!(choice, CommandOptionChoiceValue::Integer(value) if value == self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Choice> FromOption for T {
    type Value = T::Value;
    type Error = InvalidOption;

    async fn from_option(value: T::Value, _: &InteractionContext) -> Result<Self, InvalidOption> {
        let chosen = find(&value);
        chosen.ok_or_else(|| InvalidOption::because("it is not one of the choices"))
    }

    fn describe(option: SlashOption) -> SlashOption {
        option.choices(T::all().into_iter().map(|(_, choice)| choice))
    }
}

/// Finds the choice with a value.
pub(crate) fn find<T: Choice>(value: &T::Value) -> Option<T> {
    let mut all = T::all().into_iter();
    let found = all.find(|(_, choice)| value.is(&choice.value));
    found.map(|(chosen, _)| chosen)
}

/// Returns the value of a choice, as text.
pub(crate) fn stands_for(choice: &CommandOptionChoice) -> String {
    match &choice.value {
        CommandOptionChoiceValue::String(value) => value.clone(),
        CommandOptionChoiceValue::Integer(value) => value.to_string(),
        CommandOptionChoiceValue::Number(value) => value.to_string(),
    }
}
