//! The shards: each is kept connected until the bot stops or Discord says that it is of no use.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use twilight_gateway::queue::InMemoryQueue;
use twilight_gateway::{Config, ConfigBuilder};
use twilight_model::gateway::connection_info::BotConnectionInfo;
use twilight_model::gateway::{Intents, ShardId};

use crate::context::{Scene, Shard};
use crate::dispatch::Dispatcher;
use crate::event::portal_names;
use crate::exception::SessionLost;
use crate::failure::{Failure, IntoFailure};
use crate::gateway::backoff::Backoff;
use crate::gateway::close::fatal_close;
use crate::gateway::connection::{Brought, Connection, Ended};
use crate::gateway::receive::{Received, receive};
use crate::gateway::session::Kept;
use crate::gateway::turn::Turns;
use crate::http::Http;

/// What the shards need to know.
pub(crate) struct Gateway {
    pub(crate) token: String,
    pub(crate) intents: Intents,
    /// The gateway, if it is not Discord's own.
    pub(crate) proxy: Option<SocketAddr>,
    pub(crate) info: BotConnectionInfo,
    pub(crate) http: Http,
    pub(crate) dispatcher: Arc<Dispatcher>,
}

/// All the shards of a bot, running.
pub(crate) struct Shards {
    tasks: JoinSet<Result<(), Failure>>,
    /// Ends them.
    stop: CancellationToken,
}

impl Shards {
    /// Starts as many shards as Discord recommends, which then connect one after the other.
    pub(crate) fn start(gateway: &Gateway) -> Self {
        let limit = &gateway.info.session_start_limit;
        let queue = Arc::new(InMemoryQueue::new(
            limit.max_concurrency.max(1),
            limit.remaining.min(limit.total),
            Duration::from_millis(limit.reset_after),
            limit.total,
        ));
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        for id in twilight_gateway::bucket(0, 1, gateway.info.shards.max(1)) {
            let driver = Driver::new(id, gateway, Turns::new(Arc::clone(&queue)));
            tasks.spawn(driver.run(stop.clone()));
        }
        Self { tasks, stop }
    }

    /// Waits until one of them cannot go on, and returns why.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost if this is dropped.
    pub(crate) async fn failed(&mut self) -> Failure {
        while let Some(ended) = self.tasks.join_next().await {
            match ended {
                Ok(Ok(())) => {}
                Ok(Err(failure)) => return failure,
                Err(panic) => return panic.into_failure(),
            }
        }
        std::future::pending().await
    }

    /// Closes the connections, and waits until they are.
    pub(crate) async fn stop(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Keeps one shard connected.
struct Driver {
    shard: Shard,
    /// What handlers have sent through the shard.
    commands: UnboundedReceiver<String>,
    config: Config<Turns>,
    has_proxy: bool,
    http: Http,
    dispatcher: Arc<Dispatcher>,
    backoff: Backoff,
    /// The session that could not be resumed: the number of its last event, and when it was lost.
    lost: Option<(u64, Instant)>,
}

impl Driver {
    fn new(id: ShardId, gateway: &Gateway, turns: Turns) -> Self {
        let mut config = ConfigBuilder::new(gateway.token.clone(), gateway.intents).queue(turns);
        if let Some(address) = gateway.proxy {
            config = config.proxy_url(format!("ws://{address}"));
        }
        let (sender, commands) = unbounded_channel();
        Self {
            shard: Shard::new(id, Some(sender)),
            commands,
            config: config.build(),
            has_proxy: gateway.proxy.is_some(),
            http: gateway.http.clone(),
            dispatcher: Arc::clone(&gateway.dispatcher),
            backoff: Backoff::default(),
            lost: None,
        }
    }

    /// Connects, again and again, until it is stopped or that is of no use any more.
    async fn run(mut self, stop: CancellationToken) -> Result<(), Failure> {
        let mut kept = None;
        loop {
            let mut connection =
                Connection::new(self.shard.id(), &self.config, self.has_proxy, kept.take());
            let ended = self.serve(&mut connection, &stop).await;
            if let Ended::Stopped = ended {
                connection.say_goodbye().await;
                return Ok(());
            }
            self.refuse_final(&ended)?;
            kept = connection.kept(&ended);
            if let (None, Some(last)) = (&kept, connection.last()) {
                self.lost.get_or_insert((last, Instant::now()));
            }
            let wait = self.wait(&connection, &ended);
            tell(&self.shard, &ended, kept.as_ref(), wait);
            drop(connection);
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Hands over what a connection brings, until it has ended.
    async fn serve(&mut self, connection: &mut Connection, stop: &CancellationToken) -> Ended {
        loop {
            match connection.next(&mut self.commands, stop).await {
                Brought::Text(json) => {
                    self.receive(&json, connection);
                    self.tell_of_loss(connection);
                }
                Brought::Ended(ended) => return ended,
            }
        }
    }

    fn receive(&self, json: &str, connection: &mut Connection) {
        let shard = self.shard.id();
        match receive(json, self.dispatcher.wanted()) {
            Received::Event(event, sequence) => {
                if connection.take(sequence) {
                    self.dispatcher.dispatch(*event, self.scene(sequence));
                } else {
                    // It was sent before the connection was lost, and again after.
                    self.dispatcher.skip(Some(event.kind()), shard, sequence);
                }
            }
            Received::Unwanted(kind, Some(sequence)) => {
                connection.take(sequence);
                self.dispatcher.skip(kind, shard, sequence);
            }
            Received::Unwanted(_, None) => {}
            Received::Malformed(error) => {
                let sequence = error.sequence().unwrap_or(0);
                connection.take(sequence);
                self.dispatcher
                    .connection_failed(error.into_failure(), self.scene(sequence));
            }
        }
    }

    /// Tells the error handlers of a session that was lost, once there is another.
    fn tell_of_loss(&mut self, connection: &Connection) {
        if let Some((sequence, since)) = self.lost.take_if(|_| connection.has_begun()) {
            let lost = SessionLost::new(sequence, since.elapsed());
            self.dispatcher
                .connection_failed(lost.into_failure(), self.scene(0));
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
        let wait = self.backoff.after(connection.was_active());
        match ended {
            // (Discord: Gateway, Resuming: after an invalid session, a random time.)
            Ended::Invalid { .. } => {
                wait.max(Duration::from_secs(1) + Duration::from_secs(4).mul_f64(fastrand::f64()))
            }
            _ => wait,
        }
    }

    fn scene(&self, sequence: u64) -> Scene {
        Scene::new(self.shard.clone(), sequence, self.http.clone())
    }
}

/// Tells why a connection has ended, and what is done next.
fn tell(shard: &Shard, ended: &Ended, kept: Option<&Kept>, wait: Duration) {
    let next = match kept {
        Some(_) => "resuming the session",
        None => "beginning a new session",
    };
    let shard = shard.id();
    match ended {
        Ended::Reconnect => tracing::debug!(%shard, ?wait, "asked to connect again: {next}"),
        Ended::Closed(frame) => {
            let code = frame.as_ref().map(|(code, _)| *code);
            tracing::info!(%shard, ?code, ?wait, "connection closed: {next}");
        }
        Ended::Invalid { .. } => tracing::info!(%shard, ?wait, "session invalid: {next}"),
        Ended::Lost(why) => tracing::warn!(%shard, ?wait, "connection lost: {why}: {next}"),
        Ended::Late(step) => tracing::warn!(%shard, ?step, ?wait, "too late: {next}"),
        Ended::Odd(why) => tracing::error!(%shard, ?wait, "odd gateway: {why}: {next}"),
        Ended::Stopped => {}
    }
}
