//! Interactions: what people do with what the bot showed them, and how long it may take to answer.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::testing::discord::State;
use crate::testing::transcript::Happening;
use crate::testing::world::Id;

/// How long an interaction waits for its first answer. (Discord: Receiving and Responding.)
const FIRST: Duration = Duration::from_secs(3);
/// How long its token can be used.
const LAST: Duration = Duration::from_secs(15 * 60);

/// An interaction.
#[derive(Clone)]
pub(crate) struct Interaction {
    pub(crate) id: Id,
    pub(crate) token: String,
    pub(crate) user: Id,
    pub(crate) channel: Id,
    /// What sort it is, as Discord numbers them.
    pub(crate) kind: u8,
    /// The message with the component that was used.
    pub(crate) source: Option<Id>,
    pub(crate) response: Response,
    begun: Instant,
}

/// How an interaction was answered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Response {
    Waiting,
    /// By the promise of a message.
    Promised {
        is_ephemeral: bool,
    },
    /// By a message: this one, of the bot or with the component.
    Message(Id),
    /// By what an option could be set to.
    Completed,
}

/// The sorts of interactions. (Discord: Receiving and Responding, Interaction Type.)
pub(crate) const COMMAND: u8 = 2;
pub(crate) const COMPONENT: u8 = 3;
pub(crate) const AUTOCOMPLETE: u8 = 4;

impl Interaction {
    /// Returns whether it can be answered for the first time.
    pub(crate) fn is_in_time(&self) -> bool {
        self.begun.elapsed() <= FIRST
    }

    /// Returns whether its token can be used.
    pub(crate) fn is_alive(&self) -> bool {
        self.begun.elapsed() <= LAST
    }
}

impl State {
    /// Finds a button by its label or its custom id, and returns its custom id.
    pub(crate) fn button(&self, channel: Id, message: Id, name: &str) -> Result<String, String> {
        let found = self.world.message(channel, message);
        let components = found.map(|message| &message.components);
        let Some(button) = components.and_then(|components| find_button(components, name)) else {
            return Err(format!("there is no button `{name}` on the message"));
        };
        if button["disabled"] == true {
            return Err(format!("the button `{name}` is disabled"));
        }
        let custom_id = button["custom_id"].as_str().map(str::to_owned);
        custom_id.ok_or_else(|| format!("the button `{name}` is a link"))
    }

    /// Lets a user press a button.
    pub(crate) fn press(&mut self, user: Id, channel: Id, source: Id, custom_id: &str) {
        self.note(Happening::Used {
            by: self.world.name(user),
            custom_id: custom_id.to_owned(),
        });
        let data = json!({ "component_type": 2, "custom_id": custom_id });
        self.interact(COMPONENT, user, (channel, Some(source)), &data);
    }

    /// Lets a user do something that the bot is to answer. Returns the id of the interaction.
    pub(crate) fn interact(
        &mut self,
        kind: u8,
        user: Id,
        (channel, source): (Id, Option<Id>),
        data: &Value,
    ) -> Id {
        let id = self.world.next_id();
        let interaction = Interaction {
            id,
            token: format!("interaction-{id}"),
            user,
            channel,
            kind,
            source,
            response: Response::Waiting,
            begun: Instant::now(),
        };
        let mut event = self.interaction_json(&interaction);
        event["data"] = data.clone();
        self.interactions.push(interaction);
        let is_in_guild = self.world.guild_of(channel).is_some();
        self.tell("INTERACTION_CREATE", is_in_guild, &event);
        id
    }

    fn interaction_json(&self, interaction: &Interaction) -> Value {
        let world = &self.world;
        let guild = world.guild_of(interaction.channel);
        let channel = world.channel(interaction.channel);
        let source = interaction.source;
        let source = source.and_then(|source| world.message(interaction.channel, source));
        let mut json = json!({
            "type": interaction.kind,
            "id": interaction.id.to_string(),
            "application_id": world.application.to_string(),
            "token": interaction.token,
            "version": 1,
            "channel_id": interaction.channel.to_string(),
            "channel": channel.map(|channel| world.channel_json(channel)),
            "app_permissions": world.permissions(world.bot).bits().to_string(),
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": i32::from(guild.is_none()),
            "attachment_size_limit": 10 * 1024 * 1024,
        });
        if let Some(source) = source {
            json["message"] = world.message_json(source);
        }
        match (guild, world.member(interaction.user)) {
            (Some(guild), Some(member)) => {
                let permissions = world.permissions(interaction.user);
                let mut member = world.member_json(member);
                member["permissions"] = json!(permissions.bits().to_string());
                json["member"] = member;
                json["guild_id"] = json!(guild.to_string());
                json["guild"] =
                    json!({ "id": guild.to_string(), "locale": "en-US", "features": [] });
                json["guild_locale"] = json!("en-US");
                json["authorizing_integration_owners"] = json!({ "0": guild.to_string() });
            }
            _ => json["user"] = world.user_json(interaction.user),
        }
        json
    }
}

/// Finds a button, however deep it lies in a layout.
fn find_button<'a>(components: &'a Value, name: &str) -> Option<&'a Value> {
    let is_named = |button: &Value| button["label"] == name || button["custom_id"] == name;
    match components {
        Value::Array(list) => list.iter().find_map(|inner| find_button(inner, name)),
        Value::Object(_) if components["type"] == 2 => is_named(components).then_some(components),
        Value::Object(fields) => fields.values().find_map(|inner| find_button(inner, name)),
        _ => None,
    }
}
