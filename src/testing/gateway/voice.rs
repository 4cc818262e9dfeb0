//! The bot in voice channels, as the gateway sees it. (Discord: Gateway Events, Update Voice State;
//! Voice Connections.)

use serde_json::{Value, json};
use twilight_model::guild::Permissions;

use crate::testing::discord::State;
use crate::testing::world::{Channel, Id, Voice};

/// The address of a voice server, and its token. There is no such server.
const ENDPOINT: &str = "voice.simulated:443";
const TOKEN: &str = "simulated-voice-token";

impl State {
    /// Moves the bot to a voice channel, or out of one. Without the permission there is no answer.
    pub(crate) fn move_voice(&mut self, session: Option<&str>, wanted: &Value) {
        if wanted["guild_id"] != json!(self.world.guild.id.to_string()) {
            return;
        }
        if wanted["channel_id"].is_null() {
            return self.leave_voice();
        }
        let Some(channel) = self.open_channel(&wanted["channel_id"]) else {
            return;
        };
        let before = self.world.voice.take();
        let id = || format!("voice-{channel}");
        let voice = Voice {
            channel,
            session: before
                .as_ref()
                .map_or_else(id, |voice| voice.session.clone()),
            is_muted: wanted["self_mute"] == json!(true),
            is_deafened: wanted["self_deaf"] == json!(true),
        };
        let state = self.world.voice_json(&voice);
        self.world.voice = Some(voice);
        self.tell_guild("VOICE_STATE_UPDATE", state);
        // A bot that moves keeps the server.
        if before.is_none() {
            let server = json!({
                "token": TOKEN,
                "guild_id": self.world.guild.id.to_string(),
                "endpoint": ENDPOINT,
            });
            self.tell_session(session, "VOICE_SERVER_UPDATE", &server.to_string());
        }
    }

    fn leave_voice(&mut self) {
        let Some(voice) = self.world.voice.take() else {
            return;
        };
        let mut state = self.world.voice_json(&voice);
        state["channel_id"] = Value::Null;
        self.tell_guild("VOICE_STATE_UPDATE", state);
    }

    /// Returns a voice channel that the bot may join.
    fn open_channel(&self, id: &Value) -> Option<Id> {
        let id = id.as_str()?.parse().ok()?;
        let channel = self.world.channel(id);
        let may = Permissions::VIEW_CHANNEL | Permissions::CONNECT;
        let is_open = |channel: &&Channel| channel.is_voice && self.world.bot_may(may);
        channel.filter(is_open).map(|channel| channel.id)
    }
}
