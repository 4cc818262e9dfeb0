//! The context of a modal.

use std::future::Future;

use twilight_model::application::interaction::modal::{
    ModalInteractionComponent, ModalInteractionData,
};
use twilight_model::application::interaction::{InteractionData, InteractionType};
use twilight_model::channel::Message;

use crate::answer::Reply;
use crate::failure::Result;
use crate::interaction::{InteractionContext, kind};

kind! {
    /// The context of a modal's handler.
    ModalContext is InteractionContext, if |interaction| {
        interaction.kind == InteractionType::ModalSubmit
            && matches!(&interaction.data, Some(InteractionData::ModalSubmit(_)))
    }
}

impl ModalContext {
    /// Returns the modal's data, unchanged.
    #[must_use]
    pub fn modal(&self) -> &ModalInteractionData {
        match self.data() {
            InteractionData::ModalSubmit(data) => data,
            _ => unreachable!("it is made for modals only"),
        }
    }

    /// Returns the message with the component that showed the modal, if a component did.
    #[must_use]
    pub fn message(&self) -> Option<&Message> {
        self.interaction().message.as_ref()
    }

    /// Answers by changing the message with the component that showed the modal.
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
}

/// Finds the value of a field by its custom id, however deep it is nested.
pub(crate) fn found<'a>(
    modal: &'a ModalInteractionData,
    custom_id: &str,
) -> Option<&'a ModalInteractionComponent> {
    let mut fields = modal.components.iter().flat_map(leaves);
    fields.find(|field| id_of(field) == Some(custom_id))
}

/// Returns the fields in a component, including those in rows and labels.
fn leaves(component: &ModalInteractionComponent) -> Vec<&ModalInteractionComponent> {
    match component {
        ModalInteractionComponent::ActionRow(row) => row.components.iter().collect(),
        ModalInteractionComponent::Label(label) => vec![&label.component],
        field => vec![field],
    }
}

fn id_of(field: &ModalInteractionComponent) -> Option<&str> {
    match field {
        ModalInteractionComponent::ChannelSelect(select) => Some(&select.custom_id),
        ModalInteractionComponent::Checkbox(checkbox) => Some(&checkbox.custom_id),
        ModalInteractionComponent::CheckboxGroup(group) => Some(&group.custom_id),
        ModalInteractionComponent::FileUpload(upload) => Some(&upload.custom_id),
        ModalInteractionComponent::MentionableSelect(select) => Some(&select.custom_id),
        ModalInteractionComponent::RoleSelect(select) => Some(&select.custom_id),
        ModalInteractionComponent::StringSelect(select) => Some(&select.custom_id),
        ModalInteractionComponent::TextInput(input) => Some(&input.custom_id),
        ModalInteractionComponent::UserSelect(select) => Some(&select.custom_id),
        _ => None,
    }
}
