//! poise, as its documentation shows it: a framework with an event handler, and a command.

use anyhow::{Error, Result};
use compare_client::{TOKEN, begin, take};
use poise::serenity_prelude as serenity;
use poise::{Framework, FrameworkContext, FrameworkOptions};

/// What commands share: nothing.
#[derive(Debug)]
struct Data;

/// Look something up.
#[poise::command(slash_command)]
async fn lookup(
    ctx: poise::Context<'_, Data, Error>,
    #[description = "What?"] text: String,
    #[description = "How much of it?"] count: i64,
    #[description = "For whom?"] user: serenity::User,
) -> Result<()> {
    std::hint::black_box((count, user));
    ctx.say(text.as_str()).await?;
    take(&text).await;
    Ok(())
}

async fn handle(_: FrameworkContext<'_, Data, Error>, event: &serenity::FullEvent) -> Result<()> {
    if let serenity::FullEvent::Message { new_message } = event {
        take(&new_message.content).await;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = begin();
    let commands = if arguments.has_commands {
        vec![lookup()]
    } else {
        Vec::new()
    };
    let framework = Framework::builder()
        .options(FrameworkOptions {
            commands,
            event_handler: |framework, event| Box::pin(handle(framework, event)),
            ..FrameworkOptions::default()
        })
        .setup(|ctx, _, framework| {
            Box::pin(async move {
                poise::builtins::register_globally(ctx, &framework.options().commands).await?;
                Ok(Data)
            })
        })
        .build();
    // serenity's rate limiter would pass by the proxy, to Discord.
    let http = serenity::HttpBuilder::new(TOKEN)
        .proxy(format!("http://{}", arguments.http))
        .ratelimiter_disabled(true);
    let intents = if arguments.has_commands {
        serenity::GatewayIntents::empty()
    } else {
        serenity::GatewayIntents::GUILD_MESSAGES
            | serenity::GatewayIntents::DIRECT_MESSAGES
            | serenity::GatewayIntents::MESSAGE_CONTENT
    };
    let client = serenity::ClientBuilder::new_with_http(http.build(), intents);
    client.framework(framework).await?.start().await?;
    Ok(())
}
