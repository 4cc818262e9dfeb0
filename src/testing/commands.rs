//! What people type after a slash, and choose from menus, as Discord's own clients understand it.

use serde_json::{Map, Value, json};
use twilight_model::application::command::{
    Command, CommandOption, CommandOptionChoice, CommandOptionChoiceValue, CommandOptionType,
    CommandOptionValue, CommandType,
};
use twilight_model::application::interaction::InteractionContextType;
use twilight_model::guild::Permissions;

use crate::testing::discord::State;
use crate::testing::world::{Id, World};

/// Why a client would not send it.
type Refusal = String;

impl State {
    /// Finds a command that a user is shown in the guild.
    fn shown_command(&self, user: Id, kind: CommandType, name: &str) -> Result<Command, Refusal> {
        let known = self.commands.iter();
        let mut found = known.filter_map(|(guild, json)| {
            let command: Command = serde_json::from_value(json.clone()).ok()?;
            let is_meant = command.kind == kind && command.name == name;
            is_meant.then_some((guild.is_none(), command))
        });
        // What is known in the guild is shown before what is known everywhere.
        let command = found.by_ref().min_by_key(|(is_global, _)| *is_global);
        let (_, command) = command.ok_or_else(|| format!("there is no command `{name}`"))?;
        if let Some(needed) = command.default_member_permissions {
            // (Discord: Application Commands, Permissions: none named is for administrators only.)
            let needed = if needed.is_empty() {
                Permissions::ADMINISTRATOR
            } else {
                needed
            };
            if !self.world.permissions(user).contains(needed) {
                return Err(format!(
                    "the command `{name}` is shown to those with {needed:?}"
                ));
            }
        }
        let contexts = command.contexts.as_deref();
        if contexts.is_some_and(|contexts| !contexts.contains(&InteractionContextType::Guild)) {
            return Err(format!("the command `{name}` is not shown in guilds"));
        }
        Ok(command)
    }

    /// Works out what a slash command with its options means. The last option may still be typed, if
    /// it is to be completed.
    pub(crate) fn typed(
        &self,
        user: Id,
        line: &str,
        is_unfinished: bool,
    ) -> Result<Value, Refusal> {
        let line = line
            .strip_prefix('/')
            .ok_or("a slash command begins with `/`")?;
        let (name, rest) = split_word(line);
        let command = self.shown_command(user, CommandType::ChatInput, name)?;
        let (path, options, rest) = walk(&command.options, rest)?;
        let given = split_options(rest, options)?;
        let is_given = |option: &&CommandOption| given.iter().any(|(of, _)| of.name == option.name);
        let mut required = options
            .iter()
            .filter(|option| option.required == Some(true));
        let missing = required.find(|option| !is_given(option));
        if let (Some(missing), false) = (missing, is_unfinished) {
            return Err(format!("the option `{}` is missing", missing.name));
        }
        let mut resolved = Resolved::default();
        let mut values = Vec::new();
        for (index, (option, text)) in given.iter().enumerate() {
            let is_focused = is_unfinished && index + 1 == given.len();
            let value = if is_focused {
                focused(option, text)
            } else {
                self.value(option, text, &mut resolved)
            };
            let value =
                value.map_err(|problem| format!("the option `{}` {problem}", option.name))?;
            values.push(json!({
                "name": option.name,
                "type": option.kind,
                "value": value,
                "focused": is_focused,
            }));
        }
        let nest = |inner: Vec<Value>, outer: &&CommandOption| {
            vec![json!({ "name": outer.name, "type": outer.kind, "options": inner })]
        };
        let options = path.iter().rev().fold(values, nest);
        let data = json!({ "options": options, "resolved": resolved.json() });
        Ok(data_of(&command, data))
    }

    /// Works out what a context menu on a message means.
    pub(crate) fn on_message(
        &self,
        user: Id,
        name: &str,
        (channel, message): (Id, Id),
    ) -> Result<Value, Refusal> {
        let command = self.shown_command(user, CommandType::Message, name)?;
        let found = self.world.message(channel, message);
        let found = found.map(|found| self.world.message_json(found));
        let messages = json!({ message.to_string(): found });
        let data =
            json!({ "target_id": message.to_string(), "resolved": { "messages": messages } });
        Ok(data_of(&command, data))
    }

    /// Works out what a context menu on a user means.
    pub(crate) fn on_user(&self, user: Id, name: &str, target: Id) -> Result<Value, Refusal> {
        let command = self.shown_command(user, CommandType::User, name)?;
        let mut resolved = Resolved::default();
        self.resolve_user(target, &mut resolved);
        let data = json!({ "target_id": target.to_string(), "resolved": resolved.json() });
        Ok(data_of(&command, data))
    }

    /// Reads what an option is set to.
    fn value(
        &self,
        option: &CommandOption,
        text: &str,
        resolved: &mut Resolved,
    ) -> Result<Value, Refusal> {
        if let Some(choices) = option
            .choices
            .as_ref()
            .filter(|choices| !choices.is_empty())
        {
            return chosen(choices, text);
        }
        match option.kind {
            CommandOptionType::String => within_length(option, text),
            CommandOptionType::Integer => {
                let value: i64 = text.parse().map_err(|_| "takes a whole number")?;
                #[expect(clippy::cast_precision_loss, reason = "it is only compared")]
                within_range(option, value as f64)?;
                Ok(json!(value))
            }
            CommandOptionType::Number => {
                let value: f64 = text.parse().map_err(|_| "takes a number")?;
                within_range(option, value)?;
                Ok(json!(value))
            }
            CommandOptionType::Boolean => {
                let value: bool = text.parse().map_err(|_| "takes `true` or `false`")?;
                Ok(json!(value))
            }
            CommandOptionType::User => self.user_named(text, resolved),
            CommandOptionType::Role => self.role_named(text, resolved),
            CommandOptionType::Mentionable => self.mentionable_named(text, resolved),
            CommandOptionType::Channel => {
                self.channel_named(&json!(option.channel_types), text, resolved)
            }
            CommandOptionType::Attachment => {
                let id = (resolved.attachments.len() + 1).to_string();
                let url = format!("https://cdn.discordapp.com/ephemeral-attachments/{id}/{text}");
                let file = json!({
                    "id": id, "filename": text, "size": 0, "url": url, "proxy_url": url,
                });
                resolved.attachments.insert(id.clone(), file);
                Ok(json!(id))
            }
            _ => Err("is of a kind that the simulator does not model".to_owned()),
        }
    }

    pub(crate) fn user_named(&self, text: &str, resolved: &mut Resolved) -> Result<Value, Refusal> {
        let name = text.trim_start_matches('@');
        let mut users = self.world.users.iter();
        let found = users.find(|user| user.name == name || format!("<@{}>", user.id) == text);
        let user = found.ok_or("takes a user, by name")?.id;
        self.resolve_user(user, resolved);
        Ok(json!(user.to_string()))
    }

    pub(crate) fn mentionable_named(
        &self,
        text: &str,
        resolved: &mut Resolved,
    ) -> Result<Value, Refusal> {
        self.user_named(text, resolved)
            .or_else(|_| self.role_named(text, resolved))
    }

    fn resolve_user(&self, user: Id, resolved: &mut Resolved) {
        let id = user.to_string();
        resolved
            .users
            .insert(id.clone(), self.world.user_json(user));
        if let Some(member) = self.world.member(user) {
            let permissions = self.world.permissions(user).bits().to_string();
            let mut member = self.world.member_json(member);
            member["permissions"] = json!(permissions);
            resolved.members.insert(id, member);
        }
    }

    pub(crate) fn role_named(&self, text: &str, resolved: &mut Resolved) -> Result<Value, Refusal> {
        let name = text.trim_start_matches('@');
        let mut roles = self.world.guild.roles.iter();
        let found = roles.find(|role| role.name.trim_start_matches('@') == name);
        let role = found.ok_or("takes a role, by name")?;
        let id = role.id.to_string();
        let json = World::role_json(role);
        resolved.roles.insert(id.clone(), json);
        Ok(json!(id))
    }

    pub(crate) fn channel_named(
        &self,
        kinds: &Value,
        text: &str,
        resolved: &mut Resolved,
    ) -> Result<Value, Refusal> {
        let name = text.trim_start_matches('#');
        let mut channels = self.world.channels.iter();
        let found = channels.find(|channel| channel.recipient.is_none() && channel.name == name);
        let channel = found.ok_or("takes a channel, by name")?;
        let mut json = self.world.channel_json(channel);
        let kinds = kinds.as_array().map(Vec::as_slice).unwrap_or_default();
        if !kinds.is_empty() && !kinds.contains(&json["type"]) {
            return Err("takes a channel of another kind".to_owned());
        }
        json["permissions"] = json!(self.world.permissions(self.world.bot).bits().to_string());
        let id = channel.id.to_string();
        resolved.channels.insert(id.clone(), json);
        Ok(json!(id))
    }
}

/// What is told of the things that options name.
#[derive(Default)]
pub(crate) struct Resolved {
    users: Map<String, Value>,
    members: Map<String, Value>,
    roles: Map<String, Value>,
    channels: Map<String, Value>,
    attachments: Map<String, Value>,
}

impl Resolved {
    pub(crate) fn json(self) -> Value {
        json!({
            "users": self.users,
            "members": self.members,
            "roles": self.roles,
            "channels": self.channels,
            "attachments": self.attachments,
        })
    }
}

fn data_of(command: &Command, mut data: Value) -> Value {
    data["id"] = json!(command.id);
    data["name"] = json!(command.name);
    data["type"] = json!(command.kind);
    if let Some(guild) = command.guild_id {
        data["guild_id"] = json!(guild);
    }
    data
}

fn is_nested(option: &CommandOption) -> bool {
    matches!(
        option.kind,
        CommandOptionType::SubCommand | CommandOptionType::SubCommandGroup
    )
}

/// Follows the names of subcommands. Returns those, the options of the last, and what stands after.
fn walk<'o, 't>(
    options: &'o [CommandOption],
    text: &'t str,
) -> Result<(Vec<&'o CommandOption>, &'o [CommandOption], &'t str), Refusal> {
    let (mut options, mut rest, mut path) = (options, text, Vec::new());
    while options.iter().any(is_nested) {
        let (word, after) = split_word(rest);
        let Some(found) = options.iter().find(|option| option.name == word) else {
            let names: Vec<_> = options.iter().map(|option| &*option.name).collect();
            let names = names.join(", ");
            return Err(format!("`{word}` is no subcommand: there are {names}"));
        };
        path.push(found);
        options = found.options.as_deref().unwrap_or_default();
        rest = after;
    }
    Ok((path, options, rest))
}

/// Reads an option that is still being typed.
fn focused(option: &CommandOption, text: &str) -> Result<Value, Refusal> {
    if option.autocomplete == Some(true) {
        Ok(json!(text))
    } else {
        Err("is not completed".to_owned())
    }
}

fn split_word(text: &str) -> (&str, &str) {
    let text = text.trim();
    text.split_once(char::is_whitespace).unwrap_or((text, ""))
}

/// Splits `sides:20 why:because I can` into the options and what they are set to.
fn split_options<'o, 't>(
    text: &'t str,
    options: &'o [CommandOption],
) -> Result<Vec<(&'o CommandOption, &'t str)>, Refusal> {
    let text = text.trim();
    let starts = |option: &'o CommandOption| {
        let mark = format!("{}:", option.name);
        let found = text.match_indices(&mark).map(|(start, _)| start);
        let is_word = |start: &usize| {
            text[..*start]
                .chars()
                .next_back()
                .is_none_or(char::is_whitespace)
        };
        let starts: Vec<_> = found.filter(is_word).collect();
        starts.into_iter().map(move |start| (start, option))
    };
    let mut starts: Vec<_> = options.iter().flat_map(starts).collect();
    starts.sort_by_key(|(start, _)| *start);
    if !text.is_empty() && starts.first().is_none_or(|(start, _)| *start != 0) {
        let (word, _) = split_word(text);
        let names: Vec<_> = options.iter().map(|option| &*option.name).collect();
        let names = names.join(", ");
        return Err(format!(
            "`{word}` is no option with a value: the options are [{names}]"
        ));
    }
    let ends = starts
        .iter()
        .skip(1)
        .map(|(start, _)| *start)
        .chain([text.len()]);
    let mut given: Vec<(&CommandOption, &str)> = Vec::new();
    for ((start, option), end) in starts.iter().zip(ends) {
        if given.iter().any(|(other, _)| other.name == option.name) {
            return Err(format!("the option `{}` is set twice", option.name));
        }
        given.push((option, text[start + option.name.len() + 1..end].trim()));
    }
    Ok(given)
}

fn chosen(choices: &[CommandOptionChoice], text: &str) -> Result<Value, Refusal> {
    let Some(choice) = choices.iter().find(|choice| choice.name == text) else {
        let names: Vec<_> = choices.iter().map(|choice| &*choice.name).collect();
        return Err(format!("is chosen among {}", names.join(", ")));
    };
    Ok(match &choice.value {
        CommandOptionChoiceValue::String(value) => json!(value),
        CommandOptionChoiceValue::Integer(value) => json!(value),
        CommandOptionChoiceValue::Number(value) => json!(value),
    })
}

fn within_length(option: &CommandOption, text: &str) -> Result<Value, Refusal> {
    let length = text.chars().count();
    let least = option.min_length.map_or(0, usize::from);
    let most = option.max_length.map_or(6_000, usize::from);
    if (least..=most).contains(&length) {
        Ok(json!(text))
    } else {
        Err(format!("takes {least} to {most} characters"))
    }
}

fn within_range(option: &CommandOption, value: f64) -> Result<(), Refusal> {
    let number = |limit: &CommandOptionValue| match limit {
        #[expect(clippy::cast_precision_loss, reason = "it is only compared")]
        CommandOptionValue::Integer(limit) => *limit as f64,
        CommandOptionValue::Number(limit) => *limit,
    };
    let least = option.min_value.as_ref().map_or(f64::MIN, number);
    let most = option.max_value.as_ref().map_or(f64::MAX, number);
    if value < least {
        return Err(format!("takes at least {least}"));
    }
    if value > most {
        return Err(format!("takes at most {most}"));
    }
    Ok(())
}
