//! More came than could be handled.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use twilight_model::gateway::event::EventType;

use crate::Exception;
use crate::health::Load;

/// More events came than could be handled, so some were shed: no handler ran for them, nor will.
///
/// It tells of the first at once, and then, while more are shed, every 10 seconds of all since. No event
/// that was shed is left out, and none is told of twice. What it says of the present was so when it was
/// made.
///
/// It is a failure of the gateway's like others: one that nobody handles is logged, or ends the bot if the
/// author chose [`Unhandled::Shutdown`](crate::Unhandled::Shutdown).
///
/// How much is handled at once, how much waits and what is shed is set by
/// [`max_in_hand`](crate::BotBuilder::max_in_hand), [`max_queued`](crate::BotBuilder::max_queued),
/// [`max_queued_bytes`](crate::BotBuilder::max_queued_bytes) and [`shed`](crate::BotBuilder::shed).
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error(
    "too many events: shed {} within {:.1} s ({} are in hand, and {} wait)",
    List(shed),
    within.as_secs_f64(),
    load.in_hand(),
    load.queued()
)]
pub struct Overloaded {
    shed: Vec<(Option<EventType>, u64)>,
    within: Duration,
    load: Load,
}

impl Overloaded {
    pub(crate) fn new(
        counts: HashMap<Option<EventType>, u64>,
        within: Duration,
        load: Load,
    ) -> Self {
        let mut shed: Vec<_> = counts.into_iter().collect();
        // Those of equal number by their places in the enum: always the same.
        shed.sort_unstable_by_key(|(kind, count)| {
            (std::cmp::Reverse(*count), kind.map(|kind| kind as usize))
        });
        Self { shed, within, load }
    }

    /// Returns how many events of each kind were shed since it was told last, the most first. Those that
    /// twilight cannot read have no kind.
    #[must_use]
    pub fn shed(&self) -> &[(Option<EventType>, u64)] {
        &self.shed
    }

    /// Returns how many events were shed since it was told last.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.shed.iter().map(|(_, count)| count).sum()
    }

    /// Returns in which time: from the first of them until now.
    #[must_use]
    pub fn within(&self) -> Duration {
        self.within
    }

    /// Returns how much there was to do, and how many events were shed since the bot was built.
    #[must_use]
    pub fn load(&self) -> Load {
        self.load
    }
}

/// Kinds of events with their counts, as text.
struct List<'a>(&'a [(Option<EventType>, u64)]);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (kind, count)) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            let name = kind.and_then(EventType::name).unwrap_or("of another type");
            write!(f, "{separator}{count} {name}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_was_shed_the_most_first() {
        let counts = [
            (Some(EventType::MessageCreate), 3),
            (Some(EventType::TypingStart), 40),
            (Some(EventType::MemberAdd), 3),
        ];
        let load = Load {
            in_hand: 2,
            queued: 5,
            ..Load::default()
        };
        let within = Duration::from_secs(10);

        assert_eq!(
            Overloaded::new(HashMap::from(counts), within, load).to_string(),
            "too many events: shed 40 TYPING_START, 3 GUILD_MEMBER_ADD, 3 MESSAGE_CREATE \
             within 10.0 s (2 are in hand, and 5 wait)"
        );
    }
}
