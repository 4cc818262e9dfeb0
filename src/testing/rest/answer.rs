//! Answers, as Discord gives them.

use serde_json::{Value, json};

use crate::testing::components::Flaw;

/// What the HTTP interface answers.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// What was asked for that the simulator knows nothing of.
    pub(crate) unmodelled: Option<String>,
    pub(crate) body: String,
}

impl Answer {
    /// Answers with something.
    pub(crate) fn of(body: &Value) -> Self {
        Self::raw(200, body.to_string())
    }

    /// Answers with something new.
    pub(crate) fn created(body: &Value) -> Self {
        Self::raw(201, body.to_string())
    }

    /// Answers that it is done.
    pub(crate) fn done() -> Self {
        Self::raw(204, String::new())
    }

    /// Refuses. (Discord: Opcodes and Status Codes, JSON Error Codes.)
    pub(crate) fn error(status: u16, code: u32, message: &str) -> Self {
        Self::raw(
            status,
            json!({ "code": code, "message": message }).to_string(),
        )
    }

    /// Refuses a form, naming the field: its own name, after those of the fields that it is in, with
    /// dots between them. (Discord: Reference, Error Messages.)
    pub(crate) fn invalid(field: &str, code: &str, message: &str) -> Self {
        let errors = json!({ "_errors": [{ "code": code, "message": message }] });
        let nest = |inner: Value, name: &str| json!({ name: inner });
        let errors = field.rsplit('.').fold(errors, nest);
        let body = json!({ "code": 50035, "message": "Invalid Form Body", "errors": errors });
        Self::raw(400, body.to_string())
    }

    /// Refuses a form that is a field of another.
    pub(crate) fn within(mut self, field: &str) -> Self {
        if let Ok(mut body) = serde_json::from_str::<Value>(&self.body)
            && body["errors"].is_object()
        {
            body["errors"] = json!({ field: body["errors"] });
            self.body = body.to_string();
        }
        self
    }

    /// Refuses what the simulator knows nothing of. To make an answer up would be worse: the test
    /// would pass, and the bot would fail.
    pub(crate) fn unmodelled(what: &str) -> Self {
        Self {
            unmodelled: Some(what.to_owned()),
            ..Self::error(501, 0, &format!("the simulator does not model {what}"))
        }
    }

    pub(crate) fn raw(status: u16, body: String) -> Self {
        Self {
            status,
            unmodelled: None,
            body,
        }
    }

    pub(crate) fn missing_access() -> Self {
        Self::error(403, 50001, "Missing Access")
    }

    pub(crate) fn missing_permissions() -> Self {
        Self::error(403, 50013, "Missing Permissions")
    }

    pub(crate) fn unknown_interaction() -> Self {
        Self::error(404, 10062, "Unknown interaction")
    }

    pub(crate) fn already_acknowledged() -> Self {
        let refusal = "Interaction has already been acknowledged.";
        Self::error(400, 40060, refusal)
    }

    pub(crate) fn invalid_webhook_token() -> Self {
        Self::error(401, 50027, "Invalid Webhook Token")
    }

    pub(crate) fn unknown_webhook() -> Self {
        Self::error(404, 10015, "Unknown Webhook")
    }

    pub(crate) fn empty_message() -> Self {
        Self::error(400, 50006, "Cannot send an empty message")
    }

    pub(crate) fn unknown_guild() -> Self {
        Self::error(404, 10004, "Unknown Guild")
    }

    pub(crate) fn unknown_channel() -> Self {
        Self::error(404, 10003, "Unknown Channel")
    }

    pub(crate) fn unknown_message() -> Self {
        Self::error(404, 10008, "Unknown Message")
    }

    pub(crate) fn unknown_member() -> Self {
        Self::error(404, 10007, "Unknown Member")
    }

    pub(crate) fn unknown_user() -> Self {
        Self::error(404, 10013, "Unknown User")
    }

    pub(crate) fn unknown_role() -> Self {
        Self::error(404, 10011, "Unknown Role")
    }

    pub(crate) fn unknown_ban() -> Self {
        Self::error(404, 10026, "Unknown Ban")
    }
}

impl From<Flaw> for Answer {
    fn from(flaw: Flaw) -> Self {
        Self::invalid(&flaw.field, flaw.code, &flaw.message)
    }
}
