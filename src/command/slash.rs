//! Slash commands.

use std::fmt;

use crate::command::SlashOption;
use crate::command::handler::{InteractionHandler, handler_methods};
use crate::command::schema::{Named, Offer, naming_methods, offer_methods};
use crate::failure::Failure;
use crate::handler::{BoxFuture, Generated, InteractionFn, forgotten};
use crate::interaction::CommandContext;
use crate::meta::{HandlerKind, Meta, Place};

/// A slash command: a name, a description, options, and the function that runs.
///
/// Create one with `#[command]` from a function and its documented parameters, or with
/// [`SlashCommand::new`] from any function, which then reads its options by [`CommandContext::option`].
///
/// # Examples
///
/// ```
/// use cordial::command::SlashCommand;
/// use cordial::prelude::*;
///
/// async fn ping(ctx: &CommandContext) -> Result<()> {
///     ctx.reply("Pong!").await?;
///     Ok(())
/// }
///
/// let ping = SlashCommand::new("ping", "Ask whether the bot is there.", ping);
/// let bot = Bot::builder().command(ping);
/// ```
#[must_use = "a command does nothing until it is added to a bot or a plugin"]
pub struct SlashCommand {
    pub(crate) handler: InteractionHandler,
    pub(crate) named: Named,
    pub(crate) options: Vec<SlashOption>,
    pub(crate) offer: Offer,
}

impl SlashCommand {
    /// Creates a command without options from a function.
    #[track_caller]
    pub fn new<F, Args>(
        name: impl Into<String>,
        description: impl Into<String>,
        function: F,
    ) -> Self
    where
        F: for<'a> InteractionFn<'a, CommandContext, (), Args>,
        Args: 'static,
    {
        let meta = Meta::of_function::<F>(HandlerKind::Command);
        Self::of(meta, Named::new(name, description), function)
    }

    fn of<F, Args>(meta: Meta, named: Named, function: F) -> Self
    where
        F: for<'a> InteractionFn<'a, CommandContext, (), Args>,
        Args: 'static,
    {
        Self {
            handler: InteractionHandler::new(meta, forgotten(function)),
            named,
            options: Vec::new(),
            offer: Offer::default(),
        }
    }

    /// Adds an option.
    ///
    /// Discord gets the optional ones last, whatever the order here.
    pub fn option(mut self, option: SlashOption) -> Self {
        self.options.push(option);
        self
    }

    naming_methods!();
    offer_methods!();
    handler_methods!();
}

impl fmt::Debug for SlashCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SlashCommand")
            .field("name", &self.named.name)
            .field("handler", &self.handler)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// Creates a command, for generated code.
pub fn generated(
    function: &'static str,
    place: Place,
    name: &'static str,
    description: &'static str,
    run: impl for<'a> Fn(&'a CommandContext) -> BoxFuture<'a, Result<(), Failure>>
    + Send
    + Sync
    + 'static,
) -> SlashCommand {
    let meta = Meta::new(HandlerKind::Command, function, place);
    SlashCommand::of(meta, Named::new(name, description), Generated(run))
}
