//! Assembly of the handlers of interactions.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use twilight_model::application::command::{
    Command, CommandOption, CommandOptionType, CommandType,
};
use twilight_model::gateway::event::EventType;

use crate::bot::assembly::{Assembly, Surroundings};
use crate::bot::validate::Need;
use crate::bot::{CommandGroup, Mistake};
use crate::check::Checks;
use crate::command::{Autocomplete, ContextMenu, Defer, InteractionHandler, SlashCommand};
use crate::component::{ComponentHandler, ModalHandler};
use crate::context::StateMap;
use crate::dispatch::{Conduct, EventNeed, Interactions, Pace, Route};
use crate::event::{EventKinds, Part, Presence};
use crate::interaction::{carries, carries_in_guild};
use crate::meta::Meta;
use crate::outcome::Level;

/// A handler of interactions during assembly: its place and its name there.
struct Slot<'a> {
    around: &'a Surroundings,
    event: &'static str,
}

impl Assembly<'_> {
    /// Adds a slash command. Returns its description if it is in a group.
    pub(crate) fn add_command(
        &mut self,
        mut command: SlashCommand,
        around: &Surroundings,
    ) -> Option<CommandOption> {
        let path = around.path_to(&command.named.name);
        let options = command.described();
        let checks = command.handler.checks.within(&around.checks);
        let described = command
            .named
            .as_option(CommandOptionType::SubCommand, options.clone());
        let kind = CommandType::ChatInput;
        let whole = command
            .named
            .as_command(kind, options, &checks, &command.offer);
        let completions = command.options.iter_mut().filter_map(|option| {
            let name = option.schema.name.clone();
            option.autocomplete.take().map(|complete| (name, complete))
        });
        let completions: Vec<_> = completions.collect();
        let is_first = self.claim("slash command", &path, &command.handler);
        let slot = Slot {
            around,
            event: "CommandContext",
        };
        let route = self.route(command.handler, &slot);
        for (option, complete) in completions {
            self.add_completion(complete, &route, (&path, option), around);
        }
        if !is_first {
            return None;
        }
        self.interactions.commands.insert(path, route);
        if around.path.is_empty() {
            self.commands.push(whole);
            return None;
        }
        Some(described)
    }

    /// Adds a command of a context menu.
    pub(crate) fn add_menu(&mut self, menu: ContextMenu, around: &Surroundings) {
        let checks = menu.handler.checks.within(&around.checks);
        let (command, name) = (menu.described(&checks), menu.named.name);
        let is_of_user = menu.kind == CommandType::User;
        let (what, event) = if is_of_user {
            ("user context menu", "UserMenuContext")
        } else {
            ("message context menu", "MessageMenuContext")
        };
        let is_first = self.claim(what, &name, &menu.handler);
        let route = self.route(menu.handler, &Slot { around, event });
        if !is_first {
            return;
        }
        self.commands.push(command);
        let interactions = &mut self.interactions;
        let menus = if is_of_user {
            &mut interactions.user_menus
        } else {
            &mut interactions.message_menus
        };
        menus.insert(name, route);
    }

    /// Adds the handler of a component.
    pub(crate) fn add_component(&mut self, component: ComponentHandler, around: &Surroundings) {
        let name = component.route.name();
        let is_first = self.claim("component", name, &component.handler);
        let slot = Slot {
            around,
            event: "ComponentContext",
        };
        let route = self.route(component.handler, &slot);
        if is_first {
            let components = &mut self.interactions.components;
            components.insert(component.route.key(), route);
        }
    }

    /// Adds the handler of a modal.
    pub(crate) fn add_modal(&mut self, modal: ModalHandler, around: &Surroundings) {
        let is_first = self.claim("modal", modal.route.name(), &modal.handler);
        let slot = Slot {
            around,
            event: "ModalContext",
        };
        let route = self.route(modal.handler, &slot);
        if is_first {
            self.interactions.modals.insert(modal.route.key(), route);
        }
    }

    /// Adds a group with everything in it. Returns its description if it is in another group.
    pub(crate) fn add_group(
        &mut self,
        group: CommandGroup,
        around: &Surroundings,
    ) -> Option<CommandOption> {
        let CommandGroup {
            named,
            place,
            group,
            offer,
        } = group;
        let mut within = around.clone();
        within.path.push(named.name.clone());
        let level = Level::Group(named.name.clone().into());
        let checks = group.checks.within(&around.checks);
        let (_, options) = self.add(group, level, &within);
        if let Some(first) = self.groups.insert(within.path.join(" "), place) {
            self.mistakes.push(Mistake::DuplicateGroup {
                name: within.path.join(" "),
                places: [first, place],
            });
            return None;
        }
        if options.is_empty() {
            let name = within.path.join(" ");
            self.mistakes.push(Mistake::EmptyGroup { name, place });
            return None;
        }
        if around.path.is_empty() {
            let kind = CommandType::ChatInput;
            let command: Command = named.as_command(kind, options, &checks, &offer);
            self.commands.push(command);
            return None;
        }
        Some(named.as_option(CommandOptionType::SubCommandGroup, options))
    }

    /// Returns the handlers of interactions. An interaction without a handler becomes a failure, unless the
    /// author has a listener of interactions.
    pub(crate) fn interactions(&mut self, home: &Surroundings) -> Interactions {
        let only = EventKinds::of(EventType::InteractionCreate);
        let mut listeners = self.listeners.iter();
        let is_listened_to = listeners.any(|listener| listener.event.kinds == only);
        let mut interactions = std::mem::take(&mut self.interactions);
        if !is_listened_to && !interactions.is_empty() {
            let (levels, states) = (home.levels.clone(), Arc::clone(&home.states));
            interactions.unknown = Some(Route::of_unknown(levels, states, self.engine));
        }
        interactions
    }

    fn add_completion(
        &mut self,
        complete: Autocomplete,
        command: &Route,
        (path, option): (&str, String),
        around: &Surroundings,
    ) {
        let Autocomplete {
            meta,
            time,
            requirements,
            call,
        } = complete;
        let need = Need {
            handler: &meta,
            event: "AutocompleteContext",
            carries: command.event.carries,
        };
        self.refuse_unmet(&need, &requirements, &around.states);
        let route = Route {
            meta,
            time,
            event: EventNeed::interaction("AutocompleteContext", command.event.carries),
            more_intents: requirements.intents_for(command.event.intents),
            call,
            levels: command.levels.clone(),
            states: Arc::clone(&around.states),
            engine: Arc::clone(self.engine),
            stop: self.engine.stop.clone(),
            conduct: command.conduct.as_ref().map(|conduct| Conduct {
                checks: conduct.checks.clone(),
                defer: Defer::Never,
                admissions: Vec::new(),
            }),
            pace: Pace::default(),
        };
        let completions = &mut self.interactions.completions;
        let of_command = completions.entry(path.to_owned()).or_default();
        let route = Arc::new(route);
        of_command.insert(option, Arc::clone(&route));
        self.answering.push(route);
    }

    /// Claims a name for a handler, unless another of its kind has it.
    fn claim(&mut self, what: &'static str, name: &str, handler: &InteractionHandler) -> bool {
        let second = (handler.meta.clone(), handler.added);
        match self.claimed.entry((what, name.to_owned())) {
            Entry::Vacant(free) => {
                free.insert(second);
                true
            }
            Entry::Occupied(taken) => {
                let first = taken.get();
                self.mistakes.push(Mistake::DuplicateCommand {
                    handlers: [first.0.clone(), second.0],
                    places: [first.1, second.1],
                    what,
                    name: name.to_owned(),
                });
                false
            }
        }
    }

    /// Makes the route of a handler of interactions.
    fn route(&mut self, handler: InteractionHandler, slot: &Slot<'_>) -> Arc<Route> {
        let InteractionHandler {
            meta,
            time,
            requirements,
            on_error,
            checks,
            defer,
            admissions,
            call,
            ..
        } = handler;
        let around = slot.around;
        self.refuse_unmet_of_checks(&checks, &around.states);
        let checks = checks.within(&around.checks);
        let carries = self.carries(&meta, &checks);
        let need = Need {
            handler: &meta,
            event: slot.event,
            carries,
        };
        self.refuse_unmet(&need, &requirements, &around.states);
        let levels = self.levels(
            (Level::Handler, Some(meta.clone())),
            on_error,
            &around.states,
            &around.levels,
        );
        let event = EventNeed::interaction(slot.event, carries);
        let route = Arc::new(Route {
            meta,
            time,
            more_intents: requirements.intents_for(event.intents),
            event,
            call,
            levels,
            states: Arc::clone(&around.states),
            engine: Arc::clone(self.engine),
            stop: self.engine.stop.clone(),
            conduct: Some(Conduct {
                checks,
                defer,
                admissions,
            }),
            pace: Pace::default(),
        });
        self.answering.push(Arc::clone(&route));
        route
    }

    /// Returns which parts are there once checks have passed, and refuses checks that nobody can pass.
    fn carries(&mut self, handler: &Meta, checks: &Checks) -> fn(Part) -> Presence {
        if checks.is_for_nobody() {
            let handler = handler.clone();
            self.mistakes.push(Mistake::ForNobody { handler });
        }
        if checks.is_guild_only() {
            return carries_in_guild;
        }
        carries
    }

    /// Refuses checks of the author's own whose arguments nobody provides.
    pub(crate) fn refuse_unmet_of_checks(&mut self, checks: &Checks, states: &StateMap) {
        for check in checks.own() {
            let need = Need {
                handler: &check.meta,
                event: "InteractionContext",
                carries,
            };
            self.refuse_unmet(&need, &check.requirements, states);
        }
    }
}
