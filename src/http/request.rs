//! One thing that Discord is asked.

use bytes::Bytes;
use hyper::Method;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::Value;
use twilight_http::request::TryIntoRequest;

use crate::exception::Route;
use crate::failure::Result;
use crate::http::limits::Lane;

/// One thing that Discord is asked.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// The path and the query, after the version of the interface: `channels/1/messages?limit=5`.
    pub(crate) path: String,
    /// What goes with it, but for who asks.
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether it is asked with the bot's token.
    pub(crate) is_authorized: bool,
}

impl Request {
    /// Asks who the bot is.
    pub(crate) fn who_am_i() -> Self {
        Self {
            method: Method::GET,
            path: "users/@me".to_owned(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            is_authorized: true,
        }
    }

    /// Takes what twilight's builder made.
    ///
    /// # Errors
    ///
    /// What the builder refuses.
    pub(crate) fn of(builder: impl TryIntoRequest) -> Result<Self> {
        let request = builder.try_into_request()?;
        let mut headers = request.headers().cloned().unwrap_or_default();
        let body = if let Some(form) = request.form() {
            if let Ok(content_type) = HeaderValue::try_from(form.content_type()) {
                headers.insert(CONTENT_TYPE, content_type);
            }
            form.clone().build()
        } else if let Some(json) = request.body() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            json.to_vec()
        } else {
            Vec::new()
        };
        Ok(Self {
            method: Method::try_from(request.method().name()).unwrap_or_default(),
            path: request.path().to_owned(),
            headers,
            body: body.into(),
            is_authorized: request.use_authorization_token(),
        })
    }

    /// Returns what it asks for, as it may be shown.
    pub(crate) fn route(&self) -> Route {
        Route::new(self.method.as_str(), &self.path)
    }

    /// Returns the segments of the path.
    pub(crate) fn segments(&self) -> impl Iterator<Item = &str> {
        let path = self.path.split('?').next().unwrap_or_default();
        path.split('/').filter(|segment| !segment.is_empty())
    }

    /// Returns whether it asks about the bot itself, which is refused for nothing but its token.
    pub(crate) fn is_about_bot(&self) -> bool {
        const QUESTIONS: [[&str; 2]; 3] = [
            ["applications", "@me"],
            ["gateway", "bot"],
            ["users", "@me"],
        ];

        let is_asked = |question: &[&str; 2]| self.segments().eq(question.iter().copied());
        self.is_authorized && self.method == Method::GET && QUESTIONS.iter().any(is_asked)
    }

    /// Returns the token in the path.
    pub(crate) fn token(&self) -> Option<&str> {
        match self.segments().collect::<Vec<_>>()[..] {
            ["webhooks" | "interactions", _, token, ..] => Some(token),
            _ => None,
        }
    }

    /// Returns with which others it is counted. `is_application` says whether a webhook is that of the
    /// bot's interactions.
    pub(crate) fn lane(&self, is_application: impl FnOnce(&str) -> bool) -> Lane {
        match self.segments().collect::<Vec<_>>()[..] {
            ["interactions", ..] => Lane::Interaction,
            ["webhooks", id, _, ..] if is_application(id) => Lane::Interaction,
            _ if self.is_authorized => Lane::Bot,
            _ => Lane::Webhook,
        }
    }

    /// Returns the code that says that what it deletes is not there, if that has one of its own. What a
    /// deletion answers with besides is not known.
    pub(crate) fn gone(&self) -> Option<u64> {
        if self.method != Method::DELETE {
            return None;
        }
        match self.segments().collect::<Vec<_>>()[..] {
            ["channels", _, "messages", _] | ["webhooks", _, _, "messages", _] => Some(10008),
            ["guilds", _, "members", _] => Some(10007),
            ["guilds", _, "roles", _] => Some(10011),
            ["guilds", _, "bans", _] => Some(10026),
            _ => None,
        }
    }

    /// Gives a message a nonce, by which Discord recognises it if it is sent again, unless the author
    /// gave it one. (Discord: Message, Create Message, `enforce_nonce`.)
    pub(crate) fn give_nonce(&mut self) {
        if self.is_message()
            && let Ok(Value::Object(mut fields)) = serde_json::from_slice(&self.body)
            && !fields.contains_key("nonce")
            && !fields.contains_key("enforce_nonce")
        {
            let nonce = fastrand::u64(..).to_string();
            fields.insert("nonce".to_owned(), Value::String(nonce));
            fields.insert("enforce_nonce".to_owned(), Value::Bool(true));
            self.body = Value::Object(fields).to_string().into();
        }
    }

    /// Returns whether asking twice has the effect of asking once.
    pub(crate) fn is_idempotent(&self) -> bool {
        match self.method {
            Method::GET | Method::PUT | Method::DELETE => true,
            // An interaction takes one first answer.
            Method::POST => self.is_first_answer() || self.has_enforced_nonce(),
            _ => false,
        }
    }

    /// Returns whether it is the first answer to an interaction.
    pub(crate) fn is_first_answer(&self) -> bool {
        matches!(
            self.segments().collect::<Vec<_>>()[..],
            ["interactions", _, _, "callback"]
        )
    }

    fn has_enforced_nonce(&self) -> bool {
        self.is_message()
            && serde_json::from_slice(&self.body)
                .is_ok_and(|body: Value| body["enforce_nonce"] == true && !body["nonce"].is_null())
    }

    /// Returns whether it is a message to a channel, without files.
    fn is_message(&self) -> bool {
        self.method == Method::POST
            && matches!(
                self.segments().collect::<Vec<_>>()[..],
                ["channels", _, "messages"]
            )
    }
}
