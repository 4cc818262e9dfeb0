//! Changes of the guild and of the people in it, besides messages.

use serde_json::{Value, json};
use twilight_model::gateway::Intents;
use twilight_model::gateway::presence::Status;
use twilight_model::guild::Permissions;

use crate::testing::discord::State;
use crate::testing::people::Person;
use crate::testing::settle::settle;
use crate::testing::simulator::Simulator;
use crate::testing::world::{Channel, Id, World};

/// Who is in which voice channel and online, and whether the bot is told of the guild.
#[derive(Default)]
pub(crate) struct Around {
    /// Who is in which voice channel.
    voice: Vec<(Id, Id)>,
    /// Who is not offline.
    statuses: Vec<(Id, Status)>,
    pub(crate) standing: Standing,
}

/// The bot's relation to the guild.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is in the guild, and told of it.
    #[default]
    Told,
    /// It is in the guild, which has an outage.
    Outage,
    /// It was removed.
    Removed,
}

impl Person {
    /// Changes their nickname in the guild, or removes it.
    ///
    /// # Panics
    ///
    /// Panics if they are not in the guild.
    pub async fn set_nickname(&self, nick: Option<&str>) {
        self.be_member();
        let id = self.id().get();
        self.discord().with(|state| {
            if let Some(member) = state.world.member_mut(id) {
                member.nick = nick.map(str::to_owned);
            }
            state.tell_member_update(id);
        });
        settle(self.discord()).await;
    }

    /// Enters the voice channel of that name, which is created if there is none.
    ///
    /// If they are in another voice channel, they leave it.
    ///
    /// # Panics
    ///
    /// Panics if they are not in the guild.
    pub async fn enter_voice(&self, channel: &str) {
        self.be_member();
        let id = self.id().get();
        self.discord().with(|state| {
            let channel = state.voice_channel(channel);
            state.move_to(id, Some(channel));
        });
        settle(self.discord()).await;
    }

    /// Leaves their voice channel, if they are in one.
    pub async fn leave_voice(&self) {
        let id = self.id().get();
        self.discord().with(|state| state.move_to(id, None));
        settle(self.discord()).await;
    }

    /// Changes their status to online, or to another.
    ///
    /// # Panics
    ///
    /// Panics if they are not in the guild.
    pub async fn appear(&self, status: Status) {
        self.be_member();
        let id = self.id().get();
        self.discord().with(|state| state.appear(id, status));
        settle(self.discord()).await;
    }

    fn be_member(&self) {
        let name = self.name();
        assert!(
            self.is_member(),
            "`{name}` is not in the guild: `sim.join(\"{name}\").await` lets them join"
        );
    }
}

impl Simulator {
    /// Changes the permissions of the role with a name.
    ///
    /// # Panics
    ///
    /// Panics if there is no such role.
    pub async fn change_role(&self, name: &str, permissions: Permissions) {
        let role = self.role(name);
        self.discord().with(|state| {
            let mut roles = state.world.guild.roles.iter_mut();
            if let Some(found) = roles.find(|found| found.id == role) {
                found.permissions = permissions;
                let data = json!({ "role": World::role_json(found) });
                state.tell_guild("GUILD_ROLE_UPDATE", data);
            }
        });
        self.settle().await;
    }

    /// Deletes the role with a name.
    ///
    /// As on Discord, the bot gets no events for the members who had it.
    ///
    /// # Panics
    ///
    /// Panics if there is no such role.
    pub async fn delete_role(&self, name: &str) {
        let role = self.role(name);
        self.discord().with(|state| {
            let guild = &mut state.world.guild;
            guild.roles.retain(|found| found.id != role);
            for member in &mut guild.members {
                member.roles.retain(|own| *own != role);
            }
            state.tell_guild("GUILD_ROLE_DELETE", json!({ "role_id": role.to_string() }));
        });
        self.settle().await;
    }

    /// Renames the guild.
    pub async fn rename_guild(&self, name: &str) {
        self.discord().with(|state| {
            name.clone_into(&mut state.world.guild.name);
            let data = state.world.guild_json();
            state.tell("GUILD_UPDATE", true, &data);
        });
        self.settle().await;
    }

    /// Makes the guild unavailable.
    ///
    /// The bot is told so, and hears nothing of the guild until [`end_outage`](Self::end_outage).
    pub async fn begin_outage(&self) {
        self.stand(Standing::Outage, &json!({ "unavailable": true }))
            .await;
    }

    /// Makes the guild available again.
    ///
    /// The bot is sent all of it.
    pub async fn end_outage(&self) {
        self.discord().with(|state| {
            state.world.around.standing = Standing::Told;
            state.tell_of_guild();
        });
        self.settle().await;
    }

    /// Removes the bot from the guild.
    ///
    /// The bot is told so, and hears nothing of the guild from then on.
    pub async fn remove_bot(&self) {
        self.stand(Standing::Removed, &json!({})).await;
    }

    async fn stand(&self, standing: Standing, data: &Value) {
        self.discord().with(|state| {
            let mut data = data.clone();
            data["id"] = json!(state.world.guild.id.to_string());
            state.tell("GUILD_DELETE", true, &data);
            state.world.around.standing = standing;
            if standing == Standing::Removed {
                let bot = state.world.bot;
                let members = &mut state.world.guild.members;
                members.retain(|member| member.user != bot);
            }
        });
        self.settle().await;
    }

    fn role(&self, name: &str) -> Id {
        let role = self.look(|state| {
            let mut roles = state.world.guild.roles.iter();
            roles.find(|role| role.name == name).map(|role| role.id)
        });
        role.unwrap_or_else(|| panic!("there is no role `{name}`"))
    }
}

impl State {
    /// Sends the guild to its shard, as far as the intents allow.
    fn tell_of_guild(&mut self) {
        let intents: Vec<_> = self
            .sessions
            .iter()
            .map(|session| session.intents)
            .collect();
        // Sessions differ in their intents only where a test has bots of several sorts.
        if let Some(intents) = intents.first() {
            let data = self.world.guild_create_json(*intents);
            self.tell("GUILD_CREATE", true, &data);
        }
    }

    /// Returns the guild's voice channel of that name, and creates it if there is none.
    fn voice_channel(&mut self, name: &str) -> Id {
        let mut channels = self.world.channels.iter();
        if let Some(known) = channels.find(|known| known.is_voice && known.name == name) {
            return known.id;
        }
        let channel = Channel {
            name: name.to_owned(),
            is_voice: true,
            ..self.world.new_channel()
        };
        let id = channel.id;
        self.add_channel(channel);
        id
    }

    /// Moves somebody to a voice channel, or out of any. No event is sent if nothing changes.
    pub(crate) fn move_to(&mut self, user: Id, channel: Option<Id>) {
        let voice = &mut self.world.around.voice;
        let before = voice.iter().position(|(known, _)| *known == user);
        let before = before.map(|index| voice.swap_remove(index).1);
        voice.extend(channel.map(|channel| (user, channel)));
        if before != channel {
            let data = self.world.voice_state_json(user, channel);
            self.tell_guild("VOICE_STATE_UPDATE", data);
        }
    }

    fn appear(&mut self, user: Id, status: Status) {
        let statuses = &mut self.world.around.statuses;
        statuses.retain(|(known, _)| *known != user);
        if status != Status::Offline {
            statuses.push((user, status));
        }
        let data = status_json(user, status);
        self.tell_guild("PRESENCE_UPDATE", data);
    }
}

impl World {
    /// Adds voice states and presences to a guild's event. (Discord: Gateway Events, Guild Create.)
    pub(crate) fn add_who_is_around(&self, guild: &mut Value, intents: Intents) {
        let mut add = |list: &str, more: Vec<Value>| {
            if let Some(list) = guild[list].as_array_mut() {
                list.extend(more);
            }
        };
        let bot = self.voice.iter().map(|voice| self.voice_json(voice));
        add("voice_states", bot.map(within_guild).collect());
        if intents.contains(Intents::GUILD_VOICE_STATES) {
            let voice = self.around.voice.iter();
            let voice = voice.map(|(user, channel)| self.voice_state_json(*user, Some(*channel)));
            add("voice_states", voice.map(within_guild).collect());
        }
        if intents.contains(Intents::GUILD_PRESENCES) {
            let statuses = self.around.statuses.iter();
            let statuses = statuses.map(|(user, status)| status_json(*user, *status));
            add("presences", statuses.collect());
        }
    }

    /// Returns whether somebody is in a voice channel.
    pub(crate) fn is_heard(&self, user: Id) -> bool {
        self.around.voice.iter().any(|(known, _)| *known == user)
    }

    fn voice_state_json(&self, user: Id, channel: Option<Id>) -> Value {
        let member = self.member(user);
        json!({
            "channel_id": channel.map(|channel| channel.to_string()),
            "user_id": user.to_string(),
            "member": member.map(|member| self.member_json(member)),
            "session_id": format!("voice-{user}"),
            "deaf": false,
            "mute": false,
            "self_deaf": false,
            "self_mute": false,
            "self_video": false,
            "suppress": false,
            "request_to_speak_timestamp": null,
        })
    }
}

/// A voice state as part of a guild, which has the guild's id and the members beside it. (Discord:
/// Gateway Events, Guild Create Extra Fields.)
fn within_guild(mut state: Value) -> Value {
    if let Some(state) = state.as_object_mut() {
        state.remove("guild_id");
        state.remove("member");
    }
    state
}

fn status_json(user: Id, status: Status) -> Value {
    let client = if status == Status::Offline {
        json!({})
    } else {
        json!({ "desktop": status })
    };
    json!({
        "user": { "id": user.to_string() },
        "status": status,
        "activities": [],
        "client_status": client,
    })
}
