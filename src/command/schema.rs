//! The descriptions of commands that Discord gets, with their subcommands and options.

use std::collections::HashMap;

use twilight_model::application::command::{
    Command, CommandOption, CommandOptionType, CommandType,
};
use twilight_model::application::interaction::InteractionContextType;
use twilight_model::id::Id;
use twilight_model::oauth::ApplicationIntegrationType;

use crate::check::Checks;
use crate::command::{ContextMenu, SlashCommand};

/// Where and to whom Discord offers a command, apart from its checks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Offer {
    pub(crate) places: Option<Vec<InteractionContextType>>,
    pub(crate) installations: Option<Vec<ApplicationIntegrationType>>,
    pub(crate) is_nsfw: bool,
}

/// A name and a description in every language.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) names: HashMap<String, String>,
    pub(crate) descriptions: HashMap<String, String>,
}

impl Named {
    pub(crate) fn new(name: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: description.into(),
            names: HashMap::new(),
            descriptions: HashMap::new(),
        }
    }

    /// Describes a command at the top level.
    pub(crate) fn as_command(
        &self,
        kind: CommandType,
        options: Vec<CommandOption>,
        checks: &Checks,
        offer: &Offer,
    ) -> Command {
        #[expect(deprecated, reason = "the field has no other way to be left out")]
        Command {
            application_id: None,
            contexts: checks.places().or_else(|| offer.places.clone()),
            default_member_permissions: checks.user_permissions(),
            dm_permission: None,
            description: self.description.clone(),
            description_localizations: some(&self.descriptions),
            guild_id: None,
            id: None,
            integration_types: offer.installations.clone(),
            kind,
            name: self.name.clone(),
            name_localizations: some(&self.names),
            nsfw: offer.is_nsfw.then_some(true),
            options,
            version: Id::new(1),
        }
    }

    /// Describes a command inside a group.
    pub(crate) fn as_option(
        &self,
        kind: CommandOptionType,
        options: Vec<CommandOption>,
    ) -> CommandOption {
        CommandOption {
            autocomplete: None,
            channel_types: None,
            choices: None,
            description: self.description.clone(),
            description_localizations: some(&self.descriptions),
            file_types: None,
            kind,
            max_length: None,
            max_value: None,
            min_length: None,
            min_value: None,
            name: self.name.clone(),
            name_localizations: some(&self.names),
            options: Some(options),
            required: None,
        }
    }
}

fn some(translations: &HashMap<String, String>) -> Option<HashMap<String, String>> {
    (!translations.is_empty()).then(|| translations.clone())
}

impl SlashCommand {
    /// Describes its options, with optional ones last.
    pub(crate) fn described(&self) -> Vec<CommandOption> {
        let options = self.options.iter().map(|option| option.schema.clone());
        let mut options: Vec<_> = options.collect();
        options.sort_by_key(|option| option.required != Some(true));
        options
    }
}

impl ContextMenu {
    /// Describes it.
    pub(crate) fn described(&self, checks: &Checks) -> Command {
        self.named
            .as_command(self.kind, Vec::new(), checks, &self.offer)
    }
}

/// Gives a builder with a field `named` the methods that translate it.
macro_rules! naming_methods {
    () => {
        /// Sets its name in a language. (Discord: Reference, Locales.)
        pub fn name_in(mut self, locale: impl Into<String>, name: impl Into<String>) -> Self {
            self.named.names.insert(locale.into(), name.into());
            self
        }

        /// Sets its description in a language. (Discord: Reference, Locales.)
        pub fn description_in(
            mut self,
            locale: impl Into<String>,
            text: impl Into<String>,
        ) -> Self {
            self.named.descriptions.insert(locale.into(), text.into());
            self
        }
    };
}

/// Gives a builder with a field `offer` the methods that decide where Discord offers it.
macro_rules! offer_methods {
    () => {
        /// Offers it only in age-restricted channels.
        pub fn nsfw(mut self) -> Self {
            self.offer.is_nsfw = true;
            self
        }

        /// Offers it only in these places.
        ///
        /// By default it is offered wherever the application is installed, unless a check restricts it.
        /// (Discord: Application Commands, Interaction Contexts.)
        pub fn contexts(
            mut self,
            places: impl IntoIterator<
                Item = twilight_model::application::interaction::InteractionContextType,
            >,
        ) -> Self {
            self.offer.places = Some(places.into_iter().collect());
            self
        }

        /// Offers it for these installations of the application: in a guild, for a user, or both.
        ///
        /// (Discord: Application Commands, Installation Context.)
        pub fn integration_types(
            mut self,
            types: impl IntoIterator<Item = twilight_model::oauth::ApplicationIntegrationType>,
        ) -> Self {
            self.offer.installations = Some(types.into_iter().collect());
            self
        }
    };
}

pub(crate) use naming_methods;
pub(crate) use offer_methods;
