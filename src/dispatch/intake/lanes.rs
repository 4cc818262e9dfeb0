//! Fairness: whose turn it is to be handled, and who is shed.
//!
//! Everybody has a lane of their own, and the lanes take turns: however many wait in one, an event in
//! another is handled after at most one of each. Who is shed is of the longest lane, so a lane that is
//! short loses nothing as long as others are longer.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::dispatch::Shed;
use crate::dispatch::intake::origin::Origin;

/// The lanes of those who wait, who are known by the numbers they came with.
#[derive(Default)]
pub(crate) struct Lanes {
    by_origin: HashMap<Origin, Lane>,
    /// The lanes with somebody who may be handled, by turn.
    turns: BTreeMap<u64, Origin>,
    last_turn: u64,
    /// How many wait in each lane, and the oldest of them: of those that go first, and of those that go
    /// last.
    lengths: [BTreeSet<(usize, Reverse<u64>)>; 2],
}

#[derive(Default)]
struct Lane {
    /// Who may be handled.
    ready: BTreeSet<u64>,
    /// When it is the lane's turn, if somebody may.
    turn: Option<u64>,
    /// Who can be shed: what goes first, and what goes last.
    sheddable: [BTreeSet<u64>; 2],
}

/// Returns where those are kept that are shed first, and last.
fn index(shed: Shed) -> Option<usize> {
    match shed {
        Shed::First => Some(0),
        Shed::Last => Some(1),
        Shed::Never => None,
    }
}

/// Returns what a lane's length is known by.
fn length(sheddable: &BTreeSet<u64>) -> Option<(usize, Reverse<u64>)> {
    let oldest = *sheddable.first()?;
    Some((sheddable.len(), Reverse(oldest)))
}

impl Lanes {
    /// Takes one in.
    pub(crate) fn add(&mut self, origin: Origin, shed: Shed, number: u64) {
        self.change(origin, shed, |sheddable| {
            sheddable.insert(number);
        });
    }

    /// Notes that one may be handled.
    pub(crate) fn allow(&mut self, origin: Origin, number: u64) {
        self.by_origin
            .entry(origin)
            .or_default()
            .ready
            .insert(number);
        self.take_turns(origin);
    }

    /// Lets one go.
    pub(crate) fn remove(&mut self, origin: Origin, shed: Shed, number: u64) {
        self.change(origin, shed, |sheddable| {
            sheddable.remove(&number);
        });
        if let Some(lane) = self.by_origin.get_mut(&origin) {
            lane.ready.remove(&number);
        }
        self.take_turns(origin);
    }

    /// Returns whose turn it is. They are still to be removed.
    pub(crate) fn next(&mut self) -> Option<u64> {
        let (_, origin) = self.turns.pop_first()?;
        let lane = self.by_origin.get_mut(&origin)?;
        lane.turn = None;
        lane.ready.first().copied()
    }

    /// Returns who is to be shed, of those that go first or of those that go last. They are still to be
    /// removed.
    pub(crate) fn victim(&self, shed: Shed) -> Option<u64> {
        let (_, Reverse(oldest)) = self.lengths[index(shed)?].last()?;
        Some(*oldest)
    }

    /// Changes who can be shed of a lane.
    fn change(&mut self, origin: Origin, shed: Shed, change: impl FnOnce(&mut BTreeSet<u64>)) {
        let Some(index) = index(shed) else { return };
        let lane = self.by_origin.entry(origin).or_default();
        let sheddable = &mut lane.sheddable[index];
        if let Some(before) = length(sheddable) {
            self.lengths[index].remove(&before);
        }
        change(sheddable);
        self.lengths[index].extend(length(sheddable));
    }

    /// Lets a lane have turns as long as somebody in it may be handled, and be as long as somebody waits.
    fn take_turns(&mut self, origin: Origin) {
        let Some(lane) = self.by_origin.get_mut(&origin) else {
            return;
        };
        if !lane.ready.is_empty() {
            if lane.turn.is_none() {
                self.last_turn += 1;
                lane.turn = Some(self.last_turn);
                self.turns.insert(self.last_turn, origin);
            }
            return;
        }
        if let Some(turn) = lane.turn.take() {
            self.turns.remove(&turn);
        }
        if lane.sheddable.iter().all(BTreeSet::is_empty) {
            self.by_origin.remove(&origin);
        }
    }
}

#[cfg(test)]
impl Lanes {
    /// Returns how much is kept, which is nothing where nobody waits.
    pub(crate) fn size(&self) -> usize {
        let lengths: usize = self.lengths.iter().map(BTreeSet::len).sum();
        self.by_origin.len() + self.turns.len() + lengths
    }
}
