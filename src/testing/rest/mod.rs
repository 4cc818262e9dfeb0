//! The HTTP interface: what is asked, and what Discord would answer.

mod answer;
mod channels;
mod commands;
mod guilds;
mod interactions;
mod members;
mod messages;
mod multipart;
mod reactions;
mod request;
mod route;
mod users;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::testing::discord::{Delay, Discord, Fault, State};
use crate::testing::rest::answer::Answer;
use crate::testing::rest::request::Request;
use crate::testing::rest::route::{Answered, Route};
use crate::testing::transcript::Happening;

/// Everything that can be asked. The first route that is like a request is its route.
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

/// Serves one connection.
pub(crate) async fn connect(stream: TcpStream, discord: Arc<Discord>) {
    let service = service_fn(|request| answer(request, Arc::clone(&discord)));
    let connection = hyper::server::conn::http1::Builder::new();
    // A client that goes away is no trouble of ours.
    drop(
        connection
            .serve_connection(TokioIo::new(stream), service)
            .await,
    );
}

async fn answer(
    request: hyper::Request<Incoming>,
    discord: Arc<Discord>,
) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    discord.with(|state| state.requests += 1);
    let (head, body) = request.into_parts();
    let body = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes);
    let request = Request::new(&head, body.unwrap_or_default());
    if let Some(delay) = discord.with_quietly(|state| state.delay(&request)) {
        tokio::time::sleep(delay).await;
    }
    let answer = discord.with(|state| {
        let answer = state.answer(&request);
        state.unmodelled.extend(answer.unmodelled.clone());
        state.note(Happening::Request {
            method: request.method.clone(),
            path: request.path.clone(),
            status: answer.status,
        });
        answer
    });
    let response = answer.into_response();
    discord.with(|state| state.requests -= 1);
    Ok(response)
}

impl State {
    fn answer(&mut self, request: &Request) -> Answer {
        if let Some(fault) = self.fault(request) {
            return fault;
        }
        self.route(request).unwrap_or_else(|refusal| refusal)
    }

    /// Returns how long a test wants the answer to take.
    fn delay(&self, request: &Request) -> Option<Duration> {
        let is_meant = |delay: &&Delay| {
            delay.method == request.method && request.matches(&delay.path).is_some()
        };
        self.delays.iter().find(is_meant).map(|delay| delay.by)
    }

    /// Takes the answer that a test wants given.
    fn fault(&mut self, request: &Request) -> Option<Answer> {
        let is_meant = |fault: &Fault| {
            fault.method == request.method && request.matches(&fault.path).is_some()
        };
        let index = self.faults.iter().position(is_meant)?;
        let fault = self.faults.remove(index)?;
        Some(Answer::raw(fault.status, fault.body))
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
