//! What to do about an answer, where that depends on more than its type.

use crate::exception::check::in_words;
use crate::exception::http::lack::{Lack, Sight};
use crate::exception::http::text::shown;
use crate::exception::http::{HttpError, Route, Scope};

/// How much is shown of a version, and of a place.
const MOST_OF_VERSION: usize = 200;

pub(crate) fn not_permitted(error: &HttpError) -> String {
    Lack::of(&error.answer.call).to_string()
}

pub(crate) fn unseen(error: &HttpError) -> String {
    Sight::of(&error.answer.call).to_string()
}

/// Says which token was refused, and where there is another.
pub(crate) fn refused(error: &HttpError) -> String {
    let path = error.route().map_or("", Route::path);
    let is_in_path = path.starts_with("/webhooks/") || path.starts_with("/interactions/");
    if is_in_path {
        "The token of the webhook or interaction is not valid: an interaction's token is valid for \
         15 minutes, a webhook's until the webhook is deleted"
    } else if path.starts_with("/oauth2/") {
        "This request needs a user's token, not a bot's"
    } else {
        "If the bot's token was refused, make a new one in Discord's developer portal (Bot, Reset \
         Token) and set `DISCORD_TOKEN` to it"
    }
    .to_owned()
}

/// Says whom a limit is for, whether it was waited for, and how long to wait.
pub(crate) fn limited(error: &HttpError) -> String {
    let whom = match error.scope() {
        Some(Scope::User) => "for this bot, on this route",
        Some(Scope::Shared) => "shared by everybody who uses the same thing, such as a channel",
        Some(Scope::Edge) => "for everybody at this machine's address",
        Some(Scope::Global) => "for all requests of this bot",
        None if error.is_global() => "for all requests of this bot",
        None => "for everybody who makes this request",
    };
    let given_up = match error.attempts() {
        0 | 1 => String::new(),
        attempts => format!(". The request was given up after {attempts} attempts"),
    };
    let wait = error.retry_after().map_or_else(String::new, |wait| {
        format!(". Try again in {}", in_words(wait))
    });
    format!("The limit is {whom}{given_up}{wait}")
}

/// Says which versions do not go together, as far as the server does.
pub(crate) fn outdated(error: &HttpError) -> String {
    let versions = &error.answer.body.versions;
    let said = [
        ("this client is version", &versions.client),
        ("the server requires at least", &versions.min),
        ("the server is version", &versions.server),
        ("a newer client is at", &versions.update_url),
    ];
    let said = said.into_iter().filter_map(|(words, version)| {
        let version = shown(version.as_deref()?, MOST_OF_VERSION);
        Some(format!("{words} {version}"))
    });
    let said: Vec<_> = said.collect();
    match said.as_slice() {
        [] => "The server accepts only newer clients".to_owned(),
        said => format!("The server accepts only newer clients: {}", said.join(", ")),
    }
}
