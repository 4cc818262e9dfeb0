//! Floods of events, and events that twilight does not know.

use serde_json::{Value, json};
use twilight_model::gateway::Intents;

use crate::testing::discord::{State, is_of};
use crate::testing::simulator::Simulator;
use crate::testing::world::Id;

/// The events that Discord documents and twilight 0.18 does not know, each with sample data.
///
/// Send them by [`Simulator::send_raw`].
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
/// use cordial::testing::{Simulator, UNKNOWN_EVENTS};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let sim = Simulator::start(Bot::builder()).await;
/// for (name, data) in UNKNOWN_EVENTS {
///     sim.send_raw(name, data).await;
/// }
/// assert_eq!(sim.connections().len(), 1);
/// # }
/// ```
pub const UNKNOWN_EVENTS: [(&str, &str); 9] = [
    (
        "CHANNEL_INFO",
        r#"{"guild_id":"1","channels":[{"id":"2","status":"reading","voice_start_time":1767225600}]}"#,
    ),
    (
        "GUILD_SOUNDBOARD_SOUND_CREATE",
        r#"{"name":"quack","sound_id":"3","volume":1.0,"emoji_id":null,"emoji_name":"🦆","guild_id":"1","available":true}"#,
    ),
    (
        "GUILD_SOUNDBOARD_SOUND_UPDATE",
        r#"{"name":"honk","sound_id":"3","volume":0.5,"emoji_id":null,"emoji_name":null,"guild_id":"1","available":true}"#,
    ),
    (
        "GUILD_SOUNDBOARD_SOUND_DELETE",
        r#"{"sound_id":"3","guild_id":"1"}"#,
    ),
    (
        "GUILD_SOUNDBOARD_SOUNDS_UPDATE",
        r#"{"soundboard_sounds":[],"guild_id":"1"}"#,
    ),
    (
        "SOUNDBOARD_SOUNDS",
        r#"{"soundboard_sounds":[],"guild_id":"1"}"#,
    ),
    (
        "VOICE_CHANNEL_EFFECT_SEND",
        r#"{"channel_id":"2","guild_id":"1","user_id":"4","animation_type":0,"animation_id":5}"#,
    ),
    (
        "VOICE_CHANNEL_START_TIME_UPDATE",
        r#"{"id":"2","guild_id":"1","voice_start_time":1767225600}"#,
    ),
    (
        "VOICE_CHANNEL_STATUS_UPDATE",
        r#"{"id":"2","guild_id":"1","status":"reading"}"#,
    ),
];

/// Floods of guilds, which exist only in these events.
impl Simulator {
    /// Sends the bot so many more guilds, as when it starts or after an outage.
    ///
    /// The description of each has `bytes` bytes. The guilds are the same each time.
    pub async fn flood_of_guilds(&self, guilds: u32, bytes: usize) {
        self.discord().with(|state| {
            let mut guild = state.world.guild_create_json(Intents::all());
            guild["description"] = json!("x".repeat(bytes));
            state.flood(guilds, "GUILD_CREATE", &guild);
        });
        self.settle().await;
    }

    /// Tells the bot that so many of these guilds have an outage.
    pub async fn flood_of_outages(&self, guilds: u32) {
        let outage = json!({ "unavailable": true });
        self.discord()
            .with(|state| state.flood(guilds, "GUILD_DELETE", &outage));
        self.settle().await;
    }
}

impl State {
    /// Sends an event of so many guilds, each to the shard that it belongs to.
    fn flood(&mut self, guilds: u32, name: &str, data: &Value) {
        let mut data = data.clone();
        for number in 1..=guilds {
            let guild: Id = self.world.guild.id + (u64::from(number) << 22);
            data["id"] = json!(guild.to_string());
            let mut sessions = self.sessions.iter();
            let session = sessions.find(|session| {
                is_of(session.shard, guild) && session.intents.contains(Intents::GUILDS)
            });
            let id = session.map(|session| session.id.clone());
            self.tell_session(id.as_deref(), name, &data.to_string());
        }
    }
}
