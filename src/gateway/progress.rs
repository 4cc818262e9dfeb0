//! How far a session has been dealt with: which of its events are done.
//!
//! Events come in order, and are done in any. What is kept is the number up to which all are, and the
//! ranges of those that are done above it: no more of these than there are events in hand, and one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Which events of a session are done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Done {
    /// All events up to this number are.
    up_to: u64,
    /// Those above it that are, too: ranges that do not touch, by their first numbers.
    above: BTreeMap<u64, u64>,
    /// The number of the last event that came.
    taken: u64,
}

impl Done {
    /// Takes up what was noted, or nothing if that cannot be.
    pub(crate) fn restore(up_to: u64, above: &[(u64, u64)]) -> Option<Self> {
        let mut done = Self {
            up_to,
            above: BTreeMap::new(),
            taken: up_to,
        };
        for &(first, last) in above {
            // One that is not wholly above those before it was not noted by us.
            if first <= done.last().saturating_add(1) || last < first {
                return None;
            }
            done.above.insert(first, last);
        }
        Some(done)
    }

    /// Returns the number up to which all are done.
    pub(crate) fn up_to(&self) -> u64 {
        self.up_to
    }

    /// Returns the ranges of those that are done above it.
    pub(crate) fn above(&self) -> Vec<(u64, u64)> {
        let ranges = self.above.iter();
        ranges.map(|(first, last)| (*first, *last)).collect()
    }

    /// Returns whether an event is done.
    fn contains(&self, sequence: u64) -> bool {
        let before = self.above.range(..=sequence).next_back();
        sequence <= self.up_to || before.is_some_and(|(_, last)| sequence <= *last)
    }

    /// Notes that an event came. Returns whether it is still to be done.
    fn take(&mut self, sequence: u64) -> bool {
        // What was left out will not come any more.
        self.mark(self.taken.saturating_add(1), sequence.saturating_sub(1));
        self.taken = self.taken.max(sequence);
        !self.contains(sequence)
    }

    /// Notes that a range of events is done.
    fn mark(&mut self, first: u64, last: u64) {
        let next = self.up_to.saturating_add(1);
        let (mut first, mut last) = (first.max(next), last);
        if last < first {
            return;
        }
        if let Some((&start, &end)) = self.above.range(..=first).next_back()
            && end >= first - 1
        {
            first = start;
        }
        while let Some((&start, &end)) = self.above.range(first..).next()
            && start <= last.saturating_add(1)
        {
            self.above.remove(&start);
            last = last.max(end);
        }
        if first == next {
            self.up_to = last;
        } else {
            self.above.insert(first, last);
        }
    }

    fn last(&self) -> u64 {
        let last = self.above.last_key_value();
        last.map_or(self.up_to, |(_, last)| *last)
    }
}

/// How far a session has been dealt with, for whoever deals with it and for whoever saves it.
#[derive(Debug)]
pub(crate) struct Progress {
    done: Mutex<Done>,
    /// Up to where all was done at first.
    start: u64,
    news: Arc<News>,
}

/// Tells whoever saves it.
#[derive(Debug, Default)]
pub(crate) struct News {
    /// There is something to save.
    pub(crate) changed: Notify,
    /// It cannot wait.
    pub(crate) urgent: Notify,
}

impl Progress {
    pub(crate) fn new(done: Done, news: Arc<News>) -> Self {
        Self {
            start: done.up_to,
            done: Mutex::new(done),
            news,
        }
    }

    /// Notes that an event came. What is returned is to be held until it is done; nothing, if it is.
    pub(crate) fn take(self: &Arc<Self>, sequence: u64) -> Option<Unfinished> {
        self.lock().take(sequence).then(|| Unfinished {
            of: Arc::clone(self),
            sequence,
        })
    }

    /// Returns what is done by now.
    pub(crate) fn done(&self) -> Done {
        self.lock().clone()
    }

    fn finish(&self, sequence: u64) {
        let mut done = self.lock();
        let before = done.up_to;
        done.mark(sequence, sequence);
        self.news.changed.notify_one();
        // That the bot gets anywhere at all is known at once, however soon it ends.
        if before == self.start && done.up_to > before {
            self.news.urgent.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Done> {
        // Nothing under the lock panics halfway.
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An event that is being dealt with. Dropped, it is done.
#[derive(Debug)]
pub(crate) struct Unfinished {
    of: Arc<Progress>,
    sequence: u64,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        self.of.finish(self.sequence);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn progress() -> Arc<Progress> {
        Arc::new(Progress::new(Done::default(), Arc::default()))
    }

    #[test]
    fn what_is_done_in_order_leaves_no_ranges() {
        let progress = progress();

        for sequence in 1..=1000 {
            drop(progress.take(sequence));
        }

        let done = progress.done();
        assert_eq!((done.up_to(), done.above()), (1000, Vec::new()));
    }

    #[test]
    fn one_that_takes_long_holds_the_mark_and_costs_one_range() {
        let progress = progress();
        let slow = progress.take(1);
        for sequence in 2..=1000 {
            drop(progress.take(sequence));
        }
        assert_eq!(progress.done().up_to(), 0);
        assert_eq!(progress.done().above(), [(2, 1000)]);

        drop(slow);

        assert_eq!(progress.done().up_to(), 1000);
        assert_eq!(progress.done().above(), []);
    }

    #[test]
    fn an_event_is_done_when_the_last_that_holds_it_lets_go() {
        let progress = progress();
        let first = progress.take(1).map(Arc::new);
        let second = first.clone();

        drop(first);
        assert_eq!(progress.done().up_to(), 0);
        drop(second);

        assert_eq!(progress.done().up_to(), 1);
    }

    #[test]
    fn what_was_left_out_is_not_waited_for() {
        let progress = progress();

        drop(progress.take(3));

        assert_eq!(progress.done().up_to(), 3);
    }

    #[test]
    fn what_is_done_is_not_done_again() {
        let restored = Done::restore(5, &[(7, 8)]).unwrap();
        let progress = Arc::new(Progress::new(restored, Arc::default()));

        let again: Vec<_> = (4..=10)
            .filter(|sequence| progress.take(*sequence).is_some())
            .collect();

        assert_eq!(again, [6, 9, 10]);
        assert_eq!(progress.done().up_to(), 10);
    }

    #[test]
    fn ranges_that_nobody_noted_so_are_refused() {
        for above in [
            &[(6, 7)][..],
            &[(3, 4)],
            &[(8, 7)],
            &[(8, 9), (10, 11)],
            &[(10, 11), (8, 8)],
        ] {
            assert_eq!(Done::restore(5, above), None, "{above:?}");
        }
        let most = u64::MAX;
        assert!(Done::restore(most, &[(most, most)]).is_none());
        assert!(!Done::restore(most, &[]).unwrap().take(most));
    }

    proptest! {
        /// Events come in order, some are left out, and each is done at some time or not at all.
        #[test]
        fn it_agrees_with_a_set_of_numbers(
            came in prop::collection::vec(1_u64..4, 0..60),
            order in prop::collection::vec(any::<prop::sample::Index>(), 0..60),
        ) {
            let progress = progress();
            let (mut held, mut done) = (Vec::new(), BTreeSet::new());
            let mut next = 1;
            for step in came {
                let sequence = next + step - 1;
                done.extend(next..sequence);
                held.push((sequence, progress.take(sequence).unwrap()));
                next = sequence + 1;
            }
            for index in order {
                if held.is_empty() {
                    break;
                }
                let (sequence, unfinished) = held.swap_remove(index.index(held.len()));
                drop(unfinished);
                done.insert(sequence);

                let noted = progress.done();
                let up_to = (1..=next).find(|sequence| !done.contains(sequence)).unwrap() - 1;
                let in_ranges = noted.above().into_iter().flat_map(|(first, last)| first..=last);
                let above: Vec<_> = done.range(up_to + 1..).copied().collect();
                prop_assert_eq!(noted.up_to(), up_to);
                prop_assert_eq!(in_ranges.collect::<Vec<_>>(), above);
                prop_assert!(noted.above().len() <= held.len());
                let restored = Done::restore(noted.up_to(), &noted.above()).unwrap();
                for sequence in 1..next {
                    prop_assert_eq!(restored.contains(sequence), done.contains(&sequence));
                }
            }
        }
    }
}
