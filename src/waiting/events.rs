//! Streams of events within a handler.

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

/// How many events may be queued.
const MOST: usize = 1_000;

impl Context {
    /// Streams all events of a type that satisfy a predicate.
    ///
    /// It begins at once. Limit it with [`timeout`](EventStream::timeout); without one it ends when you
    /// drop it. As with [`wait_for`](Self::wait_for), take `Waits<E>` for the intents, and other handlers
    /// get the events as usual.
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
    /// An item may be [`NeverCome`](crate::waiting::NeverCome), or [`Panicked`](crate::exception::Panicked)
    /// if the predicate panics; either is the last one. It may also be [`Missed`], if more than 1,000
    /// events were queued; then the stream goes on.
    #[track_caller]
    pub fn events<E: EventPayload>(
        &self,
        predicate: impl Fn(&E) -> bool + Send + Sync + 'static,
    ) -> EventStream<E> {
        EventStream::begin(self, move |event| Ok(predicate(event)), Place::caller())
    }

    /// Streams all events of a type that satisfy a fallible predicate.
    ///
    /// # Errors
    ///
    /// Those of [`events`](Self::events), and the error of the predicate, which is the last item.
    #[track_caller]
    pub fn try_events<E: EventPayload>(
        &self,
        predicate: impl Fn(&E) -> Result<bool> + Send + Sync + 'static,
    ) -> EventStream<E> {
        EventStream::begin(self, predicate, Place::caller())
    }
}

/// Events came faster than the handler took them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, crate::Exception)]
#[error("{count} events were lost, because {MOST} others were already waiting to be taken")]
pub struct Missed {
    count: u64,
}

impl Missed {
    /// Returns how many were lost.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }
}

/// A [`Stream`] of events.
///
/// # Cancel safety
///
/// If you drop it, events that were queued and not taken are lost, and nothing else.
#[must_use = "it takes nothing unless it is polled"]
pub struct EventStream<E> {
    /// The source of events; without it none comes any more.
    source: Option<Source<E>>,
    /// Why it could not begin.
    failure: Option<Failure>,
    until: Option<Pin<Box<Sleep>>>,
    place: Place,
}

/// Notes on drop that the handler no longer waits.
struct Over(Arc<Pause>);

impl Drop for Over {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

/// The source of the events.
struct Source<E> {
    events: mpsc::Receiver<Awaited<E>>,
    rest: Arc<Rest>,
    pause: Arc<Pause>,
    /// Without it no event comes any more.
    watching: Option<Watching>,
}

/// Watches for the events.
struct All<E, P> {
    ctx: Context,
    predicate: P,
    pause: Arc<Pause>,
    rest: Arc<Rest>,
    /// Without it no event is looked at any more.
    sender: Mutex<Option<mpsc::Sender<Awaited<E>>>>,
}

/// What is known besides the queued events.
#[derive(Default)]
struct Rest {
    /// How many events had no room.
    missed: AtomicU64,
    /// The failure that ended the stream. It needs no room in the queue.
    failure: Mutex<Option<Failure>>,
    /// Events from then on are not taken, even before the timer fires.
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

    /// Ends the stream after this time, counted from now.
    ///
    /// Events that came before can still be taken.
    pub fn timeout(mut self, time: Duration) -> Self {
        let until = Box::pin(tokio::time::sleep(time));
        if let Some(source) = &self.source {
            *lock(&source.rest.until) = Some(until.deadline());
        }
        self.until = Some(until);
        self
    }

    /// Returns the next event or failure, or `None` once the time is over and all events are taken.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<Awaited<E>>> {
        let pause = self.source.as_ref().map(|source| Arc::clone(&source.pause));
        // A handler that drops this does something else.
        let _over = pause.map(Over);
        StreamExt::next(self).await
    }

    /// Notes a failure. After a failure of the predicate no events are taken.
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
        // Checked first: events may come as fast as they are taken.
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
    /// Stops taking events.
    fn close(&mut self) {
        self.watching = None;
        self.events.close();
    }

    fn poll(&mut self, task: &mut TaskContext<'_>) -> Poll<Option<Result<Awaited<E>>>> {
        let mut polled = self.take(task);
        if polled.is_pending() {
            self.pause.set(true);
            // An event may have come meanwhile and ended the wait, before it was noted here that the
            // handler waits.
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
        // Lost events came after the queued ones, and the failure came last.
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
            // There is no room; or the stream was dropped, and nobody asks.
            self.rest.missed.fetch_add(1, Ordering::AcqRel);
        }
    }

    fn fail(&self, failure: Failure) {
        let mut sender = lock(&self.sender);
        if sender.is_some() {
            *lock(&self.rest.failure) = Some(failure);
            // Only now: the stream looks for a failure once all events are taken.
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
