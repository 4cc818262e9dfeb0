//! Members whom events name in passing: whoever writes, reacts, types, is heard, or uses the bot.
//!
//! When Discord tells of a guild it names few of its members, unless it tells of presences: most are known by
//! what they do. (Discord: Gateway Events, Guild Create.)

use twilight_model::gateway::event::Event;
use twilight_model::guild::{Member, PartialMember};
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;
use twilight_model::user::User;

use crate::cache::Shelves;

/// A member as an event names them.
enum Named<'a> {
    Whole(&'a Member),
    /// Beside the user that they are.
    Beside(&'a PartialMember, &'a User),
}

impl Shelves {
    /// Takes in the member whom an event names, unless they are known.
    ///
    /// Of whoever is known each change is told, since members are kept with the intent that brings that. What
    /// an event says of them in passing is no newer, and may say less: it is let be. Nor is anybody taken
    /// in of a guild that the bot is not in, where people use it as an app of their own: of those nothing is
    /// told later.
    pub(crate) fn take_named(&self, event: &Event) {
        let Some(members) = self.shelf::<Member>() else {
            return;
        };
        let Some((guild, named)) = named(event) else {
            return;
        };
        let key = (guild, named.user().id);
        // A guild that the bot is in has the bot as a member, who is always named.
        if members.has_place(guild) && !members.has(key) {
            self.put((guild, key), || named.to_member());
        }
    }
}

/// Returns whom an event names as a member, and of which guild.
fn named(event: &Event) -> Option<(Id<GuildMarker>, Named<'_>)> {
    match event {
        Event::MessageCreate(created) => {
            let member = created.member.as_ref()?;
            Some((created.guild_id?, Named::Beside(member, &created.author)))
        }
        Event::MessageUpdate(update) => {
            let member = update.member.as_ref()?;
            Some((update.guild_id?, Named::Beside(member, &update.author)))
        }
        Event::InteractionCreate(created) => {
            let member = created.member.as_ref()?;
            let user = member.user.as_ref()?;
            Some((created.guild_id?, Named::Beside(member, user)))
        }
        Event::ReactionAdd(added) => Some((added.guild_id?, Named::Whole(added.member.as_ref()?))),
        Event::TypingStart(typing) => {
            Some((typing.guild_id?, Named::Whole(typing.member.as_ref()?)))
        }
        // Whoever leaves the guild leaves its voice channels, which may be told after they are gone.
        Event::VoiceStateUpdate(state) if state.channel_id.is_some() => {
            Some((state.guild_id?, Named::Whole(state.member.as_ref()?)))
        }
        _ => None,
    }
}

impl Named<'_> {
    fn user(&self) -> &User {
        match self {
            Self::Whole(member) => &member.user,
            Self::Beside(_, user) => user,
        }
    }

    fn to_member(&self) -> Member {
        match *self {
            Self::Whole(member) => member.clone(),
            Self::Beside(member, user) => Member {
                avatar: member.avatar,
                avatar_decoration_data: member.avatar_decoration_data.clone(),
                banner: member.banner,
                communication_disabled_until: member.communication_disabled_until,
                deaf: member.deaf,
                flags: member.flags,
                joined_at: member.joined_at,
                mute: member.mute,
                nick: member.nick.clone(),
                // Whoever is may not write. (Discord: Guild Resource, Membership Screening Object.)
                pending: false,
                premium_since: member.premium_since,
                roles: member.roles.clone(),
                user: user.clone(),
            },
        }
    }
}
