//! Handlers of components.

use std::fmt;
use std::time::Duration;

use crate::command::{InteractionHandler, handler_methods};
use crate::component::custom_id::CustomIdRoute;
use crate::exception::ExpiredComponent;
use crate::failure::{Failure, IntoFailure, Result};
use crate::handler::{BoxFuture, Generated, InteractionFn, forgotten};
use crate::interaction::{ComponentContext, InteractionKind};
use crate::meta::{HandlerKind, Meta, Place};
use crate::snowflake::made;

/// A function that runs when somebody presses a button or chooses from a select menu.
///
/// Create one with `#[component]`, or with [`ComponentHandler::new`] from any function, which then reads
/// its state by [`CustomIdRoute::state`].
///
/// # Examples
///
/// ```
/// use cordial::component::{ComponentHandler, CustomIdRoute};
/// use cordial::prelude::*;
///
/// const COUNT: CustomIdRoute = CustomIdRoute::component("count", 1);
///
/// async fn count(ctx: &ComponentContext) -> Result<()> {
///     let (presses,): (u32,) = COUNT.state(&ctx.component().custom_id)?;
///     let next = COUNT.id(&(presses + 1,)).button(format!("{} presses", presses + 1));
///     ctx.update(Reply::new("Press!").row([next])).await
/// }
///
/// let bot = Bot::builder().add(ComponentHandler::new(COUNT, count));
/// ```
#[must_use = "it does nothing until it is added to a bot or a plugin"]
pub struct ComponentHandler {
    pub(crate) handler: InteractionHandler,
    pub(crate) route: CustomIdRoute,
}

impl ComponentHandler {
    /// Creates a handler from a function, for the custom ids of a route.
    #[track_caller]
    pub fn new<F, Args>(route: CustomIdRoute, function: F) -> Self
    where
        F: for<'a> InteractionFn<'a, ComponentContext, (), Args>,
        Args: 'static,
    {
        Self::of(
            Meta::of_function::<F>(HandlerKind::Component),
            route,
            function,
        )
    }

    fn of<F, Args>(meta: Meta, route: CustomIdRoute, function: F) -> Self
    where
        F: for<'a> InteractionFn<'a, ComponentContext, (), Args>,
        Args: 'static,
    {
        Self {
            handler: InteractionHandler::new(meta, forgotten(function)),
            route,
        }
    }

    /// Lets the component expire so long after its message was sent or last edited.
    ///
    /// After that, using it fails with an [`ExpiredComponent`].
    pub fn expires(mut self, after: Duration) -> Self {
        self.handler.admissions.push(Box::new(move |ctx| {
            let Some(ctx) = ComponentContext::of(ctx) else {
                return Ok(());
            };
            let age = age(&ctx);
            if age > after {
                return Err(ExpiredComponent::new(age, after).into_failure());
            }
            Ok(())
        }));
        self
    }

    /// Refuses components that are not the user's, for generated code.
    #[doc(hidden)]
    pub fn admits(
        mut self,
        admit: impl Fn(&ComponentContext) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        self.handler.admissions.push(Box::new(move |ctx| {
            ComponentContext::of(ctx).map_or(Ok(()), |ctx| admit(&ctx))
        }));
        self
    }

    handler_methods!();
}

impl fmt::Debug for ComponentHandler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ComponentHandler")
            .field(&self.handler)
            .finish()
    }
}

/// Returns how long ago the component's message was sent or last edited, by Discord's own clock: an id
/// holds its time of creation. (Discord: Reference, Snowflakes.)
fn age(ctx: &ComponentContext) -> Duration {
    let made = |id| made(id).cast_signed();
    let message = ctx.message();
    let edited = message.edited_timestamp;
    let edited = edited.map_or(0, |edited| edited.as_micros() / 1_000);
    let latest = made(message.id.get()).max(edited);
    let millis = made(ctx.interaction().id.get()) - latest;
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}

/// Creates a handler, for generated code.
pub fn generated(
    function: &'static str,
    place: Place,
    route: CustomIdRoute,
    run: impl for<'a> Fn(&'a ComponentContext) -> BoxFuture<'a, Result<(), Failure>>
    + Send
    + Sync
    + 'static,
) -> ComponentHandler {
    let meta = Meta::new(HandlerKind::Component, function, place);
    ComponentHandler::of(meta, route, Generated(run))
}
