//! Buttons, select menus and modals: state that travels, presses after a restart, and what is refused.

#![expect(clippy::unused_async, reason = "handlers are async")]
use std::time::Duration;

use cordial::exception::{
    ExpiredComponent, NotTheirs, OutdatedComponent, UnknownComponent, UnreadableComponent,
};
use cordial::prelude::*;
use cordial::testing::Simulator;
use cordial::twilight::model::id::Id;
use cordial::twilight::model::id::marker::UserMarker;

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
