//! What is owed to a person whose interaction is handled: their checks, an answer in time, and an
//! apology for what nobody handled.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::time::sleep_until;
use twilight_model::application::interaction::Interaction;

use crate::answer::{Attendant, PutOff, Responder};
use crate::check::{Checks, Passed};
use crate::command::{Admission, Defer};
use crate::context::Context;
use crate::dispatch::Engine;
use crate::exception::{Unanswered, UserFacing};
use crate::failure::{Failure, IntoFailure};
use crate::handler::caught;
use crate::interaction::{
    AutocompleteContext, ComponentContext, InteractionContext, InteractionKind, ModalContext,
};
use crate::meta::Meta;

/// How a handler of interactions treats people.
pub(crate) struct Conduct {
    pub(crate) checks: Checks,
    pub(crate) defer: Defer,
    pub(crate) admissions: Vec<Admission>,
}

impl Conduct {
    /// Asks the checks. What is merely typed counts as no use, nor does what is not theirs to use, or
    /// does not work any more.
    pub(crate) async fn pass(&self, ctx: &Context) -> Result<Option<Passed>, Failure> {
        let Some(interaction) = InteractionContext::of(ctx) else {
            return Ok(None);
        };
        if AutocompleteContext::matches(interaction.interaction()) {
            self.checks.ask_while_typing(&interaction).await?;
            return Ok(None);
        }
        for admit in &self.admissions {
            admit(ctx)?;
        }
        self.checks.pass(&interaction).await.map(Some)
    }

    /// Returns how an interaction is put off.
    fn put_off(&self, interaction: &Interaction) -> Option<PutOff> {
        if AutocompleteContext::matches(interaction) {
            return None;
        }
        let changes_message = ComponentContext::matches(interaction)
            || (ModalContext::matches(interaction) && interaction.message.is_some());
        match self.defer {
            Defer::Never => None,
            Defer::Public if changes_message => Some(PutOff::Change),
            Defer::Public => Some(PutOff::Message {
                is_ephemeral: false,
            }),
            Defer::Ephemeral => Some(PutOff::Message { is_ephemeral: true }),
        }
    }

    /// Runs what may answer an interaction, and puts the answer off when time is running out and
    /// there is none.
    pub(crate) async fn in_time<T>(
        &self,
        ctx: &Context,
        after: Option<Duration>,
        run: impl Future<Output = T>,
    ) -> T {
        let (Some(interaction), Some(after)) = (InteractionContext::of(ctx), after) else {
            return run.await;
        };
        let Some(wanted) = self.put_off(interaction.interaction()) else {
            return run.await;
        };
        let (mut run, responder) = (pin!(run), interaction.responder());
        tokio::select! {
            biased;
            ended = &mut run => return ended,
            () = sleep_until(responder.received() + after) => {}
        }
        // The promise is given to the end, even if the handler ends meanwhile.
        let put_off = async {
            if let Err(failure) = responder.put_off(wanted).await {
                tracing::warn!(handler = %ctx.handler(), error = %failure.error(), "not put off");
            }
        };
        let (ended, ()) = tokio::join!(run, put_off);
        ended
    }
}

/// Somebody who attends to an interaction, if a handler of interactions runs.
pub(crate) fn attendant(conduct: Option<&Conduct>, ctx: &Context) -> Option<Attendant> {
    conduct?;
    ctx.scene.responder.as_ref().map(Responder::attend)
}

/// Says that nobody answered, if the last who could have has gone.
pub(crate) fn refuse_silence(attendant: Option<Attendant>, handler: &Meta) -> Result<(), Failure> {
    if attendant.is_some_and(Attendant::leaves_unanswered) {
        Err(Unanswered::new(handler).into_failure())
    } else {
        Ok(())
    }
}

/// Takes back what was promised to somebody, if those who handled a failure left it at that.
pub(crate) async fn take_back(ctx: &Context) {
    let Some(responder) = ctx.responder() else {
        return;
    };
    if let Err(failure) = responder.take_back().await {
        tracing::warn!(handler = %ctx.handler(), error = %failure.error(), "not taken back");
    }
}

/// Returns whether the person who caused a failure will be told of it in its own words.
pub(crate) fn is_told(ctx: &Context, failure: &Failure) -> bool {
    let is_waiting = ctx.responder().is_some_and(Responder::is_waiting);
    // What an author says of errors may panic.
    let is_for_people = || failure.facet::<dyn UserFacing>().is_some();
    is_waiting && caught(ctx.handler(), is_for_people).unwrap_or(false)
}

impl Engine {
    /// Tells the person whose interaction failed, unless they were shown something already.
    pub(crate) async fn apologise(&self, ctx: &Context, failure: &Failure) {
        let Some(interaction) = InteractionContext::of(ctx) else {
            return;
        };
        let responder = interaction.responder();
        if !responder.is_waiting() {
            return;
        }
        let told = if responder.is_typing() {
            responder.suggest([]).await
        } else {
            // What an author says to people may panic.
            let apology = caught(ctx.handler(), || (self.apology)(&interaction, failure));
            let Some(apology) = apology.unwrap_or(None) else {
                return;
            };
            responder.tell_at(apology, None).await.map(drop)
        };
        if let Err(failure) = told {
            tracing::warn!(handler = %ctx.handler(), error = %failure.error(), "nobody could be told");
        }
    }
}
