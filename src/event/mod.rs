//! What happened: the events of Discord's gateway, and what a listener may take of them.

mod intents;
mod kinds;
mod narrow;
mod origin;
mod payload;

pub use self::intents::{PRIVILEGED, portal_names};
pub use self::kinds::EventKinds;
pub use self::narrow::{Direct, DirectMessage, GuildMessage, InGuild, Located};
pub use self::origin::{Part, Presence, channel_id, guild_id, user, user_id};
pub use self::payload::{GatewayPayload, Resumed, payloads};

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use twilight_model::gateway::Intents;
use twilight_model::gateway::event::Event;

/// A type that a listener may take as its event.
///
/// Every payload of [`twilight_model::gateway::payload::incoming`] is one; so are the narrower
/// [`InGuild`] and [`Direct`], and [`Event`] itself, which stands for all of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event",
    label = "no event of Discord's gateway",
    note = "a listener takes an event such as `&MessageCreate` or `&MemberAdd`, or a narrower form such as `&InGuild<MessageCreate>`"
)]
pub trait EventPayload: Sized + Send + Sync + 'static {
    /// What it is called.
    const NAME: &'static str;

    /// Returns the events it is made from.
    fn kinds() -> EventKinds;

    /// Returns the intents that bring it. An event that is always sent needs none.
    fn intents() -> Intents;

    /// Returns whether it can be made from an event.
    fn matches(event: &Event) -> bool;

    /// Sees an event as this type.
    fn view(event: &Arc<Event>) -> Option<View<'_, Self>>;

    /// Returns whether it has a part, as far as its type tells.
    fn carries(part: Part) -> Presence;
}

/// An event as the type that a listener takes: part of the event, or made from it.
pub enum View<'e, P> {
    /// It is part of the event.
    Borrowed(&'e P),
    /// It was made from the event.
    Owned(P),
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

/// Every event that arrives. On its own it asks for the intents that are not [`PRIVILEGED`].
impl EventPayload for Event {
    const NAME: &'static str = "Event";

    fn kinds() -> EventKinds {
        EventKinds::ALL
    }

    fn intents() -> Intents {
        Intents::all().difference(PRIVILEGED)
    }

    fn matches(_: &Event) -> bool {
        true
    }

    fn view(event: &Arc<Event>) -> Option<View<'_, Self>> {
        Some(View::Borrowed(event))
    }

    fn carries(_: Part) -> Presence {
        Presence::Sometimes
    }
}
