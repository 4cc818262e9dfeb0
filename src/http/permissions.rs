//! The bot's permissions in channels and guilds, as far as it was told them lately.
//!
//! Every interaction contains those for its channel, and so some for its guild. (Discord: Interaction Structure,
//! `app_permissions`.)

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use twilight_model::application::interaction::Interaction;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;

/// How many channels and guilds are remembered.
const MOST: usize = 1024;
/// For how long: who may do what is changed by people.
const RECENT: Duration = Duration::from_secs(10 * 60);

/// What no channel gives or takes away: what is known of one channel is true of the guild.
const GUILD_WIDE: Permissions = Permissions::KICK_MEMBERS
    .union(Permissions::BAN_MEMBERS)
    .union(Permissions::ADMINISTRATOR)
    .union(Permissions::MANAGE_GUILD)
    .union(Permissions::VIEW_AUDIT_LOG)
    .union(Permissions::CHANGE_NICKNAME)
    .union(Permissions::MANAGE_NICKNAMES)
    .union(Permissions::MANAGE_GUILD_EXPRESSIONS)
    .union(Permissions::CREATE_GUILD_EXPRESSIONS)
    .union(Permissions::MODERATE_MEMBERS);

/// What the bot may do in which channel or guild, and when that was said.
#[derive(Debug, Default)]
pub(crate) struct Allowed(Mutex<HashMap<u64, (Instant, Permissions)>>);

impl Allowed {
    /// Notes what an interaction says.
    pub(crate) fn learn(&self, interaction: &Interaction) {
        let Some(allowed) = interaction.app_permissions else {
            return;
        };
        let now = Instant::now();
        let channel = interaction.channel.as_ref().map(|channel| channel.id.get());
        let guild = interaction.guild_id.map(Id::get);
        let mut known = self.known();
        if known.len() >= MOST {
            known.retain(|_, (said, _)| *said + RECENT > now);
        }
        if known.len() >= MOST {
            known.clear();
        }
        known.extend(
            channel
                .into_iter()
                .chain(guild)
                .map(|id| (id, (now, allowed))),
        );
    }

    /// Returns the bot's permissions in the channel or guild of a path, as far as they answer what is needed.
    pub(crate) fn on<'a>(
        &self,
        mut segments: impl Iterator<Item = &'a str>,
        needed: Permissions,
    ) -> Option<Permissions> {
        let (place, id) = (segments.next()?, segments.next()?);
        let is_said = match place {
            "channels" => true,
            "guilds" => GUILD_WIDE.contains(needed),
            _ => false,
        };
        let known = self.known();
        let (said, allowed) = known.get(&id.parse().ok()?)?;
        (is_said && *said + RECENT > Instant::now()).then_some(*allowed)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<u64, (Instant, Permissions)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
