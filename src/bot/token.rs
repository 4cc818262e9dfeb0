//! The bot's token, which must never be seen anywhere.

use std::env::VarError;
use std::fmt;

/// The environment variable that holds the token.
const VARIABLE: &str = "DISCORD_TOKEN";

/// A bot's token, which is never printed: its `Debug` form is `Token(..)`.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// The reason why there is no valid token. It never shows the value that was there instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, crate::Exception)]
#[non_exhaustive]
pub enum TokenError {
    /// The variable is not set, or empty.
    #[error(
        "`{VARIABLE}` is not set: copy the token from Discord's developer portal (Applications, \
         your application, Bot, Reset Token) and set `{VARIABLE}` to it"
    )]
    Missing,
    /// The value is not a token.
    #[error(
        "the token {problem}: copy the whole token again from Discord's developer portal \
         (Applications, your application, Bot, Reset Token) into `{VARIABLE}`"
    )]
    Malformed {
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl Token {
    /// Creates a token, without surrounding white space and a leading `Bot `.
    ///
    /// # Errors
    ///
    /// [`TokenError`] if it is empty, or cannot be a token.
    pub fn new(token: impl AsRef<str>) -> Result<Self, TokenError> {
        let token = token.as_ref().trim();
        let token = token.strip_prefix("Bot ").unwrap_or(token).trim();
        if token.is_empty() || token == "Bot" {
            return Err(TokenError::Missing);
        }
        match problem(token) {
            Some(problem) => Err(TokenError::Malformed { problem }),
            None => Ok(Self(token.to_owned())),
        }
    }

    /// Reads the token from the environment variable `DISCORD_TOKEN`.
    ///
    /// # Errors
    ///
    /// [`TokenError`] if the variable is missing or holds no token.
    pub fn from_env() -> Result<Self, TokenError> {
        match std::env::var(VARIABLE) {
            Ok(token) => Self::new(token),
            Err(VarError::NotPresent) => Err(TokenError::Missing),
            Err(VarError::NotUnicode(_)) => Err(TokenError::Malformed {
                problem: "is not valid Unicode",
            }),
        }
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

/// Says what is wrong with a token that cannot be one: they are three parts of letters, digits,
/// `-` and `_`, with dots between them.
fn problem(token: &str) -> Option<&'static str> {
    let is_quoted = |quote| token.starts_with(quote) || token.ends_with(quote);
    let is_token_character =
        |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    let parts: Vec<_> = token.split('.').collect();
    let is_part = |part: &&str| !part.is_empty() && part.chars().all(is_token_character);
    if is_quoted('"') || is_quoted('\'') {
        Some("is in quotation marks")
    } else if token.starts_with(VARIABLE) {
        Some("starts with the name of the variable")
    } else if token.starts_with("Bot ") {
        Some("starts with `Bot` twice")
    } else if token.starts_with("Bearer ") {
        Some("starts with `Bearer`, as the tokens of users do, which bots cannot use")
    } else if token.contains(['\n', '\r']) {
        Some("contains a line break")
    } else if token.contains(char::is_whitespace) {
        Some("contains white space")
    } else if let [alone] = parts.as_slice() {
        Some(something_else(alone))
    } else if parts.len() != 3 || !parts.iter().all(is_part) {
        Some("does not consist of three parts separated by dots")
    } else {
        None
    }
}

/// Says what something without dots may be, of what else the developer portal has to copy.
fn something_else(token: &str) -> &'static str {
    match token.len() {
        17..=20 if token.bytes().all(|byte| byte.is_ascii_digit()) => {
            "is a number, like the application's id, and not a token"
        }
        64 if token.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            "looks like the application's public key, and is not a token"
        }
        32 => "is as long as the application's client secret, and is not a token",
        _ => "does not consist of three parts separated by dots",
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4.AbCdEf.not-a_secret";

    #[test]
    fn prefix_and_white_space_are_dropped() {
        for written in [
            TOKEN.to_owned(),
            format!(" {TOKEN}\n"),
            format!("Bot {TOKEN}"),
            format!("Bot  {TOKEN} "),
        ] {
            assert_eq!(Token::new(&written).unwrap().reveal(), TOKEN, "{written:?}");
        }
    }

    #[test]
    fn nothing_is_no_token() {
        for nothing in ["", " ", "\n", "Bot", "Bot "] {
            assert_eq!(Token::new(nothing), Err(TokenError::Missing), "{nothing:?}");
        }
    }

    #[test]
    fn errors_name_the_variable_and_never_the_value() {
        for wrong in [
            format!("\"{TOKEN}\""),
            format!("{TOKEN} {TOKEN}"),
            "sentinel".to_owned(),
            format!("Bot Bot {TOKEN}"),
        ] {
            let error = Token::new(&wrong).unwrap_err();

            let shown = format!("{error} {error:?}");
            assert!(shown.contains("DISCORD_TOKEN"), "{shown}");
            assert!(
                !shown.contains("MTIz") && !shown.contains("sentinel"),
                "{shown}"
            );
        }
    }

    #[test]
    fn debug_does_not_show_it() {
        assert_eq!(format!("{:?}", Token::new(TOKEN).unwrap()), "Token(..)");
    }
}
