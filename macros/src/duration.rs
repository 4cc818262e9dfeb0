//! Durations as authors write them: `"500ms"`, `"30s"`, `"5m"`, `"1h"`, or `"none"`.

use syn::LitStr;

use crate::diagnostics::Mistakes;

/// How long something may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    Millis(u64),
    None,
}

/// Reads a duration, and notes if it is none.
pub(crate) fn read(text: &LitStr, mistakes: &mut Mistakes) -> Option<Limit> {
    let limit = parse(&text.value());
    if limit.is_none() {
        mistakes.at(
            text,
            "not a duration: write a number above 0 and a unit, such as \"500ms\", \"30s\", \"5m\" \
             or \"1h\", or \"none\" for no limit",
        );
    }
    limit
}

/// Reads a duration that has an end, in milliseconds, and notes if it is none.
pub(crate) fn read_time(text: &LitStr, mistakes: &mut Mistakes) -> Option<u64> {
    if let Some(Limit::Millis(millis)) = parse(&text.value()) {
        return Some(millis);
    }
    mistakes.at(
        text,
        "not a duration: write a number above 0 and a unit, such as \"500ms\", \"30s\", \"5m\" or \
         \"1h\"",
    );
    None
}

/// Reads a duration, if it is one.
pub(crate) fn parse(text: &str) -> Option<Limit> {
    let text = text.trim();
    if text == "none" {
        return Some(Limit::None);
    }
    let unit = text.find(|character: char| !character.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit);
    let millis = match unit.trim() {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    let millis = number.parse::<u64>().ok()?.checked_mul(millis)?;
    (millis > 0).then_some(Limit::Millis(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_units_are_times() {
        for (text, millis) in [
            ("500ms", 500),
            ("30s", 30_000),
            ("5 m", 300_000),
            ("1h", 3_600_000),
        ] {
            assert_eq!(parse(text), Some(Limit::Millis(millis)), "{text}");
        }
        assert_eq!(parse("none"), Some(Limit::None));
    }

    #[test]
    fn anything_else_is_not() {
        for text in [
            "",
            "30",
            "s",
            "0s",
            "-1s",
            "1.5s",
            "30 parsecs",
            "99999999999999999999h",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
