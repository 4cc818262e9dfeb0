//! What the body of an error says, whatever shape it has.
//!
//! Discord writes `{"code": 50035, "message": "..", "errors": {..}}`. Other servers of its kind
//! write `{"error": {"code": "VERSION_OUTDATED", "message": ".."}}`. What stands between a bot and
//! Discord writes HTML, or nothing. Whatever can be read is read.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::exception::http::fields::{FieldError, read_errors, text};
use crate::exception::http::text::{excerpt, shown};

/// A code that is more specific than the status of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// A whole number, like all of Discord's.
    Number(u64),
    /// A word, like those of some other servers, or anything else that is not a whole number.
    Text(String),
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(&shown(text, 100)),
        }
    }
}

impl PartialEq<u64> for ErrorCode {
    fn eq(&self, other: &u64) -> bool {
        matches!(self, Self::Number(number) if number == other)
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
    pub(crate) versions: Versions,
}

/// What a server that speaks to newer clients only says about versions.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Versions {
    pub(crate) client: Option<String>,
    pub(crate) min: Option<String>,
    pub(crate) server: Option<String>,
    pub(crate) update_url: Option<String>,
}

impl Body {
    /// Reads what can be read from the body of an answer with this status.
    ///
    /// Of a page, which is what an edge of Discord's answers with, an excerpt is the message. Of what
    /// was meant to be JSON there is none, nor of an answer that is no error: what is in it may be
    /// what people wrote.
    pub(crate) fn read(status: u16, bytes: &[u8]) -> Self {
        match serde_json::from_slice(bytes) {
            Ok(body) => Self::from_json(&body),
            Err(_) if status < 400 || seems_json(bytes) => Self::default(),
            Err(_) => Self {
                message: excerpt(bytes),
                ..Self::default()
            },
        }
    }

    /// Reads Discord's own form, or the other, beside whose envelope a part may stand too.
    fn from_json(body: &Value) -> Self {
        let inside = |name| body["error"].get(name).filter(|value| !value.is_null());
        let field = |name| inside(name).unwrap_or(&body[name]);
        let version = |name| Some(text(field(name))).filter(|version| !version.is_empty());
        Self {
            code: code(field("code")),
            message: text(field("message")),
            errors: read_errors(&[field("errors"), field("_errors")]),
            retry_after: seconds(field("retry_after")),
            is_global: field("global").as_bool().unwrap_or(false),
            versions: Versions {
                client: version("client_version"),
                min: version("min_version"),
                server: version("server_version"),
                update_url: version("update_url"),
            },
        }
    }
}

/// Returns whether something was meant to be JSON, though it may be cut off.
fn seems_json(bytes: &[u8]) -> bool {
    matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[' | b'"'))
}

/// Reads a code: a whole number, however it is written, or else the text that it is.
fn code(value: &Value) -> Option<ErrorCode> {
    let text = text(value);
    let digits = text.strip_suffix(".0").unwrap_or(&text);
    let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse() {
        Ok(number) if is_whole => Some(ErrorCode::Number(number)),
        _ if text.is_empty() => None,
        _ => Some(ErrorCode::Text(text)),
    }
}

/// Reads a time in seconds, however it is written.
fn seconds(value: &Value) -> Option<Duration> {
    let written = || value.as_str()?.trim().parse().ok();
    let seconds = value.as_f64().or_else(written)?;
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Body {
        Body::read(400, body.as_bytes())
    }

    #[test]
    fn other_servers_put_it_in_an_envelope() {
        let body = read(
            r#"{"error": {"code": "RATE_LIMITED", "message": "later", "retry_after": "2",
                "errors": {"name": "too long"}}, "global": true}"#,
        );

        assert_eq!(body.code, Some(ErrorCode::Text("RATE_LIMITED".to_owned())));
        assert_eq!(body.message, "later");
        assert_eq!(body.retry_after, Some(Duration::from_secs(2)));
        assert_eq!(body.errors[0].to_string(), "name: too long");
        assert!(body.is_global);
    }

    #[test]
    fn versions_are_read_in_the_envelope_and_beside_it() {
        let versions = r#""client_version": "1.0", "min_version": 2, "server_version": "3.1",
            "update_url": "https://example.org""#;
        let expected = Versions {
            client: Some("1.0".to_owned()),
            min: Some("2".to_owned()),
            server: Some("3.1".to_owned()),
            update_url: Some("https://example.org".to_owned()),
        };

        for body in [
            format!(r#"{{"error": {{"code": "VERSION_OUTDATED", {versions}}}}}"#),
            format!(r#"{{"error": {{"code": "VERSION_OUTDATED"}}, {versions}}}"#),
            format!(r#"{{"code": "VERSION_OUTDATED", {versions}}}"#),
        ] {
            let body = read(&body);
            assert_eq!(body.versions, expected);
            assert_eq!(
                body.code,
                Some(ErrorCode::Text("VERSION_OUTDATED".to_owned()))
            );
        }
    }

    #[test]
    fn a_code_is_a_whole_number_or_a_text() {
        let text = |text: &str| Some(ErrorCode::Text(text.to_owned()));
        for (written, expected) in [
            ("50035", Some(ErrorCode::Number(50035))),
            ("\"50035\"", Some(ErrorCode::Number(50035))),
            ("50035.0", Some(ErrorCode::Number(50035))),
            ("-1", text("-1")),
            ("\"+1\"", text("+1")),
            ("0.5", text("0.5")),
            ("\"18446744073709551616\"", text("18446744073709551616")),
            ("\"GONE\"", text("GONE")),
            ("\"\"", None),
            ("null", None),
            ("true", None),
            ("{}", None),
        ] {
            assert_eq!(
                read(&format!("{{\"code\": {written}}}")).code,
                expected,
                "{written}"
            );
        }
    }

    #[test]
    fn anything_else_says_nothing() {
        for odd in [
            "",
            "[]",
            "null",
            "{\"code\":",
            " {\"message\": \"cut o",
            "\"text",
            "{\"error\": \"text\"}",
            "{\"message\": {}}",
            &"[".repeat(1_000_000),
            &format!("{{\"errors\": {}}}", "{\"a\": ".repeat(100_000)),
        ] {
            assert_eq!(read(odd), Body::default());
        }
    }

    #[test]
    fn an_excerpt_is_kept_of_errors_only() {
        let page = b"<html><title>502 Bad Gateway</title>";

        assert_eq!(Body::read(502, page).message, "502 Bad Gateway");
        assert_eq!(Body::read(200, page), Body::default());
    }

    #[test]
    fn waiting_times_that_are_none_are_left_out() {
        for (written, expected) in [
            ("-1", None),
            ("1e999", None),
            ("1e300", None),
            ("\"soon\"", None),
            ("\"NaN\"", None),
            ("\"inf\"", None),
            ("1.5", Some(Duration::from_millis(1_500))),
            ("\"1.5\"", Some(Duration::from_millis(1_500))),
            ("64", Some(Duration::from_secs(64))),
        ] {
            let body = read(&format!("{{\"retry_after\": {written}}}"));
            assert_eq!(body.retry_after, expected, "{written}");
        }
    }
}
