//! Tests of a bot that the system tells to stop: they signal their own process, one at a time.

use std::process::{Command, id};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use crate::bot::{Endpoints, Token};
use crate::prelude::*;
use crate::testing::discord::{Discord, Rules};
use crate::testing::servers::{Servers, TOKEN};

/// Held by the test whose bot is to receive the signals.
static HEARING: Mutex<()> = Mutex::const_new(());

/// Runs a bot as an author would, until it is connected.
async fn run(bot: BotBuilder) -> (Servers, JoinHandle<Result<()>>) {
    let servers = Servers::start(Rules::new(TOKEN)).await.expect("loopback");
    let endpoints = Endpoints {
        gateway: servers.gateway,
        http: servers.http,
    };
    let bot = bot.token(Token::new(TOKEN).expect("a token"));
    let running = tokio::spawn(bot.endpoints(endpoints).run());
    sessions(&servers.discord, 1).await;
    (servers, running)
}

/// Waits until the bot has so many sessions.
async fn sessions(discord: &Arc<Discord>, wanted: usize) {
    loop {
        let changed = discord.changed.notified();
        if discord.with_quietly(|state| state.sessions.len()) == wanted {
            return;
        }
        changed.await;
    }
}

fn signal(name: &str) {
    let kill = format!("kill -s {name} {}", id());
    let told = Command::new("sh").args(["-c", &kill]).status();
    assert!(told.expect("a shell").success(), "{kill}");
}

#[tokio::test]
async fn a_bot_ends_when_it_is_interrupted_or_terminated() {
    let _hearing = HEARING.lock().await;
    for name in ["INT", "TERM"] {
        let (servers, running) = run(Bot::builder()).await;

        signal(name);

        running.await.expect("no panic").expect("no failure");
        sessions(&servers.discord, 0).await;
    }
}

#[tokio::test]
async fn told_again_a_bot_forgoes_the_grace() {
    #[listener(timeout = "none")]
    async fn never_ends(_: &Context, _: &Ready) {
        std::future::pending::<()>().await;
    }

    let _hearing = HEARING.lock().await;
    let bot = Bot::builder().grace(Duration::from_secs(3_600));
    let (servers, running) = run(bot.add(handlers![never_ends])).await;

    signal("TERM");
    sessions(&servers.discord, 0).await;
    assert!(!running.is_finished());
    signal("TERM");

    running.await.expect("no panic").expect("no failure");
}
