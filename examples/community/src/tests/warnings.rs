//! Who may warn whom, and who is told of it.

use super::*;

#[tokio::test(start_paused = true)]
async fn warnings_are_counted_listed_and_forgiven() {
    let town = Town::open().await;

    town.run("mia", "/warn member:@bob reason:spam").await;
    town.run("mia", "/warn member:@bob reason:more spam").await;
    assert_eq!(town.last(), "bob has been warned: more spam (warning 2).");
    town.run("mia", "/forgive number:1").await;
    assert_eq!(town.last(), "Forgiven: spam");
    town.run("bob", "/warnings").await;

    let list = town.last();
    assert!(
        list.starts_with("Warnings of bob: 1\n2. more spam (<@"),
        "{list}"
    );
    town.sim.stop().await.assert_all_handled();
}

#[tokio::test(start_paused = true)]
async fn warnings_outlive_the_bot() {
    let town = Town::open().await;
    town.run("mia", "/warn member:@bob reason:spam").await;

    let town = town.restart().await;
    town.run("mia", "/warnings member:@bob").await;

    assert!(town.last().starts_with("Warnings of bob: 1\n"));
}

#[tokio::test(start_paused = true)]
async fn who_is_warned_is_told() {
    let town = Town::open().await;

    town.run("mia", "/warn member:@bob reason:spam").await;

    assert_eq!(town.count("You have been warned: spam"), 1);
}

#[tokio::test(start_paused = true)]
async fn who_takes_no_messages_is_warned_all_the_same() {
    let town = Town::open().await;
    town.sim.person("bob").close_messages();

    town.run("mia", "/warn member:@bob reason:spam").await;

    let expected = "bob has been warned: spam (warning 1). I could not tell them.";
    assert_eq!(town.last(), expected);
    town.sim.stop().await.assert_completed("warn");
}

#[tokio::test(start_paused = true)]
async fn nobody_warns_bots_or_themselves() {
    for name in ["bot", "mia"] {
        let town = Town::open().await;

        town.run("mia", &format!("/warn member:@{name} reason:test"))
            .await;

        let told = "Warnings are for members: not for bots, and not for yourself.";
        assert_eq!(town.last(), told);
        town.sim.stop().await.assert_handled_by("warn", "tell");
    }
}

#[tokio::test(start_paused = true)]
async fn members_see_their_own_warnings_only() {
    let town = Town::open().await;

    town.run("bob", "/warnings member:@ann").await;
    assert!(town.last().starts_with("Those warnings are for moderators"));
    town.run("bob", "/warnings member:@bob").await;

    assert_eq!(town.last(), "bob has no warnings.");
}

#[tokio::test(start_paused = true)]
async fn a_warning_that_is_not_there_is_not_forgiven() {
    let town = Town::open().await;

    town.run("mia", "/forgive number:7").await;

    assert_eq!(town.last(), "There is no warning 7: see `/warnings`.");
    town.sim.stop().await.assert_handled_by("forgive", "tell");
}

#[tokio::test(start_paused = true)]
async fn a_long_list_fits_into_a_message() {
    let town = Town::open().await;
    let reason = "x".repeat(200);

    for _ in 0..9 {
        town.run("mia", &format!("/warn member:@bob reason:{reason}"))
            .await;
    }
    town.run("bob", "/warnings").await;

    let list = town.last();
    assert!(list.starts_with("Warnings of bob: 9\n9. x"), "{list}");
    assert!(list.chars().count() <= 2_000);
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "takes 0 to 200 characters")]
async fn a_reason_has_its_bounds() {
    let town = Town::open().await;

    let line = format!("/warn member:@bob reason:{}", "x".repeat(201));
    town.run("mia", &line).await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "the command `warn` is shown only to members with")]
async fn members_are_not_offered_to_warn() {
    let town = Town::open().await;

    town.run("bob", "/warn member:@ann reason:envy").await;
}
