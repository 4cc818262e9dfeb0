//! Registration of commands, if those that Discord knows differ.

use twilight_http::client::InteractionClient;
use twilight_model::application::command::Command;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;
use twilight_model::oauth::{Application, ApplicationIntegrationType};

use crate::command::{Plan, is_ours, is_same};
use crate::exception::{ErrorCode, HttpError, RateLimited};
use crate::failure::{Failure, Result};
use crate::http::Http;

/// The commands of a bot, and where to register them.
pub(crate) struct Registration {
    pub(crate) commands: Vec<Command>,
    pub(crate) development_guild: Option<Id<GuildMarker>>,
}

/// What is to be done.
struct Work {
    plan: Plan,
    /// The commands to register, if the plan is not empty.
    commands: Vec<Command>,
}

impl Registration {
    /// Registers the commands. A bot without commands registers nothing and deletes nothing.
    pub(crate) async fn apply(&self, http: &Http, application: &Application) -> Result<()> {
        if self.commands.is_empty() {
            return Ok(());
        }
        let work = self.work(http, application).await?;
        tracing::info!(guild = ?self.development_guild, "commands: {}", work.plan);
        if work.plan.is_empty() {
            return Ok(());
        }
        let discord = http.client().interaction(application.id);
        match self.development_guild {
            Some(guild) => {
                http.tell(discord.set_guild_commands(guild, &work.commands))
                    .await
            }
            None => http.tell(discord.set_global_commands(&work.commands)).await,
        }
    }

    /// Compares the commands that Discord knows with those of the bot, and changes nothing.
    pub(crate) async fn plan(&self, http: &Http, application: &Application) -> Result<Plan> {
        if self.commands.is_empty() {
            return Ok(Plan::default());
        }
        Ok(self.work(http, application).await?.plan)
    }

    async fn work(&self, http: &Http, application: &Application) -> Result<Work> {
        let discord = http.client().interaction(application.id);
        let known = discord.global_commands().with_localizations(true);
        let known: Vec<Command> = http.ask(known).await?;
        let told = self.told(application);
        let (plan, commands) = match self.development_guild {
            Some(guild) => in_guild(http, &discord, guild, &known, told).await?,
            None => (Plan::of(&known, &told), with_others(&self.commands, known)),
        };
        Ok(Work { plan, commands })
    }

    /// Returns the commands as Discord knows them after registration: those without installation types have the
    /// application's.
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
}

/// Works out the commands of one guild: those that Discord does not know everywhere.
async fn in_guild(
    http: &Http,
    discord: &InteractionClient<'_>,
    guild: Id<GuildMarker>,
    everywhere: &[Command],
    told: Vec<Command>,
) -> Result<(Plan, Vec<Command>)> {
    let is_new = |told: &Command| !everywhere.iter().any(|known| is_same(known, told));
    let wanted = told.into_iter().filter(is_new).map(of_guild);
    let wanted: Vec<_> = wanted.collect();
    let known = discord.guild_commands(guild).with_localizations(true);
    let known: Vec<Command> = http.ask(known).await?;
    let comparable: Vec<_> = known.iter().cloned().map(of_guild).collect();
    Ok((Plan::of(&comparable, &wanted), with_others(&wanted, known)))
}

/// Removes the fields that only global commands have. (Discord: Application Commands, Application Command Object.)
fn of_guild(command: Command) -> Command {
    Command {
        contexts: None,
        integration_types: None,
        ..command
    }
}

/// Adds known commands of kinds that bots have no handlers for, such as the entry point of an activity: Discord
/// deletes commands that are left out.
fn with_others(commands: &[Command], known: Vec<Command>) -> Vec<Command> {
    let others = known.into_iter().filter(|known| !is_ours(known));
    commands.iter().cloned().chain(others).collect()
}

/// Returns whether Discord takes no more of something today, which does not stop a bot.
pub(crate) fn is_enough_for_today(failure: &Failure) -> bool {
    const TOO_MANY_TODAY: ErrorCode = ErrorCode::Number(30034);

    let code = failure.find::<HttpError>().and_then(HttpError::code);
    failure.is::<RateLimited>() || code == Some(&TOO_MANY_TODAY)
}
