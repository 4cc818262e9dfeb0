//! What all subjects share: what they are told to do, what their handlers do, and what they measure of
//! themselves.
//!
//! A subject calls [`begin`] once, runs as it would for Discord, and calls [`take`] from its handler. Once
//! the last event was taken, it prints a line of JSON, the [`Figures`], and the process ends.

mod figures;
mod job;
mod watch;

pub use self::figures::{Figures, now};
pub use self::job::{Arguments, Job};

use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use self::watch::Watch;

/// Something in the form of a token. The source of events takes any.
pub const TOKEN: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4.AbCdEf.not-a_secret";

/// How long a handler takes that blocks its thread.
pub const BLOCKED: Duration = Duration::from_secs(6);
/// How long a handler takes that waits, as if for a request.
pub const WAITED: Duration = Duration::from_millis(100);

static RUN: OnceLock<(Arguments, Watch)> = OnceLock::new();

/// Reads the arguments of the process, and begins to watch it.
///
/// # Panics
///
/// If the arguments are not those that the runner gives, or if called twice.
#[must_use]
pub fn begin() -> &'static Arguments {
    let arguments = Arguments::read(std::env::args().skip(1));
    let arguments = arguments.expect("the runner starts this, with its own arguments");
    let watch = Watch::start(&arguments);
    assert!(RUN.set((arguments, watch)).is_ok(), "it begins once");
    let (arguments, _) = RUN.get().expect("it was set");
    arguments
}

/// What each handler does about an event: next to nothing, unless the job is to take long.
///
/// # Panics
///
/// If [`begin`] was not called before.
pub async fn take(content: &str) {
    let (arguments, watch) = RUN.get().expect("it has begun");
    match arguments.job {
        Job::Block => thread::sleep(BLOCKED),
        Job::Wait => tokio::time::sleep(WAITED).await,
        Job::Count | Job::Time => {}
    }
    watch.take(content);
}
