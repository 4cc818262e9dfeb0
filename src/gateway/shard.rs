//! The shards: each is listened to until the bot stops or Discord says that it is of no use.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use twilight_gateway::error::ReceiveMessageErrorType;
use twilight_gateway::queue::{InMemoryQueue, Queue};
use twilight_gateway::{CloseFrame, ConfigBuilder, Message, Shard as Socket};
use twilight_model::gateway::Intents;
use twilight_model::gateway::connection_info::BotConnectionInfo;

use crate::context::{Scene, Shard};
use crate::dispatch::Dispatcher;
use crate::event::portal_names;
use crate::exception::InsecureTransport;
use crate::failure::{Failure, IntoFailure};
use crate::gateway::close::fatal_close;
use crate::gateway::receive::{Received, receive};
use crate::http::{HAS_TLS, Http};

/// How long the other side may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// What the shards need to know.
pub(crate) struct Connection {
    pub(crate) token: String,
    pub(crate) intents: Intents,
    /// The gateway, if it is not Discord's own.
    pub(crate) proxy: Option<SocketAddr>,
    pub(crate) info: BotConnectionInfo,
    pub(crate) http: Http,
    pub(crate) dispatcher: Arc<Dispatcher>,
}

/// All the shards of a bot, running.
pub(crate) struct Shards {
    tasks: JoinSet<Result<(), Failure>>,
    /// Ends them.
    stop: CancellationToken,
}

impl Shards {
    /// Starts as many shards as Discord recommends, which then connect one after the other.
    pub(crate) fn start(connection: &Connection) -> Self {
        let limit = &connection.info.session_start_limit;
        let queue = InMemoryQueue::new(
            limit.max_concurrency.max(1),
            limit.remaining.min(limit.total),
            Duration::from_millis(limit.reset_after),
            limit.total,
        );
        let mut config =
            ConfigBuilder::new(connection.token.clone(), connection.intents).queue(queue);
        if let Some(address) = connection.proxy {
            config = config.proxy_url(format!("ws://{address}"));
        }
        let config = config.build();
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        for id in twilight_gateway::bucket(0, 1, connection.info.shards.max(1)) {
            let socket = Socket::with_config(id, config.clone());
            let shard = Shard::new(id, Some(socket.sender()));
            let receiver = Receiver {
                socket,
                shard,
                intents: connection.intents,
                http: connection.http.clone(),
                dispatcher: Arc::clone(&connection.dispatcher),
            };
            tasks.spawn(receiver.run(stop.clone()));
        }
        Self { tasks, stop }
    }

    /// Waits until one of them cannot go on, and returns why.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost if this is dropped.
    pub(crate) async fn failed(&mut self) -> Failure {
        while let Some(ended) = self.tasks.join_next().await {
            match ended {
                Ok(Ok(())) => {}
                Ok(Err(failure)) => return failure,
                Err(panic) => return panic.into_failure(),
            }
        }
        std::future::pending().await
    }

    /// Closes the connections, and waits until they are.
    pub(crate) async fn stop(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
    }
}

/// One shard.
struct Receiver<Q> {
    socket: Socket<Q>,
    shard: Shard,
    intents: Intents,
    http: Http,
    dispatcher: Arc<Dispatcher>,
}

impl<Q: Queue + Unpin> Receiver<Q> {
    /// Receives events until it is stopped, or the connection is of no use any more.
    async fn run(mut self, stop: CancellationToken) -> Result<(), Failure> {
        loop {
            let message = tokio::select! {
                biased;
                () = stop.cancelled() => {
                    self.say_goodbye().await;
                    return Ok(());
                }
                message = self.socket.next() => message,
            };
            match message {
                Some(Ok(Message::Text(json))) => self.receive(&json)?,
                Some(Ok(Message::Close(frame))) => self.closed(frame.as_ref())?,
                // The text of twilight's error can hold the message that it could not read.
                Some(Err(error)) => {
                    tracing::warn!(shard = %self.shard.id(), "{}", trouble(error.kind()));
                }
                // After a final close, which was dealt with.
                None => return Ok(()),
            }
        }
    }

    fn receive(&self, json: &str) -> Result<(), Failure> {
        let shard = self.shard.id();
        match receive(json, self.dispatcher.wanted()) {
            Received::Event(event, sequence) => {
                self.dispatcher.dispatch(*event, self.scene(sequence));
            }
            Received::Unwanted(kind, Some(sequence)) => self.dispatcher.skip(kind, shard, sequence),
            Received::Unwanted(_, None) => {}
            Received::Malformed(error) => {
                let sequence = error.sequence().unwrap_or(0);
                self.dispatcher
                    .connection_failed(error.into_failure(), self.scene(sequence));
            }
        }
        self.refuse_plain_text()
    }

    /// The gateway says where a session is to be resumed, and the token goes there too.
    fn refuse_plain_text(&self) -> Result<(), Failure> {
        let is_safe = HAS_TLS || self.socket.resume_url().is_none_or(is_local);
        if is_safe {
            Ok(())
        } else {
            Err(InsecureTransport::no_tls().into_failure())
        }
    }

    fn closed(&self, frame: Option<&CloseFrame<'_>>) -> Result<(), Failure> {
        let (code, reason) = frame.map_or((1005, ""), |frame| (frame.code, &*frame.reason));
        tracing::debug!(shard = %self.shard.id(), code, "connection closed");
        match fatal_close(code, reason, portal_names(self.intents)) {
            Some(failure) => Err(failure),
            None => Ok(()),
        }
    }

    /// Closes the connection in a way that takes the bot offline at once.
    async fn say_goodbye(&mut self) {
        self.socket.close(CloseFrame::NORMAL);
        let closed = async {
            while let Some(Ok(message)) = self.socket.next().await {
                if message.is_close() {
                    break;
                }
            }
        };
        // The other side may have gone, or never have been there.
        drop(tokio::time::timeout(GOODBYE, closed).await);
    }

    fn scene(&self, sequence: u64) -> Scene {
        Scene::new(self.shard.clone(), sequence, self.http.clone())
    }
}

/// Says what happened to a connection.
fn trouble(kind: &ReceiveMessageErrorType) -> &'static str {
    match kind {
        ReceiveMessageErrorType::Reconnect => "could not connect, trying again",
        _ => "a message could not be received",
    }
}

/// Returns whether a websocket's address is on this machine.
fn is_local(url: &str) -> bool {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = authority.split(['/', '?']).next().unwrap_or_default();
    match (authority.parse::<SocketAddr>(), authority.parse::<IpAddr>()) {
        (Ok(address), _) => address.ip().is_loopback(),
        (_, Ok(ip)) => ip.is_loopback(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_machine_are_local() {
        for url in [
            "ws://127.0.0.1:80",
            "ws://127.0.0.1:80/?v=10",
            "ws://[::1]:9/",
            "ws://127.8.8.8",
        ] {
            assert!(is_local(url), "{url}");
        }
        for url in [
            "wss://gateway.discord.gg",
            "ws://10.0.0.1:80",
            "ws://127.0.0.1.example",
            "",
        ] {
            assert!(!is_local(url), "{url}");
        }
    }
}
