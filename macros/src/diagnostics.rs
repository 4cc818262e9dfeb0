//! Mistakes, collected: an author who made three is told of three.

use proc_macro2::Span;
use quote::ToTokens;

use crate::paths::Cordial;

/// The mistakes found so far.
#[derive(Default)]
pub(crate) struct Mistakes(Option<syn::Error>);

impl Mistakes {
    /// Notes a mistake, to be shown at some tokens of the author's.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.add(syn::Error::new_spanned(tokens, message));
    }

    /// Notes a mistake, to be shown at a place.
    pub(crate) fn at_span(&mut self, span: Span, message: impl std::fmt::Display) {
        self.add(syn::Error::new(span, message));
    }

    /// Notes a mistake.
    pub(crate) fn add(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            none => *none = Some(error),
        }
    }

    /// Returns what was read if there were no mistakes, or all of them.
    pub(crate) fn finish<T>(self, cordial: Cordial, read: Option<T>) -> Result<T, Refused> {
        let mistakes = match (self.0, read) {
            (None, Some(read)) => return Ok(read),
            (Some(mistakes), _) => mistakes,
            (None, None) => syn::Error::new(Span::call_site(), "nothing to expand"),
        };
        Err(Refused { mistakes, cordial })
    }
}

/// Why nothing is expanded, with what the stub in its place needs.
pub(crate) struct Refused {
    pub(crate) mistakes: syn::Error,
    pub(crate) cordial: Cordial,
}

/// Lists names for a message: `` `a`, `b` and `c` ``.
pub(crate) fn list(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Finds the name that an author probably meant: one that is two letters away at most, and has a
/// letter in common with what is written.
pub(crate) fn nearest<'a>(written: &str, names: &[&'a str]) -> Option<&'a str> {
    let nearest = names.iter().min_by_key(|name| distance(written, name))?;
    let most = written.chars().count().saturating_sub(1).min(2);
    (distance(written, nearest) <= most).then_some(*nearest)
}

/// Counts the letters to be added, removed or changed between two words (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.chars().enumerate() {
            let changed = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_understood_and_another_word_is_not() {
        let known = ["name", "timeout", "on_error"];

        assert_eq!(nearest("timout", &known), Some("timeout"));
        assert_eq!(nearest("onerror", &known), Some("on_error"));
        assert_eq!(nearest("priority", &known), None);
        assert_eq!(nearest("xx", &["de", "fr"]), None);
    }
}
