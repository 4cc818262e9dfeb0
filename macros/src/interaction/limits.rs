//! How often something may be used: `"3 per 10s per user"`, `"1 per guild"`.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Ident, LitStr};

use crate::diagnostics::Mistakes;
use crate::duration::{self, Limit};
use crate::paths::Cordial;

const COOLDOWN: &str = "not a cooldown: write how many uses, in what time, and who shares them, \
                        such as \"3 per 10s per user\"; the last part is `user`, `guild`, \
                        `channel` or `everybody`";
const CONCURRENCY: &str = "not a limit: write how many at once, and who shares them, such as \
                           \"1 per guild\"; the last part is `user`, `guild`, `channel` or \
                           `everybody`";

/// Writes a cooldown, or notes that the text is none.
pub(crate) fn cooldown(
    text: &LitStr,
    cordial: &Cordial,
    mistakes: &mut Mistakes,
) -> Option<TokenStream> {
    let read = |text: &str| {
        let (uses, rest) = text.split_once(" per ")?;
        let (every, per) = rest.split_once(" per ")?;
        let Limit::Millis(every) = duration::parse(every)? else {
            return None;
        };
        Some((count(uses)?, every, who(per)?))
    };
    let Some((uses, every, per)) = read(&text.value()) else {
        mistakes.at(text, COOLDOWN);
        return None;
    };
    let (cooldown, all) = (cordial.private("Cooldown"), cordial.private("Per"));
    let every = quote!(::core::time::Duration::from_millis(#every));
    Some(quote!(#cooldown::new(#uses, #every, #all::#per)))
}

/// Writes a limit of how many run at once, or notes that the text is none.
pub(crate) fn concurrency(
    text: &LitStr,
    cordial: &Cordial,
    mistakes: &mut Mistakes,
) -> Option<TokenStream> {
    let read = |text: &str| {
        let (most, per) = text.split_once(" per ")?;
        Some((count(most)?, who(per)?))
    };
    let Some((most, per)) = read(&text.value()) else {
        mistakes.at(text, CONCURRENCY);
        return None;
    };
    let (limit, all) = (cordial.private("MaxConcurrency"), cordial.private("Per"));
    Some(quote!(#limit::new(#most, #all::#per)))
}

fn count(text: &str) -> Option<u32> {
    text.trim().parse().ok().filter(|count| *count > 0)
}

fn who(text: &str) -> Option<Ident> {
    let name = match text.trim() {
        "user" => "User",
        "guild" => "Guild",
        "channel" => "Channel",
        "everybody" => "Everybody",
        _ => return None,
    };
    Some(Ident::new(name, Span::call_site()))
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;
    use crate::testing::has;

    fn text(text: &str) -> LitStr {
        LitStr::new(text, Span::call_site())
    }

    #[test]
    fn a_cooldown_says_how_often_in_what_time_and_who_shares_it() {
        let (cordial, mut mistakes) = (Cordial::new(None), Mistakes::default());
        for (written, uses, millis, per) in [
            ("3 per 10s per user", 3_u32, 10_000_u64, quote!(User)),
            ("1 per 500ms per guild", 1, 500, quote!(Guild)),
            (" 2 per 5 m per channel ", 2, 300_000, quote!(Channel)),
            (
                "100 per 1h per everybody",
                100,
                3_600_000,
                quote!(Everybody),
            ),
        ] {
            let read = cooldown(&text(written), &cordial, &mut mistakes).expect(written);

            let expected = quote! {
                ::cordial::private::Cooldown::new(
                    #uses,
                    ::core::time::Duration::from_millis(#millis),
                    ::cordial::private::Per::#per
                )
            };
            assert!(has(&read, &expected), "{read}");
        }
    }

    #[test]
    fn anything_else_is_no_cooldown() {
        let cordial = Cordial::new(None);
        for written in [
            "",
            "3 per 10s",
            "3 in 10s per user",
            "0 per 10s per user",
            "-1 per 10s per user",
            "three per 10s per user",
            "3 per 10 per user",
            "3 per none per user",
            "3 per 10s per member",
            "3 per 10s per user per guild",
        ] {
            let mut mistakes = Mistakes::default();

            assert!(cooldown(&text(written), &cordial, &mut mistakes).is_none());
            assert!(
                mistakes.finish(cordial.clone(), Some(())).is_err(),
                "{written}"
            );
        }
    }

    #[test]
    fn a_limit_says_how_many_and_who_shares_it() {
        let (cordial, mut mistakes) = (Cordial::new(None), Mistakes::default());

        let read = concurrency(&text("2 per guild"), &cordial, &mut mistakes).expect("a limit");
        let expected = quote! {
            ::cordial::private::MaxConcurrency::new(2u32, ::cordial::private::Per::Guild)
        };
        assert!(has(&read, &expected), "{read}");
        for written in [
            "",
            "2",
            "0 per guild",
            "2 per 10s per guild",
            "2 per server",
        ] {
            assert!(
                concurrency(&text(written), &cordial, &mut mistakes).is_none(),
                "{written}"
            );
        }
    }
}
