//! Answering where the event happened.

use std::future::Future;

use twilight_model::channel::Message;
use twilight_model::channel::message::AllowedMentions;
use twilight_model::gateway::event::Event;
use twilight_model::id::Id;
use twilight_model::id::marker::MessageMarker;

use crate::context::Context;
use crate::event;
use crate::failure::Result;
use crate::meta::Place;

/// An event happened in no channel, so there is nowhere to reply.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, crate::Exception)]
#[error("{event} happens in no channel: choose one, and send with `ctx.http().create_message(..)`")]
pub struct NoChannel {
    event: &'static str,
}

impl Context {
    /// Sends a message to the channel where the event happened; to a message, as a reply to it.
    ///
    /// Nobody is mentioned by it, whatever the text says.
    ///
    /// # Errors
    ///
    /// [`NoChannel`] if the event happened in none, and whatever
    /// [`create_message`](twilight_http::Client::create_message) fails with.
    #[track_caller]
    pub fn reply<'a>(
        &'a self,
        content: impl AsRef<str> + Send + 'a,
    ) -> impl Future<Output = Result<Message>> + Send + 'a {
        // A failure happened where the author asked for the reply.
        let place = Place::caller();
        async move {
            let sent = self.send_reply(content.as_ref()).await;
            sent.map_err(|failure| failure.at(place))
        }
    }

    async fn send_reply(&self, content: &str) -> Result<Message> {
        let event = self.event();
        let Some(channel) = event.and_then(event::channel_id) else {
            let event = event.and_then(|event| event.kind().name());
            let event = event.unwrap_or("what failed");
            return Err(NoChannel { event }.into());
        };
        let quiet = AllowedMentions::default();
        let mut message = self
            .http()
            .create_message(channel)
            .content(content)
            .allowed_mentions(Some(&quiet));
        if let Some(answered) = event.and_then(message_id) {
            message = message.reply(answered).fail_if_not_exists(false);
        }
        Ok(message.await?.model().await?)
    }
}

/// Returns the message that an event tells of, if it is there to be replied to.
fn message_id(event: &Event) -> Option<Id<MessageMarker>> {
    match event {
        Event::MessageCreate(message) => Some(message.id),
        Event::MessageUpdate(message) => Some(message.id),
        Event::ReactionAdd(reaction) => Some(reaction.message_id),
        _ => None,
    }
}
