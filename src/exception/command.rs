//! The errors of commands before their function runs.

use crate::Exception;
use crate::exception::{CommandError, UserFacing};

/// An option cannot be converted from the value that was given for it.
///
/// This is rare, because Discord checks what people enter. It means that Discord knows an older form of the
/// command, or that the option's type accepts less than it declares.
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
    /// Creates the error of an option, from the option's name and what is wrong with the value.
    pub fn new(option: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            base: CommandError::new("an option has an invalid value"),
            option: option.into(),
            problem: problem.into(),
        }
    }

    /// Creates the error of a conversion from what is wrong with the value.
    ///
    /// cordial adds the name of the option. For a field of a modal, the error becomes an
    /// [`InvalidField`](crate::exception::InvalidField).
    pub fn because(problem: impl Into<String>) -> Self {
        Self::new(String::new(), problem)
    }

    /// Returns the option's name.
    #[must_use]
    pub fn option(&self) -> &str {
        &self.option
    }

    /// Returns what is wrong with the value.
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
/// Discord knows an older set of commands, or another program registers commands for the same application.
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

    /// Returns the command's name, including the group and the subcommand.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl UserFacing for UnknownCommand {
    fn text(&self) -> String {
        "I no longer know that command.".to_owned()
    }
}
