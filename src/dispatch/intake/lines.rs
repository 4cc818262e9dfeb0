//! Order: of what is to be handled one after the other, who is next.

use std::collections::{BTreeSet, HashMap};

use crate::dispatch::intake::origin::Origin;

/// Those who stand in line, by the numbers they came with. Each line has one in front, who is handled or
/// may be, and is no longer in the set; a line without anybody is none.
#[derive(Default)]
pub(crate) struct Lines(HashMap<Origin, BTreeSet<u64>>);

impl Lines {
    /// Joins a line. Returns whether nobody is before.
    pub(crate) fn join(&mut self, line: Origin, number: u64) -> bool {
        if let Some(behind) = self.0.get_mut(&line) {
            behind.insert(number);
            return false;
        }
        self.0.insert(line, BTreeSet::new());
        true
    }

    /// Lets the one in front go. Returns who is in front now.
    pub(crate) fn advance(&mut self, line: Origin) -> Option<u64> {
        let next = self.0.get_mut(&line)?.pop_first();
        if next.is_none() {
            self.0.remove(&line);
        }
        next
    }

    /// Leaves a line, before one's turn. Returns who is in front now, if that has changed.
    pub(crate) fn leave(&mut self, line: Origin, number: u64) -> Option<u64> {
        let was_behind = self.0.get_mut(&line)?.remove(&number);
        if was_behind {
            return None;
        }
        self.advance(line)
    }
}
