//! The shards: each runs on a thread of its own, where no handler can hold it up.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use twilight_gateway::queue::InMemoryQueue;
use twilight_model::gateway::connection_info::BotConnectionInfo;
use twilight_model::gateway::{Intents, ShardId};

use crate::dispatch::Dispatcher;
use crate::exception::NoTransport;
use crate::failure::{Failure, IntoFailure};
use crate::gateway::budget::Budget;
use crate::gateway::driver::Driver;
use crate::gateway::ledger::Ledger;
use crate::gateway::turn::Turns;
use crate::health::Health;
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
    /// Where the sessions are noted, if they are to last.
    pub(crate) ledger: Option<Arc<Ledger>>,
    pub(crate) health: Health,
    pub(crate) threads: ShardThreads,
}

/// Where shards run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShardThreads {
    /// Each on a thread of its own: handlers that block their threads hold up no sign of life.
    #[default]
    Own,
    /// With the handlers, as tasks among others: for tests in virtual time, and for machines where threads
    /// are scarce.
    Shared,
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
        let shards = gateway.info.shards.max(1);
        let budget = Arc::new(Budget::new(limit, shards));
        // It spaces them. How many there may be is the budget's.
        let queue = InMemoryQueue::new(
            limit.max_concurrency.max(1),
            u32::MAX,
            Duration::ZERO,
            u32::MAX,
        );
        let queue = Arc::new(queue);
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        for id in twilight_gateway::bucket(0, 1, shards) {
            let turns = Turns::new(Arc::clone(&queue), Arc::clone(&budget));
            let driver = Driver::new(id, gateway, turns);
            let stop = stop.clone();
            match gateway.threads {
                ShardThreads::Own => tasks.spawn(on_own_thread(id, driver, stop)),
                ShardThreads::Shared => tasks.spawn(driver.run(stop)),
            };
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

impl Drop for Shards {
    fn drop(&mut self) {
        // Those on threads of their own would not notice.
        self.stop.cancel();
    }
}

/// Runs a shard on a thread of its own, to the end.
async fn on_own_thread(
    id: ShardId,
    driver: Driver,
    stop: CancellationToken,
) -> Result<(), Failure> {
    let (sender, ended) = oneshot::channel();
    let run = move || {
        // Nobody waits any more if the bot was dropped.
        drop(sender.send(block_on(driver.run(stop))));
    };
    thread::Builder::new()
        .name(format!("shard {}", id.number()))
        .spawn(run)
        .map_err(NoTransport::new)?;
    // What is dropped without an answer has panicked outside of what is caught.
    ended.await.unwrap_or_else(|gone| Err(gone.into_failure()))
}

fn block_on(run: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime
        .map_err(|error: io::Error| NoTransport::new(error))?
        .block_on(run)
}
