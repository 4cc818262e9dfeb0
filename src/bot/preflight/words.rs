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
                "copy it {PORTAL}, Bot, Reset Token), set `DISCORD_TOKEN` to it, and begin with \
                 `Bot::from_env()`"
            ),
            Self::TokenRefused => {
                format!("make a new one {PORTAL}, Bot, Reset Token) and set `DISCORD_TOKEN` to it")
            }
            Self::IntentOff { needed_by, .. } => {
                let instead = match needed_by.as_slice() {
                    [] => "ask for it no more",
                    _ => "remove what needs it",
                };
                format!("switch it on {PORTAL}, Bot, Privileged Gateway Intents), or {instead}")
            }
            Self::CannotAsk { failure, .. } => fix_of(failure).to_owned(),
            Self::SessionsShort { .. } | Self::FewSessions { .. } => {
                "find out what begins so many: it may be a bot that is started again and again, or a \
                 second one with the same token"
                    .to_owned()
            }
            Self::InteractionsElsewhere { .. } => {
                format!("empty the field Interactions Endpoint URL {PORTAL}, General Information)")
            }
            Self::PanicsEnd => {
                "leave `panic = \"abort\"` out of the profile in `Cargo.toml`".to_owned()
            }
            Self::BlankContent { .. } => "take `Content` as an argument, or add \
                 `.intents(Intents::MESSAGE_CONTENT)`; if nobody reads the text, say so with \
                 `.only_intents(..)`"
                .to_owned(),
            Self::NoGuild { invite } => format!("let it into a guild that you may manage: {invite}"),
            Self::CodeGrant => format!("switch off Requires OAuth2 Code Grant {PORTAL}, Bot)"),
            Self::CommandsDiffer { .. } => {
                "nothing has to be done: Discord is told when the bot runs".to_owned()
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
                "the {} is not switched on, and {}",
                portal_names(*intent).join(", "),
                match needed_by.as_slice() {
                    [] => "the bot asks for it with `intents(..)`".to_owned(),
                    [one] => format!("{one:?} needs it"),
                    all => format!("these need it: {}", listed(all)),
                },
            ),
            Self::CannotAsk { what, failure, .. } => {
                write!(
                    f,
                    "Discord could not be asked for {what}: {}",
                    failure.error()
                )
            }
            Self::SessionsShort {
                remaining,
                shards,
                reset_after,
            } => write!(
                f,
                "Discord lets the bot begin {remaining} sessions within the next {}, and it has to \
                 begin {shards}: the rest waits",
                in_words(*reset_after),
            ),
            Self::InteractionsElsewhere { host } => write!(
                f,
                "Discord sends interactions to {host}, so the bot does not hear of commands, buttons \
                 and modals"
            ),
            Self::PanicsEnd => f.write_str(
                "the program was built with `panic = \"abort\"`: a panic in any handler ends it, and no \
                 error handler is told",
            ),
            Self::BlankContent { listeners } => write!(
                f,
                "the text of messages in guilds is blank, unless the bot wrote them or they mention \
                 it: the bot does not ask for the Message Content Intent, and takes messages in {}",
                listed(listeners),
            ),
            Self::NoGuild { .. } => f.write_str("as far as Discord counts, the bot is in no guild"),
            Self::CodeGrant => f.write_str(
                "Discord lets the bot into a guild only by a whole OAuth2 code grant, and not by a \
                 link alone",
            ),
            Self::FewSessions {
                remaining,
                total,
                reset_after,
            } => write!(
                f,
                "of {total} sessions a day the bot may begin {remaining} more within the next {}",
                in_words(*reset_after),
            ),
            Self::CommandsDiffer { plan } => {
                write!(f, "Discord does not know the commands as they are: {plan}")
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
        return "see to it that this machine reaches discord.com without a proxy (`HTTPS_PROXY` is \
                not used) and that its clock is right";
    }
    if failure.is::<Forbidden>() {
        return "let the bot into the guild by the link below, or take another development guild";
    }
    "try again; if it stays, see https://discordstatus.com"
}
