//! Telling Discord of the commands, if it does not know them as they are.

use twilight_http::Client;
use twilight_http::client::InteractionClient;
use twilight_model::application::command::Command;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use crate::command::{Plan, is_ours, is_same};
use crate::failure::Result;

/// The commands of a bot, and where they are to be known.
pub(crate) struct Registration {
    pub(crate) commands: Vec<Command>,
    pub(crate) development_guild: Option<Id<GuildMarker>>,
}

impl Registration {
    /// Makes Discord know the commands. Without any it is told nothing, and nothing is deleted.
    pub(crate) async fn apply(&self, http: &Client) -> Result<()> {
        if self.commands.is_empty() {
            return Ok(());
        }
        let application = http.current_user_application().await?.model().await?.id;
        let discord = http.interaction(application);
        let known = discord.global_commands().with_localizations(true);
        let known = known.await?.models().await?;
        match self.development_guild {
            Some(guild) => self.apply_in(&discord, guild, &known).await,
            None => self.apply_globally(&discord, known).await,
        }
    }

    async fn apply_globally(
        &self,
        discord: &InteractionClient<'_>,
        known: Vec<Command>,
    ) -> Result<()> {
        let plan = Plan::of(&known, &self.commands);
        tracing::info!("commands: {plan}");
        if !plan.is_empty() {
            let commands = with_others(&self.commands, known);
            discord.set_global_commands(&commands).await?;
        }
        Ok(())
    }

    /// Makes one guild know what Discord does not know everywhere.
    async fn apply_in(
        &self,
        discord: &InteractionClient<'_>,
        guild: Id<GuildMarker>,
        everywhere: &[Command],
    ) -> Result<()> {
        let is_new = |command: &&Command| !everywhere.iter().any(|known| is_same(known, command));
        let commands: Vec<_> = self.commands.iter().filter(is_new).cloned().collect();
        let known = discord.guild_commands(guild).with_localizations(true);
        let known = known.await?.models().await?;
        let plan = Plan::of(&known, &commands);
        tracing::info!(%guild, "commands: {plan}");
        if !plan.is_empty() {
            let commands = with_others(&commands, known);
            discord.set_guild_commands(guild, &commands).await?;
        }
        Ok(())
    }
}

/// Adds the commands that are of no kind that bots have handlers for, such as the entry point of an
/// activity: what is left out would be deleted.
fn with_others(commands: &[Command], known: Vec<Command>) -> Vec<Command> {
    let others = known.into_iter().filter(|known| !is_ours(known));
    commands.iter().cloned().chain(others).collect()
}
