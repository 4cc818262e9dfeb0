//! The database, and what happens without it.

use super::*;

#[tokio::test(start_paused = true)]
async fn without_its_database_the_bot_says_so_and_lives_on() {
    let folder = TempDir::new().expect("a folder");
    let database = open(&folder).await;
    let sim = people(bot(database.clone())).start().await;
    let town = Town { sim, folder };
    town.run("ann", "/poll question:Drinks? options:tea; coffee")
        .await;
    let poll = town.newest();

    close(&database).await;
    let told = "I cannot get at what I have written down. Please try again in a while.";
    for line in ["/remind in:1h what:tea", "/reminders", "/warnings"] {
        town.run("ann", line).await;
        assert_eq!(town.last(), told, "{line}");
    }
    town.sim.person("bob").click(poll, "tea").await;
    assert_eq!(town.last(), told);
    sleep(MINUTE).await;

    let transcript = town.sim.stop().await;
    transcript.assert_all_handled();
    for handler in ["remind", "warnings", "vote", "send_due", "settle_polls"] {
        transcript.assert_handled_by(handler, "no_database");
    }
}

#[tokio::test(start_paused = true)]
async fn when_the_database_is_back_what_was_due_is_sent() {
    let folder = TempDir::new().expect("a folder");
    let database = open(&folder).await;
    let sim = people(bot(database.clone())).start().await;
    let town = Town { sim, folder };
    town.run("ann", "/remind in:1h what:tea").await;

    close(&database).await;
    sleep(HOUR * 2).await;
    assert_eq!(town.count("reminded: tea"), 0);
    let town = town.restart().await;
    sleep(MINUTE).await;

    assert_eq!(town.count("reminded: tea"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_is_no_database_is_an_error_before_the_bot_starts() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("notes.txt");
    std::fs::write(
        &file,
        "not a database, but quite long enough to look like something",
    )
    .expect("a file");

    let _held = hold_time();
    let failure = Database::open(&file).await.expect_err("no database");

    assert!(failure.is::<sqlx::Error>() || failure.is::<sqlx::migrate::MigrateError>());
    assert!(
        failure.to_string().contains("file is not a database"),
        "{failure}"
    );
}

#[tokio::test(start_paused = true)]
async fn opening_the_database_again_changes_nothing() {
    let town = Town::open().await;
    town.run("mia", "/warn member:@bob reason:spam").await;

    let _also = open(&town.folder).await;
    let town = town.restart().await;
    town.run("mia", "/warnings member:@bob").await;

    assert!(town.last().contains("1. spam"));
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_has_stopped_leaves_one_file() {
    let town = Town::open().await;
    town.run("mia", "/warn member:@bob reason:spam").await;

    town.sim.stop().await.assert_completed("close");

    let files = std::fs::read_dir(town.folder.path()).expect("a folder");
    let names: Vec<_> = files
        .map(|file| file.expect("a file").file_name())
        .collect();
    assert_eq!(names, ["community.db"]);
}

#[test]
fn a_bot_without_a_database_is_not_built() {
    let bot = Bot::builder().plugin(crate::warnings::plugin());

    let error = bot.build().expect_err("no state");

    assert!(error.to_string().contains("Database"), "{error}");
}

/// Takes the database away.
async fn close(database: &Database) {
    let _held = hold_time();
    database.pool.close().await;
}
