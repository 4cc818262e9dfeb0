//! The requests that answer one interaction.

use twilight_http::client::InteractionClient;
use twilight_model::application::interaction::Interaction;
use twilight_model::application::interaction::callback::InteractionCallbackResponse;
use twilight_model::channel::Message;
use twilight_model::channel::message::MessageFlags;
use twilight_model::http::interaction::InteractionResponse;
use twilight_model::id::Id;
use twilight_model::id::marker::{ApplicationMarker, InteractionMarker};

use crate::answer::Reply;
use crate::exception::{ErrorCode, HttpError};
use crate::failure::{Failure, Result};
use crate::http::Http;

/// The error that Discord returns for a second first answer. (Discord: Opcodes and Status Codes, JSON.)
pub(crate) const ALREADY_ACKNOWLEDGED: ErrorCode = ErrorCode::Number(40060);

/// The requests that answer one interaction.
pub(crate) struct Line {
    application: Id<ApplicationMarker>,
    pub(crate) id: Id<InteractionMarker>,
    /// The ticket that stands for the token.
    ticket: String,
    http: Http,
}

impl Line {
    pub(crate) fn new(interaction: &Interaction, http: Http) -> Self {
        Self {
            application: interaction.application_id,
            id: interaction.id,
            ticket: interaction.token.clone(),
            http,
        }
    }

    /// Gives the first answer. Returns the message, if Discord says which it is.
    pub(crate) async fn answer(&self, response: &InteractionResponse) -> Result<Option<Message>> {
        let client = self.client();
        let request = client.create_response(self.id, &self.ticket, response);
        let told = self.http.ask_anyway(request.with_response()).await;
        let told: Option<InteractionCallbackResponse> = match told {
            // An earlier attempt arrived, but its answer did not.
            Err(failure) if is_repeated(&failure) => None,
            told => told?,
        };
        let resource = told.and_then(|told| told.resource);
        Ok(resource.and_then(|resource| resource.message))
    }

    /// Fetches the message that answered.
    pub(crate) async fn original(&self) -> Result<Message> {
        self.http.ask(self.client().response(&self.ticket)).await
    }

    /// Edits the answer, or completes a deferred one.
    pub(crate) async fn change(&self, reply: &Reply) -> Result<Message> {
        let client = self.client();
        let mut request = client
            .update_response(&self.ticket)
            .allowed_mentions(Some(&reply.mentions))
            .attachments(&reply.files)
            .content(reply.content.as_deref())
            .embeds(Some(&reply.embeds))
            .components(Some(&reply.components));
        if reply.is_layout() {
            request = request.flags(MessageFlags::IS_COMPONENTS_V2);
        }
        self.http.ask(request).await
    }

    /// Sends another message.
    pub(crate) async fn add(&self, reply: &Reply) -> Result<Message> {
        let client = self.client();
        // The flags first: twilight looks at components by what they say.
        let mut request = client
            .create_followup(&self.ticket)
            .flags(reply.flags())
            .allowed_mentions(Some(&reply.mentions))
            .attachments(&reply.files)
            .embeds(&reply.embeds)
            .components(&reply.components);
        if let Some(content) = &reply.content {
            request = request.content(content);
        }
        self.http.ask(request).await
    }

    /// Deletes the answer, or a deferred one.
    pub(crate) async fn delete(&self) -> Result<()> {
        let client = self.client();
        self.http.tell(client.delete_response(&self.ticket)).await
    }

    pub(crate) fn token(&self) -> Option<String> {
        self.http.token_of(&self.ticket)
    }

    fn client(&self) -> InteractionClient<'_> {
        self.http.client().interaction(self.application)
    }
}

/// Returns whether a request that was tried more than once failed because the interaction was already
/// answered.
fn is_repeated(failure: &Failure) -> bool {
    let refused = failure.find::<HttpError>();
    refused.is_some_and(|error| error.attempts() > 1 && error.code() == Some(&ALREADY_ACKNOWLEDGED))
}
