//! The context of a function that completes an option.

use twilight_model::application::interaction::application_command::{
    CommandData, CommandDataOption, CommandOptionValue,
};
use twilight_model::application::interaction::{InteractionData, InteractionType};

use crate::interaction::{InteractionContext, kind, options, path};

kind! {
    /// The context of a function that completes an option.
    AutocompleteContext is InteractionContext, if |interaction| {
        interaction.kind == InteractionType::ApplicationCommandAutocomplete
            && matches!(
                &interaction.data,
                Some(InteractionData::ApplicationCommand(data))
                    if options(data).iter().any(|option| focused(option).is_some())
            )
    }
}

impl AutocompleteContext {
    /// Returns the data of the command that is being typed, unchanged.
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

    /// Returns the name of the option that is being typed.
    #[must_use]
    pub fn option_name(&self) -> &str {
        self.focused().0
    }

    /// Returns the text that has been typed for it.
    #[must_use]
    pub fn typed(&self) -> &str {
        self.focused().1
    }

    /// Returns the options that have been given so far, unchanged, including the one that is being
    /// typed.
    #[must_use]
    pub fn given(&self) -> &[CommandDataOption] {
        options(self.command())
    }

    /// Returns the name of the option that is being typed.
    pub(crate) fn focused_in(data: &CommandData) -> Option<&str> {
        let found = options(data).iter().find_map(focused);
        found.map(|(name, _)| name)
    }

    fn focused(&self) -> (&str, &str) {
        let focused = self.given().iter().find_map(focused);
        focused.unwrap_or_else(|| unreachable!("it is made for what is being typed only"))
    }
}

fn focused(option: &CommandDataOption) -> Option<(&str, &str)> {
    match &option.value {
        CommandOptionValue::Focused(typed, _) => Some((&option.name, typed)),
        _ => None,
    }
}
