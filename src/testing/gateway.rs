//! The gateway: one websocket for each shard of the bot.

use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_websockets::{CloseCode, Message, ServerBuilder, WebSocketStream};
use twilight_model::gateway::{Intents, ShardId};

use crate::testing::discord::Discord;
use crate::testing::intents::privileged;
use crate::testing::sessions::{Outgoing, Session};

/// How often a client is to give a sign of life, in milliseconds.
const HEARTBEAT_INTERVAL: u64 = 41_250;
/// The most that a client may send at once, in bytes. (Discord: Gateway, Sending Events.)
const MAX_PAYLOAD: usize = 4_096;

/// Serves one connection.
pub(crate) async fn connect(stream: TcpStream, discord: Arc<Discord>) {
    let Ok((_, socket)) = ServerBuilder::new().accept(stream).await else {
        return;
    };
    let (sender, receiver) = unbounded_channel();
    let connection = Connection {
        socket,
        discord,
        sender,
        session: None,
    };
    connection.run(receiver).await;
}

/// One connection.
struct Connection {
    socket: WebSocketStream<TcpStream>,
    discord: Arc<Discord>,
    /// Leads back here, for the session.
    sender: UnboundedSender<Outgoing>,
    /// The session's id, once there is one.
    session: Option<String>,
}

/// What becomes of a connection after a message.
enum Next {
    Go,
    Close(u16),
}

impl Connection {
    async fn run(mut self, mut outgoing: UnboundedReceiver<Outgoing>) {
        let hello = json!({ "op": 10, "d": { "heartbeat_interval": HEARTBEAT_INTERVAL } });
        if self.write(&hello).await.is_err() {
            return;
        }
        loop {
            let next = tokio::select! {
                message = self.socket.next() => match message {
                    Some(Ok(message)) if message.is_close() => return self.closed(&message).await,
                    Some(Ok(message)) => self.receive(&message).await,
                    _ => return self.lost(),
                },
                Some(outgoing) = outgoing.recv() => match outgoing {
                    Outgoing::Text(text) => {
                        if self.socket.send(Message::text(text)).await.is_err() {
                            return self.lost();
                        }
                        Next::Go
                    }
                    Outgoing::Close(code) => Next::Close(code),
                    Outgoing::Drop => return self.lost(),
                },
            };
            if let Next::Close(code) = next {
                return self.close(code).await;
            }
        }
    }

    async fn receive(&mut self, message: &Message) -> Next {
        if message.as_payload().len() > MAX_PAYLOAD {
            return Next::Close(4002);
        }
        let Some(text) = message.as_text() else {
            return Next::Go;
        };
        let Ok(payload) = serde_json::from_str::<Value>(text) else {
            return Next::Close(4002);
        };
        match payload["op"].as_u64() {
            Some(1) => self.acknowledge().await,
            Some(2) if self.session.is_some() => Next::Close(4005),
            Some(2) => self.identify(&payload["d"]),
            Some(6) => self.resume(&payload["d"]).await,
            Some(3 | 4 | 8) if self.session.is_some() => Next::Go,
            Some(3 | 4 | 8) => Next::Close(4003),
            _ => Next::Close(4001),
        }
    }

    async fn acknowledge(&mut self) -> Next {
        match self.write(&json!({ "op": 11 })).await {
            Ok(()) => Next::Go,
            Err(_) => Next::Close(1006),
        }
    }

    fn identify(&mut self, data: &Value) -> Next {
        let shard = shard_of(data);
        let bits = data["intents"].as_u64();
        let (Some(shard), Some(bits)) = (shard, bits) else {
            return Next::Close(4002);
        };
        let Some(intents) = Intents::from_bits(bits) else {
            return Next::Close(4013);
        };
        let sender = self.sender.clone();
        let begun = self.discord.with(|state| {
            if !is_token(data, &state.rules.token) {
                return Err(4004);
            }
            if shard.total() != state.rules.shards {
                return Err(4010);
            }
            if state.rules.refuses_privileged && !privileged(intents).is_empty() {
                return Err(4014);
            }
            let id = format!("session-{}", state.world.next_id());
            state.begin(Session::new(id.clone(), shard, intents, sender));
            Ok(id)
        });
        match begun {
            Ok(id) => {
                self.session = Some(id);
                Next::Go
            }
            Err(code) => Next::Close(code),
        }
    }

    async fn resume(&mut self, data: &Value) -> Next {
        let after = data["seq"].as_u64().unwrap_or(0);
        let id = data["session_id"].as_str().unwrap_or_default().to_owned();
        let sender = self.sender.clone();
        let resumed = self.discord.with(|state| {
            if !is_token(data, &state.rules.token) {
                return Err(4004);
            }
            let known = state.sessions.iter_mut().find(|session| session.id == id);
            let Some(session) = known else {
                return Ok(false);
            };
            if after > session.sequence() {
                return Err(4007);
            }
            session.replay(after, sender);
            let (shard, sequence) = (session.shard, session.send("RESUMED", "{}"));
            state.sent(shard, sequence, "RESUMED");
            Ok(true)
        });
        match resumed {
            Ok(true) => {
                self.session = Some(id);
                Next::Go
            }
            // No such session: the client has to start a new one.
            Ok(false) => match self.write(&json!({ "op": 9, "d": false })).await {
                Ok(()) => Next::Go,
                Err(_) => Next::Close(1006),
            },
            Err(code) => Next::Close(code),
        }
    }

    /// Answers a close frame. One with 1000 or 1001 ends the session too.
    async fn closed(mut self, message: &Message) {
        let code = message.as_close().map(|(code, _)| u16::from(code));
        self.discord.with(|state| match code {
            Some(1000 | 1001) => {
                let id = self.session.as_deref();
                state.end_sessions(|session| Some(session.id.as_str()) == id);
            }
            _ => disconnect(&mut state.sessions, self.session.as_deref()),
        });
        // The client may have gone without waiting for an answer.
        drop(self.socket.close().await);
    }

    async fn close(mut self, code: u16) {
        self.discord
            .with(|state| disconnect(&mut state.sessions, self.session.as_deref()));
        let code = CloseCode::try_from(code).ok();
        if self.socket.send(Message::close(code, "")).await.is_ok() {
            // Until the client has answered, or gone.
            while let Some(Ok(_)) = self.socket.next().await {}
        }
    }

    fn lost(self) {
        self.discord
            .with(|state| disconnect(&mut state.sessions, self.session.as_deref()));
    }

    async fn write(&mut self, payload: &Value) -> Result<(), tokio_websockets::Error> {
        self.socket.send(Message::text(payload.to_string())).await
    }
}

/// Notes that a session has no connection. It may be resumed.
fn disconnect(sessions: &mut [Session], id: Option<&str>) {
    let own = sessions
        .iter_mut()
        .filter(|session| Some(session.id.as_str()) == id);
    for session in own {
        session.connection = None;
    }
}

fn shard_of(data: &Value) -> Option<ShardId> {
    let Some(shard) = data["shard"].as_array() else {
        return Some(ShardId::ONE);
    };
    let number = u32::try_from(shard.first()?.as_u64()?).ok()?;
    let total = u32::try_from(shard.get(1)?.as_u64()?).ok()?;
    ShardId::new_checked(number, total)
}

fn is_token(data: &Value, token: &str) -> bool {
    let given = data["token"].as_str().unwrap_or_default();
    given.strip_prefix("Bot ").unwrap_or(given) == token
}
