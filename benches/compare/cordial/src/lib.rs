//! What both bots on cordial have in common.

use compare_client::{TOKEN, begin, take};
use cordial::bot::Endpoints;
use cordial::prelude::*;

/// Look something up.
#[command]
async fn lookup(
    ctx: &CommandContext,
    /// What?
    text: String,
    /// How much of it?
    count: i64,
    /// For whom?
    user: User,
) -> Result<()> {
    std::hint::black_box((count, user));
    ctx.reply(text.as_str()).await?;
    take(&text).await;
    Ok(())
}

/// Runs a bot with listeners of messages, or with a command if those are wanted.
///
/// # Errors
///
/// What the bot ends with.
pub async fn run(with_listeners: impl FnOnce(BotBuilder) -> BotBuilder) -> Result<()> {
    let arguments = begin();
    let bot = Bot::builder().token(cordial::Token::new(TOKEN)?);
    let bot = if arguments.has_commands {
        bot.add(handlers![lookup])
    } else {
        with_listeners(bot)
    };
    let endpoints = Endpoints {
        gateway: arguments.gateway,
        http: arguments.http,
    };
    // The text of messages, which an argument `Content` would ask for by itself.
    let bot = bot.intents(Intents::MESSAGE_CONTENT);
    bot.endpoints(endpoints).run().await
}
