//! The intents that an application must be granted before it may ask for them.

use twilight_model::gateway::Intents;

/// The privileged intents: the gateway closes the connection with 4014 unless each that you ask for is switched on
/// for the application in Discord's developer portal.
///
/// Discord: Gateway, Privileged Intents.
pub const PRIVILEGED: Intents = Intents::GUILD_MEMBERS
    .union(Intents::GUILD_PRESENCES)
    .union(Intents::MESSAGE_CONTENT);

/// Returns the names of the privileged intents of a set, as the developer portal shows them.
///
/// # Examples
///
/// ```
/// use cordial::event::portal_names;
/// use cordial::twilight::model::gateway::Intents;
///
/// let names = portal_names(Intents::GUILDS | Intents::GUILD_MEMBERS);
/// assert_eq!(names, ["Server Members Intent"]);
/// ```
#[must_use]
pub fn portal_names(intents: Intents) -> Vec<&'static str> {
    [
        (Intents::GUILD_PRESENCES, "Presence Intent"),
        (Intents::GUILD_MEMBERS, "Server Members Intent"),
        (Intents::MESSAGE_CONTENT, "Message Content Intent"),
    ]
    .into_iter()
    .filter(|(intent, _)| intents.contains(*intent))
    .map(|(_, name)| name)
    .collect()
}
