//! Bots that lack what they need: somewhere to write to, or files.

use std::fs::File;
use std::io::Read;
use std::process::Stdio;
use std::sync::{Arc, Mutex};

use cordial::testing::Fault;

use crate::bot::{GIVE_FILES, TAKE_FILES};
use crate::process::{MESSAGES, Process, Start};

/// Fails, and asserts that the bot goes on.
async fn fails_and_goes_on(process: &Process) {
    process.tell("fail");
    process.tell("fail");
    process.says("still here").await;
}

#[tokio::test]
async fn e7_a_failure_that_cannot_be_written_anywhere_ends_no_bot() {
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let full = Start::new().await.stderr(full());
    let closed = Start::new().await.by_shell("2>&-");
    let all_closed = Start::new().await.by_shell("<&- >&- 2>&-");
    for start in [full, closed, all_closed] {
        let process = start.start().await;

        fails_and_goes_on(&process).await;

        process.stops().await;
    }
}

#[tokio::test]
async fn e7_a_failure_that_nobody_reads_any_more_ends_no_bot() {
    let mut process = Start::new().await.stderr(Stdio::piped()).start().await;

    drop(process.stderr());
    fails_and_goes_on(&process).await;

    process.stops().await;
}

#[tokio::test]
async fn e7_a_log_that_panics_since_it_is_gone_ends_no_bot() {
    let mut process = Start::new()
        .await
        .logs()
        .stderr(Stdio::piped())
        .start()
        .await;

    drop(process.stderr());
    fails_and_goes_on(&process).await;
    process.sim.drop_connections();
    process.says("and here").await;

    process.stops().await;
}

#[tokio::test]
async fn o5_without_files_nothing_is_connected_and_with_files_again_all_is_well() {
    let start = Start::new().await.logs().stdin(Stdio::piped());
    let mut process = start.stderr(Stdio::piped()).start().await;
    let log = read(process.stderr());
    let says = |text: &'static str| {
        let log = Arc::clone(&log);
        move || log.lock().unwrap().contains(text)
    };

    process.write(TAKE_FILES);
    // The connection that is open is of use until it is closed.
    process.sim.inject("POST", MESSAGES, Fault::hang_up());
    process.tell("say one");
    process.until(says("closed before message completed")).await;
    process.tell("say two");
    process.until(says("Too many open files")).await;
    process.sim.drop_connections();
    process.until(says("could not connect")).await;
    process.tell("say three");
    process.write(GIVE_FILES);
    process.has_answered("three").await;

    let resumed = process.sim.connections();
    assert!(resumed.last().unwrap().is_resumed());
    process.stops().await;
}

#[tokio::test]
async fn o8_a_log_that_nobody_reads_holds_up_who_logs_and_not_the_connection() {
    let start = Start::new().await.logs().stderr(Stdio::piped());
    let mut process = start.start().await;

    process.tell("chatter");
    process.lives_on(3).await;
    process.says("still here").await;

    assert!(!process.has_said("logged"));
    assert_eq!(process.sim.connections().len(), 2);
    let _log = read(process.stderr());
    process.has_answered("logged").await;
    process.stops().await;
}

/// Reads what is written to the end.
fn read(mut from: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let read = Arc::new(Mutex::new(String::new()));
    let text = Arc::clone(&read);
    std::thread::spawn(move || {
        let mut buffer = [0; 4_096];
        while let Ok(bytes @ 1..) = from.read(&mut buffer) {
            let new = String::from_utf8_lossy(&buffer[..bytes]);
            text.lock().unwrap().push_str(&new);
        }
    });
    read
}
