//! The context of a slash command.

use std::future::Future;

use twilight_model::application::command::CommandType;
use twilight_model::application::interaction::application_command::{
    CommandData, CommandDataOption,
};
use twilight_model::application::interaction::{InteractionData, InteractionType};

use crate::answer::Modal;
use crate::failure::Result;
use crate::interaction::{InteractionContext, kind, options, path};

kind! {
    /// The context of a slash command's handler.
    CommandContext is InteractionContext, if |interaction| {
        interaction.kind == InteractionType::ApplicationCommand
            && matches!(
                &interaction.data,
                Some(InteractionData::ApplicationCommand(data))
                    if data.kind == CommandType::ChatInput
            )
    }
}

impl CommandContext {
    /// Returns the command's data, unchanged.
    #[must_use]
    pub fn command(&self) -> &CommandData {
        match self.data() {
            InteractionData::ApplicationCommand(data) => data,
            _ => unreachable!("it is made for commands only"),
        }
    }

    /// Returns the full name of the command, including group and subcommand: `queue add`.
    #[must_use]
    pub fn name(&self) -> String {
        path(self.command())
    }

    /// Returns the options that were given, unchanged.
    #[must_use]
    pub fn given(&self) -> &[CommandDataOption] {
        options(self.command())
    }

    /// Answers by showing a modal.
    ///
    /// # Errors
    ///
    /// As [`Responder::show_modal`](crate::Responder::show_modal).
    #[track_caller]
    pub fn show(&self, modal: Modal) -> impl Future<Output = Result<()>> + Send {
        self.responder().show_modal(modal)
    }
}
