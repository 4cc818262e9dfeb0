//! What the body of an error says, whatever shape it has.
//!
//! Discord writes `{"code": 50035, "message": "..", "errors": {..}}`. Other servers of its kind
//! write `{"error": {"code": "VERSION_OUTDATED", "message": ".."}}`. What stands between a bot and
//! Discord writes HTML, or nothing. Whatever can be read is read.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

/// A code that says more than the status of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// A number, as all of Discord's are.
    Number(u64),
    /// A word, as those of some other servers are.
    Text(String),
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl PartialEq<u64> for ErrorCode {
    fn eq(&self, other: &u64) -> bool {
        matches!(self, Self::Number(number) if number == other)
    }
}

/// What is wrong with one field of what was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The way to the field, such as `embeds[0].title`. Empty for the whole.
    pub path: String,
    /// What sort of mistake it is, such as `BASE_TYPE_REQUIRED`.
    pub code: String,
    /// What Discord says about it.
    pub message: String,
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() {
            "the whole"
        } else {
            &self.path
        };
        write!(f, "{path}: {}", self.code)
    }
}

/// What the body of an error says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Body {
    pub(crate) code: Option<ErrorCode>,
    pub(crate) message: String,
    pub(crate) errors: Vec<FieldError>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) is_global: bool,
}

impl Body {
    /// Reads what can be read.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(bytes).unwrap_or_default();
        let body = match &body["error"] {
            inner @ Value::Object(_) => inner,
            _ => &body,
        };
        let mut errors = Vec::new();
        read_errors(&body["errors"], &mut String::new(), &mut errors);
        Self {
            code: match &body["code"] {
                Value::Number(number) => number.as_u64().map(ErrorCode::Number),
                Value::String(text) => Some(ErrorCode::Text(text.clone())),
                _ => None,
            },
            message: text(&body["message"]),
            errors,
            retry_after: body["retry_after"]
                .as_f64()
                .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
            is_global: body["global"].as_bool().unwrap_or(false),
        }
    }
}

/// Collects what is wrong, from a tree of fields with a list `_errors` at each that is.
fn read_errors(tree: &Value, path: &mut String, errors: &mut Vec<FieldError>) {
    let Some(fields) = tree.as_object() else {
        return;
    };
    for (key, value) in fields {
        if key == "_errors" {
            let found = value.as_array().into_iter().flatten();
            errors.extend(found.map(|error| FieldError {
                path: path.clone(),
                code: text(&error["code"]),
                message: text(&error["message"]),
            }));
            continue;
        }
        let length = path.len();
        if key.bytes().all(|byte| byte.is_ascii_digit()) {
            path.extend(["[", key, "]"]);
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(key);
        }
        read_errors(value, path, errors);
        path.truncate(length);
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_named_by_the_way_to_them() {
        let body = br#"{"code": 50035, "message": "Invalid Form Body", "errors":
            {"embeds": {"0": {"title": {"_errors": [{"code": "BASE_TYPE_REQUIRED", "message": "x"}]}}}}}"#;

        let body = Body::read(body);

        assert_eq!(body.code, Some(ErrorCode::Number(50035)));
        assert_eq!(
            body.errors[0].to_string(),
            "embeds[0].title: BASE_TYPE_REQUIRED"
        );
    }

    #[test]
    fn other_servers_put_it_in_an_envelope() {
        let body = Body::read(br#"{"error": {"code": "VERSION_OUTDATED", "message": "update"}}"#);

        assert_eq!(
            body.code,
            Some(ErrorCode::Text("VERSION_OUTDATED".to_owned()))
        );
        assert_eq!(body.message, "update");
    }

    #[test]
    fn anything_else_says_nothing() {
        for odd in [
            &b""[..],
            b"<html>",
            b"[]",
            b"null",
            b"{\"code\":",
            b"{\"errors\":{\"_errors\":7}}",
            b"\xff",
        ] {
            assert_eq!(Body::read(odd), Body::default());
        }
    }

    #[test]
    fn waiting_times_that_are_none_are_left_out() {
        for odd in ["-1", "1e999", "\"soon\""] {
            let body = format!("{{\"retry_after\": {odd}}}");
            assert_eq!(Body::read(body.as_bytes()).retry_after, None, "{odd}");
        }
        assert_eq!(
            Body::read(b"{\"retry_after\": 1.5}").retry_after,
            Some(Duration::from_millis(1500))
        );
    }
}
