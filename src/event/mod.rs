//! What happened: the events of Discord's gateway, and the forms in which a listener can take them.

mod beside;
mod connection;
mod envelope;
mod intents;
mod kept;
mod kinds;
mod narrow;
mod occurrence;
mod origin;
mod payload;
mod place;
mod raw;
mod read;
#[cfg(feature = "cache")]
mod resource;
mod text;
mod view;

pub use self::connection::{
    ConnectionEvent, SequenceGap, ShardLatency, ShardLost, ShardReady, ShardResumed,
    ShardsRecommended,
};
pub use self::intents::{PRIVILEGED, portal_names};
pub use self::kept::KeptEvent;
pub use self::kinds::EventKinds;
pub use self::narrow::{Direct, DirectMessage, GuildMessage, InGuild, Located};
pub use self::occurrence::Occurrence;
pub use self::origin::{Part, Presence, channel_id, guild_id, user, user_id};
pub use self::payload::{GatewayPayload, Resumed, payloads};
pub use self::raw::RawEvent;
#[cfg(feature = "cache")]
#[doc(hidden)]
pub use self::resource::{Resource, Resources};
pub use self::text::EventText;
pub use self::view::EventView;
#[doc(hidden)]
pub use self::view::{Fields, Viewed};

pub(crate) use self::envelope::Envelope;
pub(crate) use self::kept::Changes;
#[cfg(feature = "cache")]
pub(crate) use self::kept::{Change, Changed};
pub(crate) use self::place::Place;
pub(crate) use self::read::{find_data, read, read_control};

use std::fmt;
use std::ops::Deref;

use twilight_model::gateway::Intents;
use twilight_model::gateway::event::Event;

/// A type that a listener may take as its event.
///
/// Every payload of [`twilight_model::gateway::payload::incoming`] is one; so are the narrower [`InGuild`]
/// and [`Direct`], and [`Event`] itself, which stands for all of them. Changes of the connection arrive as
/// [`ConnectionEvent`], and events that cannot be read as [`RawEvent`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event",
    label = "not a gateway event",
    note = "a listener takes an event such as `&MessageCreate` or `&MemberAdd`, or a narrower form such as `&InGuild<MessageCreate>`"
)]
pub trait EventPayload: Sized + Send + Sync + 'static {
    /// The name of the event.
    const NAME: &'static str;

    /// Returns the events from which it is made.
    fn kinds() -> EventKinds;

    /// Returns the intents that bring it. An event that Discord always sends needs none.
    fn intents() -> Intents;

    /// Returns whether it can be made from something that happened.
    fn matches(occurrence: &Occurrence) -> bool;

    /// Returns what happened as this type.
    fn view(occurrence: &Occurrence) -> Option<View<'_, Self>>;

    /// Returns whether it has a part, as far as its type tells.
    fn carries(part: Part) -> Presence;

    /// Returns the resources that the cache must keep for it.
    #[cfg(feature = "cache")]
    #[doc(hidden)]
    #[must_use]
    fn resources() -> Resources {
        Resources::NONE
    }

    /// Whether it is read from the event's text, for generated code.
    #[doc(hidden)]
    const IS_VIEW: bool = false;

    /// Returns what happened as this type, or why that is impossible, for generated code.
    #[doc(hidden)]
    fn read(occurrence: &Occurrence) -> Option<serde_json::Result<View<'_, Self>>> {
        Self::view(occurrence).map(Ok)
    }
}

/// An event as the type that a listener takes: part of the event, or made from it.
pub enum View<'e, P> {
    /// It is part of the event.
    Borrowed(&'e P),
    /// It was made from the event.
    Owned(Box<P>),
}

impl<P> Deref for View<'_, P> {
    type Target = P;

    fn deref(&self) -> &P {
        match self {
            Self::Borrowed(payload) => payload,
            Self::Owned(payload) => payload,
        }
    }
}

impl<P> fmt::Debug for View<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the payload, in which there may be tokens and what people wrote.
        f.write_str(match self {
            Self::Borrowed(_) => "Borrowed(..)",
            Self::Owned(_) => "Owned(..)",
        })
    }
}

/// Every event that arrives. Taken alone, it asks for all intents that are not [`PRIVILEGED`].
impl EventPayload for Event {
    const NAME: &'static str = "Event";

    fn kinds() -> EventKinds {
        EventKinds::ALL
    }

    fn intents() -> Intents {
        Intents::all().difference(PRIVILEGED)
    }

    fn matches(occurrence: &Occurrence) -> bool {
        occurrence.event().is_some()
    }

    fn view(occurrence: &Occurrence) -> Option<View<'_, Self>> {
        occurrence.event().map(|event| View::Borrowed(&**event))
    }

    fn carries(_: Part) -> Presence {
        Presence::Sometimes
    }
}
