//! Suggestions for an option.

use std::fmt;

use twilight_model::application::command::{CommandOptionChoice, CommandOptionChoiceValue};

use crate::failure::{Failure, IntoFailure};
use crate::handler::{IntoReturned, ViaPlain, ViaResult};

/// The limits of their number and length. (Discord: Application Commands, Autocomplete.)
const MOST: usize = 25;
const LONGEST: usize = 100;

/// Suggested values for an option, shown to the person who types it.
#[derive(Clone, Default, PartialEq)]
pub struct Suggestions(pub(crate) Vec<CommandOptionChoice>);

impl fmt::Debug for Suggestions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the suggestions, which are for the person who types.
        write!(f, "Suggestions({})", self.0.len())
    }
}

impl<S: IntoSuggestion> FromIterator<S> for Suggestions {
    /// Takes the first 25 suggestions that Discord can show.
    ///
    /// These have a name, and a value of at most 100 characters. Longer names are cut.
    fn from_iter<I: IntoIterator<Item = S>>(suggestions: I) -> Self {
        let suggestions = suggestions.into_iter().map(shortened);
        Self(suggestions.filter(can_be_shown).take(MOST).collect())
    }
}

/// A value to suggest for an option: text or a number, or a pair of the name that people see and the
/// value.
pub trait IntoSuggestion {
    /// Converts it into a suggestion.
    fn into_suggestion(self) -> CommandOptionChoice;
}

impl IntoSuggestion for CommandOptionChoice {
    fn into_suggestion(self) -> CommandOptionChoice {
        self
    }
}

/// Implements it for a type, by its value.
macro_rules! suggestions {
    ($($type:ty: |$value:ident| $stands_for:expr;)*) => {
        $(
            impl IntoSuggestion for $type {
                fn into_suggestion(self) -> CommandOptionChoice {
                    (self.to_string(), self).into_suggestion()
                }
            }

            impl<N: Into<String>> IntoSuggestion for (N, $type) {
                fn into_suggestion(self) -> CommandOptionChoice {
                    let (name, $value) = self;
                    CommandOptionChoice {
                        name: name.into(),
                        name_localizations: None,
                        value: $stands_for,
                    }
                }
            }
        )*
    };
}

suggestions! {
    String: |value| CommandOptionChoiceValue::String(value);
    &str: |value| CommandOptionChoiceValue::String(value.to_owned());
    i64: |value| CommandOptionChoiceValue::Integer(value);
    f64: |value| CommandOptionChoiceValue::Number(value);
}

/// Returns whether Discord shows a suggestion. It refuses all if it refuses one.
fn can_be_shown(suggestion: &CommandOptionChoice) -> bool {
    let is_short = match &suggestion.value {
        CommandOptionChoiceValue::String(value) => (1..=LONGEST).contains(&value.chars().count()),
        _ => true,
    };
    is_short && !suggestion.name.trim().is_empty()
}

/// Cuts the name to the length that Discord allows.
fn shortened(suggestion: impl IntoSuggestion) -> CommandOptionChoice {
    let mut suggestion = suggestion.into_suggestion();
    if let Some((end, _)) = suggestion.name.char_indices().nth(LONGEST) {
        suggestion.name.truncate(end);
    }
    suggestion
}

/// The types that an autocompletion may return.
macro_rules! returned {
    ($([$($generics:tt)*] $type:ty;)*) => {
        $(
            #[diagnostic::do_not_recommend]
            impl<$($generics)*> IntoReturned<Suggestions, ViaPlain> for $type {
                fn into_returned(self) -> Result<Suggestions, Failure> {
                    Ok(self.into_iter().collect())
                }
            }

            #[diagnostic::do_not_recommend]
            impl<$($generics)*, E: IntoFailure<M>, M> IntoReturned<Suggestions, ViaResult<M>>
                for Result<$type, E>
            {
                fn into_returned(self) -> Result<Suggestions, Failure> {
                    Ok(self.map_err(E::into_failure)?.into_iter().collect())
                }
            }
        )*
    };
}

returned! {
    [S: IntoSuggestion] Vec<S>;
    [S: IntoSuggestion, const N: usize] [S; N];
}

#[diagnostic::do_not_recommend]
impl IntoReturned<Self, ViaPlain> for Suggestions {
    fn into_returned(self) -> Result<Self, Failure> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<E: IntoFailure<M>, M> IntoReturned<Suggestions, ViaResult<M>> for Result<Suggestions, E> {
    fn into_returned(self) -> Result<Suggestions, Failure> {
        self.map_err(E::into_failure)
    }
}
