//! How a call ended that was not answered with success, before it is an exception.
//!
//! What carries requests makes one. It becomes an exception at once, or it travels through
//! twilight's client first: as the body of an answer that twilight reads as an error of Discord's,
//! out of which it is taken again when that error goes through `?`.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use twilight_model::guild::Permissions;

use crate::exception::Erased;
use crate::exception::http::body::{Body, ErrorCode};
use crate::exception::http::call::Call;
use crate::exception::http::refine::answered;
use crate::exception::http::{
    Answer, CircuitOpen, HttpError, Original, RequestTimedOut, Route, Scope, TransportError,
    UnreadableResponse,
};

/// Where it stands in the body of an answer.
const KEY: &str = "cordial";

/// How a call ended that was not answered with success.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Trouble {
    pub(crate) route: Route,
    /// How often it was asked for.
    pub(crate) attempts: u32,
    /// What the bot may do where it asked for this, as far as that is known.
    pub(crate) allowed: Option<Permissions>,
    pub(crate) end: End,
}

/// The end of a call.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum End {
    /// Discord answered, with anything but success.
    Answered {
        status: u16,
        /// What it said, whatever its form.
        body: String,
        retry_after: Option<Duration>,
        scope: Option<Scope>,
    },
    /// Discord did not answer in time.
    TimedOut { after: Duration },
    /// Discord could not be reached, or went away before it answered.
    Unreachable { cause: String },
    /// Discord answered, but the answer did not arrive completely.
    Incomplete { status: u16, cause: String },
    /// Discord answered with success, and with something that cannot be read.
    Unreadable { status: u16 },
    /// It was not sent: too much was refused lately.
    CircuitOpen { refused: u32, retry_after: Duration },
}

impl Trouble {
    /// Returns the exception that it is.
    pub(crate) fn into_exception(self, original: Original) -> Box<dyn Erased> {
        let call = Call {
            route: Some(self.route),
            attempts: self.attempts,
            allowed: self.allowed,
        };
        match self.end {
            End::Answered {
                status,
                body,
                retry_after,
                scope,
            } => {
                let mut body = Body::read(status, body.as_bytes());
                body.retry_after = body.retry_after.max(retry_after);
                let answer = Answer {
                    status,
                    body,
                    scope,
                    call,
                };
                answered(HttpError::new(answer, original))
            }
            End::TimedOut { after } => {
                let base = TransportError::new(call, original);
                Box::new(RequestTimedOut::new(base, Some(after)))
            }
            End::Unreachable { cause } => {
                Box::new(TransportError::new(call, original).because(None, &cause))
            }
            End::Incomplete { status, cause } => {
                Box::new(TransportError::new(call, original).because(Some(status), &cause))
            }
            End::Unreadable { status } => {
                Box::new(UnreadableResponse::new(original).to(call, status))
            }
            End::CircuitOpen {
                refused,
                retry_after,
            } => Box::new(CircuitOpen::new(call, refused, retry_after, original)),
        }
    }

    /// Returns it with at most so many bytes of what Discord said.
    pub(crate) fn shortened(&self, most: usize) -> Self {
        let mut short = self.clone();
        if let End::Answered { body, .. } = &mut short.end {
            let end = (0..=most.min(body.len())).rev();
            let end = { end }.find(|end| body.is_char_boundary(*end));
            body.truncate(end.unwrap_or(0));
        }
        short
    }

    /// Returns the status that twilight's client is told. Not 429: it would ask again at once, and for
    /// ever.
    pub(crate) fn told_status(&self) -> u16 {
        match &self.end {
            End::Answered { status: 429, .. } | End::CircuitOpen { .. } => 503,
            End::Answered { status, .. } if (400..600).contains(status) => *status,
            End::TimedOut { .. } => 504,
            // With a status that is none of an error there may be no body that says which it is.
            _ => 502,
        }
    }

    /// Returns the body that twilight's client is told: it reads it as an error of Discord's.
    pub(crate) fn told_body(&self) -> Vec<u8> {
        let body = match &self.end {
            End::Answered { status, body, .. } => Body::read(*status, body.as_bytes()),
            _ => Body::default(),
        };
        let code = match body.code {
            Some(ErrorCode::Number(code)) => code,
            _ => 0,
        };
        let told = json!({ "code": code, "message": body.message, KEY: self });
        told.to_string().into_bytes()
    }

    /// Takes it out of the body that twilight's client was told.
    pub(crate) fn from_told(body: &[u8]) -> Option<Self> {
        let mut body: Value = serde_json::from_slice(body).ok()?;
        serde_json::from_value(body.get_mut(KEY)?.take()).ok()
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} failed", self.route)
    }
}

impl Error for Trouble {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use twilight_http::api_error::ApiError;
    use twilight_model::id::Id;

    use super::*;
    use crate::exception::http::MissingPermissions;

    /// Bodies as they come, and some that never should.
    const REAL: &[&str] = &[
        r#"{"message": "Missing Permissions", "code": 50013}"#,
        r#"{"message": "You are being rate limited.", "retry_after": 64.57, "global": false}"#,
        r#"{"code": 50035, "message": "Invalid Form Body", "errors": {"embeds": {"0": {"title":
            {"_errors": [{"code": "BASE_TYPE_REQUIRED", "message": "This field is required"}]}}}}}"#,
        r#"{"error": {"code": "VERSION_OUTDATED", "message": "update", "min_version": "2.0"}}"#,
        "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>",
        "error code: 1015",
        "",
    ];

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,20}".prop_map(Value::from),
        ];
        let key = prop_oneof![
            prop::sample::select(vec![
                "code",
                "message",
                "errors",
                "_errors",
                "error",
                "retry_after",
                "global",
                "cordial",
                "0",
            ])
            .prop_map(str::to_owned),
            ".{0,5}",
        ];
        leaf.prop_recursive(6, 40, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(key.clone(), inner, 0..6)
                    .prop_map(|fields| fields.into_iter().collect()),
            ]
        })
    }

    /// A real body, with some of its bytes changed, and cut off somewhere.
    fn mutated() -> impl Strategy<Value = String> {
        let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4);
        let body = prop::sample::select(REAL);
        (body, changes, any::<prop::sample::Index>()).prop_map(|(body, changes, end)| {
            let mut bytes = body.as_bytes().to_vec();
            for (at, byte) in changes {
                if !bytes.is_empty() {
                    let at = at.index(bytes.len());
                    bytes[at] = byte;
                }
            }
            bytes.truncate(end.index(bytes.len() * 4 + 1));
            String::from_utf8_lossy(&bytes).into_owned()
        })
    }

    fn body() -> impl Strategy<Value = String> {
        prop_oneof![
            prop::collection::vec(any::<u8>(), 0..300)
                .prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
            json().prop_map(|body| body.to_string()),
            mutated(),
        ]
    }

    fn duration() -> impl Strategy<Value = Duration> {
        (any::<u64>(), 0..1_000_000_000_u32).prop_map(|(secs, nanos)| Duration::new(secs, nanos))
    }

    fn end() -> impl Strategy<Value = End> {
        let scopes = [Scope::User, Scope::Shared, Scope::Global, Scope::Edge];
        let scope = prop::option::of(prop::sample::select(scopes.to_vec()));
        let retry_after = prop::option::of(duration());
        let answered = (300..1_000_u16, body(), retry_after, scope);
        prop_oneof![
            6 => answered.prop_map(|(status, body, retry_after, scope)| End::Answered {
                status,
                body,
                retry_after,
                scope,
            }),
            1 => duration().prop_map(|after| End::TimedOut { after }),
            1 => ".*".prop_map(|cause| End::Unreachable { cause }),
            1 => (any::<u16>(), ".*").prop_map(|(status, cause)| End::Incomplete { status, cause }),
            1 => (any::<u32>(), duration()).prop_map(|(refused, retry_after)| End::CircuitOpen {
                refused,
                retry_after,
            }),
        ]
    }

    fn trouble() -> impl Strategy<Value = Trouble> {
        let allowed = prop::option::of(any::<u64>().prop_map(Permissions::from_bits_truncate));
        let path = prop_oneof![
            Just("/channels/1/messages"),
            Just("/guilds/1/members/2"),
            Just("/webhooks/1/secret"),
        ];
        (path, any::<u32>(), allowed, end()).prop_map(|(path, attempts, allowed, end)| Trouble {
            route: Route::new("POST", path),
            attempts,
            allowed,
            end,
        })
    }

    fn exception(trouble: &Trouble) -> Box<dyn Erased> {
        trouble.clone().into_exception(Original::default())
    }

    /// Returns all that a handler for any answer can see.
    fn seen(error: &dyn Erased) -> String {
        format!("{error} {error:?}")
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn what_twilight_is_told_comes_out_as_it_went_in(trouble in trouble()) {
            let told = trouble.told_body();

            let read: ApiError = serde_json::from_slice(&told).expect("an error to twilight");
            prop_assert!(matches!(read, ApiError::General(_)));
            let taken = Trouble::from_told(&told).expect("what went in");
            prop_assert_eq!(seen(&*exception(&taken)), seen(&*exception(&trouble)));
            prop_assert!(!(200..300).contains(&trouble.told_status()));
            prop_assert_ne!(trouble.told_status(), 429);
        }

        #[test]
        fn the_status_is_kept_whatever_the_body(status in 300..1_000_u16, body in body()) {
            let end = End::Answered { status, body, retry_after: None, scope: None };
            let trouble = Trouble { end, ..refused(0, "", None) };

            let text = exception(&trouble).to_string();

            let expected = format!("Discord answered {status} to POST /channels/1/messages");
            prop_assert!(text.starts_with(&expected), "{text}");
            prop_assert!(text.chars().all(|character| !character.is_control()), "{text:?}");
        }
    }

    fn refused(status: u16, body: &str, scope: Option<Scope>) -> Trouble {
        Trouble {
            route: Route::new("POST", "/channels/1/messages"),
            attempts: 1,
            allowed: None,
            end: End::Answered {
                status,
                body: body.to_owned(),
                retry_after: None,
                scope,
            },
        }
    }

    #[test]
    fn the_text_says_what_was_asked_and_what_was_answered() {
        let form = exception(&refused(400, REAL[2], None)).to_string();
        let page = exception(&refused(502, REAL[4], None)).to_string();

        assert_eq!(
            form,
            "Discord answered 400 to POST /channels/1/messages: Invalid Form Body (code 50035); \
             embeds[0].title: BASE_TYPE_REQUIRED"
        );
        assert_eq!(
            page,
            "Discord answered 502 to POST /channels/1/messages: 502 Bad Gateway"
        );
    }

    #[test]
    fn many_wrong_fields_are_counted() {
        let fields: Vec<_> = (10..30)
            .map(|field| format!(r#""f{field}": "x""#))
            .collect();
        let body = format!(r#"{{"errors": {{{}}}}}"#, fields.join(","));

        let text = exception(&refused(400, &body, None)).to_string();

        assert!(text.ends_with("; f19: x; and 10 more"), "{text}");
    }

    #[test]
    fn a_missing_permission_is_named_with_where_it_is_missing() {
        let mut trouble = refused(403, REAL[0], None);
        trouble.allowed = Some(Permissions::SEND_MESSAGES_IN_THREADS);
        let error = exception(&trouble);
        let missing: &MissingPermissions = error.as_value().downcast_ref().expect("its type");

        assert_eq!(missing.missing(), Some(Permissions::SEND_MESSAGES));
        assert!(missing.needed().contains(Permissions::SEND_MESSAGES));
        assert_eq!(missing.channel_id().map(Id::get), Some(1));
        assert_eq!(missing.guild_id(), None);
        assert_eq!(
            missing.to_string(),
            "Discord answered 403 to POST /channels/1/messages: Missing Permissions (code 50013). \
             The bot lacks Send Messages in channel 1. The bot's own permissions count here, not \
             the user's: grant it to the bot's role, or to the bot in the channel's settings"
        );
    }

    #[test]
    fn a_limit_says_whom_it_is_for_and_how_long_to_wait() {
        let mut trouble = refused(429, REAL[1], Some(Scope::Edge));
        trouble.attempts = 5;
        if let End::Answered { retry_after, .. } = &mut trouble.end {
            *retry_after = Some(Duration::from_secs(30));
        }

        let text = exception(&trouble).to_string();

        assert_eq!(
            text,
            "Discord answered 429 to POST /channels/1/messages (attempt 5): You are being rate \
             limited. The limit is for everybody at this machine's address. The request was given \
             up after 5 attempts. Try again in 65 seconds"
        );
    }

    #[test]
    fn what_did_not_arrive_says_what_happened() {
        let texts = [
            (
                End::TimedOut {
                    after: Duration::from_secs(10),
                },
                "Discord gave no answer to POST /channels/1/messages (attempt 3) within 10.0s",
            ),
            (
                End::Unreachable {
                    cause: "connection\nrefused".to_owned(),
                },
                "Discord could not be reached for POST /channels/1/messages (attempt 3): connection \
                 refused",
            ),
            (
                End::Incomplete {
                    status: 200,
                    cause: "the connection was closed".to_owned(),
                },
                "Discord answered 200 to POST /channels/1/messages (attempt 3), but the answer did \
                 not arrive completely: the connection was closed",
            ),
        ];
        for (end, expected) in texts {
            let trouble = Trouble {
                attempts: 3,
                end,
                ..refused(0, "", None)
            };
            assert_eq!(exception(&trouble).to_string(), expected);
        }
    }

    #[test]
    fn an_open_circuit_says_what_to_look_for() {
        let end = End::CircuitOpen {
            refused: 9_000,
            retry_after: Duration::from_secs(90),
        };
        let text = exception(&Trouble {
            end,
            ..refused(0, "", None)
        })
        .to_string();

        for part in [
            "nothing was sent for POST /channels/1/messages",
            "9000 requests",
            "10,000 in 10 minutes",
            "90 seconds",
            "find out what keeps failing",
        ] {
            assert!(text.contains(part), "{text}");
        }
    }
}
