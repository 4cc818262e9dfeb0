//! The gateway: says hello, begins a session, and then brings the events.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use futures_util::stream::SplitStream;
use futures_util::{Sink, SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::sleep_until;
use tokio_websockets::{Error, Message, ServerBuilder, WebSocketStream};

use crate::source::bodies::{ACKNOWLEDGED, hello, ready};
use crate::source::{Pace, Shared};

type Socket = WebSocketStream<TcpStream>;

/// Accepts connections.
pub(crate) async fn serve(listener: TcpListener, address: SocketAddr, shared: &Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(shared);
        // A connection that fails is the subject's: it says what was wrong, or that events were lost.
        tokio::spawn(async move { drop(connect(stream, address, &shared).await) });
    }
}

async fn connect(stream: TcpStream, address: SocketAddr, shared: &Arc<Shared>) -> Result<()> {
    stream.set_nodelay(true)?;
    let (_, mut socket) = ServerBuilder::new().accept(stream).await?;
    socket
        .send(Message::text(hello(shared.script.interval)))
        .await?;
    let identify = identify(&mut socket, shared).await?;
    let gateway = format!("ws://{address}");
    let id = identify["d"].get("shard").cloned();
    let id = id.unwrap_or_else(|| json!([0, 1]));
    socket.send(Message::text(ready(&gateway, &id))).await?;
    shared.record().sessions += 1;

    let (writer, reader) = socket.split();
    let (answer, answers) = unbounded_channel();
    tokio::select! {
        read = read(reader, shared, &answer) => read,
        written = write(writer, shared, answers) => written,
    }
}

/// Waits until the client begins a session. There is none to be resumed.
async fn identify(socket: &mut Socket, shared: &Shared) -> Result<Value> {
    loop {
        let message = socket.next().await.context("the client went away")??;
        let Some(text) = message.as_text() else {
            bail!("the client went away");
        };
        let command: Value = serde_json::from_str(text)?;
        match command["op"].as_u64() {
            Some(1) => {
                shared.record().beats.push(Instant::now());
                socket.send(Message::text(ACKNOWLEDGED)).await?;
            }
            Some(2) => return Ok(command),
            Some(6) => {
                let invalid = json!({ "t": null, "s": null, "op": 9, "d": false });
                socket.send(Message::text(invalid.to_string())).await?;
            }
            _ => {}
        }
    }
}

/// Takes heartbeats.
async fn read(
    mut reader: SplitStream<Socket>,
    shared: &Shared,
    answer: &UnboundedSender<&'static str>,
) -> Result<()> {
    while let Some(message) = reader.next().await {
        let message = message?;
        let Some(text) = message.as_text() else {
            continue;
        };
        let command: Value = serde_json::from_str(text)?;
        if command["op"] == json!(1) {
            shared.record().beats.push(Instant::now());
            answer.send(ACKNOWLEDGED)?;
        }
    }
    Ok(())
}

/// Sends events, and what acknowledges heartbeats. Then nothing more happens.
async fn write(
    mut writer: impl Sink<Message, Error = Error> + Unpin,
    shared: &Arc<Shared>,
    mut answers: UnboundedReceiver<&'static str>,
) -> Result<()> {
    let script = &shared.script;
    let begin = tokio::time::Instant::now() + script.calm;
    let (mut index, mut next, mut is_calm) = (0, begin, true);
    loop {
        let is_over = index == script.events;
        tokio::select! {
            biased;
            Some(answer) = answers.recv() => writer.send(Message::text(answer)).await?,
            () = sleep_until(begin), if is_calm => is_calm = false,
            () = room(shared, next), if !is_calm && !is_over => {
                let body = script.mix.body(index, &shared.bodies);
                // `READY` was the first.
                let message = Message::text(body.write(index + 2));
                index += 1;
                match script.pace {
                    // What is not full waits for what follows.
                    Pace::Flood if index < script.events => writer.feed(message).await?,
                    _ => writer.send(message).await?,
                }
                if let Pace::PerSecond(rate) = script.pace {
                    next = begin + Duration::from_secs(index) / rate;
                }
            }
        }
    }
}

/// Waits until the next event may be sent.
async fn room(shared: &Shared, next: tokio::time::Instant) {
    match shared.script.pace {
        Pace::Flood => {}
        Pace::PerSecond(_) => sleep_until(next).await,
        Pace::Unanswered(_) => match shared.room.acquire().await {
            Ok(permit) => permit.forget(),
            Err(_) => std::future::pending().await,
        },
    }
}
