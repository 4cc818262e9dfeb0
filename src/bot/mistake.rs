//! The mistakes that a bot can have before it runs.

use std::borrow::Cow;
use std::fmt;

use twilight_model::gateway::Intents;

use crate::command::Flaw;
use crate::meta::{Meta, Place};
use crate::task::TaskFlaw;

/// All the mistakes that `build()` found in a bot.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, crate::Exception)]
pub struct BuildError {
    mistakes: Vec<Mistake>,
}

impl BuildError {
    pub(crate) fn new(mistakes: Vec<Mistake>) -> Self {
        Self { mistakes }
    }

    /// Returns the mistakes, in the order they were found.
    #[must_use]
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.mistakes.len();
        let mistakes = if count == 1 { "mistake" } else { "mistakes" };
        write!(f, "the bot has {count} {mistakes}:")?;
        self.mistakes
            .iter()
            .try_for_each(|mistake| write!(f, "\n- {mistake}"))
    }
}

/// A mistake in a bot, and how to correct it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mistake {
    /// Two error handlers have the same precedence, so their order is undefined.
    AmbiguousErrorHandlers {
        /// The two.
        handlers: [Meta; 2],
        /// Where each was added.
        places: [Option<Place>; 2],
        /// The error type that both are for.
        error: &'static str,
    },
    /// The same listener was added twice to one bot or plugin.
    DuplicateListener {
        /// The two.
        listeners: [Meta; 2],
        /// Where each was added.
        places: [Option<Place>; 2],
        /// The event of both.
        event: &'static str,
    },
    /// The same task was added twice to one bot or plugin.
    DuplicateTask {
        /// The two.
        tasks: [Meta; 2],
        /// Where each was added.
        places: [Option<Place>; 2],
    },
    /// Two commands of one kind have the same name.
    DuplicateCommand {
        /// Their handlers.
        handlers: [Meta; 2],
        /// Where each was added.
        places: [Option<Place>; 2],
        /// What they are.
        what: &'static str,
        /// The name, with those of the groups around it.
        name: String,
    },
    /// A handler is for guilds only and for direct messages only, by its own checks and those around it.
    ForNobody {
        /// The handler.
        handler: Meta,
    },
    /// A group holds no commands.
    EmptyGroup {
        /// The name, with those of the groups around it.
        name: String,
        /// Where it was made.
        place: Place,
    },
    /// Two groups of commands have the same name.
    DuplicateGroup {
        /// The name, with those of the groups around it.
        name: String,
        /// Where they were made.
        places: [Place; 2],
    },
    /// Two plugins with the same name are part of one bot or plugin.
    DuplicatePlugin {
        /// The name.
        name: Cow<'static, str>,
        /// Where they were made.
        places: [Place; 2],
    },
    /// Two values of the same type were shared by one bot or plugin.
    DuplicateState {
        /// The type.
        state: &'static str,
        /// Where they were added.
        places: [Place; 2],
    },
    /// A handler takes a state that nobody shares with it.
    MissingState {
        /// The handler.
        handler: Meta,
        /// The type of the state.
        state: &'static str,
    },
    /// A handler takes a part of the event that this event never has.
    NeverThere {
        /// The handler.
        handler: Meta,
        /// The extractor of the part.
        extractor: &'static str,
        /// The event.
        event: &'static str,
    },
    /// A task takes a part of an event, but tasks run for no event.
    NoEvent {
        /// The task.
        task: Meta,
        /// The extractor of the part.
        extractor: &'static str,
    },
    /// A task would never run, or not as its options say.
    Task {
        /// The task.
        task: Meta,
        /// What is wrong with its schedule.
        flaw: TaskFlaw,
    },
    /// A handler takes a part of the event as always there, but the event has it only sometimes.
    SometimesAbsent {
        /// The handler.
        handler: Meta,
        /// The extractor of the part.
        extractor: &'static str,
        /// The event.
        event: &'static str,
    },
    /// A listener's event cannot arrive with the intents that the author chose.
    MissingIntents {
        /// The listener.
        handler: Meta,
        /// The intents, any of which would bring the event.
        needed: Intents,
    },
    /// A handler takes an argument that is blank without intents which the author left out.
    WithheldIntents {
        /// The handler.
        handler: Meta,
        /// The intents that are missing.
        needed: Intents,
    },
    /// The cache is to keep something that the intents the author chose do not bring.
    #[cfg(feature = "cache")]
    UncachedIntents {
        /// What it is to keep.
        resources: crate::cache::Resources,
        /// The intents that are missing.
        needed: Intents,
    },
    /// The cache is to keep messages, but no more than zero.
    #[cfg(feature = "cache")]
    CacheWithoutRoom,
    /// A listener's event is not among those that the author chose to read.
    Unwanted {
        /// The listener.
        handler: Meta,
        /// The event.
        event: &'static str,
    },
    /// A handler takes [`Waits`](crate::waiting::Waits) for an event that is not among those that the author
    /// chose to read.
    UnreadWait {
        /// The handler.
        handler: Meta,
        /// The event.
        event: &'static str,
    },
    /// A listener's event never arrives, because another event arrives instead.
    NeverArrives {
        /// The listener.
        handler: Meta,
        /// The event.
        event: &'static str,
        /// The event that arrives.
        instead: &'static str,
    },
    /// Discord would refuse a command.
    Command(Flaw),
    /// Error types are-a each other in a circle, so none is the most specific.
    Cycle {
        /// The types: each is-a the next, and the last is the first again.
        types: Vec<&'static str>,
    },
}

impl fmt::Display for Mistake {
    #[expect(
        clippy::too_many_lines,
        reason = "a table of texts reads best in one piece"
    )]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AmbiguousErrorHandlers {
                handlers,
                places,
                error,
            } => write!(
                f,
                "two error handlers for `{error}` have the same precedence, so their order is \
                 undefined: {}. Remove or rename one",
                both(handlers, places),
            ),
            Self::DuplicateListener {
                listeners,
                places,
                event,
            } => write!(
                f,
                "a listener for `{event}` was added twice: {}. Remove or rename one",
                both(listeners, places),
            ),
            Self::DuplicateTask { tasks, places } => write!(
                f,
                "a task was added twice: {}. Remove or rename one",
                both(tasks, places),
            ),
            Self::DuplicateCommand {
                handlers,
                places,
                what,
                name,
            } => write!(
                f,
                "two handlers claim the {what} `{name}`: {}. Remove or rename one",
                both(handlers, places),
            ),
            Self::ForNobody { handler } => write!(
                f,
                "{handler:?} would never run: one of its checks allows only guilds (permissions \
                 exist only there), another only direct messages. Remove one of them, from the \
                 handler or from its plugin",
            ),
            Self::EmptyGroup { name, place } => write!(
                f,
                "the command group `{name}`, created at {place}, is empty. Add a command, or \
                 remove the group",
            ),
            Self::DuplicateGroup {
                name,
                places: [first, second],
            } => write!(
                f,
                "two command groups are named `{name}`, at {first} and {second}. Merge them into \
                 one",
            ),
            Self::DuplicatePlugin {
                name,
                places: [first, second],
            } => write!(
                f,
                "two plugins are named `{name}`, at {first} and {second}, so reports could not \
                 tell them apart. Rename one",
            ),
            Self::DuplicateState {
                state,
                places: [first, second],
            } => write!(
                f,
                "two values of type `{state}` were added as state, at {first} and {second}, but a \
                 handler could get only one of them. Wrap one in a type of its own",
            ),
            Self::MissingState { handler, state } => write!(
                f,
                "{handler:?} takes `State<{state}>`, but no such state was added. Add it with \
                 `.state(..)` to the bot or to the handler's plugin",
            ),
            Self::NeverThere {
                handler,
                extractor,
                event,
            } => write!(
                f,
                "{handler:?} takes `{extractor}`, but `{event}` never has one. Remove the argument",
            ),
            Self::NoEvent { task, extractor } => write!(
                f,
                "{task:?} takes `{extractor}`, which comes from an event, but tasks run without \
                 one. Remove the argument",
            ),
            Self::Task { task, flaw } => write!(f, "{task:?} {flaw}"),
            Self::SometimesAbsent {
                handler,
                extractor,
                event,
            } => write!(
                f,
                "{handler:?} takes `{extractor}`, but `{event}` does not always have one. Take \
                 `Option<{extractor}>`, or a narrower event such as `InGuild<..>`; a `guild_only` \
                 handler always has a guild",
            ),
            Self::MissingIntents { handler, needed } => write!(
                f,
                "{handler:?} would never run: its event needs {}, which `only_intents(..)` leaves \
                 out. Add it, or remove `only_intents`",
                names(*needed),
            ),
            Self::WithheldIntents { handler, needed } => write!(
                f,
                "{handler:?} takes a value that Discord leaves blank without {}, which \
                 `only_intents(..)` leaves out. Add it, or remove `only_intents`",
                names(*needed),
            ),
            #[cfg(feature = "cache")]
            Self::UncachedIntents { resources, needed } => write!(
                f,
                "`cache(..)` keeps {resources:?}, which needs {}, but `only_intents(..)` leaves \
                 that out. Add it, or remove `only_intents`",
                names(*needed),
            ),
            #[cfg(feature = "cache")]
            Self::CacheWithoutRoom => f.write_str(
                "`cache_messages(..)` leaves room for no messages: both numbers must be at least \
                 1. To cache no messages, remove the call",
            ),
            Self::Unwanted { handler, event } => write!(
                f,
                "{handler:?} would never run: `only_wants(..)` leaves `{event}` out. Add it, or \
                 remove `only_wants`",
            ),
            Self::UnreadWait { handler, event } => write!(
                f,
                "{handler:?} would wait in vain: `only_wants(..)` leaves `{event}` out. Add it, or \
                 remove `only_wants`",
            ),
            Self::NeverArrives {
                handler,
                event,
                instead,
            } => write!(
                f,
                "{handler:?} would never run: `{event}` arrives as `{instead}`. Take `&{instead}`",
            ),
            Self::Command(flaw) => flaw.fmt(f),
            Self::Cycle { types } => write!(
                f,
                "error types form a cycle of is-a relations, `{}`, so none is more specific than \
                 the others. Mark one variant with `#[opaque]`",
                types.join("` is-a `"),
            ),
        }
    }
}

/// Names two handlers of one name, and where each was added.
fn both([first, second]: &[Meta; 2], places: &[Option<Place>; 2]) -> String {
    let [at_first, at_second] = places.map(|place| match place {
        Some(place) => format!(", added at {place}"),
        None => String::new(),
    });
    if first == second {
        return format!(
            "{first:?}{at_first} and{}",
            at_second.trim_start_matches(',')
        );
    }
    format!("{first:?}{at_first}, and {second:?}{at_second}")
}

fn names(intents: Intents) -> String {
    let names: Vec<_> = intents.iter_names().map(|(name, _)| name).collect();
    names.join(" or ")
}
