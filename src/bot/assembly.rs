//! Assembly: turns what an author collected into a bot, or into a list of every mistake in it.

use std::collections::HashMap;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use twilight_model::application::command::{Command, CommandOption};
use twilight_model::gateway::Intents;
use twilight_model::gateway::event::EventType;

use crate::bot::builder::IntentChoice;
#[cfg(feature = "cache")]
use crate::bot::caching::Caching;
use crate::bot::group::Group;
use crate::bot::registration::Registration;
use crate::bot::validate::Need;
use crate::bot::vigil::Lookout;
use crate::bot::{Bot, BotBuilder, BuildError, Endpoints, Mistake, Plugin, Token};
#[cfg(feature = "cache")]
use crate::cache::Shelves;
use crate::check::Checks;
use crate::context::{Brought, Fleet, Owners, StateMap};
use crate::dispatch::{
    Dispatcher, Engine, Interactions, Listener, Pace, Route, Routes, Rules, Wanted,
};
use crate::error::{Entry, Flood, Registry, Resolver};
use crate::event::EventKinds;
use crate::exception::{Cycle, Lattice};
use crate::extract::AwaitedEvent;
use crate::failure::Failure;
use crate::gateway::{SessionStore, ShardThreads};
use crate::health::Health;
use crate::http::Policy;
use crate::meta::{Meta, Place};
use crate::outcome::Level;
use crate::task::Tasks;

/// A bot, put together.
pub(crate) struct Assembled {
    pub(crate) dispatcher: Arc<Dispatcher>,
    /// Brings the failure that is to stop the bot.
    pub(crate) fatal: UnboundedReceiver<Failure>,
    pub(crate) registries: Vec<Arc<Registry>>,
    pub(crate) listeners: Vec<Arc<Route>>,
    /// The routes of the handlers of interactions.
    pub(crate) answering: Vec<Arc<Route>>,
    pub(crate) intents: Intents,
    /// Whether the author chose the intents, whatever the listeners need.
    pub(crate) chose_intents: bool,
    pub(crate) tasks: Arc<Tasks>,
    /// The error handlers and tasks whose arguments need intents, and the handlers that the cache is for.
    pub(crate) asking: Vec<(Meta, Intents)>,
    pub(crate) token: Option<Token>,
    pub(crate) endpoints: Option<Endpoints>,
    pub(crate) grace: Duration,
    pub(crate) requests: Policy,
    pub(crate) threads: ShardThreads,
    pub(crate) store: Option<Arc<dyn SessionStore>>,
    pub(crate) lookout: Lookout,
    pub(crate) registration: Registration,
}

impl Assembled {
    /// Returns whether the bot handles commands, components or modals.
    pub(crate) fn takes_interactions(&self) -> bool {
        let only = EventKinds::of(EventType::InteractionCreate);
        let mut listeners = self.listeners.iter();
        !self.answering.is_empty()
            || !self.registration.commands.is_empty()
            || listeners.any(|listener| listener.event.kinds == only)
    }
}

impl BotBuilder {
    /// Builds the bot, and checks everything that can be checked.
    ///
    /// # Errors
    ///
    /// [`BuildError`] with every mistake that was found.
    pub fn build(self) -> Result<Bot, BuildError> {
        assemble(self).map(Bot::new)
    }
}

/// Assembles a bot.
fn assemble(mut builder: BotBuilder) -> Result<Assembled, BuildError> {
    let lattice = Arc::new(lattice(&mut builder));
    let (fatal, taken) = unbounded_channel();
    let engine = Arc::new(Engine {
        resolver: Resolver::new(&lattice, builder.error_handler_time),
        policy: builder.policy,
        tasks: TaskTracker::new(),
        stop: CancellationToken::new(),
        fatal,
        observers: builder.observers,
        owners: Owners::new(builder.owners),
        clock: builder.clock,
        health: Health::default(),
        fleet: Fleet::new(builder.presence),
        apology: builder.apology,
        flood: Flood::default(),
        watchers: Arc::default(),
        #[cfg(feature = "cache")]
        cache: Arc::new(Shelves::new(builder.cache)),
    });
    let mut assembly = Assembly::new(&lattice, &engine, builder.tasks);
    let (home, _) = assembly.add(builder.group, Level::Bot, &Surroundings::default());
    let intents = assembly.intents(builder.intents);
    assembly.refuse_silent(builder.wanted);
    assembly.check_commands(builder.commands);
    assembly.refuse_mistakes()?;
    begin(&assembly, intents, builder.wanted.allowed());
    let dispatcher = dispatcher(&mut assembly, home, builder.wanted, builder.intake);
    Ok(Assembled {
        dispatcher,
        fatal: taken,
        registries: assembly.registries,
        listeners: assembly.listeners,
        answering: assembly.answering,
        intents,
        chose_intents: matches!(builder.intents, IntentChoice::Only(_)),
        tasks: Arc::new(assembly.tasks),
        asking: assembly.asking,
        token: builder.token,
        endpoints: builder.endpoints,
        grace: builder.grace,
        requests: builder.requests,
        threads: builder.threads,
        store: builder.store,
        lookout: builder.lookout,
        registration: Registration {
            commands: assembly.commands,
            development_guild: builder.development_guild,
        },
    })
}

/// Says what will come, and what is kept of it.
fn begin(assembly: &Assembly<'_>, intents: Intents, kinds: EventKinds) {
    let engine = assembly.engine;
    engine.watchers.begin(Brought { intents, kinds });
    #[cfg(feature = "cache")]
    assembly.caching.begin(engine);
}

/// Makes the dispatcher.
fn dispatcher(
    assembly: &mut Assembly<'_>,
    home: Surroundings,
    wanted: Wanted,
    intake: Rules,
) -> Arc<Dispatcher> {
    let engine = Arc::clone(assembly.engine);
    let routes = Routes::new(assembly.listeners.iter().cloned(), wanted);
    let interactions = assembly.interactions(&home);
    let connection = Route::of_connection(home.levels, home.states, &engine);
    let dispatcher = Dispatcher::new(engine, routes, interactions, connection);
    let dispatcher = Arc::new(dispatcher.within(intake));
    count_load(&dispatcher);
    dispatcher
}

/// Makes the dispatcher's load part of the bot's health.
fn count_load(dispatcher: &Arc<Dispatcher>) {
    // Whoever asks for the health of a bot keeps none alive.
    let counted = Arc::downgrade(dispatcher);
    let load = move || counted.upgrade().map(|bot| bot.load());
    let health = &dispatcher.engine.health;
    health.counts_load(move || load().unwrap_or_default());
}

/// Collects derived exceptions, the author's declarations, and the types that error handlers are for.
fn lattice(builder: &mut BotBuilder) -> Lattice {
    let mut lattice = Lattice::collected();
    for declare in builder.declarations.drain(..) {
        declare(&mut lattice);
    }
    register(&builder.group, &mut lattice);
    lattice
}

fn register(group: &Group, lattice: &mut Lattice) {
    let own = group
        .handlers
        .listeners
        .iter()
        .flat_map(|listener| &listener.on_error);
    let answering = group.handlers.answering();
    let answering = answering.flat_map(|handler| &handler.on_error);
    let tasks = group.handlers.tasks.iter().flat_map(|task| &task.on_error);
    let all = group.handlers.error_handlers.iter();
    for entry in all.chain(own).chain(answering).chain(tasks) {
        (entry.register)(lattice);
    }
    for inner in &group.groups {
        register(&inner.group, lattice);
    }
    for plugin in &group.plugins {
        register(&plugin.group, lattice);
    }
}

/// A bot during assembly.
pub(crate) struct Assembly<'a> {
    lattice: &'a Lattice,
    pub(crate) engine: &'a Arc<Engine>,
    registries: Vec<Arc<Registry>>,
    pub(crate) listeners: Vec<Arc<Route>>,
    /// The routes of the handlers of interactions.
    pub(crate) answering: Vec<Arc<Route>>,
    pub(crate) interactions: Interactions,
    /// The names of commands, each with its handler and where that was added.
    pub(crate) claimed: HashMap<(&'static str, String), (Meta, Option<Place>)>,
    /// Where groups of commands were made.
    pub(crate) groups: HashMap<String, Place>,
    /// The commands, as Discord is told of them.
    pub(crate) commands: Vec<Command>,
    pub(crate) tasks: Tasks,
    /// The intents that arguments of error handlers and tasks require.
    pub(crate) asking: Vec<(Meta, Intents)>,
    /// The events that handlers wait for.
    pub(crate) awaited: Vec<(Meta, AwaitedEvent)>,
    /// The resources that the cache is to keep.
    #[cfg(feature = "cache")]
    pub(crate) caching: Caching,
    pub(crate) mistakes: Vec<Mistake>,
}

/// The levels, state and names around a handler.
#[derive(Clone, Default)]
pub(crate) struct Surroundings {
    /// Innermost first.
    pub(crate) levels: Vec<Arc<Registry>>,
    pub(crate) states: Arc<StateMap>,
    pub(crate) checks: Checks,
    /// The names of the groups of commands, outermost first.
    pub(crate) path: Vec<String>,
}

impl Surroundings {
    /// Returns the path to a command here: `queue add`.
    pub(crate) fn path_to(&self, name: &str) -> String {
        let names = self.path.iter().map(String::as_str).chain([name]);
        names.collect::<Vec<_>>().join(" ")
    }
}

impl<'a> Assembly<'a> {
    fn new(lattice: &'a Lattice, engine: &'a Arc<Engine>, tasks: Tasks) -> Self {
        let circles = lattice.cycles().into_iter();
        let circles = circles.map(|Cycle(types)| Mistake::Cycle { types });
        Self {
            lattice,
            engine,
            registries: Vec::new(),
            listeners: Vec::new(),
            answering: Vec::new(),
            interactions: Interactions::default(),
            claimed: HashMap::new(),
            groups: HashMap::new(),
            commands: Vec::new(),
            tasks,
            asking: Vec::new(),
            awaited: Vec::new(),
            #[cfg(feature = "cache")]
            caching: Caching::default(),
            mistakes: circles.collect(),
        }
    }

    /// Fails if anything was found to be wrong.
    fn refuse_mistakes(&mut self) -> Result<(), BuildError> {
        if self.mistakes.is_empty() {
            return Ok(());
        }
        Err(BuildError::new(mem::take(&mut self.mistakes)))
    }

    /// Adds a bot, a plugin or a group of commands, with everything in it. Returns the surroundings of its
    /// handlers, and the descriptions of its commands if they are in a group.
    pub(crate) fn add(
        &mut self,
        group: Group,
        level: Level,
        outer: &Surroundings,
    ) -> (Surroundings, Vec<CommandOption>) {
        self.refuse_duplicates(&group);
        let states = Arc::new(group.states.within(&outer.states));
        self.refuse_unmet_of_checks(&group.checks, &states);
        let around = Surroundings {
            levels: self.levels(
                (level, None),
                group.handlers.error_handlers,
                &states,
                &outer.levels,
            ),
            states,
            checks: group.checks.within(&outer.checks),
            path: outer.path.clone(),
        };
        for listener in group.handlers.listeners {
            self.add_listener(listener, &around);
        }
        let mut described = Vec::new();
        for command in group.handlers.commands {
            described.extend(self.add_command(command, &around));
        }
        for menu in group.handlers.menus {
            self.add_menu(menu, &around);
        }
        for component in group.handlers.components {
            self.add_component(component, &around);
        }
        for modal in group.handlers.modals {
            self.add_modal(modal, &around);
        }
        for task in group.handlers.tasks {
            self.add_task(task, &around);
        }
        for group in group.groups {
            described.extend(self.add_group(group, &around));
        }
        for Plugin { name, group, .. } in group.plugins {
            described.extend(self.add(group, Level::Plugin(name), &around).1);
        }
        (around, described)
    }

    fn add_listener(&mut self, listener: Listener, around: &Surroundings) {
        let need = Need {
            handler: &listener.meta,
            event: listener.event.name,
            carries: listener.event.carries,
        };
        self.refuse_unmet(&need, &listener.requirements, &around.states);
        let levels = self.levels(
            (Level::Handler, Some(listener.meta.clone())),
            listener.on_error,
            &around.states,
            &around.levels,
        );
        self.listeners.push(Arc::new(Route {
            meta: listener.meta,
            time: listener.time,
            more_intents: listener.requirements.intents_for(listener.event.intents),
            event: listener.event,
            call: listener.call,
            levels,
            states: Arc::clone(&around.states),
            engine: Arc::clone(self.engine),
            stop: self.engine.stop.clone(),
            conduct: None,
            pace: Pace::default(),
        }));
    }

    /// Puts a level inside others, unless it has no error handlers.
    pub(crate) fn levels(
        &mut self,
        (level, owner): (Level, Option<Meta>),
        entries: Vec<Entry>,
        states: &Arc<StateMap>,
        outer: &[Arc<Registry>],
    ) -> Vec<Arc<Registry>> {
        if entries.is_empty() {
            return outer.to_vec();
        }
        for entry in &entries {
            let need = Need {
                handler: &entry.meta,
                event: entry.event,
                carries: entry.carries,
            };
            self.refuse_unmet(&need, &entry.requirements, states);
            if !self.lattice.knows(entry.target) {
                tracing::warn!(
                    error_handler = ?entry.meta,
                    facet = entry.key.type_name,
                    "no exception declares this facet, so the error handler never runs: add \
                     `#[facet(..)]` to the exceptions that have it",
                );
            }
            if !entry.intents.is_empty() {
                self.asking.push((entry.meta.clone(), entry.intents));
            }
        }
        let registry = Arc::new(Registry::new(
            level,
            owner,
            Arc::clone(states),
            self.lattice,
            entries,
        ));
        let ambiguities = registry.ambiguities().into_iter();
        self.mistakes.extend(
            ambiguities.map(|ambiguity| Mistake::AmbiguousErrorHandlers {
                handlers: ambiguity.handlers,
                places: ambiguity.places,
                error: ambiguity.error,
            }),
        );
        self.registries.push(Arc::clone(&registry));
        std::iter::once(registry)
            .chain(outer.iter().cloned())
            .collect()
    }
}
