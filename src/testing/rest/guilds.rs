//! The guild, its channels and its roles.

use serde_json::json;
use twilight_model::guild::Permissions;

use crate::testing::discord::State;
use crate::testing::rest::answer::Answer;
use crate::testing::rest::channels::set;
use crate::testing::rest::request::id;
use crate::testing::rest::route::{Answered, Call, Route};
use crate::testing::world::World;

pub(crate) const ROUTES: &[Route] = &[
    Route::new("GET", "/guilds/*", State::get_guild).query(&["with_counts"]),
    Route::new("GET", "/guilds/*/channels", State::list_channels),
    Route::new("POST", "/guilds/*/channels", State::create_channel).form(&[
        "type",
        "name",
        "topic",
        "nsfw",
        "rate_limit_per_user",
        "position",
    ]),
    Route::new("GET", "/guilds/*/roles", State::list_roles),
];

impl State {
    /// Refuses requests about other guilds than the one that exists.
    pub(crate) fn known_guild(&self, guild: &str) -> Result<(), Answer> {
        let is_known = id(guild) == Some(self.world.guild.id);
        is_known.then_some(()).ok_or_else(Answer::unknown_guild)
    }

    /// Refuses what the bot has no permission for in the guild.
    pub(crate) fn require(&self, needed: Permissions) -> Result<(), Answer> {
        let may = self.world.bot_may(needed);
        may.then_some(()).ok_or_else(Answer::missing_permissions)
    }

    fn get_guild(&mut self, call: &Call<'_>) -> Answered {
        self.known_guild(call.path[0])?;
        let mut guild = self.world.guild_json();
        if call.parameter("with_counts").as_deref() == Some("true") {
            let members = self.world.guild.members.len();
            guild["approximate_member_count"] = json!(members);
            guild["approximate_presence_count"] = json!(members);
        }
        Ok(Answer::of(&guild))
    }

    fn list_channels(&mut self, call: &Call<'_>) -> Answered {
        self.known_guild(call.path[0])?;
        Ok(Answer::of(&json!(self.world.channels_json())))
    }

    fn create_channel(&mut self, call: &Call<'_>) -> Answered {
        self.known_guild(call.path[0])?;
        self.require(Permissions::MANAGE_CHANNELS)?;
        if call.form["type"].as_u64().unwrap_or(0) != 0 {
            return Err(call.unmodelled("a channel that is not of text"));
        }
        if call.form["name"].is_null() {
            let message = "This field is required";
            return Err(Answer::invalid("name", "BASE_TYPE_REQUIRED", message));
        }
        let mut channel = self.world.new_channel();
        set(&mut channel, &call.form)?;
        let json = self.world.channel_json(&channel);
        self.add_channel(channel);
        Ok(Answer::created(&json))
    }

    fn list_roles(&mut self, call: &Call<'_>) -> Answered {
        self.known_guild(call.path[0])?;
        let roles = self.world.guild.roles.iter().map(World::role_json);
        Ok(Answer::of(&json!(roles.collect::<Vec<_>>())))
    }
}
