//! Listing the members of a guild.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use futures_util::stream::{BoxStream, try_unfold};
use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, sleep};
use twilight_model::gateway::event::{Event, EventType};
use twilight_model::gateway::payload::incoming::MemberChunk;
use twilight_model::gateway::payload::incoming::rate_limited::RateLimitMetadata;
use twilight_model::gateway::payload::outgoing::RequestGuildMembers;
use twilight_model::gateway::presence::Presence;
use twilight_model::guild::Member;
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, UserMarker};

use crate::context::Context;
use crate::event::EventKinds;
use crate::failure::{IntoFailure, Result};
use crate::guild::ask::{Ask, Heard, until};
use crate::guild::tally::Tally;
use crate::guild::{
    AllMembers, GatewayNeed, MembersError, MissingIntent, NotRead, Presences, TooManyRequests,
};
use crate::handler::BoxFuture;
use crate::meta::Place;

/// The most members by a search, or by ids. (Discord: Gateway Events, Request Guild Members.)
const MOST_AT_ONCE: u16 = 100;
/// How long to wait for the next chunk by default: less than a listener may run.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often to ask in all, where sessions end during the answer.
const MOST_TIMES: u32 = 3;

impl Context {
    /// Requests all members of a guild over the gateway, or some of them.
    ///
    /// Use [`named`](RequestMembers::named) or [`only`](RequestMembers::only) for some. When you await the
    /// request, the guild's shard sends it, and cordial gathers the answer into one, or into
    /// [`chunks`](RequestMembers::chunks) of 1,000 members.
    ///
    /// - If nothing comes for 20 seconds, or the [`timeout`](RequestMembers::timeout) you set, it fails.
    /// - Discord lets a bot request all members of a guild once in 30 seconds. The request waits for that
    ///   if the wait is no longer than the timeout.
    /// - If the connection is lost before anything came, or the session ends during the answer, cordial
    ///   asks again; after a session that ended, at most twice.
    ///
    /// Requesting all members needs the intent `GUILD_MEMBERS`: take
    /// [`Needs<AllMembers>`](crate::guild::Needs) as an argument of the handler, and the bot asks for it.
    /// (Discord: Gateway Events, Request Guild Members.)
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::prelude::*;
    ///
    /// /// Who is called something like that?
    /// #[command(guild_only)]
    /// async fn find(ctx: &CommandContext, guild: GuildId, /** What? */ name: String) -> Result<()> {
    ///     let found = ctx.request_members(guild.0).named(name).limit(10).await?;
    ///     let names: Vec<_> = found.members.iter().map(|member| &*member.user.name).collect();
    ///     ctx.reply(format!("Found: {}", names.join(", "))).await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Any [`MembersError`].
    #[track_caller]
    pub fn request_members(&self, guild: Id<GuildMarker>) -> RequestMembers {
        RequestMembers {
            ctx: self.clone(),
            guild,
            which: Which::All,
            limit: None,
            with_presences: false,
            most: None,
            patience: PATIENCE,
            place: Place::caller(),
        }
    }
}

/// A request for members of a guild: `.await` it, or take its [`chunks`](Self::chunks).
///
/// # Cancel safety
///
/// If you drop it, what came is lost. A request that is still queued is not sent.
#[must_use = "nothing is requested unless it is awaited"]
pub struct RequestMembers {
    ctx: Context,
    guild: Id<GuildMarker>,
    which: Which,
    limit: Option<u16>,
    with_presences: bool,
    most: Option<u64>,
    patience: Duration,
    place: Place,
}

/// The members to request.
#[derive(Clone)]
enum Which {
    All,
    Named(String),
    Only(Vec<Id<UserMarker>>),
}

/// The members that were found in a guild.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundMembers {
    /// The members.
    pub members: Vec<Member>,
    /// The presences of those who are not offline, if requested.
    pub presences: Vec<Presence>,
    /// The requested ids of users who are not in the guild.
    pub not_found: Vec<Id<UserMarker>>,
}

impl RequestMembers {
    /// Requests the members whose names begin with a text: 100 at most.
    ///
    /// With an empty text, which all names begin with, this needs the intent `GUILD_MEMBERS`, too.
    pub fn named(mut self, prefix: impl Into<String>) -> Self {
        self.which = Which::Named(prefix.into());
        self
    }

    /// Limits how many members a search by [`named`](Self::named) returns: 1 to 100.
    pub fn limit(mut self, limit: u16) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Requests the members with these ids: 100 at most.
    ///
    /// Users who are not in the guild are in [`not_found`](FoundMembers::not_found).
    pub fn only(mut self, users: impl IntoIterator<Item = Id<UserMarker>>) -> Self {
        self.which = Which::Only(users.into_iter().collect());
        self
    }

    /// Requests presences, too, which needs the intent `GUILD_PRESENCES`.
    pub fn with_presences(mut self) -> Self {
        self.with_presences = true;
        self
    }

    /// Fails with [`GuildTooLarge`](crate::guild::GuildTooLarge) if the guild has more members.
    ///
    /// It fails as soon as that is known, which is with the first thousand. By default there is no limit.
    pub fn at_most(mut self, members: u64) -> Self {
        self.most = Some(members);
        self
    }

    /// Sets how long to wait for the next chunk, and for Discord's rate limit: 20 seconds by default.
    ///
    /// Mind the [time limit](crate::bot::BotBuilder::timeout) of the handler: by default a listener may run
    /// for 30 seconds in all.
    pub fn timeout(mut self, time: Duration) -> Self {
        self.patience = time;
        self
    }

    /// Returns chunks of 1,000 members as they come, for guilds that should not be in memory as a whole.
    ///
    /// A failure is the last item. If the session ends after the first chunk, that is
    /// [`Interrupted`](MembersError::Interrupted): cordial cannot ask again, because you have already got
    /// some chunks.
    ///
    /// # Examples
    ///
    /// ```
    /// use cordial::guild::{AllMembers, Needs};
    /// use cordial::prelude::*;
    ///
    /// /// How many of us are bots?
    /// #[command(guild_only)]
    /// async fn bots(ctx: &CommandContext, guild: GuildId, _: Needs<AllMembers>) -> Result<()> {
    ///     let mut chunks = ctx.request_members(guild.0).chunks();
    ///     let mut bots = 0;
    ///     while let Some(chunk) = chunks.next().await {
    ///         bots += chunk?.members.iter().filter(|member| member.user.bot).count();
    ///     }
    ///     ctx.reply(format!("{bots} bots")).await?;
    ///     Ok(())
    /// }
    /// ```
    pub fn chunks(self) -> MemberChunks {
        let (guild, place) = (self.guild, self.place);
        let chunks = try_unfold(Asking::new(self), move |mut asking| async move {
            let next = asking.next().await;
            let next = next.map_err(|error| error.into_failure().at(place))?;
            Ok(next.map(|chunk| (chunk, asking)))
        });
        MemberChunks {
            guild,
            chunks: chunks.boxed(),
        }
    }

    async fn gather(self) -> Result<FoundMembers, MembersError> {
        let mut asking = Asking::new(self);
        let (mut found, mut times) = (FoundMembers::default(), 1);
        loop {
            match asking.next().await {
                Ok(Some(chunk)) => found.take(chunk),
                Ok(None) => return Ok(found),
                Err(MembersError::Interrupted { .. }) if times < MOST_TIMES => {
                    times += 1;
                    found = FoundMembers::default();
                    asking = Asking::new(asking.request);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Refuses requests that Discord would not answer.
    fn check(&self) -> Result<(), MembersError> {
        let watchers = self.ctx.home.watchers();
        let missing = |what, need, intent| {
            let is_missing = !watchers.lacks(intent).is_empty();
            is_missing.then(|| MissingIntent::new(what, need, intent))
        };
        let mut missing_intent = None;
        if self.is_of_all() {
            let what = "requesting all members of a guild";
            missing_intent = missing(what, AllMembers::NAME, AllMembers::INTENT);
        }
        if self.with_presences && missing_intent.is_none() {
            let what = "requesting the presences of members";
            missing_intent = missing(what, Presences::NAME, Presences::INTENT);
        }
        if let Some(missing) = missing_intent {
            return Err(missing.into());
        }
        if !watchers.can_read(EventKinds::of(EventType::MemberChunk)) {
            return Err(NotRead::new("MemberChunk").into());
        }
        match (&self.which, self.limit) {
            (Which::Only(users), _) if users.len() > usize::from(MOST_AT_ONCE) => {
                Err(MembersError::TooManyUsers { count: users.len() })
            }
            (Which::Named(_), Some(limit)) if !(1..=MOST_AT_ONCE).contains(&limit) => {
                Err(MembersError::BadLimit { limit })
            }
            (Which::All | Which::Only(_), Some(limit)) => Err(MembersError::BadLimit { limit }),
            _ => Ok(()),
        }
    }

    /// Returns whether it needs the intent for all members.
    fn is_of_all(&self) -> bool {
        match &self.which {
            Which::All => true,
            Which::Named(prefix) => prefix.is_empty(),
            Which::Only(_) => false,
        }
    }

    fn command(&self, nonce: &str) -> RequestGuildMembers {
        let builder = RequestGuildMembers::builder(self.guild).nonce(nonce);
        let builder = builder.presences(self.with_presences);
        match &self.which {
            Which::All => builder.query("", None),
            Which::Named(prefix) => {
                let limit = self.limit.unwrap_or(MOST_AT_ONCE);
                builder.query(prefix, Some(limit.into()))
            }
            // No more ids than Discord allows.
            Which::Only(users) => builder
                .user_ids(users.as_slice())
                .unwrap_or_else(|_| unreachable!("they were counted")),
        }
    }
}

impl IntoFuture for RequestMembers {
    type Output = Result<FoundMembers>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let place = self.place;
        Box::pin(async move {
            let gathered = self.gather().await;
            gathered.map_err(|error| error.into_failure().at(place))
        })
    }
}

impl fmt::Debug for RequestMembers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestMembers")
            .field("guild", &self.guild)
            .field("with_presences", &self.with_presences)
            .field("at_most", &self.most)
            .field("timeout", &self.patience)
            .finish_non_exhaustive()
    }
}

impl FoundMembers {
    fn take(&mut self, chunk: MemberChunk) {
        self.members.extend(chunk.members);
        self.presences.extend(chunk.presences);
        self.not_found.extend(chunk.not_found);
    }
}

impl fmt::Debug for FoundMembers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The numbers of entries, and not the entries.
        f.debug_struct("FoundMembers")
            .field("members", &self.members.len())
            .field("presences", &self.presences.len())
            .field("not_found", &self.not_found.len())
            .finish()
    }
}

/// The members of a guild, chunk by chunk: a [`Stream`].
///
/// # Cancel safety
///
/// If you drop it, chunks that came and were not taken are lost, and nothing else.
#[must_use = "nothing is requested unless it is polled"]
pub struct MemberChunks {
    guild: Id<GuildMarker>,
    chunks: BoxStream<'static, Result<MemberChunk>>,
}

impl MemberChunks {
    /// Returns the next chunk or the failure, or `None` once all have come.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<MemberChunk>> {
        StreamExt::next(self).await
    }
}

impl Stream for MemberChunks {
    type Item = Result<MemberChunk>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        self.chunks.poll_next_unpin(task)
    }
}

impl fmt::Debug for MemberChunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemberChunks")
            .field("guild", &self.guild)
            .finish_non_exhaustive()
    }
}

/// A request in progress.
struct Asking {
    request: RequestMembers,
    nonce: String,
    ask: Option<Ask<Reply>>,
    tally: Tally,
    /// Until when to wait for Discord's rate limit.
    patient_until: Instant,
}

/// Discord's replies.
enum Reply {
    Chunk(Arc<Event>),
    Limited(Duration),
}

impl Asking {
    fn new(request: RequestMembers) -> Self {
        Self {
            // Several requests may run at the same time. (Discord: 32 bytes at most.)
            nonce: format!("{:016x}", fastrand::u64(..)),
            ask: None,
            tally: Tally::default(),
            patient_until: Instant::now(),
            request,
        }
    }

    /// Waits for the next chunk, or returns `None` once all have come.
    async fn next(&mut self) -> Result<Option<MemberChunk>, MembersError> {
        let Some(mut ask) = self.take_up().await? else {
            return Ok(None);
        };
        loop {
            if self.tally.is_complete() {
                return Ok(None);
            }
            match ask.next(until(self.request.patience)).await {
                None => return Err(self.incomplete()),
                Some(Heard::Answer(Reply::Chunk(event))) => {
                    let Some(chunk) = chunk_of(event) else {
                        continue;
                    };
                    if self.tally.take(&chunk, self.request.most)? {
                        self.ask = Some(ask);
                        return Ok(Some(chunk));
                    }
                }
                Some(Heard::Answer(Reply::Limited(retry_after))) => {
                    self.wait(retry_after).await?;
                    self.send(&ask)?;
                }
                Some(Heard::Reconnected { is_new_session }) => match self.tally.came() {
                    0 => self.send(&ask)?,
                    received if is_new_session => {
                        return Err(MembersError::Interrupted { received });
                    }
                    // The rest is still to come.
                    _ => {}
                },
            }
        }
    }

    /// Continues the request, and sends it if that was not done; returns `None` if it is for nobody.
    async fn take_up(&mut self) -> Result<Option<Ask<Reply>>, MembersError> {
        if let Some(ask) = self.ask.take() {
            return Ok(Some(ask));
        }
        self.request.check()?;
        if matches!(&self.request.which, Which::Only(users) if users.is_empty()) {
            return Ok(None);
        }
        let patience = self.request.patience;
        self.patient_until = until(patience);
        let kinds =
            EventKinds::of(EventType::MemberChunk).union(EventKinds::of(EventType::RateLimited));
        let (nonce, guild) = (self.nonce.clone(), self.request.guild);
        let pick = move |event: &Arc<Event>| pick(event, guild, &nonce);
        let ask = Ask::begin(&self.request.ctx, guild, (kinds, patience), pick).await?;
        self.send(&ask)?;
        Ok(Some(ask))
    }

    fn send(&self, ask: &Ask<Reply>) -> Result<(), MembersError> {
        Ok(ask.send(&self.request.command(&self.nonce))?)
    }

    /// Waits for Discord's rate limit, if there is time for that.
    async fn wait(&self, retry_after: Duration) -> Result<(), MembersError> {
        let left = self.patient_until.saturating_duration_since(Instant::now());
        if retry_after > left {
            let guild = self.request.guild;
            return Err(TooManyRequests { guild, retry_after }.into());
        }
        sleep(retry_after).await;
        Ok(())
    }

    fn incomplete(&self) -> MembersError {
        MembersError::Incomplete {
            received: self.tally.came(),
            expected: self.tally.count(),
            within: self.request.patience,
        }
    }
}

/// Returns the reply that an event is, if it is for this request.
fn pick(event: &Arc<Event>, guild: Id<GuildMarker>, nonce: &str) -> Option<Reply> {
    match &**event {
        Event::MemberChunk(chunk) => {
            let is_meant = chunk.guild_id == guild && chunk.nonce.as_deref() == Some(nonce);
            is_meant.then(|| Reply::Chunk(Arc::clone(event)))
        }
        Event::RateLimited(limited) => {
            let RateLimitMetadata::RequestGuildMembers { nonce: of, .. } = &limited.meta else {
                return None;
            };
            let after = Duration::try_from_secs_f32(limited.retry_after).unwrap_or(Duration::MAX);
            (of.as_deref() == Some(nonce)).then_some(Reply::Limited(after))
        }
        _ => None,
    }
}

/// Returns the chunk of an event, which nobody else may hold.
fn chunk_of(event: Arc<Event>) -> Option<MemberChunk> {
    match Arc::try_unwrap(event).unwrap_or_else(|shared| Event::clone(&shared)) {
        Event::MemberChunk(chunk) => Some(chunk),
        _ => None,
    }
}
