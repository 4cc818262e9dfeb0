//! Messages that are made of components alone, however they are sent, and forms with every field.

use cordial::component::layout::{container, gallery, row, section, separator, text, thumbnail};
use cordial::prelude::*;
use cordial::testing::Simulator;

#[derive(Choice, Clone, Copy, Debug, PartialEq)]
enum Size {
    Small,
    Large,
}

/// Makes a layout with a text before it.
fn card(title: &str) -> Reply {
    let card = container([
        section(title, thumbnail("https://example.com/cover.png")).into(),
        separator().into(),
        gallery(["https://example.com/a.png", "https://example.com/b.png"]).into(),
        row([press::id(1).button("Press")]).into(),
    ]);
    Reply::new("First of all:")
        .component(card)
        .component(section("Or else", press::id(2).button("Beside")))
}

/// Show a layout.
#[command]
async fn show(ctx: &CommandContext) -> Result<()> {
    ctx.reply(card("answer")).await?;
    ctx.follow_up(card("follow-up")).await?;
    ctx.edit(card("edited")).await?;
    Ok(())
}

#[component]
async fn press(ctx: &ComponentContext, #[state] number: u8) -> Result<()> {
    let pressed = text(format!("pressed {number}"));
    ctx.update(Reply::default().component(pressed)).await
}

#[listener]
async fn shows(ctx: &Context, message: &MessageCreate) -> Result<()> {
    if !message.author.bot {
        ctx.reply(card("message")).await?;
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_layout_is_sent_as_an_answer_after_it_and_as_a_message() {
    let sim = Simulator::start(Bot::builder().add(handlers![show, press, shows])).await;
    let alice = sim.join("alice").await;

    alice.run("/show").await;
    alice.say("hello").await;

    let shown = |title: &str| format!("First of all:\n{title}\nOr else");
    let transcript = sim.transcript();
    let expected = [shown("answer"), shown("follow-up"), shown("message")];
    assert_eq!(transcript.replies(), expected);
    transcript.assert_completed("show");
    transcript.assert_completed("shows");
}

#[tokio::test(start_paused = true)]
async fn what_is_in_a_layout_can_be_pressed() {
    for (button, pressed) in [("Press", "pressed 1"), ("Beside", "pressed 2")] {
        let sim = Simulator::start(Bot::builder().add(handlers![press, shows])).await;
        let alice = sim.join("alice").await;

        alice.say("hello").await;
        let message = sim.newest_message().expect("a layout");
        alice.click(message, button).await;

        assert_eq!(sim.content(message).as_deref(), Some(pressed));
        sim.stop().await.assert_completed("press");
    }
}

/// Fill in a form.
#[command]
async fn form(ctx: &CommandContext) -> Result<()> {
    ctx.show(choices::modal(7).fill("name", "nobody")).await
}

/// What you want
#[modal]
async fn choices(
    ctx: &ModalContext,
    #[state] number: u8,
    /// Your name
    name: String,
    /// Size
    size: Option<Size>,
    /// Guests
    #[field(most = 3)]
    guests: Vec<User>,
    /// Sure
    sure: bool,
    /// Files
    files: Vec<Attachment>,
) -> Result<()> {
    let guests: Vec<_> = guests.into_iter().map(|guest| guest.name).collect();
    let files: Vec<_> = files.into_iter().map(|file| file.filename).collect();
    ctx.reply(format!(
        "{number} {name} {size:?} {guests:?} {sure} {files:?}"
    ))
    .await?;
    Ok(())
}

/// Where to
#[modal]
async fn places(
    ctx: &ModalContext,
    /// Channel
    channel: Id<ChannelMarker>,
    /// Role
    role: Role,
    /// Anybody
    anybody: Mentionable,
    /// Member
    member: Member,
    /// Count
    count: u8,
) -> Result<()> {
    let anybody = match anybody {
        Mentionable::User(user) => user.name,
        Mentionable::Role(role) => role.name,
    };
    let (role, member) = (role.name, member.user.name);
    ctx.reply(format!("<#{channel}> {role} {anybody} {member} {count}"))
        .await?;
    Ok(())
}

/// Fill in another.
#[command]
async fn other(ctx: &CommandContext) -> Result<()> {
    ctx.show(places::modal()).await
}

#[tokio::test(start_paused = true)]
async fn every_kind_of_field_arrives() {
    let handlers = handlers![form, choices, other, places];
    let sim = Simulator::start(Bot::builder().add(handlers)).await;
    let alice = sim.join("alice").await;
    sim.join("bob").await;

    alice.run("/form").await;
    let filled = [
        ("Size", "Large"),
        ("Guests", "@alice, @bob"),
        ("Sure", "yes"),
        ("Files", "a.txt, b.png"),
    ];
    alice.submit(&filled).await;
    alice.run("/form").await;
    alice.submit(&[("Your name", "Al"), ("Sure", "no")]).await;
    alice.run("/other").await;
    let filled = [
        ("Channel", "#general"),
        ("Role", "@bot"),
        ("Anybody", "@bob"),
        ("Member", "@alice"),
        ("Count", "3"),
    ];
    alice.submit(&filled).await;

    let general = sim.channel_id("general").expect("there");
    sim.stop().await.assert_replies(&[
        "7 nobody Some(Large) [\"alice\", \"bob\"] true [\"a.txt\", \"b.png\"]",
        "7 Al None [] false []",
        &format!("<#{general}> bot bob alice 3"),
    ]);
}

#[tokio::test(start_paused = true)]
async fn a_number_that_is_none_is_told_to_whoever_wrote_it() {
    let sim = Simulator::start(Bot::builder().add(handlers![other, places])).await;
    let alice = sim.join("alice").await;

    for count in ["many", "300"] {
        alice.run("/other").await;
        let filled = [
            ("Channel", "#general"),
            ("Role", "@bot"),
            ("Anybody", "@bob"),
            ("Member", "@alice"),
            ("Count", count),
        ];
        sim.join("bob").await;
        alice.submit(&filled).await;
    }

    sim.stop().await.assert_replies(&[
        "`count`: it is not a whole number.",
        "`count`: it must be from 0 to 255.",
    ]);
}
