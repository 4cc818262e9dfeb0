//! serenity, as its documentation shows it: an event handler.

use std::error::Error;

use compare_client::{TOKEN, begin, take};
use serenity::all::{
    ClientBuilder, Context, CreateInteractionResponse, CreateInteractionResponseMessage,
    EventHandler, GatewayIntents, HttpBuilder, Interaction, Message,
};

struct Handler;

#[serenity::async_trait]
impl EventHandler for Handler {
    async fn message(&self, _: Context, message: Message) {
        take(&message.content).await;
    }

    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        let Interaction::Command(command) = interaction else {
            return;
        };
        let mut options = command.data.options.iter();
        let text = options.find(|option| option.name == "text");
        let Some(text) = text.and_then(|option| option.value.as_str()) else {
            return;
        };
        let message = CreateInteractionResponseMessage::new().content(text);
        let response = CreateInteractionResponse::Message(message);
        match command.create_response(&ctx.http, response).await {
            Ok(()) => take(text).await,
            Err(error) => complain(&error),
        }
    }
}

#[expect(clippy::print_stderr, reason = "the runner shows it if it matters")]
fn complain(error: &serenity::Error) {
    eprintln!("a handler failed: {error}");
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = begin();
    // Its rate limiter would pass by the proxy, to Discord.
    let http = HttpBuilder::new(TOKEN)
        .proxy(format!("http://{}", arguments.http))
        .ratelimiter_disabled(true);
    let intents = if arguments.has_commands {
        GatewayIntents::empty()
    } else {
        GatewayIntents::GUILD_MESSAGES
            | GatewayIntents::DIRECT_MESSAGES
            | GatewayIntents::MESSAGE_CONTENT
    };
    let client = ClientBuilder::new_with_http(http.build(), intents);
    let client = client.event_handler(Handler);
    client.await?.start().await?;
    Ok(())
}
