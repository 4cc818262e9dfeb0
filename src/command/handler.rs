//! What the handlers of all kinds of interactions have in common.

use std::fmt;

use twilight_model::guild::Permissions;

use crate::check::{Checks, Cooldown, IntoCheck, MaxConcurrency, Rule};
use crate::context::Context;
use crate::error::Entry;
use crate::exception::Whose;
use crate::extract::Requirements;
use crate::failure::Failure;
use crate::handler::{Call, TimeLimit};
use crate::meta::{Meta, Place};

/// A function for a kind of interactions, with its settings.
pub(crate) struct InteractionHandler {
    pub(crate) meta: Meta,
    /// Where it was added to a bot or a plugin.
    pub(crate) added: Option<Place>,
    pub(crate) time: TimeLimit,
    pub(crate) requirements: Requirements,
    pub(crate) on_error: Vec<Entry>,
    pub(crate) checks: Checks,
    pub(crate) defer: Defer,
    pub(crate) admissions: Vec<Admission>,
    pub(crate) call: Box<dyn Call>,
}

/// Decides whether somebody may use a component or a modal, and whether it still works, before the
/// checks count the use.
pub(crate) type Admission = Box<dyn Fn(&Context) -> Result<(), Failure> + Send + Sync>;

/// How cordial defers the answer to an interaction that its handler has not answered after 2 seconds.
///
/// Discord waits 3 seconds for an answer or a deferral. A deferral decides who sees the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Defer {
    /// Everybody sees that the answer is deferred.
    ///
    /// For a component, cordial defers a change to its message instead, which nobody sees.
    #[default]
    Public,
    /// Nobody else sees that the answer is deferred.
    ///
    /// For a component, this defers a new message: `update` can then no longer change the message with
    /// the component.
    Ephemeral,
    /// The answer is not deferred.
    ///
    /// The handler has to answer or defer in time.
    Never,
}

impl InteractionHandler {
    pub(crate) fn new(meta: Meta, (call, requirements): (Box<dyn Call>, Requirements)) -> Self {
        Self {
            meta,
            added: None,
            time: TimeLimit::OfBot,
            requirements,
            on_error: Vec::new(),
            checks: Checks::default(),
            defer: Defer::default(),
            admissions: Vec::new(),
            call,
        }
    }
}

impl fmt::Debug for InteractionHandler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.meta.fmt(f)
    }
}

impl Checks {
    #[track_caller]
    pub(crate) fn own_check<M>(&mut self, check: impl IntoCheck<M>) {
        self.add(Rule::Own(check.into_check().into()));
    }

    pub(crate) fn permissions(&mut self, whose: Whose, needed: Permissions) {
        self.add(Rule::Permissions(whose, needed));
    }

    pub(crate) fn cooldown(&mut self, cooldown: Cooldown) {
        self.add(Rule::Cooldown(cooldown.into()));
    }

    pub(crate) fn concurrency(&mut self, limit: MaxConcurrency) {
        self.add(Rule::Concurrency(limit));
    }
}

/// Gives a builder the methods that add checks, to the field that an expression names.
macro_rules! check_methods {
    (|$builder:ident| $checks:expr) => {
        /// Restricts it to guilds.
        ///
        /// Elsewhere it fails with a [`GuildOnly`](crate::exception::GuildOnly), and Discord does not
        /// offer it.
        pub fn guild_only(mut self) -> Self {
            let $builder = &mut self;
            $checks.add(crate::check::Rule::GuildOnly);
            self
        }

        /// Restricts it to direct messages.
        ///
        /// Elsewhere it fails with a [`DirectOnly`](crate::exception::DirectOnly), and Discord does not
        /// offer it.
        pub fn direct_only(mut self) -> Self {
            let $builder = &mut self;
            $checks.add(crate::check::Rule::DirectOnly);
            self
        }

        /// Restricts it to the [owners](crate::BotBuilder::owners) of the bot.
        ///
        /// For others it fails with a [`NotOwner`](crate::exception::NotOwner).
        pub fn owner_only(mut self) -> Self {
            let $builder = &mut self;
            $checks.add(crate::check::Rule::OwnerOnly);
            self
        }

        /// Restricts it to people who have all of these permissions in the channel.
        ///
        /// For others it fails with a [`LacksPermissions`](crate::exception::LacksPermissions), and
        /// Discord does not offer it to them.
        pub fn user_permissions(mut self, needed: twilight_model::guild::Permissions) -> Self {
            let $builder = &mut self;
            $checks.permissions(crate::exception::Whose::User, needed);
            self
        }

        /// Restricts it to channels where the bot has all of these permissions.
        ///
        /// Elsewhere it fails with a [`LacksPermissions`](crate::exception::LacksPermissions).
        pub fn bot_permissions(mut self, needed: twilight_model::guild::Permissions) -> Self {
            let $builder = &mut self;
            $checks.permissions(crate::exception::Whose::Bot, needed);
            self
        }

        /// Adds a check: a function that decides who may use it.
        #[track_caller]
        pub fn check<M>(mut self, check: impl crate::check::IntoCheck<M>) -> Self {
            let $builder = &mut self;
            $checks.own_check(check);
            self
        }

        /// Limits how often it may be used within a time.
        pub fn cooldown(mut self, cooldown: crate::check::Cooldown) -> Self {
            let $builder = &mut self;
            $checks.cooldown(cooldown);
            self
        }

        /// Limits how often it may run at once.
        pub fn max_concurrency(mut self, limit: crate::check::MaxConcurrency) -> Self {
            let $builder = &mut self;
            $checks.concurrency(limit);
            self
        }
    };
}

/// Gives a builder with an [`InteractionHandler`] in its field `handler` the methods that all have.
macro_rules! handler_methods {
    () => {
        crate::error::own_methods!(|builder| builder.handler);

        /// Sets how cordial defers its answer if it has not answered after 2 seconds.
        pub fn defer(mut self, defer: crate::command::Defer) -> Self {
            self.handler.defer = defer;
            self
        }

        crate::command::check_methods!(|builder| builder.handler.checks);
    };
}

pub(crate) use check_methods;
pub(crate) use handler_methods;
