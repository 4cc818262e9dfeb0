//! Asking who is in a guild.

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

/// How many are given by their names, or their ids. (Discord: Gateway Events, Request Guild Members.)
const MOST_AT_ONCE: u16 = 100;
/// How long the next chunk may take, unless something else is said: less than a listener may run.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is asked again because a session ended while the answer came.
const MOST_TIMES: u32 = 3;

impl Context {
    /// Asks who is in a guild, by the gateway: all of them, unless [`named`](RequestMembers::named) or
    /// [`only`](RequestMembers::only) is said.
    ///
    /// It is sent by the shard that the guild belongs to, when it is awaited, and what comes is gathered: one
    /// answer, or [`chunks`](RequestMembers::chunks) of 1,000 members.
    ///
    /// - Where nothing comes for 20 seconds, or what [`timeout`](RequestMembers::timeout) says, it fails.
    /// - Discord lets all members of a guild be asked for once in 30 seconds. That is waited for, if it is over
    ///   within the same time.
    /// - If the connection is lost before anything came, or the session ends while it comes, it is asked
    ///   again.
    ///
    /// All members take the intent `GUILD_MEMBERS`: a handler that takes
    /// [`Needs<AllMembers>`](crate::guild::Needs) has it asked for. (Discord: Gateway Events, Request Guild
    /// Members.)
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
    /// [`MembersError`], which says what of this it is.
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

/// A question who is in a guild: `.await` it, or take its [`chunks`](Self::chunks).
///
/// # Cancel safety
///
/// What came is lost when it is dropped. A request that has not gone is not sent then.
#[must_use = "nothing is asked unless it is awaited"]
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

/// Who is asked for.
#[derive(Clone)]
enum Which {
    All,
    Named(String),
    Only(Vec<Id<UserMarker>>),
}

/// Who was found in a guild.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundMembers {
    /// The members.
    pub members: Vec<Member>,
    /// What they are doing, of those who are not offline, if that was asked for.
    pub presences: Vec<Presence>,
    /// Those asked for by their ids who are not in the guild.
    pub not_found: Vec<Id<UserMarker>>,
}

impl RequestMembers {
    /// Asks for those whose name begins with a text: 100 at most.
    ///
    /// A text of nothing is what all names begin with: it takes the intent `GUILD_MEMBERS`, too.
    pub fn named(mut self, prefix: impl Into<String>) -> Self {
        self.which = Which::Named(prefix.into());
        self
    }

    /// Takes no more of those whose name begins with a text: from 1 to 100.
    pub fn limit(mut self, limit: u16) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Asks for those with these ids: 100 at most. Who is not in the guild is in
    /// [`not_found`](FoundMembers::not_found).
    pub fn only(mut self, users: impl IntoIterator<Item = Id<UserMarker>>) -> Self {
        self.which = Which::Only(users.into_iter().collect());
        self
    }

    /// Asks what they are doing, too. It takes the intent `GUILD_PRESENCES`.
    pub fn with_presences(mut self) -> Self {
        self.with_presences = true;
        self
    }

    /// Fails with [`GuildTooLarge`](crate::guild::GuildTooLarge) if there are more members, as soon as it is
    /// known: with the first thousand. Without it, all are taken.
    pub fn at_most(mut self, members: u64) -> Self {
        self.most = Some(members);
        self
    }

    /// Waits no longer than this for the next chunk, and for Discord's limit to be over: 20 seconds, unless it
    /// is said. A [listener](crate::bot::BotBuilder::timeout) may run for 30 seconds as a whole, unless that is said
    /// otherwise, too.
    pub fn timeout(mut self, time: Duration) -> Self {
        self.patience = time;
        self
    }

    /// Takes the chunks as they come: 1,000 members in each, for a guild that is not to be in memory as a
    /// whole.
    ///
    /// It ends with what fails, as an item. A session that ends after the first chunk is
    /// [`Interrupted`](MembersError::Interrupted) here: what was taken cannot be taken back.
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

    /// Refuses what Discord would not answer.
    fn check(&self) -> Result<(), MembersError> {
        let watchers = self.ctx.home.watchers();
        let missing = |what, need, intent| {
            let is_missing = !watchers.lacks(intent).is_empty();
            is_missing.then(|| MissingIntent::new(what, need, intent))
        };
        let mut missing_intent = None;
        if self.is_of_all() {
            let what = "asking for all members of a guild";
            missing_intent = missing(what, AllMembers::NAME, AllMembers::INTENT);
        }
        if self.with_presences && missing_intent.is_none() {
            let what = "asking what members of a guild are doing";
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

    /// Returns whether it takes leave to see all members.
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
            // There are no more than it takes.
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
        // How many, and not who.
        f.debug_struct("FoundMembers")
            .field("members", &self.members.len())
            .field("presences", &self.presences.len())
            .field("not_found", &self.not_found.len())
            .finish()
    }
}

/// Who is in a guild, chunk by chunk: a [`Stream`].
///
/// # Cancel safety
///
/// What has come and was not taken is lost when it is dropped, and nothing else.
#[must_use = "nothing is asked unless it is polled"]
pub struct MemberChunks {
    guild: Id<GuildMarker>,
    chunks: BoxStream<'static, Result<MemberChunk>>,
}

impl MemberChunks {
    /// Takes the next chunk, or what went wrong; nothing once all have come.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost if this is dropped.
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

/// A question on its way.
struct Asking {
    request: RequestMembers,
    nonce: String,
    ask: Option<Ask<Reply>>,
    tally: Tally,
    /// Until when Discord's limit is waited for.
    patient_until: Instant,
}

/// What Discord replies.
enum Reply {
    Chunk(Arc<Event>),
    Limited(Duration),
}

impl Asking {
    fn new(request: RequestMembers) -> Self {
        Self {
            // Others may ask at the same time. (Discord: 32 bytes at most.)
            nonce: format!("{:016x}", fastrand::u64(..)),
            ask: None,
            tally: Tally::default(),
            patient_until: Instant::now(),
            request,
        }
    }

    /// Waits for the next chunk; nothing once all have come.
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
                    // What is still to come does.
                    _ => {}
                },
            }
        }
    }

    /// Goes on with the question, which is sent if it was not; nothing if nobody is asked for.
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

    /// Waits until Discord takes it again, if there is time for that.
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

/// Returns what an event replies, if it is meant.
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

/// Returns the chunk that an event is, which nobody else may have.
fn chunk_of(event: Arc<Event>) -> Option<MemberChunk> {
    match Arc::try_unwrap(event).unwrap_or_else(|shared| Event::clone(&shared)) {
        Event::MemberChunk(chunk) => Some(chunk),
        _ => None,
    }
}
