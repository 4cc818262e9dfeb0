//! Members whom events name in passing: those who write, react, type, join voice channels or use the bot.
//!
//! When Discord sends a guild, it names few members, unless it sends presences: most become known by what
//! they do. (Discord: Gateway Events, Guild Create.)

use twilight_model::gateway::event::Event;
use twilight_model::guild::{Member, PartialMember};
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;
use twilight_model::user::User;

use crate::cache::Shelves;

/// A member as an event names them.
enum Named<'a> {
    Whole(&'a Member),
    /// Beside their user.
    Beside(&'a PartialMember, &'a User),
}

impl Shelves {
    /// Adds the member whom an event names, unless they are known.
    ///
    /// Of known members the bot gets each change, since members are kept with the intent for that. What an
    /// event says of them in passing is no newer, and may be less complete: it is ignored. Nor are members
    /// added of a guild that the bot is not in, where people use it as an app of their own: the bot would
    /// get no later changes.
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

/// Returns the member whom an event names, and their guild.
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
        // A member who leaves the guild leaves its voice channels, an event which may come afterwards.
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
                // Pending members may not write. (Discord: Guild Resource, Membership Screening Object.)
                pending: false,
                premium_since: member.premium_since,
                roles: member.roles.clone(),
                user: user.clone(),
            },
        }
    }
}
