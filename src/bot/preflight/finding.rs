//! The findings about a bot before it connects, and how severe each is.

use std::fmt;
use std::time::Duration;

use twilight_model::gateway::Intents;

use crate::command::Plan;
use crate::failure::Failure;
use crate::meta::Meta;

/// How severe a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing.
    Notice,
    /// The bot would run, but something would not work.
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

/// Something that was found about a bot before it connects.
///
/// Its `Display` form describes it, and [`fix`](Self::fix) says what to do about it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Finding {
    /// There is no token.
    NoToken,
    /// Discord refuses the token.
    TokenRefused,
    /// The bot asks for a privileged intent that is not switched on.
    IntentOff {
        /// The intent.
        intent: Intents,
        /// The handlers that need it. If there are none, the author asks for it.
        needed_by: Vec<Meta>,
    },
    /// A request to Discord failed, so something is unknown.
    CannotAsk {
        /// What the request was for.
        what: &'static str,
        /// Its failure.
        failure: Failure,
        /// How severe this is: whether the bot would run nevertheless.
        severity: Severity,
    },
    /// The bot may begin fewer sessions than it has shards, so some shards wait until there are more.
    SessionsShort {
        /// How many sessions it may begin.
        remaining: u32,
        /// How many shards there are.
        shards: u32,
        /// How long it takes until there are more.
        reset_after: Duration,
    },
    /// Discord sends interactions elsewhere, so no handler of interactions ever runs.
    InteractionsElsewhere {
        /// The host that receives them. The rest of the address is not shown.
        host: String,
    },
    /// The program was built with `panic = "abort"`, so a panic in any handler ends it.
    PanicsEnd,
    /// Listeners take messages of guilds, but the bot does not ask for their text.
    BlankContent {
        /// The listeners.
        listeners: Vec<Meta>,
    },
    /// The bot is in no guild.
    NoGuild {
        /// The link to add it to one.
        invite: String,
    },
    /// People cannot add the bot to a guild by a link alone.
    CodeGrant,
    /// The bot may begin few more sessions for now.
    FewSessions {
        /// How many sessions it may begin.
        remaining: u32,
        /// How many sessions it may begin a day.
        total: u32,
        /// How long it takes until there are more.
        reset_after: Duration,
    },
    /// The commands that Discord knows differ from those of the bot.
    CommandsDiffer {
        /// What the bot registers when it runs.
        plan: Plan,
    },
}

impl Finding {
    /// Returns the stable name of this kind of finding.
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

    /// Returns how severe it is.
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
