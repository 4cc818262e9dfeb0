//! Processing events: what each changes in the cache.

use twilight_model::channel::{Channel, Message};
use twilight_model::gateway::ShardId;
use twilight_model::gateway::event::Event;
use twilight_model::gateway::payload::incoming::{
    ChannelPinsUpdate, GuildCreate, GuildDelete, GuildUpdate, MemberChunk, MemberUpdate,
    MessageDeleteBulk, Ready, ThreadListSync,
};
use twilight_model::gateway::presence::{Presence, Status};
use twilight_model::guild::{Guild as WholeGuild, Member, MemberFlags, Role};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, UserMarker};
use twilight_model::voice::VoiceState;

use crate::cache::{BulkDeleted, Cacheable, Deleted, Guild, Shelves, Updated};
use crate::event::Change;

/// The changes by an event that listeners may want.
type Changes = Vec<Change>;

impl Shelves {
    /// Processes an event. Returns what it changed.
    pub(crate) fn take_in(&self, event: &Event, shard: ShardId) -> Changes {
        self.take_named(event);
        match event {
            Event::Ready(ready) => self.begin_session(ready, shard),
            Event::GuildCreate(created) => self.take_guild(created),
            Event::GuildUpdate(update) => self.update_guild(update),
            Event::GuildDelete(deleted) => self.delete_guild(deleted),
            Event::RoleCreate(created) => {
                self.put_silently(created.guild_id, created.role.id, &created.role)
            }
            Event::RoleUpdate(update) => {
                self.update((update.guild_id, update.role.id), || update.role.clone())
            }
            Event::RoleDelete(deleted) => self.delete::<Role>(deleted.role_id),
            Event::VoiceStateUpdate(update) => self.update_voice(&update.0),
            Event::PresenceUpdate(update) => self.update_presence(&update.0),
            _ => self
                .take_of_channels(event)
                .or_else(|| self.take_of_members(event))
                .or_else(|| self.take_of_messages(event))
                .unwrap_or_default(),
        }
    }

    /// Processes events of channels and threads.
    fn take_of_channels(&self, event: &Event) -> Option<Changes> {
        Some(match event {
            Event::ChannelCreate(created) => self.put_channel(&created.0),
            Event::ThreadCreate(created) => self.put_channel(&created.0),
            Event::ChannelUpdate(update) => self.update_channel(&update.0),
            Event::ThreadUpdate(update) => self.update_thread(&update.0),
            Event::ChannelPinsUpdate(update) => self.update_pins(update),
            Event::ChannelDelete(deleted) => self.delete_channel(deleted.id, deleted.guild_id),
            Event::ThreadDelete(deleted) => self.delete_channel(deleted.id, Some(deleted.guild_id)),
            Event::ThreadListSync(sync) => self.sync_threads(sync),
            _ => return None,
        })
    }

    /// Processes events of members.
    fn take_of_members(&self, event: &Event) -> Option<Changes> {
        Some(match event {
            Event::MemberAdd(added) => {
                let key = (added.guild_id, added.user.id);
                self.count_member(added.guild_id, 1);
                self.put_silently(added.guild_id, key, &added.member)
            }
            Event::MemberUpdate(update) => self.update_member(update),
            Event::MemberRemove(removed) => {
                let key = (removed.guild_id, removed.user.id);
                self.count_member(removed.guild_id, -1);
                if let Some(presences) = self.shelf::<Presence>() {
                    presences.take(key);
                }
                self.delete::<Member>(key)
            }
            Event::MemberChunk(chunk) => self.take_chunk(chunk),
            _ => return None,
        })
    }

    /// Processes events of messages.
    fn take_of_messages(&self, event: &Event) -> Option<Changes> {
        Some(match event {
            Event::MessageCreate(created) => {
                let message = &created.message;
                self.put_silently(message.channel_id, message.id, message)
            }
            Event::MessageUpdate(update) => {
                self.update((update.channel_id, update.id), || update.0.clone())
            }
            Event::MessageDelete(deleted) => self.delete::<Message>(deleted.id),
            Event::MessageDeleteBulk(deleted) => self.delete_messages(deleted),
            _ => return None,
        })
    }

    /// A new session sends its guilds anew, and nothing that was missed before.
    fn begin_session(&self, ready: &Ready, shard: ShardId) -> Changes {
        let is_named = |guild: Id<GuildMarker>| ready.guilds.iter().any(|named| named.id == guild);
        let is_gone = |guild: Id<GuildMarker>| is_of(shard, guild) && !is_named(guild);
        self.guilds.take_where(|guild, _| is_gone(*guild));
        self.channels.take_where(|guild, _| is_gone(*guild));
        self.roles.take_where(|guild, _| is_gone(*guild));
        self.members.take_where(|guild, _| is_gone(*guild));
        self.voice_states
            .take_where(|guild, _| is_of(shard, *guild));
        self.presences.take_where(|guild, _| is_of(shard, *guild));
        // Direct messages come over the first shard. (Discord: Gateway, Sharding.)
        self.messages
            .take_where(|_, message| match message.guild_id {
                Some(guild) => is_of(shard, guild),
                None => shard.number() == 0,
            });
        for guild in &ready.guilds {
            self.set_available(guild.id, false);
        }
        Changes::new()
    }

    fn take_guild(&self, created: &GuildCreate) -> Changes {
        match created {
            GuildCreate::Available(guild) => self.fill(guild),
            GuildCreate::Unavailable(guild) => self.set_available(guild.id, false),
        }
        Changes::new()
    }

    /// Replaces all data of a guild by what Discord sends of it.
    fn fill(&self, guild: &WholeGuild) {
        let id = guild.id;
        if let Some(guilds) = self.shelf::<Guild>() {
            guilds.replace(id, [(id, Guild::of(guild))]);
        }
        if let Some(channels) = self.shelf::<Channel>() {
            let all = guild.channels.iter().chain(&guild.threads);
            channels.replace(id, all.map(|channel| (channel.id, channel.clone())));
        }
        if let Some(roles) = self.shelf::<Role>() {
            let all = guild.roles.iter();
            roles.replace(id, all.map(|role| (role.id, role.clone())));
        }
        if let Some(members) = self.shelf::<Member>() {
            let all = guild.members.iter();
            members.replace(id, all.map(|member| ((id, member.user.id), member.clone())));
        }
        if let Some(voice_states) = self.shelf::<VoiceState>() {
            let all = guild.voice_states.iter();
            let all = all.filter(|state| state.channel_id.is_some());
            voice_states.replace(id, all.map(|state| ((id, state.user_id), state.clone())));
        }
        if let Some(presences) = self.shelf::<Presence>() {
            let all = guild.presences.iter().filter(|presence| is_there(presence));
            presences.replace(
                id,
                all.map(|presence| ((id, presence.user.id()), presence.clone())),
            );
        }
    }

    fn update_guild(&self, update: &GuildUpdate) -> Changes {
        let before = self.guilds.get(update.id);
        self.update((update.id, update.id), || {
            Guild::updated(&update.0, before.as_deref())
        })
    }

    /// In an outage the data stays. Otherwise the bot was removed, and all of it goes.
    fn delete_guild(&self, deleted: &GuildDelete) -> Changes {
        let guild = deleted.id;
        if deleted.unavailable == Some(true) {
            self.set_available(guild, false);
            return Changes::new();
        }
        self.channels.take_all(guild);
        self.roles.take_all(guild);
        self.members.take_all(guild);
        self.voice_states.take_all(guild);
        self.presences.take_all(guild);
        self.messages
            .take_where(|_, message| message.guild_id == Some(guild));
        self.delete::<Guild>(guild)
    }

    fn set_available(&self, guild: Id<GuildMarker>, is_available: bool) {
        self.guilds
            .edit(guild, |guild| guild.is_available = is_available);
    }

    /// Updates the number of members of a guild, where each change is sent.
    fn count_member(&self, guild: Id<GuildMarker>, by: i64) {
        if self.shelf::<Member>().is_some() {
            self.guilds.edit(guild, |guild| {
                let count = guild.member_count;
                guild.member_count = count.map(|count| count.saturating_add_signed(by));
            });
        }
    }

    /// Inserts a channel of a guild. Those of direct messages are not sent reliably.
    fn put_channel(&self, channel: &Channel) -> Changes {
        match channel.guild_id {
            Some(guild) => self.put_silently(guild, channel.id, channel),
            None => Changes::new(),
        }
    }

    fn update_channel(&self, channel: &Channel) -> Changes {
        match channel.guild_id {
            Some(guild) => self.update((guild, channel.id), || channel.clone()),
            None => Changes::new(),
        }
    }

    /// Archived threads are removed: Discord sends no more of them, and there are as many as there ever
    /// were.
    fn update_thread(&self, thread: &Channel) -> Changes {
        let changes = self.update_channel(thread);
        let metadata = thread.thread_metadata.as_ref();
        if metadata.is_some_and(|metadata| metadata.archived) {
            self.channels.take(thread.id);
        }
        changes
    }

    fn update_pins(&self, update: &ChannelPinsUpdate) -> Changes {
        self.channels.edit(update.channel_id, |channel| {
            channel.last_pin_timestamp = update.last_pin_timestamp;
        });
        Changes::new()
    }

    /// Removes a channel, its messages, and its threads with theirs as far as channels are kept: Discord
    /// sends nothing of those, and messages do not say whose thread they are in.
    fn delete_channel(&self, id: Id<ChannelMarker>, guild: Option<Id<GuildMarker>>) -> Changes {
        if guild.is_some() {
            let is_within =
                |channel: &Channel| channel.kind.is_thread() && channel.parent_id == Some(id);
            let channels = guild.map(|guild| self.channels.within(guild));
            let threads = channels.into_iter().flatten();
            for thread in threads.filter(|channel| is_within(channel)) {
                self.channels.take(thread.id);
                self.messages.take_all(thread.id);
            }
        }
        self.messages.take_all(id);
        self.delete::<Channel>(id)
    }

    /// Replaces the threads of some channels, or of all. (Discord: Gateway Events, Thread List Sync.)
    fn sync_threads(&self, sync: &ThreadListSync) -> Changes {
        let Some(channels) = self.shelf::<Channel>() else {
            return Changes::new();
        };
        let is_synced = |channel: &Channel| {
            let parents = &sync.channel_ids;
            let is_meant = |parent| parents.is_empty() || parents.contains(&parent);
            channel.kind.is_thread() && channel.parent_id.is_some_and(is_meant)
        };
        let known = channels.within(sync.guild_id).into_iter();
        for outdated in known.filter(|channel| is_synced(channel)) {
            channels.take(outdated.id);
        }
        for thread in &sync.threads {
            let mut thread = thread.clone();
            thread.guild_id = Some(sync.guild_id);
            channels.put(sync.guild_id, thread.id, thread.into());
        }
        Changes::new()
    }

    fn update_member(&self, update: &MemberUpdate) -> Changes {
        let key = (update.guild_id, update.user.id);
        let before = self.members.get(key);
        self.update((update.guild_id, key), || merged(update, before.as_deref()))
    }

    fn take_chunk(&self, chunk: &MemberChunk) -> Changes {
        let guild = chunk.guild_id;
        for member in &chunk.members {
            self.put_silently(guild, (guild, member.user.id), member);
        }
        for presence in chunk.presences.iter().filter(|presence| is_there(presence)) {
            self.put_silently(guild, (guild, presence.user.id()), presence);
        }
        Changes::new()
    }

    fn delete_messages(&self, deleted: &MessageDeleteBulk) -> Changes {
        let Some(messages) = self.shelf::<Message>() else {
            return Changes::new();
        };
        let gone = deleted.ids.iter().map(|id| Deleted {
            key: *id,
            value: messages.take(*id),
        });
        vec![Box::new(BulkDeleted {
            channel_id: deleted.channel_id,
            guild_id: deleted.guild_id,
            messages: gone.collect(),
        })]
    }

    /// A user in no channel is not kept, but is told to listeners.
    fn update_voice(&self, state: &VoiceState) -> Changes {
        let Some(guild) = state.guild_id else {
            return Changes::new();
        };
        self.update_or_forget(guild, state.user_id, state, state.channel_id.is_none())
    }

    /// The same goes for a user who is offline.
    fn update_presence(&self, presence: &Presence) -> Changes {
        let (guild, user) = (presence.guild_id, presence.user.id());
        self.update_or_forget(guild, user, presence, !is_there(presence))
    }

    fn update_or_forget<T>(
        &self,
        guild: Id<GuildMarker>,
        user: Id<UserMarker>,
        value: &T,
        is_gone: bool,
    ) -> Changes
    where
        T: Cacheable<Key = (Id<GuildMarker>, Id<UserMarker>), Place = Id<GuildMarker>>,
    {
        let key = (guild, user);
        let before = T::shelf(self).get(key);
        let mut changes = self.update((guild, key), || value.clone());
        if is_gone && !changes.is_empty() {
            T::shelf(self).take(key);
            changes.push(Box::new(Deleted { key, value: before }));
        }
        changes
    }

    /// Inserts a new value, which is no change of anything.
    fn put_silently<T: Cacheable>(&self, place: T::Place, key: T::Key, value: &T) -> Changes {
        self.put((place, key), || value.clone());
        Changes::new()
    }

    fn update<T: Cacheable>(
        &self,
        (place, key): (T::Place, T::Key),
        value: impl FnOnce() -> T,
    ) -> Changes {
        let Some((after, before)) = self.put((place, key), value) else {
            return Changes::new();
        };
        vec![Box::new(Updated { key, before, after })]
    }

    fn delete<T: Cacheable>(&self, key: T::Key) -> Changes {
        let Some(kept) = self.shelf::<T>() else {
            return Changes::new();
        };
        let value = kept.take(key);
        vec![Box::new(Deleted::<T> { key, value })]
    }
}

/// Merges a change of a member into what was known. What Discord leaves out for a member who was not known
/// is taken as unset: not deafened, not muted, no flags. (Discord: Gateway Events, Guild Member Update.)
fn merged(update: &MemberUpdate, before: Option<&Member>) -> Member {
    let was = |is: fn(&Member) -> bool| before.is_some_and(is);
    let flags = before.map_or(MemberFlags::empty(), |before| before.flags);
    Member {
        avatar: update.avatar,
        avatar_decoration_data: before.and_then(|before| before.avatar_decoration_data.clone()),
        banner: before.and_then(|before| before.banner),
        communication_disabled_until: update.communication_disabled_until,
        deaf: update.deaf.unwrap_or_else(|| was(|before| before.deaf)),
        flags: update.flags.unwrap_or(flags),
        joined_at: update
            .joined_at
            .or_else(|| before.and_then(|before| before.joined_at)),
        mute: update.mute.unwrap_or_else(|| was(|before| before.mute)),
        nick: update.nick.clone(),
        pending: update.pending,
        premium_since: update.premium_since,
        roles: update.roles.clone(),
        user: update.user.clone(),
    }
}

/// Returns whether somebody is visible to others.
fn is_there(presence: &Presence) -> bool {
    !matches!(presence.status, Status::Offline | Status::Invisible)
}

/// Returns whether a guild belongs to a shard. (Discord: Gateway, Sharding.)
fn is_of(shard: ShardId, guild: Id<GuildMarker>) -> bool {
    (guild.get() >> 22) % u64::from(shard.total()) == u64::from(shard.number())
}
