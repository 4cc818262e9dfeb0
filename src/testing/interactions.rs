//! Interactions: how people use what the bot shows them, and how long the bot may take to answer.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::testing::commands::Resolved;
use crate::testing::components::{
    BUTTON, CHANNEL_SELECT, MENTIONABLE_SELECT, MENUS, ROLE_SELECT, USER_SELECT, bounds,
};
use crate::testing::discord::State;
use crate::testing::modals::{Modal, option_value};
use crate::testing::servers::SECRET;
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
    /// Its type, as Discord numbers them.
    pub(crate) kind: u8,
    /// The message with the component that was used.
    pub(crate) source: Option<Id>,
    pub(crate) response: Response,
    /// The metadata for messages that answer it.
    pub(crate) metadata: Value,
    begun: Instant,
}

/// How an interaction was answered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Response {
    Waiting,
    /// By deferring a message.
    Promised {
        is_ephemeral: bool,
    },
    /// By a message: a new one, or the one with the component.
    Message(Id),
    /// By suggestions for an option, or a modal.
    Other,
}

/// The types of interactions. (Discord: Receiving and Responding, Interaction Type.)
pub(crate) const COMMAND: u8 = 2;
pub(crate) const COMPONENT: u8 = 3;
pub(crate) const AUTOCOMPLETE: u8 = 4;
pub(crate) const MODAL: u8 = 5;

/// The types of context menu commands. (Discord: Application Commands, Command Types.)
const USER_COMMAND: u64 = 2;
const MESSAGE_COMMAND: u64 = 3;

impl Interaction {
    /// Returns whether it can still get its first answer.
    pub(crate) fn is_in_time(&self) -> bool {
        self.begun.elapsed() <= FIRST
    }

    /// Returns whether its token can be used.
    pub(crate) fn is_alive(&self) -> bool {
        self.begun.elapsed() <= LAST
    }
}

impl State {
    /// Returns the token of an interaction.
    pub(crate) fn token_of(&self, interaction: Id) -> Option<String> {
        let mut interactions = self.interactions.iter();
        let found = interactions.find(|known| known.id == interaction)?;
        Some(found.token.clone())
    }

    /// Finds the button on a message that a user presses, by its label or its custom id.
    pub(crate) fn button(
        &self,
        user: Id,
        (channel, message): (Id, Id),
        name: &str,
    ) -> Result<Value, String> {
        let is_named = |button: &Value| button["label"] == name || button["custom_id"] == name;
        let button = self.component(user, (channel, message), &[BUTTON], is_named);
        let button = button.map_err(|problem| format!("the button `{name}` {problem}"))?;
        if button["custom_id"].is_null() {
            return Err(format!("the button `{name}` is a link"));
        }
        let (id, custom_id) = (&button["id"], &button["custom_id"]);
        Ok(json!({ "component_type": BUTTON, "id": id, "custom_id": custom_id }))
    }

    /// Finds the menu on a message that a user chooses from, by its placeholder or its custom id.
    pub(crate) fn menu(
        &self,
        user: Id,
        place: (Id, Id),
        name: &str,
        chosen: &[&str],
    ) -> Result<Value, String> {
        let is_named = |menu: &Value| menu["placeholder"] == name || menu["custom_id"] == name;
        let menu = self.component(user, place, MENUS, is_named);
        let menu = menu.map_err(|problem| format!("the menu `{name}` {problem}"))?;
        let (least, most) = bounds(menu);
        let count = u64::try_from(chosen.len()).unwrap_or(u64::MAX);
        if !(least..=most).contains(&count) {
            return Err(format!("the menu `{name}` takes {least} to {most} options"));
        }
        let mut resolved = self.resolved(place.0);
        let values = chosen
            .iter()
            .map(|chosen| self.chosen(menu, chosen, &mut resolved));
        let values: Result<Vec<_>, _> = values.collect();
        let values = values.map_err(|problem| format!("the menu `{name}`: {problem}"))?;
        Ok(json!({
            "component_type": menu["type"],
            "id": menu["id"],
            "custom_id": menu["custom_id"],
            "values": values,
            "resolved": resolved.json(),
        }))
    }

    /// Finds the chosen values of a menu, on a message or in a modal.
    pub(crate) fn chosen(
        &self,
        menu: &Value,
        chosen: &str,
        resolved: &mut Resolved,
    ) -> Result<Value, String> {
        match menu["type"].as_u64() {
            Some(USER_SELECT) => self.user_named(chosen, resolved),
            Some(ROLE_SELECT) => self.role_named(chosen, resolved),
            Some(MENTIONABLE_SELECT) => self.mentionable_named(chosen, resolved),
            Some(CHANNEL_SELECT) => self.channel_named(&menu["channel_types"], chosen, resolved),
            _ => option_value(menu, chosen),
        }
    }

    /// Finds a component that a user can use.
    fn component(
        &self,
        user: Id,
        (channel, message): (Id, Id),
        kinds: &[u64],
        is_named: impl Fn(&Value) -> bool,
    ) -> Result<&Value, &'static str> {
        let found = self.world.message(channel, message);
        let found = found.ok_or("is gone with its message")?;
        if found.only_for.is_some_and(|only_for| only_for != user) {
            return Err("is shown only to somebody else");
        }
        let is_meant = |component: &Value| {
            let kind = component["type"].as_u64();
            kind.is_some_and(|kind| kinds.contains(&kind)) && is_named(component)
        };
        let component = find(&found.components, &is_meant).ok_or("is not on the message")?;
        if component["disabled"] == true {
            return Err("is disabled");
        }
        Ok(component)
    }

    /// Makes a user use a component.
    pub(crate) fn employ(&mut self, user: Id, (channel, source): (Id, Id), data: &Value) {
        self.note(Happening::Used {
            by: self.world.name(user),
            custom_id: data["custom_id"].as_str().unwrap_or_default().to_owned(),
        });
        self.interact(COMPONENT, user, (channel, Some(source)), data);
    }

    /// Makes a user cause an interaction. Returns its id.
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
            token: format!("{SECRET}-interaction-{id}"),
            user,
            channel,
            kind,
            source,
            response: Response::Waiting,
            metadata: self.metadata((id, kind), user, (channel, source), data),
            begun: Instant::now(),
        };
        let mut event = self.interaction_json(&interaction);
        event["data"] = data.clone();
        self.interactions.push(interaction);
        // (Discord: Receiving and Responding: by the gateway or by webhook, not by both.)
        if self.rules.interactions_endpoint.is_none() {
            let is_in_guild = self.world.guild_of(channel).is_some();
            self.tell("INTERACTION_CREATE", is_in_guild, &event);
        }
        id
    }

    /// Makes a user send a modal that is shown to them.
    pub(crate) fn submit(&mut self, user: Id, data: &Value) {
        let is_meant = |modal: &Modal| modal.user == user;
        let Some(index) = self.modals.iter().position(is_meant) else {
            return;
        };
        let modal = self.modals.remove(index);
        self.note(Happening::Submitted {
            by: self.world.name(user),
            title: modal.title,
        });
        self.interact(MODAL, user, (modal.channel, modal.source), data);
        if let Some(submitted) = self.interactions.last_mut() {
            submitted.metadata["triggering_interaction_metadata"] = modal.trigger;
        }
    }

    /// Returns the metadata of an interaction for its answers. (Discord: Message, Message Interaction
    /// Metadata Object.)
    fn metadata(
        &self,
        (id, kind): (Id, u8),
        user: Id,
        (channel, source): (Id, Option<Id>),
        data: &Value,
    ) -> Value {
        let mut json = json!({
            "id": id.to_string(),
            "type": kind,
            "user": self.world.user_json(user),
            "authorizing_integration_owners": self.integration_owners(channel),
        });
        let target = data["target_id"].as_str().and_then(|id| id.parse().ok());
        match (kind, data["type"].as_u64(), source, target) {
            (COMPONENT, _, Some(source), _) => {
                json["interacted_message_id"] = json!(source.to_string());
            }
            (COMMAND, Some(USER_COMMAND), _, Some(target)) => {
                json["target_user"] = self.world.user_json(target);
            }
            (COMMAND, Some(MESSAGE_COMMAND), _, Some(target)) => {
                json["target_message_id"] = json!(target.to_string());
            }
            _ => {}
        }
        json
    }

    /// Returns where the bot is installed. (Discord: Receiving and Responding, Authorizing Integration
    /// Owners Object.)
    fn integration_owners(&self, channel: Id) -> Value {
        let guild = self.world.guild_of(channel).unwrap_or(0);
        json!({ "0": guild.to_string() })
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
            "app_permissions": world.bot_permissions(interaction.channel).bits().to_string(),
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": self.integration_owners(interaction.channel),
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
            }
            _ => json["user"] = world.user_json(interaction.user),
        }
        json
    }
}

/// Finds a component, however deep it is nested in a layout.
fn find<'a>(components: &'a Value, is_meant: &impl Fn(&Value) -> bool) -> Option<&'a Value> {
    match components {
        Value::Array(list) => list.iter().find_map(|inner| find(inner, is_meant)),
        Value::Object(_) if is_meant(components) => Some(components),
        Value::Object(fields) => fields.values().find_map(|inner| find(inner, is_meant)),
        _ => None,
    }
}
