//! Where an event happened, which is known of an event that nobody has read, too.

use serde::Deserialize;
use twilight_model::gateway::event::EventType;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GenericMarker, GuildMarker, UserMarker};

use crate::event::{Occurrence, channel_id, guild_id, user_id};

/// Where an event happened, or whose it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) guild: Option<Id<GuildMarker>>,
    pub(crate) channel: Option<Id<ChannelMarker>>,
    pub(crate) user: Option<Id<UserMarker>>,
}

impl Place {
    /// Looks where something happened, as far as it was read.
    pub(crate) fn of(occurrence: &Occurrence) -> Self {
        match (occurrence.known_event(), occurrence.text()) {
            (Some(event), _) => Self {
                guild: guild_id(event),
                channel: channel_id(event),
                user: user_id(event),
            },
            (None, Some(text)) => Self::of_data(text.kind(), text.data()),
            (None, None) => Self::default(),
        }
    }

    /// Looks where an event happened that nobody has read. Of those in a guild or in a channel the user is
    /// not looked for.
    pub(crate) fn of_data(kind: EventType, data: &str) -> Self {
        #[derive(Default, Deserialize)]
        struct Ids {
            id: Option<Id<GenericMarker>>,
            guild_id: Option<Id<GuildMarker>>,
            channel_id: Option<Id<ChannelMarker>>,
            user_id: Option<Id<UserMarker>>,
        }

        // Whatever cannot be read happened nowhere.
        let ids: Ids = serde_json::from_str(data).unwrap_or_default();
        let mut place = Self {
            guild: ids.guild_id,
            channel: ids.channel_id,
            user: ids.user_id,
        };
        match kind {
            EventType::GuildCreate
            | EventType::GuildDelete
            | EventType::GuildUpdate
            | EventType::UnavailableGuild => place.guild = ids.id.map(Id::cast),
            EventType::ChannelCreate
            | EventType::ChannelDelete
            | EventType::ChannelUpdate
            | EventType::ThreadCreate
            | EventType::ThreadDelete
            | EventType::ThreadMemberUpdate
            | EventType::ThreadMembersUpdate
            | EventType::ThreadUpdate => place.channel = ids.id.map(Id::cast),
            EventType::UserUpdate => place.user = ids.id.map(Id::cast),
            _ => {}
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use twilight_model::gateway::event::Event;

    use super::*;
    use crate::event::read;

    const TIME: &str = r#""2026-01-01T00:00:00+00:00""#;

    /// Asserts that an event is found in one place, whether it was read or not.
    #[track_caller]
    fn assert_found(kind: EventType, data: &str, guild: u64, channel: u64) {
        let event: Event = read(kind, data).expect("it can be read");
        let read = Place::of(&Occurrence::Event(Arc::new(event)));

        let unread = Place::of_data(kind, data);

        assert_eq!((unread.guild, unread.channel), (read.guild, read.channel));
        assert_eq!(unread.guild.map(Id::get), (guild > 0).then_some(guild));
        let found = unread.channel.map(Id::get);
        assert_eq!(found, (channel > 0).then_some(channel));
    }

    #[test]
    fn what_happens_in_a_channel_is_found_there() {
        let deleted = r#"{"id":"9","channel_id":"2","guild_id":"1"}"#;
        assert_found(EventType::MessageDelete, deleted, 1, 2);
        let direct = r#"{"id":"9","channel_id":"2"}"#;
        assert_found(EventType::MessageDelete, direct, 0, 2);
        let typing = r#"{"channel_id":"2","guild_id":"1","user_id":"3","timestamp":1}"#;
        assert_found(EventType::TypingStart, typing, 1, 2);
        let voice = r#"{"channel_id":null,"guild_id":"1","user_id":"3","session_id":"a","deaf":false,"mute":false,"self_deaf":false,"self_mute":false,"self_video":false,"suppress":false,"request_to_speak_timestamp":null}"#;
        assert_found(EventType::VoiceStateUpdate, voice, 1, 0);
    }

    #[test]
    fn a_guild_is_where_its_own_events_happen() {
        let gone = r#"{"id":"1","unavailable":true}"#;
        assert_found(EventType::GuildDelete, gone, 1, 0);
        assert_found(EventType::GuildCreate, gone, 1, 0);
    }

    #[test]
    fn a_channel_is_where_its_own_events_happen() {
        let channel = r#"{"id":"2","guild_id":"1","type":0,"name":"a","parent_id":"7"}"#;
        assert_found(EventType::ChannelCreate, channel, 1, 2);
        assert_found(EventType::ChannelUpdate, channel, 1, 2);
        assert_found(EventType::ChannelDelete, channel, 1, 2);
        let thread = r#"{"id":"2","guild_id":"1","type":11,"parent_id":"7"}"#;
        assert_found(EventType::ThreadDelete, thread, 1, 2);
        assert_found(EventType::ThreadCreate, thread, 1, 2);
        assert_found(EventType::ThreadUpdate, thread, 1, 2);
        let member = format!(
            r#"{{"id":"2","guild_id":"1","user_id":"3","join_timestamp":{TIME},"flags":0}}"#
        );
        assert_found(EventType::ThreadMemberUpdate, &member, 1, 2);
        let members = r#"{"id":"2","guild_id":"1","member_count":1}"#;
        assert_found(EventType::ThreadMembersUpdate, members, 1, 2);
    }

    #[test]
    fn what_happens_in_no_place_is_somebodys() {
        let user = r#"{"id":"3","username":"a","discriminator":"0","avatar":null}"#;
        let place = Place::of_data(EventType::UserUpdate, user);
        assert_eq!(place.user.map(Id::get), Some(3));
        let place = Place::of_data(EventType::SubscriptionCreate, r#"{"user_id":"3"}"#);
        assert_eq!(place.user.map(Id::get), Some(3));
    }

    #[test]
    fn what_cannot_be_read_happens_nowhere() {
        for data in ["", "[]", r#"{"guild_id":0}"#, r#"{"channel_id":"x"}"#] {
            let place = Place::of_data(EventType::MessageCreate, data);
            assert_eq!(place, Place::default(), "{data}");
        }
    }
}
