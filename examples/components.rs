//! A bakery that is run with buttons, menus and forms.
//!
//! What it teaches:
//!
//! - `#[component]` turns a function into the handler of a button or a select menu. Arguments with
//!   `#[state]` travel in the button's custom id, typed: the bot stores nothing, and may restart in
//!   between.
//! - A button can belong to one user (`#[state(owner)]`), and work for a limited time (`expires`).
//! - `version` distinguishes today's buttons from those that an older version of the bot sent,
//!   whose state meant something else.
//! - `#[modal]` makes a form: its documented parameters are the fields, and it can carry state,
//!   too.
//! - A `Reply` with components of [`layout`] is a layout: texts, boxes and buttons in the order
//!   that you choose.
//! - Whatever goes wrong is an error like any other. Without an error handler, people are told the
//!   error's own text; here, an error handler answers those who use an outdated button.
//!
//! ```text
//! cargo run --example components
//! ```
//!
//! Type `/tip-jar` and `click Tip`, several times; `/offer` and `click Take it`; `/party` and `select
//! Guests: you, bot`; and `/order`, `select Cake: Apple tart`, `submit Name on the box: Ann; How many?:
//! 2` and `click Cancel`. With `How many?: 13` the order is refused.

use cordial::component::layout::{self, container, section, separator};
use cordial::exception::OutdatedComponent;
use cordial::prelude::*;
use cordial::testing::run_or_simulate;

// A button with state: how many coins are in the jar, and who gave the latest. Each press shows a
// button with the next state. The first version held only the number of coins, and some of its
// buttons still exist.

/// Put up a tip jar.
#[command(name = "tip-jar")]
async fn tip_jar(ctx: &CommandContext) -> Result<()> {
    ctx.reply(jar(0, None)).await?;
    Ok(())
}

#[component(version = 2)]
async fn tip(
    ctx: &ComponentContext,
    #[state] coins: u32,
    #[state] latest: Option<Id<UserMarker>>,
) -> Result<()> {
    let user = ctx.user().id;
    if latest == Some(user) {
        let thanks = Reply::new("Thank you, that is enough. Let others have a turn!");
        ctx.reply(thanks.ephemeral()).await?;
        return Ok(());
    }
    ctx.update(jar(coins + 1, Some(user))).await
}

fn jar(coins: u32, latest: Option<Id<UserMarker>>) -> Reply {
    let button = tip::id(coins, latest).button("Tip").emoji("🪙");
    Reply::new(format!("Coins in the jar: {coins}")).row([button])
}

/// Without this, people would be told that the button no longer works, but not what to do instead.
#[error_handler]
async fn outdated(ctx: &ComponentContext, _: &OutdatedComponent) -> bool {
    let text = "That jar is an old one: `/tip-jar` puts up another.";
    ctx.reply(Reply::new(text).ephemeral()).await.is_ok()
}

// A button that works for a limited time.

/// Offer the last piece at half the price.
#[command]
async fn offer(ctx: &CommandContext) -> Result<()> {
    let button = take::id().button("Take it").success();
    ctx.reply(Reply::new("The last piece, at half the price!").row([button]))
        .await?;
    Ok(())
}

#[component(expires = "10m")]
async fn take(ctx: &ComponentContext) -> Result<()> {
    ctx.update(format!("{} has taken the last piece.", ctx.user().name))
        .await
}

// A menu of users. The handler receives what was chosen as typed values.

/// Plan a party.
#[command]
async fn party(ctx: &CommandContext) -> Result<()> {
    let menu = invite::id().users().placeholder("Guests").between(1, 5);
    ctx.reply(Reply::new("Whom shall we invite?").row([menu]))
        .await?;
    Ok(())
}

#[component]
async fn invite(ctx: &ComponentContext, guests: Chosen<User>) -> Result<()> {
    let names: Vec<_> = guests.iter().map(|guest| guest.name.as_str()).collect();
    ctx.update(format!("Invited: {}.", names.join(", "))).await
}

// A menu of choices that only its owner can use. A form answers it, and carries the choice along.

#[derive(Choice, Clone, Copy, Debug, PartialEq)]
enum Cake {
    Cheesecake,
    AppleTart,
    #[choice(name = "Black Forest gâteau")]
    BlackForest,
}

/// Order a cake.
#[command]
async fn order(ctx: &CommandContext) -> Result<()> {
    let menu = cake::id(ctx.user().id).choices::<Cake>();
    ctx.reply(Reply::new("What will it be?").row([menu.placeholder("Cake")]))
        .await?;
    Ok(())
}

#[component]
async fn cake(
    ctx: &ComponentContext,
    #[state(owner)] _guest: Id<UserMarker>,
    chosen: Chosen<Cake>,
) -> Result<()> {
    ctx.show(delivery::modal(chosen[0])).await
}

/// An error whose text is for people: whoever ordered is told it.
#[derive(Debug, thiserror::Error, Exception)]
#[error("{ordered} cakes were ordered, and there are at most {most}")]
#[facet(dyn UserFacing)]
struct TooManyCakes {
    ordered: u8,
    most: u8,
}

impl UserFacing for TooManyCakes {
    fn text(&self) -> String {
        format!(
            "We cannot bake {} in a day: {} at most.",
            self.ordered, self.most
        )
    }
}

/// Your order
#[modal]
async fn delivery(
    ctx: &ModalContext,
    #[state] cake: Cake,
    /// Name on the box
    #[field(max_length = 40)]
    name: String,
    /// How many?
    #[field(value = "1")]
    count: u8,
    /// Anything else?
    #[field(paragraph, placeholder = "Candles, a greeting, nuts to be left out ..")]
    wishes: Option<String>,
) -> Result<()> {
    let most = 12;
    if count > most {
        let ordered = count;
        return Err(TooManyCakes { ordered, most }.into());
    }
    let cancel = cancel::id(ctx.user().id, cake).button("Cancel").danger();
    let title = format!("## {count} × {}\nFor {name}", cake.name());
    let wishes = wishes.unwrap_or_else(|| "Nothing else.".to_owned());
    let card = container([
        section(title, cancel).into(),
        separator().into(),
        layout::text(wishes).into(),
    ]);
    ctx.reply(Reply::default().component(card)).await?;
    Ok(())
}

// A button in a layout. A message that is a layout stays one, so the edit is a layout, too.

#[component]
async fn cancel(
    ctx: &ComponentContext,
    #[state(owner)] _guest: Id<UserMarker>,
    #[state] cake: Cake,
) -> Result<()> {
    let text = layout::text(format!("{}: the order was cancelled.", cake.name()));
    ctx.update(Reply::default().component(text)).await
}

fn bot() -> BotBuilder {
    Bot::builder()
        .add(handlers![tip_jar, tip, outdated])
        .add(handlers![offer, take])
        .add(handlers![party, invite])
        .add(handlers![order, cake, delivery, cancel])
}

#[tokio::main]
async fn main() -> Result<()> {
    run_or_simulate(bot()).await
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use cordial::testing::{MessageHandle, Person, Simulator};

    use super::*;

    /// Starts the bot, with two guests in the guild.
    async fn open() -> (Simulator, Person, Person) {
        let sim = Simulator::start(bot()).await;
        let (alice, bob) = (sim.join("alice").await, sim.join("bob").await);
        (sim, alice, bob)
    }

    fn newest(sim: &Simulator) -> MessageHandle {
        sim.newest_message().expect("a message")
    }

    /// Returns a message as Discord has it.
    async fn look_at(sim: &Simulator, message: MessageHandle) -> Message {
        let http = sim.http();
        let asked = http.message(message.channel_id(), message.id());
        asked
            .await
            .expect("an answer")
            .model()
            .await
            .expect("a message")
    }

    #[tokio::test(start_paused = true)]
    async fn state_travels_from_button_to_button() {
        let (sim, alice, bob) = open().await;

        alice.run("/tip-jar").await;
        let jar = newest(&sim);
        alice.click(jar, "Tip").await;
        bob.click(jar, "Tip").await;

        assert_eq!(sim.content(jar).as_deref(), Some("Coins in the jar: 2"));
        sim.stop().await.assert_all_handled();
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_tips_twice_in_a_row() {
        let (sim, alice, _) = open().await;

        alice.run("/tip-jar").await;
        let jar = newest(&sim);
        alice.click(jar, "Tip").await;
        alice.click(jar, "Tip").await;

        assert_eq!(sim.content(jar).as_deref(), Some("Coins in the jar: 1"));
        sim.stop().await.assert_completed("tip");
    }

    #[tokio::test(start_paused = true)]
    async fn a_button_outlives_the_bot_that_showed_it() {
        let (sim, alice, bob) = open().await;
        alice.run("/tip-jar").await;
        let jar = newest(&sim);
        alice.click(jar, "Tip").await;

        let sim = sim.restart(bot()).await;
        bob.click(jar, "Tip").await;

        assert_eq!(sim.content(jar).as_deref(), Some("Coins in the jar: 2"));
    }

    /// The bot as it was last week.
    mod last_week {
        use super::*;

        /// Put up a tip jar.
        #[command(name = "tip-jar")]
        async fn tip_jar(ctx: &CommandContext) -> Result<()> {
            let button = tip::id(41).button("Tip");
            ctx.reply(Reply::new("Coins in the jar: 41").row([button]))
                .await?;
            Ok(())
        }

        #[component]
        async fn tip(ctx: &ComponentContext, #[state] coins: u32) -> Result<()> {
            ctx.update(format!("Coins in the jar: {}", coins + 1)).await
        }

        pub(super) fn bot() -> BotBuilder {
            Bot::builder().add(handlers![tip_jar, tip])
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_presses_a_button_of_an_older_version_is_told_what_to_do() {
        let sim = Simulator::start(last_week::bot()).await;
        let alice = sim.join("alice").await;
        alice.run("/tip-jar").await;
        let jar = newest(&sim);

        let sim = sim.restart(bot()).await;
        alice.click(jar, "Tip").await;

        assert_eq!(sim.content(jar).as_deref(), Some("Coins in the jar: 41"));
        let transcript = sim.stop().await;
        transcript.assert_handled_by("tip", "outdated");
        transcript.assert_replies(&[
            "Coins in the jar: 41",
            "That jar is an old one: `/tip-jar` puts up another.",
        ]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_to_take_an_offer_has_it() {
        let (sim, alice, bob) = open().await;

        alice.run("/offer").await;
        let offer = newest(&sim);
        bob.click(offer, "Take it").await;

        let offer = look_at(&sim, offer).await;
        assert_eq!(offer.content, "bob has taken the last piece.");
        assert!(offer.components.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn an_offer_ends_after_ten_minutes() {
        let (sim, alice, bob) = open().await;
        alice.run("/offer").await;
        let offer = newest(&sim);

        tokio::time::advance(Duration::from_secs(601)).await;
        bob.click(offer, "Take it").await;

        sim.stop().await.assert_replies(&[
            "The last piece, at half the price!",
            "That worked for only 10 minutes.",
        ]);
    }

    #[tokio::test(start_paused = true)]
    async fn guests_are_chosen_from_a_menu() {
        let (sim, alice, _) = open().await;

        alice.run("/party").await;
        let menu = newest(&sim);
        alice.select(menu, "Guests", &["alice", "bob"]).await;

        assert_eq!(sim.content(menu).as_deref(), Some("Invited: alice, bob."));
    }

    /// Orders a cake, up to the form.
    async fn choose_cake(sim: &Simulator, person: &Person) {
        person.run("/order").await;
        person.select(newest(sim), "Cake", &["Apple tart"]).await;
    }

    #[tokio::test(start_paused = true)]
    async fn an_order_is_confirmed_by_a_card() {
        let (sim, alice, _) = open().await;

        choose_cake(&sim, &alice).await;
        assert_eq!(alice.modal().as_deref(), Some("Your order"));
        alice
            .submit(&[("Name on the box", "Alice"), ("How many?", "2")])
            .await;

        let card = look_at(&sim, newest(&sim)).await;
        let card = format!("{:?}", card.components);
        assert!(card.contains("2 × Apple tart"), "{card}");
        assert!(card.contains("Nothing else."), "{card}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_form_outlives_the_bot_that_showed_it() {
        let (sim, alice, _) = open().await;
        choose_cake(&sim, &alice).await;

        let sim = sim.restart(bot()).await;
        alice
            .submit(&[("Name on the box", "Alice"), ("How many?", "2")])
            .await;

        sim.transcript().assert_completed("delivery");
        let card = look_at(&sim, newest(&sim)).await;
        assert!(format!("{:?}", card.components).contains("Apple tart"));
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_chooses_for_somebody_else() {
        let (sim, alice, bob) = open().await;

        alice.run("/order").await;
        bob.select(newest(&sim), "Cake", &["Cheesecake"]).await;

        assert_eq!(bob.modal(), None);
        let transcript = sim.stop().await;
        transcript.assert_replies(&["What will it be?", "That is not for you."]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_order_is_cancelled_by_whoever_made_it() {
        let (sim, alice, bob) = open().await;
        choose_cake(&sim, &alice).await;
        alice
            .submit(&[("Name on the box", "Alice"), ("How many?", "1")])
            .await;
        let card = newest(&sim);

        bob.click(card, "Cancel").await;
        sim.transcript().assert_unhandled("cancel");
        alice.click(card, "Cancel").await;

        let card = format!("{:?}", look_at(&sim, card).await.components);
        assert!(card.contains("Apple tart: the order was cancelled."));
    }

    #[tokio::test(start_paused = true)]
    async fn what_cannot_be_ordered_is_explained() {
        for (count, told) in [
            ("13", "We cannot bake 13 in a day: 12 at most."),
            ("300", "`count`: it must be from 0 to 255."),
            ("many", "`count`: it is not a whole number."),
        ] {
            let (sim, alice, _) = open().await;

            choose_cake(&sim, &alice).await;
            alice
                .submit(&[("Name on the box", "Alice"), ("How many?", count)])
                .await;

            sim.stop().await.assert_replies(&["What will it be?", told]);
        }
    }
}
