//! What the gateway keeps beside its sessions: faults, connections, and the limits of identifying.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

use crate::testing::gateway::door::Door;
use crate::testing::gateway::fault::{GatewayFault, Kind};
use crate::testing::gateway::faults::GatewayFaults;
use crate::testing::gateway::record::ConnectionRecord;
use crate::testing::gateway::sent::Ledger;
use crate::testing::sessions::Outgoing;

/// How often each of the shards that share a slot may identify: every five seconds, less the time by
/// which a message can be faster than the one before. (Discord: Gateway, Rate Limiting.)
const PACE: Duration = Duration::from_millis(4_750);
/// The time for which the session starts have to last.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a client may be kept away before waiting for it ends.
const AWAY: Duration = Duration::from_secs(10 * 60);

/// What the gateway keeps beside its sessions.
pub(crate) struct Hub {
    pub(crate) faults: GatewayFaults,
    pub(crate) door: Door,
    pub(crate) records: Vec<ConnectionRecord>,
    pub(crate) sent: Ledger,
    pub(crate) starts: Starts,
    /// The open connections, by the index of their record.
    open: HashMap<usize, UnboundedSender<Outgoing>>,
    /// Since when a fault has kept a client away.
    away: Option<Instant>,
}

impl Hub {
    pub(crate) fn new(starts: Starts) -> Self {
        Self {
            faults: GatewayFaults::default(),
            door: Door::new(),
            records: Vec::new(),
            sent: Ledger::default(),
            starts,
            open: HashMap::new(),
            away: None,
        }
    }

    /// Notes that a connection is accepted, and returns the index of its record.
    pub(crate) fn accept(&mut self, at: Duration, sender: UnboundedSender<Outgoing>) -> usize {
        self.records.push(ConnectionRecord::new(at));
        let number = self.records.len() - 1;
        self.open.insert(number, sender);
        number
    }

    /// Forgets a connection that has ended.
    pub(crate) fn close(&mut self, number: usize) {
        self.open.remove(&number);
    }

    /// Adds a fault, or lets it strike if its moment is now.
    pub(crate) fn misbehave(&mut self, fault: GatewayFault) {
        match fault.kind {
            Kind::HalfOpen => self.write_all(&Outgoing::Silence),
            Kind::Refused => {
                self.keep_away();
                let until = fault.lasting.map(|lasting| Instant::now() + lasting);
                self.door.close(until);
            }
            _ => self.faults.add(fault),
        }
    }

    /// Removes all waiting faults, and opens the door.
    pub(crate) fn mend(&mut self) {
        self.faults.mend();
        self.door.open();
    }

    /// Writes to all open connections, with or without a session.
    pub(crate) fn write_all(&self, outgoing: &Outgoing) {
        for connection in self.open.values() {
            // A connection that has just ended needs no message.
            connection.send(outgoing.clone()).ok();
        }
    }

    /// Notes that a fault keeps a client away from now on, if it was not before.
    pub(crate) fn keep_away(&mut self) {
        self.away.get_or_insert_with(Instant::now);
    }

    /// Notes that every client is here.
    pub(crate) fn all_here(&mut self) {
        self.away = None;
    }

    /// Returns whether a client is kept away for so long that waiting makes no sense.
    pub(crate) fn is_hopeless(&self) -> bool {
        self.away.is_some_and(|away| away.elapsed() >= AWAY)
    }
}

/// How many sessions may begin, and how fast.
#[derive(Clone, Debug)]
pub(crate) struct Starts {
    pub(crate) total: u32,
    pub(crate) remaining: u32,
    pub(crate) resets_at: Instant,
    pub(crate) max_concurrency: u32,
    /// When the last session began, by the shard's number modulo `max_concurrency`.
    begun: HashMap<u32, Instant>,
}

/// The answer to beginning a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    Granted,
    TooFast,
    /// No session starts are left today.
    Exhausted,
}

impl Starts {
    pub(crate) fn new(max_concurrency: u32) -> Self {
        Self {
            total: 1000,
            remaining: 1000,
            resets_at: Instant::now() + DAY / 6,
            max_concurrency,
            begun: HashMap::new(),
        }
    }

    pub(crate) fn limit(&mut self, remaining: u32, total: u32, resets_at: Instant) {
        (self.remaining, self.total, self.resets_at) = (remaining, total, resets_at);
    }

    /// Counts a session start of a shard.
    pub(crate) fn take(&mut self, shard: u32) -> Start {
        let now = Instant::now();
        self.refresh(now);
        if self.remaining == 0 {
            return Start::Exhausted;
        }
        self.remaining -= 1;
        let key = shard % self.max_concurrency.max(1);
        let last = self.begun.get(&key);
        if last.is_some_and(|last| now - *last < PACE) {
            return Start::TooFast;
        }
        self.begun.insert(key, now);
        Start::Granted
    }

    /// Resets the count when the day is over.
    pub(crate) fn refresh(&mut self, now: Instant) {
        if now >= self.resets_at {
            self.remaining = self.total;
            self.resets_at = now + DAY;
        }
    }

    /// Forgets when the sessions began.
    pub(crate) fn forget_pace(&mut self) {
        self.begun.clear();
    }
}
