//! A button was pressed, or something was chosen from a select menu.

use std::future::Future;

use twilight_model::application::interaction::message_component::MessageComponentInteractionData;
use twilight_model::application::interaction::{
    InteractionData, InteractionDataResolved, InteractionType,
};
use twilight_model::channel::Message;

use crate::answer::{Modal, Reply};
use crate::failure::Result;
use crate::interaction::{InteractionContext, kind};

kind! {
    /// What the handler of a component may touch.
    ComponentContext is InteractionContext, if |interaction| {
        interaction.kind == InteractionType::MessageComponent
            && interaction.message.is_some()
            && matches!(&interaction.data, Some(InteractionData::MessageComponent(_)))
    }
}

impl ComponentContext {
    /// Returns the component's data, as it came.
    #[must_use]
    pub fn component(&self) -> &MessageComponentInteractionData {
        match self.data() {
            InteractionData::MessageComponent(data) => data,
            _ => unreachable!("it is made for components only"),
        }
    }

    /// Returns the message with the component.
    #[must_use]
    pub fn message(&self) -> &Message {
        let message = self.interaction().message.as_ref();
        message.unwrap_or_else(|| unreachable!("it is made for components of messages only"))
    }

    /// Returns what was chosen from a select menu, as it came: the values of options, or ids.
    #[must_use]
    pub fn values(&self) -> &[String] {
        &self.component().values
    }

    /// Returns the users, members, roles and channels that were chosen, as they came.
    #[must_use]
    pub fn resolved(&self) -> Option<&InteractionDataResolved> {
        self.component().resolved.as_ref()
    }

    /// Answers by changing the message with the component. What the reply does not have, such as
    /// buttons, the message has no more.
    ///
    /// # Errors
    ///
    /// As [`Responder::update`](crate::Responder::update).
    #[track_caller]
    pub fn update(&self, reply: impl Into<Reply>) -> impl Future<Output = Result<()>> + Send {
        self.responder().update(reply)
    }

    /// Takes note of the use of the component. The message with it can be changed later, by
    /// [`update`](Self::update).
    ///
    /// # Errors
    ///
    /// As [`Responder::defer_update`](crate::Responder::defer_update).
    #[track_caller]
    pub fn defer_update(&self) -> impl Future<Output = Result<()>> + Send {
        self.responder().defer_update()
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
