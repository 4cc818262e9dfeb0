//! Reminders, over time, restarts and trouble.

use cordial::testing::Fault;

use super::*;

const MESSAGES: &str = "/channels/*/messages";

/// What every reminder says.
const REMINDED: &str = "you wanted to be reminded: ";

#[tokio::test(start_paused = true)]
async fn a_reminder_comes_once_when_it_is_due() {
    let town = Town::open().await;

    town.run("ann", "/remind in:2h what:tea").await;
    sleep(MINUTE * 119).await;
    assert_eq!(town.count(REMINDED), 0);
    sleep(HOUR * 3).await;

    assert_eq!(town.count("you wanted to be reminded: tea"), 1);
    assert_eq!(town.count("I am late"), 0);
    town.run("ann", "/reminders").await;
    assert_eq!(town.last(), "You have no reminders.");
    town.sim.stop().await.assert_all_handled();
}

#[tokio::test(start_paused = true)]
async fn a_reminder_outlives_the_bot() {
    let town = Town::open().await;
    town.run("ann", "/remind in:2h what:tea").await;

    let town = town.restart().await;
    sleep(HOUR * 3).await;

    assert_eq!(town.count("you wanted to be reminded: tea"), 1);
    assert_eq!(town.count("I am late"), 0);
}

#[tokio::test(start_paused = true)]
async fn what_was_due_while_the_bot_was_gone_comes_late() {
    let mut town = Town::open().await;
    town.run("ann", "/remind in:2h what:tea").await;

    town.sim.quit().await;
    sleep(HOUR * 24).await;
    assert_eq!(town.count(REMINDED), 0);
    let town = town.restart().await;
    sleep(MINUTE).await;

    assert_eq!(town.count("reminded: tea\n(I am late. It was for <t:"), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_begun_as_the_bot_was_killed_may_come_again_and_says_so() {
    let mut town = Town::open().await;
    town.run("ann", "/remind in:5m what:tea").await;
    // Discord takes it, and does not say so.
    let silent = Fault::slow_headers(MINUTE).after_effect();
    town.sim.inject("POST", MESSAGES, silent.lasting(HOUR));

    sleep(MINUTE * 5 + Duration::from_secs(20)).await;
    assert_eq!(town.count(REMINDED), 1);
    town.sim.crash().await;
    town.sim.mend();
    let town = town.restart().await;
    sleep(MINUTE).await;

    assert_eq!(
        town.count("I was interrupted. You may have had this already."),
        1
    );
    sleep(HOUR).await;
    assert_eq!(town.count(REMINDED), 2);
}

#[tokio::test(start_paused = true)]
async fn without_its_channel_a_reminder_comes_in_private_and_holds_up_no_other() {
    let town = Town::open().await;
    town.run("ann", "/remind in:1h what:tea").await;
    let bob = town.sim.person("bob").privately();
    bob.run("/remind in:1h what:coffee").await;
    let general = town.sim.channel_id("general").expect("a channel");
    town.sim
        .http()
        .delete_channel(general)
        .await
        .expect("deleted");

    sleep(HOUR + MINUTE).await;

    assert_eq!(town.count("reminded: tea"), 1);
    assert_eq!(town.count("reminded: coffee"), 1);
    town.sim.person("ann").privately().run("/reminders").await;
    assert_eq!(town.last(), "You have no reminders.");
}

#[tokio::test(start_paused = true)]
async fn what_can_be_sent_nowhere_is_not_lost_without_a_word() {
    let town = Town::open().await;
    town.run("ann", "/remind in:1h what:tea").await;
    town.run("bob", "/remind in:1h what:coffee").await;
    town.sim.person("ann").close_messages();
    let refusal = r#"{"code": 50013, "message": "Missing Permissions"}"#;
    town.sim.answer_next("POST", MESSAGES, 403, refusal);

    sleep(HOUR + MINUTE).await;

    assert_eq!(town.count("reminded: coffee"), 1);
    assert_eq!(town.count("reminded: tea"), 0);
    town.run("ann", "/reminders").await;
    let expected = "1. Not sent (neither the channel nor you can be written to): tea";
    assert_eq!(town.last(), expected);
    town.run("ann", "/forget number:1").await;
    assert_eq!(town.last(), "Forgotten.");
}

#[tokio::test(start_paused = true)]
async fn while_discord_is_in_trouble_a_reminder_waits() {
    let town = Town::open().await;
    town.run("ann", "/remind in:1h what:tea").await;
    let trouble = Fault::status(503).lasting(HOUR * 3);
    town.sim.inject("POST", MESSAGES, trouble);

    sleep(HOUR * 2).await;
    assert_eq!(town.count(REMINDED), 0);
    sleep(HOUR * 3).await;

    assert_eq!(town.count("reminded: tea\n(I am late."), 1);
}

#[tokio::test(start_paused = true)]
async fn trouble_that_does_not_end_ends_the_attempts() {
    let town = Town::open().await;
    town.run("ann", "/remind in:1h what:tea").await;
    town.sim
        .inject("POST", MESSAGES, Fault::status(503).always());

    sleep(HOUR * 12).await;
    town.run("ann", "/reminders").await;

    let expected = "1. Not sent (Discord was in trouble for too long): tea";
    assert_eq!(town.last(), expected);
}

#[tokio::test(start_paused = true)]
async fn times_that_are_none_are_explained() {
    let town = Town::open().await;

    for (span, told) in [
        ("soon", "I do not understand that time."),
        ("0m", "That time is over already"),
        ("10000d", "That is too long for me"),
    ] {
        town.run("ann", &format!("/remind in:{span} what:tea"))
            .await;

        assert!(town.last().starts_with(told), "{}", town.last());
    }
    let transcript = town.sim.stop().await;
    transcript.assert_handled_by("remind", "tell");
}

#[tokio::test(start_paused = true)]
async fn reminders_are_listed_and_forgotten_by_their_owner() {
    let town = Town::open().await;
    town.run("ann", "/remind in:2h what:tea").await;
    town.run("ann", "/remind in:1h what:water").await;

    town.run("bob", "/forget number:1").await;
    assert_eq!(town.last(), "You have no reminder 1: see `/reminders`.");
    town.run("ann", "/forget number:1").await;
    town.run("ann", "/reminders").await;

    let list = town.last();
    assert!(
        list.starts_with("2. <t:") && list.ends_with(":R>: water"),
        "{list}"
    );
}

#[tokio::test(start_paused = true)]
async fn nobody_has_more_reminders_than_there_is_room_for() {
    let town = Town::open().await;

    for _ in 0..21 {
        town.run("ann", "/remind in:1h what:tea").await;
    }

    assert!(town.last().starts_with("You have 20 reminders"));
    town.run("bob", "/remind in:1h what:tea").await;
    assert!(town.last().starts_with("I will remind you <t:"));
}
