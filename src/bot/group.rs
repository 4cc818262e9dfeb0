//! Handlers and state together: what a bot and a plugin have in common.

use std::any::{Any, TypeId, type_name};

use crate::bot::{CommandGroup, Plugin};
use crate::check::Checks;
use crate::command::{ContextMenu, InteractionHandler, SlashCommand};
use crate::component::{ComponentHandler, ModalHandler};
use crate::context::StateMap;
use crate::dispatch::{IntoListener, Listener};
use crate::error::{Entry, ErrorHandler, IntoErrorHandler};
use crate::exception::TypeMap;
use crate::meta::Place;
use crate::task::Task;

/// A collection of handlers of all kinds, made by [`handlers!`](crate::handlers).
#[derive(Default)]
#[expect(clippy::struct_field_names, reason = "error handlers are called so")]
#[must_use = "handlers do nothing until they are added to a bot or a plugin"]
pub struct Handlers {
    pub(crate) listeners: Vec<Listener>,
    pub(crate) error_handlers: Vec<Entry>,
    pub(crate) commands: Vec<SlashCommand>,
    pub(crate) menus: Vec<ContextMenu>,
    pub(crate) components: Vec<ComponentHandler>,
    pub(crate) modals: Vec<ModalHandler>,
    pub(crate) tasks: Vec<Task>,
}

/// Something that adds handlers: the companion of a function with an attribute, or [`Handlers`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be added as a handler",
    label = "not a handler",
    note = "`handlers![..]` collects functions with `#[listener]`, `#[command]`, `#[component]`, `#[modal]`, `#[task]` or `#[error_handler]`",
    note = "a `#[check]` or an `#[autocomplete]` is not collected: name it on the handler or the option that uses it, as `check = f` or `autocomplete = f`"
)]
pub trait IntoHandlers {
    /// Adds its handlers to a collection.
    fn register(self, handlers: &mut Handlers);
}

impl Handlers {
    /// Lists what all handlers of interactions share.
    pub(crate) fn answering(&self) -> impl Iterator<Item = &InteractionHandler> {
        let commands = self.commands.iter().map(|command| &command.handler);
        let menus = self.menus.iter().map(|menu| &menu.handler);
        let components = self.components.iter().map(|component| &component.handler);
        let modals = self.modals.iter().map(|modal| &modal.handler);
        commands.chain(menus).chain(components).chain(modals)
    }

    /// Creates an empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds handlers.
    pub fn with(mut self, handlers: impl IntoHandlers) -> Self {
        handlers.register(&mut self);
        self
    }

    /// Adds a listener, for generated code.
    #[doc(hidden)]
    pub fn listener(&mut self, listener: Listener) {
        self.listeners.push(listener);
    }

    /// Adds an error handler, for generated code.
    #[doc(hidden)]
    pub fn error_handler<E: Sync + ?Sized + 'static>(&mut self, handler: ErrorHandler<E>) {
        self.error_handlers.push(handler.into_entry());
    }

    /// Adds a task, for generated code.
    #[doc(hidden)]
    pub fn task(&mut self, task: Task) {
        self.tasks.push(task);
    }
}

impl IntoHandlers for Handlers {
    fn register(self, handlers: &mut Handlers) {
        handlers.listeners.extend(self.listeners);
        handlers.error_handlers.extend(self.error_handlers);
        handlers.commands.extend(self.commands);
        handlers.menus.extend(self.menus);
        handlers.components.extend(self.components);
        handlers.modals.extend(self.modals);
        handlers.tasks.extend(self.tasks);
    }
}

impl IntoHandlers for SlashCommand {
    fn register(self, handlers: &mut Handlers) {
        handlers.commands.push(self);
    }
}

impl IntoHandlers for ContextMenu {
    fn register(self, handlers: &mut Handlers) {
        handlers.menus.push(self);
    }
}

impl IntoHandlers for ComponentHandler {
    fn register(self, handlers: &mut Handlers) {
        handlers.components.push(self);
    }
}

impl IntoHandlers for ModalHandler {
    fn register(self, handlers: &mut Handlers) {
        handlers.modals.push(self);
    }
}

impl std::fmt::Debug for Handlers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let error_handlers: Vec<_> = self
            .error_handlers
            .iter()
            .map(|entry| &entry.meta)
            .collect();
        f.debug_struct("Handlers")
            .field("listeners", &self.listeners)
            .field("error_handlers", &error_handlers)
            .field("commands", &self.commands)
            .field("menus", &self.menus)
            .field("components", &self.components)
            .field("modals", &self.modals)
            .field("tasks", &self.tasks)
            .finish()
    }
}

/// What a bot and a plugin have in common.
#[derive(Default)]
pub(crate) struct Group {
    pub(crate) handlers: Handlers,
    pub(crate) plugins: Vec<Plugin>,
    pub(crate) groups: Vec<CommandGroup>,
    pub(crate) checks: Checks,
    pub(crate) states: StateMap,
    /// Where each state was added.
    state_places: TypeMap<Place>,
    /// The types of which a second state was added, with both places.
    pub(crate) states_twice: Vec<(&'static str, [Place; 2])>,
}

impl Group {
    #[track_caller]
    pub(crate) fn add(&mut self, handlers: impl IntoHandlers) {
        let mut added = Handlers::new();
        handlers.register(&mut added);
        self.extend(added, Place::caller());
    }

    #[track_caller]
    pub(crate) fn listener<M>(&mut self, listener: impl IntoListener<M>) {
        let mut added = Handlers::new();
        added.listener(listener.into_listener());
        self.extend(added, Place::caller());
    }

    #[track_caller]
    pub(crate) fn error_handler<M>(&mut self, handler: impl IntoErrorHandler<M>) {
        let mut added = Handlers::new();
        added.error_handler(handler.into_error_handler());
        self.extend(added, Place::caller());
    }

    #[track_caller]
    pub(crate) fn task(&mut self, task: Task) {
        let mut added = Handlers::new();
        added.task(task);
        self.extend(added, Place::caller());
    }

    /// Adds handlers, and notes the place where that happened.
    fn extend(&mut self, handlers: Handlers, place: Place) {
        let listeners = handlers.listeners.into_iter();
        self.handlers
            .listeners
            .extend(listeners.map(|listener| Listener {
                added: Some(place),
                ..listener
            }));
        let error_handlers = handlers.error_handlers.into_iter();
        self.handlers
            .error_handlers
            .extend(error_handlers.map(|entry| Entry {
                added: Some(place),
                ..entry
            }));
        for mut command in handlers.commands {
            command.handler.added = Some(place);
            self.handlers.commands.push(command);
        }
        for mut menu in handlers.menus {
            menu.handler.added = Some(place);
            self.handlers.menus.push(menu);
        }
        for mut component in handlers.components {
            component.handler.added = Some(place);
            self.handlers.components.push(component);
        }
        for mut modal in handlers.modals {
            modal.handler.added = Some(place);
            self.handlers.modals.push(modal);
        }
        for mut task in handlers.tasks {
            task.added = Some(place);
            self.handlers.tasks.push(task);
        }
    }

    #[track_caller]
    pub(crate) fn state<T: Any + Send + Sync>(&mut self, state: T) {
        let place = Place::caller();
        self.states.insert(state);
        if let Some(first) = self.state_places.insert(TypeId::of::<T>(), place) {
            self.states_twice.push((type_name::<T>(), [first, place]));
        }
    }
}

/// Gives a builder around a [`Group`] the methods that bots and plugins share.
macro_rules! group_methods {
    () => {
        /// Adds the handlers that [`handlers!`](crate::handlers) collects.
        #[expect(
            clippy::should_implement_trait,
            reason = "it adds handlers, not numbers"
        )]
        #[track_caller]
        pub fn add(mut self, handlers: impl crate::bot::IntoHandlers) -> Self {
            self.group.add(handlers);
            self
        }

        /// Adds a listener: a function, or a [`Listener`](crate::dispatch::Listener) made from one.
        ///
        /// The function's signature determines the event.
        #[track_caller]
        pub fn listener<M>(mut self, listener: impl crate::dispatch::IntoListener<M>) -> Self {
            self.group.listener(listener);
            self
        }

        /// Adds an error handler: a function, or an
        /// [`ErrorHandler`](crate::error::ErrorHandler) made from one.
        ///
        /// The function's signature determines the error type.
        #[track_caller]
        pub fn error_handler<M>(mut self, handler: impl crate::error::IntoErrorHandler<M>) -> Self {
            self.group.error_handler(handler);
            self
        }

        /// Shares a value with the handlers, which take it as [`State<T>`](crate::extract::State).
        #[track_caller]
        pub fn state<T: std::any::Any + Send + Sync>(mut self, state: T) -> Self {
            self.group.state(state);
            self
        }

        /// Adds a command: a [`SlashCommand`](crate::command::SlashCommand) or a
        /// [`ContextMenu`](crate::command::ContextMenu).
        #[track_caller]
        pub fn command(self, command: impl crate::bot::IntoHandlers) -> Self {
            self.add(command)
        }

        /// Adds a task: a function that runs on a schedule, or when the bot starts or stops.
        #[track_caller]
        pub fn task(mut self, task: crate::task::Task) -> Self {
            self.group.task(task);
            self
        }

        /// Adds a group of commands.
        pub fn group(mut self, group: crate::bot::CommandGroup) -> Self {
            self.group.groups.push(group);
            self
        }

        crate::command::check_methods!(|builder| builder.group.checks);

        /// Adds a plugin inside this one.
        pub fn plugin(mut self, plugin: crate::bot::Plugin) -> Self {
            self.group.plugins.push(plugin);
            self
        }
    };
}

pub(crate) use group_methods;
