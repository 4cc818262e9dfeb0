//! The context of any interaction.

use std::fmt;
use std::future::Future;
use std::ops::Deref;

use twilight_model::application::interaction::{Interaction, InteractionData};
use twilight_model::channel::Message;
use twilight_model::gateway::event::Event;
use twilight_model::guild::{PartialMember, Permissions};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker};
use twilight_model::user::User;

use crate::answer::{Reply, Responder};
use crate::context::Context;
use crate::failure::Result;

/// The context of an interaction's handler: the [`Context`], the user, the place, and the one answer.
///
/// An error handler with this as its first argument is asked about failures of any interaction.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
///
/// #[error_handler]
/// async fn sorry(ctx: &InteractionContext, failure: &Failure) -> bool {
///     tracing::error!(user = %ctx.user().id, id = %failure.id(), "somebody was let down");
///     ctx.reply("That went wrong.").await.is_ok()
/// }
/// ```
#[derive(Clone)]
pub struct InteractionContext {
    ctx: Context,
}

/// A kind of interaction, as the context type that handlers take as their first argument.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the context of an interaction",
    label = "not an interaction context",
    note = "the contexts are `CommandContext`, `UserMenuContext`, `MessageMenuContext`, `AutocompleteContext`, `ComponentContext` and `ModalContext`"
)]
pub trait InteractionKind: Clone + Deref + Send + Sync + 'static {
    /// The name of this kind.
    const NAME: &'static str;

    /// Returns whether an interaction is of this kind, and complete.
    fn matches(interaction: &Interaction) -> bool;

    /// Converts the context of an interaction of this kind.
    fn of(ctx: &Context) -> Option<Self>;

    /// Returns the context.
    fn context(&self) -> &Context;
}

impl InteractionKind for InteractionContext {
    const NAME: &'static str = "InteractionContext";

    fn matches(interaction: &Interaction) -> bool {
        interaction.author().is_some() && interaction.data.is_some()
    }

    fn of(ctx: &Context) -> Option<Self> {
        match ctx.event()? {
            Event::InteractionCreate(interaction) if Self::matches(interaction) => {
                Some(Self { ctx: ctx.clone() })
            }
            _ => None,
        }
    }

    fn context(&self) -> &Context {
        &self.ctx
    }
}

impl InteractionContext {
    /// Returns the interaction, unchanged.
    #[must_use]
    pub fn interaction(&self) -> &Interaction {
        match self.ctx.event() {
            Some(Event::InteractionCreate(interaction)) => interaction,
            _ => unreachable!("it is made for interactions only"),
        }
    }

    /// Returns the user who caused the interaction.
    #[must_use]
    pub fn user(&self) -> &User {
        let author = self.interaction().author();
        author.unwrap_or_else(|| unreachable!("an interaction without an author is not dispatched"))
    }

    /// Returns the user as a member of the guild, if it happened in one.
    #[must_use]
    pub fn member(&self) -> Option<&PartialMember> {
        self.interaction().member.as_ref()
    }

    /// Returns the guild, if it happened in one.
    #[must_use]
    pub fn guild_id(&self) -> Option<Id<GuildMarker>> {
        self.interaction().guild_id
    }

    /// Returns the channel.
    #[must_use]
    pub fn channel_id(&self) -> Option<Id<ChannelMarker>> {
        let channel = self.interaction().channel.as_ref();
        channel.map(|channel| channel.id)
    }

    /// Returns the user's permissions in the channel, or `None` outside of guilds.
    #[must_use]
    pub fn permissions(&self) -> Option<Permissions> {
        self.member()?.permissions
    }

    /// Returns the bot's permissions in the channel.
    #[must_use]
    pub fn bot_permissions(&self) -> Permissions {
        let permissions = self.interaction().app_permissions;
        permissions.unwrap_or_else(Permissions::empty)
    }

    /// Returns the language of the user's client, such as `en-GB`. (Discord: Reference, Locales.)
    #[must_use]
    pub fn locale(&self) -> &str {
        self.interaction().locale.as_deref().unwrap_or("en-US")
    }

    /// Returns the interaction's responder, which answers it.
    #[must_use]
    pub fn responder(&self) -> &Responder {
        let responder = self.ctx.responder();
        responder.unwrap_or_else(|| unreachable!("every interaction has one"))
    }

    /// Defers the answer, in public.
    ///
    /// Everybody sees that the bot is thinking. `reply` completes the answer within 15 minutes.
    ///
    /// You rarely need this: if a handler has not answered after 2 seconds, cordial
    /// [defers](crate::BotBuilder::defer_after) by itself, unless that is turned off.
    ///
    /// # Errors
    ///
    /// As [`Responder::defer`].
    #[track_caller]
    pub fn defer(&self) -> impl Future<Output = Result<()>> + Send {
        self.responder().defer()
    }

    /// Defers the answer, as an ephemeral one.
    ///
    /// Nobody else sees it. `reply` completes the answer within 15 minutes.
    ///
    /// # Errors
    ///
    /// As [`Responder::defer_ephemeral`].
    #[track_caller]
    pub fn defer_ephemeral(&self) -> impl Future<Output = Result<()>> + Send {
        self.responder().defer_ephemeral()
    }

    /// Edits the answer.
    ///
    /// # Errors
    ///
    /// As [`Responder::edit`].
    #[track_caller]
    pub fn edit(&self, reply: impl Into<Reply>) -> impl Future<Output = Result<Message>> + Send {
        self.responder().edit(reply)
    }

    /// Sends another message after the answer.
    ///
    /// # Errors
    ///
    /// As [`Responder::follow_up`].
    #[track_caller]
    pub fn follow_up(
        &self,
        reply: impl Into<Reply>,
    ) -> impl Future<Output = Result<Message>> + Send {
        self.responder().follow_up(reply)
    }

    /// Deletes the answer.
    ///
    /// # Errors
    ///
    /// As [`Responder::delete`].
    #[track_caller]
    pub fn delete(&self) -> impl Future<Output = Result<()>> + Send {
        self.responder().delete()
    }

    /// Returns the interaction's data.
    pub(crate) fn data(&self) -> &InteractionData {
        let data = self.interaction().data.as_ref();
        data.unwrap_or_else(|| unreachable!("an interaction without data is not dispatched"))
    }
}

impl Deref for InteractionContext {
    type Target = Context;

    fn deref(&self) -> &Context {
        &self.ctx
    }
}

impl fmt::Debug for InteractionContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple(Self::NAME).field(&self.ctx).finish()
    }
}

/// Declares the context of a kind of interaction, from a broader one and the data that it needs.
macro_rules! kind {
    (
        $(#[$doc:meta])*
        $name:ident is $base:ident, if |$interaction:ident| $matches:expr
    ) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name {
            base: $base,
        }

        impl $crate::interaction::InteractionKind for $name {
            const NAME: &'static str = stringify!($name);

            fn matches($interaction: &twilight_model::application::interaction::Interaction) -> bool {
                $base::matches($interaction) && $matches
            }

            fn of(ctx: &$crate::context::Context) -> Option<Self> {
                let base = $base::of(ctx)?;
                Self::matches(base.interaction()).then_some(Self { base })
            }

            fn context(&self) -> &$crate::context::Context {
                self.base.context()
            }
        }

        #[diagnostic::do_not_recommend]
        impl $crate::interaction::ContextOf<$name> for $crate::interaction::InteractionContext {
            fn of(ctx: &$name) -> &Self {
                ctx
            }
        }

        impl std::ops::Deref for $name {
            type Target = $base;

            fn deref(&self) -> &$base {
                &self.base
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let ctx: &$crate::context::Context = self;
                f.debug_tuple(stringify!($name)).field(ctx).finish()
            }
        }
    };
}

pub(crate) use kind;

/// The first argument of a handler of interactions of the kind `C`: `C` itself, or
/// [`InteractionContext`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the first argument here",
    label = "not `{C}`",
    note = "take `ctx: &{C}`"
)]
pub trait ContextOf<C> {
    /// Returns the context.
    #[doc(hidden)]
    fn of(ctx: &C) -> &Self;
}

#[diagnostic::do_not_recommend]
impl<C: InteractionKind> ContextOf<C> for C {
    fn of(ctx: &C) -> &Self {
        ctx
    }
}
