//! Context menu commands.

use std::fmt;

use twilight_model::application::command::CommandType;

use crate::command::handler::{InteractionHandler, handler_methods};
use crate::command::schema::{Named, Offer, naming_methods, offer_methods};
use crate::failure::Failure;
use crate::handler::{BoxFuture, Generated, InteractionFn, forgotten};
use crate::interaction::{InteractionKind, MessageMenuContext, UserMenuContext};
use crate::meta::{HandlerKind, Meta, Place};

/// A command in the context menu of users or messages: a name, and the function that runs.
///
/// The function's first argument decides which menu it is in. Create one with `#[command(menu = "..")]`,
/// or with [`ContextMenu::new`] from any function of the right shape.
///
/// # Examples
///
/// ```
/// use cordial::command::ContextMenu;
/// use cordial::prelude::*;
///
/// async fn avatar(ctx: &UserMenuContext) -> Result<()> {
///     ctx.reply(format!("{} has one.", ctx.target().name)).await?;
///     Ok(())
/// }
///
/// let bot = Bot::builder().command(ContextMenu::new("Show avatar", avatar));
/// ```
#[must_use = "a menu does nothing until it is added to a bot or a plugin"]
pub struct ContextMenu {
    pub(crate) handler: InteractionHandler,
    pub(crate) named: Named,
    pub(crate) kind: CommandType,
    pub(crate) offer: Offer,
}

/// The first argument of a context menu's handler, which decides whose menu it is in.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say which context menu the command is in",
    label = "neither `UserMenuContext` nor `MessageMenuContext`",
    note = "a command in the context menu of users takes `ctx: &UserMenuContext`, and one in that of messages `ctx: &MessageMenuContext`"
)]
pub trait MenuKind: InteractionKind {
    /// The type of command that Discord calls it.
    const TYPE: CommandType;
}

impl MenuKind for UserMenuContext {
    const TYPE: CommandType = CommandType::User;
}

impl MenuKind for MessageMenuContext {
    const TYPE: CommandType = CommandType::Message;
}

impl ContextMenu {
    /// Creates a context menu command from a function.
    #[track_caller]
    pub fn new<F, C, Args>(name: impl Into<String>, function: F) -> Self
    where
        F: for<'a> InteractionFn<'a, C, (), Args>,
        C: MenuKind,
        Args: 'static,
    {
        let meta = Meta::of_function::<F>(HandlerKind::Command);
        Self::of::<F, C, Args>(meta, name, function)
    }

    fn of<F, C, Args>(meta: Meta, name: impl Into<String>, function: F) -> Self
    where
        F: for<'a> InteractionFn<'a, C, (), Args>,
        C: MenuKind,
        Args: 'static,
    {
        Self {
            handler: InteractionHandler::new(meta, forgotten(function)),
            named: Named::new(name, ""),
            kind: C::TYPE,
            offer: Offer::default(),
        }
    }

    naming_methods!();
    offer_methods!();
    handler_methods!();
}

impl fmt::Debug for ContextMenu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContextMenu")
            .field("name", &self.named.name)
            .field("handler", &self.handler)
            .finish_non_exhaustive()
    }
}

/// Creates a context menu command, for generated code.
pub fn generated<C: MenuKind>(
    function: &'static str,
    place: Place,
    name: &'static str,
    run: impl for<'a> Fn(&'a C) -> BoxFuture<'a, Result<(), Failure>> + Send + Sync + 'static,
) -> ContextMenu {
    let meta = Meta::new(HandlerKind::Command, function, place);
    ContextMenu::of::<_, C, _>(meta, name, Generated(run))
}
