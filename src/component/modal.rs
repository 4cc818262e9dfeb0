//! Handlers of modals.

use std::fmt;

use crate::answer::Modal;
use crate::command::{InteractionHandler, handler_methods};
use crate::component::custom_id::{CustomId, CustomIdRoute};
use crate::failure::{Failure, Result};
use crate::handler::{BoxFuture, Generated, InteractionFn, forgotten};
use crate::interaction::{InteractionKind, ModalContext};
use crate::meta::{HandlerKind, Meta, Place};

/// A function that runs when somebody fills in a modal and sends it.
///
/// Create one with `#[modal]`, which also makes the modal, or with [`ModalHandler::new`] from any
/// function, which then reads its fields by [`ModalContext::field`].
///
/// # Examples
///
/// ```
/// use cordial::component::{CustomIdRoute, ModalField, ModalHandler};
/// use cordial::prelude::*;
///
/// const REPORT: CustomIdRoute = CustomIdRoute::modal("report", 1);
///
/// async fn report(ctx: &ModalContext) -> Result<()> {
///     let why: String = ctx.field("why").await?;
///     ctx.reply(format!("Thank you: {} characters.", why.len())).await?;
///     Ok(())
/// }
///
/// let modal = REPORT.id(&()).modal("A report")
///     .component(ModalField::new::<String>("why", "What is wrong with it?").paragraph());
/// let bot = Bot::builder().add(ModalHandler::new(REPORT, report));
/// ```
#[must_use = "it does nothing until it is added to a bot or a plugin"]
pub struct ModalHandler {
    pub(crate) handler: InteractionHandler,
    pub(crate) route: CustomIdRoute,
}

impl CustomId {
    /// Creates a modal with this custom id, and a title of at most 45 characters.
    pub fn modal(self, title: impl Into<String>) -> Modal {
        Modal::new(self, title)
    }
}

impl ModalHandler {
    /// Creates a handler from a function, for the custom ids of a route.
    #[track_caller]
    pub fn new<F, Args>(route: CustomIdRoute, function: F) -> Self
    where
        F: for<'a> InteractionFn<'a, ModalContext, (), Args>,
        Args: 'static,
    {
        Self::of(Meta::of_function::<F>(HandlerKind::Modal), route, function)
    }

    fn of<F, Args>(meta: Meta, route: CustomIdRoute, function: F) -> Self
    where
        F: for<'a> InteractionFn<'a, ModalContext, (), Args>,
        Args: 'static,
    {
        Self {
            handler: InteractionHandler::new(meta, forgotten(function)),
            route,
        }
    }

    /// Refuses modals that are not the user's, for generated code.
    #[doc(hidden)]
    pub fn admits(
        mut self,
        admit: impl Fn(&ModalContext) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        self.handler.admissions.push(Box::new(move |ctx| {
            ModalContext::of(ctx).map_or(Ok(()), |ctx| admit(&ctx))
        }));
        self
    }

    handler_methods!();
}

impl fmt::Debug for ModalHandler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ModalHandler").field(&self.handler).finish()
    }
}

/// Creates a handler, for generated code.
pub fn generated(
    function: &'static str,
    place: Place,
    route: CustomIdRoute,
    run: impl for<'a> Fn(&'a ModalContext) -> BoxFuture<'a, Result<(), Failure>> + Send + Sync + 'static,
) -> ModalHandler {
    let meta = Meta::new(HandlerKind::Modal, function, place);
    ModalHandler::of(meta, route, Generated(run))
}
