//! The error of events that were shed because too many came.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use twilight_model::gateway::event::EventType;

use crate::Exception;
use crate::health::Load;

/// More events came than could be handled, so some were shed: no handler ran for them, and none will.
///
/// The first shed event is reported at once; while more are shed, a report every 10 seconds covers all since the
/// last. Each shed event is reported exactly once. The current load in a report is that of the moment when the
/// report was made.
///
/// It is a failure of the gateway like others: if no error handler handles it, it is logged, or ends the bot
/// if you chose [`Unhandled::Shutdown`](crate::Unhandled::Shutdown).
///
/// [`max_in_hand`](crate::BotBuilder::max_in_hand), [`max_queued`](crate::BotBuilder::max_queued),
/// [`max_queued_bytes`](crate::BotBuilder::max_queued_bytes) and [`shed`](crate::BotBuilder::shed) set how much is
/// handled at once, how much waits and what is shed.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error(
    "too many events: shed {} within {:.1} s ({} in hand, {} waiting)",
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

    /// Returns how many events of each kind were shed since the last report, the most first.
    ///
    /// Events that twilight cannot read have no kind.
    #[must_use]
    pub fn shed(&self) -> &[(Option<EventType>, u64)] {
        &self.shed
    }

    /// Returns how many events were shed since the last report.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.shed.iter().map(|(_, count)| count).sum()
    }

    /// Returns the time in which they were shed: from the first of them until the report.
    #[must_use]
    pub fn within(&self) -> Duration {
        self.within
    }

    /// Returns the bot's load, and how many events were shed since the bot was built.
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
             within 10.0 s (2 in hand, 5 waiting)"
        );
    }
}
