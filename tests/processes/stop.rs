//! Bots that are told to stop, or are ended.

use std::fs;
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;

use crate::process::Start;

#[tokio::test]
async fn s6_a_handler_that_blocks_its_thread_keeps_no_process_from_ending() {
    let mut process = Start::new()
        .await
        .logs()
        .stderr(Stdio::piped())
        .start()
        .await;
    let mut log = process.stderr();
    process.tell("block");
    process.has_answered("blocked").await;

    process.stops().await;

    let mut text = String::new();
    log.read_to_string(&mut text).unwrap();
    let told = text.matches("handlers block their threads").count();
    assert_eq!(told, 1, "{text}");
}

#[tokio::test]
async fn s7_of_other_signals_the_system_does_what_it_does() {
    for (name, number) in [("HUP", 1), ("QUIT", 3)] {
        let process = Start::new().await.start().await;
        let is_ignored = is_ignored(number);

        process.signal(name);

        if is_ignored {
            process.says("still here").await;
            process.stops().await;
        } else {
            assert_eq!(process.ended().await.signal(), Some(number), "{name}");
        }
    }
}

#[tokio::test]
async fn s7_a_pipe_that_nobody_reads_any_more_ends_no_bot() {
    let mut process = Start::new().await.stdout(Stdio::piped()).start().await;

    drop(process.stdout());
    process.signal("PIPE");
    process.tell("print");
    process.says("still here").await;

    process.stops().await;
}

/// Returns whether this process was told to ignore a signal, which those that it starts do, too.
fn is_ignored(number: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = u64::from_str_radix(ignored.unwrap().trim(), 16).unwrap();
    ignored >> (number - 1) & 1 == 1
}
