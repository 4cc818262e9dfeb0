//! Waiting for interactions.

use std::sync::Arc;

use twilight_model::gateway::event::EventType;

use crate::context::{Context, Scene, Watched, Watcher};
use crate::event::EventKinds;
use crate::interaction::{ComponentContext, InteractionKind, ModalContext};
use crate::meta::Place;
use crate::waiting::wait::Taker;
use crate::waiting::{Wait, judged};

impl Context {
    /// Waits for the first use of a component that satisfies a predicate.
    ///
    /// Prefer a `#[component]` function: it works after a restart, too, and for as long as the message
    /// exists. This is for components that end with the handler. It gets only components that no such
    /// function handles: create their custom ids with
    /// [`CustomId::unrouted`](crate::component::CustomId::unrouted).
    ///
    /// This handler has to answer the interaction, within three seconds as always; after two, cordial
    /// defers it. If the handler fails, cordial tells the person who used the component. If it ends without
    /// an answer, it fails with [`Unanswered`](crate::exception::Unanswered). Once no handler waits any
    /// more, cordial tells whoever uses the component that it no longer works.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use cordial::component::CustomId;
    /// use cordial::prelude::*;
    ///
    /// /// Throw everything away.
    /// #[command]
    /// async fn clear(ctx: &CommandContext) -> Result<()> {
    ///     let sure = CustomId::unrouted("sure").button("I am sure").danger();
    ///     let user = ctx.user().id;
    ///     let sent = ctx.reply(Reply::new("Sure?").row([sure])).await?;
    ///     let press = ctx.wait_for_component(move |press| {
    ///         press.message().id == sent.id && press.user().id == user
    ///     });
    ///     match press.timeout(Duration::from_secs(60)).await? {
    ///         Some(press) => press.update("Gone.").await?,
    ///         None => drop(ctx.edit("Nothing was thrown away.").await?),
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Panicked`](crate::exception::Panicked) if the predicate panics.
    #[track_caller]
    pub fn wait_for_component(
        &self,
        predicate: impl Fn(&ComponentContext) -> bool + Send + Sync + 'static,
    ) -> Wait<ComponentContext> {
        Wait::for_interaction(self, predicate, Place::caller())
    }

    /// Waits for the first submitted modal that satisfies a predicate.
    ///
    /// It gets only modals that you create with [`Modal::new`](crate::answer::Modal::new). Prefer a
    /// `#[modal]` function.
    ///
    /// Closing a modal sends nothing, so set a timeout. This handler has to answer the modal, as with a
    /// [component](Self::wait_for_component).
    ///
    /// # Errors
    ///
    /// [`Panicked`](crate::exception::Panicked) if the predicate panics.
    #[track_caller]
    pub fn wait_for_modal(
        &self,
        predicate: impl Fn(&ModalContext) -> bool + Send + Sync + 'static,
    ) -> Wait<ModalContext> {
        Wait::for_interaction(self, predicate, Place::caller())
    }
}

/// Watches for the interaction.
struct Watches<C, P> {
    ctx: Context,
    predicate: P,
    taker: Taker<C>,
}

impl<C: InteractionKind> Wait<C> {
    fn for_interaction(
        ctx: &Context,
        predicate: impl Fn(&C) -> bool + Send + Sync + 'static,
        place: Place,
    ) -> Self {
        let aim = Watched {
            kinds: EventKinds::of(EventType::InteractionCreate),
            is_view: false,
        };
        Self::begin(ctx, C::NAME, place, |taker| {
            let watches = Watches {
                ctx: ctx.clone(),
                predicate,
                taker,
            };
            Ok(ctx.home.watchers().add(aim, Arc::new(watches)))
        })
    }
}

impl<C: InteractionKind, P> Watcher for Watches<C, P>
where
    P: Fn(&C) -> bool + Send + Sync,
{
    fn claim(&self, scene: &Arc<Scene>) -> bool {
        let ctx = Context {
            stand: None,
            ..self.ctx.awaited(Arc::clone(scene))
        };
        let Some(interaction) = C::of(&ctx) else {
            return false;
        };
        if !self.taker.is_waiting() {
            return false;
        }
        let judgement = judged(&self.ctx, || Ok((self.predicate)(&interaction)));
        if matches!(judgement, Ok(false)) {
            return false;
        }
        let Ok(_) = judgement else {
            self.taker.give(judgement.map(|_| interaction));
            return false;
        };
        // Noted before it is handed over, because the handler may end at once.
        self.ctx.claim(scene);
        let is_taken = self.taker.give(Ok(interaction));
        if is_taken {
            ctx.home.clone().put_off(ctx);
        } else {
            self.ctx.disclaim(scene);
        }
        is_taken
    }
}
