//! What stands between the shards and the invocations: so much is in hand at once, so much waits, and the
//! rest is shed.
//!
//! An event is *in hand* from its start until all of its invocations have ended. As long as there is room
//! and nothing waits, taking one in costs a few atomic operations. Two counters tell what the lock guards:
//! whoever leaves the hand looks whether anything waits after that, and whoever puts something into the
//! queue looks whether there is room after that, so one of them sees the other.

mod lanes;
mod lines;
mod origin;
mod policy;
mod postponed;
mod queue;
mod tally;

pub use self::policy::{Order, Shed};

pub(crate) use self::origin::Origin;
pub(crate) use self::policy::Rules;
pub(crate) use self::postponed::{Postponed, Prepared};
pub(crate) use self::tally::{Due, Tally};

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use twilight_model::gateway::event::EventType;

use crate::context::Scene;
use crate::dispatch::intake::queue::{Label, Queue};
use crate::health::Load;

/// What decides which events run, which wait, and which are shed.
pub(crate) struct Intake {
    rules: Rules,
    events: Room,
    /// Interactions have room of their own: no flood of other events holds them up.
    interactions: Room,
    waiting: Mutex<Waiting>,
    /// How many wait.
    queued: AtomicUsize,
    pub(crate) tally: Tally<Scene>,
}

/// What the lock of an [`Intake`] guards.
struct Waiting {
    queue: Queue<Postponed>,
    /// Somebody is starting what waits. Whoever else could leaves it to them: were each to start the
    /// next from where the last ended, a runtime that drops its tasks would run out of stack.
    is_served: bool,
}

/// The seat of an event in hand, which it gives back in the end.
#[derive(Clone, Copy)]
pub(crate) struct Seat {
    is_interaction: bool,
    /// The line that it is in front of.
    line: Option<Origin>,
}

/// What becomes of an event that has waited.
pub(crate) enum Turn {
    Start(Postponed, Seat),
    Shed(Postponed),
}

/// So many may be in hand, and so many are.
struct Room {
    most: usize,
    taken: AtomicUsize,
}

impl Room {
    fn new(most: usize) -> Self {
        Self {
            most,
            taken: AtomicUsize::new(0),
        }
    }

    fn try_take(&self) -> bool {
        let more = |taken| (taken < self.most).then_some(taken + 1);
        self.taken
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, more)
            .is_ok()
    }

    fn give_back(&self) {
        self.taken.fetch_sub(1, Ordering::SeqCst);
    }

    fn taken(&self) -> usize {
        self.taken.load(Ordering::SeqCst)
    }
}

impl Intake {
    pub(crate) fn new(rules: Rules) -> Self {
        Self {
            events: Room::new(rules.most_in_hand),
            interactions: Room::new(rules.most_in_hand),
            waiting: Mutex::new(Waiting {
                queue: Queue::new(rules.bounds),
                is_served: false,
            }),
            queued: AtomicUsize::new(0),
            tally: Tally::new(),
            rules,
        }
    }

    /// Returns how much there is to do of what came in, without the lock.
    pub(crate) fn load(&self) -> Load {
        Load {
            running: 0,
            in_hand: self.events.taken() + self.interactions.taken(),
            queued: self.queued(),
            shed: self.tally.total(),
        }
    }

    fn queued(&self) -> usize {
        self.queued.load(Ordering::SeqCst)
    }

    /// Takes an event in hand at once, if there is room and it overtakes nobody.
    pub(crate) fn admit(&self, kind: Option<EventType>) -> Option<Seat> {
        let is_interaction = kind == Some(EventType::InteractionCreate);
        let room = self.room(is_interaction);
        // Interactions wait for nobody but others, for which there was no room.
        let is_free = is_interaction || (self.rules.order.is_none() && self.queued() == 0);
        (is_free && room.try_take()).then_some(Seat {
            is_interaction,
            line: None,
        })
    }

    /// Returns whether an event waits for others even if there is room.
    pub(crate) fn is_in_order(&self, kind: EventType) -> bool {
        self.rules.order.is_some() && kind != EventType::InteractionCreate
    }

    /// Lets an event wait.
    pub(crate) fn enqueue(&self, event: Postponed) {
        let label = self.label(&event);
        let mut waiting = self.waiting();
        match label {
            Some(label) => waiting.queue.push(label, event),
            None => waiting.queue.push_interaction(event.bytes(), event),
        }
        self.note(&waiting);
    }

    /// Says what the queue has to know of an event, unless it is an interaction.
    fn label(&self, event: &Postponed) -> Option<Label> {
        let Some(kind) = event.kind() else {
            return Some(Label::unread(event.bytes()));
        };
        if kind == EventType::InteractionCreate {
            return None;
        }
        let place = event.place();
        Some(Label {
            origin: Origin::of(place),
            line: self
                .rules
                .order
                .and_then(|order| Origin::line(place, order)),
            shed: self.rules.shed(kind),
            bytes: event.bytes(),
        })
    }

    /// Takes out what is to be shed, as long as more waits than may.
    pub(crate) fn excess(&self) -> Option<Postponed> {
        let mut waiting = self.waiting();
        let excess = waiting.queue.pop_excess();
        self.note(&waiting);
        excess
    }

    /// Takes out whatever is left, to be shed.
    pub(crate) fn rest(&self) -> Option<Postponed> {
        let mut waiting = self.waiting();
        let rest = waiting.queue.pop_any();
        self.note(&waiting);
        rest
    }

    /// Says what becomes of what waits, one after the other, to whoever asked first, until there is nothing
    /// more to be done: `is_server` tells whether that is who asks.
    pub(crate) fn turn(&self, is_server: &mut bool) -> Option<Turn> {
        let mut waiting = self.waiting();
        if waiting.is_served && !*is_server {
            return None;
        }
        let turn = self.next(&mut waiting.queue);
        self.note(&waiting);
        *is_server = turn.is_some();
        waiting.is_served = turn.is_some();
        turn
    }

    fn next(&self, queue: &mut Queue<Postponed>) -> Option<Turn> {
        // What nobody can be answered any more takes no time from those who can.
        if let Some(expired) = queue.pop_expired() {
            return Some(Turn::Shed(expired));
        }
        for is_interaction in [true, false] {
            let room = self.room(is_interaction);
            if !room.try_take() {
                continue;
            }
            let popped = if is_interaction {
                queue.pop_interaction().map(|event| (None, event))
            } else {
                queue.pop()
            };
            if let Some((line, event)) = popped {
                let seat = Seat {
                    is_interaction,
                    line,
                };
                return Some(Turn::Start(event, seat));
            }
            room.give_back();
        }
        None
    }

    /// Takes a seat back. Returns whether somebody may have waited for it.
    pub(crate) fn leave(&self, seat: Seat) -> bool {
        if let Some(line) = seat.line {
            self.waiting().queue.advance(line);
        }
        self.room(seat.is_interaction).give_back();
        self.queued() > 0
    }

    fn room(&self, is_interaction: bool) -> &Room {
        if is_interaction {
            &self.interactions
        } else {
            &self.events
        }
    }

    /// Notes how many wait, for those who do not ask for the lock.
    fn note(&self, waiting: &Waiting) {
        self.queued.store(waiting.queue.len(), Ordering::SeqCst);
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
