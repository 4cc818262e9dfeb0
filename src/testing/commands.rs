//! Slash commands and context menus, as Discord's own clients interpret them.

use serde_json::{Map, Value, json};
use twilight_model::application::command::{
    Command, CommandOption, CommandOptionChoice, CommandOptionChoiceValue, CommandOptionType,
    CommandOptionValue, CommandType,
};
use twilight_model::application::interaction::InteractionContextType;
use twilight_model::guild::Permissions;

use crate::testing::discord::State;
use crate::testing::world::{Channel, Id, Role, World};

/// Why a client would not send it.
type Refusal = String;

impl State {
    /// Finds a command that is shown to a user in a channel.
    fn shown_command(
        &self,
        (user, channel): (Id, Id),
        kind: CommandType,
        name: &str,
    ) -> Result<Command, Refusal> {
        let is_direct = self.world.guild_of(channel).is_none();
        let known = self.commands.iter();
        let mut found = known.filter_map(|(guild, json)| {
            let command: Command = serde_json::from_value(json.clone()).ok()?;
            let is_meant = command.kind == kind && command.name == name;
            let is_there = guild.is_none() || !is_direct;
            (is_meant && is_there).then_some((guild.is_none(), command))
        });
        // Commands of the guild are shown before global ones.
        let command = found.by_ref().min_by_key(|(is_global, _)| *is_global);
        let (_, command) = command.ok_or_else(|| format!("there is no command `{name}`"))?;
        if !is_shown(&command, is_direct) {
            let place = if is_direct {
                "direct messages"
            } else {
                "guilds"
            };
            return Err(format!("the command `{name}` is not shown in {place}"));
        }
        let needed = needed(&command).filter(|_| !is_direct);
        match needed.filter(|needed| !self.world.permissions(user).contains(*needed)) {
            Some(needed) => Err(format!(
                "the command `{name}` is shown only to members with {needed:?}"
            )),
            None => Ok(command),
        }
    }

    /// Interprets a slash command with its options. The last option may be incomplete, if it is to be
    /// completed.
    pub(crate) fn typed(
        &self,
        (user, channel): (Id, Id),
        line: &str,
        is_unfinished: bool,
    ) -> Result<Value, Refusal> {
        let line = line
            .strip_prefix('/')
            .ok_or("a slash command begins with `/`")?;
        let (name, rest) = split_word(line);
        let command = self.shown_command((user, channel), CommandType::ChatInput, name)?;
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
        let mut resolved = self.resolved(channel);
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

    /// Interprets the use of a context menu on a message.
    pub(crate) fn on_message(
        &self,
        user: Id,
        name: &str,
        (channel, message): (Id, Id),
    ) -> Result<Value, Refusal> {
        let command = self.shown_command((user, channel), CommandType::Message, name)?;
        let found = self.world.message(channel, message);
        let found = found.map(|found| self.world.message_json(found));
        let messages = json!({ message.to_string(): found });
        let data =
            json!({ "target_id": message.to_string(), "resolved": { "messages": messages } });
        Ok(data_of(&command, data))
    }

    /// Interprets the use of a context menu on a user.
    pub(crate) fn on_user(
        &self,
        (user, channel): (Id, Id),
        name: &str,
        target: Id,
    ) -> Result<Value, Refusal> {
        let command = self.shown_command((user, channel), CommandType::User, name)?;
        let mut resolved = self.resolved(channel);
        self.resolve_user(target, &mut resolved);
        let data = json!({ "target_id": target.to_string(), "resolved": resolved.json() });
        Ok(data_of(&command, data))
    }

    /// Reads the value of an option.
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
            CommandOptionType::Attachment => resolved.file_named(&json!(option.file_types), text),
            _ => Err("is of a type that the simulator does not model".to_owned()),
        }
    }

    /// Starts collecting the resolved data of a channel's command.
    pub(crate) fn resolved(&self, channel: Id) -> Resolved {
        Resolved {
            is_direct: self.world.guild_of(channel).is_none(),
            ..Resolved::default()
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
        let member = self.world.member(user).filter(|_| !resolved.is_direct);
        if let Some(member) = member {
            let permissions = self.world.permissions(user).bits().to_string();
            let mut member = self.world.member_json(member);
            member["permissions"] = json!(permissions);
            resolved.members.insert(id, member);
        }
    }

    pub(crate) fn role_named(&self, text: &str, resolved: &mut Resolved) -> Result<Value, Refusal> {
        let name = text.trim_start_matches('@');
        let mut roles = self.world.guild.roles.iter();
        let is_meant = |role: &&Role| role.name.trim_start_matches('@') == name;
        let found = roles.find(is_meant).filter(|_| !resolved.is_direct);
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
        let is_meant = |channel: &&Channel| channel.recipient.is_none() && channel.name == name;
        let found = channels.find(is_meant).filter(|_| !resolved.is_direct);
        let channel = found.ok_or("takes a channel, by name")?;
        let mut json = self.world.channel_json(channel);
        let kinds = kinds.as_array().map(Vec::as_slice).unwrap_or_default();
        if !kinds.is_empty() && !kinds.contains(&json["type"]) {
            return Err("takes a channel of another type".to_owned());
        }
        json["permissions"] = json!(self.world.permissions(self.world.bot).bits().to_string());
        let id = channel.id.to_string();
        resolved.channels.insert(id.clone(), json);
        Ok(json!(id))
    }
}

/// The resolved data of the things that options name.
#[derive(Default)]
pub(crate) struct Resolved {
    /// In direct messages there are no members, roles or channels.
    is_direct: bool,
    users: Map<String, Value>,
    members: Map<String, Value>,
    roles: Map<String, Value>,
    channels: Map<String, Value>,
    attachments: Map<String, Value>,
}

impl Resolved {
    /// Adds a file of a name, if its type is allowed. (Discord: Reference, File Type Filtering.)
    pub(crate) fn file_named(&mut self, types: &Value, name: &str) -> Result<Value, Refusal> {
        let types = types.as_array().map_or(&[][..], Vec::as_slice);
        let is_of = |kind: &Value| ends_with(name, kind.as_str().unwrap_or_default());
        if name.is_empty() || !types.is_empty() && !types.iter().any(is_of) {
            return Err("takes a file of another type".to_owned());
        }
        let id = (self.attachments.len() + 1).to_string();
        let url = format!("https://cdn.discordapp.com/ephemeral-attachments/{id}/{name}");
        let file = json!({
            "id": id, "filename": name, "size": 0, "url": url, "proxy_url": url, "ephemeral": true,
        });
        self.attachments.insert(id.clone(), file);
        Ok(json!(id))
    }

    /// Returns the data of the things that were named.
    pub(crate) fn json(self) -> Value {
        let told = [
            ("users", self.users),
            ("members", self.members),
            ("roles", self.roles),
            ("channels", self.channels),
            ("attachments", self.attachments),
        ];
        let told = told.into_iter().filter(|(_, named)| !named.is_empty());
        told.map(|(kind, named)| (kind.to_owned(), Value::Object(named)))
            .collect()
    }
}

/// Returns whether a file's name has an extension of a type.
fn ends_with(name: &str, kind: &str) -> bool {
    let ends: &[&str] = match kind {
        "image" => &[".png", ".gif", ".jpg", ".jpeg", ".jfif", ".webp", ".avif"],
        "video" => &[".mp4", ".mov", ".qt", ".webm"],
        "audio" => &[".mp3", ".m4a", ".wav", ".ogg", ".opus", ".flac"],
        end => &[end],
    };
    let name = name.to_lowercase();
    ends.iter().any(|end| name.ends_with(&end.to_lowercase()))
}

/// Returns the permissions that a command needs to be shown. (Discord: Application Commands,
/// Permissions: an empty set is for administrators only.)
fn needed(command: &Command) -> Option<Permissions> {
    let needed = command.default_member_permissions?;
    Some(if needed.is_empty() {
        Permissions::ADMINISTRATOR
    } else {
        needed
    })
}

/// Returns whether a command is shown in the guild, or in direct messages with the bot. (Discord:
/// Application Commands, Interaction Contexts.)
fn is_shown(command: &Command, is_direct: bool) -> bool {
    #[expect(deprecated, reason = "Discord still heeds it")]
    let is_everywhere = command.dm_permission != Some(false);
    let here = if is_direct {
        InteractionContextType::BotDm
    } else {
        InteractionContextType::Guild
    };
    match &command.contexts {
        Some(contexts) => contexts.contains(&here),
        None => is_everywhere || !is_direct,
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

/// Follows the names of subcommands. Returns these, the options of the last, and the rest of the line.
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
            return Err(format!(
                "`{word}` is not a subcommand: the subcommands are {names}"
            ));
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
        Err("has no autocompletion".to_owned())
    }
}

fn split_word(text: &str) -> (&str, &str) {
    let text = text.trim();
    text.split_once(char::is_whitespace).unwrap_or((text, ""))
}

/// Splits `sides:20 why:because I can` into options and values.
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
            "`{word}` is not an option with a value: the options are [{names}]"
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
        return Err(format!("must be one of {}", names.join(", ")));
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
