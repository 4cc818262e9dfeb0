//! A slash command.

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
    /// What the handler of a slash command may touch.
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
    /// Returns the command's data, as it came.
    #[must_use]
    pub fn command(&self) -> &CommandData {
        match self.data() {
            InteractionData::ApplicationCommand(data) => data,
            _ => unreachable!("it is made for commands only"),
        }
    }

    /// Returns the command's name, with those of the group and the subcommand: `queue add`.
    #[must_use]
    pub fn name(&self) -> String {
        path(self.command())
    }

    /// Returns the options that were given, as they came.
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
