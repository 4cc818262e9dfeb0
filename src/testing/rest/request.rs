//! Requests, taken apart.

use bytes::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::http::request::Parts;
use serde_json::Value;

use crate::testing::rest::answer::Answer;
use crate::testing::rest::multipart::{self, File};
use crate::testing::world::Id;

/// The part of every path before the one that matters.
const PREFIX: &str = "/api/v10";

/// What the HTTP interface is asked.
pub(crate) struct Request {
    pub(crate) method: String,
    /// Without the version.
    pub(crate) path: String,
    /// The path's parts, decoded.
    pub(crate) segments: Vec<String>,
    query: String,
    authorization: Option<String>,
    content_type: String,
    body: Bytes,
}

impl Request {
    pub(crate) fn new(head: &Parts, body: Bytes) -> Self {
        let path = head.uri.path();
        let path = path.strip_prefix(PREFIX).unwrap_or(path).to_owned();
        let header = |name| head.headers.get(name).and_then(|value| value.to_str().ok());
        Self {
            method: head.method.to_string(),
            segments: path.trim_matches('/').split('/').map(decode).collect(),
            path,
            query: head.uri.query().unwrap_or_default().to_owned(),
            authorization: header(AUTHORIZATION).map(str::to_owned),
            content_type: header(CONTENT_TYPE).unwrap_or_default().to_owned(),
            body,
        }
    }

    pub(crate) fn has_token(&self, token: &str) -> bool {
        let given = self.authorization.as_deref().unwrap_or_default();
        given.strip_prefix("Bot ") == Some(token)
    }

    /// Returns a parameter of the query.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let mut parameters = self
            .query
            .split('&')
            .filter_map(|pair| pair.split_once('='));
        let (_, value) = parameters.find(|(key, _)| *key == name)?;
        Some(decode(value))
    }

    /// Returns a parameter of the query that is an id or a number.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.parameter(name)?.parse().ok()
    }

    /// Returns what was sent, and the files with it.
    ///
    /// # Errors
    ///
    /// Refuses what is not JSON.
    pub(crate) fn form(&self) -> Result<(Value, Vec<File>), Answer> {
        if let Some(boundary) = multipart::boundary(&self.content_type) {
            return multipart::read(&self.body, boundary).ok_or_else(Self::no_json);
        }
        let form = serde_json::from_slice(&self.body).map_err(|_| Self::no_json())?;
        Ok((form, Vec::new()))
    }

    fn no_json() -> Answer {
        Answer::error(400, 50109, "The request body contains invalid JSON.")
    }
}

/// Reads an id in a path.
pub(crate) fn id(segment: &str) -> Option<Id> {
    segment.parse().ok()
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
