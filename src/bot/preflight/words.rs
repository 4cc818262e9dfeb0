//! How findings are told: what it is, and what to do about it.

use std::fmt;

use crate::bot::preflight::Finding;
use crate::event::portal_names;
use crate::exception::{Forbidden, TransportError, in_words};
use crate::failure::Failure;
use crate::meta::Meta;

/// Where the settings of an application are.
const PORTAL: &str = "in Discord's developer portal (Applications, your application";

impl Finding {
    /// Returns what to do about it.
    #[must_use]
    pub fn fix(&self) -> String {
        match self {
            Self::NoToken => format!(
                "copy a token {PORTAL}, Bot, Reset Token), set `DISCORD_TOKEN` to it, and create the \
                 bot with `Bot::from_env()`"
            ),
            Self::TokenRefused => {
                format!("make a new one {PORTAL}, Bot, Reset Token) and set `DISCORD_TOKEN` to it")
            }
            Self::IntentOff { needed_by, .. } => {
                let instead = match needed_by.as_slice() {
                    [] => "remove it from `intents(..)`",
                    _ => "remove the handlers that need it",
                };
                format!("switch it on {PORTAL}, Bot, Privileged Gateway Intents), or {instead}")
            }
            Self::CannotAsk { failure, .. } => fix_of(failure).to_owned(),
            Self::SessionsShort { .. } | Self::FewSessions { .. } => {
                "find out what begins so many sessions: perhaps a bot that restarts again and \
                 again, or a second one with the same token"
                    .to_owned()
            }
            Self::InteractionsElsewhere { .. } => {
                format!("clear the field Interactions Endpoint URL {PORTAL}, General Information)")
            }
            Self::PanicsEnd => {
                "remove `panic = \"abort\"` from the profile in `Cargo.toml`".to_owned()
            }
            Self::BlankContent { .. } => "take `Content` as an argument, or add \
                 `.intents(Intents::MESSAGE_CONTENT)`; if no handler reads the text, say so with \
                 `.only_intents(..)`"
                .to_owned(),
            Self::NoGuild { invite } => format!("add it to a guild that you may manage: {invite}"),
            Self::CodeGrant => format!("switch off Requires OAuth2 Code Grant {PORTAL}, Bot)"),
            Self::CommandsDiffer { .. } => {
                "do nothing: the commands are registered when the bot runs".to_owned()
            }
        }
    }
}

/// Says what was found.
impl fmt::Display for Finding {
    #[expect(
        clippy::too_many_lines,
        reason = "a table of texts reads best in one piece"
    )]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoToken => f.write_str("the bot has no token"),
            Self::TokenRefused => f.write_str("Discord refuses the token"),
            Self::IntentOff { intent, needed_by } => write!(
                f,
                "the {} is not switched on, but {}",
                portal_names(*intent).join(", "),
                match needed_by.as_slice() {
                    [] => "the bot requests it with `intents(..)`".to_owned(),
                    [one] => format!("{one:?} needs it"),
                    all => format!("these handlers need it: {}", listed(all)),
                },
            ),
            Self::CannotAsk { what, failure, .. } => {
                write!(f, "could not ask Discord for {what}: {}", failure.error())
            }
            Self::SessionsShort {
                remaining,
                shards,
                reset_after,
            } => write!(
                f,
                "Discord lets the bot begin {remaining} sessions within the next {}, but it needs \
                 {shards}: the other shards wait",
                in_words(*reset_after),
            ),
            Self::InteractionsElsewhere { host } => write!(
                f,
                "Discord sends interactions to {host}, so the bot does not receive commands, \
                 buttons and modals"
            ),
            Self::PanicsEnd => f.write_str(
                "the program was built with `panic = \"abort\"`: a panic in any handler ends it, \
                 and no error handler runs",
            ),
            Self::BlankContent { listeners } => write!(
                f,
                "the bot does not request the Message Content Intent, so the text of messages in \
                 guilds is blank unless the bot wrote them or they mention it; these listeners \
                 take messages: {}",
                listed(listeners),
            ),
            Self::NoGuild { .. } => f.write_str("by Discord's count, the bot is in no guild"),
            Self::CodeGrant => f.write_str(
                "Discord adds the bot to a guild only after a full OAuth2 code grant, so an invite \
                 link alone is not enough",
            ),
            Self::FewSessions {
                remaining,
                total,
                reset_after,
            } => write!(
                f,
                "the bot may begin only {remaining} more of its {total} sessions a day within the \
                 next {}",
                in_words(*reset_after),
            ),
            Self::CommandsDiffer { plan } => {
                write!(
                    f,
                    "the commands registered with Discord differ from the bot's: {plan}"
                )
            }
        }
    }
}

fn listed(handlers: &[Meta]) -> String {
    let named: Vec<_> = handlers.iter().map(|meta| format!("{meta:?}")).collect();
    named.join(", ")
}

fn fix_of(failure: &Failure) -> &'static str {
    if failure.is::<TransportError>() {
        return "check that this machine reaches discord.com without a proxy (`HTTPS_PROXY` is not \
                used) and that its clock is right";
    }
    if failure.is::<Forbidden>() {
        return "add the bot to the guild with the link below, or choose another development guild";
    }
    "try again; if that does not help, see https://discordstatus.com"
}
