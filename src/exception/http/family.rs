//! The answers that have a type of their own: each is-a broader one.

use std::ops::Deref;

use crate::Exception;
use crate::exception::http::HttpError;

/// Declares the types: each embeds the broader one, and shows it with advice where there is some.
macro_rules! family {
    ($($(#[$doc:meta])* $name:ident: $base:ident $(, $advice:literal)?;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, thiserror::Error, Exception)]
        #[error("{base}{}", concat!($(". ", $advice)?))]
        pub struct $name {
            #[base]
            base: $base,
        }

        impl Deref for $name {
            type Target = $base;

            fn deref(&self) -> &$base {
                &self.base
            }
        }

        impl From<HttpError> for $name {
            fn from(error: HttpError) -> Self {
                Self { base: error.into() }
            }
        }
    )*};
}

family! {
    /// What was sent was not understood: status 400.
    BadRequest: HttpError;
    /// Fields of what was sent are wrong: code 50035. [`errors`](HttpError::errors) says which.
    InvalidForm: BadRequest;
    /// The token was refused: status 401.
    Unauthorized: HttpError,
        "The token was refused: make a new one in Discord's developer portal (Bot, Reset Token) and \
         set `DISCORD_TOKEN` to it";
    /// The bot may not do this: status 403.
    Forbidden: HttpError;
    /// The bot cannot see what it asked for: code 50001.
    MissingAccess: Forbidden,
        "The bot cannot see it: let it view the channel, or invite it again with the scopes it needs";
    /// The bot lacks a permission: code 50013.
    MissingPermissions: Forbidden,
        "The bot lacks a permission, or its highest role is below that of whom it acts on";
    /// The user takes no messages from the bot: code 50007.
    CannotMessageUser: Forbidden,
        "The user takes no direct messages from it: they share no server, or have switched them off";
    /// There is no such thing: status 404.
    NotFound: HttpError;
    /// There is no such channel: code 10003.
    UnknownChannel: NotFound;
    /// There is no such guild, or the bot is not in it: code 10004.
    UnknownGuild: NotFound;
    /// There is no such member: code 10007.
    UnknownMember: NotFound;
    /// There is no such message: code 10008.
    UnknownMessage: NotFound;
    /// There is no such role: code 10011.
    UnknownRole: NotFound;
    /// There is no such user: code 10013.
    UnknownUser: NotFound;
    /// There is no such webhook: code 10015.
    UnknownWebhook: NotFound;
    /// The interaction is over: code 10062.
    UnknownInteraction: NotFound,
        "It was answered too late: an interaction waits for 3 seconds, and for 15 minutes once it \
         has been answered";
    /// Something else got in the way: status 409.
    Conflict: HttpError;
    /// The server speaks to newer clients only: status 426.
    UpgradeRequired: HttpError;
    /// Too much was asked for: status 429. [`retry_after`](HttpError::retry_after) says when to ask
    /// again.
    RateLimited: HttpError;
    /// Discord has trouble of its own: status 500 and above.
    ServerError: HttpError;
    /// Discord could not be reached from its own edge: status 502.
    BadGateway: ServerError;
    /// Discord cannot answer now: status 503.
    Unavailable: ServerError;
    /// Discord took too long to answer its own edge: status 504.
    GatewayTimeout: ServerError;
}
