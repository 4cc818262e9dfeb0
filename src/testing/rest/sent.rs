//! Answers as they are sent: with what headers, and how much of the body.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use hyper::header::{
    CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
};
use hyper::{Response, StatusCode};
use serde_json::json;

use crate::testing::rest::answer::Answer;
use crate::testing::rest::body::{Body, Step};
use crate::testing::rest::record::Open;

/// An answer as it is sent.
pub(crate) struct Sent {
    pub(crate) status: u16,
    pub(crate) body: Bytes,
    pub(crate) way: Way,
    headers: HeaderMap,
}

/// How much of a body is sent, and what the headers say of it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    /// All of it.
    Whole,
    /// Half of it, as if that were all.
    Halved,
    /// Half of it, and the connection stays open.
    Stalled,
    /// Half of it, and the connection closes.
    Cut,
    /// All of it, which is less than was announced; and the connection closes.
    Overstated,
    /// Half of it, in chunks; and the connection closes before the last.
    CutChunks,
    /// One byte at a time.
    Dripping(Duration),
}

impl Sent {
    pub(crate) fn new(status: u16, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let mut headers = HeaderMap::new();
        if let Some(first) = body.first() {
            let is_json = matches!(first, b'{' | b'[');
            let kind = if is_json {
                "application/json"
            } else {
                "text/html"
            };
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        Self {
            status,
            body,
            way: Way::Whole,
            headers,
        }
    }

    /// Returns the usual answer with a status. Nobody knows what success looks like.
    pub(crate) fn usual(status: u16) -> Self {
        let body = if status < 300 {
            json!({ "simulated": "whatever was asked for" })
        } else {
            json!({ "code": 0, "message": title(status) })
        };
        Self::new(status, body.to_string())
    }

    /// Sets a header, unless its value can be none.
    pub(crate) fn tell(&mut self, name: &'static str, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.set(HeaderName::from_static(name), value);
        }
    }

    /// Sets a header.
    pub(crate) fn set(&mut self, name: HeaderName, value: HeaderValue) {
        self.headers.insert(name, value);
    }

    /// Sets when it is sent, in milliseconds since 1970.
    pub(crate) fn date(&mut self, millis: u64) {
        let date = SystemTime::UNIX_EPOCH + Duration::from_millis(millis);
        if let Ok(date) = HeaderValue::from_str(&httpdate::fmt_http_date(date)) {
            self.headers.entry(DATE).or_insert(date);
        }
    }

    /// Leaves out every header about rate limits.
    pub(crate) fn hide_limits(&mut self) {
        self.headers.remove(RETRY_AFTER);
        let names: Vec<_> = self.headers.keys().cloned().collect();
        for name in names {
            if name.as_str().starts_with("x-ratelimit-") {
                self.headers.remove(name);
            }
        }
    }

    /// Leaves out the body.
    pub(crate) fn drop_body(&mut self) {
        self.headers.remove(CONTENT_TYPE);
        self.body.clear();
    }

    pub(crate) fn into_response(mut self, open: Open) -> Response<Body> {
        let wait = self.headers.get(RETRY_AFTER);
        let wait = wait.and_then(|wait| wait.to_str().ok()?.parse().ok());
        open.answered(self.status, wait.map(Duration::from_secs));
        let has_none = matches!(self.status, 204 | 304);
        if let Some(length) = self.way.length(&self.body)
            && !has_none
        {
            let length = HeaderValue::from(length);
            self.headers.entry(CONTENT_LENGTH).or_insert(length);
        }
        let mut response = Response::new(Body::new(self.way.steps(self.body), open));
        let status = StatusCode::from_u16(self.status);
        *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        *response.headers_mut() = self.headers;
        response
    }
}

impl Way {
    /// Returns the length of a body that the headers announce, if any.
    fn length(self, body: &Bytes) -> Option<usize> {
        match self {
            Self::Whole | Self::Stalled | Self::Cut | Self::Dripping(_) => Some(body.len()),
            Self::Halved => Some(body.len() / 2),
            Self::Overstated => Some(body.len() * 2),
            Self::CutChunks => None,
        }
    }

    /// Returns how a body is sent.
    ///
    /// A body that is shorter than announced ends with the connection. One that is as long as announced
    /// never gets that far.
    fn steps(self, body: Bytes) -> Vec<Step> {
        let half = body.slice(..body.len() / 2);
        match self {
            Self::Whole if body.is_empty() => Vec::new(),
            Self::Whole | Self::Overstated => vec![Step::Send(body), Step::Flush, Step::Cut],
            Self::Halved | Self::Cut | Self::CutChunks => {
                vec![Step::Send(half), Step::Flush, Step::Cut]
            }
            Self::Stalled => vec![Step::Send(half), Step::Stall],
            Self::Dripping(every) => {
                let bytes = (0..body.len()).map(|at| Step::Send(body.slice(at..=at)));
                bytes.flat_map(|byte| [byte, Step::Wait(every)]).collect()
            }
        }
    }
}

impl From<Answer> for Sent {
    fn from(answer: Answer) -> Self {
        Self::new(answer.status, answer.body)
    }
}

/// Returns a page that says no more than a status does.
pub(crate) fn page(status: u16) -> String {
    let title = title(status).replacen(": ", " ", 1);
    format!(
        "<html>\n<head><title>{title}</title></head>\n<body>\n<center><h1>{title}</h1></center>\n\
         <hr><center>cloudflare</center>\n</body>\n</html>\n"
    )
}

/// Returns what Discord calls a status.
fn title(status: u16) -> String {
    let name = StatusCode::from_u16(status).ok();
    let name = name.and_then(|status| status.canonical_reason());
    format!("{status}: {}", name.unwrap_or("Unknown"))
}
