//! Telling Discord of the commands, if it does not know them as they are.

use twilight_http::Client;
use twilight_http::client::InteractionClient;
use twilight_model::application::command::Command;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;
use twilight_model::oauth::{Application, ApplicationIntegrationType};

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
        let application = http.current_user_application().await?.model().await?;
        let discord = http.interaction(application.id);
        let known = discord.global_commands().with_localizations(true);
        let known = known.await?.models().await?;
        let told = self.told(&application);
        match self.development_guild {
            Some(guild) => {
                let is_new = |told: &&Command| !known.iter().any(|known| is_same(known, told));
                let new = told.iter().filter(is_new).cloned().map(in_a_guild);
                apply_in(&discord, guild, new.collect()).await
            }
            None => self.apply_globally(&discord, known, &told).await,
        }
    }

    /// Returns the commands as Discord knows them once it was told: those that do not say for which
    /// installations they are, are for those of the application.
    fn told(&self, application: &Application) -> Vec<Command> {
        let config = application.integration_types_config.as_ref();
        let guild = config.is_none_or(|config| config.guild.is_some());
        let user = config.is_some_and(|config| config.user.is_some());
        let types = [
            (guild, ApplicationIntegrationType::GuildInstall),
            (user, ApplicationIntegrationType::UserInstall),
        ];
        let types = types.into_iter().filter(|(is_set, _)| *is_set);
        let types: Vec<_> = types.map(|(_, kind)| kind).collect();
        let told = self.commands.iter().cloned().map(|command| Command {
            integration_types: command.integration_types.or_else(|| Some(types.clone())),
            ..command
        });
        told.collect()
    }

    async fn apply_globally(
        &self,
        discord: &InteractionClient<'_>,
        known: Vec<Command>,
        told: &[Command],
    ) -> Result<()> {
        let plan = Plan::of(&known, told);
        tracing::info!("commands: {plan}");
        if !plan.is_empty() {
            let commands = with_others(&self.commands, known);
            discord.set_global_commands(&commands).await?;
        }
        Ok(())
    }
}

/// Makes one guild know what Discord does not know everywhere.
async fn apply_in(
    discord: &InteractionClient<'_>,
    guild: Id<GuildMarker>,
    commands: Vec<Command>,
) -> Result<()> {
    let known = discord.guild_commands(guild).with_localizations(true);
    let known = known.await?.models().await?;
    let comparable: Vec<_> = known.iter().cloned().map(in_a_guild).collect();
    let plan = Plan::of(&comparable, &commands);
    tracing::info!(%guild, "commands: {plan}");
    if !plan.is_empty() {
        let commands = with_others(&commands, known);
        discord.set_guild_commands(guild, &commands).await?;
    }
    Ok(())
}

/// Returns a command without what is said of commands that are known everywhere alone. (Discord:
/// Application Commands, Application Command Object.)
fn in_a_guild(command: Command) -> Command {
    Command {
        contexts: None,
        integration_types: None,
        ..command
    }
}

/// Adds the commands that are of no kind that bots have handlers for, such as the entry point of an
/// activity: what is left out would be deleted.
fn with_others(commands: &[Command], known: Vec<Command>) -> Vec<Command> {
    let others = known.into_iter().filter(|known| !is_ours(known));
    commands.iter().cloned().chain(others).collect()
}
