//! Saves the sessions of a bot while it runs, and loads those of before.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::context::{Scene, Shard};
use crate::dispatch::Dispatcher;
use crate::exception::StoreFailed;
use crate::failure::{IntoFailure, Result};
use crate::gateway::SessionStore;
use crate::gateway::ledger::Ledger;
use crate::gateway::saved::{Owner, Saved};
use crate::http::Http;

/// How long a store may take.
const LIMIT: Duration = Duration::from_secs(10);
/// How long it is left alone.
const PAUSE: Duration = Duration::from_secs(1);
/// How long nothing may be saved: what is saved says since when nothing is known.
const LONGEST: Duration = Duration::from_secs(60);

/// Saves the sessions of a bot.
pub(crate) struct Keeper {
    store: Arc<dyn SessionStore>,
    ledger: Arc<Ledger>,
    dispatcher: Arc<Dispatcher>,
    http: Http,
    /// Whether the last could not be saved, which has been told.
    is_failing: bool,
}

/// A [`Keeper`] at work.
pub(crate) struct Keeping {
    task: AbortOnDropHandle<Keeper>,
    stop: CancellationToken,
}

impl Keeper {
    /// Loads what was saved, and saves that it was.
    pub(crate) async fn open(
        store: Arc<dyn SessionStore>,
        owner: Owner,
        dispatcher: &Arc<Dispatcher>,
        http: &Http,
    ) -> Self {
        let loading = Arc::clone(&store);
        let loaded = in_time(async move { loading.load().await }).await;
        let saved = loaded.as_ref().ok().and_then(|loaded| {
            let saved = Saved::decode(loaded.as_deref()?);
            let told = saved.inspect_err(|why| {
                tracing::warn!(%why, "saved sessions are not resumed");
            });
            told.ok()
        });
        let saved = saved.map(|saved| fit_for(dispatcher, saved));
        let mut keeper = Self {
            store,
            ledger: Arc::new(Ledger::open(owner, saved, SystemTime::now())),
            dispatcher: Arc::clone(dispatcher),
            http: http.clone(),
            is_failing: false,
        };
        if let Err(failure) = loaded {
            keeper.tell(StoreFailed::loading(failure));
        }
        // A bot that ends without a word is to be known by the next.
        keeper.save(false).await;
        keeper
    }

    pub(crate) fn ledger(&self) -> &Arc<Ledger> {
        &self.ledger
    }

    /// Begins to save what changes.
    pub(crate) fn start(self) -> Keeping {
        let stop = CancellationToken::new();
        let task = tokio::spawn(self.run(stop.clone()));
        Keeping {
            task: AbortOnDropHandle::new(task),
            stop,
        }
    }

    async fn run(mut self, stop: CancellationToken) -> Self {
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return self,
                _ = timeout(LONGEST, self.ledger.changed()) => {}
            }
            self.save(false).await;
            tokio::select! {
                biased;
                () = stop.cancelled() => return self,
                () = self.ledger.urgent() => {}
                () = sleep(PAUSE) => {}
            }
        }
    }

    async fn save(&mut self, is_last: bool) {
        let saved = self.ledger.saved(SystemTime::now(), is_last);
        let store = Arc::clone(&self.store);
        let saving = async move { store.save(saved.encode()?).await };
        match in_time(saving).await {
            Ok(()) if self.is_failing => {
                self.is_failing = false;
                tracing::info!("sessions are saved again");
            }
            Ok(()) => {}
            Err(failure) => {
                self.ledger.change();
                if !std::mem::replace(&mut self.is_failing, true) {
                    self.tell(StoreFailed::saving(failure));
                }
            }
        }
    }

    /// Tells the error handlers.
    fn tell(&self, failed: StoreFailed) {
        let scene = Scene::new(Shard::apart(), 0, self.http.clone());
        self.dispatcher
            .connection_failed(failed.into_failure(), scene);
    }
}

impl Keeping {
    /// Saves for the last time, what has changed or not.
    pub(crate) async fn finish(self) {
        self.stop.cancel();
        match self.task.await {
            Ok(mut keeper) => keeper.save(true).await,
            Err(error) => tracing::error!(%error, "sessions could not be saved at the end"),
        }
    }
}

/// Takes from what was saved what cannot be resumed by a bot that caches: a session that goes on tells of no
/// guilds, and the cache would stay empty. What was missed meanwhile is told as lost.
fn fit_for(dispatcher: &Dispatcher, mut saved: Saved) -> Saved {
    if dispatcher.kept().is_empty() {
        return saved;
    }
    tracing::warn!("new sessions begin, because only they fill the cache");
    for session in &mut saved.sessions {
        session.id = None;
    }
    saved
}

/// Waits for something that a store does, as long as it may take. It runs on its own, whatever it does.
async fn in_time<T: Send + 'static>(
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    let task = AbortOnDropHandle::new(tokio::spawn(work));
    match timeout(LIMIT, task).await {
        Ok(Ok(result)) => result,
        Ok(Err(panic)) => Err(panic.into_failure()),
        Err(late) => Err(late.into_failure()),
    }
}
