//! Time: the current time, and durations as people write them.

use std::time::{Duration, UNIX_EPOCH};

use cordial::prelude::*;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const WEEK: u64 = 7 * DAY;

/// The longest that people can ask for.
const MOST: u64 = 366 * DAY;

/// Returns the current time in seconds since 1970, as the database stores it.
pub(crate) fn now(ctx: &Context) -> i64 {
    let since = ctx.now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_secs().cast_signed()
}

/// A duration, as people write it: `90s`, `2h`, `1d 12h`, `3 weeks`. From a second to a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span(Duration);

impl Span {
    /// Returns when the duration ends if it begins now, in seconds since 1970.
    pub(crate) fn ends_at(self, ctx: &Context) -> i64 {
        now(ctx) + self.0.as_secs().cast_signed()
    }

    fn read(text: &str) -> Result<Self, BadSpan> {
        let mut rest = text.trim();
        let mut seconds = 0_u64;
        while !rest.is_empty() {
            let (number, after) = take(rest, |c| c.is_ascii_digit());
            let (unit, after) = take(after.trim_start(), char::is_alphabetic);
            let number: u64 = number.parse().map_err(|_| BadSpan::Unreadable)?;
            let unit = seconds_of(unit).ok_or(BadSpan::Unreadable)?;
            let added = number.checked_mul(unit).ok_or(BadSpan::TooLong)?;
            seconds = seconds.checked_add(added).ok_or(BadSpan::TooLong)?;
            rest = after.trim_start_matches([' ', ',']);
        }
        match seconds {
            0 if text.trim().is_empty() => Err(BadSpan::Unreadable),
            0 => Err(BadSpan::Nothing),
            1..=MOST => Ok(Self(Duration::from_secs(seconds))),
            _ => Err(BadSpan::TooLong),
        }
    }
}

impl FromOption for Span {
    type Value = String;
    type Error = BadSpan;

    async fn from_option(text: String, _: &InteractionContext) -> Result<Self, BadSpan> {
        Self::read(&text)
    }
}

/// Splits off the leading characters of some kind, and returns them with the rest.
fn take(text: &str, is: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !is(c)).unwrap_or(text.len());
    text.split_at(end)
}

fn seconds_of(unit: &str) -> Option<u64> {
    match unit {
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(MINUTE),
        "h" | "hour" | "hours" => Some(HOUR),
        "d" | "day" | "days" => Some(DAY),
        "w" | "week" | "weeks" => Some(WEEK),
        _ => None,
    }
}

/// Why a text is not a valid duration.
#[derive(Debug, PartialEq, Eq, thiserror::Error, Exception)]
#[facet(dyn UserFacing)]
pub(crate) enum BadSpan {
    #[error("the text is no span of time")]
    Unreadable,
    #[error("the span of time is empty")]
    Nothing,
    #[error("the span of time is too long")]
    TooLong,
}

impl UserFacing for BadSpan {
    fn text(&self) -> String {
        match self {
            Self::Unreadable => {
                "I do not understand that time. Write it as `90s`, `2h` or `1d 12h`."
            }
            Self::Nothing => "That time is over already: it has to be a second at least.",
            Self::TooLong => "That is too long for me: a year is the most.",
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Result<u64, BadSpan> {
        Span::read(text).map(|span| span.0.as_secs())
    }

    #[test]
    fn spans_are_read_as_people_write_them() {
        for (text, expected) in [
            ("90s", 90),
            ("2h", 2 * HOUR),
            (" 1d 12h ", DAY + 12 * HOUR),
            ("1h30m", HOUR + 30 * MINUTE),
            ("3 weeks, 1 day", 3 * WEEK + DAY),
            ("366d", MOST),
        ] {
            assert_eq!(seconds(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_span_is_refused() {
        for text in [
            "",
            " ",
            "soon",
            "2",
            "h",
            "2x",
            "-2h",
            "2h tomorrow",
            "1.5h",
            "२h",
        ] {
            assert_eq!(seconds(text), Err(BadSpan::Unreadable), "{text}");
        }
        assert_eq!(seconds("0s"), Err(BadSpan::Nothing));
        for text in ["367d", "99999999999999999w", "18446744073709551615s 1s"] {
            assert_eq!(seconds(text), Err(BadSpan::TooLong), "{text}");
        }
    }
}
