//! The text of events that twilight does not know, or cannot read.

use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use twilight_model::gateway::Intents;

use crate::event::{EventKinds, EventPayload, Occurrence, Part, Presence, View};

/// The text of an event whose type twilight does not know, or which it could not read.
///
/// Discord sends events that no version of a library knows yet. A listener of `RawEvent` receives each of
/// them, and reads what it needs. It also receives an event of a known type that could not be read; for such
/// an event, error handlers are asked about a [`MalformedEvent`](crate::exception::MalformedEvent), too.
///
/// It brings no intents: ask for those that the events need with
/// [`intents`](crate::bot::BotBuilder::intents).
///
/// # Examples
///
/// ```
/// use cordial::event::RawEvent;
/// use cordial::prelude::*;
///
/// #[derive(serde::Deserialize)]
/// struct VoiceChannelStatusUpdate {
///     status: Option<String>,
/// }
///
/// #[listener]
/// async fn status_changed(_: &Context, event: &RawEvent) -> Result<()> {
///     if event.name() == Some("VOICE_CHANNEL_STATUS_UPDATE") {
///         let update: VoiceChannelStatusUpdate = event.data()?;
///         tracing::info!(is_set = update.status.is_some(), "a status was changed");
///     }
///     Ok(())
/// }
///
/// let bot = Bot::builder().intents(Intents::GUILDS).add(handlers![status_changed]);
/// ```
#[derive(Clone)]
pub struct RawEvent {
    name: Option<String>,
    sequence: Option<u64>,
    is_known: bool,
    json: String,
}

impl RawEvent {
    pub(crate) fn new(
        name: Option<String>,
        sequence: Option<u64>,
        is_known: bool,
        json: String,
    ) -> Self {
        Self {
            name,
            sequence,
            is_known,
            json,
        }
    }

    /// Returns Discord's name for the event, such as `MESSAGE_CREATE`.
    ///
    /// A message that is not an event has none.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the event's number in its session.
    #[must_use]
    pub fn sequence(&self) -> Option<u64> {
        self.sequence
    }

    /// Returns whether twilight knows the type of the event, so that this one event is malformed.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.is_known
    }

    /// Returns the whole message. It may contain tokens, and what people wrote.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Reads the data of the event: its field `d`.
    ///
    /// # Errors
    ///
    /// Fails if the data is not a `T`.
    pub fn data<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        #[derive(Deserialize)]
        struct Message<T> {
            d: T,
        }

        let message: Message<T> = serde_json::from_str(&self.json)?;
        Ok(message.d)
    }
}

impl fmt::Debug for RawEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawEvent")
            .field("name", &self.name)
            .field("sequence", &self.sequence)
            .field("is_known", &self.is_known)
            .finish_non_exhaustive()
    }
}

impl EventPayload for RawEvent {
    const NAME: &'static str = "RawEvent";

    fn kinds() -> EventKinds {
        EventKinds::RAW
    }

    fn intents() -> Intents {
        Intents::empty()
    }

    fn matches(occurrence: &Occurrence) -> bool {
        matches!(occurrence, Occurrence::Raw(_))
    }

    fn view(occurrence: &Occurrence) -> Option<View<'_, Self>> {
        match occurrence {
            Occurrence::Raw(event) => Some(View::Borrowed(event)),
            _ => None,
        }
    }

    fn carries(_: Part) -> Presence {
        Presence::Never
    }
}
