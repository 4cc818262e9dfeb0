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
    /// What was sent was not understood: status 400.
    BadRequest: HttpError;
    /// Fields of what was sent are wrong: code 50035. [`errors`](HttpError::errors) says which.
    InvalidForm: BadRequest;
    /// There are as many of it as there may be: codes 30001 to 30999, such as 30003 for pins in a
    /// channel, and 30005 for roles in a guild. [`message`](HttpError::message) says of what.
    LimitReached: BadRequest;
    /// The thread is archived: code 50083.
    ArchivedThread: BadRequest,
        "The thread is archived: it takes messages again once it is no longer so";
    /// The guild's rules do not let the text through: codes 200000, 200001 and 240000.
    BlockedByAutoMod: BadRequest,
        "The guild's own rules for texts blocked it: AutoMod, or the filter of harmful links";
    /// A token was refused: status 401. That of the bot ends it; some things are for no bot.
    Unauthorized: HttpError, by refused;
    /// The token of a webhook or an interaction is not valid, or no longer: code 50027.
    InvalidWebhookToken: Unauthorized;
    /// The bot may not do this: status 403.
    Forbidden: HttpError;
    /// The bot cannot see what it asked for: code 50001.
    ///
    /// It is about what the bot may see, and not about whoever asked for it.
    MissingAccess: Forbidden, by unseen;
    /// The bot lacks a permission: code 50013.
    ///
    /// It is about what the bot may do. What the person may do who uses a command is not asked of
    /// Discord: that is what the check `user_permissions` is for, which fails with
    /// [`LacksPermissions`](crate::exception::LacksPermissions).
    ///
    /// Discord does not say which permission it is. It follows from what was asked for, and from what
    /// the bot may do there, where that is known.
    MissingPermissions: Forbidden, by not_permitted;
    /// The user takes no messages from the bot: codes 50007 and 50278.
    CannotMessageUser: Forbidden,
        "The user takes no direct messages from it: they share no server, or have switched them off";
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
        "It was answered too late: an interaction waits for 3 seconds, and for 15 minutes once it \
         has been answered";
    /// Something else got in the way: status 409.
    Conflict: HttpError;
    /// The server speaks to newer clients only: status 426. Discord's does not say so; others of its
    /// kind do.
    UpgradeRequired: HttpError, by outdated;
    /// Too much was asked for: status 429. [`retry_after`](HttpError::retry_after) says when to ask
    /// again, and [`scope`](HttpError::scope) whom the limit is for.
    RateLimited: HttpError, by limited;
    /// Discord has trouble of its own: status 500 and above.
    ServerError: HttpError;
    /// Discord could not be reached from its own edge: status 502.
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

    /// Returns the lowest version that the server speaks to.
    #[must_use]
    pub fn min_version(&self) -> Option<&str> {
        self.answer.body.versions.min.as_deref()
    }

    /// Returns the version of the server.
    #[must_use]
    pub fn server_version(&self) -> Option<&str> {
        self.answer.body.versions.server.as_deref()
    }

    /// Returns where there is a newer client.
    #[must_use]
    pub fn update_url(&self) -> Option<&str> {
        self.answer.body.versions.update_url.as_deref()
    }
}
