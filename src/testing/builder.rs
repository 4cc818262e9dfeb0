//! Starting a bot on the simulated Discord, with the rules that a test sets.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use serde_json::json;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use twilight_model::application::command::Command;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::WebhookMarker;

use crate::bot::{Bot, BotBuilder, Endpoints, ShardThreads, Token};
use crate::failure::{IntoFailure, Result};
use crate::health::Health;
use crate::testing::discord::{Discord, Rules, State};
use crate::testing::servers::{Servers, TOKEN};
use crate::testing::settle::settle;
use crate::testing::simulator::{Simulator, join};
use crate::testing::tasks::Tasks;
use crate::testing::watch::Watch;
use crate::testing::world::World;
use crate::testing::{Chaos, Fault, GatewayFault, log};

/// When simulated time can start, in seconds since 1970: from 2015, where Discord's ids start, to the end of 2100.
const TIMES: Range<u64> = 1_420_070_400..4_133_980_800;

/// How often to check whether waiting still makes sense.
const LOOK: Duration = Duration::from_secs(60);

/// How long handlers take to notice that they were cut off.
const CUT_OFF: Duration = Duration::from_millis(10);

/// Configures a [`Simulator`]: the bot, the world it finds, and what goes wrong.
#[must_use = "nothing happens until it is started"]
pub struct SimulatorBuilder {
    bot: BotBuilder,
    rules: Rules,
    token: Token,
    people: Vec<String>,
    voice_channels: Vec<String>,
    webhooks: Vec<(u64, String, String)>,
    roles: Vec<Role>,
    denied: Permissions,
    commands: Vec<Command>,
    faults: Vec<(String, String, Fault)>,
    gateway_faults: Vec<GatewayFault>,
    chaos: Option<Chaos>,
    starts: Option<(u32, u32, Duration)>,
    max_concurrency: Option<u32>,
    is_in_development: bool,
}

/// A role that is there from the start.
struct Role {
    name: String,
    permissions: Permissions,
    people: Vec<String>,
}

impl Role {
    fn add(&self, world: &mut World) {
        let role = world.add_role_of_people(&self.name, self.permissions);
        for name in &self.people {
            let user = world.add_user(name, false);
            world.add_member(user);
            if let Some(member) = world.member_mut(user) {
                member.roles.push(role);
            }
        }
    }
}

impl SimulatorBuilder {
    pub(crate) fn new(bot: BotBuilder) -> Self {
        Self {
            bot,
            rules: Rules::new(TOKEN),
            token: Token::new(TOKEN).unwrap_or_else(|_| unreachable!("of the right form")),
            people: Vec::new(),
            voice_channels: Vec::new(),
            webhooks: Vec::new(),
            roles: Vec::new(),
            denied: Permissions::empty(),
            commands: Vec::new(),
            faults: Vec::new(),
            gateway_faults: Vec::new(),
            chaos: None,
            starts: None,
            max_concurrency: None,
            is_in_development: false,
        }
    }

    /// Adds a member to the guild.
    pub fn member(mut self, name: impl Into<String>) -> Self {
        self.people.push(name.into());
        self
    }

    /// Adds an empty voice channel, which the bot can join.
    pub fn voice_channel(mut self, name: impl Into<String>) -> Self {
        self.voice_channels.push(name.into());
        self
    }

    /// Adds a webhook with an id and a token, which posts in a channel of its own, named `channel`.
    pub fn webhook(
        mut self,
        id: Id<WebhookMarker>,
        token: impl Into<String>,
        channel: impl Into<String>,
    ) -> Self {
        let webhook = (id.get(), token.into(), channel.into());
        self.webhooks.push(webhook);
        self
    }

    /// Adds a role with permissions, and people in the guild who have it.
    ///
    /// It is above the roles that were added before it, and below the bot's own.
    pub fn role<N: Into<String>>(
        mut self,
        name: impl Into<String>,
        permissions: Permissions,
        people: impl IntoIterator<Item = N>,
    ) -> Self {
        self.roles.push(Role {
            name: name.into(),
            permissions,
            people: people.into_iter().map(Into::into).collect(),
        });
        self
    }

    /// Sets the time at which the simulator starts: 2026-01-01 00:00:00 UTC, unless set. From then on it follows
    /// tokio's clock.
    ///
    /// The bot's [`Context::now`](crate::Context::now), its cron tasks, and the times and ids of everything on the
    /// simulated Discord use this clock. It keeps running when [`restart`](Simulator::restart) replaces the bot.
    ///
    /// # Panics
    ///
    /// Panics if the time is before 2015 or after 2100: Discord's ids cannot express it.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use cordial::prelude::*;
    /// use cordial::testing::Simulator;
    ///
    /// /// Tell the day.
    /// #[command]
    /// async fn today(ctx: &CommandContext) -> Result<()> {
    ///     let since = ctx.now().duration_since(SystemTime::UNIX_EPOCH)?;
    ///     ctx.reply(format!("Day {} since 1970.", since.as_secs() / 86_400)).await?;
    ///     Ok(())
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let leap_day = SystemTime::UNIX_EPOCH + Duration::from_secs(1_835_395_200);
    /// let bot = Bot::builder().add(handlers![today]);
    /// let sim = Simulator::builder(bot).member("alice").begins_at(leap_day).start().await;
    ///
    /// sim.person("alice").run("/today").await;
    ///
    /// sim.stop().await.assert_replies(&["Day 21243 since 1970."]);
    /// # }
    /// ```
    pub fn begins_at(mut self, time: SystemTime) -> Self {
        let since = time.duration_since(SystemTime::UNIX_EPOCH);
        let is_told_by_ids = since.is_ok_and(|since| TIMES.contains(&since.as_secs()));
        assert!(
            is_told_by_ids,
            "simulated time cannot begin before 2015 or after 2100"
        );
        self.rules.begins_at = time;
        self
    }

    /// Sets how many shards Discord recommends.
    pub fn shards(mut self, shards: u32) -> Self {
        self.rules.shards = shards.max(1);
        self
    }

    /// Refuses privileged intents, as Discord does for applications that were not granted them.
    ///
    /// The application's flags say so, too.
    pub fn refuse_privileged_intents(mut self) -> Self {
        self.rules.refuses_privileged = true;
        self
    }

    /// Sets how many guilds Discord says the bot is in, though there is only one.
    pub fn counts_guilds(mut self, guilds: u32) -> Self {
        self.rules.guilds = guilds;
        self
    }

    /// Gives the application an interactions endpoint URL.
    ///
    /// Interactions are sent there, and not over the gateway.
    pub fn interactions_endpoint(mut self, url: impl Into<String>) -> Self {
        self.rules.interactions_endpoint = Some(url.into());
        self
    }

    /// Replaces the bot's token by one that the simulated Discord refuses.
    pub fn token(mut self, token: Token) -> Self {
        self.token = token;
        self
    }

    /// Makes the simulated guild the [development guild](BotBuilder::development_guild).
    pub fn in_development(mut self) -> Self {
        self.is_in_development = true;
        self
    }

    /// Registers a global command before the start, as an earlier run of the bot would have.
    ///
    /// The start panics if Discord would refuse it.
    pub fn knows(mut self, command: Command) -> Self {
        self.commands.push(command);
        self
    }

    /// Takes a permission away from the bot.
    pub fn deny(mut self, permission: Permissions) -> Self {
        self.denied |= permission;
        self
    }

    /// Makes requests fail while the bot starts, as [`Simulator::inject`] does later.
    pub fn inject(mut self, method: &str, path: &str, fault: Fault) -> Self {
        self.faults
            .push((method.to_owned(), path.to_owned(), fault));
        self
    }

    /// Makes the gateway fail from the start, as [`Simulator::misbehave`] does later.
    pub fn misbehave(mut self, fault: GatewayFault) -> Self {
        self.gateway_faults.push(fault);
        self
    }

    /// Makes things go wrong at random from the start, as [`Simulator::chaos`] does later.
    pub fn chaos(mut self, chaos: Chaos) -> Self {
        self.chaos = Some(chaos);
        self
    }

    /// Limits how many sessions may begin: `remaining` until `reset_after` has passed, then `total` a day.
    ///
    /// If the bot begins one more, it loses all its sessions, and its token is refused.
    pub fn session_starts(mut self, remaining: u32, total: u32, reset_after: Duration) -> Self {
        self.starts = Some((remaining, total, reset_after));
        self
    }

    /// Sets how many sessions may begin within five seconds.
    ///
    /// They must be of shards whose numbers differ modulo this one. The default is the number of shards.
    pub fn max_concurrency(mut self, sessions: u32) -> Self {
        self.max_concurrency = Some(sessions.max(1));
        self
    }

    /// Starts the bot on the simulated Discord, and waits until it is ready.
    ///
    /// If faults keep a shard away from the gateway, this waits no longer than ten minutes of tokio's
    /// time.
    ///
    /// # Panics
    ///
    /// Panics if the bot cannot be built or does not start.
    pub async fn start(self) -> Simulator {
        match self.try_start().await {
            Ok(simulator) => simulator,
            Err(failure) => panic!("the bot did not start: {failure:?}"),
        }
    }

    /// Starts the bot on the simulated Discord, and waits until it is ready.
    ///
    /// # Panics
    ///
    /// Panics if Discord would refuse a command that it is to [know](Self::knows).
    ///
    /// # Errors
    ///
    /// Fails if the bot cannot be built, or ends before it is ready.
    pub async fn try_start(self) -> Result<Simulator> {
        log::show();
        let servers = Servers::start(self.rules.clone()).await?;
        let discord = &servers.discord;
        discord.with(|state| self.populate(&mut state.world));
        discord.with(|state| {
            let commands = self.commands.iter().map(|command| json!(command));
            let known = state.register(None, commands.collect());
            assert!(known.is_ok(), "Discord refuses a known command");
            for (method, path, fault) in self.faults {
                state.faults.inject(&method, &path, fault);
            }
            for fault in self.gateway_faults {
                state.gateway.misbehave(fault);
            }
            let starts = &mut state.gateway.starts;
            if let Some((remaining, total, reset_after)) = self.starts {
                starts.limit(remaining, total, Instant::now() + reset_after);
            }
            if let Some(sessions) = self.max_concurrency {
                starts.max_concurrency = sessions;
            }
        });
        let mut unrest = Tasks::default();
        if let Some(chaos) = self.chaos {
            unrest.spawn(chaos.reign(Arc::clone(discord)));
        }
        let bot = self.bot.token(self.token);
        let running = run(bot, &servers, self.is_in_development)?;
        let mut simulator = Simulator {
            servers,
            bot: running.bot,
            health: running.health,
            shutdown: Some(running.shutdown),
            is_in_development: self.is_in_development,
            unrest: Mutex::new(unrest),
        };
        simulator.ready().await?;
        Ok(simulator)
    }

    /// Adds the people and things that are to be there from the start.
    fn populate(&self, world: &mut World) {
        for name in &self.people {
            let user = world.add_user(name, false);
            world.add_member(user);
        }
        for name in &self.voice_channels {
            world.add_voice_channel(name);
        }
        for (id, token, channel) in &self.webhooks {
            world.add_webhook(*id, token, channel);
        }
        for role in &self.roles {
            role.add(world);
        }
        world.deny_bot(self.denied);
    }
}

impl Simulator {
    /// Starts a bot on the simulated Discord, and waits until it is ready.
    ///
    /// # Panics
    ///
    /// Panics if the bot cannot be built or does not start.
    pub async fn start(bot: BotBuilder) -> Self {
        Self::builder(bot).start().await
    }

    /// Configures the simulated Discord before the bot starts.
    pub fn builder(bot: BotBuilder) -> SimulatorBuilder {
        SimulatorBuilder::new(bot)
    }

    /// Stops the bot, and starts another in its place when it has ended.
    ///
    /// The other may be the same or a later version. Everything else stays: messages, people, the
    /// commands that Discord knows, the transcript, and any sessions that the bot did not end.
    ///
    /// A bot that has already [quit](Self::quit) or [crashed](Self::crash) is not stopped again.
    ///
    /// # Panics
    ///
    /// As for [`stop`](Self::stop), and for [`start`](Self::start).
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    /// use cordial::testing::Simulator;
    ///
    /// /// Show a button.
    /// #[command]
    /// async fn show(ctx: &CommandContext) -> Result<()> {
    ///     ctx.reply(Reply::new("Here.").row([press::id(7).button("Press")])).await?;
    ///     Ok(())
    /// }
    ///
    /// #[component]
    /// async fn press(ctx: &ComponentContext, #[state] number: u8) -> Result<()> {
    ///     ctx.update(format!("It was {number}.")).await
    /// }
    ///
    /// fn bot() -> BotBuilder {
    ///     Bot::builder().add(handlers![show, press])
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let sim = Simulator::start(bot()).await;
    /// let alice = sim.join("alice").await;
    /// alice.run("/show").await;
    /// let message = sim.newest_message().expect("a message");
    ///
    /// let sim = sim.restart(bot()).await;
    /// alice.click(message, "Press").await;
    ///
    /// assert_eq!(sim.content(message).as_deref(), Some("It was 7."));
    /// # }
    /// ```
    pub async fn restart(mut self, bot: BotBuilder) -> Self {
        self.halt().await;
        self.discord().with(State::forget_bot);
        let token = Token::new(TOKEN).unwrap_or_else(|_| unreachable!("of the right form"));
        let started = match run(bot.token(token), &self.servers, self.is_in_development) {
            Ok(running) => {
                self.shutdown = Some(running.shutdown);
                self.bot = running.bot;
                self.health = running.health;
                self.ready().await
            }
            Err(failure) => Err(failure),
        };
        if let Err(failure) = started {
            panic!("the bot did not start again: {failure:?}");
        }
        self
    }

    /// Stops the bot, and waits until it has ended.
    ///
    /// Until [`restart`](Self::restart) starts another, no bot receives what happens.
    ///
    /// # Panics
    ///
    /// As for [`stop`](Self::stop).
    pub async fn quit(&mut self) {
        self.halt().await;
        self.bot = tokio::spawn(async { Ok(()) });
    }

    /// Kills the bot as if its process had been killed, and waits until its handlers are cut off.
    ///
    /// Until [`restart`](Self::restart) starts another, no bot receives what happens.
    pub async fn crash(&mut self) {
        self.bot.abort();
        // Nobody asks how it ended.
        drop(join(&mut self.bot).await);
        sleep(CUT_OFF).await;
        self.bot = tokio::spawn(async { Ok(()) });
    }

    /// Waits until every shard has a session, or the bot has ended.
    async fn ready(&mut self) -> Result<()> {
        let discord = Arc::clone(self.discord());
        let connected = async {
            loop {
                let changed = discord.changed.notified();
                if discord.with_quietly(State::is_begun) {
                    return;
                }
                // Nothing notifies us that time has passed.
                drop(timeout(LOOK, changed).await);
            }
        };
        tokio::select! {
            () = connected => {}
            ended = join(&mut self.bot) => {
                return Err(ended.err().unwrap_or_else(|| EndedEarly.into_failure()));
            }
        }
        settle(self.discord()).await;
        Ok(())
    }
}

/// The bot ended before it was ready, without an error.
#[derive(Debug, thiserror::Error)]
#[error("the bot ended before it was ready")]
struct EndedEarly;

/// A running bot.
struct Running {
    shutdown: oneshot::Sender<()>,
    bot: JoinHandle<Result<()>>,
    health: Health,
}

/// Runs a bot on a simulated Discord.
fn run(bot: BotBuilder, servers: &Servers, is_in_development: bool) -> Result<Running> {
    let discord = &servers.discord;
    // Only one runtime can have virtual time.
    let mut bot = bot.shard_threads(ShardThreads::Shared);
    bot.clock = discord.with_quietly(|state| state.world.clock);
    let mut bot = bot.endpoints(Endpoints {
        gateway: servers.gateway,
        http: servers.http,
    });
    if is_in_development {
        let guild = discord.with_quietly(|state| state.world.guild.id);
        bot = bot.development_guild(Id::new(guild));
    }
    let watch = Arc::new(Watch(Arc::clone(discord)));
    Ok(spawn(bot.shows_failures(watch).build()?, discord))
}

fn spawn(bot: Bot, discord: &Arc<Discord>) -> Running {
    let (shutdown, told) = oneshot::channel();
    let told = async {
        // A dropped sender stops the bot, too.
        drop(told.await);
    };
    let ending = Ending(Arc::clone(discord));
    let health = bot.health();
    let running = async move {
        let _ending = ending;
        bot.run_until(told).await
    };
    Running {
        shutdown,
        bot: tokio::spawn(running),
        health,
    }
}

/// Notes that the bot has ended, however it did.
struct Ending(Arc<Discord>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.with(|state| state.bot_has_ended = true);
    }
}

impl fmt::Debug for SimulatorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatorBuilder")
            .field("bot", &self.bot)
            .finish_non_exhaustive()
    }
}
