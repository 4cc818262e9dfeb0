//! What happens to a failure that no error handler handled.

use std::io::Write;

use crate::answer::Reply;
use crate::error::flood::Shown;
use crate::exception::UserFacing;
use crate::failure::{Background, Failure};
use crate::handler::logged;
use crate::outcome::Report;

/// What a bot does about a failure that no error handler handled, after logging it.
///
/// An error that is [`UserFacing`] and whose text somebody was shown in answer to their interaction is a
/// refusal, no fault of the bot. It is logged in one line, at the level `info`, and the bot goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unhandled {
    /// The bot goes on.
    #[default]
    Log,
    /// The bot stops, and [`run`](crate::bot::Bot::run) returns the failure.
    Shutdown,
}

/// Logs a failure that nobody handled, once, with who was asked and what each said.
///
/// A program that has not set up `tracing` would never hear of it, so then it goes to standard
/// error, unless there is somebody else to show it.
pub(crate) fn log(report: &Report, shown: Shown, is_shown_elsewhere: bool) {
    if tracing::dispatcher::has_been_set() {
        let failure = &report.failure;
        logged(|| {
            tracing::error!(
                handler = %report.handler,
                attempt = report.attempt,
                id = %failure.id(),
                code = failure.code(),
                "{}",
                escaped(&format!("{report}{}{shown}", Background(failure))),
            );
        });
        return;
    }
    if is_shown_elsewhere {
        return;
    }
    // Standard error may be closed: that is no reason to fail while reporting a failure.
    let text = escaped(&format!("{report}{}{shown}", Background(&report.failure)));
    drop(writeln!(std::io::stderr(), "{text}"));
}

/// Logs a failure that nobody handled, whose text was for the person who caused it.
pub(crate) fn log_told(report: &Report) {
    let failure = &report.failure;
    logged(|| {
        tracing::info!(
            handler = %report.handler,
            id = %failure.id(),
            code = failure.code(),
            "refused: {}",
            escaped(&failure.error().to_string()),
        );
    });
}

/// Logs a failure that was dealt with, with the same report, for whoever looks closely.
pub(crate) fn log_settled(report: &Report) {
    if tracing::enabled!(tracing::Level::DEBUG) {
        logged(|| {
            tracing::debug!(
                handler = %report.handler,
                attempt = report.attempt,
                id = %report.failure.id(),
                code = report.failure.code(),
                "{}",
                escaped(&report.to_string()),
            );
        });
    }
}

/// Says what to tell somebody whose interaction failed, which nobody handled: what the error has to
/// say to people, or an apology with the id that the log carries.
pub(crate) fn apology(failure: &Failure) -> Reply {
    let text = match failure.facet::<dyn UserFacing>() {
        Some(error) => error.text(),
        None => format!(
            "Something went wrong. The error number is {}.",
            failure.id()
        ),
    };
    Reply::new(text).ephemeral()
}

/// Makes text harmless that may hold what people wrote: it must not steer a terminal, turn the direction of
/// what is read, or begin a line that looks like one of the log's own. So all lines but the first are indented.
fn escaped(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            clean.push_str(if line.starts_with("  ") { "\n" } else { "\n  " });
        }
        for character in line.chars() {
            if character.is_control() || turns_direction(character) {
                clean.extend(character.escape_default());
            } else {
                clean.push(character);
            }
        }
    }
    clean
}

/// (Unicode: Bidirectional Algorithm, Explicit Directional Formatting Characters.)
fn turns_direction(character: char) -> bool {
    matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}
