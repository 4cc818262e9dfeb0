//! The contexts of context menus.

use std::future::Future;

use twilight_model::application::command::CommandType;
use twilight_model::application::interaction::application_command::CommandData;
use twilight_model::application::interaction::{
    Interaction, InteractionData, InteractionMember, InteractionType,
};
use twilight_model::channel::Message;
use twilight_model::user::User;

use crate::answer::Modal;
use crate::failure::Result;
use crate::interaction::{InteractionContext, kind};

kind! {
    /// The context of a context menu's handler, of a user or a message.
    MenuContext is InteractionContext, if |interaction| {
        interaction.kind == InteractionType::ApplicationCommand
            && data(interaction).is_some_and(|data| data.kind != CommandType::ChatInput)
    }
}

kind! {
    /// The context of a user context menu's handler.
    UserMenuContext is MenuContext, if |interaction| {
        data(interaction).and_then(target_user).is_some()
    }
}

kind! {
    /// The context of a message context menu's handler.
    MessageMenuContext is MenuContext, if |interaction| {
        data(interaction).and_then(target_message).is_some()
    }
}

impl MenuContext {
    /// Returns the menu's data, unchanged.
    #[must_use]
    pub fn command(&self) -> &CommandData {
        data(self.interaction()).unwrap_or_else(|| unreachable!("it is made for menus only"))
    }

    /// Returns the name of the entry that was chosen.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.command().name
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

impl UserMenuContext {
    /// Returns the user that the menu was opened on.
    #[must_use]
    pub fn target(&self) -> &User {
        let target = target_user(self.command());
        target.unwrap_or_else(|| unreachable!("it is made for menus of users only"))
    }

    /// Returns that user as a member of the guild, if they are one.
    #[must_use]
    pub fn target_member(&self) -> Option<&InteractionMember> {
        let resolved = self.command().resolved.as_ref()?;
        resolved.members.get(&self.target().id)
    }
}

impl MessageMenuContext {
    /// Returns the message that the menu was opened on.
    #[must_use]
    pub fn target(&self) -> &Message {
        let target = target_message(self.command());
        target.unwrap_or_else(|| unreachable!("it is made for menus of messages only"))
    }
}

fn data(interaction: &Interaction) -> Option<&CommandData> {
    match &interaction.data {
        Some(InteractionData::ApplicationCommand(data)) => Some(data),
        _ => None,
    }
}

fn target_user(data: &CommandData) -> Option<&User> {
    let (id, resolved) = (data.target_id?, data.resolved.as_ref()?);
    resolved.users.get(&id.cast())
}

fn target_message(data: &CommandData) -> Option<&Message> {
    let (id, resolved) = (data.target_id?, data.resolved.as_ref()?);
    resolved.messages.get(&id.cast())
}
