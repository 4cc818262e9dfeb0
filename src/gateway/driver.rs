//! Keeps one shard connected.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use twilight_gateway::{Config, ConfigBuilder};
use twilight_model::gateway::ShardId;
use twilight_model::gateway::connection_info::BotConnectionInfo;

use crate::context::Outbox;
use crate::event::{
    ConnectionEvent, ShardLatency, ShardLost, ShardReady, ShardResumed, ShardsRecommended,
    portal_names,
};
use crate::exception::{SessionLost, SessionsExhausted};
use crate::failure::{Failure, IntoFailure};
use crate::gateway::Gateway;
use crate::gateway::backoff::Backoff;
use crate::gateway::budget::NotYet;
use crate::gateway::close::fatal_close;
use crate::gateway::connection::{Brought, Connection};
use crate::gateway::ended::Ended;
use crate::gateway::helm::Deck;
use crate::gateway::ledger::{Bookmark, Earlier};
use crate::gateway::receiver::Receiver;
use crate::gateway::session::Kept;
use crate::gateway::turn::Turns;
use crate::gateway::watch::Step;
use crate::handler::{logged, settled};
use crate::health::{Count, ShardState};
use crate::meta::{HandlerKind, Meta};
use crate::sabotage::{self, Sabotage};

/// How long what Discord recommends is believed.
const BELIEVED: Duration = Duration::from_secs(3_600);
/// How long a shard may be held back before somebody is told.
const LONG: Duration = Duration::from_secs(60);

/// Keeps one shard connected.
pub(crate) struct Driver {
    outbox: Arc<Outbox>,
    /// Takes in what it brings.
    receiver: Receiver,
    /// Where handlers are begun.
    config: Config<Turns>,
    has_proxy: bool,
    backoff: Backoff,
    /// The session that could not be resumed.
    lost: Option<Lost>,
    /// How many shards Discord last recommended.
    recommended: u32,
}

/// A session that was lost.
struct Lost {
    /// The number of its last event.
    sequence: u64,
    since: Instant,
    /// For how long nothing had been told then.
    before: Duration,
}

impl Driver {
    /// Prepares a shard. Handlers will run on the runtime that this is called on.
    pub(crate) fn new(id: ShardId, gateway: &Gateway, turns: Turns) -> Self {
        let mut config = ConfigBuilder::new(gateway.token.clone(), gateway.intents).queue(turns);
        if let Some(address) = gateway.proxy {
            config = config.proxy_url(format!("ws://{address}"));
        }
        let ledger = gateway.ledger.as_ref();
        let bookmark = ledger.map(|ledger| Bookmark::find(ledger, id.number()));
        let (http, dispatcher) = (gateway.http.clone(), Arc::clone(&gateway.dispatcher));
        let receiver = Receiver::new(gateway.health.watch(id), http, dispatcher, bookmark);
        Self {
            outbox: receiver.shard.outbox().map(Arc::clone).unwrap_or_default(),
            receiver,
            config: config.build(),
            has_proxy: gateway.proxy.is_some(),
            backoff: Backoff::default(),
            lost: None,
            recommended: id.total(),
        }
    }

    /// Says where handlers are begun.
    pub(crate) fn on(mut self, deck: Deck) -> Self {
        self.receiver.deck = deck;
        self
    }

    /// Connects, again and again, until it is stopped or that is of no use any more.
    pub(crate) async fn run(mut self, stop: CancellationToken) -> Result<(), Failure> {
        let result = self.keep_connected(&stop).await;
        self.receiver.vitals.reach(ShardState::Stopped);
        self.outbox.close();
        result
    }

    async fn keep_connected(&mut self, stop: &CancellationToken) -> Result<(), Failure> {
        let mut kept = self.take_up();
        loop {
            let mut connection = self.connect(kept.take()).await;
            let me = Meta::new(HandlerKind::Gateway, "gateway", None);
            let ended = settled(&me, self.serve(&mut connection, stop)).await;
            let ended = ended.unwrap_or_else(Ended::Panicked);
            self.receiver.bookmark.iter_mut().for_each(Bookmark::leave);
            if let Ended::Stopped = ended {
                connection
                    .say_goodbye(self.receiver.bookmark.is_some())
                    .await;
                return Ok(());
            }
            self.refuse_final(&ended)?;
            kept = connection.kept(&ended);
            if let (None, Some(last)) = (&kept, connection.last()) {
                self.lose(last);
            }
            let wait = self.wait(&connection, &ended);
            self.tell_of_end(ended, kept.is_some(), wait);
            drop(connection);
            if sabotage::is(Sabotage::NeverReconnect) {
                stop.cancelled().await;
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Returns the session of an earlier run, if it can be resumed.
    fn take_up(&mut self) -> Option<Kept> {
        let earlier = self.receiver.bookmark.as_ref()?.earlier()?;
        if earlier.kept.is_none() {
            let last = earlier.sequence;
            self.lose(last);
            return None;
        }
        earlier.kept.clone()
    }

    /// Notes that the session is lost, after the event of a number.
    fn lose(&mut self, sequence: u64) {
        let earlier = self.receiver.bookmark.as_mut().and_then(Bookmark::lose);
        let (since, before) = match earlier {
            Some(Earlier { loaded, age, .. }) => (loaded, age),
            None => (Instant::now(), Duration::ZERO),
        };
        self.lost.get_or_insert(Lost {
            sequence,
            since,
            before,
        });
    }

    async fn connect(&mut self, kept: Option<Kept>) -> Connection {
        self.receiver.vitals.reach(ShardState::Connecting);
        self.receiver.vitals.count(Count::Connections);
        let mut config = ConfigBuilder::from(self.config.clone());
        if kept.is_none() {
            self.ask_again().await;
            if let Some(presence) = self.outbox.lasting_presence() {
                config = config.presence(presence);
            }
        }
        Connection::new(
            self.receiver.shard.id(),
            config.build(),
            self.has_proxy,
            kept,
        )
    }

    /// Asks Discord how many sessions are left and how many shards there should be, if it was asked long
    /// ago. What it says instead does not matter: it is asked again.
    async fn ask_again(&mut self) {
        let budget = self.config.queue().budget();
        if budget.age() < BELIEVED {
            return;
        }
        let http = self.receiver.http.clone();
        let asking = self.receiver.home.spawn(async move {
            let answer = http.ask::<BotConnectionInfo>(http.client().gateway().authed());
            answer.await.ok()
        });
        let Ok(Some(info)) = asking.await else {
            return;
        };
        budget.correct(&info.session_start_limit);
        let now = self.receiver.shard.id().total();
        if info.shards != self.recommended && info.shards != now {
            self.receiver
                .tell(ConnectionEvent::Shards(ShardsRecommended {
                    now,
                    recommended: info.shards,
                }));
        }
        self.recommended = info.shards;
    }

    /// Hands over what a connection brings, until it has ended.
    async fn serve(&mut self, connection: &mut Connection, stop: &CancellationToken) -> Ended {
        let outbox = Arc::clone(&self.outbox);
        loop {
            match connection.next(&outbox, stop).await {
                Brought::Text(json) => {
                    self.note(connection);
                    let fresh = self.receiver.receive(json, &mut connection.numbers);
                    if let Some(fresh) = fresh {
                        self.receiver.deck.begin(fresh).await;
                    }
                }
                Brought::Latency(round_trip) => {
                    self.receiver.vitals.answered_within(round_trip);
                    let shard = self.receiver.shard.id();
                    self.receiver
                        .tell(ConnectionEvent::Latency(ShardLatency { shard, round_trip }));
                }
                Brought::Held(not_yet) => self.tell_of_hold(not_yet),
                Brought::Ended(ended) => return ended,
            }
            self.follow(connection);
        }
    }

    /// Notes what has become of the session, before what it brings is dealt with.
    fn note(&mut self, connection: &mut Connection) {
        let Some(bookmark) = &mut self.receiver.bookmark else {
            return;
        };
        if let Some(kept) = connection.begun() {
            bookmark.begin(kept);
        } else if connection.has_begun() {
            bookmark.go_on();
        }
    }

    /// Notes how far a connection is, and tells of a session that has begun.
    fn follow(&mut self, connection: &Connection) {
        let state = state(connection.step());
        let before = self.receiver.vitals.look_at_state();
        if state == before {
            return;
        }
        self.receiver.vitals.reach(state);
        if let Some(interval) = connection.heartbeat_interval() {
            self.receiver.deck.beats_every(interval);
        }
        if state == ShardState::Active {
            let (shard, after) = (self.receiver.shard.id(), connection.age());
            self.receiver.tell(if before == ShardState::Resuming {
                self.receiver.vitals.count(Count::Resumes);
                let replayed = connection.numbers.replayed();
                ConnectionEvent::Resumed(ShardResumed {
                    shard,
                    replayed,
                    after,
                })
            } else {
                self.receiver.vitals.count(Count::Sessions);
                ConnectionEvent::Ready(ShardReady { shard, after })
            });
            self.tell_of_loss();
        }
    }

    /// Tells the error handlers of a session that was lost, now that there is another.
    fn tell_of_loss(&mut self) {
        if let Some(lost) = self.lost.take() {
            let gap = lost.before + lost.since.elapsed();
            let lost = SessionLost::new(lost.sequence, gap);
            self.receiver.fail(lost.into_failure());
        }
    }

    /// Tells the error handlers that the bot may not begin another session for long.
    fn tell_of_hold(&self, not_yet: NotYet) {
        let wait = not_yet.until.saturating_duration_since(Instant::now());
        if wait > LONG {
            let exhausted = SessionsExhausted::new(not_yet.remaining, wait);
            self.receiver.fail(exhausted.into_failure());
        }
    }

    /// Tells why a connection has ended, and what is done next.
    fn tell_of_end(&self, ended: Ended, resumes: bool, wait: Duration) {
        let shard = self.receiver.shard.id();
        let (why, code) = (ended.to_string(), ended.code());
        logged(|| {
            if ended.is_expected() {
                tracing::info!(%shard, ?code, ?wait, resumes, "{why}");
            } else {
                tracing::warn!(%shard, ?code, ?wait, resumes, "{why}");
            }
        });
        if let Ended::Stalled(_) = ended {
            self.receiver.vitals.count(Count::Stalls);
        }
        self.receiver.vitals.reach(ShardState::Disconnected);
        self.receiver.tell(ConnectionEvent::Lost(ShardLost {
            shard,
            why,
            code,
            resumes,
            wait,
        }));
        if let Ended::Panicked(failure) = ended {
            self.receiver.fail(failure);
        }
    }

    /// Fails if connecting again would not help.
    fn refuse_final(&self, ended: &Ended) -> Result<(), Failure> {
        let Ended::Closed(Some((code, reason))) = ended else {
            return Ok(());
        };
        let privileged = portal_names(self.config.intents());
        fatal_close(*code, reason, privileged).map_or(Ok(()), Err)
    }

    /// Returns how long to wait before connecting again.
    fn wait(&mut self, connection: &Connection, ended: &Ended) -> Duration {
        // (Discord: Gateway, Resuming: after an invalid session, a random time.)
        let short = Duration::from_secs(1) + Duration::from_secs(4).mul_f64(fastrand::f64());
        match ended {
            // The gateway works: it is the session that is gone, and is not resumed again.
            Ended::Invalid {
                is_resumable: false,
            } if connection.step() == Step::Resuming => short,
            Ended::Invalid { .. } => short.max(self.backoff.after(connection.was_active())),
            _ => self.backoff.after(connection.was_active()),
        }
    }
}

/// Returns what a shard is doing whose connection is so far.
fn state(step: Step) -> ShardState {
    match step {
        Step::Connecting => ShardState::Connecting,
        Step::Waiting => ShardState::Queued,
        Step::Beginning => ShardState::Identifying,
        Step::Resuming => ShardState::Resuming,
        Step::Active => ShardState::Active,
    }
}
