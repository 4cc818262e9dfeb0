//! What follows for a bot from what it is made of, and from what Discord says of it.

use std::time::Duration;

use twilight_model::gateway::Intents;
use twilight_model::gateway::connection_info::BotConnectionInfo;
use twilight_model::gateway::event::EventType;
use twilight_model::oauth::{Application, ApplicationFlags};

use crate::bot::assembly::Assembled;
use crate::bot::preflight::{Finding, invite};
use crate::dispatch::Route;
use crate::event::EventKinds;
use crate::exception::shown;
use crate::meta::Meta;

/// The privileged intents, each with the flags that say it is switched on: for bots in fewer than a
/// hundred guilds, and for those in more. (Discord: Application, Application Flags.)
const SWITCHES: [(Intents, ApplicationFlags); 3] = [
    (
        Intents::GUILD_PRESENCES,
        ApplicationFlags::GATEWAY_PRESENCE.union(ApplicationFlags::GATEWAY_PRESENCE_LIMITED),
    ),
    (
        Intents::GUILD_MEMBERS,
        ApplicationFlags::GATEWAY_GUILD_MEMBERS
            .union(ApplicationFlags::GATEWAY_GUILD_MEMBERS_LIMITED),
    ),
    (
        Intents::MESSAGE_CONTENT,
        ApplicationFlags::GATEWAY_MESSAGE_CONTENT
            .union(ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED),
    ),
];

/// How long the name of a host is shown.
const MOST_OF_HOST: usize = 100;

/// Looks at the bot alone.
pub(crate) fn at_bot(bot: &Assembled) -> Vec<Finding> {
    let panics_end = cfg!(panic = "abort").then_some(Finding::PanicsEnd);
    panics_end.into_iter().chain(blank_content(bot)).collect()
}

fn blank_content(bot: &Assembled) -> Option<Finding> {
    let blank: Vec<_> = bot
        .listeners
        .iter()
        .filter(|route| takes_messages(route) && route.event.kinds != EventKinds::ALL)
        .map(|route| route.meta.clone())
        .collect();
    // Whoever chose the intents themself knows what is missing.
    if blank.is_empty() || bot.chose_intents || bot.intents.contains(Intents::MESSAGE_CONTENT) {
        return None;
    }
    Some(Finding::BlankContent { listeners: blank })
}

/// Looks at what Discord says of the application.
pub(crate) fn at_application(bot: &Assembled, application: &Application) -> Vec<Finding> {
    let off = intents_off(bot, application);
    let mut found: Vec<_> = off
        .iter()
        .map(|intent| Finding::IntentOff {
            intent,
            needed_by: needed_by(bot, intent),
        })
        .collect();
    if let Some(url) = &application.interactions_endpoint_url
        && bot.takes_interactions()
    {
        let host = host_of(url);
        found.push(Finding::InteractionsElsewhere { host });
    }
    let people = application.approximate_user_install_count.unwrap_or(0);
    if application.approximate_guild_count == Some(0) && people == 0 {
        let invite = invite::link(bot, application.id).to_string();
        found.push(Finding::NoGuild { invite });
    }
    if application.bot_require_code_grant {
        found.push(Finding::CodeGrant);
    }
    found
}

/// Looks at what Discord says of the gateway.
pub(crate) fn at_gateway(info: &BotConnectionInfo) -> Vec<Finding> {
    let (limit, shards) = (&info.session_start_limit, info.shards.max(1));
    let (remaining, total) = (limit.remaining, limit.total);
    let reset_after = Duration::from_millis(limit.reset_after);
    if remaining < shards {
        return vec![Finding::SessionsShort {
            remaining,
            shards,
            reset_after,
        }];
    }
    if u64::from(remaining) * 10 < u64::from(total) {
        return vec![Finding::FewSessions {
            remaining,
            total,
            reset_after,
        }];
    }
    Vec::new()
}

/// Returns the privileged intents that are asked for and not switched on. If it is not said, none.
pub(crate) fn intents_off(bot: &Assembled, application: &Application) -> Intents {
    let Some(flags) = application.flags else {
        return Intents::empty();
    };
    let off = SWITCHES
        .iter()
        .filter(|(intent, on)| bot.intents.contains(*intent) && !flags.intersects(*on));
    off.fold(Intents::empty(), |all, (intent, _)| all | *intent)
}

/// Lists the handlers that need an intent.
fn needed_by(bot: &Assembled, intent: Intents) -> Vec<Meta> {
    let handlers = bot.listeners.iter().chain(&bot.answering);
    let handlers = handlers.map(|route| (&route.meta, route.intents()));
    let error_handlers = bot.asking.iter().map(|(meta, intents)| (meta, *intents));
    let needing = handlers.chain(error_handlers);
    let mut metas = Vec::new();
    for (meta, _) in needing.filter(|(_, intents)| intents.contains(intent)) {
        // One may need it for its event and for the cache.
        if !metas.contains(meta) {
            metas.push(meta.clone());
        }
    }
    metas
}

/// Returns whether a listener takes messages that are written in guilds.
pub(crate) fn takes_messages(listener: &Route) -> bool {
    let messages =
        EventKinds::of(EventType::MessageCreate).union(EventKinds::of(EventType::MessageUpdate));
    let event = &listener.event;
    !event.kinds.intersection(messages).is_empty()
        && event.intents.contains(Intents::GUILD_MESSAGES)
}

/// Returns the host of a URL, without what else may be in it.
fn host_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    shown(host, MOST_OF_HOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_url_only_the_host_is_shown() {
        for url in [
            "https://bot.example/secret",
            "https://user:secret@bot.example?secret",
            "bot.example/secret",
        ] {
            assert_eq!(host_of(url), "bot.example", "{url}");
        }
    }
}
