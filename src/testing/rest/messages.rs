//! Messages.

use serde_json::{Value, json};
use twilight_model::guild::Permissions;

use crate::testing::discord::State;
use crate::testing::rest::answer::Answer;
use crate::testing::rest::multipart::File;
use crate::testing::rest::request::{Request, id};
use crate::testing::transcript::Happening;
use crate::testing::world::{Id, Message};

/// The most that a message may hold. (Discord: Message, Create Message.)
const MAX_CONTENT: usize = 2_000;
const MAX_EMBEDS: usize = 10;

impl State {
    /// Finds a message in a channel that the bot may see.
    pub(crate) fn visible_message(&self, channel: &str, message: &str) -> Result<(Id, Id), Answer> {
        let channel = self.visible_channel(channel)?;
        let message = id(message).and_then(|id| self.world.message(channel, id));
        Ok((channel, message.ok_or_else(Answer::unknown_message)?.id))
    }

    fn message_answer(&self, channel: Id, message: Id) -> Result<Answer, Answer> {
        let message = self
            .world
            .message(channel, message)
            .ok_or_else(Answer::unknown_message)?;
        Ok(Answer::of(&self.world.message_json(message)))
    }

    pub(crate) fn get_message(&self, channel: &str, message: &str) -> Result<Answer, Answer> {
        let (channel, message) = self.visible_message(channel, message)?;
        self.require_in(channel, Permissions::READ_MESSAGE_HISTORY)?;
        self.message_answer(channel, message)
    }

    pub(crate) fn list_messages(&self, channel: &str, request: &Request) -> Result<Answer, Answer> {
        let channel = self.visible_channel(channel)?;
        let limit = request.number("limit").unwrap_or(50);
        if !(1..=100).contains(&limit) {
            let message = "int value should be between 1 and 100.";
            return Err(Answer::invalid("limit", "NUMBER_TYPE_MAX", message));
        }
        if self
            .require_in(channel, Permissions::READ_MESSAGE_HISTORY)
            .is_err()
        {
            // (Discord: Channel, Get Channel Messages: without the permission there are none.)
            return Ok(Answer::of(&json!([])));
        }
        let before = request.number("before").unwrap_or(Id::MAX);
        let after = request.number("after").unwrap_or(0);
        let is_wanted = |message: &&Message| {
            message.channel == channel && message.id < before && message.id > after
        };
        let newest_first = self.world.messages.iter().rev().filter(is_wanted);
        let found = newest_first.take(usize::try_from(limit).unwrap_or(usize::MAX));
        let found: Vec<_> = found
            .map(|message| self.world.message_json(message))
            .collect();
        Ok(Answer::of(&json!(found)))
    }

    pub(crate) fn create_message(
        &mut self,
        channel: &str,
        request: &Request,
    ) -> Result<Answer, Answer> {
        let channel = self.visible_channel(channel)?;
        self.require_in(channel, Permissions::SEND_MESSAGES)?;
        let (form, files) = request.form()?;
        refuse_form(&form, files.is_empty())?;
        if let Some(known) = self.same_nonce(channel, &form) {
            return self.message_answer(channel, known);
        }
        let answers = self.answered(channel, &form)?;
        let message = self.new_message(channel, &form, &files, answers);
        let id = message.id;
        self.note(Happening::Sent {
            channel,
            content: message.content.clone(),
        });
        self.tell_message("MESSAGE_CREATE", &message);
        self.world.messages.push(message);
        self.message_answer(channel, id)
    }

    /// Finds the message that was sent with the same nonce. (Discord: Message, `enforce_nonce`.)
    fn same_nonce(&self, channel: Id, form: &Value) -> Option<Id> {
        let (enforced, nonce) = (form["enforce_nonce"].as_bool()?, &form["nonce"]);
        let is_same = |message: &&Message| {
            message.channel == channel
                && message.author == self.world.bot
                && message.nonce == *nonce
        };
        let mut sent = self.world.messages.iter();
        (enforced && !nonce.is_null()).then(|| sent.find(is_same).map(|message| message.id))?
    }

    /// Finds the message that is replied to.
    fn answered(&self, channel: Id, form: &Value) -> Result<Option<Id>, Answer> {
        let reference = &form["message_reference"];
        let Some(answered) = reference["message_id"].as_str().and_then(id) else {
            return Ok(None);
        };
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

    fn new_message(
        &mut self,
        channel: Id,
        form: &Value,
        files: &[File],
        answers: Option<Id>,
    ) -> Message {
        let content = form["content"].as_str().unwrap_or_default().to_owned();
        let id = self.world.next_id();
        let (mentions, mentions_everyone) = self.mentions(&content, &form["allowed_mentions"]);
        Message {
            id,
            channel,
            author: self.world.bot,
            mentions,
            mentions_everyone,
            content,
            edited: None,
            embeds: embeds(&form["embeds"]),
            attachments: files
                .iter()
                .enumerate()
                .map(|file| attachment(id, file))
                .collect(),
            components: list(&form["components"]),
            answers,
            flags: form["flags"].as_u64().unwrap_or(0),
            is_pinned: false,
            reactions: Vec::new(),
            nonce: form["nonce"].clone(),
        }
    }

    /// Works out whom a message of the bot's mentions. (Discord: Message, Allowed Mentions Object.)
    fn mentions(&self, content: &str, allowed: &Value) -> (Vec<Id>, bool) {
        let parses = |what: &str| match allowed["parse"].as_array() {
            Some(parse) => parse.iter().any(|allowed| allowed == what),
            None => allowed.is_null(),
        };
        let listed = |user: &Id| {
            let users = allowed["users"].as_array();
            users.is_some_and(|users| users.iter().any(|listed| *listed == *user.to_string()))
        };
        let mut users = self.world.mentioned(content);
        if !parses("users") {
            users.retain(listed);
        }
        let names_everyone = content.contains("@everyone") || content.contains("@here");
        (users, names_everyone && parses("everyone"))
    }

    pub(crate) fn edit_message(
        &mut self,
        channel: &str,
        message: &str,
        request: &Request,
    ) -> Result<Answer, Answer> {
        let (channel, id) = self.visible_message(channel, message)?;
        let (form, _) = request.form()?;
        let (bot, now) = (self.world.bot, self.world.now());
        let message = self
            .world
            .message_mut(channel, id)
            .ok_or_else(Answer::unknown_message)?;
        if message.author != bot {
            let refusal = "Cannot edit a message authored by another user";
            return Err(Answer::error(403, 50005, refusal));
        }
        if let Some(content) = form.get("content") {
            let content = content.as_str().unwrap_or_default();
            refuse_content(content)?;
            content.clone_into(&mut message.content);
        }
        if let Some(changed) = form.get("embeds") {
            message.embeds = embeds(changed);
        }
        if let Some(changed) = form.get("components") {
            message.components = list(changed);
        }
        message.edited = Some(now);
        let message = message.clone();
        self.changed_message(&message);
        self.message_answer(channel, id)
    }

    pub(crate) fn delete_message(
        &mut self,
        channel: &str,
        message: &str,
    ) -> Result<Answer, Answer> {
        let (channel, id) = self.visible_message(channel, message)?;
        let is_own = self
            .world
            .message(channel, id)
            .is_some_and(|message| message.author == self.world.bot);
        if !is_own {
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
        self.note(Happening::Deleted {
            content: message.content.clone(),
        });
        self.world.messages.retain(|message| message.id != id);
        let data = json!({ "id": id.to_string(), "channel_id": channel.to_string() });
        self.tell_channel("MESSAGE_DELETE", channel, data);
    }

    pub(crate) fn delete_messages(
        &mut self,
        channel: &str,
        request: &Request,
    ) -> Result<Answer, Answer> {
        let channel = self.visible_channel(channel)?;
        self.require_in(channel, Permissions::MANAGE_MESSAGES)?;
        let (form, _) = request.form()?;
        let ids = form["messages"].as_array().cloned().unwrap_or_default();
        if !(2..=100).contains(&ids.len()) {
            let refusal = "Provided too few or too many messages to delete. Must provide at least 2 \
                           and at most 100 messages to delete.";
            return Err(Answer::error(400, 50016, refusal));
        }
        let is_deleted = |message: &Message| {
            message.channel == channel && ids.iter().any(|id| *id == *message.id.to_string())
        };
        let (deleted, kept): (Vec<_>, _) = std::mem::take(&mut self.world.messages)
            .into_iter()
            .partition(is_deleted);
        self.world.messages = kept;
        for Message { content, .. } in deleted {
            self.note(Happening::Deleted { content });
        }
        let data = json!({ "ids": ids, "channel_id": channel.to_string() });
        self.tell_channel("MESSAGE_DELETE_BULK", channel, data);
        Ok(Answer::done())
    }
}

fn refuse_form(form: &Value, has_no_files: bool) -> Result<(), Answer> {
    let content = form["content"].as_str().unwrap_or_default();
    refuse_content(content)?;
    let count = |field: &str| form[field].as_array().map_or(0, Vec::len);
    if count("embeds") > MAX_EMBEDS {
        let message = "Must be 10 or fewer in length.";
        return Err(Answer::invalid("embeds", "BASE_TYPE_MAX_LENGTH", message));
    }
    let is_empty = content.trim().is_empty() && has_no_files;
    if is_empty
        && ["embeds", "components", "sticker_ids"]
            .iter()
            .all(|field| count(field) == 0)
    {
        return Err(Answer::error(400, 50006, "Cannot send an empty message"));
    }
    Ok(())
}

fn refuse_content(content: &str) -> Result<(), Answer> {
    if content.chars().count() > MAX_CONTENT {
        let message = "Must be 2000 or fewer in length.";
        return Err(Answer::invalid("content", "BASE_TYPE_MAX_LENGTH", message));
    }
    Ok(())
}

fn list(value: &Value) -> Value {
    if value.is_array() {
        value.clone()
    } else {
        json!([])
    }
}

/// Embeds as Discord gives them back: each knows its type.
fn embeds(value: &Value) -> Value {
    let mut embeds = list(value);
    for embed in embeds.as_array_mut().into_iter().flatten() {
        embed["type"] = json!("rich");
    }
    embeds
}

fn attachment(message: Id, (index, file): (usize, &File)) -> Value {
    let id = message + 1 + Id::try_from(index).unwrap_or(0);
    json!({
        "id": id.to_string(),
        "filename": file.name,
        "size": file.size,
        "url": format!("https://cdn.discordapp.com/attachments/{id}/{}", file.name),
        "proxy_url": format!("https://media.discordapp.net/attachments/{id}/{}", file.name),
    })
}
