//! The bot that runs in a process of its own: it does what it is told by messages.

#![expect(clippy::print_stdout, reason = "authors print")]
use std::env;
use std::io::{self, Read};
use std::net::SocketAddr;
use std::time::Duration;

use cordial::bot::Endpoints;
use cordial::prelude::*;
use rlimit::Resource;
use tokio::runtime::Builder;

/// What it is told by the environment.
pub(crate) const GATEWAY: &str = "CORDIAL_PROCESS_GATEWAY";
pub(crate) const HTTP: &str = "CORDIAL_PROCESS_HTTP";
/// Whether it logs, to standard error. What nobody handles goes there otherwise.
pub(crate) const LOGS: &str = "CORDIAL_PROCESS_LOGS";

/// What a byte on its standard input tells it.
pub(crate) const TAKE_FILES: u8 = b'-';
pub(crate) const GIVE_FILES: u8 = b'+';

/// Says what it is told to say.
#[listener]
async fn says(ctx: &Context, message: &GuildMessage) -> Result<()> {
    if let Some(what) = message.content.strip_prefix("say ") {
        ctx.reply(what).await?;
    }
    Ok(())
}

#[derive(Debug, thiserror::Error)]
#[error("it was told to fail")]
struct Told;

#[listener]
async fn fails(_: &Context, message: &GuildMessage) -> Result<()> {
    if message.content == "fail" {
        return Err(Told.into());
    }
    Ok(())
}

/// Prints, as authors do. It panics where standard output is closed.
#[listener]
async fn prints(_: &Context, message: &GuildMessage) {
    if message.content == "print" {
        println!("it was told to print");
    }
}

/// Logs more than any pipe holds, and says so at the end.
#[listener]
async fn chatters(ctx: &Context, message: &GuildMessage) -> Result<()> {
    if message.content == "chatter" {
        for number in 0..4_096 {
            tracing::info!(
                number,
                "it was told to log, and logs what a line may well be long"
            );
        }
        ctx.reply("logged").await?;
    }
    Ok(())
}

/// Blocks its thread for ever, once it has said so.
#[listener]
async fn blocks(ctx: &Context, message: &GuildMessage) -> Result<()> {
    if message.content == "block" {
        ctx.reply("blocked").await?;
        loop {
            std::thread::park();
        }
    }
    Ok(())
}

fn bot() -> BotBuilder {
    let address = |name| -> SocketAddr { env::var(name).unwrap().parse().unwrap() };
    Bot::from_env()
        .unwrap()
        .endpoints(Endpoints {
            gateway: address(GATEWAY),
            http: address(HTTP),
        })
        .intents(Intents::MESSAGE_CONTENT)
        .grace(Duration::ZERO)
        .request_attempts(1)
        .add(handlers![says, fails, prints, chatters, blocks])
}

/// Takes files away and gives them back, as it is told. Those that are open stay so.
fn obey() {
    let (before, most) = rlimit::getrlimit(Resource::NOFILE).unwrap();
    for told in io::stdin().lock().bytes().map_while(io::Result::ok) {
        let files = if told == TAKE_FILES { 0 } else { before };
        rlimit::setrlimit(Resource::NOFILE, files, most).unwrap();
    }
}

/// Runs it, as an author would who does not wait for threads that are blocked, and ends the process.
#[expect(clippy::exit, reason = "the harness of tests would have the last word")]
pub(crate) fn run() -> ! {
    // Nobody looks at what is left of it.
    rlimit::setrlimit(Resource::CORE, 0, 0).unwrap();
    if env::var_os(LOGS).is_some() {
        let log = tracing_subscriber::fmt().with_ansi(false);
        log.with_writer(io::stderr).init();
    }
    std::thread::spawn(obey);
    let mut runtime = Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).enable_all().build().unwrap();
    let ended = runtime.block_on(bot().run());
    runtime.shutdown_background();
    std::process::exit(i32::from(ended.is_err()))
}
