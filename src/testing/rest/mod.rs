//! The HTTP interface: the requests, Discord's answers, and the faults on the way.

mod answer;
mod body;
mod channels;
mod commands;
mod control;
mod fault;
mod faults;
mod guilds;
mod interactions;
mod limits;
mod members;
mod messages;
mod multipart;
mod quota;
mod reactions;
mod record;
mod request;
mod route;
mod sent;
mod users;

pub use self::fault::Fault;
pub use self::record::RequestRecord;

pub(crate) use self::control::Delay;
pub(crate) use self::faults::Faults;
pub(crate) use self::limits::Limits;

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::header::HeaderName;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::exception::Scope;
use crate::testing::discord::{Discord, State};
use crate::testing::rest::answer::Answer;
use crate::testing::rest::body::Body;
use crate::testing::rest::fault::Kind;
use crate::testing::rest::faults::Hit;
use crate::testing::rest::quota::{Quota, name};
use crate::testing::rest::record::Open;
use crate::testing::rest::request::Request;
use crate::testing::rest::route::{Answered, Route};
use crate::testing::rest::sent::Sent;

/// All routes. A request belongs to the first route that matches.
const ROUTES: &[&[Route]] = &[
    users::ROUTES,
    channels::ROUTES,
    messages::ROUTES,
    reactions::ROUTES,
    guilds::ROUTES,
    members::ROUTES,
    interactions::ROUTES,
    commands::ROUTES,
];

/// A header of requests by a test's own client. It takes tickets for tokens, as the bot's client does.
pub(crate) const OF_TEST: HeaderName = HeaderName::from_static("x-cordial-test");

/// Serves one connection.
pub(crate) async fn connect(stream: TcpStream, discord: Arc<Discord>) {
    let service = service_fn(|request| answer(request, Arc::clone(&discord)));
    let connection = hyper::server::conn::http1::Builder::new();
    // A client that goes away is not our trouble.
    drop(
        connection
            .serve_connection(TokioIo::new(stream), service)
            .await,
    );
}

/// The request is not answered, and the connection closes.
#[derive(Debug, thiserror::Error)]
#[error("the request is not answered")]
struct HungUp;

async fn answer(
    request: hyper::Request<Incoming>,
    discord: Arc<Discord>,
) -> Result<hyper::Response<Body>, HungUp> {
    let (head, body) = request.into_parts();
    let mut request = Request::new(&head);
    if head.headers.contains_key(OF_TEST) {
        discord.with_quietly(|state| request.redeem(|id| state.token_of(id)));
    }
    let open = Open::new(&discord, &request);
    // A request that does not arrive whole is not handled.
    let body = body.collect().await.map_err(|_| HungUp)?;
    request.body = body.to_bytes();
    let now = || discord.with_quietly(|state| state.world.millis());
    let mut sent = match discord.with(|state| state.limits.admit(&request)) {
        Ok(quota) => fulfil(&request, quota, &discord).await?,
        Err(refusal) => refusal.into_sent(now()),
    };
    sent.date(now());
    Ok(sent.into_response(open))
}

/// Answers a request within the limits, unless a fault hits it.
async fn fulfil(
    request: &Request,
    quota: Option<Quota>,
    discord: &Discord,
) -> Result<Sent, HungUp> {
    if let Some(delay) = discord.with_quietly(|state| state.delay(request)) {
        tokio::time::sleep(delay).await;
    }
    let quota = quota.as_ref();
    let answer = || discord.with(|state| state.answer(request, quota));
    let Some(fault) = discord.with(|state| state.faults.hit(request)) else {
        return Ok(answer());
    };
    let truth = fault.is_after_effect.then(answer);
    let sent = match &fault.kind {
        Kind::Given(given) => {
            let now = discord.with_quietly(|state| state.world.millis());
            given.sent(
                &Hit {
                    request,
                    quota,
                    now,
                },
                truth,
            )
        }
        Kind::Late(by) => {
            tokio::time::sleep(*by).await;
            truth.unwrap_or_else(answer)
        }
        Kind::Silence => pending().await,
        Kind::HangUp => return Err(HungUp),
    };
    Ok(fault.dress(sent))
}

impl State {
    /// Handles a request, and adds what is left of the limit to the answer.
    fn answer(&mut self, request: &Request, quota: Option<&Quota>) -> Sent {
        let answer = self.route(request).unwrap_or_else(|refusal| refusal);
        self.unmodelled.extend(answer.unmodelled.clone());
        let mut sent = Sent::from(answer);
        if let Some(quota) = quota {
            quota.tell(&mut sent, self.world.millis());
            if let (true, Some(scope)) = (self.limits.always_tells_scope, name(Scope::User)) {
                sent.tell("x-ratelimit-scope", scope);
            }
        }
        sent
    }

    /// Returns how long a test delays the answer.
    fn delay(&self, request: &Request) -> Option<Duration> {
        let is_meant = |delay: &&Delay| request.is_like(&delay.method, &delay.path);
        self.delays.iter().find(is_meant).map(|delay| delay.by)
    }

    fn route(&mut self, request: &Request) -> Answered {
        for route in ROUTES.iter().copied().flatten() {
            if let Some(call) = route.call(request) {
                if !route.lets_in(request, &self.rules.token) {
                    return Err(Answer::error(401, 0, "401: Unauthorized"));
                }
                return route.answer(self, &call?);
            }
        }
        Err(Answer::unmodelled(&request.name()))
    }
}
