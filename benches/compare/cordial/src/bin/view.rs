//! cordial with a view: three fields of a message are read, and no more.

use compare_client::take;
use cordial::prelude::*;
use cordial::twilight::model::id::marker::{ChannelMarker, GuildMarker};

#[derive(EventView)]
#[view(MessageCreate)]
struct Said<'a> {
    content: &'a str,
    channel_id: Id<ChannelMarker>,
    guild_id: Option<Id<GuildMarker>>,
}

#[listener]
async fn message(_: &Context, said: &Said<'_>) {
    std::hint::black_box((said.channel_id, said.guild_id));
    take(said.content).await;
}

#[tokio::main]
async fn main() -> Result<()> {
    // What the text of messages needs is asked for by hand.
    compare_cordial::run(|bot| {
        bot.add(handlers![message])
            .intents(Intents::MESSAGE_CONTENT)
    })
    .await
}
