//! The Discord that the subjects connect to: a gateway and an HTTP interface on loopback, on a thread of
//! their own.

mod bodies;
mod gateway;
mod mix;
mod rest;

pub(crate) use self::mix::Mix;

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::{Semaphore, oneshot};

use self::bodies::Bodies;

/// How often a client is to send a heartbeat, unless it matters, in milliseconds.
pub(crate) const USUAL_INTERVAL: u64 = 41_250;

/// What is to happen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Script {
    pub(crate) mix: Mix,
    /// How many events each connection brings.
    pub(crate) events: u64,
    pub(crate) pace: Pace,
    /// How many shards Discord recommends.
    pub(crate) shards: u32,
    /// How often a client is to send a heartbeat, in milliseconds.
    pub(crate) interval: u64,
    /// How long nothing happens once a session has begun.
    pub(crate) calm: Duration,
}

/// How fast events come.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pace {
    /// As fast as the socket takes them.
    Flood,
    /// So many a second.
    PerSecond(u32),
    /// So many are unanswered at a time.
    Unanswered(usize),
}

impl Script {
    /// A flood, on one shard, that begins half a second after the session: whatever a client does at the
    /// beginning is over by then.
    pub(crate) fn flood(mix: Mix, events: u64) -> Self {
        Self {
            mix,
            events,
            pace: Pace::Flood,
            shards: 1,
            interval: USUAL_INTERVAL,
            calm: Duration::from_millis(500),
        }
    }
}

/// A Discord that is there until this is dropped.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) gateway: SocketAddr,
    pub(crate) http: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What all connections share.
#[derive(Debug)]
struct Shared {
    script: Script,
    bodies: Bodies,
    /// For how many more interactions there is room until one is answered.
    room: Semaphore,
    record: Mutex<Record>,
}

/// What the subject did.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    /// How often a session began.
    pub(crate) sessions: usize,
    /// When the subject sent heartbeats.
    pub(crate) beats: Vec<Instant>,
    /// What it asked for that there is not here.
    pub(crate) unknown: BTreeSet<String>,
}

impl Shared {
    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source {
    pub(crate) fn start(script: Script) -> Result<Self> {
        let room = match script.pace {
            Pace::Unanswered(most) => most,
            Pace::Flood | Pace::PerSecond(_) => 0,
        };
        let shared = Arc::new(Shared {
            script,
            bodies: Bodies::new(),
            room: Semaphore::new(room),
            record: Mutex::default(),
        });
        let (stop, stopped) = oneshot::channel();
        let (started, start) = std::sync::mpsc::channel();
        let thread = thread::spawn({
            let shared = Arc::clone(&shared);
            move || serve(&shared, &started, stopped)
        });
        let start = start.recv().context("the source of events ended early")?;
        let (gateway, http) = start.map_err(|error| anyhow!("cannot listen: {error:#}"))?;
        Ok(Self {
            gateway,
            http,
            shared,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Returns what the subject has done up to now.
    pub(crate) fn record(&self) -> Record {
        self.shared.record().clone()
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

type Started = std::sync::mpsc::Sender<Result<(SocketAddr, SocketAddr)>>;

fn serve(shared: &Arc<Shared>, started: &Started, stopped: oneshot::Receiver<()>) {
    let serve = async {
        let (gateway, http) = (listen().await?, listen().await?);
        let address = gateway.local_addr()?;
        drop(started.send(Ok((address, http.local_addr()?))));
        tokio::select! {
            () = gateway::serve(gateway, address, shared) => {}
            () = rest::serve(http, address, shared) => {}
            _ = stopped => {}
        }
        Ok(())
    };
    let runtime = Builder::new_current_thread().enable_all().build();
    let result = runtime
        .context("no runtime")
        .and_then(|runtime| runtime.block_on(serve));
    if let Err(error) = result {
        drop(started.send(Err(error)));
    }
}

async fn listen() -> Result<TcpListener> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?)
}
