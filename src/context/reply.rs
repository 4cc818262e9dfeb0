//! Answering where the event happened.

use std::future::Future;

use twilight_model::channel::Message;
use twilight_model::channel::message::MessageFlags;
use twilight_model::gateway::event::Event;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker};

use crate::answer::Reply;
use crate::context::Context;
use crate::event;
use crate::failure::Result;
use crate::meta::{HandlerKind, Place};

/// The error of a reply to an event that happened in no channel.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, crate::Exception)]
#[error("{event} has no channel to reply in: choose one and use `ctx.send(channel, ..)`")]
pub struct NoChannel {
    event: &'static str,
}

impl Context {
    /// Answers where the event happened.
    ///
    /// An interaction is answered by its [`Responder`](crate::answer::Responder), a message by a reply to it,
    /// and any other event by a message in its channel. In an error handler, an interaction that was already
    /// answered gets a follow-up message.
    ///
    /// The reply mentions nobody, whatever the text says, unless the [`Reply`] allows it.
    ///
    /// # Errors
    ///
    /// [`NoChannel`] if the event happened in no channel; for an interaction, the errors of
    /// [`Responder::reply`](crate::answer::Responder::reply); and the errors of
    /// [`create_message`](twilight_http::Client::create_message).
    #[track_caller]
    pub fn reply(&self, reply: impl Into<Reply>) -> impl Future<Output = Result<Message>> + Send {
        // A failure happened where the author asked for the reply.
        let (reply, place) = (reply.into(), Place::caller());
        let sent = async move {
            match self.responder() {
                // What an error handler says is said beside what was answered before.
                Some(responder) if self.stand.is_some() => {
                    responder.tell_at(reply, Some(place)).await
                }
                Some(responder) => responder.reply_at(reply, Some(place)).await,
                None => self.send_reply(&reply.laid_out()).await,
            }
        };
        // Boxed: twilight's requests are large, and would be part of every handler.
        async move { Box::pin(sent).await.map_err(|failure| failure.at(place)) }
    }

    /// Sends a message to any channel, with anything that a [`reply`](Self::reply) can have.
    ///
    /// The message mentions nobody, whatever the text says, unless the [`Reply`] allows it.
    ///
    /// # Errors
    ///
    /// The errors of [`create_message`](twilight_http::Client::create_message), such as
    /// [`UnknownChannel`](crate::exception::UnknownChannel) or
    /// [`MissingPermissions`](crate::exception::MissingPermissions).
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    ///
    /// struct Welcomes(Id<ChannelMarker>);
    ///
    /// #[listener]
    /// async fn welcomes(ctx: &Context, joined: &MemberAdd, channel: State<Welcomes>) -> Result<()> {
    ///     ctx.send(channel.0, format!("Welcome, {}!", joined.user.name)).await?;
    ///     Ok(())
    /// }
    /// ```
    #[track_caller]
    pub fn send(
        &self,
        channel: Id<ChannelMarker>,
        reply: impl Into<Reply>,
    ) -> impl Future<Output = Result<Message>> + Send {
        let (reply, place) = (reply.into().laid_out(), Place::caller());
        async move {
            let sent = Box::pin(self.send_to(channel, &reply, None)).await;
            sent.map_err(|failure| failure.at(place))
        }
    }

    async fn send_reply(&self, reply: &Reply) -> Result<Message> {
        let event = self.event();
        let Some(channel) = event.and_then(event::channel_id) else {
            let event = event.and_then(|event| event.kind().name());
            let event = event.unwrap_or(match self.handler.kind() {
                HandlerKind::Task => "a task",
                _ => "the failure",
            });
            return Err(NoChannel { event }.into());
        };
        let answered = event.and_then(message_id);
        self.send_to(channel, reply, answered).await
    }

    /// Sends a message that is laid out, as an answer to another or by itself.
    pub(crate) async fn send_to(
        &self,
        channel: Id<ChannelMarker>,
        reply: &Reply,
        answered: Option<Id<MessageMarker>>,
    ) -> Result<Message> {
        // The flags first: twilight looks at components by what they say.
        let mut message = self
            .http()
            .create_message(channel)
            .flags(reply.flags().difference(MessageFlags::EPHEMERAL))
            .allowed_mentions(Some(&reply.mentions))
            .attachments(&reply.files)
            .embeds(&reply.embeds)
            .components(&reply.components);
        if let Some(content) = &reply.content {
            message = message.content(content);
        }
        if let Some(answered) = answered {
            message = message.reply(answered).fail_if_not_exists(false);
        }
        self.scene.http.ask(message).await
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
