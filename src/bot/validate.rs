//! Validation of what an author collected: it finds every mistake before anything runs.

use std::collections::HashMap;

use twilight_model::application::command::Command;
use twilight_model::gateway::Intents;
use twilight_model::gateway::event::EventType;

use crate::bot::Mistake;
use crate::bot::assembly::Assembly;
use crate::bot::builder::IntentChoice;
use crate::bot::group::Group;
use crate::command::flaws_of_all;
use crate::context::StateMap;
use crate::dispatch::{Listener, Wanted};
use crate::event::{EventKinds, Part, Presence};
use crate::extract::Requirements;
use crate::meta::{HandlerKind, Meta};
use crate::task::Task;

/// The owner of the arguments under examination.
pub(crate) struct Need<'a> {
    pub(crate) handler: &'a Meta,
    pub(crate) event: &'static str,
    pub(crate) carries: fn(Part) -> Presence,
}

impl Assembly<'_> {
    pub(crate) fn refuse_duplicates(&mut self, group: &Group) {
        let states = group
            .states_twice
            .iter()
            .map(|&(state, places)| Mistake::DuplicateState { state, places });
        self.mistakes.extend(states);
        let mut known = HashMap::new();
        for second in &group.handlers.listeners {
            let key = (second.meta.name(), second.event.name);
            let first: &Listener = known.entry(key).or_insert(second);
            if !std::ptr::eq(first, second) {
                self.mistakes.push(Mistake::DuplicateListener {
                    listeners: [first.meta.clone(), second.meta.clone()],
                    places: [first.added, second.added],
                    event: second.event.name,
                });
            }
        }
        let mut known = HashMap::new();
        for second in &group.handlers.tasks {
            let first: &Task = known.entry(second.meta.name()).or_insert(second);
            if !std::ptr::eq(first, second) {
                self.mistakes.push(Mistake::DuplicateTask {
                    tasks: [first.meta.clone(), second.meta.clone()],
                    places: [first.added, second.added],
                });
            }
        }
        for (index, plugin) in group.plugins.iter().enumerate() {
            let mut earlier = group.plugins[..index].iter();
            if let Some(first) = earlier.find(|earlier| earlier.name == plugin.name) {
                self.mistakes.push(Mistake::DuplicatePlugin {
                    name: plugin.name.clone(),
                    places: [first.place, plugin.place],
                });
            }
        }
    }

    pub(crate) fn refuse_unmet(
        &mut self,
        need: &Need<'_>,
        requirements: &Requirements,
        states: &StateMap,
    ) {
        let handler = need.handler;
        #[cfg(feature = "cache")]
        self.caching.ask(handler, requirements);
        let awaited = requirements.awaited.iter();
        self.awaited
            .extend(awaited.map(|event| (handler.clone(), *event)));
        for needed in &requirements.states {
            if !states.contains(needed.type_id) {
                self.mistakes.push(Mistake::MissingState {
                    handler: handler.clone(),
                    state: needed.type_name,
                });
            }
        }
        for needed in &requirements.parts {
            let (handler, extractor, event) = (handler.clone(), needed.extractor, need.event);
            match (need.carries)(needed.part) {
                Presence::Never if handler.kind() == HandlerKind::Task => {
                    let task = handler;
                    self.mistakes.push(Mistake::NoEvent { task, extractor });
                }
                Presence::Never => self.mistakes.push(Mistake::NeverThere {
                    handler,
                    extractor,
                    event,
                }),
                Presence::Sometimes if !needed.is_optional => {
                    self.mistakes.push(Mistake::SometimesAbsent {
                        handler,
                        extractor,
                        event,
                    });
                }
                _ => {}
            }
        }
    }

    /// Works out the intents to ask for, and which of the handlers' needs they leave out.
    pub(crate) fn intents(&mut self, choice: IntentChoice) -> Intents {
        #[cfg(feature = "cache")]
        let of_cache = self.ask_for_cache(choice);
        #[cfg(not(feature = "cache"))]
        let of_cache = Intents::empty();
        match choice {
            IntentChoice::Derived { more } => {
                let handlers = self.listeners.iter().chain(&self.answering);
                let handlers = handlers.map(|handler| handler.intents());
                let error_handlers = self.asking.iter().map(|(_, intents)| *intents);
                handlers
                    .chain(error_handlers)
                    .fold(more | of_cache, Intents::union)
            }
            IntentChoice::Only(intents) => {
                self.refuse_intents(intents);
                intents
            }
        }
    }

    fn refuse_intents(&mut self, chosen: Intents) {
        for listener in &self.listeners {
            let needed = listener.event.intents;
            if !needed.is_empty() && !needed.intersects(chosen) {
                let handler = listener.meta.clone();
                self.mistakes
                    .push(Mistake::MissingIntents { handler, needed });
            }
        }
        let listeners = self.listeners.iter().chain(&self.answering);
        let listeners = listeners.map(|listener| (&listener.meta, listener.more_intents));
        let error_handlers = self.asking.iter().map(|(meta, intents)| (meta, *intents));
        let withheld = listeners
            .chain(error_handlers)
            .map(|(meta, intents)| (meta, intents.difference(chosen)))
            .filter(|(_, needed)| !needed.is_empty());
        self.mistakes
            .extend(withheld.map(|(meta, needed)| Mistake::WithheldIntents {
                handler: meta.clone(),
                needed,
            }));
    }

    /// Adds commands that were described without handlers, and refuses what Discord would refuse.
    pub(crate) fn check_commands(&mut self, described: Vec<Command>) {
        self.commands.extend(described);
        let flaws = flaws_of_all(&self.commands).into_iter();
        self.mistakes.extend(flaws.map(Mistake::Command));
    }

    /// Refuses listeners whose event never arrives or is not read, and handlers that wait for events that are
    /// not read.
    pub(crate) fn refuse_silent(&mut self, wanted: Wanted) {
        let outage = EventKinds::of(EventType::UnavailableGuild);
        for listener in self.listeners.iter().chain(&self.answering) {
            let (kinds, event) = (listener.event.kinds, listener.event.name);
            let handler = || listener.meta.clone();
            if kinds == outage {
                self.mistakes.push(Mistake::NeverArrives {
                    handler: handler(),
                    event,
                    instead: "GuildDelete",
                });
            } else if kinds.intersection(wanted.allowed()).is_empty() {
                self.mistakes.push(Mistake::Unwanted {
                    handler: handler(),
                    event,
                });
            }
        }
        let unread = self.awaited.iter();
        let unread = unread.filter(|(_, event)| !event.kinds.has(wanted.allowed()));
        let unread = unread.map(|(handler, event)| Mistake::UnreadWait {
            handler: handler.clone(),
            event: event.name,
        });
        self.mistakes.extend(unread);
    }
}
