//! What goes wrong with a command before its function runs.

use crate::Exception;
use crate::exception::{CommandError, UserFacing};

/// An option of a command cannot be what was given for it.
///
/// Discord checks what people enter against what it was told of the command, so this is rare: it
/// knows an older form of the command, or the option's type takes less than it says.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("option `{option}`: {problem}")]
#[facet(dyn UserFacing)]
pub struct InvalidOption {
    #[base]
    base: CommandError,
    option: String,
    problem: String,
}

impl InvalidOption {
    /// Creates the error of an option, by its name and what is wrong with what was given.
    pub fn new(option: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            base: CommandError::new("an option cannot be what was given for it"),
            option: option.into(),
            problem: problem.into(),
        }
    }

    /// Creates the error of a converter by what is wrong with what was given. The name of the option is
    /// added where it is known; of a field of a modal it becomes an
    /// [`InvalidField`](crate::exception::InvalidField).
    pub fn because(problem: impl Into<String>) -> Self {
        Self::new(String::new(), problem)
    }

    /// Returns the option's name.
    #[must_use]
    pub fn option(&self) -> &str {
        &self.option
    }

    /// Returns what is wrong with what was given.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl UserFacing for InvalidOption {
    fn text(&self) -> String {
        format!("`{}`: {}.", self.option, self.problem)
    }
}

/// Somebody used a command that the bot does not have.
///
/// Discord knows an older set of commands, or another program registers some for the same
/// application.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("there is no command `{name}`")]
#[facet(dyn UserFacing)]
pub struct UnknownCommand {
    #[base]
    base: CommandError,
    name: String,
}

impl UnknownCommand {
    pub(crate) fn new(name: String) -> Self {
        Self {
            base: CommandError::new("there is no such command"),
            name,
        }
    }

    /// Returns its name, with those of the group and the subcommand.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl UserFacing for UnknownCommand {
    fn text(&self) -> String {
        "I do not know that command any more.".to_owned()
    }
}
