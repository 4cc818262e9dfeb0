//! What the system does to a bot. Each runs in a process of its own, which is told to stop, left without what
//! it needs, or held up. The numbers are those of `docs/reliability.md`.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot do its work fails")]

mod bot;
mod lack;
mod process;
mod stop;
mod surroundings;

/// Runs a bot, if it is told to: the tests start this process again.
#[test]
fn a_bot_in_a_process_of_its_own() {
    if std::env::var_os(bot::GATEWAY).is_some() {
        bot::run();
    }
}
