//! What a test's bot logs, kept for the test to read.
//!
//! One subscriber listens to the whole program: `tracing` loses events of those that do not. What it
//! hears it keeps by thread, since a test runs on one with all its tasks.

use std::cell::RefCell;
use std::io;
use std::sync::Once;

use tracing_subscriber::fmt::format::FmtSpan;

thread_local! {
    static LOGGED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Listens from now on to everything up to a level, spans included.
pub(crate) fn listen(level: tracing::Level) {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_max_level(level)
            .with_span_events(FmtSpan::NEW)
            .with_writer(|| Log);
        subscriber.init();
    });
}

/// Returns what was logged on this thread so far.
pub(crate) fn logged() -> String {
    LOGGED.with_borrow(|logged| String::from_utf8(logged.clone()).expect("text"))
}

struct Log;

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOGGED.with_borrow_mut(|logged| logged.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
