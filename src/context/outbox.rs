//! Commands that handlers have sent through a shard and that have not gone out yet.
//!
//! Discord closes a connection that sends more than 120 commands in a minute, so they wait here until there
//! is room, or until there is a connection. Of presences only the last counts, and they also wait for each
//! other: Discord takes few of them.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};
use twilight_model::gateway::OpCode;
use twilight_model::gateway::event::GatewayEventDeserializer;
use twilight_model::gateway::payload::outgoing::UpdatePresence;
use twilight_model::gateway::payload::outgoing::update_presence::UpdatePresencePayload;

use crate::context::NotSent;

/// The most commands that may wait: as many as Discord takes in some four minutes.
const MOST_WAITING: usize = 500;
/// How many presences Discord takes in what time. (Discord: Gateway Events, Activity Object: five in 20
/// seconds.)
const MOST_PRESENCES: usize = 5;
const OF_PRESENCES: Duration = Duration::from_secs(20);

/// Commands that have been sent and have not gone out.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    waiting: Mutex<Waiting>,
    /// Notified when there is something to send.
    added: Notify,
    /// Whether there may be something to send, for callers that ask often.
    has_any: AtomicBool,
}

#[derive(Default)]
struct Waiting {
    /// The presence that is to be sent.
    presence: Option<String>,
    /// Each with its number.
    commands: VecDeque<(u64, String)>,
    /// The number of the last command.
    last: u64,
    /// The last presence, with which each new session begins.
    lasting: Option<String>,
    /// When the last presences were sent, as many as Discord takes at once.
    shown: VecDeque<Instant>,
    is_closed: bool,
}

impl Outbox {
    /// Takes a command. Returns its number, by which it is known while it waits.
    pub(crate) fn put(&self, json: String) -> Result<u64, NotSent> {
        let mut waiting = self.lock();
        if waiting.is_closed {
            return Err(NotSent::Closed);
        }
        if is_presence(&json) {
            waiting.lasting = Some(json.clone());
            waiting.presence = Some(json);
        } else if waiting.commands.len() < MOST_WAITING {
            waiting.last += 1;
            let command = (waiting.last, json);
            waiting.commands.push_back(command);
        } else {
            return Err(NotSent::TooMany {
                waiting: waiting.commands.len(),
            });
        }
        self.has_any.store(true, Ordering::Release);
        self.added.notify_one();
        Ok(waiting.last)
    }

    /// Returns whether a command waits still.
    pub(crate) fn holds(&self, number: u64) -> bool {
        let waiting = self.lock();
        waiting.commands.iter().any(|(other, _)| *other == number)
    }

    /// Takes a command back, if it waits still.
    pub(crate) fn withdraw(&self, number: u64) {
        let mut waiting = self.lock();
        waiting.commands.retain(|(other, _)| *other != number);
    }

    /// Waits for a command that may go.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost if this is dropped.
    pub(crate) async fn next(&self) -> String {
        loop {
            let added = self.added.notified();
            match self.take() {
                Taken::Command(command) => return command,
                Taken::NotBefore(time) => tokio::select! {
                    () = added => {}
                    () = sleep_until(time) => {}
                },
                Taken::Nothing => added.await,
            }
        }
    }

    /// Returns whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        !self.has_any.load(Ordering::Acquire)
    }

    fn take(&self) -> Taken {
        let mut waiting = self.lock();
        let taken = waiting.take(Instant::now());
        if let Taken::Nothing = taken {
            self.has_any.store(false, Ordering::Release);
        }
        taken
    }

    /// Closes the outbox, which then takes no more commands.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
    }

    /// Returns the presence with which a new session begins, and which then need not be sent again.
    pub(crate) fn lasting_presence(&self) -> Option<UpdatePresencePayload> {
        let mut waiting = self.lock();
        waiting.presence = None;
        let update = serde_json::from_str::<UpdatePresence>(waiting.lasting.as_deref()?);
        update.ok().map(|update| update.d)
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What there is to send.
enum Taken {
    Command(String),
    /// A presence, once Discord takes another.
    NotBefore(Instant),
    Nothing,
}

impl Waiting {
    fn take(&mut self, now: Instant) -> Taken {
        let free = match self.shown.front() {
            Some(first) if self.shown.len() >= MOST_PRESENCES => *first + OF_PRESENCES,
            _ => now,
        };
        if free <= now
            && let Some(presence) = self.presence.take()
        {
            if self.shown.len() >= MOST_PRESENCES {
                self.shown.pop_front();
            }
            self.shown.push_back(now);
            return Taken::Command(presence);
        }
        match self.commands.pop_front() {
            Some((_, command)) => Taken::Command(command),
            None if self.presence.is_some() => Taken::NotBefore(free),
            None => Taken::Nothing,
        }
    }
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // How much, and not what: it is the author's.
        f.debug_struct("Waiting")
            .field("commands", &self.commands.len())
            .field("is_closed", &self.is_closed)
            .finish_non_exhaustive()
    }
}

fn is_presence(json: &str) -> bool {
    let command = GatewayEventDeserializer::from_json(json);
    let op = command.and_then(|command| OpCode::from(command.op()));
    op == Some(OpCode::PresenceUpdate)
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn presence(status: &str) -> String {
        format!(
            r#"{{"op":3,"d":{{"since":null,"activities":[],"status":"{status}","afk":false}}}}"#
        )
    }

    #[test]
    fn of_presences_only_the_last_is_sent() {
        let outbox = Outbox::default();
        outbox.put(presence("idle")).unwrap();
        outbox.put(r#"{"op":8,"d":{}}"#.to_owned()).unwrap();
        outbox.put(presence("dnd")).unwrap();

        assert_eq!(outbox.next().now_or_never(), Some(presence("dnd")));
        assert!(outbox.next().now_or_never().unwrap().contains(r#""op":8"#));
        assert_eq!(outbox.next().now_or_never(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_presences_are_sent_than_discord_takes() {
        let outbox = Outbox::default();
        let started = Instant::now();
        let mut sent = Vec::new();
        for count in 0..11 {
            outbox.put(presence("idle")).unwrap();
            outbox.put(r#"{"op":8,"d":{}}"#.to_owned()).unwrap();
            while !outbox.next().await.contains("idle") {}
            sent.push((count, started.elapsed().as_secs()));
        }

        let at: Vec<_> = sent.iter().map(|(_, at)| *at).collect();
        assert_eq!(at, [0, 0, 0, 0, 0, 20, 20, 20, 20, 20, 40]);
    }

    #[tokio::test(start_paused = true)]
    async fn commands_do_not_wait_for_a_presence_that_waits() {
        let outbox = Outbox::default();
        for _ in 0..MOST_PRESENCES {
            outbox.put(presence("idle")).unwrap();
            outbox.next().await;
        }
        outbox.put(presence("dnd")).unwrap();
        outbox.put(r#"{"op":8,"d":{}}"#.to_owned()).unwrap();

        assert!(outbox.next().await.contains(r#""op":8"#));
        assert_eq!(outbox.next().now_or_never(), None);
        assert!(!outbox.is_empty(), "it is not forgotten");
        outbox.put(presence("online")).unwrap();
        assert_eq!(outbox.next().await, presence("online"));
    }

    #[test]
    fn a_command_is_taken_back_as_long_as_it_waits() {
        let outbox = Outbox::default();
        let command = |nonce| format!(r#"{{"op":8,"d":{{"nonce":{nonce}}}}}"#);
        let [first, second, third] = [1, 2, 3].map(|nonce| outbox.put(command(nonce)).unwrap());

        assert_eq!(outbox.next().now_or_never(), Some(command(1)));
        outbox.withdraw(second);

        let held = [first, second, third].map(|number| outbox.holds(number));
        assert_eq!(held, [false, false, true]);
        assert_eq!(outbox.next().now_or_never(), Some(command(3)));
        assert_eq!(outbox.next().now_or_never(), None);
    }

    #[test]
    fn a_new_session_begins_with_the_last_presence() {
        let outbox = Outbox::default();
        assert!(outbox.lasting_presence().is_none());
        outbox.put(presence("dnd")).unwrap();

        let begun_with = outbox.lasting_presence().unwrap();

        assert_eq!(
            begun_with.status,
            twilight_model::gateway::presence::Status::DoNotDisturb
        );
        assert_eq!(outbox.next().now_or_never(), None, "it need not be sent");
    }

    #[test]
    fn no_more_wait_than_there_is_room_for() {
        let outbox = Outbox::default();
        for _ in 0..MOST_WAITING {
            outbox.put(r#"{"op":8,"d":{}}"#.to_owned()).unwrap();
        }

        let refused = outbox.put(r#"{"op":8,"d":{}}"#.to_owned());
        assert_eq!(
            refused,
            Err(NotSent::TooMany {
                waiting: MOST_WAITING
            })
        );
        assert!(outbox.put(presence("idle")).is_ok());
        outbox.close();
        assert_eq!(outbox.put(presence("idle")), Err(NotSent::Closed));
    }
}
