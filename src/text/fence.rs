//! Code blocks in a text, and where one is open.

/// What begins a block of code, and ends it.
pub(crate) const FENCE: &str = "```";
/// The most characters that the name of a language has.
const LONGEST_LANGUAGE: usize = 20;

/// An open code block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fence<'a> {
    /// Its language, or nothing.
    pub(crate) language: &'a str,
    /// Where it began in the text that was searched, and where its code did.
    pub(crate) at: usize,
    pub(crate) code: usize,
}

impl Fence<'_> {
    /// Returns the text that opens it again.
    pub(crate) fn opening(&self) -> String {
        format!("{FENCE}{}\n", self.language)
    }
}

/// Returns the code block that is open at a place in a text; `open` is the one at its beginning.
pub(crate) fn open_at<'a>(
    text: &'a str,
    place: usize,
    open: Option<Fence<'a>>,
) -> Option<Fence<'a>> {
    let mut open = open;
    let mut from = 0;
    while let Some(found) = text[from..place].find(FENCE) {
        let at = from + found;
        let after = at + FENCE.len();
        open = if open.is_some() {
            None
        } else {
            let language = language(&text[after..]);
            Some(Fence {
                language,
                at,
                code: after + language.len(),
            })
        };
        from = after;
    }
    open
}

/// Reads the language of a code block, which stands alone on the first line.
fn language(text: &str) -> &str {
    let Some((line, _)) = text.split_once('\n') else {
        return "";
    };
    let is_named = |byte: u8| byte.is_ascii_alphanumeric() || b"+-_.#".contains(&byte);
    if line.len() <= LONGEST_LANGUAGE && line.bytes().all(is_named) {
        line
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_open_until_it_ends() {
        let text = "a ```rust\nlet b;\n``` c ```d``` ```";
        let open = |place| open_at(text, place, None).map(|fence| fence.language);

        assert_eq!(open(2), None);
        assert_eq!(open(12), Some("rust"));
        assert_eq!(open(22), None);
        assert_eq!(open(27), Some(""));
        assert_eq!(open(text.len()), Some(""));
    }

    #[test]
    fn only_a_name_is_a_language() {
        assert_eq!(language("c++\nx"), "c++");
        assert_eq!(language("let x = 1;\nx"), "");
        assert_eq!(language("rust"), "");
        assert_eq!(language(&format!("{}\nx", "a".repeat(21))), "");
    }
}
