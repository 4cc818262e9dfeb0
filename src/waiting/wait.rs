//! Waiting for the first match, of events and of interactions alike.

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

/// A handler's wait for an event or an interaction: `.await` it for an `Option`, which is `None` after the
/// timeout.
///
/// # Cancel safety
///
/// Dropping it ends the wait.
#[must_use = "the wait ends when it is dropped: `.await` it"]
pub struct Wait<T> {
    first: Result<First<T>>,
    time: Option<Duration>,
    /// The name of the awaited event, for messages.
    name: &'static str,
    place: Place,
}

impl<T> Wait<T> {
    /// Starts the wait, with a watcher that gives to a taker.
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

    /// Sets how long to wait, counted from when it is awaited.
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

/// The wait for the first match.
struct First<T> {
    came: oneshot::Receiver<Result<T>>,
    pause: Arc<Pause>,
    _watching: Watching,
}

/// Takes the first match for the waiting handler.
pub(crate) struct Taker<T> {
    pause: Arc<Pause>,
    /// Once this is gone, no handler waits any more.
    sender: Mutex<Option<oneshot::Sender<Result<T>>>>,
}

impl<T> First<T> {
    /// Starts the wait, with a watcher that gives to a taker.
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

    /// Waits for a match, or until a time is over.
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
            // A match may have been given since the last look. Whoever gave it knows that it is taken, and
            // shows the interaction to nobody else. Once this is closed, nothing more is given.
            came.close();
            came.try_recv().ok()
        });
        // The sender lives as long as the watcher.
        taken.await.transpose()
    }
}

impl<T> Taker<T> {
    /// Returns whether it still waits; afterwards the watcher looks at nothing more.
    pub(crate) fn is_waiting(&self) -> bool {
        lock(&self.sender).is_some()
    }

    /// Gives a match to the handler, if it is the first. Returns whether it was taken.
    pub(crate) fn give(&self, came: Result<T>) -> bool {
        let Some(sender) = lock(&self.sender).take() else {
            return false;
        };
        // The handler goes on from here, even if it is polled later.
        self.pause.set(false);
        // No handler waits any more if its time was over at the same moment.
        sender.send(came).is_ok()
    }
}

/// Waits for a future, and notes the pause for as long as it is pending.
async fn paused<T>(pause: &Pause, something: impl Future<Output = T>) -> T {
    let mut something = pin!(something);
    let polled = poll_fn(|task| match something.as_mut().poll(task) {
        Poll::Ready(result) => Poll::Ready(result),
        Poll::Pending => {
            pause.set(true);
            // The match may have come meanwhile and ended the pause, before it was noted here.
            something.as_mut().poll(task)
        }
    });
    let result = polled.await;
    pause.set(false);
    result
}
