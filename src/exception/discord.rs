//! The root of everything that goes wrong between a bot and Discord.

use std::borrow::Cow;

use crate::Exception;

/// Something went wrong between the bot and Discord.
#[derive(Clone, Debug, thiserror::Error, Exception)]
#[error("{what}")]
pub struct DiscordError {
    what: Cow<'static, str>,
}

impl DiscordError {
    pub(crate) fn new(what: impl Into<Cow<'static, str>>) -> Self {
        Self { what: what.into() }
    }
}
