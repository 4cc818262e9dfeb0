//! What people see of the bot beside its name.

use std::fmt;

use twilight_model::gateway::OpCode;
use twilight_model::gateway::payload::outgoing::UpdatePresence;
use twilight_model::gateway::payload::outgoing::update_presence::UpdatePresencePayload;
use twilight_model::gateway::presence::{Activity, ActivityType, MinimalActivity, Status};

use crate::context::{Context, NotSent};

/// How many characters of a text are shown.
const MOST_SHOWN: usize = 128;
/// How long an address is taken.
const MOST_OF_URL: usize = 512;
/// What a status of its own is called. Nobody sees it. (Discord: Gateway Events, Activity Types.)
const CUSTOM: &str = "Custom Status";

/// What people see of the bot beside its name: its status and its activity.
///
/// There is one activity: setting another replaces it. Discord shows 128 characters of a text, and cordial
/// cuts off the rest. For a presence with more than this, send twilight's [`UpdatePresence`] with
/// [`Shard::command`](crate::context::Shard::command).
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
///
/// #[listener]
/// async fn rests(ctx: &Context, _: &Ready) -> Result<()> {
///     ctx.set_presence(Presence::idle().custom("having a rest"))?;
///     Ok(())
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "it is set by `ctx.set_presence(..)` or `BotBuilder::presence(..)`"]
pub struct Presence {
    status: Status,
    activity: Option<Activity>,
}

impl Presence {
    /// Creates a presence with the status "online".
    pub fn online() -> Self {
        Self::new(Status::Online)
    }

    /// Creates a presence with the status "idle".
    pub fn idle() -> Self {
        Self::new(Status::Idle)
    }

    /// Creates a presence with the status "do not disturb".
    pub fn do_not_disturb() -> Self {
        Self::new(Status::DoNotDisturb)
    }

    /// Creates a presence with the status "invisible": the bot appears to be offline.
    pub fn invisible() -> Self {
        Self::new(Status::Invisible)
    }

    fn new(status: Status) -> Self {
        Self {
            status,
            activity: None,
        }
    }

    /// Shows that the bot is playing something.
    pub fn playing(self, name: impl Into<String>) -> Self {
        self.doing(ActivityType::Playing, name.into(), None)
    }

    /// Shows that the bot is streaming something, at an address on Twitch or `YouTube`.
    ///
    /// For other addresses Discord shows that it is playing.
    pub fn streaming(self, name: impl Into<String>, url: impl Into<String>) -> Self {
        let url = cut(url.into(), MOST_OF_URL);
        self.doing(ActivityType::Streaming, name.into(), Some(url))
    }

    /// Shows that the bot is listening to something.
    pub fn listening_to(self, name: impl Into<String>) -> Self {
        self.doing(ActivityType::Listening, name.into(), None)
    }

    /// Shows that the bot is watching something.
    pub fn watching(self, name: impl Into<String>) -> Self {
        self.doing(ActivityType::Watching, name.into(), None)
    }

    /// Shows that the bot is competing in something.
    pub fn competing_in(self, name: impl Into<String>) -> Self {
        self.doing(ActivityType::Competing, name.into(), None)
    }

    /// Shows a text by itself.
    pub fn custom(self, text: impl Into<String>) -> Self {
        let mut custom = self.doing(ActivityType::Custom, CUSTOM.to_owned(), None);
        if let Some(activity) = &mut custom.activity {
            activity.state = Some(cut(text.into(), MOST_SHOWN));
        }
        custom
    }

    fn doing(mut self, kind: ActivityType, name: String, url: Option<String>) -> Self {
        let name = cut(name, MOST_SHOWN);
        self.activity = Some(MinimalActivity { kind, name, url }.into());
        self
    }

    /// Returns it in the form in which the gateway is told.
    pub(crate) fn into_command(self) -> UpdatePresence {
        // twilight's own function wants an activity. Discord does not.
        UpdatePresence {
            d: UpdatePresencePayload {
                activities: self.activity.into_iter().collect(),
                afk: false,
                since: None,
                status: self.status,
            },
            op: OpCode::PresenceUpdate,
        }
    }
}

impl fmt::Debug for Presence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What it says may be somebody's.
        f.debug_struct("Presence")
            .field("status", &self.status)
            .field(
                "activity",
                &self.activity.as_ref().map(|activity| activity.kind),
            )
            .finish()
    }
}

impl Context {
    /// Sets what people see of the bot beside its name, on all its shards.
    ///
    /// It applies at once, and to new sessions. This method does not wait. If you set several presences in a
    /// row, the last one is sent, within the five in 20 seconds that Discord takes from a shard.
    ///
    /// # Errors
    ///
    /// [`NotSent::Closed`] if the bot is stopping.
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    ///
    /// /// Say what the bot is doing.
    /// #[command]
    /// async fn play(ctx: &CommandContext, /** What does it play? */ game: String) -> Result<()> {
    ///     ctx.set_presence(Presence::online().playing(game))?;
    ///     ctx.reply("So be it.").await?;
    ///     Ok(())
    /// }
    /// ```
    pub fn set_presence(&self, presence: Presence) -> Result<(), NotSent> {
        self.home.fleet().show(presence)
    }
}

/// Cuts off what is more than so many characters.
fn cut(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn activities(presence: Presence) -> serde_json::Value {
        serde_json::to_value(presence.into_command()).unwrap()["d"]["activities"].take()
    }

    #[test]
    fn each_activity_is_told_as_discord_knows_it() {
        let told = |kind: u8, url: Option<&str>| {
            let mut told = json!({ "created_at": null, "name": "x", "type": kind });
            if let Some(url) = url {
                told["url"] = json!(url);
            }
            json!([told])
        };
        let online = Presence::online;

        assert_eq!(activities(online().playing("x")), told(0, None));
        let url = "https://www.twitch.tv/x";
        assert_eq!(activities(online().streaming("x", url)), told(1, Some(url)));
        assert_eq!(activities(online().listening_to("x")), told(2, None));
        assert_eq!(activities(online().watching("x")), told(3, None));
        assert_eq!(activities(online().competing_in("x")), told(5, None));
        let custom = activities(online().playing("y").custom("x"));
        assert_eq!(
            (&custom[0]["type"], &custom[0]["state"], &custom[1]),
            (&json!(4), &json!("x"), &json!(null))
        );
        assert_eq!(activities(online()), json!([]));
    }

    #[test]
    fn no_text_is_longer_than_is_shown() {
        let long = "é".repeat(5_000);
        for presence in [
            Presence::idle().playing(&long),
            Presence::idle().custom(&long),
            Presence::idle().streaming(&long, &long),
        ] {
            let told = serde_json::to_string(&presence.into_command()).unwrap();
            assert!(told.len() < 4_096, "{}", told.len());
        }
    }
}
