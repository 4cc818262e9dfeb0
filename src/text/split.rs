//! Splitting a long text into messages.

use crate::text::fence::{FENCE, Fence, open_at};
use crate::text::grapheme::is_inside;

/// The most characters that a message may have. (Discord: Message, Create Message.)
///
/// Discord counts Unicode code points, as Rust's [`char`]s are: an emoji may be one or several, but never
/// half of one as in UTF-16.
pub const MESSAGE_LENGTH: usize = 2_000;

/// The smallest part in which code blocks are closed and opened again.
const LEAST_WITH_CODE: usize = 64;
/// How many characters it takes to close one, on a line of its own.
const CLOSING: usize = 1 + FENCE.len();

/// Splits a text into messages of at most [`MESSAGE_LENGTH`] characters each.
///
/// It splits at the ends of lines, else of sentences, else of words, and else between characters, but never
/// inside of what people see as one character. A code block that is split is closed, and opened again with
/// its language. Whitespace at the breaks is left out, and so are blank messages: a blank text has none.
/// Everything else is kept, in order.
///
/// # Examples
///
/// ```
/// use cordial::prelude::*;
/// use cordial::text;
///
/// #[listener]
/// async fn recites(ctx: &Context, _: &MessageCreate, poem: State<String>) -> Result<()> {
///     for part in text::split(&poem) {
///         ctx.reply(part).await?;
///     }
///     Ok(())
/// }
/// ```
#[must_use]
pub fn split(text: &str) -> Vec<String> {
    split_within(text, MESSAGE_LENGTH)
}

/// Splits a text as [`split`] does, into parts of at most so many characters.
///
/// Use it for other limits, such as the 4,096 characters of an embed's description.
///
/// Below 64 characters, code blocks are not closed and opened again. A limit of zero counts as one.
///
/// # Examples
///
/// ```
/// use cordial::text;
///
/// let parts = text::split_within("One. Two three.", 12);
///
/// assert_eq!(parts, ["One. Two", "three."]);
/// ```
#[must_use]
pub fn split_within(text: &str, most: usize) -> Vec<String> {
    parts(text, most).map(|part| part.to_text()).collect()
}

/// Splits a text.
fn parts(text: &str, most: usize) -> impl Iterator<Item = Part<'_>> {
    let mut splitter = Splitter {
        rest: text,
        open: None,
        most: most.max(1),
    };
    std::iter::from_fn(move || splitter.next())
}

/// A part of a text, and what is added to it.
struct Part<'a> {
    /// The code block that is opened again.
    opened: Option<Fence<'a>>,
    body: &'a str,
    /// Whether its last code block is closed, and goes on in the next part.
    is_closed: bool,
}

impl Part<'_> {
    fn to_text(&self) -> String {
        let mut text = self.opened.map_or(String::new(), |fence| fence.opening());
        text.push_str(self.body);
        if self.is_closed {
            text.push_str(if self.body.ends_with('\n') { "" } else { "\n" });
            text.push_str(FENCE);
        }
        text
    }
}

/// A text that is being split.
struct Splitter<'a> {
    rest: &'a str,
    /// The code block that is open here.
    open: Option<Fence<'a>>,
    most: usize,
}

impl<'a> Splitter<'a> {
    fn next(&mut self) -> Option<Part<'a>> {
        self.skip_blank_lines();
        let code = self.open.and(self.rest.trim_start().strip_prefix(FENCE));
        if let Some(rest) = code {
            // The block was closed with the part before.
            (self.open, self.rest) = (None, rest);
            self.skip_blank_lines();
        }
        let opened = self.open;
        let room = self.most - opened.map_or(0, |fence| fence.opening().chars().count());
        self.skip_blank(room);
        if self.rest.trim().is_empty() {
            return None;
        }
        let (end, open) = self.end(room);
        let (body, rest) = self.rest.split_at(end);
        self.rest = after_break(rest);
        let is_closed = open.is_some() && !rest.is_empty();
        self.open = open;
        Some(Part {
            opened,
            body,
            is_closed,
        })
    }

    /// Returns where the next part ends, and which code block is open there.
    fn end(&self, room: usize) -> (usize, Option<Fence<'a>>) {
        let end = cut(self.rest, 0, room);
        if self.most < LEAST_WITH_CODE || end == self.rest.len() {
            return (end, None);
        }
        let Some(fence) = open_at(self.rest, end, self.open) else {
            return (end, None);
        };
        let skipped = if self.begins_with(fence) {
            fence.code
        } else {
            0
        };
        let end = cut(self.rest, skipped, room - CLOSING);
        match open_at(self.rest, end, self.open) {
            Some(fence) if self.has_only_begun(fence, end) => {
                (self.rest[..fence.at].trim_end().len(), None)
            }
            open => (end, open),
        }
    }

    /// Returns whether a part begins with the beginning of a code block.
    fn begins_with(&self, fence: Fence<'_>) -> bool {
        self.open != Some(fence) && self.rest[..fence.at].trim().is_empty()
    }

    /// Returns whether a code block begins at the end of a part that has something else in it.
    fn has_only_begun(&self, fence: Fence<'_>, end: usize) -> bool {
        self.open != Some(fence)
            && self.rest[fence.code.min(end)..end].trim().is_empty()
            && !self.rest[..fence.at].trim().is_empty()
    }

    /// Skips blank lines. The indentation of a line stays: it may be code.
    fn skip_blank_lines(&mut self) {
        while let Some((line, rest)) = self.rest.split_once('\n')
            && line.trim().is_empty()
        {
            self.rest = rest;
        }
    }

    /// Skips the indentation of a line, if it is much of a part.
    fn skip_blank(&mut self, room: usize) {
        let text = self.rest.trim_start();
        let blank = &self.rest[..self.rest.len() - text.len()];
        if !blank.is_empty() && blank.chars().count() * 2 >= room {
            self.rest = text;
        }
    }
}

/// Returns where to split a text so that the first part has at most so many characters, and something after
/// its first `skipped` bytes.
fn cut(text: &str, skipped: usize, room: usize) -> usize {
    let place = |count| text.char_indices().nth(count).map(|(at, _)| at);
    let Some(end) = place(room) else {
        return text.len();
    };
    // A part should rather be half empty than split within a line.
    let half = place(room / 2).unwrap_or(0);
    let last = |from: usize, is_break: fn(&str, &str) -> bool| {
        let places = text[from..end].char_indices().map(|(at, _)| from + at);
        let mut places = places.chain([end]).rev();
        places.find(|at| {
            let (before, after) = text.split_at(*at);
            is_break(before, after)
                && before
                    .get(skipped..)
                    .is_some_and(|new| !new.trim().is_empty())
        })
    };
    last(half, ends_line)
        .or_else(|| last(half, ends_sentence))
        .or_else(|| last(0, ends_word))
        .or_else(|| last(0, |before, after| !is_inside(before, after)))
        .unwrap_or(end)
}

fn ends_line(_: &str, after: &str) -> bool {
    after.starts_with('\n') || after.starts_with("\r\n")
}

fn ends_sentence(before: &str, after: &str) -> bool {
    let is_ended = before.ends_with(['.', '!', '?', '…']) && ends_word(before, after);
    is_ended || before.ends_with(['。', '！', '？'])
}

fn ends_word(_: &str, after: &str) -> bool {
    after.starts_with(char::is_whitespace)
}

/// Skips the spaces after a word. After a line there are none.
fn after_break(rest: &str) -> &str {
    if ends_line("", rest) {
        return rest;
    }
    rest.trim_start_matches(|character: char| character.is_whitespace() && character != '\n')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn length(text: &str) -> usize {
        text.chars().count()
    }

    #[test]
    fn a_short_text_is_one_part_as_it_is() {
        assert_eq!(split("  Hello,\n world.\n"), ["  Hello,\n world.\n"]);
        assert_eq!(split(&"a".repeat(2_000)), ["a".repeat(2_000)]);
    }

    #[test]
    fn a_blank_text_has_no_parts() {
        for text in ["", " ", "\n\n \n", &" ".repeat(5_000), &"\n".repeat(5_000)] {
            assert_eq!(split(text), [""; 0], "{}", text.len());
        }
    }

    #[test]
    fn lines_are_better_breaks_than_sentences_and_those_than_words() {
        assert_eq!(
            split_within("One two. Three.\nFour", 17),
            ["One two. Three.", "Four"]
        );
        assert_eq!(
            split_within("Once. Two three four", 10),
            ["Once.", "Two three", "four"]
        );
        assert_eq!(split_within("one two three", 9), ["one two", "three"]);
        assert_eq!(
            split_within("こんにちは。お元気ですか", 7),
            ["こんにちは。", "お元気ですか"]
        );
    }

    #[test]
    fn a_text_without_any_break_is_parted_at_the_limit() {
        let parts = split(&"a".repeat(4_500));

        let lengths: Vec<_> = parts.iter().map(|part| length(part)).collect();
        assert_eq!(lengths, [2_000, 2_000, 500]);
    }

    #[test]
    fn ten_thousand_emoji_are_counted_as_discord_counts() {
        let parts = split(&"😀".repeat(10_000));

        assert_eq!(parts, vec!["😀".repeat(2_000); 5]);
    }

    #[test]
    fn what_people_see_as_one_is_not_parted() {
        let family = "👨‍👩‍👧‍👦";

        let parts = split(&family.repeat(1_000));

        for part in &parts {
            assert_eq!(length(part) % length(family), 0);
            assert!(length(part) > 1_990 || part == parts.last().expect("one"));
        }
        assert_eq!(parts.concat(), family.repeat(1_000));
    }

    #[test]
    fn one_character_of_many_marks_is_parted_where_it_must_be() {
        let parts = split(&format!("a{}", "\u{0301}".repeat(3_000)));

        assert_eq!(parts.iter().map(|part| length(part)).sum::<usize>(), 3_001);
        assert!(parts.iter().all(|part| length(part) <= MESSAGE_LENGTH));
    }

    #[test]
    fn code_is_closed_and_opened_again_with_its_language() {
        let line = "    let x = 1;\n";
        let text = format!("Look:\n```rust\n{}```\nThat was it.", line.repeat(200));

        let parts = split(&text);

        assert_eq!(parts.len(), 2);
        assert!(
            parts[0].starts_with("Look:\n```rust\n    let"),
            "{}",
            parts[0]
        );
        assert!(parts[0].ends_with("    let x = 1;\n```"), "{}", parts[0]);
        assert!(parts[1].starts_with("```rust\n    let"), "{}", parts[1]);
        assert!(parts[1].ends_with("1;\n```\nThat was it."), "{}", parts[1]);
    }

    #[test]
    fn a_block_that_ends_with_a_part_is_not_opened_again() {
        let text = format!("```\n{}\n```{}", "a".repeat(1_986), "b".repeat(50));

        let parts = split(&text);

        assert_eq!(parts.len(), 2, "{parts:?}");
        assert_eq!(parts[0], format!("```\n{}\n```", "a".repeat(1_986)));
        assert_eq!(parts[1], "b".repeat(50));
    }

    #[test]
    fn a_block_of_one_long_line_is_never_opened_for_nothing() {
        let text = format!("```\n{}\n```\nAfter.", "a".repeat(1_993));

        let parts = split(&text);

        assert_eq!(parts[0], format!("```\n{}\n```", "a".repeat(1_992)));
        assert_eq!(parts[1], "```\na\n```\nAfter.");
    }

    #[test]
    fn a_block_that_begins_at_the_end_of_a_part_begins_the_next() {
        let text = format!("{}\n```c\n{}\n```", "a".repeat(1_980), "b".repeat(300));

        let parts = split(&text);

        assert_eq!(parts[0], "a".repeat(1_980));
        assert_eq!(parts[1], format!("```c\n{}\n```", "b".repeat(300)));
    }

    #[test]
    fn code_that_is_never_closed_is_closed_where_it_is_parted() {
        let parts = split(&format!("```\n{}", "line\n".repeat(800)));

        let marks: Vec<_> = parts
            .iter()
            .map(|part| part.matches("```").count())
            .collect();
        assert_eq!(marks, [2, 2, 1]);
    }

    #[test]
    fn there_is_always_a_character_in_a_part() {
        assert_eq!(split_within("a b", 0), ["a", "b"]);
        assert_eq!(split_within("   a", 1), ["a"]);
    }

    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            8 => "[a-z]{1,12}[.!?]? ",
            3 => Just("\n".to_owned()),
            1 => Just("\r\n".to_owned()),
            2 => prop::sample::select(vec!["```", "```rust\n", "```\n", "`", "``", "\n```\n"])
                .prop_map(str::to_owned),
            2 => prop::sample::select(vec!["👨‍👩‍👧‍👦", "🇩🇪", "e\u{301}", "。", "\u{200D}"])
                .prop_map(str::to_owned),
            1 => " {1,90}",
            1 => "[a-z]{50,200}",
            1 => "\\PC{0,20}",
        ];
        prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
    }

    /// Returns what must be there: all but what is blank, and the marks of code, which are added and
    /// taken.
    fn essence(text: &str) -> String {
        let is_essential = |character: &char| !character.is_whitespace() && *character != '`';
        text.chars().filter(is_essential).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn every_part_is_within_the_limit_and_none_is_blank(text in text(), most in 1_usize..150) {
            for part in split_within(&text, most) {
                prop_assert!(length(&part) <= most, "{part:?}");
                prop_assert!(!part.trim().is_empty());
            }
        }

        #[test]
        fn the_parts_give_the_text_back(text in text(), most in 1_usize..150) {
            let bodies: String = parts(&text, most).map(|part| part.body).collect();

            prop_assert_eq!(essence(&bodies), essence(&text));
        }

        #[test]
        fn without_code_parts_are_only_pieces_of_the_text(text in text(), most in 1_usize..150) {
            let text = text.replace('`', "");
            let mut rest = text.as_str();
            for part in split_within(&text, most) {
                let at = rest.find(&part);
                prop_assert!(at.is_some_and(|at| rest[..at].trim().is_empty()), "{part:?}");
                rest = &rest[at.unwrap_or(0) + part.len()..];
            }
            prop_assert!(rest.trim().is_empty());
        }

        #[test]
        fn blocks_of_code_are_whole_in_every_part(
            lines in prop::collection::vec("[a-z ]{1,60}", 1..60),
            most in 100_usize..300,
        ) {
            let text = format!("Before.\n```rust\n{}\n```\nAfter.", lines.join("\n"));
            for part in split_within(&text, most) {
                prop_assert_eq!(part.matches("```").count() % 2, 0, "{}", part);
            }
        }
    }
}
