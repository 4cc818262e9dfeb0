//! What carries the answers to one interaction: the requests, at their pace, without a trace of the
//! token.

use std::sync::Arc;

use tracing::Dispatch;
use twilight_http::Client;
use twilight_http::client::InteractionClient;
use twilight_model::application::interaction::Interaction;
use twilight_model::channel::Message;
use twilight_model::channel::message::MessageFlags;
use twilight_model::http::interaction::InteractionResponse;
use twilight_model::id::Id;
use twilight_model::id::marker::{ApplicationMarker, InteractionMarker};

use crate::answer::Reply;
use crate::answer::pace::Pace;
use crate::failure::Result;

/// What carries the answers to one interaction.
pub(crate) struct Line {
    application: Id<ApplicationMarker>,
    pub(crate) id: Id<InteractionMarker>,
    token: String,
    pace: Pace,
    client: Arc<Client>,
}

impl Line {
    pub(crate) fn new(interaction: &Interaction, client: Arc<Client>) -> Self {
        Self {
            application: interaction.application_id,
            id: interaction.id,
            token: interaction.token.clone(),
            pace: Pace::default(),
            client,
        }
    }

    /// Gives the first answer. Returns the message, if Discord says which it is.
    pub(crate) async fn answer(&self, response: &InteractionResponse) -> Result<Option<Message>> {
        let client = self.client();
        let request = client.create_response(self.id, &self.token, response);
        let answered = quietly(|| request.with_response().into_future()).await?;
        // The answer has arrived, whether or not what Discord says of it can be read.
        let resource = answered.model().await.ok().and_then(|told| told.resource);
        Ok(resource.and_then(|resource| resource.message))
    }

    /// Asks for the message that answered.
    pub(crate) async fn original(&self) -> Result<Message> {
        self.pace.turn().await;
        let client = self.client();
        let request = quietly(|| client.response(&self.token).into_future());
        Ok(request.await?.model().await?)
    }

    /// Changes the answer, or keeps the promise of one.
    pub(crate) async fn change(&self, reply: &Reply) -> Result<Message> {
        self.pace.turn().await;
        let client = self.client();
        let mut request = client
            .update_response(&self.token)
            .allowed_mentions(Some(&reply.mentions))
            .attachments(&reply.files)
            .content(reply.content.as_deref())
            .embeds(Some(&reply.embeds))
            .components(Some(&reply.components));
        if reply.is_layout() {
            request = request.flags(MessageFlags::IS_COMPONENTS_V2);
        }
        Ok(quietly(|| request.into_future()).await?.model().await?)
    }

    /// Sends another message.
    pub(crate) async fn add(&self, reply: &Reply) -> Result<Message> {
        self.pace.turn().await;
        let client = self.client();
        // The flags first: twilight looks at components by what they say.
        let mut request = client
            .create_followup(&self.token)
            .flags(reply.flags())
            .allowed_mentions(Some(&reply.mentions))
            .attachments(&reply.files)
            .embeds(&reply.embeds)
            .components(&reply.components);
        if let Some(content) = &reply.content {
            request = request.content(content);
        }
        Ok(quietly(|| request.into_future()).await?.model().await?)
    }

    /// Deletes the answer, or takes the promise of one back.
    pub(crate) async fn delete(&self) -> Result<()> {
        self.pace.turn().await;
        let client = self.client();
        quietly(|| client.delete_response(&self.token).into_future()).await?;
        Ok(())
    }

    fn client(&self) -> InteractionClient<'_> {
        self.client.interaction(self.application)
    }
}

/// Makes a request without the span that twilight would log: it holds the interaction's token.
fn quietly<F>(request: impl FnOnce() -> F) -> F {
    tracing::dispatcher::with_default(&Dispatch::none(), request)
}
