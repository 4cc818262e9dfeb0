//! Messages.

use serde_json::{Value, json};
use twilight_model::guild::Permissions;

use crate::testing::components::{attach, number, refuse_in_message};
use crate::testing::discord::State;
use crate::testing::intents::blank_content;
use crate::testing::rest::answer::Answer;
use crate::testing::rest::multipart::File;
use crate::testing::rest::request::id;
use crate::testing::rest::route::{Answered, Call, Route};
use crate::testing::transcript::Happening;
use crate::testing::world::{Id, LAYOUT, Mentions, Message};

pub(crate) const ROUTES: &[Route] = &[
    Route::new("GET", "/channels/*/messages", State::list_messages)
        .query(&["limit", "before", "after", "around"]),
    Route::new("POST", "/channels/*/messages", State::create_message).form(&[
        "content",
        "embeds",
        "components",
        "attachments",
        "allowed_mentions",
        "message_reference",
        "flags",
        "nonce",
        "enforce_nonce",
        "tts",
    ]),
    Route::new(
        "POST",
        "/channels/*/messages/bulk-delete",
        State::delete_messages,
    )
    .form(&["messages"]),
    Route::new("GET", "/channels/*/messages/*", State::get_message),
    Route::new("PATCH", "/channels/*/messages/*", State::edit_message).form(&[
        "content",
        "embeds",
        "components",
        "attachments",
        "allowed_mentions",
        "flags",
    ]),
    Route::new("DELETE", "/channels/*/messages/*", State::delete_message),
];

/// The most that a message may hold. (Discord: Message, Create Message.)
const MAX_CONTENT: usize = 2_000;
const MAX_EMBEDS: usize = 10;
/// How old a message may be to be deleted with others. (Discord: Message, Bulk Delete Messages.)
const MAX_AGE: u64 = 14 * 24 * 60 * 60 * 1_000;
/// The length of a nonce, and how long it is remembered: "the past few minutes". (Discord: Message,
/// Create Message.)
const MAX_NONCE: usize = 25;
const NONCE_MEMORY: u64 = 5 * 60 * 1_000;
/// The flags that can be set, and those that can be changed. (Discord: Message, Create Message and Edit
/// Message.)
const SETTABLE: u64 = SUPPRESS_EMBEDS | 1 << 12 | 1 << 13 | LAYOUT;
const SUPPRESS_EMBEDS: u64 = 1 << 2;

impl State {
    /// Finds a message in a channel that the bot may see.
    pub(crate) fn visible_message(&self, channel: &str, message: &str) -> Result<(Id, Id), Answer> {
        let channel = self.visible_channel(channel)?;
        let message = id(message).and_then(|id| self.world.message(channel, id));
        let message = message.filter(|message| message.only_for.is_none());
        Ok((channel, message.ok_or_else(Answer::unknown_message)?.id))
    }

    /// Returns a message as the bot may see it.
    fn shown(&self, message: &Message) -> Value {
        let mut json = self.world.message_json(message);
        let is_in_guild = self.world.guild_of(message.channel).is_some();
        if is_in_guild && self.rules.refuses_privileged {
            blank_content(&mut json, self.world.bot);
        }
        json
    }

    pub(crate) fn message_answer(&self, channel: Id, message: Id) -> Answered {
        let message = self.world.message(channel, message);
        Ok(Answer::of(
            &self.shown(message.ok_or_else(Answer::unknown_message)?),
        ))
    }

    fn get_message(&mut self, call: &Call<'_>) -> Answered {
        let (channel, message) = self.visible_message(call.path[0], call.path[1])?;
        self.require_in(channel, Permissions::READ_MESSAGE_HISTORY)?;
        self.message_answer(channel, message)
    }

    fn list_messages(&mut self, call: &Call<'_>) -> Answered {
        let channel = self.visible_channel(call.path[0])?;
        let limit = call.limit(50, 100)?;
        let may_read = self.require_in(channel, Permissions::READ_MESSAGE_HISTORY);
        if may_read.is_err() {
            // (Discord: Message, Get Channel Messages: without the permission there are none.)
            return Ok(Answer::of(&json!([])));
        }
        let in_channel =
            |message: &&Message| message.channel == channel && message.only_for.is_none();
        let oldest_first: Vec<_> = self.world.messages.iter().filter(in_channel).collect();
        let is_before = |id| oldest_first.partition_point(|message| message.id < id);
        let all = oldest_first.len();
        let (start, end) = if let Some(before) = call.number("before") {
            let end = is_before(before);
            (end.saturating_sub(limit), end)
        } else if let Some(after) = call.number("after") {
            let start = is_before(after.saturating_add(1));
            (start, (start + limit).min(all))
        } else if let Some(around) = call.number("around") {
            let start = is_before(around).saturating_sub(limit / 2);
            (start, (start + limit).min(all))
        } else {
            (all.saturating_sub(limit), all)
        };
        let newest_first = oldest_first[start..end].iter().rev();
        let found: Vec<_> = newest_first.map(|message| self.shown(message)).collect();
        Ok(Answer::of(&json!(found)))
    }

    fn create_message(&mut self, call: &Call<'_>) -> Answered {
        let (form, channel) = (&call.form, self.visible_channel(call.path[0])?);
        self.require_in(channel, Permissions::SEND_MESSAGES)?;
        // (Discord: Opcodes and Status Codes, JSON Error Codes. That the conversation can be opened
        // proves nothing.)
        if self.world.is_closed(channel) {
            let refusal = "Cannot send messages to this user";
            return Err(Answer::error(403, 50007, refusal));
        }
        if form["message_reference"]["type"].as_u64().unwrap_or(0) != 0 {
            return Err(call.unmodelled("a message that is forwarded"));
        }
        refuse_nonce(&form["nonce"])?;
        if let Some((channel, known)) = self.same_nonce(form) {
            return self.message_answer(channel, known);
        }
        let answers = self.answered(channel, form)?;
        let message = self.new_message(channel, form, &call.files, answers)?;
        let id = self.send(message);
        self.message_answer(channel, id)
    }

    /// Sends a message of the bot's, and returns its id.
    pub(crate) fn send(&mut self, message: Message) -> Id {
        let id = message.id;
        self.note(Happening::Sent {
            channel: message.channel,
            content: message.text(),
            only_for: message.only_for.map(|user| self.world.name(user)),
        });
        // The gateway sends no events for ephemeral messages.
        if message.only_for.is_none() {
            self.tell_message("MESSAGE_CREATE", &message);
        }
        self.world.messages.push(message);
        id
    }

    /// Finds the message that the bot sent with the same nonce, wherever that was. (Discord: Message,
    /// Create Message, `enforce_nonce`.)
    fn same_nonce(&self, form: &Value) -> Option<(Id, Id)> {
        let (enforced, nonce) = (form["enforce_nonce"].as_bool()?, &form["nonce"]);
        let is_same = |message: &&Message| {
            message.author == self.world.bot
                && message.nonce == *nonce
                && self.world.age(message.id) < NONCE_MEMORY
        };
        if !enforced || nonce.is_null() {
            return None;
        }
        let found = self.world.messages.iter().find(is_same)?;
        Some((found.channel, found.id))
    }

    /// Finds the message that is replied to.
    fn answered(&self, channel: Id, form: &Value) -> Result<Option<Id>, Answer> {
        let reference = &form["message_reference"];
        let Some(answered) = reference["message_id"].as_str().and_then(id) else {
            return Ok(None);
        };
        self.require_in(channel, Permissions::READ_MESSAGE_HISTORY)
            .map_err(|_| {
                let refusal = "Cannot reply without permission to read message history";
                Answer::error(400, 160_002, refusal)
            })?;
        let is_there = self.world.message(channel, answered).is_some();
        let may_be_gone = reference["fail_if_not_exists"].as_bool() == Some(false);
        match (is_there, may_be_gone) {
            (true, _) => Ok(Some(answered)),
            (false, true) => Ok(None),
            (false, false) => Err(Answer::invalid(
                "message_reference",
                "REPLIES_UNKNOWN_MESSAGE",
                "Unknown message",
            )),
        }
    }

    /// Creates a message of the bot's from a form.
    pub(crate) fn new_message(
        &mut self,
        channel: Id,
        form: &Value,
        files: &[File],
        answers: Option<Id>,
    ) -> Result<Message, Answer> {
        let flags = form["flags"].as_u64().unwrap_or(0) & SETTABLE;
        refuse_form(form, flags)?;
        let content = form["content"].as_str().unwrap_or_default().to_owned();
        let message = self.world.new_message(channel, self.world.bot, content);
        let attachments = self.attachments(&json!([]), files, &form["attachments"]);
        let mut message = Message {
            embeds: embeds(&form["embeds"]),
            components: components(form, &attachments)?,
            attachments,
            answers,
            flags,
            nonce: form["nonce"].clone(),
            is_spoken: form["tts"].as_bool().unwrap_or(false),
            ..message
        };
        message.mentions = self.allowed_mentions(&message, form);
        refuse_message(&message)?;
        Ok(message)
    }

    /// Returns the attachments of a message: the earlier ones that are kept, and new files. (Discord:
    /// Message, Edit Message.)
    fn attachments(&mut self, before: &Value, files: &[File], listed: &Value) -> Value {
        let named = |file: &&Value| {
            let mut listed = listed.as_array().into_iter().flatten();
            listed.any(|listed| number_of(listed) == number_of(file))
        };
        let before = before.as_array().into_iter().flatten();
        let kept = before.filter(|file| !listed.is_array() || named(file));
        let mut attachments: Vec<_> = kept.cloned().collect();
        for file in files.iter().enumerate() {
            attachments.push(attachment(self.world.next_id(), file, listed));
        }
        json!(attachments)
    }

    /// Returns whom a message of the bot's mentions. (Discord: Message, Allowed Mentions Object.)
    fn allowed_mentions(&self, message: &Message, form: &Value) -> Mentions {
        let answered = self.answered_by(message);
        let mut mentions = self.world.mentions(&message.text(), answered);
        let allowed = &form["allowed_mentions"];
        if allowed.is_null() {
            return mentions;
        }
        let named = |list: &str, wanted: &str| {
            let list = allowed[list].as_array();
            list.is_some_and(|list| list.iter().any(|item| item == wanted))
        };
        let pings_answered = allowed["replied_user"].as_bool() == Some(true);
        mentions.users.retain(|user| {
            named("parse", "users")
                || named("users", &user.to_string())
                || (pings_answered && Some(*user) == answered)
        });
        mentions
            .roles
            .retain(|role| named("parse", "roles") || named("roles", &role.to_string()));
        mentions.everyone &= named("parse", "everyone");
        mentions
    }

    fn edit_message(&mut self, call: &Call<'_>) -> Answered {
        let (channel, id) = self.visible_message(call.path[0], call.path[1])?;
        self.rewrite_own((channel, id), &call.form, &call.files)?;
        self.message_answer(channel, id)
    }

    /// Changes a message of the bot's.
    pub(crate) fn rewrite_own(
        &mut self,
        (channel, id): (Id, Id),
        form: &Value,
        files: &[File],
    ) -> Result<(), Answer> {
        let now = self.world.now();
        let found = self.world.message(channel, id);
        let mut message = found.ok_or_else(Answer::unknown_message)?.clone();
        if message.author != self.world.bot {
            let refusal = "Cannot edit a message authored by another user";
            return Err(Answer::error(403, 50005, refusal));
        }
        // The given flags are all of them. (Discord: Message, Edit Message.)
        let flags = form["flags"].as_u64().unwrap_or(message.flags);
        refuse_form(form, flags)?;
        message.flags = message.flags & !SUPPRESS_EMBEDS | flags & (SUPPRESS_EMBEDS | LAYOUT);
        message.attachments = self.attachments(&message.attachments, files, &form["attachments"]);
        if let Some(content) = form.get("content") {
            content
                .as_str()
                .unwrap_or_default()
                .clone_into(&mut message.content);
        }
        if let Some(changed) = form.get("embeds") {
            message.embeds = embeds(changed);
        }
        if form.get("components").is_some() {
            message.components = components(form, &message.attachments)?;
        }
        let text = if message.is_layout() {
            "components"
        } else {
            "content"
        };
        if form.get(text).is_some() {
            message.mentions = self.allowed_mentions(&message, form);
        }
        refuse_message(&message)?;
        message.edited = Some(now);
        self.changed_message(&message);
        if let Some(found) = self.world.message_mut(channel, id) {
            *found = message;
        }
        Ok(())
    }

    fn delete_message(&mut self, call: &Call<'_>) -> Answered {
        let (channel, id) = self.visible_message(call.path[0], call.path[1])?;
        let found = self.world.message(channel, id);
        if found.is_some_and(|message| message.author != self.world.bot) {
            self.require_in(channel, Permissions::MANAGE_MESSAGES)?;
        }
        self.remove_message(channel, id);
        Ok(Answer::done())
    }

    /// Deletes a message, whoever does it.
    pub(crate) fn remove_message(&mut self, channel: Id, id: Id) {
        let Some(message) = self.world.message(channel, id) else {
            return;
        };
        let is_told = message.only_for.is_none();
        self.note(Happening::Deleted {
            content: message.text(),
        });
        self.world.messages.retain(|message| message.id != id);
        if is_told {
            let data = json!({ "id": id.to_string(), "channel_id": channel.to_string() });
            self.tell_channel("MESSAGE_DELETE", channel, data);
        }
    }

    fn delete_messages(&mut self, call: &Call<'_>) -> Answered {
        let channel = self.visible_channel(call.path[0])?;
        self.require_in(channel, Permissions::MANAGE_MESSAGES)?;
        let ids = call.form["messages"].as_array();
        let ids: Vec<Id> = ids
            .into_iter()
            .flatten()
            .filter_map(|message| message.as_str().and_then(id))
            .collect();
        if !(2..=100).contains(&ids.len()) {
            let refusal = "Provided too few or too many messages to delete. Must provide at least 2 \
                           and at most 100 messages to delete.";
            return Err(Answer::error(400, 50016, refusal));
        }
        if ids.iter().any(|id| self.world.age(*id) > MAX_AGE) {
            let refusal = "You can only bulk delete messages that are under 14 days old.";
            return Err(Answer::error(400, 50034, refusal));
        }
        let is_deleted =
            |message: &Message| message.channel == channel && ids.contains(&message.id);
        let (deleted, kept): (Vec<_>, _) = std::mem::take(&mut self.world.messages)
            .into_iter()
            .partition(is_deleted);
        self.world.messages = kept;
        for message in deleted {
            self.note(Happening::Deleted {
                content: message.text(),
            });
        }
        let ids: Vec<_> = ids.iter().map(Id::to_string).collect();
        let data = json!({ "ids": ids, "channel_id": channel.to_string() });
        self.tell_channel("MESSAGE_DELETE_BULK", channel, data);
        Ok(Answer::done())
    }
}

/// Refuses a nonce that is neither a number nor a short text.
fn refuse_nonce(nonce: &Value) -> Result<(), Answer> {
    match nonce {
        Value::Null => Ok(()),
        Value::Number(number) if !number.is_f64() => Ok(()),
        Value::String(text) if text.chars().count() <= MAX_NONCE => Ok(()),
        Value::String(_) => {
            let message = "Must be 25 or fewer in length.";
            Err(Answer::invalid("nonce", "BASE_TYPE_MAX_LENGTH", message))
        }
        _ => {
            let message = "Must be a string or an integer.";
            Err(Answer::invalid("nonce", "BASE_TYPE_BAD_TYPE", message))
        }
    }
}

/// Refuses a form that is not allowed for a message with these flags.
fn refuse_form(form: &Value, flags: u64) -> Result<(), Answer> {
    let content = form["content"].as_str().unwrap_or_default();
    if content.chars().count() > MAX_CONTENT {
        let message = "Must be 2000 or fewer in length.";
        return Err(Answer::invalid("content", "BASE_TYPE_MAX_LENGTH", message));
    }
    if form["embeds"].as_array().map_or(0, Vec::len) > MAX_EMBEDS {
        let message = "Must be 10 or fewer in length.";
        return Err(Answer::invalid("embeds", "BASE_TYPE_MAX_LENGTH", message));
    }
    Ok(refuse_in_message(&form["components"], flags & LAYOUT != 0)?)
}

/// Refuses an empty message, or one with fields that may not stand beside its components.
fn refuse_message(message: &Message) -> Result<(), Answer> {
    let embeds = message.embeds.as_array().map_or(0, Vec::len);
    let used = [
        ("content", !message.content.is_empty()),
        ("embeds", embeds > 0),
    ];
    let used = used.iter().find(|(_, is_used)| *is_used);
    if let (true, Some((field, _))) = (message.is_layout(), used) {
        let code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2";
        let message =
            format!("The '{field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2");
        return Err(Answer::invalid(field, code, &message));
    }
    if message.is_empty() {
        return Err(Answer::empty_message());
    }
    Ok(())
}

/// Components as Discord returns them: each has a number, and files have their URLs.
fn components(form: &Value, attachments: &Value) -> Result<Value, Answer> {
    let mut components = list(&form["components"]);
    number(&mut components);
    attach(&mut components, "components", attachments)?;
    Ok(components)
}

fn list(value: &Value) -> Value {
    if value.is_array() {
        value.clone()
    } else {
        json!([])
    }
}

/// Embeds as Discord returns them: each has its type.
fn embeds(value: &Value) -> Value {
    let mut embeds = list(value);
    for embed in embeds.as_array_mut().into_iter().flatten() {
        embed["type"] = json!("rich");
    }
    embeds
}

/// A file as an attachment, with what the form says of it.
fn attachment(id: Id, (index, file): (usize, &File), described: &Value) -> Value {
    let is_of_file = |given: &&Value| {
        let of = number_of(given);
        of.is_some_and(|of| usize::try_from(of) == Ok(index))
    };
    let described = described.as_array().into_iter().flatten().find(is_of_file);
    let mut attachment = json!({
        "id": id.to_string(),
        "filename": file.name,
        "size": file.size,
        "url": format!("https://cdn.discordapp.com/attachments/{id}/{}", file.name),
        "proxy_url": format!("https://media.discordapp.net/attachments/{id}/{}", file.name),
    });
    if let Some(description) = described.and_then(|given| given["description"].as_str()) {
        attachment["description"] = json!(description);
    }
    attachment
}

/// Returns the id of a file, or its index among the new ones, which may be a text or a number.
fn number_of(file: &Value) -> Option<u64> {
    let number = file["id"].as_u64();
    number.or_else(|| file["id"].as_str()?.parse().ok())
}
