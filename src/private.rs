//! Internals for generated code. They may change with any version.

use std::error::Error;
use std::future::Future;
use std::marker::PhantomData;
use std::time::Duration;

pub use inventory;
use twilight_model::gateway::event::EventType;
use twilight_model::id::Id;
use twilight_model::id::marker::UserMarker;

pub use twilight_model::application::interaction::InteractionContextType;
pub use twilight_model::channel::ChannelType;
pub use twilight_model::guild::Permissions;
pub use twilight_model::oauth::ApplicationIntegrationType;

pub use crate::answer::Modal;
pub use crate::bot::{Handlers, IntoHandlers};
pub use crate::check::{Check, Cooldown, IntoCheck, MaxConcurrency, generated as check};
pub use crate::command::generated::{autocomplete, menu, slash};
pub use crate::command::{Autocomplete, Defer, IntoAutocomplete, IntoSuggestion};
pub use crate::command::{Choice, Choosable};
pub use crate::command::{SlashOption, Suggestions};
pub use crate::component::generated::{assert_fits, component, modal};
pub use crate::component::{Carry, CustomId, CustomIdRoute, Fit, ModalField};
pub use crate::dispatch::{generated as listener, generated_view as view_listener};
pub use crate::error::handler::{facet as facet_handler, typed as error_handler};
pub use crate::error::{ErrorHandler, IntoErrorHandler};
pub use crate::event::{EventKinds, Occurrence, Part, Presence, View};
pub use crate::event::{
    EventPayload, EventText, EventView, Fields as ViewFields, GatewayPayload, Viewed,
};
pub use crate::exception::{Declaration, Edge, EdgeExt, Exception, Lattice, NoEdge, Per};
pub use crate::failure::Failure;
pub use crate::interaction::{
    AutocompleteContext, CommandContext, ComponentContext, InteractionContext, ModalContext,
};
pub use crate::meta::Place;
pub use crate::task::{When, generated as task};
pub use serde::de::MapAccess;
pub use serde_json::Result as JsonResult;
pub use twilight_model::application::command::{CommandOptionChoice, CommandOptionChoiceValue};
pub use twilight_model::gateway::Intents;

use crate::command::Options;
use crate::component::Fields;
use crate::context::Context;
use crate::error::{Flow, IntoVerdict};
use crate::exception::{End, NotTheirs, Original, Route, Trouble, UnknownComponent};
use crate::failure::IntoFailure;
use crate::handler::{
    Arguments, BoxFuture, IntoOutcome, IntoReturned, ListenerContext, TaskContext,
};
use crate::interaction::{ContextOf, InteractionKind};
use twilight_model::application::interaction::InteractionData;

/// Marks companions of error handlers, checks, and functions that complete options.
#[derive(Debug)]
pub struct ViaCompanion(PhantomData<()>);

/// Refuses views of events that contain tokens, at compile time.
///
/// # Panics
///
/// Panics if `P` is such an event.
pub const fn assert_viewable<P: GatewayPayload>() {
    assert!(
        !matches!(P::KIND, EventType::InteractionCreate),
        "an interaction cannot have a view, because it contains tokens: take `&InteractionCreate`",
    );
}

/// Reads a view that borrows nothing.
pub fn read_view<V>(occurrence: &Occurrence) -> Option<serde_json::Result<View<'_, V>>>
where
    V: for<'e> Viewed<'e>,
{
    let read = occurrence.text()?.view::<V>();
    Some(read.map(Box::new).map(View::Owned))
}

/// Makes the first argument of a listener.
#[must_use]
pub fn first<C: ListenerContext>(ctx: &Context) -> &C {
    C::of(ctx)
}

/// Makes the first argument of a task.
#[must_use]
pub fn first_of_task<C: TaskContext>(ctx: &Context) -> &C {
    C::of(ctx)
}

/// Makes a handler's arguments, and calls it with them.
pub fn with<'a, A, T, F, Run>(ctx: &'a Context, call: F) -> BoxFuture<'a, Result<T, Failure>>
where
    A: Arguments + 'a,
    F: FnOnce(A) -> Run + Send + 'a,
    Run: Future<Output = Result<T, Failure>> + Send + 'a,
{
    Box::pin(async move { call(A::make(ctx).await?).await })
}

/// Makes the first argument of a handler of interactions.
#[must_use]
pub fn context<C, G: ContextOf<C>>(ctx: &C) -> &G {
    G::of(ctx)
}

/// Makes the arguments of a handler of interactions, and calls it with them.
pub fn with_context<'a, C, A, T, F, Run>(ctx: &'a C, call: F) -> BoxFuture<'a, Result<T, Failure>>
where
    C: InteractionKind,
    A: Arguments + 'a,
    F: FnOnce(A) -> Run + Send + 'a,
    Run: Future<Output = Result<T, Failure>> + Send + 'a,
{
    with(ctx.context(), call)
}

/// Makes a command's options and other arguments, and calls it with them.
pub fn with_options<'a, O, A, T, F, Run>(
    ctx: &'a CommandContext,
    names: &'static [&'static str],
    call: F,
) -> BoxFuture<'a, Result<T, Failure>>
where
    O: Options + 'a,
    A: Arguments + 'a,
    F: FnOnce(O, A) -> Run + Send + 'a,
    Run: Future<Output = Result<T, Failure>> + Send + 'a,
{
    Box::pin(async move {
        let options = O::make(ctx, names).await?;
        call(options, A::make(ctx).await?).await
    })
}

/// Makes the state and the other arguments of a component's handler, and calls it with them.
pub fn with_state<'a, S, A, T, F, Run>(
    ctx: &'a ComponentContext,
    route: CustomIdRoute,
    call: F,
) -> BoxFuture<'a, Result<T, Failure>>
where
    S: Carry + 'a,
    A: Arguments + 'a,
    F: FnOnce(S, A) -> Run + Send + 'a,
    Run: Future<Output = Result<T, Failure>> + Send + 'a,
{
    Box::pin(async move {
        let state = route.read(&ctx.component().custom_id)?;
        call(state, A::make(ctx).await?).await
    })
}

/// Makes the state, the fields and the other arguments of a modal's handler, and calls it with them.
pub fn with_fields<'a, S, G, A, T, F, Run>(
    ctx: &'a ModalContext,
    route: CustomIdRoute,
    names: &'static [&'static str],
    call: F,
) -> BoxFuture<'a, Result<T, Failure>>
where
    S: Carry + 'a,
    G: Fields + 'a,
    A: Arguments + 'a,
    F: FnOnce(S, G, A) -> Run + Send + 'a,
    Run: Future<Output = Result<T, Failure>> + Send + 'a,
{
    Box::pin(async move {
        let state = route.read(&ctx.modal().custom_id)?;
        let fields = G::make(ctx, names).await?;
        call(state, fields, A::make(ctx).await?).await
    })
}

/// Returns the failure for an answer of Discord's, made in the same way as through twilight's client. For tests of
/// odd answers.
#[doc(hidden)]
#[must_use]
pub fn answered(status: u16, body: &[u8]) -> Failure {
    let trouble = Trouble {
        route: Route::new("GET", "/users/@me"),
        attempts: 1,
        allowed: None,
        end: End::Answered {
            status,
            body: String::from_utf8_lossy(body).into_owned(),
            retry_after: None,
            scope: None,
        },
    };
    let trouble = Trouble::from_told(&trouble.told_body()).unwrap_or(trouble);
    let error: Box<dyn Error + Send + Sync> = trouble.into_exception(Original::default());
    error.into_failure()
}

/// Returns the waiting times in the headers of an answer. For tests of odd headers.
#[doc(hidden)]
#[must_use]
pub fn waits(headers: &[(&[u8], &[u8])]) -> Vec<Duration> {
    crate::http::waits(headers)
}

/// The result of a check.
pub type Passes = bool;

/// The owner of a component: the id of a user.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not identify the owner",
    label = "not the id of a user",
    note = "`#[state(owner)]` takes an `Id<UserMarker>`, such as `ctx.user().id`"
)]
pub trait Owner: Copy {
    /// Returns whether this is the user's id.
    fn is(self, user: Id<UserMarker>) -> bool;
}

impl Owner for Id<UserMarker> {
    fn is(self, user: Self) -> bool {
        self == user
    }
}

/// Reads the state of a component or a modal, to check its owner.
///
/// # Errors
///
/// The errors of [`CustomIdRoute::state`].
pub fn carried<S: Carry>(ctx: &InteractionContext, route: CustomIdRoute) -> Result<S, Failure> {
    match &ctx.interaction().data {
        Some(InteractionData::MessageComponent(data)) => route.read(&data.custom_id),
        Some(InteractionData::ModalSubmit(data)) => route.read(&data.custom_id),
        _ => Err(UnknownComponent::new().into_failure()),
    }
}

/// Refuses users other than the owner of a component.
///
/// # Errors
///
/// [`NotTheirs`], if it belongs to somebody else.
pub fn owned<O: Owner>(ctx: &InteractionContext, owner: O) -> Result<(), Failure> {
    if owner.is(ctx.user().id) {
        return Ok(());
    }
    Err(NotTheirs::new().into_failure())
}

/// Converts what a function for interactions returned.
pub fn returned<T, R: IntoReturned<T, M>, M>(returned: R) -> Result<T, Failure> {
    returned.into_returned()
}

/// Converts what a listener returned.
pub fn outcome<R: IntoOutcome<M>, M>(returned: R) -> Result<(), Failure> {
    returned.into_outcome()
}

/// Converts what an error handler returned.
pub fn verdict<R: IntoVerdict<M>, M>(returned: R) -> Result<Flow, Failure> {
    returned.into_verdict()
}
