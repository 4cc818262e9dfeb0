//! What waits to be handled: bounded, by turns, and in order where that is asked for.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use crate::dispatch::Shed;
use crate::dispatch::intake::lanes::Lanes;
use crate::dispatch::intake::lines::Lines;
use crate::dispatch::intake::origin::Origin;
use crate::dispatch::intake::policy::Bounds;

/// How long an interaction can be answered. (Discord: Receiving and Responding to Interactions.)
const ANSWERABLE: Duration = Duration::from_secs(3);

/// What a queue has to know of an event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Label {
    /// With whom it shares its turn.
    pub(crate) origin: Origin,
    /// What it is in order with.
    pub(crate) line: Option<Origin>,
    pub(crate) shed: Shed,
    pub(crate) bytes: usize,
}

impl Label {
    /// Makes that of an event of which nothing is known.
    pub(crate) fn unread(bytes: usize) -> Self {
        Self {
            origin: Origin::Discord,
            line: None,
            shed: Shed::Last,
            bytes,
        }
    }
}

/// The events that wait.
pub(crate) struct Queue<T> {
    bounds: Bounds,
    /// By the numbers they came with.
    events: BTreeMap<u64, (Label, T)>,
    last_number: u64,
    lanes: Lanes,
    lines: Lines,
    /// The interactions, with when each came and its bytes.
    interactions: VecDeque<(Instant, usize, T)>,
    bytes: usize,
}

impl<T> Queue<T> {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            events: BTreeMap::new(),
            last_number: 0,
            lanes: Lanes::default(),
            lines: Lines::default(),
            interactions: VecDeque::new(),
            bytes: 0,
        }
    }

    /// Returns how many wait.
    pub(crate) fn len(&self) -> usize {
        self.events.len() + self.interactions.len()
    }

    /// Takes in an event.
    pub(crate) fn push(&mut self, label: Label, event: T) {
        self.last_number += 1;
        let number = self.last_number;
        self.bytes += label.bytes;
        self.events.insert(number, (label, event));
        self.lanes.add(label.origin, label.shed, number);
        if label.line.is_none_or(|line| self.lines.join(line, number)) {
            self.lanes.allow(label.origin, number);
        }
    }

    /// Takes in an interaction.
    pub(crate) fn push_interaction(&mut self, bytes: usize, interaction: T) {
        self.bytes += bytes;
        self.interactions
            .push_back((Instant::now(), bytes, interaction));
    }

    /// Takes out the event that is to be handled next, with the line that it is now in front of. Whoever
    /// has handled it [lets the line go on](Self::advance).
    pub(crate) fn pop(&mut self) -> Option<(Option<Origin>, T)> {
        let number = self.lanes.next()?;
        let (label, event) = self.take(number)?;
        Some((label.line, event))
    }

    /// Takes out the oldest interaction.
    pub(crate) fn pop_interaction(&mut self) -> Option<T> {
        let (_, bytes, interaction) = self.interactions.pop_front()?;
        self.bytes -= bytes;
        Some(interaction)
    }

    /// Takes out an interaction that cannot be answered any more.
    pub(crate) fn pop_expired(&mut self) -> Option<T> {
        let (came, ..) = self.interactions.front()?;
        if came.elapsed() < ANSWERABLE {
            return None;
        }
        self.pop_interaction()
    }

    /// Lets a line go on, the one in front of which was handled.
    pub(crate) fn advance(&mut self, line: Origin) {
        let next = self.lines.advance(line);
        self.allow(next);
    }

    /// Takes out what is to be shed, while more waits than may: what nobody waits for any more, then what
    /// goes first, then what goes last.
    pub(crate) fn pop_excess(&mut self) -> Option<T> {
        if self.len() <= self.bounds.events && self.bytes <= self.bounds.bytes {
            return None;
        }
        if let Some(expired) = self.pop_expired() {
            return Some(expired);
        }
        let first = self.lanes.victim(Shed::First);
        let number = first.or_else(|| self.lanes.victim(Shed::Last))?;
        self.remove(number)
    }

    /// Takes out whatever is left, the oldest first, to be shed.
    pub(crate) fn pop_any(&mut self) -> Option<T> {
        if let Some(interaction) = self.pop_interaction() {
            return Some(interaction);
        }
        let number = *self.events.keys().next()?;
        self.remove(number)
    }

    /// Takes out one that will not be handled. Whoever follows it in its line keeps its turn.
    fn remove(&mut self, number: u64) -> Option<T> {
        if let Some(line) = self.events.get(&number)?.0.line {
            let next = self.lines.leave(line, number);
            self.allow(next);
        }
        let (_, event) = self.take(number)?;
        Some(event)
    }

    fn take(&mut self, number: u64) -> Option<(Label, T)> {
        let (label, event) = self.events.remove(&number)?;
        self.bytes -= label.bytes;
        self.lanes.remove(label.origin, label.shed, number);
        Some((label, event))
    }

    fn allow(&mut self, next: Option<u64>) {
        let Some(number) = next else { return };
        if let Some((label, _)) = self.events.get(&number) {
            self.lanes.allow(label.origin, number);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;
    use std::collections::{HashMap, HashSet};

    use proptest::prelude::*;
    use tokio::time::advance;
    use twilight_model::id::Id;

    use super::*;

    const GUILDS: u64 = 4;

    fn guild(number: u64) -> Origin {
        Origin::Guild(Id::new(number + 1))
    }

    fn of_guild(number: u64, shed: Shed) -> Label {
        Label {
            origin: guild(number),
            line: None,
            shed,
            bytes: 10,
        }
    }

    fn bounded(events: usize) -> Queue<&'static str> {
        Queue::new(Bounds {
            events,
            bytes: 1_000,
        })
    }

    fn popped<T>(queue: &mut Queue<T>) -> Option<T> {
        queue.pop().map(|(_, event)| event)
    }

    #[test]
    fn guilds_take_turns() {
        let mut queue = bounded(10);
        for event in ["noise 1", "noise 2", "noise 3"] {
            queue.push(of_guild(0, Shed::Last), event);
        }
        queue.push(of_guild(1, Shed::Last), "quiet");

        let order: Vec<_> = std::iter::from_fn(|| popped(&mut queue)).collect();
        assert_eq!(order, ["noise 1", "quiet", "noise 2", "noise 3"]);
    }

    #[test]
    fn what_goes_first_is_shed_before_what_is_older() {
        let mut queue = bounded(2);
        queue.push(of_guild(0, Shed::Last), "message");
        queue.push(of_guild(0, Shed::First), "typing");
        queue.push(of_guild(0, Shed::Last), "message");

        assert_eq!(queue.pop_excess(), Some("typing"));
        assert_eq!(queue.pop_excess(), None);
    }

    #[test]
    fn what_waits_is_bounded_in_bytes_too() {
        let mut queue = bounded(10);
        queue.push(of_guild(0, Shed::Last), "small");
        let large = Label {
            bytes: 995,
            ..of_guild(0, Shed::Last)
        };
        queue.push(large, "large");

        assert_eq!(queue.pop_excess(), Some("small"));
        assert_eq!(queue.pop_excess(), None);
    }

    #[test]
    fn a_line_goes_on_past_one_that_is_shed() {
        let mut queue = bounded(1);
        let in_line = Label {
            line: Some(guild(0)),
            ..of_guild(0, Shed::Last)
        };
        queue.push(in_line, "first");
        queue.push(in_line, "second");

        assert_eq!(queue.pop_excess(), Some("first"));
        assert_eq!(popped(&mut queue), Some("second"));
    }

    #[tokio::test(start_paused = true)]
    async fn an_interaction_is_kept_until_nobody_can_be_answered() {
        let mut queue = bounded(0);
        queue.push_interaction(10, "interaction");

        assert_eq!(queue.pop_excess(), None);
        advance(ANSWERABLE).await;
        assert_eq!(queue.pop_excess(), Some("interaction"));
    }

    /// Something that happens to a queue.
    #[derive(Clone, Debug)]
    enum Step {
        Push(Label),
        PushInteraction,
        Pop,
        PopInteraction,
        /// One of those in hand ends.
        End(usize),
    }

    fn label() -> impl Strategy<Value = Label> {
        let shed = prop_oneof![
            3 => Just(Shed::First),
            6 => Just(Shed::Last),
            1 => Just(Shed::Never),
        ];
        // The first guild is noisy.
        let number = prop_oneof![3 => Just(0), 2 => 0..GUILDS];
        let channel = prop::option::of(0..3_u64);
        (number, channel, shed, 0..200_usize).prop_map(|(number, channel, shed, bytes)| Label {
            origin: guild(number),
            line: channel.map(|channel| Origin::Channel(Id::new(number * 3 + channel + 1))),
            shed,
            bytes,
        })
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            6 => label().prop_map(Step::Push),
            1 => Just(Step::PushInteraction),
            3 => Just(Step::Pop),
            1 => Just(Step::PopInteraction),
            2 => any::<usize>().prop_map(Step::End),
        ]
    }

    /// What a queue should hold, the plain way.
    #[derive(Default)]
    struct Model {
        pushed: u64,
        waiting: Vec<(u64, Label)>,
        interactions: VecDeque<u64>,
        in_hand: Vec<Label>,
        popped: u64,
        shed: u64,
        /// How many were popped of others since each guild that waits had its turn.
        passed: HashMap<Origin, u64>,
    }

    impl Model {
        /// Returns those who may be handled: nobody of their line is before them.
        fn ready(&self) -> Vec<(u64, Label)> {
            let mut busy: HashSet<_> = self.in_hand.iter().filter_map(|one| one.line).collect();
            let in_turn = self.waiting.iter();
            let ready = in_turn.filter(|(_, one)| one.line.is_none_or(|line| busy.insert(line)));
            ready.copied().collect()
        }

        /// Returns who is to be shed of a sort: the oldest of the guild with the most.
        fn victim(&self, shed: Shed) -> Option<u64> {
            let of = |origin| {
                let waiting = self.waiting.iter();
                waiting
                    .filter(move |(_, one)| one.origin == origin && one.shed == shed)
                    .map(|(number, _)| *number)
            };
            let longest = (0..GUILDS).filter_map(|number| {
                let oldest = of(guild(number)).next()?;
                Some((of(guild(number)).count(), Reverse(oldest)))
            });
            longest.max().map(|(_, Reverse(oldest))| oldest)
        }

        fn take(&mut self, number: u64) -> Label {
            let index = self.waiting.iter().position(|(other, _)| *other == number);
            self.waiting.remove(index.expect("it waits")).1
        }

        fn pop(&mut self, queue: &mut Queue<u64>) {
            let ready = self.ready();
            let Some((line, number)) = queue.pop() else {
                assert!(ready.is_empty(), "{ready:?} could be handled");
                return;
            };
            let label = self.take(number);
            assert_eq!(line, label.line);
            let mut of_guild = ready.iter().filter(|(_, one)| one.origin == label.origin);
            let oldest = of_guild.next().map(|(number, _)| *number);
            assert_eq!(oldest, Some(number), "the oldest of its guild goes first");
            self.check_turns(label.origin, &ready);
            self.in_hand.push(label);
            self.popped += 1;
        }

        /// Checks that nobody is passed over twice by the same.
        fn check_turns(&mut self, served: Origin, ready: &[(u64, Label)]) {
            let guilds: HashSet<_> = ready.iter().map(|(_, one)| one.origin).collect();
            for origin in guilds {
                let passed = self.passed.entry(origin).or_default();
                *passed = if origin == served { 0 } else { *passed + 1 };
                assert!(*passed < GUILDS, "{origin:?} was passed over");
            }
        }

        fn trim(&mut self, queue: &mut Queue<u64>, bounds: Bounds) {
            loop {
                let first = self.victim(Shed::First);
                let expected = first.or_else(|| self.victim(Shed::Last));
                let bytes = self.waiting.iter().map(|(_, one)| one.bytes).sum::<usize>();
                let is_over = self.waiting.len() + self.interactions.len() > bounds.events
                    || bytes > bounds.bytes;
                let shed = queue.pop_excess();
                assert_eq!(shed, expected.filter(|_| is_over));
                let Some(number) = shed else { return };
                assert_ne!(self.take(number).shed, Shed::Never);
                self.shed += 1;
            }
        }

        fn apply(&mut self, queue: &mut Queue<u64>, step: &Step) {
            match step {
                Step::Push(label) => {
                    self.pushed += 1;
                    self.waiting.push((self.pushed, *label));
                    queue.push(*label, self.pushed);
                }
                Step::PushInteraction => {
                    self.pushed += 1;
                    self.interactions.push_back(self.pushed);
                    queue.push_interaction(0, self.pushed);
                }
                Step::Pop => self.pop(queue),
                Step::PopInteraction => {
                    let oldest = self.interactions.pop_front();
                    self.popped += u64::from(oldest.is_some());
                    assert_eq!(queue.pop_interaction(), oldest);
                }
                Step::End(index) if !self.in_hand.is_empty() => {
                    let ended = self.in_hand.swap_remove(index % self.in_hand.len());
                    ended.line.into_iter().for_each(|line| queue.advance(line));
                }
                Step::End(_) => {}
            }
        }

        fn check(&mut self, queue: &Queue<u64>) {
            let ready = self.ready();
            let is_ready = |origin| ready.iter().any(|(_, one)| one.origin == origin);
            self.passed.retain(|origin, _| is_ready(*origin));
            let waiting = self.waiting.len() + self.interactions.len();
            assert_eq!(queue.len(), waiting);
            assert_eq!(self.pushed, self.popped + self.shed + waiting as u64);
        }
    }

    proptest! {
        #[test]
        fn it_does_what_the_plain_way_would(
            steps in prop::collection::vec(step(), 1..400),
            events in 0..30_usize,
        ) {
            let bounds = Bounds { events, bytes: 2_000 };
            let (mut queue, mut model) = (Queue::new(bounds), Model::default());

            for step in &steps {
                model.apply(&mut queue, step);
                model.trim(&mut queue, bounds);
                model.check(&queue);
            }

            // Once everything in hand has ended, everything that waits can be handled.
            while !model.in_hand.is_empty() || !model.ready().is_empty() {
                model.pop(&mut queue);
                model.apply(&mut queue, &Step::End(0));
            }
            let interactions = std::iter::from_fn(|| queue.pop_interaction()).count();
            prop_assert_eq!(interactions, model.interactions.len());
            prop_assert_eq!((queue.len(), queue.bytes), (0, 0));
            prop_assert_eq!(queue.lanes.size(), 0);
        }
    }
}
