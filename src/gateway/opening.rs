//! Keeps twilight from opening one connection after another.
//!
//! Where a connection is lost without a word, twilight's `Shard` makes the next one at once, without
//! saying so, and without end: thousands in a second, where a gateway accepts connections and drops them.
//! What can be seen of it from outside is whether it is connected whenever it has nothing to hand over. So
//! one that was connected and is no more is over; and one that never is, but has more and more to do, is
//! seen to ever less often.

use std::task::Poll;
use std::time::Duration;

use twilight_gateway::ShardState;

/// How often opening a connection is seen to at once: a name is looked up, addresses are tried, keys are
/// exchanged. Each takes one turn or two.
const FREE: u32 = 16;
/// How long it then waits the first time, which doubles with each.
const FIRST_WAIT: Duration = Duration::from_millis(250);

/// How far the opening of a connection is.
#[derive(Debug, Default)]
pub(crate) struct Opening {
    was_open: bool,
    /// How often it was seen to and not yet open.
    turns: u32,
}

/// How to go on with a shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// It is to be let alone for a time.
    Slower(Duration),
    /// The connection is lost: it would make another.
    Over,
}

impl Opening {
    /// Looks at a shard that has nothing to hand over. Pending means that it goes on as it is.
    pub(crate) fn look(&mut self, state: ShardState) -> Poll<Pace> {
        if !matches!(state, ShardState::Disconnected { .. }) {
            self.was_open = true;
            return Poll::Pending;
        }
        if self.was_open {
            return Poll::Ready(Pace::Over);
        }
        self.turns += 1;
        match self.turns.checked_sub(FREE) {
            None | Some(0) => Poll::Pending,
            Some(more) => Poll::Ready(Pace::Slower(FIRST_WAIT * 2_u32.pow((more - 1).min(8)))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOST: ShardState = ShardState::Disconnected {
        reconnect_attempts: 0,
    };

    #[test]
    fn a_connection_that_was_open_is_over_when_it_is_lost() {
        let mut opening = Opening::default();

        assert_eq!(opening.look(LOST), Poll::Pending);
        assert_eq!(opening.look(ShardState::Identifying), Poll::Pending);
        assert_eq!(opening.look(LOST), Poll::Ready(Pace::Over));
    }

    #[test]
    fn one_that_never_opens_is_seen_to_ever_less_often() {
        let mut opening = Opening::default();
        for _ in 0..FREE {
            assert_eq!(opening.look(LOST), Poll::Pending);
        }

        for milliseconds in [250, 500, 1_000, 2_000] {
            let wait = Duration::from_millis(milliseconds);
            assert_eq!(opening.look(LOST), Poll::Ready(Pace::Slower(wait)));
        }
    }
}
