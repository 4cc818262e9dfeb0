//! What cordial owes to a person whose interaction is handled: checks, an answer in time, and an apology for an
//! unhandled failure.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::time::sleep_until;
use twilight_model::application::interaction::Interaction;

use crate::answer::{Attendant, PutOff, Reply, Responder};
use crate::check::{Checks, Passed};
use crate::command::{Admission, Defer};
use crate::context::Context;
use crate::dispatch::Engine;
use crate::exception::{Unanswered, UserFacing};
use crate::failure::{Failure, FailureId, IntoFailure};
use crate::handler::caught;
use crate::interaction::{
    AutocompleteContext, ComponentContext, InteractionContext, InteractionKind, ModalContext,
};

/// How a handler of interactions treats people.
pub(crate) struct Conduct {
    pub(crate) checks: Checks,
    pub(crate) defer: Defer,
    pub(crate) admissions: Vec<Admission>,
}

impl Conduct {
    /// Runs the checks. Typing does not count as a use, and neither does a component that is not theirs or
    /// has expired.
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

    /// Runs a handler that may answer an interaction, and defers the answer if time is running out.
    pub(crate) async fn in_time<T>(
        &self,
        ctx: &Context,
        after: Option<Duration>,
        run: impl Future<Output = T>,
    ) -> T {
        let (Some(interaction), Some(after)) = (InteractionContext::of(ctx), after) else {
            return run.await;
        };
        let Some(wanted) = how_to_put_off(self.defer, interaction.interaction()) else {
            return run.await;
        };
        let (mut run, responder) = (pin!(run), interaction.responder());
        tokio::select! {
            biased;
            ended = &mut run => return ended,
            () = sleep_until(responder.age().reaches(after)) => {}
        }
        // The promise is given to the end, even if the handler ends meanwhile.
        let put_off = async {
            if let Err(failure) = responder.put_off(wanted).await {
                tracing::warn!(
                    handler = %ctx.handler(),
                    error = %failure.error(),
                    "could not defer the interaction"
                );
            }
        };
        let (ended, ()) = tokio::join!(run, put_off);
        ended
    }
}

/// Defers the answer of an interaction that a handler has waited for, unless the handler answers in time.
pub(crate) async fn put_off_in_time(ctx: &Context, after: Option<Duration>) {
    let (Some(interaction), Some(after)) = (InteractionContext::of(ctx), after) else {
        return;
    };
    let responder = interaction.responder();
    sleep_until(responder.age().reaches(after)).await;
    let Some(wanted) = how_to_put_off(Defer::Public, interaction.interaction()) else {
        return;
    };
    // A change that is promised and never comes is seen by nobody; a message that never comes is.
    if wanted != PutOff::Change && !responder.is_attended() {
        return;
    }
    if let Err(failure) = responder.put_off(wanted).await {
        tracing::warn!(
            handler = %ctx.handler(),
            error = %failure.error(),
            "could not defer the interaction"
        );
    }
}

/// Returns how an interaction is deferred.
fn how_to_put_off(defer: Defer, interaction: &Interaction) -> Option<PutOff> {
    if AutocompleteContext::matches(interaction) {
        return None;
    }
    let changes_message = ComponentContext::matches(interaction)
        || (ModalContext::matches(interaction) && interaction.message.is_some());
    match defer {
        Defer::Never => None,
        Defer::Public if changes_message => Some(PutOff::Change),
        Defer::Public => Some(PutOff::Message {
            is_ephemeral: false,
        }),
        Defer::Ephemeral => Some(PutOff::Message { is_ephemeral: true }),
    }
}

/// Somebody who attends to an interaction, if a handler of interactions runs.
pub(crate) fn attendant(conduct: Option<&Conduct>, ctx: &Context) -> Option<Attendant> {
    conduct?;
    ctx.scene.responder.as_ref().map(Responder::attend)
}

/// Fails if nobody answered the interaction that a handler ran for or waited for, and nobody is left who could.
pub(crate) fn refuse_silence(attendant: Option<Attendant>, ctx: &Context) -> Result<(), Failure> {
    let is_own_left = attendant.is_some_and(Attendant::leaves_unanswered);
    let is_awaited_left = ctx.leaves_unanswered();
    if is_own_left || is_awaited_left {
        Err(Unanswered::new(ctx.handler()).into_failure())
    } else {
        Ok(())
    }
}

/// Takes back a deferral, if the error handlers left the failure without an answer.
pub(crate) async fn take_back(ctx: &Context) {
    let Some(responder) = ctx.responder() else {
        return;
    };
    if let Err(failure) = responder.take_back().await {
        tracing::warn!(
            handler = %ctx.handler(),
            error = %failure.error(),
            "could not take back the deferral"
        );
    }
}

/// What is owed to somebody whose interaction failed without an error handler handling it.
pub(crate) enum Amends {
    /// They are typing an option, so there is nothing to suggest.
    Nothing,
    /// They are told something.
    Words {
        words: Reply,
        /// The failure whose own words those are.
        of: Option<FailureId>,
    },
}

impl Engine {
    /// Works out what is owed for a failure: nothing to people who were already shown an answer.
    pub(crate) fn amends(&self, ctx: &Context, failure: &Failure) -> Option<Amends> {
        let ctx = InteractionContext::of(ctx)?;
        let responder = ctx.responder();
        if !responder.is_waiting() {
            return None;
        }
        if responder.is_typing() {
            return Some(Amends::Nothing);
        }
        // What an author says to people, or of errors, may panic.
        let words = caught(ctx.handler(), || {
            let is_for_people = failure.facet::<dyn UserFacing>().is_some();
            let of = is_for_people.then(|| failure.id());
            (self.apology)(&ctx, failure).map(|words| Amends::Words { words, of })
        });
        words.unwrap_or(None)
    }
}

impl Amends {
    /// Returns whether somebody is told of a failure what it has to say to people.
    pub(crate) fn tell_of(&self, failure: &Failure) -> bool {
        matches!(self, Self::Words { of, .. } if *of == Some(failure.id()))
    }

    /// Sends what is owed.
    pub(crate) async fn make(self, ctx: &Context) {
        let Some(responder) = ctx.responder() else {
            return;
        };
        let told = match self {
            Self::Nothing => responder.suggest([]).await,
            Self::Words { words, .. } => responder.tell_at(words, None).await.map(drop),
        };
        if let Err(failure) = told {
            tracing::warn!(
                handler = %ctx.handler(),
                error = %failure.error(),
                "could not tell the user about the failure"
            );
        }
    }
}
