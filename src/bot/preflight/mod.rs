//! Checks before connecting: whether the bot can work with its own settings and those at Discord, and how to fix
//! what is wrong.

mod ask;
mod finding;
mod invite;
mod look;
mod words;

pub use self::finding::{Finding, Severity};

pub(crate) use self::ask::{check, refuse, tell};
pub(crate) use self::invite::link;
pub(crate) use self::look::{at_application, at_bot, at_gateway};

use std::fmt;

use twilight_model::gateway::Intents;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::ApplicationMarker;

use crate::exception::shown;

/// How long a name is shown.
const MOST_OF_NAME: usize = 100;

/// The findings of [`Bot::check`](crate::Bot::check) about a bot that has not connected.
///
/// Its `Display` form is a list for people, with a fix for each finding.
///
/// # Examples
///
/// ```no_run
/// use cordial::bot::Severity;
/// use cordial::prelude::*;
///
/// # fn bot() -> Result<BotBuilder> { Ok(Bot::from_env()?) }
/// #[tokio::main]
/// async fn main() -> Result<()> {
///     let bot = bot()?.build()?;
///     if std::env::args().any(|argument| argument == "--check") {
///         let preflight = bot.check().await?;
///         println!("{preflight}");
///         return Ok(preflight.refuse(Severity::Warning)?);
///     }
///     bot.run().await
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "the findings of a check should be read"]
pub struct Preflight {
    /// The worst first.
    findings: Vec<Finding>,
    intents: Intents,
    permissions: Permissions,
    known: Known,
}

/// What Discord said, as far as it answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) application: Option<(Id<ApplicationMarker>, String)>,
    pub(crate) invite: Option<String>,
    pub(crate) shards: Option<u32>,
}

impl Preflight {
    fn new(
        mut findings: Vec<Finding>,
        intents: Intents,
        permissions: Permissions,
        known: Known,
    ) -> Self {
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity()));
        Self {
            findings,
            intents,
            permissions,
            known,
        }
    }

    /// Returns the findings, the worst first.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Returns whether the bot would run, even if something would not work.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.worst() < Some(Severity::Error)
    }

    /// Fails if there is a finding of this severity or worse, for automated checks.
    ///
    /// # Errors
    ///
    /// [`NotReady`], with all the findings.
    pub fn refuse(self, severity: Severity) -> Result<(), NotReady> {
        if self.worst() < Some(severity) {
            return Ok(());
        }
        Err(NotReady { preflight: self })
    }

    /// Returns the link with which people add the bot to a guild, if Discord named the bot's application.
    ///
    /// It asks for the [`permissions`](Self::permissions) that the bot needs.
    #[must_use]
    pub fn invite(&self) -> Option<&str> {
        self.known.invite.as_deref()
    }

    /// Returns the permissions that the bot needs in a guild: those that checks require of the bot, and those that
    /// replies need.
    #[must_use]
    pub fn permissions(&self) -> Permissions {
        self.permissions
    }

    /// Returns how many shards Discord recommends, if it answered.
    #[must_use]
    pub fn shards(&self) -> Option<u32> {
        self.known.shards
    }

    fn worst(&self) -> Option<Severity> {
        self.findings.first().map(Finding::severity)
    }
}

impl fmt::Display for Preflight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.known.application {
            Some((id, name)) => write!(f, "{} ({id}): ", shown(name, MOST_OF_NAME))?,
            None => f.write_str("the bot: ")?,
        }
        f.write_str(match self.worst() {
            Some(Severity::Error) => "it would not run",
            Some(Severity::Warning) => "it would run, but not everything would work",
            _ => "it would run",
        })?;
        for finding in &self.findings {
            let (severity, code, fix) = (finding.severity(), finding.code(), finding.fix());
            write!(f, "\n- {severity} [{code}]: {finding}\n  fix: {fix}")?;
        }
        write!(f, "\nintents: {}", names(self.intents.iter_names()))?;
        write!(f, "\npermissions: {}", names(self.permissions.iter_names()))?;
        if let Some(shards) = self.known.shards {
            write!(f, "\nshards: {shards}")?;
        }
        match &self.known.invite {
            Some(invite) => write!(f, "\ninvite: {invite}"),
            None => Ok(()),
        }
    }
}

fn names<T>(flags: impl Iterator<Item = (&'static str, T)>) -> String {
    let names: Vec<_> = flags.map(|(name, _)| name).collect();
    match names.as_slice() {
        [] => "none".to_owned(),
        names => names.join(" | "),
    }
}

/// The error for a bot with a finding at or above the severity that [`Preflight::refuse`] was given.
#[derive(Clone, Debug, thiserror::Error, crate::Exception)]
#[error("the bot is not ready\n{preflight}")]
pub struct NotReady {
    preflight: Preflight,
}

impl NotReady {
    /// Returns all the findings.
    pub fn preflight(&self) -> &Preflight {
        &self.preflight
    }
}
