//! What people read: names, descriptions, and both in other languages.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta};

use crate::args::{Args, Translation};
use crate::diagnostics::{Mistakes, nearest};

/// How long the name of a command or an option may be, and the description of one.
const NAME: usize = 32;
pub(crate) const DESCRIPTION: usize = 100;

/// The first paragraph of a doc comment.
#[derive(Clone)]
pub(crate) struct Documentation {
    pub(crate) text: String,
    pub(crate) span: Span,
}

impl Documentation {
    /// Reads the first paragraph of a doc comment, if there is one.
    pub(crate) fn read(attributes: &[Attribute], mistakes: &mut Mistakes) -> Option<Self> {
        let mut span = None;
        let mut lines: Vec<String> = Vec::new();
        for attribute in attributes.iter().filter(|said| said.path().is_ident("doc")) {
            let Meta::NameValue(doc) = &attribute.meta else {
                continue;
            };
            span = span.or(Some(attribute.span()));
            match &doc.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }) => lines.extend(lines_of(&text.value())),
                other => mistakes.at(other, "a description must be literal text: write `/// ..`"),
            }
        }
        let paragraph = lines
            .into_iter()
            .skip_while(String::is_empty)
            .take_while(|line| !line.is_empty());
        Some(Self {
            text: paragraph.collect::<Vec<_>>().join(" "),
            span: span?,
        })
    }

    /// Notes what Discord would not take of a description, a title or a label.
    pub(crate) fn check(&self, what: &str, most: usize, mistakes: &mut Mistakes) {
        let count = self.text.chars().count();
        if count == 0 {
            let message =
                format!("{what} cannot be empty, because people see it: write what it is about");
            mistakes.at_span(self.span, message);
        } else if count > most {
            let message = format!(
                "{what} has at most {most} characters, and this one has {count}: shorten it, and \
                 put anything else after an empty line"
            );
            mistakes.at_span(self.span, message);
        }
    }
}

/// Returns the lines of a doc comment. In a block, each may begin with a `*` that is not meant.
fn lines_of(text: &str) -> Vec<String> {
    // An empty comment is one empty line: it parts paragraphs.
    let lines: Vec<_> = text.split('\n').map(str::trim).collect();
    let mut inner = lines.iter().skip(1).filter(|line| !line.is_empty());
    let is_starred = lines.len() > 1 && inner.all(|line| line.starts_with('*'));
    let unstarred = |line: &&str| {
        let line = line
            .strip_prefix('*')
            .filter(|_| is_starred)
            .unwrap_or(line);
        line.trim_start().to_owned()
    };
    lines.iter().map(unstarred).collect()
}

/// Notes what Discord would not take of the name of a slash command or an option.
pub(crate) fn check_name(name: &str, span: Span, mistakes: &mut Mistakes) {
    let count = name.chars().count();
    if !(1..=NAME).contains(&count) {
        let message = format!("a name has 1 to {NAME} characters, and `{name}` has {count}");
        mistakes.at_span(span, message);
    } else if name.contains(char::is_whitespace) {
        let words: Vec<_> = name.split_whitespace().collect();
        let message = format!(
            "a name cannot contain spaces: write `{}`",
            words.join("-").to_lowercase()
        );
        mistakes.at_span(span, message);
    } else if !name.chars().all(is_of_names) {
        let message = format!(
            "a name can contain only letters, digits, `-`, `_` and `'`, and `{name}` contains \
             something else"
        );
        mistakes.at_span(span, message);
    } else if name.to_lowercase() != name {
        let message = format!(
            "a name must be in lower case, and `{name}` is not: write `{}`",
            name.to_lowercase()
        );
        mistakes.at_span(span, message);
    }
}

/// Returns whether a character may be in a name. All of the Devanagari and Thai scripts may: their
/// vowel signs are no letters by themselves.
fn is_of_names(letter: char) -> bool {
    let has_signs = matches!(letter, '\u{900}'..='\u{97f}' | '\u{e00}'..='\u{e7f}');
    has_signs || letter.is_alphanumeric() || "-_'".contains(letter)
}

/// Notes a text that is too long, or empty.
pub(crate) fn check_text(text: &LitStr, what: &str, most: usize, mistakes: &mut Mistakes) {
    let count = text.value().chars().count();
    if text.value().trim().is_empty() || count > most {
        let message = format!("{what} has 1 to {most} characters, and this one has {count}");
        mistakes.at(text, message);
    }
}

/// The languages that Discord knows. (Discord: Reference, Locales.)
const LOCALES: &[&str] = &[
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl",
    "no", "pl", "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th",
    "zh-CN", "ja", "zh-TW", "ko",
];

/// What something is called and described as in other languages.
#[derive(Default)]
pub(crate) struct Translations {
    pub(crate) names: Vec<Translation>,
    pub(crate) descriptions: Vec<Translation>,
}

impl Translations {
    /// Takes them out of the options of an attribute; `is_title` says that a name may be any text.
    pub(crate) fn take(args: &mut Args, is_title: bool, mistakes: &mut Mistakes) -> Self {
        let read = Self {
            names: args.take_translations("names", mistakes),
            descriptions: args.take_translations("descriptions", mistakes),
        };
        read.check(is_title, mistakes);
        read
    }

    /// Takes names out that may be any text of some length.
    pub(crate) fn take_titles(args: &mut Args, most: usize, mistakes: &mut Mistakes) -> Self {
        let names = args.take_translations("names", mistakes);
        for Translation { locale, text } in &names {
            check_locale(locale, mistakes);
            check_text(text, "a name", most, mistakes);
        }
        Self {
            names,
            descriptions: Vec::new(),
        }
    }

    fn check(&self, is_title: bool, mistakes: &mut Mistakes) {
        for Translation { locale, text } in &self.names {
            check_locale(locale, mistakes);
            if is_title {
                check_text(text, "a name", NAME, mistakes);
            } else {
                check_name(&text.value(), text.span(), mistakes);
            }
        }
        for Translation { locale, text } in &self.descriptions {
            check_locale(locale, mistakes);
            check_text(text, "a description", DESCRIPTION, mistakes);
        }
    }

    /// Writes the calls that add them to a builder.
    pub(crate) fn calls(&self) -> TokenStream {
        let names = self.names.iter();
        let names = names.map(|Translation { locale, text }| quote!(.name_in(#locale, #text)));
        let texts = self.descriptions.iter();
        let texts =
            texts.map(|Translation { locale, text }| quote!(.description_in(#locale, #text)));
        quote!(#(#names)* #(#texts)*)
    }
}

fn check_locale(locale: &LitStr, mistakes: &mut Mistakes) {
    let written = locale.value();
    if LOCALES.contains(&written.as_str()) {
        return;
    }
    let hint = match nearest(&written, LOCALES) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("the languages are {}", LOCALES.join(", ")),
    };
    let message = format!("Discord does not know the language `{written}`: {hint}");
    mistakes.at(locale, message);
}

#[cfg(test)]
mod tests {
    use syn::ItemFn;
    use syn::parse_quote;

    use super::*;
    use crate::paths::Cordial;

    fn read(function: &ItemFn) -> Option<String> {
        let mut mistakes = Mistakes::default();
        Documentation::read(&function.attrs, &mut mistakes).map(|read| read.text)
    }

    fn is_name(name: &str) -> bool {
        let mut mistakes = Mistakes::default();
        check_name(name, Span::call_site(), &mut mistakes);
        mistakes.finish(Cordial::new(None), Some(())).is_ok()
    }

    #[test]
    fn the_first_paragraph_is_the_description() {
        let function = parse_quote! {
            ///
            /// Roll a die,
            ///   or two.
            ///
            /// What follows is for those who read the source.
            async fn roll() {}
        };

        assert_eq!(read(&function).as_deref(), Some("Roll a die, or two."));
    }

    #[test]
    fn a_comment_in_one_block_is_read_by_its_lines() {
        let function = parse_quote! {
            /** Roll a die,
                or two.

                And so on. */
            async fn roll() {}
        };

        assert_eq!(read(&function).as_deref(), Some("Roll a die, or two."));
    }

    #[test]
    fn the_stars_of_a_block_are_not_read() {
        let function = parse_quote! {
            /** Roll a die,
             * or two.
             *
             * And so on.
             */
            async fn roll() {}
        };

        assert_eq!(read(&function).as_deref(), Some("Roll a die, or two."));
    }

    #[test]
    fn no_comment_is_no_description_and_an_empty_one_is_empty() {
        let bare = parse_quote!(
            async fn roll() {}
        );
        let empty = parse_quote! {
            ///
            async fn roll() {}
        };

        assert_eq!(read(&bare), None);
        assert_eq!(read(&empty).as_deref(), Some(""));
    }

    #[test]
    fn a_name_is_what_discord_takes_for_one() {
        for name in [
            "roll",
            "roll-two",
            "roll_2",
            "würfel",
            "d'or",
            "주사위",
            "เล่น",
            "पासा",
        ] {
            assert!(is_name(name), "{name}");
        }
        for name in [
            "",
            "Roll",
            "ROLL",
            "roll two",
            "roll!",
            "/roll",
            "Würfel",
            &"x".repeat(33),
        ] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn languages_are_those_that_discord_knows() {
        for (locale, is_known) in [
            ("de", true),
            ("pt-BR", true),
            ("en", false),
            ("de-DE", false),
        ] {
            let mut mistakes = Mistakes::default();

            check_locale(&LitStr::new(locale, Span::call_site()), &mut mistakes);

            let is_accepted = mistakes.finish(Cordial::new(None), Some(())).is_ok();
            assert_eq!(is_accepted, is_known, "{locale}");
        }
    }
}
