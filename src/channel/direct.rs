//! Direct messages.

use twilight_model::channel::{Channel, Message};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, UserMarker};

use crate::answer::Reply;
use crate::context::Context;
use crate::exception::UnknownChannel;
use crate::failure::Result;
use crate::meta::Place;

impl Context {
    /// Sends a direct message to a user, with anything that a [`reply`](Self::reply) can have.
    ///
    /// The channel is opened the first time, and then remembered as long as there is room. Discord limits
    /// how many users a bot may open a channel with: write only to those who want it.
    ///
    /// # Errors
    ///
    /// [`CannotMessageUser`](crate::exception::CannotMessageUser) if the user takes no messages from the
    /// bot, and any other failure of [`create_message`](twilight_http::Client::create_message) and
    /// [`create_private_channel`](twilight_http::Client::create_private_channel).
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::exception::CannotMessageUser;
    /// use cordial::prelude::*;
    ///
    /// /// Have the rules sent to you.
    /// #[command]
    /// async fn rules(ctx: &CommandContext, author: AuthorId) -> Result<()> {
    ///     ctx.send_direct(author.0, "Be kind.").await?;
    ///     ctx.reply("Sent!").await?;
    ///     Ok(())
    /// }
    ///
    /// #[error_handler]
    /// async fn closed(ctx: &ErrorContext, _: &CannotMessageUser) -> bool {
    ///     ctx.reply("You take no direct messages from me.").await.is_ok()
    /// }
    /// ```
    #[track_caller]
    pub fn send_direct(
        &self,
        user: Id<UserMarker>,
        reply: impl Into<Reply>,
    ) -> impl Future<Output = Result<Message>> + Send {
        let (reply, place) = (reply.into().laid_out(), Place::caller());
        async move {
            let sent = Box::pin(self.send_to_user(user, &reply)).await;
            sent.map_err(|failure| failure.at(place))
        }
    }

    /// Returns the channel of direct messages with a user, and opens it if it is not known.
    ///
    /// # Errors
    ///
    /// Any failure of [`create_private_channel`](twilight_http::Client::create_private_channel).
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    ///
    /// #[listener]
    /// async fn greets(ctx: &Context, joined: &MemberAdd) -> Result<()> {
    ///     let channel = ctx.direct_channel(joined.user.id).await?;
    ///     ctx.http().create_typing_trigger(channel).await?;
    ///     Ok(())
    /// }
    /// ```
    #[track_caller]
    pub fn direct_channel(
        &self,
        user: Id<UserMarker>,
    ) -> impl Future<Output = Result<Id<ChannelMarker>>> + Send {
        let place = Place::caller();
        async move {
            let opened = Box::pin(self.conversation(user)).await;
            opened.map_err(|failure| failure.at(place))
        }
    }

    async fn send_to_user(&self, user: Id<UserMarker>, reply: &Reply) -> Result<Message> {
        let known = self.scene.http.conversations().with(user).is_some();
        let channel = self.conversation(user).await?;
        match self.send_to(channel, reply, None).await {
            // Discord may have closed it since it was opened.
            Err(failure) if known && failure.is::<UnknownChannel>() => {
                self.scene.http.conversations().forget(user);
                let channel = self.conversation(user).await?;
                self.send_to(channel, reply, None).await
            }
            result => result,
        }
    }

    async fn conversation(&self, user: Id<UserMarker>) -> Result<Id<ChannelMarker>> {
        let http = &self.scene.http;
        if let Some(channel) = http.conversations().with(user) {
            return Ok(channel);
        }
        let opening = http.client().create_private_channel(user);
        let channel: Channel = http.ask(opening).await?;
        http.conversations().learn(user, channel.id);
        Ok(channel.id)
    }
}
