//! What the bot may do where, as far as it was told lately.
//!
//! Every interaction says so of its channel, and so of its guild. (Discord: Interaction Structure, `app_permissions`.)

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use twilight_model::application::interaction::Interaction;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;

/// How many channels and guilds are remembered.
const MOST: usize = 1024;

/// What the bot may do in which channel or guild.
#[derive(Debug, Default)]
pub(crate) struct Allowed(Mutex<HashMap<u64, Permissions>>);

impl Allowed {
    /// Notes what an interaction says.
    pub(crate) fn learn(&self, interaction: &Interaction) {
        let Some(allowed) = interaction.app_permissions else {
            return;
        };
        let channel = interaction.channel.as_ref().map(|channel| channel.id.get());
        let guild = interaction.guild_id.map(Id::get);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.extend(channel.into_iter().chain(guild).map(|id| (id, allowed)));
    }

    /// Returns what the bot may do in the channel or guild that a path is of.
    pub(crate) fn on<'a>(
        &self,
        mut segments: impl Iterator<Item = &'a str>,
    ) -> Option<Permissions> {
        let ("channels" | "guilds", id) = (segments.next()?, segments.next()?) else {
            return None;
        };
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&id.parse().ok()?).copied()
    }
}
