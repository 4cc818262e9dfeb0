//! Waiting for the first of what is meant: what an event and an interaction are waited for with.

use std::fmt;
use std::future::{Future, IntoFuture, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::context::{Context, Watching};
use crate::failure::Result;
use crate::handler::BoxFuture;
use crate::meta::Place;
use crate::waiting::{Pause, lock};

/// A handler's wait for an event or an interaction: `.await` it. It comes to `None` once its time is over.
///
/// # Cancel safety
///
/// Whoever drops it waits no more.
#[must_use = "it is over when it is dropped: `.await` it"]
pub struct Wait<T> {
    first: Result<First<T>>,
    time: Option<Duration>,
    /// What it is for, and where.
    name: &'static str,
    place: Place,
}

impl<T> Wait<T> {
    /// Begins to wait for what a taker takes, once that watches.
    pub(crate) fn begin(
        ctx: &Context,
        name: &'static str,
        place: Place,
        watch: impl FnOnce(Taker<T>) -> Result<Watching>,
    ) -> Self {
        Self {
            first: First::begin(ctx, watch),
            time: None,
            name,
            place,
        }
    }

    /// Waits no longer than this, from when it is awaited.
    pub fn timeout(mut self, time: Duration) -> Self {
        self.time = Some(time);
        self
    }

    async fn run(self) -> Result<Option<T>> {
        self.first?.within(self.time).await
    }
}

impl<T: Send + 'static> IntoFuture for Wait<T> {
    type Output = Result<Option<T>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let place = self.place;
        Box::pin(async move { self.run().await.map_err(|failure| failure.at(place)) })
    }
}

impl<T> fmt::Debug for Wait<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("name", &self.name)
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}

/// Waits for the first of what is meant.
struct First<T> {
    came: oneshot::Receiver<Result<T>>,
    pause: Arc<Pause>,
    _watching: Watching,
}

/// Takes the first of what is meant, on behalf of who waits.
pub(crate) struct Taker<T> {
    pause: Arc<Pause>,
    /// Nobody waits any more once this is gone.
    sender: Mutex<Option<oneshot::Sender<Result<T>>>>,
}

impl<T> First<T> {
    /// Begins to wait for what a taker takes, once that watches.
    fn begin(ctx: &Context, watch: impl FnOnce(Taker<T>) -> Result<Watching>) -> Result<Self> {
        let (sender, came) = oneshot::channel();
        let pause = Arc::new(Pause::new(ctx));
        let taker = Taker {
            pause: Arc::clone(&pause),
            sender: Mutex::new(Some(sender)),
        };
        Ok(Self {
            came,
            pause,
            _watching: watch(taker)?,
        })
    }

    /// Waits until it comes, or for no longer than a time.
    async fn within(self, time: Option<Duration>) -> Result<Option<T>> {
        let Self {
            mut came,
            pause,
            _watching,
        } = self;
        let taken = paused(&pause, async {
            let Some(time) = time else {
                return came.await.ok();
            };
            if let Ok(came) = tokio::time::timeout(time, &mut came).await {
                return came.ok();
            }
            // It may have been given since it was looked for last. Whoever gave it was told that it is taken,
            // and shows an interaction to nobody else then. Once this is closed, nothing more is given.
            came.close();
            came.try_recv().ok()
        });
        // Whoever watches is there as long as this is.
        taken.await.transpose()
    }
}

impl<T> Taker<T> {
    /// Returns whether it still comes: who has what was waited for looks at nothing more.
    pub(crate) fn is_waiting(&self) -> bool {
        lock(&self.sender).is_some()
    }

    /// Gives what came to who waits, if it is the first. Returns whether it was taken.
    pub(crate) fn give(&self, came: Result<T>) -> bool {
        let Some(sender) = lock(&self.sender).take() else {
            return false;
        };
        // It goes on from here, even if it is polled later.
        self.pause.set(false);
        // Nobody waits any more if its time was over at the same moment.
        sender.send(came).is_ok()
    }
}

/// Waits for something, and says so as long as it is not there.
async fn paused<T>(pause: &Pause, something: impl Future<Output = T>) -> T {
    let mut something = pin!(something);
    let polled = poll_fn(|task| match something.as_mut().poll(task) {
        Poll::Ready(result) => Poll::Ready(result),
        Poll::Pending => {
            pause.set(true);
            // It may have come meanwhile, and said that it goes on before this said that it waits.
            something.as_mut().poll(task)
        }
    });
    let result = polled.await;
    pause.set(false);
    result
}
