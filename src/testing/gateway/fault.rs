//! The faults that a test can inject into the gateway.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

/// A fault of the gateway, to be added by [`misbehave`](crate::testing::Simulator::misbehave).
///
/// Each fault has a moment at which it strikes. It does so the next time that this moment comes, once,
/// unless [`times`](Self::times), [`always`](Self::always) or [`lasting`](Self::lasting) say otherwise.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use cordial::testing::GatewayFault;
///
/// let storm = GatewayFault::close_instead_of_hello(4000).lasting(Duration::from_secs(3_600));
/// let deaf = GatewayFault::no_ack().always();
/// let cut = GatewayFault::cut_event(20);
/// # drop((storm, deaf, cut));
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing goes wrong until the gateway misbehaves"]
pub struct GatewayFault {
    pub(crate) kind: Kind,
    pub(crate) lasting: Option<Duration>,
    times: Option<usize>,
}

/// What goes wrong, by the moment at which it does.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// A connection is accepted, and is no websocket yet.
    Accept(Accept),
    /// Instead of Hello.
    Hello(Instead),
    /// Instead of `READY`.
    Identify(Instead),
    /// Instead of `RESUMED`, and the events before it.
    Resume(Instead),
    /// The answer to a resume.
    Replay(Replay),
    /// A heartbeat is not acknowledged.
    Heartbeat,
    /// The client's close frame is not answered.
    Goodbye,
    /// What `READY` says.
    ResumeUrl(String),
    /// An event is sent: any, or one of a type.
    Event(OfEvent, Option<String>),
    /// The client asks where to connect.
    Info(Value),
    /// The client asks for members of a guild.
    Members(Duration),
    /// At once: nothing more is sent or read.
    HalfOpen,
    /// At once: nobody listens.
    Refused,
}

/// What becomes of a connection before it is a websocket.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Accept {
    HangUp,
    Stall,
    Refuse(u16),
}

/// What is done instead of an answer.
#[derive(Clone, Debug)]
pub(crate) enum Instead {
    Silence,
    Say(String),
    /// Says that there is no such session, or none to be begun now.
    Invalid(bool),
    Close(Option<u16>),
    Drop,
}

/// What is left out of the answer to a resume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Replay {
    /// The events.
    Nothing,
    /// `RESUMED`.
    NoEnd,
}

/// What goes wrong with an event.
#[derive(Clone, Debug)]
pub(crate) enum OfEvent {
    /// The connection breaks after so many bytes of its frame.
    Cut(usize),
    Twice,
    /// It is not sent.
    Skipped,
    /// Its number is lower.
    Backwards(u64),
    NoSequence,
    NoType,
    UnknownType,
    /// It is so many bytes longer.
    Padded(usize),
    /// A field has another value, or is missing.
    Changed(String, Option<Value>),
    /// It has an unknown field with so many nested arrays.
    Nested(usize),
    /// Another frame comes before it.
    After(u8, Vec<u8>),
    /// It cannot be decompressed.
    Damaged,
    /// It comes in so many parts.
    Split(usize),
}

/// Faults while connecting.
impl GatewayFault {
    /// Refuses connections, as if nobody listened.
    ///
    /// It strikes at once, for as long as it is [lasting](Self::lasting), or until the simulator is
    /// [mended](crate::testing::Simulator::mend).
    ///
    /// Open connections stay open.
    pub fn refused() -> Self {
        Self::new(Kind::Refused)
    }

    /// Accepts a connection, and closes it before the websocket handshake.
    pub fn hang_up() -> Self {
        Self::new(Kind::Accept(Accept::HangUp))
    }

    /// Accepts a connection, and never answers the websocket handshake.
    pub fn stalled_handshake() -> Self {
        Self::new(Kind::Accept(Accept::Stall))
    }

    /// Answers the websocket handshake with a status.
    pub fn refused_handshake(status: u16) -> Self {
        Self::new(Kind::Accept(Accept::Refuse(status)))
    }
}

/// Faults in place of Hello.
impl GatewayFault {
    /// Sends no Hello.
    ///
    /// Everything else is answered.
    pub fn no_hello() -> Self {
        Self::new(Kind::Hello(Instead::Silence))
    }

    /// Sends a Hello with another `heartbeat_interval`, as JSON: `0`, `1.5`, `-1` or `"null"`.
    pub fn hello_interval(interval: impl fmt::Display) -> Self {
        let hello =
            format!(r#"{{"op":10,"d":{{"heartbeat_interval":{interval}}},"s":null,"t":null}}"#);
        Self::new(Kind::Hello(Instead::Say(hello)))
    }

    /// Asks the client to reconnect.
    pub fn reconnect_instead_of_hello() -> Self {
        Self::new(Kind::Hello(Instead::Say(RECONNECT.to_owned())))
    }

    /// Closes the connection with a code, or with none.
    pub fn close_instead_of_hello(code: impl Into<Option<u16>>) -> Self {
        Self::new(Kind::Hello(Instead::Close(code.into())))
    }

    /// Breaks the connection without a close frame.
    pub fn drop_instead_of_hello() -> Self {
        Self::new(Kind::Hello(Instead::Drop))
    }
}

/// Faults on identify.
impl GatewayFault {
    /// Does not answer.
    ///
    /// Heartbeats are acknowledged.
    pub fn no_ready() -> Self {
        Self::new(Kind::Identify(Instead::Silence))
    }

    /// Answers that the session is invalid, and whether it can be resumed.
    pub fn invalid_on_identify(is_resumable: bool) -> Self {
        Self::new(Kind::Identify(Instead::Invalid(is_resumable)))
    }

    /// Closes the connection with a code, or with none.
    pub fn close_on_identify(code: impl Into<Option<u16>>) -> Self {
        Self::new(Kind::Identify(Instead::Close(code.into())))
    }

    /// Breaks the connection without a close frame.
    pub fn drop_on_identify() -> Self {
        Self::new(Kind::Identify(Instead::Drop))
    }

    /// Puts another `resume_gateway_url` into `READY`, valid or not.
    pub fn resume_url(url: impl Into<String>) -> Self {
        Self::new(Kind::ResumeUrl(url.into()))
    }
}

/// Faults on resume.
impl GatewayFault {
    /// Does not answer.
    ///
    /// Heartbeats are acknowledged.
    pub fn no_resumed() -> Self {
        Self::new(Kind::Resume(Instead::Silence))
    }

    /// Answers that the session is invalid, and whether it can be resumed.
    ///
    /// If it cannot, it has ended.
    pub fn invalid_on_resume(is_resumable: bool) -> Self {
        Self::new(Kind::Resume(Instead::Invalid(is_resumable)))
    }

    /// Closes the connection with a code, or with none.
    ///
    /// The session can be resumed later.
    pub fn close_on_resume(code: impl Into<Option<u16>>) -> Self {
        Self::new(Kind::Resume(Instead::Close(code.into())))
    }

    /// Breaks the connection without a close frame.
    pub fn drop_on_resume() -> Self {
        Self::new(Kind::Resume(Instead::Drop))
    }

    /// Sends the missed events, and no `RESUMED`.
    pub fn replay_without_resumed() -> Self {
        Self::new(Kind::Replay(Replay::NoEnd))
    }

    /// Sends `RESUMED`, and none of the missed events.
    pub fn resumed_without_replay() -> Self {
        Self::new(Kind::Replay(Replay::Nothing))
    }
}

/// Faults of a connection that is set up.
impl GatewayFault {
    /// Does not acknowledge a heartbeat.
    ///
    /// Events still come.
    pub fn no_ack() -> Self {
        Self::new(Kind::Heartbeat)
    }

    /// Does not answer the client's close frame, and keeps the connection open.
    pub fn never_answers_close() -> Self {
        Self::new(Kind::Goodbye)
    }

    /// Stops sending over the open connections, and answers nothing.
    ///
    /// It strikes at once, and once.
    ///
    /// The connections stay open, and what arrives is [recorded](crate::testing::ConnectionRecord).
    /// Their sessions can be resumed over others.
    pub fn half_open() -> Self {
        Self::new(Kind::HalfOpen)
    }

    /// Answers the next request for members that there were too many, and when to ask again.
    ///
    /// The answer is the event `RATE_LIMITED`, which Discord sends to a bot that asks for all members of
    /// a guild twice in 30 seconds.
    pub fn members_rate_limited(retry_after: Duration) -> Self {
        Self::new(Kind::Members(retry_after))
    }

    /// Changes the answer to the client's request where to connect.
    ///
    /// The fields of a JSON object, such as `{"session_start_limit":{"remaining":0}}`, replace the true
    /// ones.
    ///
    /// # Panics
    ///
    /// Panics if `json` is not a JSON object.
    pub fn connection_info(json: &str) -> Self {
        let info = serde_json::from_str::<Value>(json).ok();
        let Some(info) = info.filter(Value::is_object) else {
            panic!("`{json}` is not a JSON object");
        };
        Self::new(Kind::Info(info))
    }
}

/// Faults of the next event, including `READY` and `RESUMED`, unless it is [only](Self::only) for one
/// type.
impl GatewayFault {
    /// Strikes only events of a type, such as `MESSAGE_CREATE`.
    ///
    /// # Panics
    ///
    /// Panics if this is not a fault of an event.
    pub fn only(mut self, event: impl Into<String>) -> Self {
        let Kind::Event(_, only) = &mut self.kind else {
            panic!("this is not a fault of an event: {self:?}");
        };
        *only = Some(event.into());
        self
    }

    /// Breaks the connection after so many bytes of the event's frame.
    pub fn cut_event(bytes: usize) -> Self {
        Self::of_event(OfEvent::Cut(bytes))
    }

    /// Sends the event twice, with the same sequence number.
    pub fn repeated_event() -> Self {
        Self::of_event(OfEvent::Twice)
    }

    /// Skips the event, which leaves a gap in the sequence numbers.
    ///
    /// It is sent when the session is resumed from before it.
    pub fn skipped_event() -> Self {
        Self::of_event(OfEvent::Skipped)
    }

    /// Sends the event with a sequence number that is too low by so much.
    pub fn backwards(by: u64) -> Self {
        Self::of_event(OfEvent::Backwards(by))
    }

    /// Leaves out the event's sequence number.
    pub fn without_sequence() -> Self {
        Self::of_event(OfEvent::NoSequence)
    }

    /// Leaves out the event's type.
    pub fn without_type() -> Self {
        Self::of_event(OfEvent::NoType)
    }

    /// Sends the event with an unknown type.
    pub fn unknown_type() -> Self {
        Self::of_event(OfEvent::UnknownType)
    }

    /// Sets a field of the event to some JSON, or adds it.
    ///
    /// The field is given by a [JSON pointer], such as `/type` or `/author/id`.
    ///
    /// [JSON pointer]: https://www.rfc-editor.org/rfc/rfc6901
    ///
    /// # Panics
    ///
    /// Panics if `json` is not JSON.
    pub fn changed_field(pointer: impl Into<String>, json: &str) -> Self {
        let Ok(value) = serde_json::from_str(json) else {
            panic!("`{json}` is not JSON");
        };
        Self::of_event(OfEvent::Changed(pointer.into(), Some(value)))
    }

    /// Removes a field of the event, given by a JSON pointer.
    pub fn missing_field(pointer: impl Into<String>) -> Self {
        Self::of_event(OfEvent::Changed(pointer.into(), None))
    }

    /// Adds an unknown field to the event that holds so many nested arrays.
    pub fn nested_event(depth: usize) -> Self {
        Self::of_event(OfEvent::Nested(depth))
    }

    /// Makes the event so many bytes larger, without changing its meaning.
    pub fn huge_event(bytes: usize) -> Self {
        Self::of_event(OfEvent::Padded(bytes))
    }

    /// Sends a text before the event.
    pub fn text(text: impl Into<String>) -> Self {
        Self::of_event(OfEvent::After(0x81, text.into().into_bytes()))
    }

    /// Sends truncated JSON before the event.
    pub fn malformed_json() -> Self {
        Self::text(r#"{"t":"MESSAGE_CREATE","s":"#)
    }

    /// Sends an unknown opcode before the event.
    pub fn unknown_op() -> Self {
        Self::text(r#"{"op":99,"d":null,"s":null,"t":null}"#)
    }

    /// Sends a text before the event that is not UTF-8.
    pub fn invalid_utf8() -> Self {
        Self::of_event(OfEvent::After(
            0x81,
            b"{\"op\":11,\"d\":\"\xff\xfe\"}".to_vec(),
        ))
    }

    /// Sends meaningless bytes before the event.
    pub fn binary(bytes: impl Into<Vec<u8>>) -> Self {
        Self::of_event(OfEvent::After(0x82, bytes.into()))
    }
}

/// Faults of the next event on a compressed connection, which cordial uses with its feature `zlib` or
/// `zstd`. They do nothing to others.
impl GatewayFault {
    /// Replaces the event by bytes that cannot be decompressed.
    pub fn damaged_compression() -> Self {
        Self::of_event(OfEvent::Damaged)
    }

    /// Splits the event into so many messages, as zlib allows and zstd does not.
    ///
    /// # Panics
    ///
    /// Panics if `parts` is zero.
    pub fn split_compression(parts: usize) -> Self {
        assert!(parts > 0, "an event has at least one part");
        Self::of_event(OfEvent::Split(parts))
    }
}

/// How often a fault strikes.
impl GatewayFault {
    /// Strikes so many times.
    pub fn times(mut self, times: usize) -> Self {
        self.times = Some(times);
        self
    }

    /// Strikes every time, until the simulator is [mended](crate::testing::Simulator::mend).
    pub fn always(self) -> Self {
        self.times(usize::MAX)
    }

    /// Strikes every time until so much of tokio's time has passed since it was added.
    ///
    /// Together with [`times`](Self::times) it strikes no more than so often.
    pub fn lasting(mut self, lasting: Duration) -> Self {
        self.lasting = Some(lasting);
        self
    }

    /// Returns how often it strikes while it lasts.
    pub(crate) fn strikes(&self) -> usize {
        let usual = self.lasting.map_or(1, |_| usize::MAX);
        self.times.unwrap_or(usual)
    }
}

/// Asks a client for a heartbeat.
pub(crate) const HEARTBEAT: &str = r#"{"op":1,"d":null,"s":null,"t":null}"#;
/// Asks a client to reconnect.
pub(crate) const RECONNECT: &str = r#"{"op":7,"d":null,"s":null,"t":null}"#;

impl GatewayFault {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            lasting: None,
            times: None,
        }
    }

    fn of_event(fault: OfEvent) -> Self {
        Self::new(Kind::Event(fault, None))
    }
}
