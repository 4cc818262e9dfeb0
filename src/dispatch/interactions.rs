//! Routing of an interaction to its one handler.

use std::collections::HashMap;
use std::sync::Arc;

use twilight_model::application::command::CommandType;
use twilight_model::application::interaction::application_command::CommandData;
use twilight_model::application::interaction::{Interaction, InteractionData, InteractionType};
use twilight_model::gateway::event::EventType;

use crate::component::Key;
use crate::context::Context;
use crate::dispatch::Route;
use crate::event::EventKinds;
use crate::exception::{MalformedEvent, UnknownCommand, UnknownComponent};
use crate::failure::{Failure, IntoFailure};
use crate::handler::{BoxFuture, Call};
use crate::interaction::{AutocompleteContext, InteractionContext, InteractionKind, path};

/// The handlers of interactions, by what they handle.
#[derive(Default)]
pub(crate) struct Interactions {
    /// By the path: `queue add`.
    pub(crate) commands: HashMap<String, Arc<Route>>,
    pub(crate) user_menus: HashMap<String, Arc<Route>>,
    pub(crate) message_menus: HashMap<String, Arc<Route>>,
    /// By the command's path and the option's name.
    pub(crate) completions: HashMap<String, HashMap<String, Arc<Route>>>,
    pub(crate) components: HashMap<Key, Arc<Route>>,
    pub(crate) modals: HashMap<Key, Arc<Route>>,
    /// Receives interactions without a handler, unless the author listens to interactions.
    pub(crate) unknown: Option<Arc<Route>>,
}

impl Interactions {
    /// Returns the events that must be read.
    pub(crate) fn wanted(&self) -> EventKinds {
        if self.unknown.is_some() || !self.is_empty() {
            EventKinds::of(EventType::InteractionCreate)
        } else {
            EventKinds::EMPTY
        }
    }

    /// Returns whether there are no handlers.
    pub(crate) fn is_empty(&self) -> bool {
        let by_name = [&self.commands, &self.user_menus, &self.message_menus];
        let by_key = [&self.components, &self.modals];
        by_name.iter().all(|handlers| handlers.is_empty())
            && by_key.iter().all(|handlers| handlers.is_empty())
    }

    /// Finds the handler of an interaction.
    pub(crate) fn find(&self, interaction: &Interaction) -> Option<&Arc<Route>> {
        if !InteractionContext::matches(interaction) {
            return None;
        }
        match &interaction.data {
            Some(InteractionData::ApplicationCommand(data)) => self.command(interaction, data),
            Some(InteractionData::MessageComponent(data)) => {
                Key::of(&data.custom_id).and_then(|key| self.components.get(&key))
            }
            Some(InteractionData::ModalSubmit(data)) => {
                Key::of(&data.custom_id).and_then(|key| self.modals.get(&key))
            }
            _ => None,
        }
    }

    fn command(&self, interaction: &Interaction, data: &CommandData) -> Option<&Arc<Route>> {
        if interaction.kind == InteractionType::ApplicationCommandAutocomplete {
            let option = AutocompleteContext::focused_in(data)?;
            return self.completions.get(&path(data))?.get(option);
        }
        match data.kind {
            CommandType::ChatInput => self.commands.get(&path(data)),
            CommandType::User => self.user_menus.get(&data.name),
            CommandType::Message => self.message_menus.get(&data.name),
            _ => None,
        }
    }
}

/// Fails because there is no handler.
pub(crate) struct Unknown;

impl Call for Unknown {
    fn call<'a>(&'a self, ctx: &'a Context) -> BoxFuture<'a, Result<(), Failure>> {
        let failure = match InteractionContext::of(ctx) {
            None => MalformedEvent::incomplete("INTERACTION_CREATE").into_failure(),
            Some(ctx) => match &ctx.interaction().data {
                Some(InteractionData::ApplicationCommand(data)) => {
                    UnknownCommand::new(path(data)).into_failure()
                }
                _ => UnknownComponent::new().into_failure(),
            },
        };
        Box::pin(async { Err(failure) })
    }
}
