//! People run the commands that a bot registered, as Discord's own clients would let them.

mod described;

use cordial::prelude::*;
use cordial::testing::Simulator;
use cordial::twilight::model::application::command::{
    Command, CommandOption, CommandOptionChoice, CommandOptionChoiceValue, CommandOptionType,
    CommandOptionValue, CommandType,
};
use cordial::twilight::model::application::interaction::application_command::{
    CommandData, CommandDataOption, CommandOptionValue as Given,
};
use cordial::twilight::model::application::interaction::{InteractionData, InteractionType};
use cordial::twilight::model::guild::Permissions;

use crate::described::{command, holding, option};

fn choice(name: &str, value: &str) -> CommandOptionChoice {
    CommandOptionChoice {
        name: name.to_owned(),
        name_localizations: None,
        value: CommandOptionChoiceValue::String(value.to_owned()),
    }
}

/// A command with an option of every kind.
fn everything() -> Command {
    let color = CommandOption {
        choices: Some(vec![choice("Deep red", "red")]),
        ..option(CommandOptionType::String, "color")
    };
    let sides = CommandOption {
        required: Some(true),
        min_value: Some(CommandOptionValue::Integer(2)),
        max_value: Some(CommandOptionValue::Integer(100)),
        ..option(CommandOptionType::Integer, "sides")
    };
    let why = CommandOption {
        max_length: Some(20),
        ..option(CommandOptionType::String, "why")
    };
    let song = CommandOption {
        autocomplete: Some(true),
        ..option(CommandOptionType::String, "song")
    };
    let options = vec![
        sides,
        why,
        color,
        song,
        option(CommandOptionType::Number, "odds"),
        option(CommandOptionType::Boolean, "loud"),
        option(CommandOptionType::User, "for"),
        option(CommandOptionType::Channel, "in"),
        option(CommandOptionType::Role, "as"),
        option(CommandOptionType::Mentionable, "with"),
        option(CommandOptionType::Attachment, "file"),
    ];
    command(CommandType::ChatInput, "roll", options)
}

fn nested() -> Command {
    let what = vec![option(CommandOptionType::String, "what")];
    let add = holding(CommandOptionType::SubCommand, "add", what);
    let group = holding(CommandOptionType::SubCommandGroup, "list", vec![add]);
    command(CommandType::ChatInput, "note", vec![group])
}

/// Tells what an option was set to.
fn said(option: &CommandDataOption, data: &CommandData) -> String {
    let resolved = data.resolved.as_ref().expect("what is named");
    let value = match &option.value {
        Given::String(text) => text.clone(),
        Given::Integer(number) => number.to_string(),
        Given::Number(number) => number.to_string(),
        Given::Boolean(is_so) => is_so.to_string(),
        Given::User(user) => resolved.users[user].name.clone(),
        Given::Channel(channel) => resolved.channels[channel].name.clone(),
        Given::Role(role) => resolved.roles[role].name.clone(),
        Given::Mentionable(id) => resolved.members[&id.cast()].roles.len().to_string(),
        Given::Attachment(file) => resolved.attachments[file].filename.clone(),
        Given::SubCommand(inner) | Given::SubCommandGroup(inner) => {
            let inner: Vec<_> = inner.iter().map(|option| said(option, data)).collect();
            format!("[{}]", inner.join(" "))
        }
        Given::Focused(text, _) => panic!("{text} is still typed"),
    };
    format!("{}={value}", option.name)
}

/// Tells what a menu was opened on.
fn target(data: &CommandData) -> Option<String> {
    let (target, resolved) = (data.target_id?, data.resolved.as_ref()?);
    let message = resolved.messages.get(&target.cast());
    let message = message.map(|message| message.content.clone());
    message.or_else(|| Some(resolved.users.get(&target.cast())?.name.clone()))
}

/// Repeats what was run.
#[listener]
async fn repeats(ctx: &Context, run: &InteractionCreate) -> Result<()> {
    if run.kind != InteractionType::ApplicationCommand {
        return Ok(());
    }
    let Some(InteractionData::ApplicationCommand(data)) = &run.data else {
        panic!("a command has data");
    };
    let options = data.options.iter().map(|option| said(option, data));
    let words: Vec<_> = [data.name.clone()]
        .into_iter()
        .chain(options)
        .chain(target(data))
        .collect();
    ctx.reply(words.join(" ")).await?;
    Ok(())
}

/// Completes what is typed.
#[listener]
async fn completes(ctx: &Context, typed: &InteractionCreate) -> Result<()> {
    if typed.kind != InteractionType::ApplicationCommandAutocomplete {
        return Ok(());
    }
    let choices = [choice("Hey Jude", "1"), choice("Help!", "2")];
    let responder = ctx.responder().expect("an interaction");
    responder.suggest(choices).await?;
    Ok(())
}

async fn started() -> Simulator {
    let banning = Command {
        default_member_permissions: Some(Permissions::BAN_MEMBERS),
        ..command(CommandType::ChatInput, "ban", vec![])
    };
    let bot = Bot::builder()
        .register(everything())
        .register(nested())
        .register(banning)
        .register(command(CommandType::Message, "Report this", vec![]))
        .register(command(CommandType::User, "Who is this?", vec![]))
        .add(handlers![repeats, completes]);
    Simulator::builder(bot).member("alice").start().await
}

#[tokio::test(start_paused = true)]
async fn every_kind_of_option_can_be_set() {
    let sim = started().await;
    let alice = sim.person("alice");

    alice
        .run(
            "/roll sides:20 why:because I: can color:Deep red odds:0.5 loud:true for:@alice \
             in:#general as:@bot with:@alice file:dice.txt",
        )
        .await;
    alice.run("/note list add what:milk and: eggs").await;

    sim.stop().await.assert_replies(&[
        "roll sides=20 why=because I: can color=red odds=0.5 loud=true for=alice in=general \
         as=bot with=0 file=dice.txt",
        "note list=[add=[what=milk and: eggs]]",
    ]);
}

#[tokio::test(start_paused = true)]
async fn menus_can_be_chosen_from() {
    let sim = started().await;
    let alice = sim.person("alice");
    let bot = sim.person("owner").say("a question").await;

    alice.menu("Report this", bot).await;
    alice.menu_of("Who is this?", &sim.person("owner")).await;

    let transcript = sim.stop().await;
    transcript.assert_replies(&["Report this a question", "Who is this? owner"]);
}

#[tokio::test(start_paused = true)]
async fn an_option_can_be_completed() {
    let sim = started().await;

    let songs = sim.person("alice").complete("/roll sides:20 song:he").await;

    assert_eq!(songs, ["Hey Jude", "Help!"]);
    sim.stop().await.assert_completed("completes");
}

/// Lets somebody try to run something, and returns why they cannot.
async fn refusal(name: &str, line: &'static str) -> String {
    let sim = started().await;
    let person = sim.person(name);
    let ran = tokio::spawn(async move { person.run(line).await }).await;
    let panic = ran.expect_err("refused").into_panic();
    *panic.downcast::<String>().expect("a text")
}

#[tokio::test(start_paused = true)]
async fn what_a_client_would_not_send_is_refused_with_the_reason() {
    for (line, reason) in [
        ("roll sides:20", "a slash command begins with `/`"),
        ("/rol sides:20", "there is no command `rol`"),
        ("/roll", "the option `sides` is missing"),
        ("/roll 20", "`20` is not an option with a value"),
        ("/roll sides:1", "the option `sides` takes at least 2"),
        ("/roll sides:101", "the option `sides` takes at most 100"),
        (
            "/roll sides:many",
            "the option `sides` takes a whole number",
        ),
        ("/roll sides:2 sides:3", "the option `sides` is set twice"),
        (
            "/roll sides:2 why:for no reason that I know",
            "the option `why` takes 0 to 20 characters",
        ),
        ("/roll sides:2 color:blue", "must be one of Deep red"),
        ("/roll sides:2 loud:yes", "the option `loud` takes `true`"),
        (
            "/roll sides:2 odds:high",
            "the option `odds` takes a number",
        ),
        ("/roll sides:2 for:@nobody", "the option `for` takes a user"),
        (
            "/roll sides:2 in:#nowhere",
            "the option `in` takes a channel",
        ),
        ("/roll sides:2 as:@nothing", "the option `as` takes a role"),
        (
            "/note list remove",
            "`remove` is not a subcommand: the subcommands are add",
        ),
        ("/ban", "the command `ban` is shown only to members with"),
    ] {
        let said = refusal("alice", line).await;

        assert!(said.starts_with("`alice` cannot run that: "), "{said}");
        assert!(said.contains(reason), "{line}: {said}");
    }
    let absent = refusal("bob", "/note list add").await;
    assert!(absent.contains("`bob` is not in the guild"), "{absent}");
}

#[tokio::test(start_paused = true)]
async fn who_may_is_shown_what_others_are_not() {
    let sim = started().await;

    sim.person("owner").run("/ban").await;

    sim.stop().await.assert_replies(&["ban"]);
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "the option `why` has no autocompletion")]
async fn what_is_not_completed_cannot_be() {
    let sim = started().await;

    sim.person("alice").complete("/roll sides:20 why:be").await;
}

#[tokio::test(start_paused = true)]
async fn a_command_is_not_answered_by_changing_a_message() {
    #[listener]
    async fn changes(ctx: &Context, _: &InteractionCreate) -> Result<()> {
        ctx.responder()
            .expect("a command")
            .update("changed")
            .await?;
        Ok(())
    }

    let bot = Bot::builder().register(command(CommandType::ChatInput, "ping", vec![]));
    let sim = Simulator::builder(bot.add(handlers![changes])).member("alice");
    let sim = sim.start().await;

    sim.person("alice").run("/ping").await;

    let transcript = sim.stop().await;
    let failure = &transcript.reports().next().expect("a failure").failure;
    assert!(
        failure.to_string().contains("INTERACTION_TYPE_INVALID"),
        "{failure}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_terminal_runs_commands_too() {
    let bot = Bot::builder()
        .register(everything())
        .add(handlers![repeats]);
    let mut output = Vec::new();

    let typed = "/roll sides:6\n/roll sides:1\n";
    let ended = cordial::testing::terminal(bot, typed.as_bytes(), &mut output).await;

    ended.expect("no failure");
    let shown = String::from_utf8(output).expect("text");
    assert!(shown.contains("bot: roll sides=6"), "{shown}");
    assert!(
        shown.contains("the option `sides` takes at least 2"),
        "{shown}"
    );
}
