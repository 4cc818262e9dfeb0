//! Buttons, select menus and modals: state that travels, presses after a restart, and what is refused.

use std::time::Duration;

use cordial::command::Mentionable;
use cordial::exception::{
    ComponentError, ExpiredComponent, NotTheirs, OutdatedComponent, UnknownComponent,
    UnreadableComponent,
};
use cordial::prelude::*;
use cordial::testing::{Simulator, Transcript};
use cordial::twilight::model::application::interaction::InteractionData;
use cordial::twilight::model::guild::Role;
use cordial::twilight::model::id::Id;
use cordial::twilight::model::id::marker::{ChannelMarker, UserMarker};
use cordial::twilight::model::user::User;

#[derive(Choice, Clone, Copy, Debug, PartialEq)]
enum Size {
    Small,
    VeryLarge,
}

/// Count presses.
#[command]
async fn counter(ctx: &CommandContext) -> Result<()> {
    ctx.reply(Reply::new("Press!").row([press::id(1).button("Press")]))
        .await?;
    Ok(())
}

#[component]
async fn press(ctx: &ComponentContext, #[state] times: u32) -> Result<()> {
    let next = press::id(times + 1).button("Press");
    ctx.update(Reply::new(format!("Pressed {times} times.")).row([next]))
        .await
}

#[tokio::test(start_paused = true)]
async fn state_travels_with_the_button() {
    let sim = Simulator::start(Bot::builder().add(handlers![counter, press])).await;
    let alice = sim.join("alice").await;

    alice.run("/counter").await;
    let message = sim.newest_message().expect("a message");
    alice.click(message, "Press").await;
    alice.click(message, "Press").await;

    assert_eq!(sim.content(message).as_deref(), Some("Pressed 2 times."));
    sim.stop().await.assert_all_handled();
}

/// Ask for a size.
#[command]
async fn ask(ctx: &CommandContext) -> Result<()> {
    let menu = chose::id(ctx.user().id)
        .choices::<Size>()
        .placeholder("Size");
    ctx.reply(Reply::new("Which?").row([menu])).await?;
    Ok(())
}

#[component]
async fn chose(
    ctx: &ComponentContext,
    #[state(owner)] _owner: Id<UserMarker>,
    sizes: Chosen<Size>,
) -> Result<()> {
    ctx.show(order::modal(sizes[0])).await
}

/// An order
#[modal]
async fn order(
    ctx: &ModalContext,
    #[state] size: Size,
    /// To whom?
    name: String,
    /// How many?
    count: Option<u8>,
) -> Result<()> {
    let count = count.unwrap_or(1);
    ctx.reply(format!("{count} of {size:?} for {name}."))
        .await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn choices_and_forms_carry_state_on() {
    let sim = Simulator::start(Bot::builder().add(handlers![ask, chose, order])).await;
    let alice = sim.join("alice").await;

    alice.run("/ask").await;
    let message = sim.newest_message().expect("a message");
    alice.select(message, "Size", &["Very large"]).await;
    assert_eq!(alice.modal().as_deref(), Some("An order"));
    alice
        .submit(&[("To whom?", "Bob"), ("How many?", "3")])
        .await;

    sim.stop()
        .await
        .assert_replies(&["Which?", "3 of VeryLarge for Bob."]);
}

fn failure(transcript: &Transcript) -> &Failure {
    &transcript.reports().last().expect("a failure").failure
}

/// What a handler was before, and is now.
mod before {
    use cordial::prelude::*;

    #[component]
    pub(crate) async fn vote(ctx: &ComponentContext, #[state] _for: u32) -> Result<()> {
        ctx.update("counted").await
    }

    #[component]
    pub(crate) async fn gone(_: &ComponentContext) {}
}

mod now {
    use cordial::prelude::*;

    #[component(version = 2)]
    pub(crate) async fn vote(ctx: &ComponentContext, #[state] _for: u64) -> Result<()> {
        ctx.update("counted").await
    }
}

mod careless {
    use cordial::prelude::*;

    #[component]
    pub(crate) async fn vote(ctx: &ComponentContext, #[state] _for: (u16, u16)) -> Result<()> {
        ctx.update("counted").await
    }
}

/// Show what an older version of the bot showed.
#[command]
async fn old(ctx: &CommandContext) -> Result<()> {
    let buttons = [
        before::vote::id(7).button("Vote"),
        before::gone::id().button("Gone"),
    ];
    ctx.reply(Reply::new("Old.").row(buttons)).await?;
    Ok(())
}

async fn pressed(bot: BotBuilder, button: &str) -> Transcript {
    let sim = Simulator::start(bot.add(handlers![old])).await;
    let alice = sim.join("alice").await;
    alice.run("/old").await;
    alice
        .click(sim.newest_message().expect("a message"), button)
        .await;
    sim.stop().await
}

#[tokio::test(start_paused = true)]
async fn a_button_of_an_older_version_is_answered_politely() {
    let transcript = pressed(Bot::builder().add(handlers![now::vote]), "Vote").await;

    let outdated = failure(&transcript)
        .find::<OutdatedComponent>()
        .expect("older");
    assert_eq!((outdated.version(), outdated.current()), (1, 2));
    assert_eq!(
        failure(&transcript).handler().expect("known").name(),
        "vote"
    );
    transcript.assert_replies(&[
        "Old.",
        "That is from another version of this bot and no longer works.",
    ]);
}

#[tokio::test(start_paused = true)]
async fn a_state_of_other_types_is_not_read_as_if_it_were_these() {
    let transcript = pressed(Bot::builder().add(handlers![careless::vote]), "Vote").await;

    assert!(failure(&transcript).is::<UnreadableComponent>());
    transcript.assert_replies(&["Old.", "That no longer works."]);
}

#[tokio::test(start_paused = true)]
async fn a_button_whose_handler_is_gone_is_answered_politely() {
    let transcript = pressed(Bot::builder().add(handlers![now::vote]), "Gone").await;

    assert!(failure(&transcript).is::<UnknownComponent>());
    assert!(failure(&transcript).is::<ComponentError>());
    transcript.assert_replies(&["Old.", "That no longer works."]);
}

#[tokio::test(start_paused = true)]
async fn what_an_author_listens_to_is_not_unknown() {
    #[listener]
    async fn listens(ctx: &Context, press: &InteractionCreate) -> Result<()> {
        if matches!(press.data, Some(InteractionData::MessageComponent(_))) {
            ctx.reply("By hand.").await?;
        }
        Ok(())
    }

    let bot = Bot::builder().add(handlers![now::vote, listens]);
    let transcript = pressed(bot, "Gone").await;

    transcript.assert_replies(&["Old.", "By hand."]);
}

/// Show what only you can press, for an hour.
#[command]
async fn mine(ctx: &CommandContext) -> Result<()> {
    let button = claim::id(ctx.user().id, 7).button("Claim");
    ctx.reply(Reply::new("Yours.").row([button])).await?;
    Ok(())
}

#[component(expires = "1h")]
async fn claim(
    ctx: &ComponentContext,
    #[state(owner)] owner: Id<UserMarker>,
    #[state] prize: u8,
) -> Result<()> {
    let row = [claim::id(owner, prize + 1).button("Claim")];
    ctx.update(Reply::new(format!("You claimed {prize}.")).row(row))
        .await
}

#[tokio::test(start_paused = true)]
async fn only_the_owner_can_press_what_is_theirs() {
    let sim = Simulator::start(Bot::builder().add(handlers![mine, claim])).await;
    let (alice, bob) = (sim.join("alice").await, sim.join("bob").await);
    alice.run("/mine").await;
    let message = sim.newest_message().expect("a message");
    bob.click(message, "Claim").await;
    alice.click(message, "Claim").await;

    assert_eq!(sim.content(message).as_deref(), Some("You claimed 7."));
    let transcript = sim.stop().await;
    assert!(failure(&transcript).is::<NotTheirs>());
    transcript.assert_replies(&["Yours.", "That is not for you."]);
}

#[tokio::test(start_paused = true)]
async fn a_component_works_for_a_time_after_its_message_was_last_edited() {
    let sim = Simulator::start(Bot::builder().add(handlers![mine, claim])).await;
    let alice = sim.join("alice").await;
    alice.run("/mine").await;
    let message = sim.newest_message().expect("a message");
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_secs(50 * 60)).await;
        alice.click(message, "Claim").await;
    }
    tokio::time::sleep(Duration::from_secs(70 * 60)).await;
    alice.click(message, "Claim").await;

    assert_eq!(sim.content(message).as_deref(), Some("You claimed 9."));
    let transcript = sim.stop().await;
    let expired = failure(&transcript)
        .find::<ExpiredComponent>()
        .expect("over");
    assert_eq!(expired.limit(), Duration::from_secs(60 * 60));
    assert!(expired.age() >= Duration::from_secs(70 * 60));
    transcript.assert_replies(&["Yours.", "That worked for only 60 minutes."]);
}

/// Ask for all sorts of things.
#[command]
async fn menus(ctx: &CommandContext) -> Result<()> {
    let reply = Reply::new("Choose!")
        .row([users::id().users().placeholder("Users").between(1, 2)])
        .row([roles::id().roles().placeholder("Roles")])
        .row([channels::id().channels().placeholder("Channels")])
        .row([mentionables::id().mentionables().placeholder("Anybody")])
        .row([texts::id()
            .options([("One", "1"), ("Two", "2")])
            .placeholder("Texts")]);
    ctx.reply(reply).await?;
    Ok(())
}

#[component]
async fn users(ctx: &ComponentContext, chosen: Chosen<User>) -> Result<()> {
    let names: Vec<_> = chosen.iter().map(|user| user.name.as_str()).collect();
    ctx.reply(names.join(" and ")).await?;
    Ok(())
}

#[component]
async fn roles(ctx: &ComponentContext, chosen: Chosen<Role>) -> Result<()> {
    ctx.reply(chosen[0].name.clone()).await?;
    Ok(())
}

#[component]
async fn channels(ctx: &ComponentContext, chosen: Chosen<Id<ChannelMarker>>) -> Result<()> {
    ctx.reply(format!("<#{}>", chosen[0])).await?;
    Ok(())
}

#[component]
async fn mentionables(ctx: &ComponentContext, chosen: Chosen<Mentionable>) -> Result<()> {
    let text = match &chosen[0] {
        Mentionable::User(user) => format!("user {}", user.name),
        Mentionable::Role(role) => format!("role {}", role.name),
    };
    ctx.reply(text).await?;
    Ok(())
}

#[component]
async fn texts(ctx: &ComponentContext, chosen: Chosen<i64>) -> Result<()> {
    ctx.reply(format!("{:?}", chosen.0)).await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn what_is_chosen_from_every_kind_of_menu_arrives() {
    let handlers = handlers![menus, users, roles, channels, mentionables, texts];
    let sim = Simulator::start(Bot::builder().add(handlers)).await;
    let alice = sim.join("alice").await;
    sim.join("bob").await;
    alice.run("/menus").await;
    let message = sim.newest_message().expect("a message");
    alice.select(message, "Users", &["@alice", "@bob"]).await;
    alice.select(message, "Roles", &["@bot"]).await;
    alice.select(message, "Channels", &["#general"]).await;
    alice.select(message, "Anybody", &["@bob"]).await;
    alice.select(message, "Texts", &["Two"]).await;

    let general = format!("<#{}>", sim.channel_id("general").expect("there"));
    sim.stop().await.assert_replies(&[
        "Choose!",
        "alice and bob",
        "bot",
        &general,
        "user bob",
        "[2]",
    ]);
}

#[test]
fn a_text_that_does_not_fit_is_a_typed_error() {
    #[component]
    async fn note(_: &ComponentContext, #[state] _text: String) {}

    assert!(note::id("short".to_owned()).is_ok());
    let error = note::id("x".repeat(80)).expect_err("too long");

    assert_eq!(error.length(), 81);
}

#[test]
fn two_components_of_one_name_are_a_mistake() {
    let error = Bot::builder()
        .add(handlers![before::vote, now::vote])
        .build()
        .expect_err("twice");

    assert!(
        error.to_string().contains("claim the component `vote`"),
        "{error}"
    );
}

/// Show a button.
#[command]
async fn show(ctx: &CommandContext) -> Result<()> {
    let buttons = [end::id(0).button("Now"), end::id(10).button("Later")];
    ctx.reply(Reply::new("Shown.").row(buttons)).await?;
    Ok(())
}

#[component]
async fn end(ctx: &ComponentContext, #[state] seconds: u8) -> Result<()> {
    tokio::time::sleep(Duration::from_secs(seconds.into())).await;
    ctx.update("Over.").await
}

#[tokio::test(start_paused = true)]
async fn nothing_stays_of_a_message_that_is_changed_at_once_or_later() {
    for button in ["Now", "Later"] {
        let sim = Simulator::start(Bot::builder().add(handlers![show, end])).await;
        let alice = sim.join("alice").await;

        alice.run("/show").await;
        let message = sim.newest_message().expect("a message");
        alice.click(message, button).await;

        let http = sim.http();
        let found = http.message(message.channel_id(), message.id()).await;
        let found = found.expect("an answer").model().await.expect("a message");
        assert_eq!(found.content, "Over.");
        assert!(found.components.is_empty(), "{button}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_wrong_with_a_field_is_said_under_its_name() {
    for (count, told) in [
        ("300", "`count`: it must be from 0 to 255."),
        ("three", "`count`: it is not a whole number."),
    ] {
        let sim = Simulator::start(Bot::builder().add(handlers![ask, chose, order])).await;
        let alice = sim.join("alice").await;

        alice.run("/ask").await;
        let message = sim.newest_message().expect("a message");
        alice.select(message, "Size", &["Small"]).await;
        alice
            .submit(&[("To whom?", "Bob"), ("How many?", count)])
            .await;

        sim.stop().await.assert_replies(&["Which?", told]);
    }
}
