//! Options that are one of a few.

use twilight_model::application::command::{CommandOptionChoice, CommandOptionChoiceValue};

use crate::command::{FromOption, OptionValue, SlashOption};
use crate::exception::InvalidOption;
use crate::interaction::InteractionContext;

/// One of a few things that somebody can choose: an enum with `#[derive(Choice)]`.
///
/// It can be an option of a command, what is chosen from a select menu, a field of a modal, and part
/// of a component's state.
pub trait Choice: Sized + Copy + Send + Sync + 'static {
    /// What Discord is sent for it: text, or a whole number.
    type Value: Choosable;

    /// All of them, with the name that people see, and what Discord is sent.
    fn all() -> Vec<(Self, CommandOptionChoice)>;

    /// Returns the name that people see.
    #[must_use]
    fn name(self) -> String;
}

/// What Discord can be sent for a choice.
pub trait Choosable: OptionValue {
    /// Returns whether it is what a choice stands for.
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
        chosen.ok_or_else(|| InvalidOption::because("it is none of the choices"))
    }

    fn describe(option: SlashOption) -> SlashOption {
        option.choices(T::all().into_iter().map(|(_, choice)| choice))
    }
}

/// Finds what a value stands for.
pub(crate) fn find<T: Choice>(value: &T::Value) -> Option<T> {
    let mut all = T::all().into_iter();
    let found = all.find(|(_, choice)| value.is(&choice.value));
    found.map(|(chosen, _)| chosen)
}

/// Returns what a choice stands for, as text.
pub(crate) fn stands_for(choice: &CommandOptionChoice) -> String {
    match &choice.value {
        CommandOptionChoiceValue::String(value) => value.clone(),
        CommandOptionChoiceValue::Integer(value) => value.to_string(),
        CommandOptionChoiceValue::Number(value) => value.to_string(),
    }
}
