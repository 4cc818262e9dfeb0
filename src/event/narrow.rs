//! Narrower forms of the events that come both from guilds and from direct messages.
//!
//! `MessageCreate` alone does not say which of the two a bot wants, so it asks for both. `InGuild<MessageCreate>`
//! asks for, and receives, only messages from guilds, and knows its guild.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use twilight_model::gateway::Intents;
use twilight_model::gateway::event::Event;
use twilight_model::gateway::payload::incoming::{
    ChannelPinsUpdate, MessageCreate, MessageDelete, MessagePollVoteAdd, MessagePollVoteRemove,
    MessageUpdate, ReactionAdd, ReactionRemove, ReactionRemoveAll, TypingStart,
};
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use crate::event::{EventKinds, EventPayload, GatewayPayload, Occurrence, Part, Presence, View};

/// A message in a guild.
pub type GuildMessage = InGuild<MessageCreate>;

/// A message to the bot in direct messages.
pub type DirectMessage = Direct<MessageCreate>;

/// An event that comes from both guilds and direct messages, each by intents of its own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not come from both guilds and direct messages",
    label = "nothing to narrow",
    note = "take the event itself: `&{Self}`"
)]
pub trait Located: GatewayPayload {
    /// The intents that bring it from guilds.
    const GUILD_INTENTS: Intents;

    /// The intents that bring it from direct messages.
    const DIRECT_INTENTS: Intents;

    /// The event's name when it comes from a guild.
    const GUILD_NAME: &'static str;

    /// The event's name when it comes from direct messages.
    const DIRECT_NAME: &'static str;
}

macro_rules! located {
    ($($payload:ident: $guild:ident, $direct:ident;)*) => {$(
        impl Located for $payload {
            const GUILD_INTENTS: Intents = Intents::$guild;
            const DIRECT_INTENTS: Intents = Intents::$direct;
            const GUILD_NAME: &'static str = concat!("InGuild<", stringify!($payload), ">");
            const DIRECT_NAME: &'static str = concat!("Direct<", stringify!($payload), ">");
        }
    )*};
}

located! {
    ChannelPinsUpdate: GUILDS, DIRECT_MESSAGES;
    MessageCreate: GUILD_MESSAGES, DIRECT_MESSAGES;
    MessageDelete: GUILD_MESSAGES, DIRECT_MESSAGES;
    MessagePollVoteAdd: GUILD_MESSAGE_POLLS, DIRECT_MESSAGE_POLLS;
    MessagePollVoteRemove: GUILD_MESSAGE_POLLS, DIRECT_MESSAGE_POLLS;
    MessageUpdate: GUILD_MESSAGES, DIRECT_MESSAGES;
    ReactionAdd: GUILD_MESSAGE_REACTIONS, DIRECT_MESSAGE_REACTIONS;
    ReactionRemove: GUILD_MESSAGE_REACTIONS, DIRECT_MESSAGE_REACTIONS;
    ReactionRemoveAll: GUILD_MESSAGE_REACTIONS, DIRECT_MESSAGE_REACTIONS;
    TypingStart: GUILD_MESSAGE_TYPING, DIRECT_MESSAGE_TYPING;
}

/// An event that happened in a guild.
///
/// # Examples
///
/// ```
/// use cordial::event::InGuild;
/// use cordial::prelude::*;
///
/// #[listener]
/// async fn noted(ctx: &Context, message: &InGuild<MessageCreate>) -> Result<()> {
///     tracing::info!(guild = %message.guild_id(), author = %message.author.id, "a message");
///     Ok(())
/// }
///
/// let bot = Bot::builder().add(handlers![noted]).build()?;
/// assert_eq!(bot.intents(), Intents::GUILD_MESSAGES);
/// # Ok::<(), cordial::BuildError>(())
/// ```
pub struct InGuild<P> {
    event: Arc<Event>,
    guild: Id<GuildMarker>,
    payload: PhantomData<fn() -> P>,
}

/// An event that happened in direct messages.
pub struct Direct<P> {
    event: Arc<Event>,
    payload: PhantomData<fn() -> P>,
}

impl<P: Located> InGuild<P> {
    /// Returns the guild.
    #[must_use]
    pub fn guild_id(&self) -> Id<GuildMarker> {
        self.guild
    }
}

/// Gives both forms what they have in common.
macro_rules! narrowed {
    ($narrow:ident, $intents:ident, $name:ident, $guild:ident) => {
        impl<P: Located> Deref for $narrow<P> {
            type Target = P;

            fn deref(&self) -> &P {
                P::get(&self.event).expect("made from an event of this type")
            }
        }

        impl<P: Located> fmt::Debug for $narrow<P> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(P::$name)
            }
        }

        impl<P: Located> EventPayload for $narrow<P> {
            const NAME: &'static str = P::$name;

            fn kinds() -> EventKinds {
                P::kinds()
            }

            fn intents() -> Intents {
                P::$intents
            }

            fn matches(occurrence: &Occurrence) -> bool {
                let is_here = |event: &Arc<Event>| Self::is_here(event);
                P::matches(occurrence) && occurrence.event().is_some_and(is_here)
            }

            fn view(occurrence: &Occurrence) -> Option<View<'_, Self>> {
                Self::of(occurrence.event()?).map(Box::new).map(View::Owned)
            }

            fn carries(part: Part) -> Presence {
                match part {
                    Part::Guild => Presence::$guild,
                    _ => P::carries(part),
                }
            }
        }
    };
}

narrowed!(InGuild, GUILD_INTENTS, GUILD_NAME, Always);
narrowed!(Direct, DIRECT_INTENTS, DIRECT_NAME, Never);

impl<P: Located> InGuild<P> {
    fn is_here(event: &Event) -> bool {
        event.guild_id().is_some()
    }

    fn of(event: &Arc<Event>) -> Option<Self> {
        P::get(event)?;
        Some(Self {
            guild: event.guild_id()?,
            event: Arc::clone(event),
            payload: PhantomData,
        })
    }
}

impl<P: Located> Direct<P> {
    fn is_here(event: &Event) -> bool {
        event.guild_id().is_none()
    }

    fn of(event: &Arc<Event>) -> Option<Self> {
        P::get(event)?;
        Self::is_here(event).then(|| Self {
            event: Arc::clone(event),
            payload: PhantomData,
        })
    }
}
