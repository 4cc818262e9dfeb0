//! The bot's log, for a test to read.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::OnceLock;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

/// The variable with the level to show.
const VARIABLE: &str = "CORDIAL_LOG";

thread_local! {
    static KEPT: RefCell<Kept> = const { RefCell::new(Kept { level: None, text: Vec::new() }) };
}

/// The log of a thread, up to the level that a test wants.
struct Kept {
    level: Option<Level>,
    text: Vec<u8>,
}

/// The log of the test's thread, where all tasks of its bot run unless its runtime has several threads.
///
/// Independently of this, the environment variable `CORDIAL_LOG` shows logs: set it to a level, such as
/// `debug`, and all that bots on a simulator log goes to standard error. This uses `tracing`; if the
/// program has a subscriber of its own, that one stays in place and receives all of it instead.
///
/// # Examples
///
/// ```
/// use cordial::testing::{Log, Simulator};
/// use cordial::prelude::*;
///
/// #[listener]
/// async fn notes(_: &Context, joined: &MemberAdd) {
///     tracing::info!(name = joined.user.name, "somebody joined");
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let log = Log::listen(tracing::Level::INFO);
/// let sim = Simulator::start(Bot::builder().add(handlers![notes])).await;
///
/// sim.join("alice").await;
///
/// assert!(log.text().contains("somebody joined"));
/// # }
/// ```
#[derive(Debug)]
pub struct Log(());

impl Log {
    /// Keeps what is logged on this thread from now on, up to a level, including spans.
    ///
    /// # Panics
    ///
    /// Panics if the program has a subscriber of its own, which would receive everything instead.
    #[must_use]
    pub fn listen(level: Level) -> Self {
        assert!(
            is_ours(),
            "the program has set a `tracing` subscriber of its own, so the log cannot be kept"
        );
        KEPT.with_borrow_mut(|kept| {
            kept.level = Some(level);
            kept.text.clear();
        });
        Self(())
    }

    /// Returns what has been logged on this thread since.
    #[must_use]
    pub fn text(&self) -> String {
        KEPT.with_borrow(|kept| String::from_utf8_lossy(&kept.text).into_owned())
    }
}

/// Shows what bots log, if wanted.
pub(crate) fn show() {
    if shown().is_some() {
        is_ours();
    }
}

/// Returns the level up to which to show logs.
fn shown() -> Option<Level> {
    static LEVEL: OnceLock<Option<Level>> = OnceLock::new();
    *LEVEL.get_or_init(|| std::env::var(VARIABLE).ok()?.parse().ok())
}

/// Installs our subscriber for the whole program, once: `tracing` loses events of threads that have
/// none. Returns whether ours is installed.
fn is_ours() -> bool {
    static OURS: OnceLock<bool> = OnceLock::new();
    *OURS.get_or_init(|| {
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_max_level(Level::TRACE)
            .with_span_events(FmtSpan::NEW)
            .with_writer(Both);
        tracing::subscriber::set_global_default(subscriber.finish()).is_ok()
    })
}

/// The subscriber, which writes to both destinations.
struct Both;

/// The destinations of one line.
struct Line {
    is_kept: bool,
    is_shown: bool,
}

impl<'a> MakeWriter<'a> for Both {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line {
            is_kept: false,
            is_shown: shown().is_some(),
        }
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Line {
        let is_wanted = |level: Option<Level>| level.is_some_and(|level| *meta.level() <= level);
        Line {
            // A thread that ends keeps nothing.
            is_kept: is_wanted(KEPT.try_with(|kept| kept.borrow().level).ok().flatten()),
            is_shown: is_wanted(shown()),
        }
    }
}

impl Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.is_kept {
            KEPT.with_borrow_mut(|kept| kept.text.extend_from_slice(line));
        }
        if self.is_shown {
            io::stderr().write_all(line)?;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
