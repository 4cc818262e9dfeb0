//! The errors of components and modals before their function runs.

use std::time::Duration;

use crate::Exception;
use crate::exception::check::in_words;
use crate::exception::{CommandError, UserFacing};

/// Something went wrong with a component, or a modal.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("{base}")]
pub struct ComponentError {
    #[base]
    base: CommandError,
}

impl ComponentError {
    fn new(what: &'static str) -> Self {
        Self {
            base: CommandError::new(what),
        }
    }
}

/// Somebody used a component that no handler of the bot made.
///
/// Its handler was removed or renamed, or another program made the component for the same application.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("the component belongs to no handler")]
#[facet(dyn UserFacing)]
pub struct UnknownComponent {
    #[base]
    base: ComponentError,
}

impl UnknownComponent {
    pub(crate) fn new() -> Self {
        Self {
            base: ComponentError::new("the component belongs to no handler"),
        }
    }
}

impl UserFacing for UnknownComponent {
    fn text(&self) -> String {
        "That no longer works.".to_owned()
    }
}

/// Somebody used a component that another version of its handler made.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error(
    "version {version} of the handler made this component, but the handler is now version \
     {current}"
)]
#[facet(dyn UserFacing)]
pub struct OutdatedComponent {
    #[base]
    base: ComponentError,
    version: u8,
    current: u8,
}

impl OutdatedComponent {
    pub(crate) fn new(version: u8, current: u8) -> Self {
        Self {
            base: ComponentError::new("another version of the handler made this component"),
            version,
            current,
        }
    }

    /// Returns the version that made the component.
    #[must_use]
    pub fn version(&self) -> u8 {
        self.version
    }

    /// Returns the current version of the handler.
    #[must_use]
    pub fn current(&self) -> u8 {
        self.current
    }
}

impl UserFacing for OutdatedComponent {
    fn text(&self) -> String {
        "That is from another version of this bot and no longer works.".to_owned()
    }
}

/// The custom id of a component is damaged, or was made for other types of state.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("the handler did not make the custom id: {problem}")]
#[facet(dyn UserFacing)]
pub struct UnreadableComponent {
    #[base]
    base: ComponentError,
    problem: &'static str,
}

impl UnreadableComponent {
    pub(crate) fn new(problem: &'static str) -> Self {
        Self {
            base: ComponentError::new("the handler did not make the custom id"),
            problem,
        }
    }

    /// Returns what is wrong with it.
    #[must_use]
    pub fn problem(&self) -> &'static str {
        self.problem
    }
}

impl UserFacing for UnreadableComponent {
    fn text(&self) -> String {
        "That no longer works.".to_owned()
    }
}

/// Somebody used a component after it had expired.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("the message is {age:.0?} old, but its component works for only {limit:?}")]
#[facet(dyn UserFacing)]
pub struct ExpiredComponent {
    #[base]
    base: ComponentError,
    age: Duration,
    limit: Duration,
}

impl ExpiredComponent {
    pub(crate) fn new(age: Duration, limit: Duration) -> Self {
        Self {
            base: ComponentError::new("the component has expired"),
            age,
            limit,
        }
    }

    /// Returns how long ago the message with the component was sent or last edited.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.age
    }

    /// Returns how long the component can be used.
    #[must_use]
    pub fn limit(&self) -> Duration {
        self.limit
    }
}

impl UserFacing for ExpiredComponent {
    fn text(&self) -> String {
        format!("That worked for only {}.", in_words(self.limit))
    }
}

/// A field of a modal cannot be converted from what was filled in.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("field `{field}`: {problem}")]
#[facet(dyn UserFacing)]
pub struct InvalidField {
    #[base]
    base: ComponentError,
    field: String,
    problem: String,
}

impl InvalidField {
    /// Creates the error of a field, from the field's name and what is wrong with the value.
    pub fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            base: ComponentError::new("a field has an invalid value"),
            field: field.into(),
            problem: problem.into(),
        }
    }

    /// Returns the field's name.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Returns what is wrong with the value.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl UserFacing for InvalidField {
    fn text(&self) -> String {
        format!("`{}`: {}.", self.field, self.problem)
    }
}

/// The state of a component does not fit into its custom id, of at most 100 characters.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error(
    "the state has {length} bytes, but a custom id has room for {most}: store long values \
     elsewhere and carry their keys"
)]
pub struct StateTooLong {
    #[base]
    base: ComponentError,
    length: usize,
    most: usize,
}

impl StateTooLong {
    pub(crate) fn new(length: usize, most: usize) -> Self {
        Self {
            base: ComponentError::new("the state does not fit into a custom id"),
            length,
            most,
        }
    }

    /// Returns how many bytes the state has.
    #[must_use]
    pub fn length(&self) -> usize {
        self.length
    }
}
