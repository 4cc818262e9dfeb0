//! Extractors of the author, the guild, the channel and the text of an event.

use twilight_model::gateway::Intents;
use twilight_model::gateway::event::Event;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, UserMarker};
use twilight_model::user::User;

use crate::context::Context;
use crate::event::{self, Part};
use crate::extract::{FromContext, OptionalFromContext, Requirements};

/// The error of an extractor whose part of the event is absent.
///
/// `build()` refuses a handler of an event that does not always have the part. If an event has it only sometimes,
/// take an `Option` of the extractor.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, crate::Exception)]
#[error("this event has no `{extractor}`: take `Option<{extractor}>` if it can be absent")]
pub struct Absent {
    extractor: &'static str,
}

/// Declares an extractor of a part of the event.
macro_rules! part {
    ($(#[$doc:meta])* $name:ident($value:ty), $part:ident, $find:path) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(pub $value);

        impl $name {
            fn of(event: &Event) -> Option<Self> {
                $find(event).map(|found| Self(found.to_owned()))
            }
        }

        impl std::ops::Deref for $name {
            type Target = $value;

            fn deref(&self) -> &$value {
                &self.0
            }
        }

        impl FromContext for $name {
            type Rejection = Absent;

            async fn from_context(ctx: &Context) -> Result<Self, Absent> {
                let absent = Absent { extractor: stringify!($name) };
                ctx.event().and_then(Self::of).ok_or(absent)
            }

            fn require(requirements: &mut Requirements) {
                requirements.part(stringify!($name), Part::$part);
            }
        }

        impl OptionalFromContext for $name {
            async fn maybe_from_context(ctx: &Context) -> Option<Self> {
                ctx.event().and_then(Self::of)
            }

            fn require_optionally(requirements: &mut Requirements) {
                requirements.optional_part(stringify!($name), Part::$part);
            }
        }
    };
}

part! {
    /// The user whom the event is about: who wrote, reacted or joined, or who was banned.
    Author(User), Author, event::user
}

part! {
    /// The id of the user whom the event is about: who wrote, reacted or joined, or who was banned.
    AuthorId(Id<UserMarker>), AuthorId, event::user_id
}

part! {
    /// The guild in which the event happened; absent in direct messages.
    GuildId(Id<GuildMarker>), Guild, event::guild_id
}

part! {
    /// The channel in which the event happened.
    ChannelId(Id<ChannelMarker>), Channel, event::channel_id
}

/// The text of a message, as its author wrote it.
///
/// Discord leaves the text blank for bots without the privileged intent `MESSAGE_CONTENT`, except in direct
/// messages and where the bot is mentioned. So this extractor asks for that intent, unless the event is a
/// [`DirectMessage`](crate::event::DirectMessage). (Discord: Gateway, Message Content Intent.)
///
/// Its [`Debug`](std::fmt::Debug) form does not show the text: what people write does not belong in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Content(pub String);

impl Content {
    fn of(event: &Event) -> Option<Self> {
        match event {
            Event::MessageCreate(message) => Some(Self(message.content.clone())),
            Event::MessageUpdate(message) => Some(Self(message.content.clone())),
            _ => None,
        }
    }
}

impl std::ops::Deref for Content {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Content {
    fn eq(&self, text: &str) -> bool {
        self.0 == text
    }
}

impl PartialEq<&str> for Content {
    fn eq(&self, text: &&str) -> bool {
        self.0 == *text
    }
}

/// Shows the text as it was written.
impl std::fmt::Display for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Content").finish_non_exhaustive()
    }
}

impl FromContext for Content {
    type Rejection = Absent;

    async fn from_context(ctx: &Context) -> Result<Self, Absent> {
        let absent = Absent {
            extractor: "Content",
        };
        ctx.event().and_then(Self::of).ok_or(absent)
    }

    fn require(requirements: &mut Requirements) {
        requirements.part("Content", Part::Content);
        requirements.guild_intents(Intents::MESSAGE_CONTENT);
    }
}

impl OptionalFromContext for Content {
    async fn maybe_from_context(ctx: &Context) -> Option<Self> {
        ctx.event().and_then(Self::of)
    }

    fn require_optionally(requirements: &mut Requirements) {
        requirements.optional_part("Content", Part::Content);
        requirements.guild_intents(Intents::MESSAGE_CONTENT);
    }
}
