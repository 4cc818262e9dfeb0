//! The record of all events that the gateway had to send, and what became of each.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use twilight_model::gateway::ShardId;

use crate::testing::simulator::Simulator;

/// An event that the gateway had for a session, and what became of it.
///
/// All times are since the simulator started, by tokio's clock. The data of the event is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentRecord {
    at: Duration,
    session: Arc<str>,
    shard: ShardId,
    sequence: u64,
    event: String,
    written: Vec<(Duration, usize)>,
    taken: Option<Duration>,
    /// How often the bot handed it to handlers.
    handed: usize,
    invocations: usize,
    ended: usize,
    is_shed: bool,
    is_lost: bool,
}

impl SentRecord {
    /// Returns when it happened.
    #[must_use]
    pub fn at(&self) -> Duration {
        self.at
    }

    /// Returns the id of its session.
    #[must_use]
    pub fn session(&self) -> &str {
        &self.session
    }

    /// Returns the shard of its session.
    #[must_use]
    pub fn shard(&self) -> ShardId {
        self.shard
    }

    /// Returns its sequence number in the session.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Returns its name, such as `MESSAGE_CREATE`.
    #[must_use]
    pub fn event(&self) -> &str {
        &self.event
    }

    /// Returns when it was written, whole or in part, and over which of the
    /// [connections](Simulator::connections), by index.
    ///
    /// An event that is sent again on resume is written again.
    #[must_use]
    pub fn written(&self) -> &[(Duration, usize)] {
        &self.written
    }

    /// Returns when the bot took it in, if it has, whether or not a handler wanted it.
    #[must_use]
    pub fn taken_at(&self) -> Option<Duration> {
        self.taken
    }

    /// Returns how many invocations it led to.
    ///
    /// An event that cannot be read, or a lost session, counts as one, because it is reported.
    #[must_use]
    pub fn invocations(&self) -> usize {
        self.invocations
    }

    /// Returns how many of the invocations have ended.
    #[must_use]
    pub fn ended(&self) -> usize {
        self.ended
    }

    /// Returns whether the bot shed it, so that its invocations never started.
    #[must_use]
    pub fn is_shed(&self) -> bool {
        self.is_shed
    }

    /// Returns whether it was lost on the way.
    ///
    /// The bot did not take it in, and no client could be expected to: its session ended before, or a
    /// [fault](crate::testing::GatewayFault) kept it from being sent as it is.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.is_lost && self.taken.is_none()
    }

    /// Returns what the bot did wrong with it, once the bot has settled.
    fn mistake(&self) -> Option<&'static str> {
        if self.handed > 1 {
            return Some("was handed to handlers more than once");
        }
        if self.taken.is_none() && !self.is_lost {
            return Some("was not taken in");
        }
        (!self.is_shed && self.ended != self.invocations)
            .then_some("has handlers that have not ended exactly once")
    }
}

impl fmt::Display for SentRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            at,
            session,
            sequence,
            event,
            ..
        } = self;
        write!(f, "{at:?} {event} ({session} #{sequence}), written")?;
        for (at, connection) in &self.written {
            write!(f, " {at:?} over {connection},")?;
        }
        match self.taken {
            Some(taken) => write!(f, " taken in {taken:?}")?,
            None => f.write_str(" not taken in")?,
        }
        let (invocations, ended) = (self.invocations, self.ended);
        write!(f, ", {ended} of {invocations} invocations ended")
    }
}

/// The events that were sent, and what became of them.
impl Simulator {
    /// Returns every event that the gateway had for the bot so far, in order.
    ///
    /// The [connections](Self::connections) have what the bot sent, and the
    /// [transcript](Self::transcript) has what it did; together with these events, that is all that
    /// happened.
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    /// use cordial::testing::{GatewayFault, Simulator};
    ///
    /// #[listener]
    /// async fn welcome(_: &Context, _: &MemberAdd) {}
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let sim = Simulator::start(Bot::builder().add(handlers![welcome])).await;
    /// sim.misbehave(GatewayFault::cut_event(20));
    ///
    /// sim.join("alice").await;
    ///
    /// let sent = sim.sent();
    /// let joined = sent.iter().find(|sent| sent.event() == "GUILD_MEMBER_ADD").expect("an event");
    /// assert_eq!((joined.written().len(), joined.invocations()), (2, 1));
    /// sim.assert_nothing_lost();
    /// # }
    /// ```
    #[must_use]
    pub fn sent(&self) -> Vec<SentRecord> {
        self.look(|state| state.gateway.sent.records.clone())
    }

    /// Asserts that the bot took in every event once, and that all of its handlers have ended.
    ///
    /// It ignores events that are [lost](SentRecord::is_lost). A broken connection alone loses none, since
    /// their session can be resumed.
    ///
    /// Call it once the bot has [settled](Self::settle).
    ///
    /// # Panics
    ///
    /// Panics if the bot did not take in an event, handed it to handlers twice, or has handlers of it that
    /// have not ended. The message names each such event.
    #[track_caller]
    pub fn assert_nothing_lost(&self) {
        let sent = self.sent();
        let wrong = sent
            .iter()
            .filter_map(|sent| Some(format!("{}: {sent}", sent.mistake()?)));
        let wrong: Vec<_> = wrong.collect();
        assert!(
            wrong.is_empty(),
            "of {} events, these went wrong:\n{}",
            sent.len(),
            wrong.join("\n")
        );
    }
}

/// Writes the record of all events.
#[derive(Default)]
pub(crate) struct Ledger {
    records: Vec<SentRecord>,
    /// Where the records of a number are: one for each session of the shard.
    places: HashMap<(ShardId, u64), Vec<usize>>,
    /// The sessions, from the first.
    sessions: Vec<(Arc<str>, ShardId)>,
}

impl Ledger {
    /// Notes that a shard has another session.
    pub(crate) fn begin(&mut self, shard: ShardId, session: &str) {
        self.sessions.push((session.into(), shard));
    }

    /// Notes that an event happened, which is to be sent in the latest session of a shard.
    pub(crate) fn add(&mut self, at: Duration, shard: ShardId, sequence: u64, event: &str) {
        let mut latest = self.sessions.iter().rev();
        let Some((session, _)) = latest.find(|(_, of)| *of == shard) else {
            return;
        };
        let places = self.places.entry((shard, sequence)).or_default();
        places.push(self.records.len());
        self.records.push(SentRecord {
            at,
            session: Arc::clone(session),
            shard,
            sequence,
            event: event.to_owned(),
            written: Vec::new(),
            taken: None,
            handed: 0,
            invocations: 0,
            ended: 0,
            is_shed: false,
            is_lost: false,
        });
    }

    /// Notes that an event is written to a connection.
    pub(crate) fn write(&mut self, at: Duration, session: &str, sequence: u64, connection: usize) {
        let mut sessions = self.sessions.iter();
        let Some((_, shard)) = sessions.find(|(id, _)| **id == *session) else {
            return;
        };
        let of_session = |record: &SentRecord| *record.session == *session;
        if let Some(record) = self.newest(*shard, sequence, of_session) {
            record.written.push((at, connection));
        }
    }

    /// Notes that no client can be expected to take an event in, or that it can after all.
    pub(crate) fn lose(&mut self, shard: ShardId, sequence: u64, is_lost: bool) {
        if let Some(record) = self.newest(shard, sequence, |_| true) {
            record.is_lost = is_lost;
        }
    }

    /// Notes that a session has ended, with all that was not taken in.
    pub(crate) fn end(&mut self, session: &str) {
        let of_session = |record: &&mut SentRecord| *record.session == *session;
        for record in self.records.iter_mut().filter(of_session) {
            record.is_lost |= record.taken.is_none();
        }
    }

    /// Notes that the bot took in an event, for so many invocations.
    pub(crate) fn take(&mut self, at: Duration, shard: ShardId, sequence: u64, invocations: usize) {
        // What was not written cannot be what it took in.
        let is_written = |record: &SentRecord| !record.written.is_empty();
        if let Some(record) = self.newest(shard, sequence, is_written) {
            record.taken.get_or_insert(at);
            record.handed += usize::from(invocations > 0);
            record.invocations += invocations;
        }
    }

    /// Notes that the bot took in an event, and shed it.
    pub(crate) fn shed(&mut self, at: Duration, shard: ShardId, sequence: u64) {
        let is_written = |record: &SentRecord| !record.written.is_empty();
        if let Some(record) = self.newest(shard, sequence, is_written) {
            record.taken.get_or_insert(at);
            record.is_shed = true;
        }
    }

    /// Notes that the bot leaves an event to the next run.
    pub(crate) fn leave(&mut self, shard: ShardId, sequence: u64) {
        let is_taken = |record: &SentRecord| record.invocations > 0;
        if let Some(record) = self.newest(shard, sequence, is_taken) {
            record.taken = None;
            record.handed = 0;
            record.invocations = 0;
        }
    }

    /// Notes that an invocation has ended. Where the events of two sessions have one number, it is of the
    /// one that came first.
    pub(crate) fn finish(&mut self, shard: ShardId, sequence: u64) {
        let places = self.places.get(&(shard, sequence)).into_iter().flatten();
        let is_open = |record: &SentRecord| record.ended < record.invocations;
        for place in places {
            if let Some(record) = self
                .records
                .get_mut(*place)
                .filter(|record| is_open(record))
            {
                record.ended += 1;
                return;
            }
        }
    }

    /// Finds the newest event of a number that something is true of.
    fn newest(
        &mut self,
        shard: ShardId,
        sequence: u64,
        is_meant: impl Fn(&SentRecord) -> bool,
    ) -> Option<&mut SentRecord> {
        let mut newest_first = self.places.get(&(shard, sequence))?.iter().rev();
        let place = newest_first.find(|place| is_meant(&self.records[**place]))?;
        self.records.get_mut(*place)
    }
}
