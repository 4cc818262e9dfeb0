//! Words of others, fit to be shown: on one line, without what steers a terminal, and not too long.

/// How much of a page is looked at.
const MOST_OF_PAGE: usize = 64 * 1024;

/// How much of a page is kept.
const MOST_OF_EXCERPT: usize = 200;

/// Writes a text on one line, in at most so many characters.
///
/// What steers a terminal, or the direction of reading, is written as its code.
pub(crate) fn shown(text: &str, most: usize) -> String {
    let words = text.split_whitespace().flat_map(|word| [" ", word]);
    let mut shown = String::new();
    for character in words.skip(1).flat_map(str::chars).take(most + 1) {
        if is_steering(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    if shown.chars().nth(most).is_some() {
        let end = shown.char_indices().nth(most - 1);
        shown.truncate(end.map_or(0, |(end, _)| end));
        shown.push('…');
    }
    shown
}

/// Returns whether a character does something other than being seen.
fn is_steering(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
        )
}

/// Returns what a page says: its title, or its text without tags.
pub(crate) fn excerpt(page: &[u8]) -> String {
    let page = String::from_utf8_lossy(&page[..page.len().min(MOST_OF_PAGE)]);
    let title = element(&page, "title").map(readable);
    let said = title
        .filter(|title| !title.is_empty())
        .unwrap_or_else(|| readable(&page));
    shown(&said, MOST_OF_EXCERPT)
}

/// Returns what is in the first element of a name.
fn element<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let opened = tag(page, 0, name)?;
    let start = opened + page[opened..].find('>')? + 1;
    let end = tag(page, start, &format!("/{name}"))?;
    Some(&page[start..end])
}

/// Finds where a tag begins, from some place on.
fn tag(page: &str, from: usize, name: &str) -> Option<usize> {
    let mut tags = page[from..].match_indices('<');
    let begins = |at: usize| {
        let rest = &page.as_bytes()[from + at + 1..];
        let is_named = rest
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()));
        is_named && !rest.get(name.len()).is_some_and(u8::is_ascii_alphanumeric)
    };
    tags.find(|(at, _)| begins(*at)).map(|(at, _)| from + at)
}

/// Returns a text without tags, comments, scripts and styles.
fn readable(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        text.push_str(before);
        rest = after_tag(tag).unwrap_or_else(|| {
            text.push('<');
            &tag[1..]
        });
        text.push(' ');
    }
    text.push_str(rest);
    without_entities(&text)
}

/// Returns what comes after a tag, and after what is not for people; nothing if it is no tag.
fn after_tag(page: &str) -> Option<&str> {
    for (start, end) in [
        ("<!--", "-->"),
        ("<script", "</script"),
        ("<style", "</style"),
    ] {
        let begins = page
            .get(..start.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(start));
        if begins {
            let name = end.trim_start_matches('<');
            let found = match start {
                "<!--" => page.find(end),
                _ => tag(page, start.len(), name),
            };
            return Some(found.map_or("", |end| past(&page[end..])));
        }
    }
    let next = page[1..].chars().next()?;
    (next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?')).then(|| past(page))
}

/// Returns what comes after the next end of a tag.
fn past(page: &str) -> &str {
    page.split_once('>').map_or("", |(_, rest)| rest)
}

/// Writes the commonest characters that pages write by name.
fn without_entities(text: &str) -> String {
    let names = [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    let replace = |text: String, (name, character): (&str, &str)| text.replace(name, character);
    names.into_iter().fold(text.to_owned(), replace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_written_as_its_code() {
        for (text, expected) in [
            ("a\r\n  b\tc", "a b c"),
            ("\x1b[31mred", "\\u{1b}[31mred"),
            ("\u{202e}txt", "\\u{202e}txt"),
            ("\0", "\\u{0}"),
            ("  ", ""),
        ] {
            assert_eq!(shown(text, 200), expected);
        }
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters() {
        assert_eq!(shown("äöü", 3), "äöü");
        assert_eq!(shown("äöüß", 3), "äö…");
        assert_eq!(shown(&"\0".repeat(500), 200).chars().count(), 200);
        assert_eq!(excerpt("ü".repeat(200_000).as_bytes()).chars().count(), 200);
    }

    #[test]
    fn of_a_page_its_title_is_kept_or_its_text() {
        for (page, expected) in [
            (
                "<html><head><TITLE lang=en>\n 502 Bad\nGateway </TITLE></head>..",
                "502 Bad Gateway",
            ),
            ("<titles>no</titles>", "no"),
            (
                "<title></title><h1>Sorry &amp; goodbye</h1>",
                "Sorry & goodbye",
            ),
            (
                "<script>if (a<b) {}</script><STYLE>x{}</STYLE><!-- <b> --><p>down",
                "down",
            ),
            ("error code: 1015", "error code: 1015"),
            ("1 < 2 <3", "1 < 2 < 3"),
            ("<p unclosed", ""),
            ("<!-- unclosed", ""),
            ("<script>unclosed", ""),
            ("<", "<"),
            ("", ""),
        ] {
            assert_eq!(excerpt(page.as_bytes()), expected, "{page}");
        }
        assert_eq!(excerpt(b"\xff\xfe<b>bad</b>"), "\u{fffd}\u{fffd} bad");
    }
}
