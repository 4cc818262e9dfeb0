//! Warnings: given, listed and taken back.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cordial::prelude::*;

use crate::hierarchy::Target;

pub(crate) fn plugin() -> Plugin {
    Plugin::new("warn")
        .guild_only()
        .state(Warnings::default())
        .add(handlers![warn, warnings, pardon])
        .add(handlers![no_such_warning])
}

/// Warn a member.
#[command(user_permissions = MODERATE_MEMBERS)]
async fn warn(
    ctx: &CommandContext,
    /// Whom?
    member: Target,
    /// For what?
    #[option(max_length = 200)]
    reason: String,
    guild: GuildId,
    kept: State<Warnings>,
) -> Result<()> {
    let name = member.user().name.clone();
    let count = kept.add(*guild, member.user().id, &reason);
    ctx.reply(format!(
        "{name} has been warned: {reason} (warning {count})"
    ))
    .await?;
    Ok(())
}

/// List the warnings of a member.
#[command]
async fn warnings(
    ctx: &CommandContext,
    /// Whose?
    member: User,
    guild: GuildId,
    kept: State<Warnings>,
) -> Result<()> {
    let reasons = kept.of(*guild, member.id);
    let lines = reasons.iter().enumerate();
    let lines = lines.map(|(index, reason)| format!("{}. {reason}", index + 1));
    let list = match reasons.len() {
        0 => format!("{} has no warnings.", member.name),
        _ => lines.collect::<Vec<_>>().join("\n"),
    };
    ctx.reply(Reply::new(list).ephemeral()).await?;
    Ok(())
}

/// Take a warning back.
#[command(user_permissions = MODERATE_MEMBERS)]
async fn pardon(
    ctx: &CommandContext,
    /// Whom?
    member: Target,
    /// Which warning?
    #[option(min = 1)]
    number: u16,
    guild: GuildId,
    kept: State<Warnings>,
) -> Result<()> {
    let reason = kept.take(*guild, member.user().id, number.into())?;
    let name = &member.user().name;
    ctx.reply(format!("{name} has been pardoned for: {reason}"))
        .await?;
    Ok(())
}

/// Belongs to this plugin, so it can name one of its commands.
#[error_handler]
async fn no_such_warning(ctx: &CommandContext, error: &NoSuchWarning) -> Result<bool> {
    let text = format!("I am sorry, {error}: see `/warnings`.");
    ctx.reply(Reply::new(text).ephemeral()).await?;
    Ok(true)
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("there is no warning {number}")]
struct NoSuchWarning {
    number: usize,
}

/// The warnings of everybody, for as long as the bot runs.
#[derive(Default)]
struct Warnings(Mutex<HashMap<Whose, Vec<String>>>);

type Whose = (Id<GuildMarker>, Id<UserMarker>);

impl Warnings {
    /// Adds one, and returns how many there are.
    fn add(&self, guild: Id<GuildMarker>, user: Id<UserMarker>, reason: &str) -> usize {
        let mut kept = self.lock();
        let reasons = kept.entry((guild, user)).or_default();
        reasons.push(reason.to_owned());
        reasons.len()
    }

    fn of(&self, guild: Id<GuildMarker>, user: Id<UserMarker>) -> Vec<String> {
        let kept = self.lock().get(&(guild, user)).cloned();
        kept.unwrap_or_default()
    }

    /// Takes one back by its number, counted from 1.
    fn take(
        &self,
        guild: Id<GuildMarker>,
        user: Id<UserMarker>,
        number: usize,
    ) -> Result<String, NoSuchWarning> {
        let mut kept = self.lock();
        let reasons = kept.entry((guild, user)).or_default();
        match number.checked_sub(1) {
            Some(index) if index < reasons.len() => Ok(reasons.remove(index)),
            _ => Err(NoSuchWarning { number }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Whose, Vec<String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
