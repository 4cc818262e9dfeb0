//! One connection: its messages, and the faults that strike it.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::Instant;
use tokio_websockets::{CloseCode, Message, ServerBuilder, WebSocketStream};

use crate::testing::discord::{Discord, State};
use crate::testing::gateway::compression::Packer;
use crate::testing::gateway::event::Written;
use crate::testing::gateway::fault::{Accept, Instead};
use crate::testing::gateway::record::{ConnectionEnd, Received};
use crate::testing::sessions::{Dispatch, Outgoing};

/// How often a client is to send a heartbeat, in milliseconds.
const HEARTBEAT_INTERVAL: u64 = 41_250;
/// The largest message of a client, in bytes. (Discord: Gateway, Sending Events.)
const MAX_PAYLOAD: usize = 4_096;
/// The most messages of a client in a minute. (Discord: Gateway, Rate Limiting.)
const MAX_SENDS: usize = 120;
const MINUTE: Duration = Duration::from_secs(60);

/// Serves one connection.
pub(crate) async fn connect(stream: TcpStream, discord: Arc<Discord>) {
    let (sender, receiver) = unbounded_channel();
    let log = Log::new(discord, sender.clone());
    let Ok(stream) = accept(stream, &log).await else {
        return;
    };
    let Ok((request, socket)) = ServerBuilder::new().accept(stream).await else {
        return log.end(ConnectionEnd::LostByClient);
    };
    let address = request.uri().to_string();
    let packer = Packer::asked_for(&address);
    log.asked_for(address);
    let connection = Connection {
        socket,
        packer,
        discord: Arc::clone(&log.discord),
        log,
        sender,
        session: None,
        sends: VecDeque::new(),
    };
    connection.run(receiver).await;
}

/// Returns a connection, unless a fault strikes before it is a websocket.
async fn accept(mut stream: TcpStream, log: &Log) -> Result<TcpStream, ()> {
    let struck = log.discord.with(|state| {
        let struck = state.gateway.faults.on_accept();
        if struck.is_some() {
            state.gateway.keep_away();
        }
        struck
    });
    let Some(accept) = struck else {
        return Ok(stream);
    };
    if let Accept::HangUp = accept {
        log.end(ConnectionEnd::Dropped);
        return Err(());
    }
    if let Accept::Refuse(status) = accept {
        // The request is read first: what is unread would break the connection before the answer.
        drop(stream.read(&mut [0; MAX_PAYLOAD]).await);
        let head = format!("HTTP/1.1 {status} Simulated\r\ncontent-length: 0\r\n\r\n");
        drop(stream.write_all(head.as_bytes()).await);
        log.end(ConnectionEnd::Dropped);
        return Err(());
    }
    until_gone(&mut stream).await;
    log.end(ConnectionEnd::LostByClient);
    Err(())
}

/// Waits until the client goes away, whatever it sends.
async fn until_gone(stream: &mut TcpStream) {
    let mut buffer = [0; MAX_PAYLOAD];
    while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
}

/// Writes the record of a connection.
pub(crate) struct Log {
    discord: Arc<Discord>,
    number: usize,
}

impl Log {
    fn new(discord: Arc<Discord>, sender: UnboundedSender<Outgoing>) -> Self {
        let number = discord.with(|state| {
            let at = state.world.elapsed();
            state.gateway.accept(at, sender)
        });
        Self { discord, number }
    }

    fn asked_for(&self, path: String) {
        self.discord
            .with(|state| state.gateway.records[self.number].path = Some(path));
    }

    fn received(&self, received: Received) {
        self.discord.change_quietly(|state| {
            let at = state.world.elapsed();
            let record = &mut state.gateway.records[self.number];
            record.received.push((at, received));
        });
    }

    fn sent(&self, state: &mut State, session: Option<&str>, sequence: u64) {
        let at = state.world.elapsed();
        let ledger = &mut state.gateway.sent;
        ledger.write(at, session.unwrap_or_default(), sequence, self.number);
    }

    fn end(&self, end: ConnectionEnd) {
        self.discord.with(|state| {
            let at = state.world.elapsed();
            state.gateway.records[self.number].ended = Some((at, end));
            state.gateway.close(self.number);
        });
    }
}

/// One connection.
pub(crate) struct Connection {
    socket: WebSocketStream<TcpStream>,
    /// Compresses what is written, if the client wants that.
    packer: Option<Packer>,
    pub(crate) discord: Arc<Discord>,
    log: Log,
    /// Sends to this connection, for the session.
    pub(crate) sender: UnboundedSender<Outgoing>,
    /// The session's id, once there is one.
    pub(crate) session: Option<String>,
    /// The times of the client's messages in the last minute.
    sends: VecDeque<Instant>,
}

/// How a connection ends.
pub(crate) enum Last {
    /// It is closed with a code, or with none.
    Close(Option<u16>),
    /// It breaks without a close frame.
    Drop,
    /// Nothing more is sent or read.
    Silence,
    /// The client has closed it.
    Closed(Option<u16>),
    /// The client has gone.
    Lost,
}

/// What becomes of a connection after a message.
pub(crate) type Next = ControlFlow<Last>;

impl Connection {
    async fn run(mut self, mut outgoing: UnboundedReceiver<Outgoing>) {
        let ControlFlow::Break(last) = self.serve(&mut outgoing).await;
        match last {
            Last::Closed(code) => self.closed(code).await,
            Last::Close(code) => self.close(code).await,
            Last::Silence => self.fall_silent().await,
            Last::Drop => self.end(ConnectionEnd::Dropped),
            Last::Lost => self.end(ConnectionEnd::LostByClient),
        }
    }

    async fn serve(
        &mut self,
        outgoing: &mut UnboundedReceiver<Outgoing>,
    ) -> ControlFlow<Last, Infallible> {
        self.greet().await?;
        loop {
            tokio::select! {
                message = self.socket.next() => match message {
                    Some(Ok(message)) => self.receive(&message).await?,
                    _ => ControlFlow::Break(Last::Lost)?,
                },
                Some(outgoing) = outgoing.recv() => self.send(outgoing).await?,
            }
        }
    }

    async fn greet(&mut self) -> Next {
        let struck = self.struck(|state| state.gateway.faults.on_hello());
        if let Some(instead) = struck {
            return match instead {
                Instead::Silence => Next::Continue(()),
                instead => self.misbehave(instead).await,
            };
        }
        let hello = json!({ "op": 10, "d": { "heartbeat_interval": HEARTBEAT_INTERVAL } });
        self.write(hello.to_string()).await
    }

    async fn send(&mut self, outgoing: Outgoing) -> Next {
        match outgoing {
            Outgoing::Text(text) => self.write(text).await,
            Outgoing::Event(event) => self.dispatch(&event).await,
            Outgoing::Close(code) => Next::Break(Last::Close(Some(code))),
            Outgoing::Drop => Next::Break(Last::Drop),
            Outgoing::Silence => Next::Break(Last::Silence),
        }
    }

    async fn dispatch(&mut self, event: &Arc<Dispatch>) -> Next {
        let id = self.session.as_deref();
        let written = self.discord.with(|state| {
            let fault = state.gateway.faults.on_event(&event.name);
            let written = fault.map(|fault| fault.write(event, self.packer.as_mut()));
            if written.as_ref().is_none_or(Written::is_any) {
                self.log.sent(state, id, event.sequence);
            }
            if written.as_ref().is_some_and(|written| !written.is_true) {
                state.lose(id, event.sequence);
            }
            written
        });
        let Some(Written { bytes, is_last, .. }) = written else {
            return self.write(event.text()).await;
        };
        let is_sent = self.socket.get_mut().write_all(&bytes).await.is_ok();
        match (is_sent, is_last) {
            (false, _) => Next::Break(Last::Lost),
            (true, true) => Next::Break(Last::Drop),
            (true, false) => Next::Continue(()),
        }
    }

    async fn receive(&mut self, message: &Message) -> Next {
        let payload = self.note(message);
        if message.is_close() {
            return Next::Break(Last::Closed(code_of(message)));
        }
        if message.is_ping() || message.is_pong() {
            return Next::Continue(());
        }
        if self.sends_too_much() {
            return Next::Break(Last::Close(Some(4008)));
        }
        let Some(payload) = payload else {
            return Next::Break(Last::Close(Some(4002)));
        };
        let code = match payload["op"].as_u64() {
            Some(1) => return self.acknowledge().await,
            Some(2) if self.session.is_none() => return self.identify(&payload["d"]).await,
            Some(6) if self.session.is_none() => return self.resume(&payload["d"]).await,
            Some(8) if self.session.is_some() => return self.ask_members(&payload["d"]).await,
            Some(4) if self.session.is_some() => return self.move_voice(&payload["d"]).await,
            Some(3) if self.session.is_some() => return self.nod().await,
            Some(2 | 6) => 4005,
            Some(3 | 4 | 8) => 4003,
            _ => 4001,
        };
        Next::Break(Last::Close(Some(code)))
    }

    /// Records a received message, and returns its JSON.
    fn note(&self, message: &Message) -> Option<Value> {
        let bytes = message.as_payload().len();
        if message.is_close() {
            self.log.received(Received::Close(code_of(message)));
            return None;
        }
        let text = message.as_text().filter(|_| bytes <= MAX_PAYLOAD);
        let payload = text.and_then(|text| serde_json::from_str::<Value>(text).ok());
        let received = payload
            .as_ref()
            .map_or(Received::Unreadable(bytes), |payload| {
                Received::new(payload, bytes)
            });
        self.log.received(received);
        payload
    }

    fn sends_too_much(&mut self) -> bool {
        let now = Instant::now();
        self.sends.retain(|at| now - *at < MINUTE);
        self.sends.push_back(now);
        self.sends.len() > MAX_SENDS
    }

    async fn acknowledge(&mut self) -> Next {
        let is_ignored = self
            .discord
            .change_quietly(|state| state.gateway.faults.on_heartbeat());
        if is_ignored {
            return self.nod().await;
        }
        self.write(json!({ "op": 11 }).to_string()).await
    }

    /// Sends members of the guild.
    async fn ask_members(&mut self, asked: &Value) -> Next {
        let id = self.session.as_deref();
        self.discord.with(|state| state.ask_members(id, asked));
        self.nod().await
    }

    /// Lets the bot join a voice channel, or leave one.
    async fn move_voice(&mut self, wanted: &Value) -> Next {
        let id = self.session.as_deref();
        self.discord.with(|state| state.move_voice(id, wanted));
        self.nod().await
    }

    /// Does what a fault says instead of answering.
    pub(crate) async fn misbehave(&mut self, instead: Instead) -> Next {
        match instead {
            Instead::Silence => self.nod().await,
            Instead::Say(text) => self.write(text).await,
            Instead::Invalid(is_resumable) => self.invalid(is_resumable).await,
            Instead::Close(code) => Next::Break(Last::Close(code)),
            Instead::Drop => Next::Break(Last::Drop),
        }
    }

    /// Says that there is no such session, or none to be begun now.
    pub(crate) async fn invalid(&mut self, is_resumable: bool) -> Next {
        let invalid = json!({ "op": 9, "d": is_resumable });
        self.write(invalid.to_string()).await
    }

    /// Confirms to the client's system that a message without an answer has arrived, by a frame that
    /// clients ignore. Otherwise it would hold back the next message, and virtual time does not wait for
    /// that.
    async fn nod(&mut self) -> Next {
        self.put(Message::pong("")).await
    }

    pub(crate) async fn write(&mut self, text: String) -> Next {
        let message = match &mut self.packer {
            Some(packer) => Message::binary(packer.pack(text.as_bytes())),
            None => Message::text(text),
        };
        self.put(message).await
    }

    async fn put(&mut self, message: Message) -> Next {
        match self.socket.send(message).await {
            Ok(()) => Next::Continue(()),
            Err(_) => Next::Break(Last::Lost),
        }
    }
}

/// The end of a connection.
impl Connection {
    /// Answers a close frame. The codes 1000 and 1001 end the session, too.
    async fn closed(mut self, code: Option<u16>) {
        let is_unanswered = self.discord.with(|state| {
            match (code, self.session.as_deref()) {
                (Some(1000 | 1001), Some(id)) => state.end_sessions(|session| session.id == id),
                _ => state.disconnect(self.session.as_deref(), &self.sender),
            }
            state.gateway.faults.on_goodbye()
        });
        if is_unanswered {
            until_gone(self.socket.get_mut()).await;
            return self.end(ConnectionEnd::LostByClient);
        }
        self.end(ConnectionEnd::ClosedByClient(code));
        // The client may have gone without waiting for an answer.
        drop(self.socket.close().await);
    }

    async fn close(mut self, code: Option<u16>) {
        self.end(ConnectionEnd::Closed(code));
        let code = code.and_then(|code| CloseCode::try_from(code).ok());
        if self.socket.send(Message::close(code, "")).await.is_ok() {
            // Until the client has answered, or gone.
            while let Some(Ok(_)) = self.socket.next().await {}
        }
    }

    /// Sends nothing more, and records what arrives until the client has gone.
    async fn fall_silent(mut self) {
        self.discord.with(|state| {
            state.disconnect(self.session.as_deref(), &self.sender);
            state.gateway.keep_away();
        });
        while let Some(Ok(message)) = self.socket.next().await {
            self.note(&message);
            if message.is_close() {
                // Reading on as a websocket would answer the client.
                until_gone(self.socket.get_mut()).await;
                break;
            }
        }
        self.end(ConnectionEnd::LostByClient);
    }

    fn end(&self, end: ConnectionEnd) {
        self.discord
            .with(|state| state.disconnect(self.session.as_deref(), &self.sender));
        self.log.end(end);
    }
}

fn code_of(message: &Message) -> Option<u16> {
    message
        .as_close()
        .map(|(code, _)| code.into())
        .filter(|code| *code != 1005)
}
