//! The checks of one handler, with those of everything around it.

use std::sync::Arc;

use twilight_model::application::interaction::InteractionContextType;
use twilight_model::guild::Permissions;

use crate::check::concurrency::Permit;
use crate::check::{Check, Cooldown, MaxConcurrency};
use crate::exception::{DirectOnly, GuildOnly, LacksPermissions, NotOwner, Whose};
use crate::failure::{Failure, IntoFailure};
use crate::interaction::{InteractionContext, InteractionKind};

/// The first turn of those that limit how often something is used.
const LIMITS: u8 = 4;

/// One check.
#[derive(Clone)]
pub(crate) enum Rule {
    GuildOnly,
    DirectOnly,
    OwnerOnly,
    Permissions(Whose, Permissions),
    Own(Arc<Check>),
    Concurrency(MaxConcurrency),
    Cooldown(Arc<Cooldown>),
}

/// The checks of a handler, a plugin or a bot, in the order in which they run.
#[derive(Clone, Default)]
pub(crate) struct Checks(Vec<Rule>);

/// Leave to run, for as long as this is kept.
#[derive(Debug)]
pub(crate) struct Passed {
    _permits: Vec<Permit>,
}

impl Rule {
    /// Returns when it runs: what is known at once first, what counts uses last.
    fn turn(&self) -> u8 {
        match self {
            Self::GuildOnly | Self::DirectOnly => 0,
            Self::OwnerOnly => 1,
            Self::Permissions(..) => 2,
            Self::Own(_) => 3,
            Self::Concurrency(_) => LIMITS,
            Self::Cooldown(_) => LIMITS + 1,
        }
    }

    async fn ask(&self, ctx: &InteractionContext) -> Result<(), Failure> {
        let is_in_guild = ctx.guild_id().is_some();
        match self {
            Self::GuildOnly if !is_in_guild => Err(GuildOnly::new().into_failure()),
            Self::DirectOnly if is_in_guild => Err(DirectOnly::new().into_failure()),
            Self::OwnerOnly if !ctx.is_owner(ctx.user().id).await? => {
                Err(NotOwner::new().into_failure())
            }
            Self::Permissions(whose, needed) => has(ctx, *whose, *needed),
            Self::Own(check) => check.pass(ctx.context()).await,
            Self::Cooldown(cooldown) => cooldown.refuse(ctx).map_err(IntoFailure::into_failure),
            _ => Ok(()),
        }
    }
}

/// Sees to it that somebody has permissions. Of people, only members of a guild have any, and none that are not
/// known.
fn has(ctx: &InteractionContext, whose: Whose, needed: Permissions) -> Result<(), Failure> {
    let permissions = match whose {
        Whose::User if ctx.guild_id().is_none() => return Err(GuildOnly::new().into_failure()),
        Whose::User => ctx.permissions().unwrap_or_else(Permissions::empty),
        Whose::Bot => ctx.bot_permissions(),
    };
    // Administrators may do everything. (Discord: Permissions, Permission Hierarchy.)
    let missing = needed.difference(permissions);
    if missing.is_empty() || permissions.contains(Permissions::ADMINISTRATOR) {
        return Ok(());
    }
    Err(LacksPermissions::new(whose, missing).into_failure())
}

impl Checks {
    pub(crate) fn add(&mut self, rule: Rule) {
        self.0.push(rule);
        self.0.sort_by_key(Rule::turn);
    }

    /// Returns these checks behind those of what is around them.
    pub(crate) fn within(&self, outer: &Self) -> Self {
        let mut all = outer.clone();
        all.0.extend(self.0.iter().cloned());
        all.0.sort_by_key(Rule::turn);
        all
    }

    /// Lists the author's own.
    pub(crate) fn own(&self) -> impl Iterator<Item = &Arc<Check>> {
        self.0.iter().filter_map(|rule| match rule {
            Rule::Own(check) => Some(check),
            _ => None,
        })
    }

    /// Returns whether what passes is in a guild.
    pub(crate) fn is_guild_only(&self) -> bool {
        let mut rules = self.0.iter();
        rules.any(|rule| matches!(rule, Rule::GuildOnly | Rule::Permissions(Whose::User, _)))
    }

    /// Returns whether nothing can pass: it is for guilds, and for direct messages.
    pub(crate) fn is_for_nobody(&self) -> bool {
        let mut rules = self.0.iter();
        self.is_guild_only() && rules.any(|rule| matches!(rule, Rule::DirectOnly))
    }

    /// Returns where Discord is to offer it, if not everywhere.
    pub(crate) fn places(&self) -> Option<Vec<InteractionContextType>> {
        if self.is_guild_only() {
            return Some(vec![InteractionContextType::Guild]);
        }
        let is_direct = self.0.iter().any(|rule| matches!(rule, Rule::DirectOnly));
        is_direct.then(|| vec![InteractionContextType::BotDm])
    }

    /// Returns the permissions that people need for Discord to offer it to them.
    pub(crate) fn user_permissions(&self) -> Option<Permissions> {
        let needed = self.0.iter().filter_map(|rule| match rule {
            Rule::Permissions(Whose::User, permissions) => Some(*permissions),
            _ => None,
        });
        needed.reduce(Permissions::union)
    }

    /// Returns the permissions that the bot needs.
    pub(crate) fn bot_permissions(&self) -> Permissions {
        let needed = self.0.iter().filter_map(|rule| match rule {
            Rule::Permissions(Whose::Bot, permissions) => Some(*permissions),
            _ => None,
        });
        needed.fold(Permissions::empty(), Permissions::union)
    }

    /// Asks all of them, until one does not pass. Only then are uses counted.
    pub(crate) async fn pass(&self, ctx: &InteractionContext) -> Result<Passed, Failure> {
        self.ask(ctx).await?;
        let mut permits = Vec::new();
        for rule in &self.0 {
            match rule {
                Rule::Concurrency(limit) => {
                    permits.push(limit.take(ctx).map_err(IntoFailure::into_failure)?);
                }
                Rule::Cooldown(cooldown) => {
                    cooldown.take(ctx).map_err(IntoFailure::into_failure)?;
                }
                _ => {}
            }
        }
        Ok(Passed { _permits: permits })
    }

    async fn ask(&self, ctx: &InteractionContext) -> Result<(), Failure> {
        for rule in &self.0 {
            rule.ask(ctx).await?;
        }
        Ok(())
    }

    /// Asks those that are about who somebody is, and not how often they do it.
    pub(crate) async fn ask_while_typing(&self, ctx: &InteractionContext) -> Result<(), Failure> {
        for rule in self.0.iter().filter(|rule| rule.turn() < LIMITS) {
            rule.ask(ctx).await?;
        }
        Ok(())
    }
}
