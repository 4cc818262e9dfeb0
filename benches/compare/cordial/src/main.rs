//! cordial, as its documentation shows it: a listener, and a command.

use compare_client::{TOKEN, begin, take};
use cordial::bot::Endpoints;
use cordial::prelude::*;

/// Takes a message.
#[listener]
async fn message(_: &Context, message: &MessageCreate) {
    take(&message.content).await;
}

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

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = begin();
    let handlers = if arguments.has_commands {
        handlers![lookup]
    } else {
        handlers![message]
    };
    Bot::builder()
        .token(cordial::Token::new(TOKEN)?)
        .endpoints(Endpoints {
            gateway: arguments.gateway,
            http: arguments.http,
        })
        .add(handlers)
        .run()
        .await
}
