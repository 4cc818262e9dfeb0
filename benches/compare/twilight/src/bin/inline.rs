//! Plain twilight, as its documentation shows it: each handler is awaited before the next event is read.

use std::sync::Arc;

use anyhow::Result;
use compare_twilight::{Start, handle, start};
use twilight_gateway::{EventTypeFlags, Shard, StreamExt as _};
use twilight_http::Client;

#[tokio::main]
async fn main() -> Result<()> {
    let Start {
        shards,
        wanted,
        client,
    } = start().await?;
    let run = |shard| tokio::spawn(run(shard, wanted, Arc::clone(&client)));
    let runs: Vec<_> = shards.into_iter().map(run).collect();
    for run in runs {
        run.await?;
    }
    Ok(())
}

#[expect(clippy::print_stderr, reason = "the runner shows it if it matters")]
async fn run(mut shard: Shard, wanted: EventTypeFlags, client: Arc<Client>) {
    while let Some(item) = shard.next_event(wanted).await {
        match item {
            Ok(event) => {
                if let Err(error) = handle(event, &client).await {
                    eprintln!("a handler failed: {error:#}");
                }
            }
            Err(error) => eprintln!("an event could not be received: {error}"),
        }
    }
}
