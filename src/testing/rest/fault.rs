//! The faults that a test can inject into requests.

use std::time::Duration;

use bytes::Bytes;
use hyper::header::{CONTENT_ENCODING, HeaderName, HeaderValue};

use crate::exception::Scope;
use crate::testing::rest::sent::{Way, page};

/// A fault of a request, to be [injected](crate::testing::Simulator::inject) by a test.
///
/// It hits the next request that matches, once, unless [`times`](Self::times), [`always`](Self::always)
/// or [`lasting`](Self::lasting) say otherwise. The request has no effect, unless you use
/// [`after_effect`](Self::after_effect). What a fault does not set in the answer is as Discord would
/// have it.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use cordial::exception::Scope;
/// use cordial::testing::Fault;
///
/// let busy = Fault::status(503).times(2);
/// let limited = Fault::rate_limited(Scope::User, Duration::from_secs(2));
/// let lost = Fault::hang_up().after_effect();
/// # drop((busy, limited, lost));
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing goes wrong until it is injected"]
pub struct Fault {
    pub(crate) kind: Kind,
    pub(crate) way: Way,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) hides_limits: bool,
    pub(crate) has_no_body: bool,
    pub(crate) is_after_effect: bool,
    pub(crate) lasting: Option<Duration>,
    times: Option<usize>,
}

/// What goes wrong.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// Another answer is given.
    Given(Given),
    /// The true answer comes late.
    Late(Duration),
    /// No answer comes.
    Silence,
    /// The connection closes.
    HangUp,
}

/// The answer that is given instead of the true one.
#[derive(Clone, Debug)]
pub(crate) enum Given {
    /// The answer that a test gives.
    Body { status: u16, body: Bytes },
    /// The true answer, if it has that status, or else the usual one.
    Usual(u16),
    /// A refusal because of a rate limit.
    RateLimited { scope: Scope, retry_after: Duration },
}

impl Kind {
    /// Returns when to ask again, for a test to change.
    pub(crate) fn retry_after(&mut self) -> Option<&mut Duration> {
        match self {
            Self::Given(Given::RateLimited { retry_after, .. }) => Some(retry_after),
            _ => None,
        }
    }
}

/// Faults that change the answer.
impl Fault {
    /// Answers with a status and a body.
    ///
    /// # Panics
    ///
    /// Panics if the status is not between 200 and 999.
    pub fn answer(status: u16, body: impl Into<String>) -> Self {
        Self::body(status, body.into().into())
    }

    /// Answers with a status, and the usual body for it.
    ///
    /// # Panics
    ///
    /// As [`answer`](Self::answer).
    pub fn status(status: u16) -> Self {
        Self::usual(status, Way::Whole)
    }

    /// Answers that a rate limit was exceeded, as Discord documents it, headers included.
    ///
    /// With [`Scope::Edge`], the answer is that of the proxy in front of Discord: an HTML page, and no
    /// header but `Retry-After`.
    pub fn rate_limited(scope: Scope, retry_after: Duration) -> Self {
        Self::new(Kind::Given(Given::RateLimited { scope, retry_after }))
    }

    /// Answers with a status and an HTML page, as the proxy in front of Discord does.
    ///
    /// # Panics
    ///
    /// As [`answer`](Self::answer).
    pub fn html(status: u16) -> Self {
        Self::answer(status, page(status))
    }

    /// Answers with JSON of an unexpected shape.
    pub fn unreadable() -> Self {
        Self::answer(200, r#"{"simulated":"not what was asked for"}"#)
    }

    /// Answers with the first half of the JSON, as if it were all.
    ///
    /// # Panics
    ///
    /// As [`answer`](Self::answer).
    pub fn truncated_json(status: u16) -> Self {
        Self::usual(status, Way::Halved)
    }

    /// Answers with bytes that claim to be compressed by gzip, and are not.
    ///
    /// # Panics
    ///
    /// As [`answer`](Self::answer).
    pub fn garbage(status: u16) -> Self {
        let mut fault = Self::body(status, Bytes::from_static(b"\xde\xad\xbe\xef no gzip"));
        let gzip = HeaderValue::from_static("gzip");
        fault.headers.push((CONTENT_ENCODING, gzip));
        fault
    }
}

/// Faults of how the answer is sent.
impl Fault {
    /// Delays the true answer.
    pub fn slow_headers(by: Duration) -> Self {
        Self::new(Kind::Late(by))
    }

    /// Never answers, and keeps the connection open.
    pub fn stalled() -> Self {
        Self::new(Kind::Silence)
    }

    /// Closes the connection without an answer.
    pub fn hang_up() -> Self {
        Self::new(Kind::HangUp)
    }

    /// Sends half of the body, then nothing, and keeps the connection open.
    ///
    /// # Panics
    ///
    /// As [`answer`](Self::answer).
    pub fn stalled_body(status: u16) -> Self {
        Self::usual(status, Way::Stalled)
    }

    /// Sends half of the body and closes the connection, though `Content-Length` promised more.
    ///
    /// # Panics
    ///
    /// As [`answer`](Self::answer).
    pub fn cut_body(status: u16) -> Self {
        Self::usual(status, Way::Cut)
    }

    /// Sends the whole body and closes the connection, though `Content-Length` promised twice as much.
    ///
    /// # Panics
    ///
    /// As [`answer`](Self::answer).
    pub fn wrong_length(status: u16) -> Self {
        Self::usual(status, Way::Overstated)
    }

    /// Sends half of the body as a chunk, and closes the connection before the last chunk.
    ///
    /// # Panics
    ///
    /// As [`answer`](Self::answer).
    pub fn cut_chunks(status: u16) -> Self {
        Self::usual(status, Way::CutChunks)
    }

    /// Sends the body one byte at a time.
    ///
    /// # Panics
    ///
    /// As [`answer`](Self::answer).
    pub fn dripping(status: u16, every: Duration) -> Self {
        Self::usual(status, Way::Dripping(every))
    }
}

/// Changes to the answer.
impl Fault {
    /// Sets a header, overriding any other value.
    ///
    /// # Panics
    ///
    /// Panics if the name or the value of the header is invalid.
    pub fn header(mut self, name: &str, value: impl AsRef<str>) -> Self {
        let (name, value) = (HeaderName::try_from(name), value.as_ref().try_into());
        let (Ok(name), Ok(value)) = (name, value) else {
            panic!("the name or value of the header is invalid");
        };
        self.headers.push((name, value));
        self
    }

    /// Claims that so many requests remain in the rate limit's window.
    pub fn remaining(self, requests: u32) -> Self {
        self.header("x-ratelimit-remaining", requests.to_string())
    }

    /// Leaves out every header about rate limits, including `Retry-After`.
    pub fn without_headers(mut self) -> Self {
        self.hides_limits = true;
        self
    }

    /// Leaves out the body.
    pub fn without_body(mut self) -> Self {
        self.has_no_body = true;
        self
    }

    /// Lets the request take effect before it fails.
    ///
    /// If the true answer has the status of the fault, its body is the one that is stalled, cut or
    /// halved.
    pub fn after_effect(mut self) -> Self {
        self.is_after_effect = true;
        self
    }
}

/// How often a fault hits.
impl Fault {
    /// Hits the next `times` requests.
    pub fn times(mut self, times: usize) -> Self {
        self.times = Some(times);
        self
    }

    /// Hits every request, until the simulator is [mended](crate::testing::Simulator::mend).
    pub fn always(self) -> Self {
        self.times(usize::MAX)
    }

    /// Hits every request until so much of tokio's time has passed since it was injected.
    ///
    /// A rate limit then tells nobody to wait beyond that time.
    ///
    /// Together with [`times`](Self::times) it hits no more than so many requests.
    pub fn lasting(mut self, time: Duration) -> Self {
        self.lasting = Some(time);
        self
    }

    /// Returns how many requests it hits while it lasts.
    pub(crate) fn hits(&self) -> usize {
        let usual = self.lasting.map_or(1, |_| usize::MAX);
        self.times.unwrap_or(usual)
    }
}

/// Private constructors.
impl Fault {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            way: Way::Whole,
            headers: Vec::new(),
            hides_limits: false,
            has_no_body: false,
            is_after_effect: false,
            lasting: None,
            times: None,
        }
    }

    fn usual(status: u16, way: Way) -> Self {
        refuse_status(status);
        Self {
            way,
            ..Self::new(Kind::Given(Given::Usual(status)))
        }
    }

    fn body(status: u16, body: Bytes) -> Self {
        refuse_status(status);
        Self::new(Kind::Given(Given::Body { status, body }))
    }
}

fn refuse_status(status: u16) {
    assert!(
        (200..=999).contains(&status),
        "the status {status} is invalid: it must be from 200 to 999"
    );
}
