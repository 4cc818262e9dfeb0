//! A bot in the terminal: what is typed, and what is shown.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cordial::answer::Modal;
use cordial::prelude::*;
use cordial::testing::terminal;
use cordial::twilight::model::application::interaction::InteractionData;
use cordial::twilight::model::channel::message::Component;
use serde_json::{Value, json};

#[derive(Debug, thiserror::Error, Exception)]
#[error("a problem")]
struct Problem;

#[listener]
async fn echoes(ctx: &Context, message: &MessageCreate, content: Content) -> Result<()> {
    if !message.author.bot {
        ctx.reply(format!("{} said {content}", message.author.name))
            .await?;
    }
    Ok(())
}

#[listener]
async fn welcomes(_: &Context, joined: &MemberAdd, http: Http) -> Result<()> {
    say(
        &http,
        joined.guild_id,
        &format!("welcome, {}", joined.user.name),
    )
    .await
}

#[listener]
async fn misses(_: &Context, left: &MemberRemove, http: Http) -> Result<()> {
    say(
        &http,
        left.guild_id,
        &format!("goodbye, {}", left.user.name),
    )
    .await
}

#[listener]
async fn sees_reactions(ctx: &Context, reaction: &ReactionAdd) -> Result<()> {
    ctx.reply(format!("why {:?}?", reaction.emoji)).await?;
    Ok(())
}

#[listener]
async fn sees_edits(ctx: &Context, _: &MessageUpdate, content: Content) -> Result<()> {
    ctx.reply(format!("now it is {content}")).await?;
    Ok(())
}

#[listener]
async fn sees_deletions(ctx: &Context, _: &MessageDelete) -> Result<()> {
    ctx.reply("too late").await?;
    Ok(())
}

async fn say(
    http: &cordial::twilight::http::Client,
    guild: Id<GuildMarker>,
    text: &str,
) -> Result<()> {
    let channels = http.guild_channels(guild).await?.models().await?;
    http.create_message(channels[0].id).content(text).await?;
    Ok(())
}

#[listener]
async fn fails_on_fail(_: &Context, _: &MessageCreate, content: Content) -> Result<()> {
    if content == "fail" {
        Err(Problem.into())
    } else {
        Ok(())
    }
}

/// Where things are shown.
#[derive(Clone, Default)]
struct Screen(Arc<Mutex<Vec<u8>>>);

impl io::Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Types some lines, and returns what was shown after the introduction.
async fn shown(bot: BotBuilder, typed: &str) -> (Vec<String>, Result<()>) {
    let screen = Screen::default();
    let result = terminal(bot, typed.as_bytes(), screen.clone()).await;
    let shown = String::from_utf8(screen.0.lock().expect("no panic").clone()).expect("text");
    (
        shown.lines().skip(2).map(ToOwned::to_owned).collect(),
        result,
    )
}

fn bot() -> BotBuilder {
    Bot::builder().add(handlers![
        echoes,
        welcomes,
        misses,
        sees_reactions,
        sees_edits,
        sees_deletions,
        fails_on_fail
    ])
}

#[tokio::test(start_paused = true)]
async fn what_is_typed_happens_and_what_the_bot_does_is_shown() {
    let typed = "\
hello
!join newcomer
!as newcomer hi there
!react 👍
!edit hello!
!delete
!whisper psst
!leave newcomer
!quit
never read
";

    let (shown, result) = shown(bot(), typed).await;

    result.expect("no failure");
    let expected = [
        "bot: you said hello",
        "bot: welcome, newcomer",
        "bot: newcomer said hi there",
        "bot: why Unicode { name: \"👍\" }?",
        "bot: now it is hello!",
        "bot: too late",
        "bot: you said psst",
        "bot: goodbye, newcomer",
    ];
    assert_eq!(shown, expected);
}

#[tokio::test(start_paused = true)]
async fn the_end_of_input_is_the_end() {
    let (shown, result) = shown(bot(), "hello").await;

    result.expect("no failure");
    assert_eq!(shown, ["bot: you said hello"]);
}

#[tokio::test(start_paused = true)]
async fn each_failure_is_shown_with_its_report() {
    let (shown, result) = shown(Bot::builder().add(handlers![fails_on_fail]), "fail\n").await;

    result.expect("the bot goes on");
    assert!(shown[0].starts_with("listener `fails_on_fail` failed: a problem [problem "));
    assert_eq!(shown.last().map(String::as_str), Some("  => unhandled"));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_done_is_explained() {
    let typed = "!dance\n!join\n!as newcomer\n!react 👍\n!edit more\n!delete\n\n!help\n";

    let (shown, result) = shown(Bot::builder(), typed).await;

    result.expect("no failure");
    let expected = [
        "there is no `!dance`: see `!help`",
        "`!join` needs an argument: see `!help`",
        "`!as` needs a name and a text: see `!help`",
        "there is no message to react to yet",
        "there is no message of yours to edit",
        "there is no message of yours to delete",
    ];
    assert_eq!(shown[..6], expected);
    assert!(
        shown[6..].iter().any(|line| line.contains("!quit")),
        "{shown:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_ends_ends_the_terminal_with_its_failure() {
    let bot = bot().unhandled(Unhandled::Shutdown);

    let (shown, result) = shown(bot, "fail\nhello\n").await;

    assert!(result.expect_err("a failure").is::<Problem>());
    assert!(
        !shown.contains(&"bot: you said hello".to_owned()),
        "{shown:?}"
    );
}

/// Types some lines, and then leaves the keyboard alone. Returns what was shown.
async fn shown_while_waiting(bot: BotBuilder, typed: &str) -> (String, Result<()>) {
    let (input, mut keyboard) = tokio::io::simplex(1_024);
    tokio::io::AsyncWriteExt::write_all(&mut keyboard, typed.as_bytes())
        .await
        .expect("typed");
    let screen = Screen::default();
    let result = terminal(bot, tokio::io::BufReader::new(input), screen.clone()).await;
    drop(keyboard);
    let shown = screen.0.lock().expect("no panic").clone();
    (String::from_utf8(shown).expect("text"), result)
}

#[tokio::test(start_paused = true)]
async fn what_happens_between_lines_is_shown_and_can_be_the_end() {
    #[listener]
    async fn reminds(ctx: &Context, message: &MessageCreate) {
        if message.author.bot {
            return;
        }
        let later = ctx.clone();
        ctx.spawn("reminder", async move {
            tokio::time::sleep(Duration::from_secs(60)).await;
            later.reply("You asked to be reminded.").await?;
            tokio::time::sleep(Duration::from_secs(60)).await;
            Err(Problem.into())
        });
    }

    let bot = Bot::builder()
        .unhandled(Unhandled::Shutdown)
        .add(handlers![reminds]);

    let (shown, result) = shown_while_waiting(bot, "remind me\n").await;

    assert!(shown.contains("bot: You asked to be reminded."), "{shown}");
    assert!(result.expect_err("a failure").is::<Problem>());
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_not_modelled_ends_in_a_failure_that_names_it() {
    #[listener]
    async fn asks(_: &Context, joined: &MemberAdd, http: Http) {
        drop(http.guild_webhooks(joined.guild_id).await);
    }

    let (_, result) = shown(Bot::builder().add(handlers![asks]), "!join newcomer\n").await;

    let failure = result.expect_err("a failure").to_string();
    assert!(
        failure.contains("does not model these requests of the bot: `GET /guilds/"),
        "{failure}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_bot_with_mistakes_does_not_start() {
    let (_, result) = shown(Bot::builder().add(handlers![echoes, echoes]), "hello\n").await;

    assert!(result.expect_err("a mistake").is::<cordial::BuildError>());
}

#[tokio::test(start_paused = true)]
async fn nobody_listening_any_more_is_no_failure() {
    struct Closed;

    impl io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }

    terminal(bot(), &b"hello\n"[..], Closed)
        .await
        .expect("no failure");
}

#[tokio::test(start_paused = true)]
async fn a_button_can_be_pressed() {
    use cordial::twilight::model::channel::message::component::{ActionRow, Button, ButtonStyle};

    #[listener]
    async fn offers(ctx: &Context, message: &MessageCreate) -> Result<()> {
        if message.author.bot {
            return Ok(());
        }
        let button = Component::Button(Button {
            id: None,
            custom_id: Some("skip".to_owned()),
            disabled: false,
            emoji: None,
            label: Some("Skip".to_owned()),
            style: ButtonStyle::Primary,
            url: None,
            sku_id: None,
        });
        let row = ActionRow {
            id: None,
            components: vec![button],
        };
        ctx.reply(Reply::new("A song.").component(row)).await?;
        Ok(())
    }

    #[listener]
    async fn skips(ctx: &Context, _: &InteractionCreate) -> Result<()> {
        ctx.reply(Reply::new("Skipped.").ephemeral()).await?;
        Ok(())
    }

    let bot = Bot::builder().add(handlers![offers, skips]);
    let (lines, result) = shown(bot, "play\nclick Skip\nclick Stop\n").await;

    result.expect("no failure");
    let shown = lines.join("\n");
    assert!(shown.contains("bot: A song."), "{shown}");
    assert!(shown.contains("bot, to you alone: Skipped."), "{shown}");
    assert!(shown.contains("there is no button `Stop`"), "{shown}");
}

fn component(json: Value) -> Component {
    serde_json::from_value(json).expect("a component")
}

/// Offers a menu to whoever writes.
#[listener]
async fn offers(ctx: &Context, message: &MessageCreate) -> Result<()> {
    if message.author.bot {
        return Ok(());
    }
    let option = |name: &str| json!({ "label": name, "value": name });
    let options = [option("Loud"), option("Low")];
    let menu = json!({ "type": 3, "custom_id": "How", "max_values": 2, "options": options });
    let row = component(json!({ "type": 1, "components": [menu] }));
    ctx.reply(Reply::new("A song.").component(row)).await?;
    Ok(())
}

/// Asks whoever chooses, in a modal.
#[listener]
async fn asks(ctx: &Context, interaction: &InteractionCreate) -> Result<()> {
    if let Some(InteractionData::ModalSubmit(_)) = &interaction.data {
        ctx.reply("Thank you.").await?;
        return Ok(());
    }
    let why = json!({ "type": 4, "style": 1, "custom_id": "why" });
    let why = json!({ "type": 18, "label": "Why?", "component": why });
    let sure = json!({ "type": 23, "custom_id": "sure" });
    let sure = json!({ "type": 18, "label": "Sure", "component": sure });
    let modal = Modal::new("form", "A form")
        .component(component(why))
        .component(component(sure));
    let responder = ctx.responder().expect("an interaction");
    responder.show_modal(modal).await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn menus_are_chosen_from_and_modals_filled_in() {
    let typed = "\
play
select How: Loud, Low
select How: Silent
select How
submit Why?: because; Sure: maybe
submit Why?: because; Sure: yes
submit Why?: because
";

    let (shown, result) = shown(Bot::builder().add(handlers![offers, asks]), typed).await;

    result.expect("no failure");
    let expected = [
        "bot: A song.",
        "bot showed you the modal `A form`: Why?, Sure",
        "there is no menu `How` where you could choose that",
        "`select` needs a menu and options: see `!help`",
        "the field \"Sure\" takes `yes` or `no`",
        "bot: Thank you.",
        "there is no modal",
    ];
    assert_eq!(shown, expected);
}

#[tokio::test(start_paused = true)]
async fn you_may_run_what_is_for_a_few() {
    /// Close the channel.
    #[command(user_permissions = MANAGE_CHANNELS)]
    async fn close(ctx: &CommandContext) -> Result<()> {
        ctx.reply("closed").await?;
        Ok(())
    }

    let (shown, result) = shown(Bot::builder().add(handlers![close]), "/close\n").await;

    result.expect("no failure");
    assert_eq!(shown, ["bot: closed"]);
}
