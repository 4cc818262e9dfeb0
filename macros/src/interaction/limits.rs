//! How often something may be used: `"3 per 10s per user"`, `"1 per guild"`.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Ident, LitStr};

use crate::diagnostics::Mistakes;
use crate::duration::{self, Limit};
use crate::paths::Cordial;

const COOLDOWN: &str = "not a cooldown: write how often, in what time, and who shares that, such as \
                        \"3 per 10s per user\"; the last is `user`, `guild`, `channel` or `everybody`";
const CONCURRENCY: &str = "not a limit: write how many at once, and who shares that, such as \
                           \"1 per guild\"; the last is `user`, `guild`, `channel` or `everybody`";

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
