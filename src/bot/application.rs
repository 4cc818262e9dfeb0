//! What Discord says of the bot's application, asked for once for all parts that need it.

use std::time::Duration;

use tokio::time::timeout;
use twilight_model::oauth::Application;

use crate::bot::assembly::Assembled;
use crate::event::PRIVILEGED;
use crate::exception::{RequestTimedOut, Unauthorized};
use crate::failure::{Failure, Result};
use crate::http::Http;

/// How long a bot waits for an answer that it can do without.
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks what Discord says of the application.
pub(crate) async fn application(bot: &Assembled, http: &Http) -> Result<Application> {
    let asked = http.client().current_user_application();
    let application: Application = http.ask(asked).await?;
    http.belongs_to(application.id);
    bot.dispatcher.engine.owners.learn(&application);
    Ok(application)
}

/// Asks only if something depends on the answer. If only intents do, the gateway would report them too, so a bot
/// without commands runs even if this fails, unless its token is refused.
pub(crate) async fn application_if_needed(
    bot: &Assembled,
    http: &Http,
) -> Result<Option<Application>> {
    if !bot.registration.commands.is_empty() {
        return application(bot, http).await.map(Some);
    }
    if !bot.intents.intersects(PRIVILEGED) {
        return Ok(None);
    }
    let asked = timeout(PATIENCE, application(bot, http)).await;
    match asked.unwrap_or_else(|_| Err(Failure::from(RequestTimedOut::within(PATIENCE)))) {
        Ok(application) => Ok(Some(application)),
        Err(failure) if failure.is::<Unauthorized>() => Err(failure),
        Err(failure) => {
            let error = failure.error();
            tracing::warn!(%error, "cannot tell whether the privileged intents are switched on");
            Ok(None)
        }
    }
}
