//! What a bot on plain twilight consists of, but for how its handlers are run.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use compare_client::{Arguments, TOKEN, begin, take};
use twilight_gateway::queue::InMemoryQueue;
use twilight_gateway::{ConfigBuilder, Event, EventTypeFlags, Intents, Shard, ShardId};
use twilight_http::Client;
use twilight_model::application::interaction::application_command::CommandOptionValue;
use twilight_model::application::interaction::{Interaction, InteractionData};
use twilight_model::http::interaction::{
    InteractionResponse, InteractionResponseData, InteractionResponseType,
};

/// What a bot needs to run: its shards, and what its handlers are given.
#[derive(Debug)]
pub struct Start {
    /// The shards, which connect once they are polled.
    pub shards: Vec<Shard>,
    /// The types of events that the bot wants.
    pub wanted: EventTypeFlags,
    /// What carries requests.
    pub client: Arc<Client>,
}

/// Finds out what Discord recommends, as each bot does.
///
/// # Errors
///
/// If that cannot be found out.
pub async fn start() -> Result<Start> {
    let arguments = begin();
    let provider = rustls::crypto::ring::default_provider();
    provider
        .install_default()
        .ok()
        .context("rustls is set up")?;
    let client = client(arguments);
    let info = client.gateway().authed().await?.model().await?;
    let limit = &info.session_start_limit;
    let queue = InMemoryQueue::new(
        limit.max_concurrency,
        limit.remaining,
        Duration::from_millis(limit.reset_after),
        limit.total,
    );
    let config = ConfigBuilder::new(TOKEN.to_owned(), intents(arguments))
        .queue(queue)
        .proxy_url(format!("ws://{}", arguments.gateway))
        .build();
    let shards = (0..info.shards).map(|number| {
        let id = ShardId::new(number, info.shards);
        Shard::with_config(id, config.clone())
    });
    Ok(Start {
        shards: shards.collect(),
        wanted: wanted(arguments),
        client,
    })
}

fn client(arguments: &Arguments) -> Arc<Client> {
    let client = Client::builder()
        .token(TOKEN.to_owned())
        .proxy(arguments.http.to_string(), true);
    Arc::new(client.build())
}

fn intents(arguments: &Arguments) -> Intents {
    if arguments.has_commands {
        Intents::empty()
    } else {
        Intents::GUILD_MESSAGES | Intents::DIRECT_MESSAGES | Intents::MESSAGE_CONTENT
    }
}

fn wanted(arguments: &Arguments) -> EventTypeFlags {
    if arguments.has_commands {
        EventTypeFlags::INTERACTION_CREATE
    } else {
        EventTypeFlags::MESSAGE_CREATE
    }
}

/// The handler of both: takes a message, or answers a slash command.
///
/// # Errors
///
/// If a command is none that the bot has, or cannot be answered.
pub async fn handle(event: Event, client: &Client) -> Result<()> {
    match event {
        Event::MessageCreate(message) => take(&message.content).await,
        Event::InteractionCreate(interaction) => answer(&interaction, client).await?,
        _ => {}
    }
    Ok(())
}

async fn answer(interaction: &Interaction, client: &Client) -> Result<()> {
    let Some(InteractionData::ApplicationCommand(command)) = &interaction.data else {
        return Ok(());
    };
    let mut options = command.options.iter();
    let text = options.find(|option| option.name == "text");
    let Some(CommandOptionValue::String(text)) = text.map(|option| &option.value) else {
        anyhow::bail!("`text` is missing");
    };
    let response = InteractionResponse {
        kind: InteractionResponseType::ChannelMessageWithSource,
        data: Some(InteractionResponseData {
            content: Some(text.clone()),
            ..InteractionResponseData::default()
        }),
    };
    let discord = client.interaction(interaction.application_id);
    let answer = discord.create_response(interaction.id, &interaction.token, &response);
    answer.await?;
    take(text).await;
    Ok(())
}
