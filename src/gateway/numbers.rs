//! The numbers of a session's events: which comes next, which came before, and which are missing.

use crate::sabotage::{self, Sabotage};

/// How far the events of a session have come.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    /// The number of the last that was taken in.
    last: u64,
    /// Whether what comes is what was missed.
    is_resuming: bool,
    /// How many came that were missed.
    replayed: u64,
}

/// How an event stands to those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    Next,
    /// Numbers are missing since this one.
    Behind {
        before: u64,
    },
    /// It came before.
    Repeated,
}

impl Numbers {
    /// Goes on behind the event of a number. What comes first is what was missed.
    pub(crate) fn resume(last: u64) -> Self {
        Self {
            last,
            is_resuming: true,
            replayed: 0,
        }
    }

    /// Notes that a session begins.
    pub(crate) fn begin(&mut self) {
        self.last = 0;
        self.is_resuming = false;
    }

    /// Notes that all came that was missed.
    pub(crate) fn go_on(&mut self) {
        self.is_resuming = false;
    }

    /// Takes an event in by its number.
    pub(crate) fn take(&mut self, sequence: u64) -> Taken {
        let before = self.last;
        if sequence <= before {
            return Taken::Repeated;
        }
        self.last = sequence;
        if self.is_resuming {
            self.replayed += 1;
        }
        // A session that has begun has had its first event.
        if before > 0 && sequence > before + 1 {
            Taken::Behind { before }
        } else {
            Taken::Next
        }
    }

    /// Returns the number of the last event that was taken in.
    pub(crate) fn last(&self) -> u64 {
        self.last + u64::from(sabotage::is(Sabotage::ResumeTooHigh))
    }

    /// Returns whether what comes is what was missed.
    pub(crate) fn is_resuming(&self) -> bool {
        self.is_resuming
    }

    /// Returns how many events were sent again on resuming.
    pub(crate) fn replayed(&self) -> u64 {
        self.replayed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_before_is_not_new_and_what_is_missing_is_known() {
        let mut numbers = Numbers::default();
        numbers.begin();

        let taken = [1, 2, 2, 1, 5, 4, 6].map(|sequence| numbers.take(sequence));

        let repeated = Taken::Repeated;
        let behind = Taken::Behind { before: 2 };
        let next = Taken::Next;
        assert_eq!(
            taken,
            [next, next, repeated, repeated, behind, repeated, next]
        );
        assert_eq!((numbers.last(), numbers.replayed()), (6, 0));
    }

    #[test]
    fn what_was_missed_is_counted_until_all_of_it_came() {
        let mut numbers = Numbers::resume(7);

        numbers.take(7);
        numbers.take(8);
        numbers.take(9);
        numbers.go_on();
        numbers.take(10);

        assert_eq!((numbers.last(), numbers.replayed()), (10, 2));
    }
}
