//! What the handlers of all sorts of interactions have in common.

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

/// A function for a sort of interactions, with its options.
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

/// Says whether what somebody used is theirs to use, and works: before checks count a use.
pub(crate) type Admission = Box<dyn Fn(&Context) -> Result<(), Failure> + Send + Sync>;

/// How the answer to an interaction is put off, if the handler has not given one after 2 seconds.
///
/// Discord waits 3 seconds for an answer, or the promise of one. Who sees a promise is fixed with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Defer {
    /// Everybody sees that an answer is promised. For a component the message with it is promised to
    /// change, which nobody sees.
    #[default]
    Public,
    /// Nobody else sees that an answer is promised. For a component that is a message of its own: the
    /// one with the component can then no more be changed by `update`.
    Ephemeral,
    /// It is not put off: the handler sees to that itself.
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

/// Gives a builder the methods that add checks. They are added to what an expression names.
macro_rules! check_methods {
    (|$builder:ident| $checks:expr) => {
        /// Lets it be used in guilds only. Elsewhere it fails with a
        /// [`GuildOnly`](crate::exception::GuildOnly), and Discord does not offer it.
        pub fn guild_only(mut self) -> Self {
            let $builder = &mut self;
            $checks.add(crate::check::Rule::GuildOnly);
            self
        }

        /// Lets it be used in direct messages only. Elsewhere it fails with a
        /// [`DirectOnly`](crate::exception::DirectOnly), and Discord does not offer it.
        pub fn direct_only(mut self) -> Self {
            let $builder = &mut self;
            $checks.add(crate::check::Rule::DirectOnly);
            self
        }

        /// Lets only the [owners](crate::BotBuilder::owners) of the bot use it. Others fail with a
        /// [`NotOwner`](crate::exception::NotOwner).
        pub fn owner_only(mut self) -> Self {
            let $builder = &mut self;
            $checks.add(crate::check::Rule::OwnerOnly);
            self
        }

        /// Lets only people use it who have all of these permissions in the channel. Others fail with
        /// a [`LacksPermissions`](crate::exception::LacksPermissions), and Discord does not offer it
        /// to them.
        pub fn user_permissions(mut self, needed: twilight_model::guild::Permissions) -> Self {
            let $builder = &mut self;
            $checks.permissions(crate::exception::Whose::User, needed);
            self
        }

        /// Lets it be used only where the bot has all of these permissions. Elsewhere it fails with a
        /// [`LacksPermissions`](crate::exception::LacksPermissions).
        pub fn bot_permissions(mut self, needed: twilight_model::guild::Permissions) -> Self {
            let $builder = &mut self;
            $checks.permissions(crate::exception::Whose::Bot, needed);
            self
        }

        /// Lets a function say who may use it.
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

        /// Limits how often it may be used at once.
        pub fn max_concurrency(mut self, limit: crate::check::MaxConcurrency) -> Self {
            let $builder = &mut self;
            $checks.concurrency(limit);
            self
        }
    };
}

/// Gives a builder around an [`InteractionHandler`], its field `handler`, the methods that all have.
macro_rules! handler_methods {
    () => {
        crate::error::own_methods!(|builder| builder.handler);

        /// Sets how its answer is put off, if it has not given one after 2 seconds.
        pub fn defer(mut self, defer: crate::command::Defer) -> Self {
            self.handler.defer = defer;
            self
        }

        crate::command::check_methods!(|builder| builder.handler.checks);
    };
}

pub(crate) use check_methods;
pub(crate) use handler_methods;
