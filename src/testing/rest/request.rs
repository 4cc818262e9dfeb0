//! Requests, taken apart.

use bytes::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::http::request::Parts;
use serde_json::{Value, json};

use crate::http::interaction_of;
use crate::testing::rest::answer::Answer;
use crate::testing::rest::multipart::{self, File};
use crate::testing::world::Id;

/// The part of every path before the one that matters.
const PREFIX: &str = "/api/v10";

/// What the HTTP interface is asked.
pub(crate) struct Request {
    pub(crate) method: String,
    /// Without the version, and without the tokens of webhooks and interactions.
    pub(crate) path: String,
    /// Why, for the audit log.
    pub(crate) reason: Option<String>,
    /// The path's parts, decoded.
    segments: Vec<String>,
    query: String,
    authorization: Option<String>,
    content_type: String,
    /// Empty until it has arrived.
    pub(crate) body: Bytes,
}

impl Request {
    pub(crate) fn new(head: &Parts) -> Self {
        let path = head.uri.path();
        let path = path.strip_prefix(PREFIX).unwrap_or(path);
        let header = |name| head.headers.get(name).and_then(|value| value.to_str().ok());
        Self {
            method: head.method.to_string(),
            segments: split(path).map(decode).collect(),
            path: without_tokens(path),
            reason: header("x-audit-log-reason").map(decode),
            query: head.uri.query().unwrap_or_default().to_owned(),
            authorization: header(AUTHORIZATION.as_str()).map(str::to_owned),
            content_type: header(CONTENT_TYPE.as_str()).unwrap_or_default().to_owned(),
            body: Bytes::new(),
        }
    }

    /// Puts the token into the path that a ticket in it stands for.
    pub(crate) fn redeem(&mut self, token_of: impl FnOnce(Id) -> Option<String>) {
        if let Some(ticket) = self.segments.get_mut(2)
            && let Some(token) = interaction_of(ticket).and_then(token_of)
        {
            *ticket = token;
        }
    }

    /// Returns what the request is called where it is spoken of.
    pub(crate) fn name(&self) -> String {
        format!("`{} {}`", self.method, self.path)
    }

    pub(crate) fn has_token(&self, token: &str) -> bool {
        let given = self.authorization.as_deref().unwrap_or_default();
        given.strip_prefix("Bot ") == Some(token)
    }

    /// Returns whether it is one of those that a test speaks of. `*` is any method.
    pub(crate) fn is_like(&self, method: &str, pattern: &str) -> bool {
        (method == "*" || method == self.method) && self.matches(pattern).is_some()
    }

    /// Returns what stands in the path where a pattern has `*`, if the path is like the pattern. After
    /// `**` it may end as it likes.
    pub(crate) fn matches(&self, pattern: &str) -> Option<Vec<&str>> {
        let mut found = Vec::new();
        let mut segments = self.segments.iter();
        for wanted in split(pattern) {
            if wanted == "**" {
                return Some(found);
            }
            let segment = segments.next()?;
            match wanted {
                "*" => found.push(segment.as_str()),
                wanted if wanted == segment => {}
                _ => return None,
            }
        }
        segments.next().is_none().then_some(found)
    }

    /// Returns the parts of the path, tokens among them.
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// Returns the parameters of the query, as they were sent.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.query.split('&').filter(|pair| !pair.is_empty());
        pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
    }

    /// Returns a parameter of the query.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let (_, value) = self.parameters().find(|(key, _)| *key == name)?;
        Some(decode(value))
    }

    /// Returns what was sent, and the files with it. Nothing is an empty form.
    ///
    /// # Errors
    ///
    /// Refuses what is not JSON.
    pub(crate) fn form(&self) -> Result<(Value, Vec<File>), Answer> {
        let no_json = || Answer::error(400, 50109, "The request body contains invalid JSON.");
        if let Some(boundary) = multipart::boundary(&self.content_type) {
            return multipart::read(&self.body, boundary).ok_or_else(no_json);
        }
        if self.body.is_empty() {
            return Ok((json!({}), Vec::new()));
        }
        let form = serde_json::from_slice(&self.body).map_err(|_| no_json())?;
        Ok((form, Vec::new()))
    }
}

/// Reads an id in a path.
pub(crate) fn id(segment: &str) -> Option<Id> {
    segment.parse().ok()
}

pub(crate) fn split(path: &str) -> impl Iterator<Item = &str> {
    path.trim_matches('/').split('/')
}

/// Leaves out what follows the id of a webhook or an interaction.
fn without_tokens(path: &str) -> String {
    let mut shown: Vec<&str> = split(path).collect();
    if let ["webhooks" | "interactions", _, token, ..] = &mut shown[..] {
        *token = "{token}";
    }
    format!("/{}", shown.join("/"))
}

/// Undoes percent encoding.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let encoded = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let (b'%', Some(byte)) = (first, encoded) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
