//! The errors of the gateway: connections closed for good, and events that cannot be read.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde_json::error::Category;

use crate::Exception;
use crate::exception::DiscordError;

/// Something went wrong between the bot and Discord's gateway.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("{base}")]
pub struct GatewayError {
    #[base]
    base: DiscordError,
}

impl GatewayError {
    fn new(what: &'static str) -> Self {
        Self {
            base: DiscordError::new(what),
        }
    }
}

/// The gateway closed the connection, or would close it, and connecting again would not help.
///
/// Discord: Opcodes and Status Codes, Gateway Close Event Codes.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error(
    "the gateway {} the connection with {code}{}",
    if *is_foreseen { "would close" } else { "closed" },
    because(reason)
)]
pub struct ConnectionClosed {
    #[base]
    base: GatewayError,
    code: u16,
    reason: String,
    is_foreseen: bool,
}

impl ConnectionClosed {
    pub(crate) fn new(code: u16, reason: &str) -> Self {
        Self {
            base: GatewayError::new("the gateway closed the connection"),
            code,
            reason: reason.to_owned(),
            is_foreseen: false,
        }
    }

    /// Makes the error for a connection that is not even tried.
    fn foreseen(code: u16) -> Self {
        Self {
            base: GatewayError::new("the gateway would close the connection"),
            code,
            reason: String::new(),
            is_foreseen: true,
        }
    }

    /// Returns the close code.
    #[must_use]
    pub fn code(&self) -> u16 {
        self.code
    }

    /// Returns the reason that the gateway gave.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Returns whether the bot did not connect at all, because the gateway would close the connection.
    #[must_use]
    pub fn is_foreseen(&self) -> bool {
        self.is_foreseen
    }
}

fn because(reason: &str) -> String {
    if reason.is_empty() {
        String::new()
    } else {
        format!(": {reason}")
    }
}

/// Declares a close code that is final.
macro_rules! final_close {
    ($($(#[$doc:meta])* $name:ident: $advice:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, thiserror::Error, Exception)]
        #[error("{base}. {}", $advice)]
        pub struct $name {
            #[base]
            pub(crate) base: ConnectionClosed,
        }

        impl std::ops::Deref for $name {
            type Target = ConnectionClosed;

            fn deref(&self) -> &ConnectionClosed {
                &self.base
            }
        }
    )*};
}

final_close! {
    /// The gateway refused the token: close code 4004.
    AuthenticationFailed:
        "The token was refused: make a new one in Discord's developer portal (Bot, Reset Token) and \
         set `DISCORD_TOKEN` to it";
    /// The gateway refused the shard's number: close code 4010.
    InvalidShard:
        "The shard's number was refused: large bots must use a multiple of the number of shards \
         that Discord assigned";
    /// The bot is in too many guilds for its number of shards: close code 4011.
    ShardingRequired:
        "The bot is in too many guilds for this number of shards: restart it to use the number \
         that Discord now recommends";
    /// The gateway does not know this API version: close code 4012.
    InvalidApiVersion:
        "Discord no longer serves the version of the gateway that cordial uses: update cordial";
    /// The gateway does not know these intents: close code 4013.
    InvalidIntents:
        "The bot requested an intent that does not exist: check the argument of `intents(..)`";
}

/// The bot asked for privileged intents that are not switched on for it: close code 4014.
///
/// If Discord says so beforehand, the bot does not connect, and the error names only those intents.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error(
    "{base}. The bot requests {}, which {} not switched on: change that in Discord's developer \
     portal (Applications, your application, Bot, Privileged Gateway Intents), or remove the \
     listeners that need it",
    list(intents),
    if intents.len() == 1 { "is" } else { "are" }
)]
pub struct DisallowedIntents {
    #[base]
    pub(crate) base: ConnectionClosed,
    pub(crate) intents: Vec<&'static str>,
}

impl DisallowedIntents {
    /// Makes the error for a bot that does not connect.
    pub(crate) fn foreseen(intents: Vec<&'static str>) -> Self {
        Self {
            base: ConnectionClosed::foreseen(4014),
            intents,
        }
    }

    /// Returns the privileged intents that the bot asked for, as the developer portal calls them.
    #[must_use]
    pub fn intents(&self) -> &[&'static str] {
        &self.intents
    }
}

impl std::ops::Deref for DisallowedIntents {
    type Target = ConnectionClosed;

    fn deref(&self) -> &ConnectionClosed {
        &self.base
    }
}

fn list(intents: &[&'static str]) -> String {
    match intents {
        [] => "privileged intents".to_owned(),
        [one] => format!("the {one}"),
        [first @ .., last] => format!("the {} and the {last}", first.join(", the ")),
    }
}

/// An event could not be read. The error does not keep the event: it may contain a token, or what people wrote.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error(
    "{} could not be read ({problem} at line {line}, column {column})",
    event.as_deref().unwrap_or("a gateway message")
)]
pub struct MalformedEvent {
    #[base]
    base: GatewayError,
    event: Option<String>,
    sequence: Option<u64>,
    problem: &'static str,
    line: usize,
    column: usize,
}

impl MalformedEvent {
    pub(crate) fn new(
        event: Option<String>,
        sequence: Option<u64>,
        error: &serde_json::Error,
    ) -> Self {
        Self {
            base: GatewayError::new("an event could not be read"),
            event,
            sequence,
            problem: match error.classify() {
                Category::Data => "not in the expected form",
                Category::Eof => "cut off",
                Category::Io | Category::Syntax => "not JSON",
            },
            line: error.line(),
            column: error.column(),
        }
    }

    /// Makes the error for a message that does not even say what it is.
    pub(crate) fn without_opcode() -> Self {
        Self::of(None, "no operation code")
    }

    /// Makes the error for a message of a kind that nobody knows.
    pub(crate) fn unknown_opcode() -> Self {
        Self::of(None, "an unknown operation code")
    }

    /// Makes the error for an event that does not say of what type it is.
    pub(crate) fn without_type(sequence: Option<u64>) -> Self {
        Self {
            sequence,
            ..Self::of(None, "no type")
        }
    }

    /// Makes the error for an event that lacks what each of its kind has.
    pub(crate) fn incomplete(event: &str) -> Self {
        Self::of(Some(event.to_owned()), "incomplete")
    }

    fn of(event: Option<String>, problem: &'static str) -> Self {
        Self {
            base: GatewayError::new("a gateway message could not be read"),
            event,
            sequence: None,
            problem,
            line: 0,
            column: 0,
        }
    }

    /// Returns Discord's name for the event, such as `MESSAGE_CREATE`.
    #[must_use]
    pub fn event(&self) -> Option<&str> {
        self.event.as_deref()
    }

    /// Returns the event's number in its session.
    #[must_use]
    pub fn sequence(&self) -> Option<u64> {
        self.sequence
    }
}

/// A session could not be resumed, so a new one began. The bot missed the events between the two.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error(
    "a session was lost after its event {sequence}: the bot missed the events of the next {gap:.1?}"
)]
pub struct SessionLost {
    #[base]
    base: GatewayError,
    sequence: u64,
    gap: Duration,
}

impl SessionLost {
    pub(crate) fn new(sequence: u64, gap: Duration) -> Self {
        Self {
            base: GatewayError::new("a session was lost"),
            sequence,
            gap,
        }
    }

    /// Returns the number of the session's last event that arrived.
    ///
    /// For a session of an earlier run of the bot, it is the last event up to which all events were done.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Returns how long the bot received no events: from the end of the connection until the new session.
    ///
    /// For a session of an earlier run of the bot, it is counted by the clock from when the session was last
    /// saved.
    #[must_use]
    pub fn gap(&self) -> Duration {
        self.gap
    }
}

/// The bot may begin few more sessions today, so it waits before it begins another.
///
/// If a bot begins too many, Discord ends all its sessions and resets its token. The usual cause is a process that
/// restarts again and again, or the same token in use elsewhere. (Discord: Gateway, Session Start Limit Object.)
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error(
    "the bot may begin only {remaining} more sessions for now, and waits {wait:.0?} before the \
     next: find out why it begins so many"
)]
pub struct SessionsExhausted {
    #[base]
    base: GatewayError,
    remaining: u32,
    wait: Duration,
}

impl SessionsExhausted {
    pub(crate) fn new(remaining: u32, wait: Duration) -> Self {
        Self {
            base: GatewayError::new("few sessions are left"),
            remaining,
            wait,
        }
    }

    /// Returns how many sessions the bot may begin until the limit resets.
    #[must_use]
    pub fn remaining(&self) -> u32 {
        self.remaining
    }

    /// Returns how long the shard waits.
    #[must_use]
    pub fn wait(&self) -> Duration {
        self.wait
    }
}

/// This machine cannot send requests: it has no port to send from, or no certificates to trust.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("this machine cannot send requests")]
pub struct NoTransport {
    #[base]
    base: DiscordError,
    #[source]
    why: Arc<io::Error>,
}

impl NoTransport {
    pub(crate) fn new(why: io::Error) -> Self {
        Self {
            base: DiscordError::new("this machine cannot send requests"),
            why: Arc::new(why),
        }
    }
}

/// The token would have to be sent in plain text.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("{advice}")]
pub struct InsecureTransport {
    #[base]
    base: DiscordError,
    advice: &'static str,
}

impl InsecureTransport {
    pub(crate) fn no_tls() -> Self {
        Self {
            base: DiscordError::new("the token would be sent in plain text"),
            advice: "cordial was built without TLS, so the token would be sent to Discord in plain \
                     text: enable one of the features `rustls-webpki-roots`, \
                     `rustls-native-roots`, `rustls-platform-verifier` and `native-tls`",
        }
    }

    pub(crate) fn remote_proxy() -> Self {
        Self {
            base: DiscordError::new("the token would be sent in plain text"),
            advice: "`endpoints` are contacted in plain text, token included, so they must be on \
                     this machine: use addresses in 127.0.0.0/8 or ::1",
        }
    }
}
