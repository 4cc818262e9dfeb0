//! Answers to interactions, and posts to webhooks, which use the same paths.

use serde_json::{Value, json};

use crate::testing::discord::State;
use crate::testing::interactions::{AUTOCOMPLETE, Interaction, MODAL, Response};
use crate::testing::modals::Modal;
use crate::testing::rest::answer::Answer;
use crate::testing::rest::request::id;
use crate::testing::rest::route::{Answered, Call, Route};
use crate::testing::transcript::Happening;
use crate::testing::world::{Id, Message, Webhook};

pub(crate) const ROUTES: &[Route] = &[
    Route::new("POST", "/interactions/*/*/callback", State::respond)
        .public()
        .query(&["with_response"])
        .form(&["type", "data", "attachments"]),
    Route::new("POST", "/webhooks/*/*", State::post)
        .public()
        .query(&["wait", "with_components"])
        .form(FIELDS),
    Route::new("GET", "/webhooks/*/*/messages/*", State::get_response).public(),
    Route::new("PATCH", "/webhooks/*/*/messages/*", State::edit_response)
        .public()
        .query(&["with_components"])
        .form(FIELDS),
    Route::new("DELETE", "/webhooks/*/*/messages/*", State::delete_response).public(),
];

/// The known fields of messages that answer.
const FIELDS: &[&str] = &[
    "content",
    "embeds",
    "components",
    "attachments",
    "allowed_mentions",
    "flags",
    "tts",
];

/// The flag of ephemeral messages. (Discord: Message, Message Flags.)
const EPHEMERAL: u64 = 1 << 6;

impl State {
    fn respond(&mut self, call: &Call<'_>) -> Answered {
        let index = self.interactions.iter().position(|interaction| {
            Some(interaction.id) == id(call.path[0]) && interaction.token == call.path[1]
        });
        let index = index.ok_or_else(Answer::unknown_interaction)?;
        let interaction = self.interactions[index].clone();
        if !interaction.is_in_time() {
            return Err(Answer::unknown_interaction());
        }
        if interaction.response != Response::Waiting {
            return Err(Answer::already_acknowledged());
        }
        let (kind, data) = (call.form["type"].as_u64().unwrap_or(0), &call.form["data"]);
        if (kind == 8) != (interaction.kind == AUTOCOMPLETE) {
            let message = "This interaction cannot be answered in this way";
            return Err(Answer::invalid("type", "INTERACTION_TYPE_INVALID", message));
        }
        if !matches!(kind, 4 | 7) && !call.files.is_empty() {
            return Err(call.unmodelled("a file where there is no message"));
        }
        let response = match kind {
            8 => self.complete(data)?,
            9 => self.show(&interaction, data)?,
            _ => self.answer_with(&interaction, kind, call)?,
        };
        self.interactions[index].response = response;
        let message = match (kind, response) {
            (4 | 7, Response::Message(message)) => Some(message),
            _ => None,
        };
        let message = message.and_then(|id| self.world.message(interaction.channel, id));
        let message = message.map(|message| self.world.message_json(message));
        let resource = message.map(|message| json!({ "type": kind, "message": message }));
        Ok(acknowledged(call, &interaction, resource))
    }

    /// Answers with a message, or defers or changes one.
    fn answer_with(
        &mut self,
        interaction: &Interaction,
        kind: u64,
        call: &Call<'_>,
    ) -> Result<Response, Answer> {
        let data = &call.form["data"];
        let given = data.as_object().into_iter().flatten();
        let mut given = given.filter(|(_, value)| !value.is_null());
        if let Some((unknown, _)) = given.find(|(name, _)| !FIELDS.contains(&name.as_str())) {
            return Err(call.unmodelled(&format!("the field `data.{unknown}`")));
        }
        let is_ephemeral = is_ephemeral(data);
        match kind {
            4 => {
                let message = self.send_to(interaction, call, data, is_ephemeral);
                Ok(Response::Message(message.map_err(in_data)?))
            }
            5 if data["flags"].as_u64().unwrap_or(0) & !EPHEMERAL != 0 => {
                // (Discord: Receiving and Responding, the note on messages.)
                let message = "Only EPHEMERAL can be set of what is promised";
                Err(Answer::invalid("data.flags", "BASE_TYPE_CHOICES", message))
            }
            5 => Ok(Response::Promised { is_ephemeral }),
            6 | 7 => Ok(Response::Message(self.change_source(
                interaction,
                kind,
                call,
            )?)),
            _ => Err(call.unmodelled(&format!("an answer of type {kind}"))),
        }
    }

    /// Changes the message with the component that was used, at once (7) or later (6).
    fn change_source(
        &mut self,
        interaction: &Interaction,
        kind: u64,
        call: &Call<'_>,
    ) -> Result<Id, Answer> {
        let Some(source) = interaction.source else {
            let message = "There is no message to change";
            return Err(Answer::invalid("type", "INTERACTION_TYPE_INVALID", message));
        };
        if kind == 7 {
            let place = (interaction.channel, source);
            self.rewrite_own(place, &call.form["data"], &call.files)
                .map_err(in_data)?;
        }
        Ok(source)
    }

    /// Shows a modal.
    fn show(&mut self, interaction: &Interaction, data: &Value) -> Result<Response, Answer> {
        if interaction.kind == MODAL {
            let message = "A modal is not answered with another";
            return Err(Answer::invalid("type", "INTERACTION_TYPE_INVALID", message));
        }
        let modal = Modal::read(data, interaction).map_err(|flaw| in_data(flaw.into()))?;
        self.note(Happening::Showed {
            to: self.world.name(modal.user),
            title: modal.title.clone(),
            fields: modal.fields(),
        });
        self.modals.retain(|other| other.user != modal.user);
        self.modals.push(modal);
        Ok(Response::Other)
    }

    /// Takes suggestions for an option.
    fn complete(&mut self, data: &Value) -> Result<Response, Answer> {
        let choices = data["choices"].as_array().cloned().unwrap_or_default();
        if choices.len() > 25 {
            let message = "Must be 25 or fewer in length.";
            return Err(Answer::invalid("data", "BASE_TYPE_MAX_LENGTH", message));
        }
        let names = choices.iter().filter_map(|choice| choice["name"].as_str());
        self.completions = names.map(str::to_owned).collect();
        Ok(Response::Other)
    }

    /// Sends a message that answers an interaction.
    fn send_to(
        &mut self,
        interaction: &Interaction,
        call: &Call<'_>,
        form: &Value,
        is_ephemeral: bool,
    ) -> Result<Id, Answer> {
        let message = self.new_message(interaction.channel, form, &call.files, None)?;
        let only_for = is_ephemeral.then_some(interaction.user);
        let flags = if is_ephemeral { EPHEMERAL } else { 0 };
        let mut metadata = interaction.metadata.clone();
        if let Response::Message(original) = interaction.response {
            metadata["original_response_message_id"] = json!(original.to_string());
        }
        Ok(self.send(Message {
            only_for,
            flags: message.flags | flags,
            interaction: Some(metadata),
            ..message
        }))
    }

    /// Finds the interaction of a token, if it can still be used.
    fn interaction(&self, call: &Call<'_>) -> Result<usize, Answer> {
        if id(call.path[0]) != Some(self.world.application) {
            return Err(Answer::unknown_webhook());
        }
        let is_meant = |interaction: &Interaction| interaction.token == call.path[1];
        let index = self.interactions.iter().position(is_meant);
        let index = index.ok_or_else(Answer::invalid_webhook_token)?;
        let interaction = &self.interactions[index];
        match interaction.response {
            _ if !interaction.is_alive() => Err(Answer::invalid_webhook_token()),
            Response::Waiting => Err(Answer::unknown_webhook()),
            _ => Ok(index),
        }
    }

    /// Follows up on an interaction, or posts to a webhook.
    fn post(&mut self, call: &Call<'_>) -> Answered {
        let mut webhooks = self.world.webhooks.iter();
        match webhooks.find(|webhook| Some(webhook.id) == id(call.path[0])) {
            Some(webhook) => self.post_as(&webhook.clone(), call),
            None => self.follow_up(call),
        }
    }

    fn post_as(&mut self, webhook: &Webhook, call: &Call<'_>) -> Answered {
        if webhook.token != call.path[1] {
            return Err(Answer::invalid_webhook_token());
        }
        let message = self.new_message(webhook.channel, &call.form, &call.files, None)?;
        let id = self.send(Message {
            author: webhook.id,
            ..message
        });
        // (Discord: Webhook, Execute Webhook: a client that does not wait gets no message.)
        if call.parameter("wait").as_deref() == Some("true") {
            return self.message_answer(webhook.channel, id);
        }
        Ok(Answer::done())
    }

    fn follow_up(&mut self, call: &Call<'_>) -> Answered {
        let index = self.interaction(call)?;
        let interaction = self.interactions[index].clone();
        // A deferred message comes first. (Discord: Receiving and Responding, Followup Messages.)
        let message = match interaction.response {
            Response::Promised { .. } => self.fulfil(index, call)?,
            _ => self.send_to(&interaction, call, &call.form, is_ephemeral(&call.form))?,
        };
        self.message_answer(interaction.channel, message)
    }

    /// Sends the deferred message.
    fn fulfil(&mut self, index: usize, call: &Call<'_>) -> Result<Id, Answer> {
        let interaction = self.interactions[index].clone();
        let promised = Response::Promised { is_ephemeral: true };
        let is_ephemeral = interaction.response == promised;
        let message = self.send_to(&interaction, call, &call.form, is_ephemeral)?;
        self.interactions[index].response = Response::Message(message);
        Ok(message)
    }

    /// Finds the message that a path names: the answer, or a follow-up.
    fn answered_with(&self, call: &Call<'_>) -> Result<(Id, Id), Answer> {
        let interaction = &self.interactions[self.interaction(call)?];
        let message = match (call.path[2], interaction.response) {
            ("@original", Response::Message(message)) => Some(message),
            (other, _) => id(other),
        };
        let message = message.and_then(|id| self.world.message(interaction.channel, id));
        let message = message.ok_or_else(Answer::unknown_message)?;
        Ok((message.channel, message.id))
    }

    fn get_response(&mut self, call: &Call<'_>) -> Answered {
        let (channel, message) = self.answered_with(call)?;
        self.message_answer(channel, message)
    }

    fn edit_response(&mut self, call: &Call<'_>) -> Answered {
        let index = self.interaction(call)?;
        if let ("@original", Response::Promised { .. }) =
            (call.path[2], self.interactions[index].response)
        {
            let message = self.fulfil(index, call)?;
            return self.message_answer(self.interactions[index].channel, message);
        }
        let (channel, message) = self.answered_with(call)?;
        self.rewrite_own((channel, message), &call.form, &call.files)?;
        self.message_answer(channel, message)
    }

    fn delete_response(&mut self, call: &Call<'_>) -> Answered {
        let index = self.interaction(call)?;
        if let ("@original", Response::Promised { .. }) =
            (call.path[2], self.interactions[index].response)
        {
            // A follow-up is a message of its own.
            self.interactions[index].response = Response::Other;
            return Ok(Answer::done());
        }
        let (channel, message) = self.answered_with(call)?;
        self.remove_message(channel, message);
        Ok(Answer::done())
    }
}

/// Acknowledges an answer, with the resource that it created if the client asks for that.
fn acknowledged(call: &Call<'_>, interaction: &Interaction, resource: Option<Value>) -> Answer {
    if call.parameter("with_response").as_deref() != Some("true") {
        return Answer::done();
    }
    let about = json!({ "id": interaction.id.to_string(), "type": interaction.kind });
    let mut answer = json!({ "interaction": about });
    if let Some(resource) = resource {
        answer["resource"] = resource;
    }
    Answer::of(&answer)
}

fn is_ephemeral(form: &Value) -> bool {
    form["flags"].as_u64().unwrap_or(0) & EPHEMERAL != 0
}

/// Moves a refusal into the data of an answer.
fn in_data(refusal: Answer) -> Answer {
    refusal.within("data")
}
