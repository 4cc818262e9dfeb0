//! Discord's markdown in a text: shown as it is written, or removed. (Discord's help centre: Markdown Text
//! 101.)

/// What to do with markdown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Markdown {
    /// It formats the text.
    #[default]
    Kept,
    /// It is shown as it is written.
    Escaped,
    /// It is removed.
    Removed,
}

/// Characters that format text wherever they stand.
const ANYWHERE: &[char] = &['\\', '*', '_', '~', '|', '`'];
/// Characters that format a line that begins with them.
const AT_LINE_START: &[char] = &['>', '#', '-', '+'];
/// Characters that are escaped besides, because they turn a text into a link.
const OF_LINK: &[char] = &['[', ']'];

impl Markdown {
    /// Appends a piece of a text.
    pub(crate) fn add(self, piece: &str, text: &mut String) {
        if self == Self::Kept {
            text.push_str(piece);
            return;
        }
        let mut rest = piece;
        while let Some(character) = rest.chars().next() {
            let link = url(rest);
            if !link.is_empty() {
                text.push_str(link);
                rest = &rest[link.len()..];
                continue;
            }
            self.add_character(character, text);
            rest = &rest[character.len_utf8()..];
        }
    }

    fn add_character(self, character: char, text: &mut String) {
        let line = text.rsplit('\n').next().unwrap_or_default();
        let begins = line.trim_start().is_empty() && AT_LINE_START.contains(&character);
        let formats = begins || ANYWHERE.contains(&character);
        match self {
            Self::Removed if formats => {}
            Self::Escaped if formats || OF_LINK.contains(&character) => {
                text.push('\\');
                text.push(character);
            }
            _ => text.push(character),
        }
    }
}

/// Returns the URL that a text begins with, or nothing: markdown does not apply inside of it.
fn url(text: &str) -> &str {
    if !text.starts_with("https://") && !text.starts_with("http://") {
        return "";
    }
    let end = text.find(|character: char| character.is_whitespace() || "<>|".contains(character));
    &text[..end.unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(markdown: Markdown, piece: &str) -> String {
        let mut text = String::new();
        markdown.add(piece, &mut text);
        text
    }

    #[test]
    fn what_formats_is_shown_as_written() {
        let escaped = with(Markdown::Escaped, "**a** `b` ||c|| [d](e)\n# f\n> g #h - i");

        assert_eq!(
            escaped,
            "\\*\\*a\\*\\* \\`b\\` \\|\\|c\\|\\| \\[d\\](e)\n\\# f\n\\> g #h - i"
        );
    }

    #[test]
    fn what_formats_is_taken_out() {
        let removed = with(Markdown::Removed, "**a** `b` ~~c~~\n> d_e_ > f");

        assert_eq!(removed, "a b c\n de > f");
    }

    #[test]
    fn addresses_stay_as_they_are() {
        let text = "see https://example.org/a_b*c and *d*";

        assert_eq!(with(Markdown::Kept, text), text);
        assert_eq!(
            with(Markdown::Escaped, text),
            "see https://example.org/a_b*c and \\*d\\*"
        );
        assert_eq!(
            with(Markdown::Removed, text),
            "see https://example.org/a_b*c and d"
        );
    }
}
