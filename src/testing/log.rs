//! What a bot logs, for a test to read.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::OnceLock;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

/// What is to be shown besides.
const VARIABLE: &str = "CORDIAL_LOG";

thread_local! {
    static KEPT: RefCell<Kept> = const { RefCell::new(Kept { level: None, text: Vec::new() }) };
}

/// What was logged on a thread, as far as a test wants it.
struct Kept {
    level: Option<Level>,
    text: Vec<u8>,
}

/// What is logged on the thread of a test, which runs there with all its bot's tasks unless its
/// runtime has several.
///
/// Whatever tests keep, the environment variable `CORDIAL_LOG` shows: with a level in it, such as
/// `debug`, all that bots on a simulator log goes to the standard error stream. (By `tracing`; a
/// subscriber of the program's own is left in its place, and hears all of it instead.)
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
    /// Keeps what is logged on this thread from now on, up to a level, spans included.
    ///
    /// # Panics
    ///
    /// Panics if the program has a subscriber of its own: it would hear everything instead.
    #[must_use]
    pub fn listen(level: Level) -> Self {
        assert!(
            is_ours(),
            "there is another subscriber of `tracing`, so nothing can be kept"
        );
        KEPT.with_borrow_mut(|kept| {
            kept.level = Some(level);
            kept.text.clear();
        });
        Self(())
    }

    /// Returns what was logged on this thread since.
    #[must_use]
    pub fn text(&self) -> String {
        KEPT.with_borrow(|kept| String::from_utf8_lossy(&kept.text).into_owned())
    }
}

/// Shows what bots log, if that is wanted.
pub(crate) fn show() {
    if shown().is_some() {
        is_ours();
    }
}

/// Returns up to which level everything is shown.
fn shown() -> Option<Level> {
    static LEVEL: OnceLock<Option<Level>> = OnceLock::new();
    *LEVEL.get_or_init(|| std::env::var(VARIABLE).ok()?.parse().ok())
}

/// Listens to the whole program, once: `tracing` loses events of those that do not. Returns whether it
/// is this that listens.
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

/// Writes what is wanted where it is wanted.
struct Both;

/// Where one line is wanted.
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
