//! What can be found of a bot before it connects, and how bad each is.

use std::fmt;
use std::time::Duration;

use twilight_model::gateway::Intents;

use crate::command::Plan;
use crate::failure::Failure;
use crate::meta::Meta;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// It is worth knowing.
    Notice,
    /// The bot would run, and something would not work.
    Warning,
    /// The bot would not run.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Something that was found of a bot before it connects.
///
/// Its `Display` form says what it is, and [`fix`](Self::fix) what to do about it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Finding {
    /// There is no token.
    NoToken,
    /// Discord refuses the token.
    TokenRefused,
    /// A privileged intent is asked for, and not switched on.
    IntentOff {
        /// The intent.
        intent: Intents,
        /// The handlers that need it. It is the author who asks for it if there are none.
        needed_by: Vec<Meta>,
    },
    /// Something could not be found out.
    CannotAsk {
        /// What was asked for.
        what: &'static str,
        /// What became of it.
        failure: Failure,
        /// What it comes to: whether the bot would run nevertheless.
        severity: Severity,
    },
    /// Fewer sessions can be begun than the bot has shards, so some wait until there are more.
    SessionsShort {
        /// How many can be begun.
        remaining: u32,
        /// How many shards there are.
        shards: u32,
        /// How long it takes until there are more.
        reset_after: Duration,
    },
    /// What people do is sent elsewhere, so no handler of interactions ever runs.
    InteractionsElsewhere {
        /// Where that is. The rest of the address is nobody's business.
        host: String,
    },
    /// The program was built with `panic = "abort"`, so a panic in any handler ends it.
    PanicsEnd,
    /// Listeners take messages of guilds, whose text nobody asked for.
    BlankContent {
        /// The listeners.
        listeners: Vec<Meta>,
    },
    /// The bot is in no guild.
    NoGuild {
        /// Where it is let into one.
        invite: String,
    },
    /// The bot cannot be let into a guild by a link alone.
    CodeGrant,
    /// Few sessions can be begun until there are more.
    FewSessions {
        /// How many can be begun.
        remaining: u32,
        /// How many can be begun a day.
        total: u32,
        /// How long it takes until there are more.
        reset_after: Duration,
    },
    /// Discord does not know the commands as they are.
    CommandsDiffer {
        /// What it is told when the bot runs.
        plan: Plan,
    },
}

impl Finding {
    /// Returns the name of this sort of finding, which stays the same.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoToken => "no_token",
            Self::TokenRefused => "token_refused",
            Self::IntentOff { .. } => "intent_off",
            Self::CannotAsk { .. } => "cannot_ask",
            Self::SessionsShort { .. } => "sessions_short",
            Self::InteractionsElsewhere { .. } => "interactions_elsewhere",
            Self::PanicsEnd => "panics_end",
            Self::BlankContent { .. } => "blank_content",
            Self::NoGuild { .. } => "no_guild",
            Self::CodeGrant => "code_grant",
            Self::FewSessions { .. } => "few_sessions",
            Self::CommandsDiffer { .. } => "commands_differ",
        }
    }

    /// Returns how bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Self::NoToken | Self::TokenRefused | Self::IntentOff { .. } => Severity::Error,
            Self::CannotAsk { severity, .. } => *severity,
            Self::SessionsShort { .. }
            | Self::InteractionsElsewhere { .. }
            | Self::PanicsEnd
            | Self::BlankContent { .. }
            | Self::NoGuild { .. }
            | Self::CodeGrant => Severity::Warning,
            Self::FewSessions { .. } | Self::CommandsDiffer { .. } => Severity::Notice,
        }
    }
}
