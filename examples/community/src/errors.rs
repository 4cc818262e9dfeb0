//! What people are told when something goes wrong. Each file has the errors that are its own; those that
//! can be anywhere are answered here.

use cordial::prelude::*;

/// The error handlers of the whole bot.
pub(crate) fn handlers() -> Handlers {
    handlers![tell, no_database]
}

/// Tells people what was wrong, if it is theirs to know.
#[error_handler]
async fn tell(ctx: &InteractionContext, error: &dyn UserFacing) -> Result<bool> {
    ctx.reply(Reply::new(error.text()).ephemeral()).await?;
    Ok(true)
}

/// Whatever the database fails with, wherever it was asked. What is wrong with it is for those who run the
/// bot, so it is in the log; whoever waits hears that it is not their fault.
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
