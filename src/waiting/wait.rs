//! Waiting for one event.

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use crate::context::{Context, Scene, Watcher};
use crate::event::EventPayload;
use crate::failure::Result;
use crate::handler::BoxFuture;
use crate::meta::Place;
use crate::waiting::first::{First, Taker};
use crate::waiting::{Awaited, judged, watch};

impl Context {
    /// Waits for the first event of a type that a predicate is true of.
    ///
    /// It begins to wait at once, before it is awaited: what answers a question may come before it is known
    /// that the question was sent. [`timeout`](Wait::timeout) says how long it waits; without one it waits
    /// until the handler is cut off. Other handlers see the event as ever.
    ///
    /// What is waited for must come: the bot asks for no intents on behalf of this call. A handler that
    /// takes [`Waits<E>`](crate::waiting::Waits) has them asked for.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use cordial::prelude::*;
    ///
    /// /// Answer a question.
    /// #[command]
    /// async fn quiz(ctx: &CommandContext, _: Waits<MessageCreate>) -> Result<()> {
    ///     let (channel, user) = (ctx.channel_id(), ctx.user().id);
    ///     let answer = ctx.wait_for::<MessageCreate>(move |message| {
    ///         Some(message.channel_id) == channel && message.author.id == user
    ///     });
    ///     ctx.reply("What is six times seven?").await?;
    ///     match answer.timeout(Duration::from_secs(30)).await? {
    ///         Some(answer) if answer.content == "42" => answer.context().reply("Right!").await?,
    ///         Some(answer) => answer.context().reply("No.").await?,
    ///         None => ctx.follow_up("Too late.").await?,
    ///     };
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NeverCome`](crate::waiting::NeverCome) if the bot has not asked for such events or does not read them,
    /// and what the predicate [panicked](crate::exception::Panicked) with.
    #[track_caller]
    pub fn wait_for<E: EventPayload>(
        &self,
        predicate: impl Fn(&E) -> bool + Send + Sync + 'static,
    ) -> Wait<E> {
        Wait::begin(self, move |event| Ok(predicate(event)), Place::caller())
    }

    /// Waits for the first event of a type that a predicate is true of, which may fail.
    ///
    /// # Errors
    ///
    /// As [`wait_for`](Self::wait_for), and what the predicate fails with.
    #[track_caller]
    pub fn try_wait_for<E: EventPayload>(
        &self,
        predicate: impl Fn(&E) -> Result<bool> + Send + Sync + 'static,
    ) -> Wait<E> {
        Wait::begin(self, predicate, Place::caller())
    }
}

/// A handler's wait for an event: `.await` it. It comes to `None` once its time is over.
///
/// # Cancel safety
///
/// Whoever drops it waits no more.
#[must_use = "it is over when it is dropped: `.await` it"]
pub struct Wait<E> {
    first: Result<First<Awaited<E>>>,
    time: Option<Duration>,
    place: Place,
}

/// Watches for the event.
struct Watches<E, P> {
    ctx: Context,
    predicate: P,
    taker: Taker<Awaited<E>>,
}

impl<E: EventPayload> Wait<E> {
    fn begin(
        ctx: &Context,
        predicate: impl Fn(&E) -> Result<bool> + Send + Sync + 'static,
        place: Place,
    ) -> Self {
        let first = First::begin(ctx, |taker| {
            let watches = Watches {
                ctx: ctx.clone(),
                predicate,
                taker,
            };
            watch::<E>(ctx, Arc::new(watches))
        });
        Self {
            first,
            time: None,
            place,
        }
    }

    /// Waits no longer than this, from when it is awaited.
    pub fn timeout(mut self, time: Duration) -> Self {
        self.time = Some(time);
        self
    }

    async fn run(self) -> Result<Option<Awaited<E>>> {
        self.first?.within(self.time).await
    }
}

impl<E: EventPayload> IntoFuture for Wait<E> {
    type Output = Result<Option<Awaited<E>>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let place = self.place;
        Box::pin(async move { self.run().await.map_err(|failure| failure.at(place)) })
    }
}

impl<E: EventPayload, P> Watcher for Watches<E, P>
where
    P: Fn(&E) -> Result<bool> + Send + Sync,
{
    fn see(&self, scene: &Arc<Scene>) {
        if !self.taker.is_waiting() {
            return;
        }
        let Some(seen) = Awaited::see(scene) else {
            return;
        };
        let judgement = seen.and_then(|event| {
            let is_it = judged(&self.ctx, || (self.predicate)(&event))?;
            Ok(is_it.then(|| Awaited::new(&self.ctx, scene, event)))
        });
        if let Some(event) = judgement.transpose() {
            self.taker.give(event);
        }
    }
}

impl<E: EventPayload> fmt::Debug for Wait<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("event", &E::NAME)
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}
