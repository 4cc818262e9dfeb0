//! One connection to the gateway: from connecting until it is of no use any more.
//!
//! twilight's `Shard` speaks the protocol, and would connect again by itself: at once, for ever, and with
//! a session that Discord has given up. So one is made for each connection, and dropped with it.

use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::task::Poll;
use std::time::Duration;

use futures_util::{FutureExt as _, StreamExt as _};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use twilight_gateway::error::{ReceiveMessageError, ReceiveMessageErrorType};
use twilight_gateway::{CloseFrame, Config, Message, Shard as Socket};
use twilight_model::gateway::event::GatewayEventDeserializer;
use twilight_model::gateway::{OpCode, ShardId};

use crate::gateway::opening::{Opening, Pace};
use crate::gateway::session::{After, Kept, trusted};
use crate::gateway::turn::Turns;
use crate::gateway::watch::{Seen, Step, Watch};

/// How long the other side may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(2);
/// How often a gateway wants a sign of life at most, and at least, in milliseconds. (Discord says 45
/// seconds in its examples.)
const SHORTEST_INTERVAL: u64 = 1_000;
const LONGEST_INTERVAL: u64 = 5 * 60 * 1_000;

/// One connection.
pub(crate) struct Connection {
    socket: Socket<Turns>,
    turns: Turns,
    watch: Watch,
    opening: Opening,
    has_proxy: bool,
    /// What was to be resumed.
    resumed: Option<Kept>,
    /// The last event that was taken in, of a session.
    pub(crate) taken: u64,
    /// When events began to come.
    active_since: Option<Instant>,
}

/// Why a connection has ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// The bot stops.
    Stopped,
    /// The gateway closed it, with a code and a reason.
    Closed(Option<(u16, String)>),
    /// The gateway asked for another.
    Reconnect,
    /// The gateway knows the session no more, or cannot resume it now.
    Invalid { is_resumable: bool },
    /// It could not be made, or broke.
    Lost(&'static str),
    /// A step took too long.
    Late(Step),
    /// What was received made twilight panic, or would have.
    Odd(&'static str),
}

/// What a connection brings.
pub(crate) enum Brought {
    Text(String),
    /// It brings nothing more.
    Ended(Ended),
}

impl Connection {
    /// Prepares to connect. With a session, that is resumed.
    pub(crate) fn new(
        id: ShardId,
        config: &Config<Turns>,
        has_proxy: bool,
        resumed: Option<Kept>,
    ) -> Self {
        let turns = config.queue().clone();
        turns.reset();
        let mut config = twilight_gateway::ConfigBuilder::from(config.clone());
        if let Some(kept) = &resumed {
            config = config.session(kept.to_session());
            if let Some(url) = kept.url.clone() {
                config = config.resume_url(url);
            }
        }
        Self {
            socket: Socket::with_config(id, config.build()),
            turns,
            watch: Watch::new(),
            opening: Opening::default(),
            has_proxy,
            taken: resumed.as_ref().map_or(0, |kept| kept.sequence),
            resumed,
            active_since: None,
        }
    }

    /// Waits for what comes next, and sends the commands that are given meanwhile.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost if this is dropped.
    pub(crate) async fn next(
        &mut self,
        commands: &mut UnboundedReceiver<String>,
        stop: &CancellationToken,
    ) -> Brought {
        loop {
            let is_waiting = self.watch.step == Step::Waiting;
            let receive = receive(&mut self.socket, &mut self.opening);
            let received = tokio::select! {
                biased;
                () = stop.cancelled() => return Brought::Ended(Ended::Stopped),
                // Before what is received, which may never pause.
                Some(command) = commands.recv() => {
                    self.socket.send(command);
                    continue;
                }
                () = self.turns.given(), if is_waiting => {
                    self.watch.reach(Step::Beginning);
                    continue;
                }
                received = AssertUnwindSafe(receive).catch_unwind() => received,
                seen = self.watch.late() => match seen {
                    Seen::Late => {
                        tracing::warn!(step = ?self.watch.step, "Discord takes long to begin a session");
                        continue;
                    }
                    Seen::TooLate => return Brought::Ended(Ended::Late(self.watch.step)),
                },
            };
            let Ok(received) = received else {
                return Brought::Ended(Ended::Odd("twilight panicked"));
            };
            match received {
                Some(Ok(Message::Text(text))) => {
                    return self.read(&text).map_or(Brought::Text(text), Brought::Ended);
                }
                Some(Ok(Message::Close(frame))) => {
                    let frame = frame.map(|frame| (frame.code, frame.reason.into_owned()));
                    return Brought::Ended(Ended::Closed(frame));
                }
                Some(Err(error)) => match error.kind() {
                    ReceiveMessageErrorType::Reconnect => {
                        return Brought::Ended(Ended::Lost("could not connect"));
                    }
                    // The text of the error holds the message that could not be read.
                    ReceiveMessageErrorType::Deserializing { .. } => {
                        tracing::warn!("a message could not be read");
                    }
                    _ => return Brought::Ended(Ended::Lost("what was received is damaged")),
                },
                None => return Brought::Ended(Ended::Closed(None)),
            }
        }
    }

    /// Reads how far the connection is by what it brings, and whether that is the end of it.
    fn read(&mut self, text: &str) -> Option<Ended> {
        let event = GatewayEventDeserializer::from_json(text)?;
        match OpCode::from(event.op())? {
            OpCode::Hello => {
                if !is_sane(text) {
                    return Some(Ended::Odd("it wants signs of life at no sane interval"));
                }
                let step = if self.resumed.is_some() {
                    Step::Resuming
                } else {
                    Step::Waiting
                };
                self.watch.reach(step);
            }
            OpCode::Reconnect => return Some(Ended::Reconnect),
            OpCode::InvalidSession => {
                let is_resumable = data::<bool>(text).unwrap_or(false);
                return Some(Ended::Invalid { is_resumable });
            }
            OpCode::Dispatch => match event.event_type() {
                Some("READY") => self.begin(0),
                Some("RESUMED") => self.begin(self.taken),
                _ => {}
            },
            _ => {}
        }
        None
    }

    /// Notes that events come from now on.
    fn begin(&mut self, taken: u64) {
        self.taken = taken;
        self.watch.reach(Step::Active);
        self.active_since = Some(self.watch.since());
        self.resumed = None;
    }

    /// Takes an event in by its number. Returns whether it is new.
    pub(crate) fn take(&mut self, sequence: u64) -> bool {
        let is_new = sequence > self.taken;
        self.taken = self.taken.max(sequence);
        is_new
    }

    /// Returns whether events come, or came.
    pub(crate) fn has_begun(&self) -> bool {
        self.active_since.is_some()
    }

    /// Returns the number of the last event that was taken in, if there was a session.
    pub(crate) fn last(&self) -> Option<u64> {
        let had_session = self.resumed.is_some() || self.has_begun();
        had_session.then_some(self.taken)
    }

    /// Returns for how long events came.
    pub(crate) fn was_active(&self) -> Duration {
        self.active_since
            .map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// Returns what is to be resumed after the connection.
    pub(crate) fn kept(&self, ended: &Ended) -> Option<Kept> {
        let after = match ended {
            Ended::Closed(frame) => After::close(frame.as_ref().map(|(code, _)| *code)),
            Ended::Invalid {
                is_resumable: false,
            } => After::Begin,
            _ => After::Resume,
        };
        if after == After::Begin {
            return None;
        }
        if let Some(kept) = &self.resumed {
            // Events may have come before it was said that all have.
            let kept = Kept {
                sequence: self.taken,
                ..kept.clone()
            };
            return if self.watch.step == Step::Connecting {
                // It is not the session that failed: maybe where it was to be resumed.
                Some(Kept { url: None, ..kept })
            } else {
                kept.failed()
            };
        }
        let session = self.socket.session()?;
        Some(Kept {
            id: session.id().to_owned(),
            sequence: self.taken,
            url: self.url(),
            failures: 0,
        })
    }

    fn url(&self) -> Option<String> {
        let url = self.socket.resume_url()?;
        let trusted = trusted(url, self.has_proxy);
        if trusted.is_none() {
            tracing::warn!(
                "the gateway says to resume where nobody should: at its usual place, then"
            );
        }
        trusted
    }

    /// Closes the connection in a way that takes the bot offline at once.
    pub(crate) async fn say_goodbye(mut self) {
        if self.watch.step == Step::Connecting {
            return;
        }
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
}

/// Waits for what a shard hands over, or until it would connect again.
async fn receive(
    socket: &mut Socket<Turns>,
    opening: &mut Opening,
) -> Option<Result<Message, ReceiveMessageError>> {
    loop {
        let polled = poll_fn(|cx| match socket.poll_next_unpin(cx) {
            Poll::Pending => opening.look(socket.state()).map(Err),
            Poll::Ready(received) => Poll::Ready(Ok(received)),
        });
        match polled.await {
            Ok(received) => return received,
            Err(Pace::Slower(wait)) => tokio::time::sleep(wait).await,
            Err(Pace::Over) => return None,
        }
    }
}

/// Returns whether a hello asks for signs of life as often as can be.
fn is_sane(hello: &str) -> bool {
    #[derive(Deserialize)]
    struct Hello {
        heartbeat_interval: u64,
    }

    let hello = data::<Hello>(hello);
    hello.is_some_and(|hello| {
        (SHORTEST_INTERVAL..=LONGEST_INTERVAL).contains(&hello.heartbeat_interval)
    })
}

/// Reads what a message carries.
fn data<T: DeserializeOwned>(text: &str) -> Option<T> {
    #[derive(Deserialize)]
    struct Payload<T> {
        d: T,
    }

    let payload: Payload<T> = serde_json::from_str(text).ok()?;
    Some(payload.d)
}
