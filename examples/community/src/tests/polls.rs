//! Votes, their counts, and how a poll ends.

use cordial::testing::Fault;
use cordial::twilight::model::channel::message::Component;

use super::*;

/// Has `ann` ask what to drink.
async fn ask(town: &Town, more: &str) -> MessageHandle {
    let line = format!("/poll question:Drinks? options:tea; coffee{more}");
    town.run("ann", &line).await;
    town.newest()
}

async fn click(town: &Town, name: &str, poll: MessageHandle, button: &str) {
    town.sim.person(name).click(poll, button).await;
}

/// Returns the requests so far that answered interactions.
fn answers(town: &Town) -> usize {
    let requests = town.sim.requests();
    requests
        .iter()
        .filter(|request| request.path().starts_with("/interactions/"))
        .count()
}

#[tokio::test(start_paused = true)]
async fn votes_are_counted_where_everybody_sees_it() {
    let town = Town::open().await;
    let poll = ask(&town, "").await;
    let before = town.text(poll);
    assert!(
        before.starts_with("**Drinks?**\n`░░░░░░░░░░` 0: tea\n"),
        "{before}"
    );

    click(&town, "ann", poll, "tea").await;
    click(&town, "bob", poll, "coffee").await;

    let text = town.text(poll);
    assert!(
        text.contains("`█████░░░░░` 1: tea\n`█████░░░░░` 1: coffee\n2 votes, open."),
        "{text}"
    );
    town.sim.stop().await.assert_all_handled();
}

#[tokio::test(start_paused = true)]
async fn a_vote_is_changed_by_another() {
    let town = Town::open().await;
    let poll = ask(&town, "").await;

    click(&town, "bob", poll, "tea").await;
    click(&town, "bob", poll, "coffee").await;
    click(&town, "bob", poll, "coffee").await;

    let text = town.text(poll);
    assert!(
        text.contains(" 0: tea\n`██████████` 1: coffee\n1 vote, open."),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_vote_costs_one_request() {
    let town = Town::open().await;
    let poll = ask(&town, "").await;
    let (all, answered) = (town.sim.requests().len(), answers(&town));

    click(&town, "bob", poll, "tea").await;

    assert_eq!(town.sim.requests().len() - all, 1);
    assert_eq!(answers(&town) - answered, 1);
}

#[tokio::test(start_paused = true)]
async fn votes_at_the_same_moment_are_all_shown() {
    let town = Town::open().await;
    let poll = ask(&town, "").await;
    // The first answer is so slow that the second overtakes it.
    let late = Fault::slow_headers(Duration::from_secs(1));
    town.sim.inject("POST", "/interactions/*/*/callback", late);
    let (ann, bob) = (town.sim.person("ann"), town.sim.person("bob"));

    tokio::join!(ann.click(poll, "tea"), bob.click(poll, "coffee"));

    let text = town.text(poll);
    assert!(text.contains("2 votes, open."), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_poll_goes_on_after_a_restart() {
    let town = Town::open().await;
    let poll = ask(&town, "").await;
    click(&town, "ann", poll, "tea").await;

    let town = town.restart().await;
    click(&town, "bob", poll, "tea").await;

    let text = town.text(poll);
    assert!(text.contains("2: tea\n"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_poll_is_closed_by_its_author() {
    let town = Town::open().await;
    let poll = ask(&town, "").await;
    click(&town, "bob", poll, "tea").await;

    click(&town, "bob", poll, "Close the poll").await;
    assert_eq!(town.last(), "That is not for you.");
    click(&town, "ann", poll, "Close the poll").await;

    assert!(town.text(poll).contains("1: tea\n"));
    assert!(town.text(poll).contains("1 vote, closed."));
    assert!(buttons(&town, poll).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_poll_is_closed_by_time() {
    let town = Town::open().await;
    let poll = ask(&town, " closes:2h").await;
    assert!(town.text(poll).contains("0 votes, closes <t:"));
    click(&town, "bob", poll, "tea").await;

    sleep(HOUR * 2 + MINUTE).await;

    assert!(town.text(poll).contains("1 vote, closed."));
    assert!(buttons(&town, poll).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_poll_whose_time_was_over_while_the_bot_was_gone_is_closed() {
    let mut town = Town::open().await;
    let poll = ask(&town, " closes:2h").await;

    town.sim.quit().await;
    sleep(HOUR * 24).await;
    let town = town.restart().await;
    sleep(MINUTE).await;

    assert!(town.text(poll).contains("0 votes, closed."));
}

#[tokio::test(start_paused = true)]
async fn a_poll_is_closed_when_discord_lets_it() {
    let town = Town::open().await;
    let poll = ask(&town, " closes:1h").await;
    let trouble = Fault::status(503).lasting(HOUR * 2);
    town.sim.inject("PATCH", "/channels/*/messages/*", trouble);

    sleep(HOUR * 2).await;
    assert!(!town.text(poll).contains("closed."));
    // It is closed all the same: whoever votes is told so, and sees it.
    click(&town, "bob", poll, "tea").await;
    assert_eq!(
        town.last(),
        "That poll is closed: your vote was not counted."
    );
    assert!(town.text(poll).contains("0 votes, closed."));
    sleep(HOUR * 2).await;

    assert!(town.text(poll).contains("0 votes, closed."));
}

#[tokio::test(start_paused = true)]
async fn a_poll_that_was_deleted_is_settled() {
    let town = Town::open().await;
    let poll = ask(&town, " closes:1h").await;
    let http = town.sim.http();
    let deleted = http.delete_message(poll.channel_id(), poll.id()).await;
    deleted.expect("deleted");

    sleep(HOUR * 3).await;

    let requests = town.sim.requests();
    let edits = requests
        .iter()
        .filter(|request| request.method() == "PATCH");
    assert_eq!(edits.count(), 1);
    town.sim.stop().await.assert_all_handled();
}

#[tokio::test(start_paused = true)]
async fn answers_that_make_no_poll_are_explained() {
    let town = Town::open().await;
    let many: Vec<_> = (0..11).map(|number| number.to_string()).collect();
    let (many, long) = (many.join(";"), format!("tea;{}", "x".repeat(61)));

    for (options, told) in [
        ("tea", "A poll needs two answers at least"),
        ("tea; ;", "A poll needs two answers at least"),
        ("tea; coffee; tea", "One of the answers is there twice."),
        (&many, "A poll can have 10 answers at most."),
        (&long, "An answer can have 60 characters at most."),
    ] {
        town.run("ann", &format!("/poll question:Drinks? options:{options}"))
            .await;

        assert!(town.last().starts_with(told), "{}", town.last());
    }
    let transcript = town.sim.stop().await;
    transcript.assert_handled_by("poll", "tell");
}

#[tokio::test(start_paused = true)]
async fn the_largest_poll_fits() {
    let town = Town::open().await;
    let answers: Vec<_> = (0..10)
        .map(|number| number.to_string().repeat(60))
        .collect();

    let question = "q".repeat(200);
    let line = format!("/poll question:{question} options:{}", answers.join(";"));
    town.run("ann", &line).await;
    let poll = town.newest();
    click(&town, "bob", poll, &answers[9]).await;

    assert!(town.text(poll).contains("1 vote, open."));
    assert_eq!(buttons(&town, poll).await.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_poll_of_another_database_is_not_known() {
    let town = Town::open().await;
    let poll = ask(&town, "").await;

    let folder = TempDir::new().expect("a folder");
    let town = Town { folder, ..town }.restart().await;
    click(&town, "bob", poll, "tea").await;

    assert_eq!(town.last(), "I do not know that poll any more.");
    town.sim.stop().await.assert_handled_by("vote", "tell");
}

/// Returns the rows of buttons of a message.
async fn buttons(town: &Town, message: MessageHandle) -> Vec<Component> {
    let http = town.sim.http();
    let asked = http.message(message.channel_id(), message.id()).await;
    let message = asked.expect("an answer").model().await.expect("a message");
    message.components
}
