//! Joining and leaving voice channels.

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use twilight_model::gateway::event::{Event, EventType};
use twilight_model::gateway::payload::outgoing::UpdateVoiceState;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, UserMarker};

use crate::context::Context;
use crate::event::EventKinds;
use crate::failure::{IntoFailure, Result};
use crate::guild::ask::{Ask, Heard, until};
use crate::guild::{GatewayNeed, MissingIntent, NotJoined, NotRead, VoiceError, VoiceStates};
use crate::handler::BoxFuture;
use crate::meta::Place;

/// How long to wait for Discord by default.
const PATIENCE: Duration = Duration::from_secs(10);

impl Context {
    /// Joins a voice channel of a guild.
    ///
    /// The result is what a voice library such as songbird needs to connect: cordial itself does not talk
    /// to voice servers. If nothing comes for 10 seconds, or the [`timeout`](JoinVoice::timeout) you set,
    /// it fails: Discord does not answer if it does not let the bot in.
    ///
    /// If the bot is in another voice channel of the guild, it moves, but this fails with
    /// [`SameServer`](crate::guild::VoiceError::SameServer), because Discord then sends no server.
    ///
    /// It needs the intent `GUILD_VOICE_STATES`: take [`Needs<VoiceStates>`](crate::guild::Needs) as an
    /// argument of the handler, and the bot asks for it. (Discord: Gateway Events, Update Voice State;
    /// Voice Connections.)
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::guild::{Needs, VoiceStates};
    /// use cordial::prelude::*;
    ///
    /// /// Come and listen.
    /// #[command(guild_only)]
    /// async fn listen(
    ///     ctx: &CommandContext,
    ///     /** Where? */ channel: Id<ChannelMarker>,
    ///     guild: GuildId,
    ///     _: Needs<VoiceStates>,
    /// ) -> Result<()> {
    ///     let connection = ctx.join_voice(guild.0, channel).muted().await?;
    ///     ctx.reply(format!("I am all ears at {}.", connection.endpoint())).await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Any [`VoiceError`], or the failure of asking Discord for the bot's own user.
    #[track_caller]
    pub fn join_voice(&self, guild: Id<GuildMarker>, channel: Id<ChannelMarker>) -> JoinVoice {
        JoinVoice {
            wish: Wish {
                ctx: self.clone(),
                guild,
                channel: Some(channel),
                is_muted: false,
                is_deafened: false,
                patience: PATIENCE,
                place: Place::caller(),
            },
            channel,
        }
    }

    /// Leaves the voice channel of a guild.
    ///
    /// Returns whether the bot was in one.
    ///
    /// Discord does not answer if the bot was in none, so that takes 10 seconds, or the
    /// [`timeout`](LeaveVoice::timeout) you set.
    ///
    /// # Errors
    ///
    /// As [`join_voice`](Self::join_voice).
    #[track_caller]
    pub fn leave_voice(&self, guild: Id<GuildMarker>) -> LeaveVoice {
        LeaveVoice {
            wish: Wish {
                ctx: self.clone(),
                guild,
                channel: None,
                is_muted: false,
                is_deafened: false,
                patience: PATIENCE,
                place: Place::caller(),
            },
        }
    }
}

/// A request to join a voice channel: `.await` it.
///
/// # Cancel safety
///
/// Once it is sent, the bot joins even if you drop the future.
#[must_use = "nothing is joined unless it is awaited"]
pub struct JoinVoice {
    wish: Wish,
    channel: Id<ChannelMarker>,
}

/// A request to leave the voice channel of a guild: `.await` it.
///
/// # Cancel safety
///
/// Once it is sent, the bot leaves even if you drop the future.
#[must_use = "nothing is left unless it is awaited"]
pub struct LeaveVoice {
    wish: Wish,
}

/// The voice state that the bot asks for.
struct Wish {
    ctx: Context,
    guild: Id<GuildMarker>,
    channel: Option<Id<ChannelMarker>>,
    is_muted: bool,
    is_deafened: bool,
    patience: Duration,
    place: Place,
}

/// What a voice library needs to connect.
///
/// Its token and session id let anybody speak as the bot, so they are never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct VoiceConnection {
    guild: Id<GuildMarker>,
    channel: Id<ChannelMarker>,
    user: Id<UserMarker>,
    session: String,
    endpoint: String,
    token: String,
}

/// Discord's replies.
enum Said {
    /// The bot's channel and session.
    State(Option<Id<ChannelMarker>>, String),
    /// The server to connect to, if there is one.
    Server(Option<String>, String),
}

impl JoinVoice {
    /// Joins muted: nobody hears the bot.
    pub fn muted(mut self) -> Self {
        self.wish.is_muted = true;
        self
    }

    /// Joins deafened: the bot hears nobody.
    pub fn deafened(mut self) -> Self {
        self.wish.is_deafened = true;
        self
    }

    /// Sets how long to wait for Discord: 10 seconds by default.
    pub fn timeout(mut self, time: Duration) -> Self {
        self.wish.patience = time;
        self
    }

    async fn run(self) -> Result<VoiceConnection> {
        let user = self.wish.user().await?;
        let mut ask = self.wish.begin(user).await?;
        let (mut session, mut server) = (None, None);
        let until = until(self.wish.patience);
        while let Some(heard) = ask.next(until).await {
            match heard {
                Heard::Answer(Said::State(channel, id)) if channel == Some(self.channel) => {
                    session = Some(id);
                }
                // This may still be about the earlier channel.
                Heard::Answer(Said::State(..)) => {}
                Heard::Answer(Said::Server(endpoint, token)) => server = Some((endpoint, token)),
                Heard::Reconnected { is_new_session } => {
                    if is_new_session || session.is_none() {
                        (session, server) = (None, None);
                        self.wish.send(&ask)?;
                    }
                }
            }
            if let (Some(session), Some((Some(endpoint), token))) = (&session, &server) {
                return Ok(VoiceConnection {
                    guild: self.wish.guild,
                    channel: self.channel,
                    user,
                    session: session.clone(),
                    endpoint: endpoint.clone(),
                    token: token.clone(),
                });
            }
        }
        let has_server = server.is_some();
        Err(self.silence(session.is_some(), has_server).into_failure())
    }

    /// Returns why there is no connection, by what Discord did send.
    fn silence(&self, is_there: bool, has_server: bool) -> VoiceError {
        let Wish {
            guild, patience, ..
        } = self.wish;
        match (is_there, has_server) {
            (true, false) => VoiceError::SameServer { guild },
            (true, true) => VoiceError::ServerGone {
                guild,
                within: patience,
            },
            (false, _) => VoiceError::NotJoined(NotJoined {
                guild,
                channel: self.channel,
                within: patience,
            }),
        }
    }
}

impl LeaveVoice {
    /// Sets how long to wait for Discord: 10 seconds by default.
    pub fn timeout(mut self, time: Duration) -> Self {
        self.wish.patience = time;
        self
    }

    async fn run(self) -> Result<bool> {
        let user = self.wish.user().await?;
        let mut ask = self.wish.begin(user).await?;
        let until = until(self.wish.patience);
        while let Some(heard) = ask.next(until).await {
            match heard {
                Heard::Answer(Said::State(None, _)) => return Ok(true),
                Heard::Answer(_) => {}
                Heard::Reconnected { .. } => self.wish.send(&ask)?,
            }
        }
        Ok(false)
    }
}

impl Wish {
    /// Refuses requests that Discord would not answer, and returns the bot's user.
    async fn user(&self) -> Result<Id<UserMarker>> {
        let watchers = self.ctx.home.watchers();
        if !watchers.lacks(VoiceStates::INTENT).is_empty() {
            let (need, intent) = (VoiceStates::NAME, VoiceStates::INTENT);
            let missing = MissingIntent::new("joining and leaving voice channels", need, intent);
            return Err(VoiceError::from(missing).into_failure());
        }
        for (kind, name) in [
            (EventType::VoiceStateUpdate, "VoiceStateUpdate"),
            (EventType::VoiceServerUpdate, "VoiceServerUpdate"),
        ] {
            if !watchers.can_read(EventKinds::of(kind)) {
                return Err(VoiceError::from(NotRead::new(name)).into_failure());
            }
        }
        let ctx = &self.ctx;
        ctx.home.owners().bot(&ctx.scene.http).await
    }

    async fn begin(&self, user: Id<UserMarker>) -> Result<Ask<Said>> {
        let states = EventKinds::of(EventType::VoiceStateUpdate);
        let kinds = states.union(EventKinds::of(EventType::VoiceServerUpdate));
        let guild = self.guild;
        let pick = move |event: &Arc<Event>| pick(event, guild, user);
        let ask = Ask::begin(&self.ctx, guild, (kinds, self.patience), pick).await;
        let ask = ask.map_err(|error| VoiceError::from(error).into_failure())?;
        self.send(&ask)?;
        Ok(ask)
    }

    fn send(&self, ask: &Ask<Said>) -> Result<()> {
        let (is_deafened, is_muted) = (self.is_deafened, self.is_muted);
        let command = UpdateVoiceState::new(self.guild, self.channel, is_deafened, is_muted);
        let sent = ask.send(&command);
        sent.map_err(|error| VoiceError::from(error).into_failure())
    }
}

/// Returns the reply that an event is for the bot in a guild, if it is one.
fn pick(event: &Event, guild: Id<GuildMarker>, bot: Id<UserMarker>) -> Option<Said> {
    match event {
        Event::VoiceStateUpdate(state) => {
            let is_meant = state.guild_id == Some(guild) && state.user_id == bot;
            is_meant.then(|| Said::State(state.channel_id, state.session_id.clone()))
        }
        Event::VoiceServerUpdate(server) => {
            let said = || Said::Server(server.endpoint.clone(), server.token.clone());
            (server.guild_id == guild).then(said)
        }
        _ => None,
    }
}

impl VoiceConnection {
    /// Returns the guild.
    #[must_use]
    pub fn guild_id(&self) -> Id<GuildMarker> {
        self.guild
    }

    /// Returns the channel that the bot is in.
    #[must_use]
    pub fn channel_id(&self) -> Id<ChannelMarker> {
        self.channel
    }

    /// Returns the bot's own user.
    #[must_use]
    pub fn user_id(&self) -> Id<UserMarker> {
        self.user
    }

    /// Returns the id of the bot's session with the voice server.
    #[must_use]
    pub fn session_id(&self) -> &str {
        &self.session
    }

    /// Returns the host and port of the voice server.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Returns the token for the voice server.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }
}

impl IntoFuture for JoinVoice {
    type Output = Result<VoiceConnection>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let place = self.wish.place;
        Box::pin(async move { self.run().await.map_err(|failure| failure.at(place)) })
    }
}

impl IntoFuture for LeaveVoice {
    type Output = Result<bool>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let place = self.wish.place;
        Box::pin(async move { self.run().await.map_err(|failure| failure.at(place)) })
    }
}

impl fmt::Debug for VoiceConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VoiceConnection")
            .field("guild", &self.guild)
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for JoinVoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinVoice")
            .field("guild", &self.wish.guild)
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for LeaveVoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LeaveVoice")
            .field("guild", &self.wish.guild)
            .finish_non_exhaustive()
    }
}
