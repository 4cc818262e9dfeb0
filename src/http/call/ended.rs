//! What comes of an attempt: an answer to be handed on, a time to ask again, or no hope.

use std::time::Duration;

use hyper::StatusCode;
use serde_json::Value;
use tokio::time::Instant;

use crate::exception::{End, Scope, Trouble};
use crate::http::call::turn::Turn;
use crate::http::call::{Call, Next};
use crate::http::connection::Answer;
use crate::http::headers::{Limits, at_most_longest};
use crate::sabotage::{self, Sabotage};

/// How often trouble at Discord's is answered by asking again.
const RETRIES: u32 = 3;
/// How long is waited before the first time, and twice as long each time after.
const FIRST_BACKOFF: Duration = Duration::from_millis(500);

impl Call<'_> {
    pub(crate) fn answered(&mut self, answer: Answer, turn: Turn) -> Next {
        let limits = Limits::read(&answer.headers);
        let bucket = turn.answered();
        let counted = limits.bucket.as_ref();
        self.carrier.buckets.answer(self.target, &bucket, counted);
        let status = answer.status.as_u16();
        if status == 429 {
            return self.limited(&answer, &limits);
        }
        self.carrier.gate.open(self.asked);
        if answer.status.is_success() {
            self.carrier.circuit.allow(self.path);
            return Next::Done(answer);
        }
        let trouble = self.refused(&answer, limits.retry_after, None);
        match status {
            403 => {
                self.carrier.count_refused();
                if let Some(path) = self.path {
                    self.carrier.circuit.forbid(path, &trouble, self.asked);
                }
                return Next::Failed(trouble);
            }
            404 if self.is_gone(&answer) => return Next::Done(done(answer)),
            404 => self.not_found(&answer, &trouble),
            500 | 502..=504 | 520..=527 | 530 => {
                return self.again_after_trouble(trouble, limits.retry_after);
            }
            _ => {}
        }
        self.carrier.circuit.allow(self.path);
        Next::Failed(trouble)
    }

    /// Waits out a rate limit, if there is time.
    fn limited(&self, answer: &Answer, limits: &Limits) -> Next {
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let scope = limits.scope.unwrap_or_else(|| scope_of(&body));
        let said = body["retry_after"].as_f64().and_then(at_most_longest);
        let said = said.max(limits.retry_after);
        if scope != Scope::Shared {
            self.carrier.count_refused();
        }
        let until = self.hold_back(scope, said, limits);
        let retry_after = until.saturating_duration_since(Instant::now());
        if self.attempts < self.carrier.policy.attempts && until <= self.latest() {
            tracing::debug!(route = %self.route, ?scope, ?retry_after, "rate limited");
            return Next::Again(until);
        }
        tracing::warn!(
            route = %self.route,
            ?scope,
            ?retry_after,
            attempts = self.attempts,
            "rate limited for too long",
        );
        Next::Failed(self.refused(answer, Some(retry_after), Some(scope)))
    }

    /// Lets nobody ask too early. Returns until when.
    fn hold_back(&self, scope: Scope, said: Option<Duration>, limits: &Limits) -> Instant {
        let now = Instant::now();
        if sabotage::is(Sabotage::AskAtOnce) {
            return now;
        }
        // Not all at the same moment.
        let jittered = |time: Duration| now + time.mul_f64(1.0 + fastrand::f64() / 10.0);
        let gate = &self.carrier.gate;
        match scope {
            Scope::Edge => {
                let (until, news) = gate.block(said);
                if let Some(time) = news {
                    tracing::warn!(
                        ?time,
                        "blocked before Discord: no requests are sent for this time"
                    );
                }
                until
            }
            Scope::Global => {
                let until = jittered(said.unwrap_or(Duration::from_secs(1)));
                if gate.halt(self.lane, until) {
                    tracing::warn!(lane = ?self.lane, time = ?said, "everything is rate limited by Discord");
                }
                until
            }
            Scope::User | Scope::Shared => {
                let resets = limits.bucket.as_ref().map(|bucket| bucket.resets_after);
                let until = jittered(said.or(resets).unwrap_or(Duration::from_secs(1)));
                self.carrier.buckets.of(self.target).block(until);
                until
            }
        }
    }

    /// Finds out what was refused: the bot's token, what was asked for with it, or another token.
    pub(crate) async fn unauthorized(&self, answer: &Answer) {
        self.carrier.count_refused();
        let trouble = self.refused(answer, None, None);
        if self.request.is_about_bot() {
            self.carrier.revoke_token(&trouble);
        } else if self.request.is_authorized {
            self.carrier.doubt_token(&trouble).await;
        } else if let Some(token) = self.token {
            // It is no token, or no longer.
            self.carrier.circuit.bury(token, &trouble);
        }
    }

    /// Remembers what there will never be again.
    fn not_found(&self, answer: &Answer, trouble: &Trouble) {
        const UNKNOWN_WEBHOOK: u64 = 10015;
        const UNKNOWN_INTERACTION: u64 = 10062;

        let is_gone = match code(answer) {
            // That of an interaction is unknown until it was answered first.
            Some(UNKNOWN_WEBHOOK) => {
                let webhook = self.request.segments().nth(1);
                !webhook.is_some_and(|webhook| self.carrier.tickets.is_application(webhook))
            }
            Some(UNKNOWN_INTERACTION) => true,
            _ => false,
        };
        if let Some(token) = self.token.filter(|_| is_gone) {
            self.carrier.circuit.bury(token, trouble);
        }
    }

    /// Asks again after trouble at Discord's, if that cannot do twice what was asked once.
    fn again_after_trouble(&mut self, trouble: Trouble, said: Option<Duration>) -> Next {
        self.may_be_done = true;
        if !self.request.is_idempotent() {
            return Next::Failed(trouble);
        }
        self.again(trouble, said)
    }

    pub(crate) fn broken(
        &mut self,
        status: Option<StatusCode>,
        is_unsent: bool,
        cause: String,
    ) -> Next {
        let end = match status {
            Some(status) => End::Incomplete {
                status: status.as_u16(),
                cause,
            },
            None => End::Unreachable { cause },
        };
        let trouble = self.trouble(end);
        if is_unsent {
            return self.again(trouble, None);
        }
        self.again_after_trouble(trouble, None)
    }

    pub(crate) fn timed_out(&mut self) -> Next {
        let after = self.began.elapsed();
        self.again_after_trouble(self.trouble(End::TimedOut { after }), None)
    }

    fn again(&self, trouble: Trouble, said: Option<Duration>) -> Next {
        if self.attempts > RETRIES || self.attempts >= self.carrier.policy.attempts {
            return Next::Failed(trouble);
        }
        let backoff = FIRST_BACKOFF * 2_u32.pow(self.attempts - 1);
        let backoff = backoff.mul_f64(0.5 + fastrand::f64() / 2.0);
        let at = Instant::now() + said.unwrap_or_default().max(backoff);
        if at >= self.latest() {
            return Next::Failed(trouble);
        }
        tracing::debug!(route = %self.route, attempt = self.attempts, "trying again");
        Next::Again(at)
    }

    /// Returns whether what it deletes is gone, which may be by an earlier attempt.
    fn is_gone(&self, answer: &Answer) -> bool {
        let gone = self.request.gone().filter(|_| self.may_be_done);
        gone.is_some() && code(answer) == gone
    }
}

/// Returns whom a rate limit is for of which only the body says so.
fn scope_of(body: &Value) -> Scope {
    if body["global"] == true {
        Scope::Global
    } else if body["retry_after"].is_number() {
        Scope::User
    } else {
        // It is not Discord that speaks.
        Scope::Edge
    }
}

fn code(answer: &Answer) -> Option<u64> {
    let body: Value = serde_json::from_slice(&answer.body).ok()?;
    body["code"].as_u64()
}

/// Takes it that an earlier attempt did what was asked.
fn done(answer: Answer) -> Answer {
    Answer {
        status: StatusCode::NO_CONTENT,
        body: bytes::Bytes::new(),
        ..answer
    }
}
