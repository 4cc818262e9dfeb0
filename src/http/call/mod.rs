//! One call: a request with all its attempts, until there is an answer or no hope of one.

mod ended;
mod told;
mod turn;

use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use tokio::time::Instant;

use crate::exception::{End, Route, Scope, Trouble};
use crate::http::call::turn::Turn;
use crate::http::carrier::Carrier;
use crate::http::circuit::{FEW, Stage};
use crate::http::connection::{Answer, Broken};
use crate::http::limits::{Lane, TooLate};
use crate::http::request::Request;
use crate::http::target::Target;
use crate::http::tickets::Over;

/// How long the first answer to an interaction may take: Discord takes none after 3 seconds.
const FIRST_ANSWER: Duration = Duration::from_secs(3);
/// How long one attempt at it may take.
const FIRST_ATTEMPT: Duration = Duration::from_millis(2500);
/// How much of a body is sent in a second at least: an attempt may take longer for what is large.
const BYTES_A_SECOND: u32 = 256 << 10;

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
}

/// What comes of an attempt.
pub(crate) enum Next {
    Done(Answer),
    Failed(Trouble),
    /// It is asked again, at a time.
    Again(Instant),
}

/// Carries a request, and returns the answer if it is success.
///
/// # Errors
///
/// How else it ended.
///
/// # Cancel safety
///
/// Dropped before it has ended, the request is broken off if it is on its way, and nobody waits for it.
pub(crate) async fn carry(carrier: &Carrier, request: Request) -> Result<Answer, Trouble> {
    Call::new(carrier, request).run().await
}

impl<'a> Call<'a> {
    fn new(carrier: &'a Carrier, mut request: Request) -> Self {
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
        }
    }

    async fn run(mut self) -> Result<Answer, Trouble> {
        let redeemed = self.carrier.tickets.redeem(&mut self.request.path);
        redeemed.map_err(|Over| self.over())?;
        let mut at = None;
        loop {
            let turn = self.turn_or_refusal(at).await?;
            self.attempts += 1;
            match self.attempt(turn).await {
                Next::Done(answer) => return Ok(answer),
                Next::Failed(trouble) => return Err(trouble),
                Next::Again(next) => at = Some(next),
            }
        }
    }

    /// Waits for a time, if there is one, and then for a turn, unless the token is refused meanwhile.
    async fn turn_or_refusal(&self, at: Option<Instant>) -> Result<Turn, Trouble> {
        let turn = async {
            if let Some(at) = at {
                tokio::time::sleep_until(at).await;
            }
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
                self.carrier.clock.learn(&answer.headers);
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
}

/// Returns how much longer an attempt may take for what it sends.
fn allowance(request: &Request) -> Duration {
    let bytes = u32::try_from(request.body.len()).unwrap_or(u32::MAX);
    Duration::from_secs(u64::from(bytes / BYTES_A_SECOND))
}
