//! Taking events as they come.

use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, Sleep};

use crate::context::{Context, Scene, Watcher, Watching};
use crate::event::EventPayload;
use crate::failure::{Failure, IntoFailure, Result};
use crate::meta::Place;
use crate::waiting::{Awaited, Pause, judged, lock, watch};

/// How many events may wait to be taken.
const MOST: usize = 1_000;

impl Context {
    /// Takes all events of a type that a predicate is true of, as they come.
    ///
    /// It begins at once. [`timeout`](EventStream::timeout) says how long it goes on; without one it ends
    /// when it is dropped. What is said of [`wait_for`](Self::wait_for) holds here, too.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use cordial::prelude::*;
    ///
    /// /// Count what is said here within a minute.
    /// #[command]
    /// async fn count(ctx: &CommandContext, _: Waits<MessageCreate>) -> Result<()> {
    ///     let channel = ctx.channel_id();
    ///     let messages = ctx.events::<MessageCreate>(move |message| Some(message.channel_id) == channel);
    ///     ctx.reply("I count.").await?;
    ///     let mut messages = messages.timeout(Duration::from_secs(60));
    ///     let mut count = 0;
    ///     while let Some(message) = messages.next().await {
    ///         message?;
    ///         count += 1;
    ///     }
    ///     ctx.follow_up(format!("{count} messages.")).await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Its items may be [`NeverCome`](crate::waiting::NeverCome) and what the predicate
    /// [panicked](crate::exception::Panicked) with, each the last of them; and [`Missed`] if more than 1,000 events waited to be taken, after which it goes on.
    #[track_caller]
    pub fn events<E: EventPayload>(
        &self,
        predicate: impl Fn(&E) -> bool + Send + Sync + 'static,
    ) -> EventStream<E> {
        EventStream::begin(self, move |event| Ok(predicate(event)), Place::caller())
    }

    /// Takes all events of a type that a predicate is true of, which may fail.
    ///
    /// # Errors
    ///
    /// Its items may be what those of [`events`](Self::events) are, and what the predicate fails with, which is
    /// the last of them.
    #[track_caller]
    pub fn try_events<E: EventPayload>(
        &self,
        predicate: impl Fn(&E) -> Result<bool> + Send + Sync + 'static,
    ) -> EventStream<E> {
        EventStream::begin(self, predicate, Place::caller())
    }
}

/// Events came faster than they were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, crate::Exception)]
#[error("{count} events came while {MOST} waited to be taken, and are lost")]
pub struct Missed {
    count: u64,
}

impl Missed {
    /// Returns how many.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }
}

/// Events as they come: a [`Stream`].
///
/// # Cancel safety
///
/// What has come and was not taken is lost when it is dropped, and nothing else.
#[must_use = "it takes nothing unless it is polled"]
pub struct EventStream<E> {
    /// Nothing comes any more without it.
    source: Option<Source<E>>,
    /// Why it could not begin.
    failure: Option<Failure>,
    until: Option<Pin<Box<Sleep>>>,
    place: Place,
}

/// Says that a handler waits no more, when this is dropped.
struct Over(Arc<Pause>);

impl Drop for Over {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

/// What brings the events.
struct Source<E> {
    events: mpsc::Receiver<Awaited<E>>,
    rest: Arc<Rest>,
    pause: Arc<Pause>,
    /// Nothing more comes without it.
    watching: Option<Watching>,
}

/// Watches for the events.
struct All<E, P> {
    ctx: Context,
    predicate: P,
    pause: Arc<Pause>,
    rest: Arc<Rest>,
    /// Nothing is looked at any more once this is gone.
    sender: Mutex<Option<mpsc::Sender<Awaited<E>>>>,
}

/// What is known besides the events that have come.
#[derive(Default)]
struct Rest {
    /// How many came that had no room.
    missed: AtomicU64,
    /// What went wrong, after which nothing comes. It needs no room among the events.
    failure: Mutex<Option<Failure>>,
    /// What comes from then on is not taken, even if nobody is told of the time meanwhile.
    until: Mutex<Option<Instant>>,
}

impl<E: EventPayload> EventStream<E> {
    fn begin(
        ctx: &Context,
        predicate: impl Fn(&E) -> Result<bool> + Send + Sync + 'static,
        place: Place,
    ) -> Self {
        let (sender, events) = mpsc::channel(MOST);
        let (pause, rest) = (Arc::new(Pause::new(ctx)), Arc::<Rest>::default());
        let watching = watch::<E>(
            ctx,
            Arc::new(All {
                ctx: ctx.clone(),
                predicate,
                pause: Arc::clone(&pause),
                rest: Arc::clone(&rest),
                sender: Mutex::new(Some(sender)),
            }),
        );
        let (watching, failure) = match watching {
            Ok(watching) => (Some(watching), None),
            Err(failure) => (None, Some(failure)),
        };
        Self {
            source: watching.map(|watching| Source {
                events,
                rest,
                pause,
                watching: Some(watching),
            }),
            failure,
            until: None,
            place,
        }
    }

    /// Ends after this time, counted from now: what has come by then can still be taken.
    pub fn timeout(mut self, time: Duration) -> Self {
        let until = Box::pin(tokio::time::sleep(time));
        if let Some(source) = &self.source {
            *lock(&source.rest.until) = Some(until.deadline());
        }
        self.until = Some(until);
        self
    }

    /// Takes the next event, or what went wrong; nothing once its time is over and all that came is taken.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost if this is dropped.
    pub async fn next(&mut self) -> Option<Result<Awaited<E>>> {
        let pause = self.source.as_ref().map(|source| Arc::clone(&source.pause));
        // Whoever drops this goes on with something else.
        let _over = pause.map(Over);
        StreamExt::next(self).await
    }

    /// Notes a failure. What comes after one of the predicate's is not taken.
    fn end_with(&mut self, failure: Failure) -> Result<Awaited<E>> {
        self.source = None;
        Err(failure.at(self.place))
    }
}

impl<E: EventPayload> Stream for EventStream<E> {
    type Item = Result<Awaited<E>>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Some(failure) = this.failure.take() {
            return Poll::Ready(Some(this.end_with(failure)));
        }
        let Some(source) = &mut this.source else {
            return Poll::Ready(None);
        };
        // Asked first: events may come as fast as they are taken.
        if let Some(until) = &mut this.until
            && until.as_mut().poll(task).is_ready()
        {
            this.until = None;
            source.close();
        }
        match source.poll(task) {
            Poll::Ready(Some(Err(failure))) if !failure.is::<Missed>() => {
                Poll::Ready(Some(this.end_with(failure)))
            }
            Poll::Ready(None) => {
                this.source = None;
                Poll::Ready(None)
            }
            polled => polled,
        }
    }
}

impl<E: EventPayload> Source<E> {
    /// Lets nothing more come.
    fn close(&mut self) {
        self.watching = None;
        self.events.close();
    }

    fn poll(&mut self, task: &mut TaskContext<'_>) -> Poll<Option<Result<Awaited<E>>>> {
        let mut polled = self.take(task);
        if polled.is_pending() {
            self.pause.set(true);
            // One may have come meanwhile, and said that it goes on before this said that it waits.
            polled = self.take(task);
        }
        if polled.is_ready() {
            self.pause.set(false);
        }
        polled
    }

    fn take(&mut self, task: &mut TaskContext<'_>) -> Poll<Option<Result<Awaited<E>>>> {
        let is_over = match self.events.poll_recv(task) {
            Poll::Ready(Some(event)) => return Poll::Ready(Some(Ok(event))),
            Poll::Ready(None) => true,
            Poll::Pending => false,
        };
        // Those that were lost came after those that were not, and what went wrong came last.
        let missed = self.rest.missed.swap(0, Ordering::AcqRel);
        if missed > 0 {
            let missed = Missed { count: missed };
            return Poll::Ready(Some(Err(missed.into_failure())));
        }
        if !is_over {
            return Poll::Pending;
        }
        Poll::Ready(lock(&self.rest.failure).take().map(Err))
    }
}

impl<E, P> All<E, P> {
    /// Returns whether events are still taken.
    fn is_on(&self) -> bool {
        let is_early = lock(&self.rest.until).is_none_or(|until| Instant::now() < until);
        is_early && lock(&self.sender).is_some()
    }

    fn give(&self, event: Awaited<E>) {
        let sender = lock(&self.sender);
        let Some(sender) = &*sender else { return };
        if sender.try_send(event).is_err() {
            // There is no room; or nobody takes it any more, and then nobody asks.
            self.rest.missed.fetch_add(1, Ordering::AcqRel);
        }
    }

    fn fail(&self, failure: Failure) {
        let mut sender = lock(&self.sender);
        if sender.is_some() {
            *lock(&self.rest.failure) = Some(failure);
            // Only now: whoever takes the events asks what went wrong once all are taken.
            *sender = None;
        }
    }
}

impl<E: EventPayload, P> Watcher for All<E, P>
where
    P: Fn(&E) -> Result<bool> + Send + Sync,
{
    fn see(&self, scene: &Arc<Scene>) {
        if !self.is_on() {
            return;
        }
        let Some(seen) = Awaited::see(scene) else {
            return;
        };
        let judgement = seen.and_then(|event| {
            let is_one = judged(&self.ctx, || (self.predicate)(&event))?;
            Ok(is_one.then(|| Awaited::new(&self.ctx, scene, event)))
        });
        let Some(event) = judgement.transpose() else {
            return;
        };
        self.pause.set(false);
        match event {
            Ok(event) => self.give(event),
            Err(failure) => self.fail(failure),
        }
    }
}

impl<E: EventPayload> fmt::Debug for EventStream<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("event", &E::NAME)
            .finish_non_exhaustive()
    }
}
