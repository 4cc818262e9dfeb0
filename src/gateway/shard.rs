//! The shards: each runs on a thread of its own, where no handler can hold it up.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use twilight_model::gateway::connection_info::BotConnectionInfo;
use twilight_model::gateway::{Intents, ShardId};

use crate::dispatch::Dispatcher;
use crate::exception::NoTransport;
use crate::failure::{Failure, IntoFailure};
use crate::gateway::bucket::Buckets;
use crate::gateway::budget::Budget;
use crate::gateway::driver::Driver;
use crate::gateway::helm::{Helm, look_after};
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
    /// Each on a thread of its own, so that handlers which block their threads delay no heartbeat.
    #[default]
    Own,
    /// With the handlers, as tasks of their runtime, for tests in virtual time and machines where threads are
    /// scarce.
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
        // They space them. How many there may be is the budget's.
        let buckets = Arc::new(Buckets::new(limit.max_concurrency));
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        let drivers = twilight_gateway::bucket(0, 1, shards).map(|id| {
            let turns = Turns::new(Arc::clone(&buckets), Arc::clone(&budget));
            (id, Driver::new(id, gateway, turns))
        });
        match gateway.threads {
            ShardThreads::Own => {
                if let Err(error) = on_own_threads(drivers.collect(), &stop, &mut tasks) {
                    tasks.spawn(async { Err(NoTransport::new(error).into_failure()) });
                }
            }
            ShardThreads::Shared => {
                for (_, driver) in drivers {
                    tasks.spawn(driver.run(stop.clone()));
                }
            }
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

/// Starts shards on threads of their own.
fn on_own_threads(
    drivers: Vec<(ShardId, Driver)>,
    stop: &CancellationToken,
    tasks: &mut JoinSet<Result<(), Failure>>,
) -> io::Result<()> {
    let mut helms = Vec::new();
    for (id, driver) in drivers {
        let stop = stop.clone();
        let (helm, ended) = Helm::man(id, |deck| Box::pin(driver.on(deck).run(stop)))?;
        helms.push(Arc::downgrade(&helm));
        // It is told however it ends.
        tasks.spawn(async { ended.await.unwrap_or_else(|gone| Err(gone.into_failure())) });
    }
    look_after(helms)
}
