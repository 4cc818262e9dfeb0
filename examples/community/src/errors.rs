//! What people are told when something goes wrong. Each file handles its own errors; errors that can occur
//! anywhere are handled here.

use cordial::prelude::*;

/// The error handlers of the whole bot.
pub(crate) fn handlers() -> Handlers {
    handlers![tell, no_database]
}

/// Tells people what went wrong, if the error has a text for them.
#[error_handler]
async fn tell(ctx: &InteractionContext, error: &dyn UserFacing) -> Result<bool> {
    ctx.reply(Reply::new(error.text()).ephemeral()).await?;
    Ok(true)
}

/// Handles every error of the database, wherever it occurs. The details are for those who run the bot, so
/// they go to the log; the user is told that it is not their fault.
#[error_handler]
async fn no_database(ctx: &ErrorContext, error: &sqlx::Error) -> Result<bool> {
    let id = ctx.failure().id();
    tracing::error!(%error, handler = %ctx.handler(), %id, "the database failed");
    if ctx.responder().is_some() {
        let text = "I cannot get at what I have written down. Please try again in a while.";
        ctx.reply(Reply::new(text).ephemeral()).await?;
    }
    Ok(true)
}
