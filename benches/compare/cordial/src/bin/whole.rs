//! cordial, as its documentation shows it: a listener, and a command.

use compare_client::take;
use cordial::prelude::*;

#[listener]
async fn message(_: &Context, message: &MessageCreate) {
    take(&message.content).await;
}

#[tokio::main]
async fn main() -> Result<()> {
    compare_cordial::run(|bot| bot.add(handlers![message])).await
}
