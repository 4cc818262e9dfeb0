//! One call: a request with all its attempts, until there is an answer or no hope of one.

use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use serde_json::Value;
use tokio::time::Instant;
use twilight_model::guild::Permissions;

use crate::exception::{End, Needs, Route, Scope, Trouble};
use crate::http::carrier::Carrier;
use crate::http::circuit::{FEW, Stage};
use crate::http::connection::{Answer, Broken};
use crate::http::headers::{Limits, at_most_longest};
use crate::http::limits::{Bucket, Lane, TooLate};
use crate::http::request::Request;
use crate::http::target::Target;

/// How long the first answer to an interaction may take: Discord takes none after 3 seconds.
const FIRST_ANSWER: Duration = Duration::from_secs(3);
/// How long one attempt at it may take.
const FIRST_ATTEMPT: Duration = Duration::from_millis(2500);
/// How much of a body is sent in a second at least: an attempt may take longer for what is large.
const BYTES_A_SECOND: u32 = 256 << 10;
/// How often trouble at Discord's is answered by asking again.
const RETRIES: u32 = 3;
/// How long is waited before the first time, and twice as long each time after.
const FIRST_BACKOFF: Duration = Duration::from_millis(500);
/// How much of an error's body is kept.
const KEPT: usize = 64 << 10;

/// One call.
pub(crate) struct Call<'a> {
    carrier: &'a Carrier,
    request: Request,
    route: Route,
    target: Target,
    /// What stands for what is asked, to be remembered if it is refused.
    path: Option<u64>,
    token: Option<u64>,
    lane: Lane,
    began: Instant,
    /// When its last attempt began.
    asked: Instant,
    deadline: Instant,
    attempts: u32,
    /// An earlier attempt may have been done, though no answer said so.
    may_be_done: bool,
    /// It is about an interaction that nobody can answer any more.
    is_over: bool,
}

/// A turn in a bucket, to be used or given back.
struct Turn {
    bucket: Arc<Bucket>,
    is_sent: bool,
    is_over: bool,
}

/// What comes of an attempt.
enum Next {
    Done(Answer),
    Failed(Trouble),
    /// It is asked again, at a time.
    Again(Instant),
}

impl<'a> Call<'a> {
    pub(crate) fn new(carrier: &'a Carrier, mut request: Request) -> Self {
        let route = request.route();
        let lane = request.lane(|webhook| carrier.tickets.is_application(webhook));
        request.give_nonce();
        let target = carrier.targets.of(&request);
        let path = carrier.targets.path(&request);
        let token = carrier.targets.token(&request);
        let began = Instant::now();
        let patience = if request.is_first_answer() {
            FIRST_ANSWER + allowance(&request)
        } else {
            carrier.policy.call
        };
        let is_over = carrier.tickets.redeem(&mut request.path).is_err();
        Self {
            carrier,
            request,
            route,
            target,
            path,
            token,
            lane,
            began,
            asked: began,
            deadline: began + patience,
            attempts: 0,
            may_be_done: false,
            is_over,
        }
    }

    pub(crate) async fn run(mut self) -> Result<Answer, Trouble> {
        if self.is_over {
            return Err(self.over());
        }
        let mut at = self.began;
        loop {
            let turn = self.turn_or_refusal(at).await?;
            self.attempts += 1;
            match self.attempt(turn).await {
                Next::Done(answer) => return Ok(answer),
                Next::Failed(trouble) => return Err(trouble),
                Next::Again(next) => at = next,
            }
        }
    }

    /// Waits for a time, and then for a turn, unless the token is refused meanwhile.
    async fn turn_or_refusal(&self, at: Instant) -> Result<Turn, Trouble> {
        let turn = async {
            tokio::time::sleep_until(at).await;
            self.turn().await
        };
        if !self.request.is_authorized {
            return turn.await;
        }
        tokio::select! {
            biased;
            answer = self.carrier.refused_token() => Err(self.remembered(answer)),
            turn = turn => turn,
        }
    }

    /// Waits until it may be asked.
    async fn turn(&self) -> Result<Turn, Trouble> {
        loop {
            self.refuse_in_vain()?;
            let bucket = self.carrier.buckets.of(self.target);
            let turned = bucket.turn(self.latest()).await;
            turned.map_err(|until| {
                self.too_late(TooLate {
                    until,
                    scope: Scope::User,
                })
            })?;
            let turn = Turn::new(bucket);
            // Its route may have turned out to be counted elsewhere, meanwhile.
            if !Arc::ptr_eq(&turn.bucket, &self.carrier.buckets.of(self.target)) {
                continue;
            }
            let passed = self.pass().await;
            passed.map_err(|late| self.too_late(late))?;
            let has_closed = self.carrier.gate.is_closed(self.lane);
            if !has_closed && turn.bucket.blocked_until().is_none() {
                self.refuse_in_vain()?;
                return Ok(turn);
            }
        }
    }

    async fn pass(&self) -> Result<(), TooLate> {
        let carrier = self.carrier;
        let per_second = || match carrier.circuit.stage() {
            Stage::Braking | Stage::Stopped => FEW,
            Stage::Fine | Stage::Warned => carrier.policy.per_second,
        };
        let latest = self.latest();
        carrier.gate.pass(self.lane, per_second, latest).await
    }

    /// Returns until when it can be waited for: what is asked needs time for an answer.
    fn latest(&self) -> Instant {
        let patience = self.deadline - self.began;
        self.deadline - (patience / 4).min(Duration::from_millis(500))
    }

    /// Refuses what would be asked in vain.
    fn refuse_in_vain(&self) -> Result<(), Trouble> {
        let circuit = &self.carrier.circuit;
        if let Some(answer) = circuit.answer(self.path, self.token) {
            return Err(self.remembered(answer));
        }
        let is_stopped = if self.request.is_first_answer() {
            circuit.is_full()
        } else {
            circuit.stage() == Stage::Stopped
        };
        if is_stopped {
            let (refused, retry_after) = circuit.count();
            return Err(self.trouble(End::CircuitOpen {
                refused,
                retry_after,
            }));
        }
        Ok(())
    }

    /// Asks once.
    async fn attempt(&mut self, turn: Turn) -> Next {
        let limit = if self.request.is_first_answer() {
            FIRST_ATTEMPT.min(self.carrier.policy.attempt)
        } else {
            self.carrier.policy.attempt
        };
        self.asked = Instant::now();
        let until = self.asked + limit + allowance(&self.request);
        let turn = turn.sent();
        let connection = &self.carrier.connection;
        let until = until.min(self.deadline);
        match connection.attempt(&self.request, until).await {
            Ok(answer) => {
                if answer.status == StatusCode::UNAUTHORIZED {
                    self.unauthorized(&answer).await;
                }
                self.answered(answer, turn)
            }
            Err(Broken::TimedOut) => self.timed_out(),
            Err(Broken::Lost {
                status,
                is_unsent,
                cause,
            }) => self.broken(status, is_unsent, cause),
        }
    }

    fn answered(&mut self, answer: Answer, turn: Turn) -> Next {
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
        // Not all at the same moment.
        let jittered = |time: Duration| now + time.mul_f64(1.0 + fastrand::f64() / 10.0);
        let gate = &self.carrier.gate;
        match scope {
            Scope::Edge => {
                let (until, news) = gate.block(said);
                if let Some(time) = news {
                    tracing::warn!(
                        ?time,
                        "blocked before Discord: nothing is asked for so long"
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
    async fn unauthorized(&self, answer: &Answer) {
        self.carrier.count_refused();
        let trouble = self.refused(answer, None, None);
        if self.request.is_authorized {
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

    fn broken(&mut self, status: Option<StatusCode>, is_unsent: bool, cause: String) -> Next {
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

    fn timed_out(&mut self) -> Next {
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
        tracing::debug!(route = %self.route, attempt = self.attempts, "asking again");
        Next::Again(at)
    }

    /// Says that it would have to wait for too long.
    fn too_late(&self, late: TooLate) -> Trouble {
        let retry_after = late.until.map(|until| until - Instant::now());
        self.trouble(End::Answered {
            status: 429,
            body: r#"{"message":"the limit lasts longer than the call may take"}"#.to_owned(),
            retry_after,
            scope: Some(late.scope),
        })
    }

    /// Says that nobody waits for an answer any more.
    fn over(&self) -> Trouble {
        self.trouble(End::Answered {
            status: 404,
            body: r#"{"code":10062,"message":"Unknown interaction"}"#.to_owned(),
            retry_after: None,
            scope: None,
        })
    }

    fn refused(
        &self,
        answer: &Answer,
        retry_after: Option<Duration>,
        scope: Option<Scope>,
    ) -> Trouble {
        let kept = &answer.body[..answer.body.len().min(KEPT)];
        self.trouble(End::Answered {
            status: answer.status.as_u16(),
            body: self.redacted(&String::from_utf8_lossy(kept)),
            retry_after,
            scope,
        })
    }

    /// Tells again what Discord answered to another.
    fn remembered(&self, answer: Trouble) -> Trouble {
        Trouble {
            route: self.route.clone(),
            attempts: self.attempts,
            ..answer
        }
    }

    fn trouble(&self, end: End) -> Trouble {
        let needed = Needs::of(&self.route).map_or(Permissions::empty(), Needs::any);
        Trouble {
            route: self.route.clone(),
            attempts: self.attempts,
            allowed: self.carrier.allowed.on(self.request.segments(), needed),
            end,
        }
    }

    /// Leaves out what an answer must not be quoted with.
    fn redacted(&self, text: &str) -> String {
        let token = self.request.token();
        let secrets = token.into_iter().chain(self.carrier.connection.token());
        secrets.fold(text.to_owned(), |text, secret| {
            text.replace(secret, "{token}")
        })
    }

    /// Returns whether what it deletes is gone, which may be by an earlier attempt.
    fn is_gone(&self, answer: &Answer) -> bool {
        let gone = self.request.gone().filter(|_| self.may_be_done);
        gone.is_some() && code(answer) == gone
    }
}

impl Turn {
    fn new(bucket: Arc<Bucket>) -> Self {
        Self {
            bucket,
            is_sent: false,
            is_over: false,
        }
    }

    /// Notes that it is used.
    fn sent(mut self) -> Self {
        self.is_sent = true;
        self
    }

    /// Ends it by an answer. Returns the bucket, to be told what it says.
    fn answered(mut self) -> Arc<Bucket> {
        self.is_over = true;
        Arc::clone(&self.bucket)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        match (self.is_over, self.is_sent) {
            (true, _) => {}
            (false, true) => self.bucket.lose(),
            (false, false) => self.bucket.give_back(),
        }
    }
}

/// Returns how much longer an attempt may take for what it sends.
fn allowance(request: &Request) -> Duration {
    let bytes = u32::try_from(request.body.len()).unwrap_or(u32::MAX);
    Duration::from_secs(u64::from(bytes / BYTES_A_SECOND))
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
