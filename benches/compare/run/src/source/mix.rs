//! Which event comes when.

use crate::source::bodies::{Bodies, Body, VARIANTS};

/// What happens on Discord, and which of it a bot wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mix {
    /// Messages alone, all of them wanted.
    Messages,
    /// Mostly presences and typing. Only messages are wanted.
    Realistic,
    /// Uses of a slash command, all of them wanted.
    Interactions,
}

/// What an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Message,
    Presence,
    Typing,
    Reaction,
    Voice,
    Command,
}

impl Mix {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Realistic => "realistic",
            Self::Interactions => "interactions",
        }
    }

    /// Returns what the event of an index is. Kinds follow each other evenly, not in runs.
    fn kind(self, index: u64) -> Kind {
        match self {
            Self::Messages => Kind::Message,
            Self::Interactions => Kind::Command,
            // 37 and 100 have no divisor in common: each of 100 places comes once.
            Self::Realistic => match index * 37 % 100 {
                0..55 => Kind::Presence,
                55..90 => Kind::Typing,
                90..98 => Kind::Message,
                98 => Kind::Reaction,
                _ => Kind::Voice,
            },
        }
    }

    fn wants(self, index: u64) -> bool {
        matches!(self.kind(index), Kind::Message | Kind::Command)
    }

    /// Returns how many of so many events are wanted.
    pub(crate) fn wanted(self, events: u64) -> u64 {
        let wanted = (0..events).filter(|index| self.wants(*index));
        wanted.count().try_into().unwrap_or(u64::MAX)
    }

    /// Returns how many events there are after the first wanted one, up to the last one.
    pub(crate) fn span(self, events: u64) -> u64 {
        let first = (0..events).find(|index| self.wants(*index));
        let last = (0..events).rev().find(|index| self.wants(*index));
        last.zip(first).map_or(0, |(last, first)| last - first)
    }

    /// Returns the event of an index, which has some other variant than the last of its kind.
    pub(crate) fn body(self, index: u64, bodies: &Bodies) -> &Body {
        let variants = match self.kind(index) {
            Kind::Message => &bodies.messages,
            Kind::Presence => &bodies.presences,
            Kind::Typing => &bodies.typings,
            Kind::Reaction => &bodies.reactions,
            Kind::Voice => &bodies.voices,
            Kind::Command => &bodies.commands,
        };
        // Mixed once more, or the places of a kind would fall on the same variants again and again.
        let variant = (index ^ (index / VARIANTS) ^ (index / 100)) % VARIANTS;
        &variants[usize::try_from(variant).unwrap_or(0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_events_have_eight_messages() {
        assert_eq!(Mix::Realistic.wanted(100), 8);
        assert_eq!(Mix::Messages.wanted(100), 100);
    }

    #[test]
    fn a_span_does_not_count_the_first() {
        assert_eq!(Mix::Messages.span(10), 9);
        assert_eq!(Mix::Messages.span(0), 0);
    }

    #[test]
    fn all_variants_come_about_equally_often() {
        let bodies = Bodies::new();
        let mut counts = [0_u32; 8];

        for index in 0..100_000 {
            let body = Mix::Realistic.body(index, &bodies);
            let variant = bodies
                .messages
                .iter()
                .position(|one| std::ptr::eq(one, body));
            if let Some(variant) = variant {
                counts[variant] += 1;
            }
        }

        assert!(
            counts.iter().all(|count| (800..1_200).contains(count)),
            "{counts:?}"
        );
    }
}
