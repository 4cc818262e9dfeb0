//! The context of a button or a select menu.

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
    /// The context of a component's handler.
    ComponentContext is InteractionContext, if |interaction| {
        interaction.kind == InteractionType::MessageComponent
            && interaction.message.is_some()
            && matches!(&interaction.data, Some(InteractionData::MessageComponent(_)))
    }
}

impl ComponentContext {
    /// Returns the component's data, unchanged.
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

    /// Returns the values that were chosen from a select menu, unchanged: those of its options, or ids.
    #[must_use]
    pub fn values(&self) -> &[String] {
        &self.component().values
    }

    /// Returns the users, members, roles and channels that were chosen, unchanged.
    #[must_use]
    pub fn resolved(&self) -> Option<&InteractionDataResolved> {
        self.component().resolved.as_ref()
    }

    /// Answers by changing the message with the component.
    ///
    /// The reply replaces all of the message, including its buttons; only files stay.
    ///
    /// # Errors
    ///
    /// As [`Responder::update`](crate::Responder::update).
    #[track_caller]
    pub fn update(&self, reply: impl Into<Reply>) -> impl Future<Output = Result<()>> + Send {
        self.responder().update(reply)
    }

    /// Acknowledges the use of the component.
    ///
    /// [`update`](Self::update) can change the message with the component later.
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
