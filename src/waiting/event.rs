//! Waiting for one event.

use std::sync::Arc;

use crate::context::{Context, Scene, Watcher};
use crate::event::EventPayload;
use crate::failure::Result;
use crate::meta::Place;
use crate::waiting::wait::Taker;
use crate::waiting::{Awaited, Wait, judged, watch};

impl Context {
    /// Waits for the first event of a type that satisfies a predicate.
    ///
    /// Waiting begins at once, before the future is awaited, because an answer may come before the request
    /// that sent the question has returned. Limit it with [`timeout`](Wait::timeout); without one it lasts
    /// until the handler is cut off. Other handlers get the event as usual.
    ///
    /// This call cannot request intents for the event. Take [`Waits<E>`](crate::waiting::Waits) as an
    /// argument of the handler, and the bot asks for them.
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
    /// [`NeverCome`](crate::waiting::NeverCome) if the bot has not asked for such events or does not read
    /// them, and [`Panicked`](crate::exception::Panicked) if the predicate panics.
    #[track_caller]
    pub fn wait_for<E: EventPayload>(
        &self,
        predicate: impl Fn(&E) -> bool + Send + Sync + 'static,
    ) -> Wait<Awaited<E>> {
        Wait::for_event(self, move |event| Ok(predicate(event)), Place::caller())
    }

    /// Waits for the first event of a type that satisfies a fallible predicate.
    ///
    /// # Errors
    ///
    /// As [`wait_for`](Self::wait_for), and the error of the predicate.
    #[track_caller]
    pub fn try_wait_for<E: EventPayload>(
        &self,
        predicate: impl Fn(&E) -> Result<bool> + Send + Sync + 'static,
    ) -> Wait<Awaited<E>> {
        Wait::for_event(self, predicate, Place::caller())
    }
}

/// Watches for the event.
struct Watches<E, P> {
    ctx: Context,
    predicate: P,
    taker: Taker<Awaited<E>>,
}

impl<E: EventPayload> Wait<Awaited<E>> {
    fn for_event(
        ctx: &Context,
        predicate: impl Fn(&E) -> Result<bool> + Send + Sync + 'static,
        place: Place,
    ) -> Self {
        Self::begin(ctx, E::NAME, place, |taker| {
            let watches = Watches {
                ctx: ctx.clone(),
                predicate,
                taker,
            };
            watch::<E>(ctx, Arc::new(watches))
        })
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
