//! The answers that have a type of their own: each is-a broader one.

use std::ops::Deref;

use crate::Exception;
use crate::exception::http::HttpError;
use crate::exception::http::advice::{limited, not_permitted, outdated, refused, unseen};

/// Declares the types: each embeds the broader one, and shows it with advice where there is some.
macro_rules! family {
    ($($(#[$doc:meta])* $name:ident: $base:ident $(, $advice:literal)? $(, by $advised:ident)?;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, thiserror::Error, Exception)]
        #[error("{base}{}{}", concat!($(". ", $advice)?), String::new() $(+ ". " + &$advised(base))?)]
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
    /// Discord did not understand the request: status 400.
    BadRequest: HttpError;
    /// Fields of the request are wrong: code 50035. [`errors`](HttpError::errors) says which.
    InvalidForm: BadRequest;
    /// A limit on the number of something is reached: codes 30001 to 30999, such as 30003 for pins in a
    /// channel, and 30005 for roles in a guild. [`message`](HttpError::message) says of what.
    LimitReached: BadRequest;
    /// The thread is archived: code 50083.
    ArchivedThread: BadRequest,
        "The thread is archived: it accepts messages again once it is unarchived";
    /// The guild's rules do not let the text through: codes 200000, 200001 and 240000.
    BlockedByAutoMod: BadRequest,
        "The guild's own rules blocked the text: AutoMod, or the filter for harmful links";
    /// A token was refused: status 401. If it is the bot's, the bot stops; some requests no bot may make.
    Unauthorized: HttpError, by refused;
    /// The token of a webhook or an interaction is not valid, or not any longer: code 50027.
    InvalidWebhookToken: Unauthorized;
    /// The bot may not do this: status 403.
    Forbidden: HttpError;
    /// The bot cannot see what the request is about: code 50001.
    ///
    /// This concerns what the bot may see, not the person who used it.
    MissingAccess: Forbidden, by unseen;
    /// The bot lacks a permission: code 50013.
    ///
    /// This concerns what the bot may do. Discord does not check the permissions of the person who uses a
    /// command: for that there is the check `user_permissions`, which fails with
    /// [`LacksPermissions`](crate::exception::LacksPermissions).
    ///
    /// Discord does not say which permission is missing. cordial works it out from the request, and from the bot's
    /// permissions there, where it knows them.
    MissingPermissions: Forbidden, by not_permitted;
    /// The user takes no messages from the bot: codes 50007 and 50278.
    CannotMessageUser: Forbidden,
        "The user accepts no direct messages from the bot: they share no server with it, or have \
         switched direct messages off";
    /// There is no such thing: status 404.
    NotFound: HttpError;
    /// There is no such channel: code 10003.
    UnknownChannel: NotFound;
    /// There is no such guild, or the bot is not in it: code 10004.
    UnknownGuild: NotFound;
    /// There is no such invite, or not any longer: code 10006.
    UnknownInvite: NotFound;
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
    /// The user is not banned: code 10026.
    UnknownBan: NotFound;
    /// The interaction is over: code 10062.
    UnknownInteraction: NotFound,
        "The answer came too late: an interaction can be answered for 3 seconds, and for 15 \
         minutes after a first answer";
    /// The request conflicts with something else: status 409.
    Conflict: HttpError;
    /// The server accepts only newer clients: status 426. Discord's does not send this; similar servers do.
    UpgradeRequired: HttpError, by outdated;
    /// Too many requests: status 429. [`retry_after`](HttpError::retry_after) says when to try again, and
    /// [`scope`](HttpError::scope) whom the limit applies to.
    RateLimited: HttpError, by limited;
    /// Discord has a problem of its own: status 500 and above.
    ServerError: HttpError;
    /// Discord's edge could not reach Discord: status 502.
    BadGateway: ServerError;
    /// Discord cannot answer now: status 503.
    Unavailable: ServerError;
    /// Discord took too long to answer its own edge: status 504.
    GatewayTimeout: ServerError;
}

impl UpgradeRequired {
    /// Returns the version of the client, as the server knows it.
    #[must_use]
    pub fn client_version(&self) -> Option<&str> {
        self.answer.body.versions.client.as_deref()
    }

    /// Returns the lowest version that the server accepts.
    #[must_use]
    pub fn min_version(&self) -> Option<&str> {
        self.answer.body.versions.min.as_deref()
    }

    /// Returns the version of the server.
    #[must_use]
    pub fn server_version(&self) -> Option<&str> {
        self.answer.body.versions.server.as_deref()
    }

    /// Returns the address of a newer client.
    #[must_use]
    pub fn update_url(&self) -> Option<&str> {
        self.answer.body.versions.update_url.as_deref()
    }
}
