//! A bot that runs on the simulated Discord.

use std::fmt;
use std::sync::{Arc, Mutex};

use hyper::header::HeaderValue;
use tokio::sync::futures::Notified;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use twilight_http::Client;
use twilight_model::application::command::Command;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker};

use crate::bot::{BotBuilder, ShardThreads, Token};
use crate::failure::{IntoFailure, Result};
use crate::health::Health;
use crate::testing::discord::{Discord, State};
use crate::testing::gateway::RECONNECT;
use crate::testing::people::{MessageHandle, Person};
use crate::testing::rest::OF_TEST;
use crate::testing::servers::{Servers, TOKEN};
use crate::testing::sessions::Outgoing;
use crate::testing::settle::settle;
use crate::testing::tasks::Tasks;
use crate::testing::transcript::Transcript;

/// A bot that runs on the simulated Discord.
///
/// Dropping it ends the bot. It then panics if the bot made a request that the simulator does not know,
/// unless [`stop`](Self::stop) already has.
#[must_use = "the bot ends when this is dropped"]
pub struct Simulator {
    pub(crate) servers: Servers,
    pub(crate) bot: JoinHandle<Result<()>>,
    pub(crate) health: Health,
    pub(crate) shutdown: Option<oneshot::Sender<()>>,
    pub(crate) is_in_development: bool,
    /// What goes wrong by chance.
    pub(crate) unrest: Mutex<Tasks>,
}

impl Simulator {
    /// Returns the person with a name.
    ///
    /// They are in the guild only if they joined it.
    #[must_use]
    pub fn person(&self, name: &str) -> Person {
        Person::new(self.discord(), name)
    }

    /// Makes somebody join the guild, and returns them.
    ///
    /// # Panics
    ///
    /// Panics if they are banned.
    pub async fn join(&self, name: &str) -> Person {
        let person = self.person(name);
        person.join().await;
        person
    }

    /// Returns the newest message, whoever wrote it.
    #[must_use]
    pub fn newest_message(&self) -> Option<MessageHandle> {
        self.look(|state| {
            let newest = state.world.messages.last()?;
            Some(MessageHandle {
                channel: newest.channel,
                id: newest.id,
            })
        })
    }

    /// Returns the newest message in the guild's channel of that name.
    #[must_use]
    pub fn newest_message_in(&self, channel: &str) -> Option<MessageHandle> {
        let channel = self.channel_id(channel)?.get();
        self.look(|state| {
            let mut newest_first = state.world.messages.iter().rev();
            let found = newest_first.find(|message| message.channel == channel)?;
            Some(MessageHandle {
                channel,
                id: found.id,
            })
        })
    }

    /// Returns the newest message that satisfies a condition.
    pub(crate) fn newest_with(
        &self,
        has: impl Fn(&State, (u64, u64)) -> bool,
    ) -> Option<MessageHandle> {
        self.look(|state| {
            let mut newest_first = state.world.messages.iter().rev();
            let found = newest_first.find(|message| has(state, (message.channel, message.id)))?;
            Some(MessageHandle {
                channel: found.channel,
                id: found.id,
            })
        })
    }

    /// Returns the current text of a message.
    ///
    /// If it consists of components alone, this is their texts, line by line.
    #[must_use]
    pub fn content(&self, message: MessageHandle) -> Option<String> {
        self.look(|state| {
            let found = state.world.message(message.channel, message.id)?;
            Some(found.text())
        })
    }

    /// Returns the reactions to a message, each with the names of those who reacted.
    #[must_use]
    pub fn reactions(&self, message: MessageHandle) -> Vec<(String, Vec<String>)> {
        self.look(|state| {
            let found = state.world.message(message.channel, message.id);
            let name = |id: &u64| state.world.user(*id).map(|user| user.name.clone());
            let reactions = found.into_iter().flat_map(|message| &message.reactions);
            let named = reactions.map(|reaction| {
                (
                    reaction.emoji.clone(),
                    reaction.users.iter().filter_map(name).collect(),
                )
            });
            named.collect()
        })
    }

    /// Returns the id of the guild.
    #[must_use]
    pub fn guild_id(&self) -> Id<GuildMarker> {
        Id::new(self.look(|state| state.world.guild.id))
    }

    /// Returns the id of the channel with a name.
    #[must_use]
    pub fn channel_id(&self, name: &str) -> Option<Id<ChannelMarker>> {
        self.look(|state| {
            let mut channels = state.world.channels.iter();
            let found = channels.find(|channel| channel.name == name)?;
            Some(Id::new(found.id))
        })
    }

    /// Returns the name of the voice channel that the bot is in, if any.
    #[must_use]
    pub fn voice_channel(&self) -> Option<String> {
        self.look(|state| {
            let channel = state.world.voice.as_ref()?.channel;
            Some(state.world.channel(channel)?.name.clone())
        })
    }

    /// Returns the commands that are registered globally, or in a guild.
    #[must_use]
    pub fn commands(&self, guild: Option<Id<GuildMarker>>) -> Vec<Command> {
        let guild = guild.map(Id::get);
        self.look(|state| {
            let of_scope = state.commands.iter().filter(|(known, _)| *known == guild);
            let commands = of_scope.map(|(_, json)| serde_json::from_value(json.clone()));
            commands.filter_map(Result::ok).collect()
        })
    }

    /// Returns a client for the simulated Discord, with the bot's token.
    ///
    /// A test can use it to look at what is there, or to do what the bot could. It is a plain twilight
    /// client with twilight's own rate limiter.
    ///
    /// # Panics
    ///
    /// Panics outside of a tokio runtime.
    #[must_use]
    pub fn http(&self) -> Arc<Client> {
        crate::http::install_crypto_provider();
        let client = Client::builder().token(TOKEN.to_owned());
        let client = client.proxy(self.servers.http.to_string(), true);
        let of_test = [(OF_TEST, HeaderValue::from_static("1"))];
        let client = client.default_headers(of_test.into_iter().collect());
        Arc::new(client.build())
    }

    /// Returns the token that the simulated Discord accepts, for a bot in another process.
    #[must_use]
    pub fn token(&self) -> &'static str {
        TOKEN
    }

    /// Gives another bot this Discord's token and endpoints, so that it can be built beside the running
    /// one.
    ///
    /// This is for [`Bot::plan`](crate::Bot::plan) or [`Bot::dispatch`](crate::Bot::dispatch).
    pub fn beside(&self, bot: BotBuilder) -> BotBuilder {
        let token = Token::new(TOKEN).unwrap_or_else(|_| unreachable!("of the right form"));
        let bot = bot.shard_threads(ShardThreads::Shared);
        bot.token(token).endpoints(self.endpoints())
    }

    /// Takes a permission away from the bot.
    pub fn deny(&self, permission: Permissions) {
        self.discord()
            .with(|state| state.world.deny_bot(permission));
    }

    /// Gives somebody permissions in the guild, through a role of their own.
    ///
    /// # Panics
    ///
    /// Panics if they are not in the guild.
    pub fn grant(&self, person: &Person, permissions: Permissions) {
        let grant = |state: &mut State| state.grant(person.id().get(), permissions);
        assert!(
            self.discord().with(grant),
            "`{}` is not in the guild, and has no permissions there",
            person.name()
        );
    }

    /// Sends a raw event to every shard.
    ///
    /// `data` is the JSON of its field `d`. Use it for events that cannot be read, and for those that
    /// nobody in the simulator causes.
    pub async fn send_raw(&self, name: &str, data: &str) {
        self.discord().with(|state| state.tell_raw(name, data));
        self.settle().await;
    }

    /// Closes every connection with a close code.
    ///
    /// The bot connects again if the code allows it.
    pub fn close_connections(&self, code: u16) {
        self.discord()
            .with(|state| state.write_all(&Outgoing::Close(code)));
    }

    /// Breaks every connection without a close frame.
    pub fn drop_connections(&self) {
        self.discord()
            .with(|state| state.write_all(&Outgoing::Drop));
    }

    /// Asks every shard to connect again.
    pub fn ask_to_reconnect(&self) {
        let reconnect = Outgoing::Text(RECONNECT.to_owned());
        self.discord().with(|state| state.write_all(&reconnect));
    }

    /// Tells every shard that its session is over.
    pub fn invalidate_sessions(&self) {
        self.discord().with(State::invalidate);
    }

    /// Waits until the bot has dealt with everything that happened.
    ///
    /// # Panics
    ///
    /// Panics if that takes longer than two minutes, or than a week of virtual time. The message lists
    /// what is not done.
    pub async fn settle(&self) {
        settle(self.discord()).await;
    }

    /// Returns the bot's health.
    #[must_use]
    pub fn health(&self) -> Health {
        self.health.clone()
    }

    /// Returns what happened so far.
    #[must_use]
    pub fn transcript(&self) -> Transcript {
        self.look(|state| Transcript {
            happened: state.happened.clone(),
            times: state.times.clone(),
        })
    }

    /// Stops the bot, waits until it has ended, and returns what happened.
    ///
    /// # Panics
    ///
    /// Panics if the bot made a request that the simulator does not know, or ended with a failure. For
    /// bots that are meant to end with one, use [`ended`](Self::ended).
    pub async fn stop(mut self) -> Transcript {
        self.halt().await;
        self.transcript()
    }

    /// Stops the bot, and waits until it has ended.
    pub(crate) async fn halt(&mut self) {
        if let Err(failure) = self.shut_down().await {
            let transcript = self.transcript();
            panic!("the bot ended with a failure: {failure:?}\n{transcript}");
        }
        self.refuse_unmodelled();
    }

    /// Stops the bot, waits until it has ended, and returns what happened and how it ended.
    pub(crate) async fn finish(mut self) -> (Transcript, Result<()>) {
        let result = self.shut_down().await;
        let routes = self.take_unmodelled();
        let result = match result {
            Ok(()) if !routes.is_empty() => Err(Unmodelled { routes }.into_failure()),
            result => result,
        };
        (self.transcript(), result)
    }

    /// Waits until the bot has ended by itself, and returns its result.
    ///
    /// # Errors
    ///
    /// Returns the failure that the bot ended with.
    pub async fn ended(mut self) -> Result<()> {
        join(&mut self.bot).await
    }

    async fn shut_down(&mut self) -> Result<()> {
        if let Some(shutdown) = self.shutdown.take() {
            // This fails if the bot has ended by itself.
            shutdown.send(()).ok();
        }
        join(&mut self.bot).await
    }

    fn refuse_unmodelled(&self) {
        let routes = self.take_unmodelled();
        assert!(routes.is_empty(), "{}", Unmodelled { routes });
    }

    fn take_unmodelled(&self) -> Vec<String> {
        self.discord()
            .with(|state| std::mem::take(&mut state.unmodelled))
    }

    /// Waits for the next thing that happens.
    pub(crate) fn changed(&self) -> Notified<'_> {
        self.discord().changed.notified()
    }

    /// Returns whether the bot has ended by itself.
    pub(crate) fn has_ended(&self) -> bool {
        self.look(|state| state.bot_has_ended)
    }

    pub(crate) fn discord(&self) -> &Arc<Discord> {
        &self.servers.discord
    }

    pub(crate) fn look<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        self.discord().with_quietly(look)
    }
}

pub(crate) async fn join(bot: &mut JoinHandle<Result<()>>) -> Result<()> {
    bot.await.unwrap_or_else(|error| Err(error.into_failure()))
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.bot.abort();
        if !std::thread::panicking() {
            self.refuse_unmodelled();
        }
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator").finish_non_exhaustive()
    }
}

/// The bot made requests that the simulator does not know.
#[derive(Debug, thiserror::Error)]
#[error("the simulator does not model these requests of the bot: {}", routes.join(", "))]
struct Unmodelled {
    routes: Vec<String>,
}
