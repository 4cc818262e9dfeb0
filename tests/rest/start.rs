//! Telling Discord of the commands at the start.

use cordial::exception::{InvalidForm, RateLimited};
use cordial::testing::Fault;
use cordial::twilight::model::application::command::Command;
use serde_json::json;

use crate::*;

/// A slash command.
pub(crate) fn command(name: &str) -> Command {
    let json = json!({
        "type": 1, "name": name, "description": "Does it.", "options": [], "version": "1",
    });
    serde_json::from_value(json).expect("a command")
}

const COMMANDS: &str = "/applications/*/commands";

fn told(sim: &Simulator) -> usize {
    let asked = sim.requests().into_iter();
    asked.filter(|record| record.method() == "PUT").count()
}

#[tokio::test(start_paused = true)]
async fn r24_what_is_known_is_not_told_again() {
    let bot = Bot::builder().register(command("go"));
    let sim = Simulator::builder(bot).knows(command("go")).start().await;

    assert_eq!(told(&sim), 0);
}

#[tokio::test(start_paused = true)]
async fn r24_a_bot_without_commands_deletes_none() {
    let sim = Simulator::builder(Bot::builder())
        .knows(command("go"))
        .start()
        .await;

    assert_eq!((told(&sim), sim.commands(None).len()), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn r24_commands_that_discord_takes_no_more_of_today_keep_no_bot_from_running() {
    #[listener]
    async fn answers(ctx: &Context, said: &MessageCreate) -> Result<()> {
        if !said.author.bot {
            ctx.reply("here").await?;
        }
        Ok(())
    }
    let limit = r#"{"code":30034,"message":"Max number of daily application command creates reached",
        "retry_after":86400.0,"global":false}"#;
    let limited = Fault::answer(429, limit).header("retry-after", "86400");
    let bot = Bot::builder()
        .register(command("go"))
        .add(handlers![answers]);
    let sim = Simulator::builder(bot)
        .inject("PUT", COMMANDS, limited)
        .start()
        .await;

    sim.join("alice").await.say("hello").await;

    assert_eq!(told(&sim), 1);
    let transcript = sim.stop().await;
    let report = transcript.reports().next().expect("it is told of");
    assert!(report.failure.is::<RateLimited>(), "{report:?}");
    transcript.assert_completed("answers");
}

#[tokio::test(start_paused = true)]
async fn r24_commands_that_discord_refuses_end_the_start() {
    let refused = r#"{"code":50035,"message":"Invalid Form Body","errors":{}}"#;
    let bot = Bot::builder().register(command("go"));
    let sim = Simulator::builder(bot);
    let sim = sim.inject("PUT", COMMANDS, Fault::answer(400, refused));

    let ended = sim.try_start().await.expect_err("it ends");

    assert!(ended.is::<InvalidForm>());
}

#[tokio::test(start_paused = true)]
async fn r24_trouble_while_discord_is_told_is_waited_out() {
    let bot = Bot::builder().register(command("go"));
    let busy = Fault::status(502).after_effect();
    let sim = Simulator::builder(bot)
        .inject("PUT", COMMANDS, busy)
        .start()
        .await;

    assert_eq!((told(&sim), sim.commands(None).len()), (2, 1));
}
