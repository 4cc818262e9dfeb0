//! Which failures were posted, and which are still to be.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::failure::{Failure, FailureId};
use crate::meta::{Meta, Place};

/// How many kinds of failures are told apart.
const MOST_KINDS: usize = 200;

/// What makes two failures alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Kind {
    pub(crate) handler: Meta,
    pub(crate) code: &'static str,
    pub(crate) place: Option<Place>,
}

impl Kind {
    pub(crate) fn of(failure: &Failure, handler: &Meta) -> Self {
        Self {
            handler: failure.handler().unwrap_or(handler).clone(),
            code: failure.code(),
            place: failure.place(),
        }
    }
}

/// Failures that are alike, to be posted.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    /// The id of the last one.
    pub(crate) number: FailureId,
    pub(crate) count: u64,
    /// When the first one was.
    pub(crate) since: Instant,
    /// When failures like these were last posted.
    pub(crate) told: Option<Instant>,
}

/// Which failures were posted, and which are still to be.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    entries: HashMap<Kind, Entry>,
    /// How many failures were of further kinds.
    others: u64,
}

impl Ledger {
    /// Notes a failure.
    pub(crate) fn note(&mut self, kind: Kind, number: FailureId, now: Instant, quiet: Duration) {
        if let Some(entry) = self.entries.get_mut(&kind) {
            if entry.count == 0 {
                entry.since = now;
            }
            entry.count = entry.count.saturating_add(1);
            entry.number = number;
            return;
        }
        if self.entries.len() >= MOST_KINDS {
            self.entries.retain(|_, entry| !entry.is_over(now, quiet));
        }
        if self.entries.len() >= MOST_KINDS {
            self.others = self.others.saturating_add(1);
            return;
        }
        let entry = Entry {
            kind: kind.clone(),
            number,
            count: 1,
            since: now,
            told: None,
        };
        self.entries.insert(kind, entry);
    }

    /// Takes out failures to post: first those of new kinds, then those that are due again.
    pub(crate) fn take(&mut self, most: usize, now: Instant, quiet: Duration) -> Vec<Entry> {
        let entries = self.entries.values();
        let due = entries.filter(|entry| entry.count > 0 && entry.is_due(now, quiet));
        let mut due: Vec<_> = due.cloned().collect();
        due.sort_by_key(|entry| (entry.told.is_some(), entry.since, Reverse(entry.count)));
        due.truncate(most);
        for taken in &due {
            if let Some(entry) = self.entries.get_mut(&taken.kind) {
                entry.count = 0;
                entry.told = Some(now);
            }
        }
        due
    }

    /// Takes out how many failures were of further kinds.
    pub(crate) fn take_others(&mut self) -> u64 {
        std::mem::take(&mut self.others)
    }

    /// Puts back what could not be posted.
    pub(crate) fn put_back(&mut self, entries: Vec<Entry>, others: u64) {
        self.others = self.others.saturating_add(others);
        for back in entries {
            let Some(entry) = self.entries.get_mut(&back.kind) else {
                self.entries.insert(back.kind.clone(), back);
                continue;
            };
            if entry.count == 0 {
                entry.number = back.number;
            }
            entry.count = entry.count.saturating_add(back.count);
            (entry.since, entry.told) = (back.since, back.told);
        }
    }
}

impl Entry {
    fn is_due(&self, now: Instant, quiet: Duration) -> bool {
        self.told
            .is_none_or(|told| now.saturating_duration_since(told) >= quiet)
    }

    /// Returns whether it can be forgotten.
    fn is_over(&self, now: Instant, quiet: Duration) -> bool {
        self.count == 0 && self.is_due(now, quiet)
    }
}

#[cfg(test)]
mod tests {
    use crate::meta::HandlerKind;

    use super::*;

    const QUIET: Duration = Duration::from_secs(600);

    fn kind(line: u32) -> Kind {
        Kind {
            handler: Meta::new(HandlerKind::Command, "roll", None),
            code: "odd",
            place: Some(Place::new("src/main.rs", line, 1)),
        }
    }

    fn counts(taken: &[Entry]) -> Vec<(u32, u64)> {
        let told = taken.iter().map(|entry| {
            let place = entry.kind.place.map_or(0, |place| place.line());
            (place, entry.count)
        });
        told.collect()
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_alike_is_told_once_and_again_after_some_time() {
        let mut ledger = Ledger::default();
        let began = Instant::now();
        let number = FailureId::next();
        for _ in 0..3 {
            ledger.note(kind(1), number, began, QUIET);
        }
        assert_eq!(counts(&ledger.take(10, began, QUIET)), [(1, 3)]);

        ledger.note(kind(1), number, began, QUIET);
        ledger.note(kind(2), number, began, QUIET);
        let soon = began + QUIET / 2;

        assert_eq!(counts(&ledger.take(10, soon, QUIET)), [(2, 1)]);
        assert_eq!(counts(&ledger.take(10, soon + QUIET / 2, QUIET)), [(1, 1)]);
        assert!(ledger.take(10, soon + QUIET * 9, QUIET).is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_kinds_are_told_apart_than_there_is_room_for() {
        let mut ledger = Ledger::default();
        let (began, number) = (Instant::now(), FailureId::next());
        let most = u32::try_from(MOST_KINDS).unwrap();
        for line in 0..most + 5 {
            ledger.note(kind(line), number, began, QUIET);
        }

        assert_eq!(ledger.take(usize::MAX, began, QUIET).len(), MOST_KINDS);
        assert_eq!((ledger.take_others(), ledger.take_others()), (5, 0));
        ledger.note(kind(most), number, began + QUIET, QUIET);
        let taken = ledger.take(10, began + QUIET, QUIET);
        assert_eq!(counts(&taken), [(most, 1)], "what is over makes room");
    }

    #[tokio::test(start_paused = true)]
    async fn what_could_not_be_told_is_told_later() {
        let mut ledger = Ledger::default();
        let (began, number) = (Instant::now(), FailureId::next());
        ledger.note(kind(1), number, began, QUIET);

        let taken = ledger.take(10, began, QUIET);
        ledger.note(kind(1), number, began, QUIET);
        ledger.put_back(taken, 2);

        assert_eq!(counts(&ledger.take(10, began, QUIET)), [(1, 2)]);
        assert_eq!(ledger.take_others(), 2);
    }
}
