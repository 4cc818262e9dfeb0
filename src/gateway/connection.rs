//! One connection to the gateway: from connecting until it is of no use any more.
//!
//! twilight's `Shard` speaks the protocol, and would connect again by itself: at once, for ever, and with
//! a session that Discord has given up. So one is made for each connection, and dropped with it.

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use twilight_gateway::error::ReceiveMessageErrorType;
use twilight_gateway::{CloseFrame, Config, Message, Shard as Socket};
use twilight_model::gateway::{OpCode, ShardId};

use crate::context::Outbox;
use crate::event::Envelope;
use crate::gateway::budget::NotYet;
use crate::gateway::ended::Ended;
use crate::gateway::numbers::Numbers;
use crate::gateway::opening::Opening;
use crate::gateway::polled::{Polled, at_once, receive};
use crate::gateway::pulse::{Beat, Pulse};
use crate::gateway::session::{After, Kept, trusted};
use crate::gateway::turn::{Turn, Turns};
use crate::gateway::watch::{Seen, Step, Watch};
use crate::sabotage::{self, Sabotage};

/// How long the other side may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);
/// How often a gateway wants a heartbeat at most, and at least, in milliseconds. (Discord says 45
/// seconds in its examples.)
const SHORTEST_INTERVAL: u64 = 1_000;
const LONGEST_INTERVAL: u64 = 5 * 60 * 1_000;

/// One connection.
pub(crate) struct Connection {
    socket: Socket<Turns>,
    turns: Turns,
    watch: Watch,
    opening: Opening,
    pulse: Pulse,
    /// Whose turn it was last known to be.
    turn: Turn,
    has_proxy: bool,
    /// What was to be resumed.
    resumed: Option<Kept>,
    /// The numbers of what was taken in.
    pub(crate) numbers: Numbers,
    /// When it was made, and when events began to come.
    made: Instant,
    active_since: Option<Instant>,
    /// Whether the last message began a session.
    is_new: bool,
    /// How often something was asked for.
    turned: u32,
}

/// What a connection brings.
pub(crate) enum Brought {
    Text(String),
    /// A heartbeat was acknowledged within this time.
    Latency(Duration),
    /// No session may be begun for now.
    Held(NotYet),
    /// It brings nothing more.
    Ended(Ended),
}

impl Connection {
    /// Prepares to connect. With a session, that is resumed.
    pub(crate) fn new(
        id: ShardId,
        config: Config<Turns>,
        has_proxy: bool,
        resumed: Option<Kept>,
    ) -> Self {
        let turns = config.queue().clone();
        turns.reset();
        let mut config = twilight_gateway::ConfigBuilder::from(config);
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
            pulse: Pulse::default(),
            turn: Turn::Waiting,
            has_proxy,
            numbers: resumed
                .as_ref()
                .map_or_else(Numbers::default, |kept| Numbers::resume(kept.sequence)),
            resumed,
            made: Instant::now(),
            active_since: None,
            is_new: false,
            turned: 0,
        }
    }

    /// Waits for what comes next, and sends the commands that are given meanwhile.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost if this is dropped.
    pub(crate) async fn next(&mut self, outbox: &Outbox, stop: &CancellationToken) -> Brought {
        loop {
            self.turned = self.turned.wrapping_add(1);
            // To look whether it is to stop takes a lock.
            let may_stop = self.turned.is_multiple_of(32) && stop.is_cancelled();
            if self.watch.step == Step::Active && outbox.is_empty() && !may_stop {
                let at_hand = receive(&mut self.socket, &mut self.opening, &mut self.pulse);
                if let Some(received) = at_once(at_hand).await {
                    return self.sort(received);
                }
            }
            let is_waiting = self.watch.step == Step::Waiting;
            let turn = self.turns.other_than(self.turn);
            let room = room_for_commands(&self.socket, self.watch.step);
            let command = async {
                match room {
                    // A timer for no time would wake the shard again, for nothing.
                    Some(Duration::ZERO) => {}
                    Some(wait) => tokio::time::sleep(wait).await,
                    None => std::future::pending().await,
                }
                outbox.next().await
            };
            let receive = receive(&mut self.socket, &mut self.opening, &mut self.pulse);
            let received = tokio::select! {
                biased;
                () = stop.cancelled() => return Brought::Ended(Ended::Stopped),
                // Before what is received, which may never pause.
                command = command => {
                    self.socket.send(command);
                    continue;
                }
                turn = turn, if is_waiting => {
                    self.turn = turn;
                    match turn {
                        Turn::Held(not_yet) => return Brought::Held(not_yet),
                        Turn::Given => self.watch.reach(Step::Beginning),
                        Turn::Waiting => {}
                    }
                    continue;
                }
                received = receive => received,
                seen = self.watch.late() => match seen {
                    Seen::Late => {
                        tracing::warn!(step = ?self.watch.step, "Discord takes long to begin a session");
                        continue;
                    }
                    Seen::TooLate => return Brought::Ended(Ended::Late(self.watch.step)),
                },
            };
            return self.sort(received);
        }
    }

    /// Returns what there is to do about what was received.
    fn sort(&mut self, received: Polled) -> Brought {
        let ended = match received {
            Polled::Beat(Beat::Answered(latency)) => return Brought::Latency(latency),
            Polled::Beat(Beat::Unanswered) => Ended::Unanswered,
            Polled::Message(Some(Ok(Message::Text(text)))) => {
                let ended = self.read(&text);
                return ended.map_or(Brought::Text(text), Brought::Ended);
            }
            Polled::Message(Some(Ok(Message::Close(frame)))) => {
                let frame = frame.map(|frame| (frame.code, frame.reason.into_owned()));
                self.closed(frame)
            }
            Polled::Message(Some(Err(error))) => match error.kind() {
                ReceiveMessageErrorType::Reconnect => Ended::Lost("could not connect"),
                // The text of the error holds the message that could not be read.
                ReceiveMessageErrorType::Deserializing { event } => {
                    return Brought::Text(event.clone());
                }
                _ => Ended::Lost("received damaged data"),
            },
            Polled::Message(None) => self.closed(None),
        };
        Brought::Ended(ended)
    }

    /// Returns how a connection ended that was closed, or taken for dead.
    fn closed(&self, frame: Option<(u16, String)>) -> Ended {
        let is_abnormal = frame.as_ref().is_none_or(|(code, _)| *code == 1006);
        match self.pulse.stall() {
            Some(stall) if is_abnormal => Ended::Stalled(stall),
            _ => Ended::Closed(frame),
        }
    }

    /// Reads how far the connection is by what it brings, and whether that is the end of it.
    fn read(&mut self, text: &str) -> Option<Ended> {
        if self.watch.step == Step::Active && is_plain(text) {
            return None;
        }
        let envelope = Envelope::of(text)?;
        match OpCode::from(envelope.op)? {
            OpCode::Hello => {
                let Some(interval) = interval(text) else {
                    return Some(Ended::Odd("its heartbeat interval makes no sense"));
                };
                self.pulse.begin(interval);
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
            OpCode::Dispatch => match envelope.name.as_deref() {
                Some("READY") => {
                    self.numbers.begin();
                    self.is_new = true;
                    self.begin();
                }
                Some("RESUMED") => {
                    self.numbers.go_on();
                    self.begin();
                }
                _ => {}
            },
            _ => {}
        }
        None
    }

    /// Notes that events come from now on.
    fn begin(&mut self) {
        self.watch.reach(Step::Active);
        self.active_since = Some(self.watch.since());
        self.resumed = None;
        if sabotage::is(Sabotage::SendGarbage) {
            self.socket.send("garbage".to_owned());
        }
    }

    /// Returns how far it is.
    pub(crate) fn step(&self) -> Step {
        self.watch.step
    }

    /// Returns how often a heartbeat is to be sent, once the gateway has said so.
    pub(crate) fn heartbeat_interval(&self) -> Option<Duration> {
        self.pulse.interval()
    }

    /// Returns how long ago it was made.
    pub(crate) fn age(&self) -> Duration {
        self.made.elapsed()
    }

    /// Returns whether events come, or came.
    pub(crate) fn has_begun(&self) -> bool {
        self.active_since.is_some()
    }

    /// Returns the number of the last event that was taken in, if there was a session.
    pub(crate) fn last(&self) -> Option<u64> {
        let had_session = self.resumed.is_some() || self.has_begun();
        had_session.then_some(self.numbers.last())
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
                sequence: self.numbers.last(),
                ..kept.clone()
            };
            return if self.watch.step == Step::Connecting {
                // It is not the session that failed: maybe where it was to be resumed.
                Some(Kept { url: None, ..kept })
            } else {
                kept.failed()
            };
        }
        self.session()
    }

    /// Returns the session if the last message began it.
    pub(crate) fn begun(&mut self) -> Option<Kept> {
        let is_new = std::mem::take(&mut self.is_new);
        is_new.then(|| self.session()).flatten()
    }

    fn session(&self) -> Option<Kept> {
        let session = self.socket.session()?;
        Some(Kept {
            id: session.id().to_owned(),
            sequence: self.numbers.last(),
            url: self.url(),
            failures: 0,
        })
    }

    fn url(&self) -> Option<String> {
        let url = self.socket.resume_url()?;
        let trusted = trusted(url, self.has_proxy);
        if trusted.is_none() {
            tracing::warn!(
                "the gateway sent a resume URL that is not to be trusted: resuming at the usual URL"
            );
        }
        trusted
    }

    /// Closes the connection: in a way that takes the bot offline at once, or so that its session can be
    /// resumed.
    pub(crate) async fn say_goodbye(mut self, is_resumed: bool) {
        if self.watch.step == Step::Connecting {
            return;
        }
        self.socket.close(if is_resumed {
            CloseFrame::RESUME
        } else {
            CloseFrame::NORMAL
        });
        // It may be lost already, and twilight make another: that is not to be hurried.
        let mut opening = Opening::default();
        let closed = async {
            loop {
                match receive(&mut self.socket, &mut opening, &mut self.pulse).await {
                    Polled::Message(Some(Ok(message))) if !message.is_close() => {}
                    Polled::Beat(Beat::Answered(_)) => {}
                    _ => break,
                }
            }
        };
        // The other side may have gone, or never have been there.
        drop(tokio::time::timeout(GOODBYE, closed).await);
    }
}

/// Returns whether a message is an event, as Discord writes them, that tells nothing of the connection.
fn is_plain(text: &str) -> bool {
    let name = text.strip_prefix("{\"t\":\"");
    // `READY` and `RESUMED` do.
    name.is_some_and(|name| !name.starts_with("RE"))
}

/// Returns how long it takes until the gateway will take a command, if it will at all.
fn room_for_commands(socket: &Socket<Turns>, step: Step) -> Option<Duration> {
    let limit = socket.ratelimiter().filter(|_| step == Step::Active)?;
    // What was handed to twilight already has not gone if there is none.
    let is_free = limit.available() > 0;
    Some(if is_free {
        Duration::ZERO
    } else {
        limit.next_available()
    })
}

/// Returns how often a hello asks for a heartbeat, if that can be.
fn interval(hello: &str) -> Option<Duration> {
    #[derive(Deserialize)]
    struct Hello {
        heartbeat_interval: u64,
    }

    let interval = data::<Hello>(hello)?.heartbeat_interval;
    let is_sane = (SHORTEST_INTERVAL..=LONGEST_INTERVAL).contains(&interval);
    is_sane.then(|| Duration::from_millis(interval))
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
