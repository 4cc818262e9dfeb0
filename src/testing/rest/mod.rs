//! The HTTP interface: what is asked, and what Discord would answer.

mod answer;
mod channels;
mod guilds;
mod messages;
mod multipart;
mod reactions;
mod request;
mod users;

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use crate::testing::discord::{Discord, State};
use crate::testing::rest::answer::Answer;
use crate::testing::rest::request::Request;
use crate::testing::tasks::Tasks;
use crate::testing::transcript::Happening;

/// Accepts connections for as long as it is polled.
pub(crate) async fn serve(listener: TcpListener, discord: Arc<Discord>) {
    let mut connections = Tasks::default();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        if stream.set_nodelay(true).is_ok() {
            connections.spawn(connect(stream, Arc::clone(&discord)));
        }
    }
}

async fn connect(stream: TcpStream, discord: Arc<Discord>) {
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
    let answer = discord.with(|state| {
        let answer = state.answer(&request);
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
        let is_public = request.path == "/gateway";
        if !is_public && !request.has_token(&self.rules.token) {
            return Answer::error(401, 0, "401: Unauthorized");
        }
        self.route(request).unwrap_or_else(|refusal| refusal)
    }

    /// Takes the answer that a test wants given.
    fn fault(&mut self, request: &Request) -> Option<Answer> {
        let is_meant = |path: &str| {
            let wanted = path.trim_matches('/').split('/');
            let mut parts = wanted.zip(request.segments.iter().map(String::as_str));
            path.trim_matches('/').split('/').count() == request.segments.len()
                && parts.all(|(wanted, part)| wanted == "*" || wanted == part)
        };
        let mut faults = self.faults.iter();
        let index =
            faults.position(|fault| fault.method == request.method && is_meant(&fault.path))?;
        let fault = self.faults.remove(index)?;
        Some(Answer::raw(fault.status, fault.body))
    }

    /// The table of everything that can be asked.
    fn route(&mut self, request: &Request) -> Result<Answer, Answer> {
        let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
        match (&*request.method, &*segments) {
            ("GET", ["gateway"]) => Ok(self.gateway()),
            ("GET", ["gateway", "bot"]) => Ok(self.gateway_bot()),
            ("GET", ["applications" | "oauth2", ..]) if segments.last() == Some(&"@me") => {
                Ok(self.application())
            }
            ("GET", ["users", user]) => self.get_user(user),
            ("POST", ["users", "@me", "channels"]) => self.open_conversation(request),
            ("GET", ["channels", channel]) => self.get_channel(channel),
            ("PATCH", ["channels", channel]) => self.edit_channel(channel, request),
            ("DELETE", ["channels", channel]) => self.delete_channel(channel),
            ("POST", ["channels", channel, "typing"]) => self.type_in(channel),
            ("GET", ["channels", channel, "messages"]) => self.list_messages(channel, request),
            ("POST", ["channels", channel, "messages"]) => self.create_message(channel, request),
            ("POST", ["channels", channel, "messages", "bulk-delete"]) => {
                self.delete_messages(channel, request)
            }
            ("GET", ["channels", channel, "messages", message]) => {
                self.get_message(channel, message)
            }
            ("PATCH", ["channels", channel, "messages", message]) => {
                self.edit_message(channel, message, request)
            }
            ("DELETE", ["channels", channel, "messages", message]) => {
                self.delete_message(channel, message)
            }
            (
                method,
                [
                    "channels",
                    channel,
                    "messages",
                    message,
                    "reactions",
                    rest @ ..,
                ],
            ) => self
                .reactions(method, channel, message, rest)
                .unwrap_or_else(|| Err(self.is_unmodelled(request))),
            (method, ["guilds", guild, rest @ ..]) => self
                .guilds(method, guild, rest, request)
                .unwrap_or_else(|| Err(self.is_unmodelled(request))),
            _ => Err(self.is_unmodelled(request)),
        }
    }

    /// Notes a request that the simulator knows nothing of. To make an answer up would be worse: the
    /// test would pass, and the bot would fail.
    fn is_unmodelled(&mut self, request: &Request) -> Answer {
        let route = format!("{} {}", request.method, request.path);
        let message = format!("the simulator does not model `{route}`");
        self.unmodelled.push(route);
        Answer::error(501, 0, &message)
    }
}
