//! The world: users, one guild with its channels, roles and members, and their messages.

mod rights;
mod things;

pub(crate) use self::things::{
    Ban, Channel, Guild, LAYOUT, Member, Mentions, Message, Reaction, Role, User, Voice, Webhook,
};

use std::time::{Duration, SystemTime};

use serde_json::json;
use tokio::time::Instant;
use twilight_model::guild::Permissions;
use twilight_model::util::Timestamp;

use crate::clock::Clock;
use crate::testing::changes::Around;
use crate::testing::world::rights::usual_permissions;

/// The bot's name.
pub(crate) const BOT: &str = "bot";

/// Any id of Discord's: its kind is known where it is used.
pub(crate) type Id = u64;

/// When simulated time starts unless a test says otherwise: 2026-01-01 00:00:00 UTC, in seconds since 1970.
const START: Duration = Duration::from_secs(1_767_225_600);
/// When ids begin to count. (Discord: Reference, Snowflakes.)
pub(crate) const DISCORD_EPOCH: u64 = 1_420_070_400_000;

/// Returns when simulated time starts unless a test says otherwise.
pub(crate) fn usual_beginning() -> SystemTime {
    SystemTime::UNIX_EPOCH + START
}

/// Everything that exists on the simulated Discord.
pub(crate) struct World {
    started: Instant,
    /// The time here. The machine's clock is never read.
    pub(crate) clock: Clock,
    latest: Id,
    pub(crate) application: Id,
    pub(crate) bot: Id,
    pub(crate) users: Vec<User>,
    pub(crate) guild: Guild,
    /// The channel that people write in by default.
    pub(crate) general: Id,
    /// The channels of the guild, and those of direct messages.
    pub(crate) channels: Vec<Channel>,
    pub(crate) messages: Vec<Message>,
    pub(crate) around: Around,
    /// The bot's voice channel.
    pub(crate) voice: Option<Voice>,
    pub(crate) webhooks: Vec<Webhook>,
}

impl World {
    /// Creates a guild with the bot, its owner, and the channel `general`.
    pub(crate) fn new(begins_at: SystemTime) -> Self {
        let started = Instant::now();
        let mut world = Self {
            started,
            clock: Clock::Set {
                time: begins_at,
                at: started,
            },
            latest: 0,
            application: 0,
            bot: 0,
            users: Vec::new(),
            guild: Guild {
                id: 0,
                name: "Simulated".to_owned(),
                owner: 0,
                roles: Vec::new(),
                members: Vec::new(),
                bans: Vec::new(),
            },
            general: 0,
            channels: Vec::new(),
            messages: Vec::new(),
            around: Around::default(),
            voice: None,
            webhooks: Vec::new(),
        };
        world.application = world.next_id();
        world.guild.id = world.next_id();
        // The role of everybody has the guild's id. (Discord: Permissions, Role Object.)
        let everyone = world.guild.id;
        world.add_role(everyone, "@everyone", usual_permissions());
        world.guild.owner = world.add_user("owner", false);
        world.add_member(world.guild.owner);
        world.bot = world.add_user(BOT, true);
        world.add_member(world.bot);
        let role = world.next_id();
        world.add_role(role, "bot", Permissions::all());
        if let Some(bot) = world.guild.members.last_mut() {
            bot.roles.push(role);
        }
        let general = Channel {
            name: "general".to_owned(),
            ..world.new_channel()
        };
        world.general = general.id;
        world.channels.push(general);
        world
    }

    /// Returns the simulator's time.
    pub(crate) fn now(&self) -> Timestamp {
        let micros = (self.millis() * 1_000).cast_signed();
        Timestamp::from_micros(micros)
            .unwrap_or_else(|_| unreachable!("not that far in the future"))
    }

    /// Creates an id, as Discord would at this time: later ones are larger.
    pub(crate) fn next_id(&mut self) -> Id {
        let of_now = (self.millis() - DISCORD_EPOCH) << 22;
        self.latest = of_now.max(self.latest + 1);
        self.latest
    }

    /// Creates an id of some time ago, for something that was there all the time.
    pub(crate) fn earlier_id(&self, ago: Duration) -> Id {
        let ago = u64::try_from(ago.as_millis()).unwrap_or(u64::MAX);
        let since = (self.millis() - DISCORD_EPOCH).saturating_sub(ago).max(1);
        let mut id = since << 22;
        while self.messages.iter().any(|message| message.id == id) {
            id += 1;
        }
        id
    }

    /// Returns how long ago an id was created, in milliseconds.
    pub(crate) fn age(&self, id: Id) -> u64 {
        self.millis().saturating_sub((id >> 22) + DISCORD_EPOCH)
    }

    /// Returns how long the simulator has run.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Returns the simulator's time, in milliseconds since 1970.
    pub(crate) fn millis(&self) -> u64 {
        let since = self.clock.now().duration_since(SystemTime::UNIX_EPOCH);
        let millis = since.unwrap_or_default().as_millis();
        u64::try_from(millis).unwrap_or(u64::MAX / 2_000)
    }

    /// Returns the user with a name, who is added if there is none.
    pub(crate) fn add_user(&mut self, name: &str, is_bot: bool) -> Id {
        if let Some(user) = self.users.iter().find(|user| user.name == name) {
            return user.id;
        }
        let id = self.next_id();
        self.users.push(User {
            id,
            name: name.to_owned(),
            is_bot,
            is_closed: false,
        });
        id
    }

    pub(crate) fn add_member(&mut self, user: Id) {
        if self.member(user).is_none() {
            let joined = self.now();
            self.guild.members.push(Member {
                user,
                nick: None,
                roles: Vec::new(),
                joined,
                silent_until: None,
            });
        }
    }

    /// Creates a channel, without adding it.
    pub(crate) fn new_channel(&mut self) -> Channel {
        Channel {
            id: self.next_id(),
            name: String::new(),
            topic: None,
            is_nsfw: false,
            slow_mode: 0,
            position: 0,
            recipient: None,
            is_voice: false,
        }
    }

    /// Adds a webhook, which posts in a channel of its own.
    pub(crate) fn add_webhook(&mut self, id: Id, token: &str, channel: &str) {
        let named = Channel {
            name: channel.to_owned(),
            ..self.new_channel()
        };
        self.users.push(User {
            id,
            name: format!("webhook {id}"),
            is_bot: true,
            is_closed: false,
        });
        self.webhooks.push(Webhook {
            id,
            token: token.to_owned(),
            channel: named.id,
        });
        self.channels.push(named);
    }

    /// Adds a voice channel to the guild.
    pub(crate) fn add_voice_channel(&mut self, name: &str) {
        let channel = Channel {
            name: name.to_owned(),
            is_voice: true,
            ..self.new_channel()
        };
        self.channels.push(channel);
    }

    /// Creates a message, without adding it.
    pub(crate) fn new_message(&mut self, channel: Id, author: Id, content: String) -> Message {
        Message {
            id: self.next_id(),
            channel,
            author,
            content,
            edited: None,
            mentions: Mentions::default(),
            embeds: json!([]),
            attachments: json!([]),
            components: json!([]),
            answers: None,
            flags: 0,
            is_pinned: false,
            reactions: Vec::new(),
            nonce: serde_json::Value::Null,
            is_spoken: false,
            only_for: None,
            interaction: None,
        }
    }

    /// Returns the conversation between a user and the bot, which is created if there is none.
    pub(crate) fn conversation(&mut self, user: Id) -> Id {
        let known = self
            .channels
            .iter()
            .find(|channel| channel.recipient == Some(user));
        if let Some(channel) = known {
            return channel.id;
        }
        let channel = Channel {
            recipient: Some(user),
            ..self.new_channel()
        };
        let id = channel.id;
        self.channels.push(channel);
        id
    }

    fn add_role(&mut self, id: Id, name: &str, permissions: Permissions) {
        let position = i64::try_from(self.guild.roles.len()).unwrap_or(i64::MAX);
        self.guild.roles.push(Role {
            id,
            name: name.to_owned(),
            permissions,
            position,
        });
    }

    /// Adds a role above those of people, and below those of the bot. Returns its id.
    pub(crate) fn add_role_of_people(&mut self, name: &str, permissions: Permissions) -> Id {
        let id = self.next_id();
        let own = self.member(self.bot).map(|bot| bot.roles.clone());
        let own = own.unwrap_or_default();
        let (of_bot, others): (Vec<_>, _) = std::mem::take(&mut self.guild.roles)
            .into_iter()
            .partition(|role| own.contains(&role.id));
        self.guild.roles = others;
        self.add_role(id, name, permissions);
        for role in of_bot {
            self.add_role(role.id, &role.name, role.permissions);
        }
        id
    }

    pub(crate) fn user(&self, id: Id) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// Returns a user's name in the transcript.
    pub(crate) fn name(&self, id: Id) -> String {
        self.user(id)
            .map_or_else(|| id.to_string(), |user| user.name.clone())
    }

    pub(crate) fn role(&self, id: Id) -> Option<&Role> {
        self.guild.roles.iter().find(|role| role.id == id)
    }

    pub(crate) fn is_banned(&self, user: Id) -> bool {
        self.guild.bans.iter().any(|ban| ban.user == user)
    }

    pub(crate) fn member(&self, user: Id) -> Option<&Member> {
        self.guild.members.iter().find(|member| member.user == user)
    }

    pub(crate) fn member_mut(&mut self, user: Id) -> Option<&mut Member> {
        self.guild
            .members
            .iter_mut()
            .find(|member| member.user == user)
    }

    pub(crate) fn channel(&self, id: Id) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.id == id)
    }

    pub(crate) fn channel_mut(&mut self, id: Id) -> Option<&mut Channel> {
        self.channels.iter_mut().find(|channel| channel.id == id)
    }

    /// Returns the guild of a channel, or `None` for conversations with the bot.
    pub(crate) fn guild_of(&self, channel: Id) -> Option<Id> {
        let is_direct = self.channel(channel)?.recipient.is_some();
        (!is_direct).then_some(self.guild.id)
    }

    pub(crate) fn message(&self, channel: Id, id: Id) -> Option<&Message> {
        let mut messages = self.messages.iter();
        messages.find(|message| message.id == id && message.channel == channel)
    }

    pub(crate) fn message_mut(&mut self, channel: Id, id: Id) -> Option<&mut Message> {
        let mut messages = self.messages.iter_mut();
        messages.find(|message| message.id == id && message.channel == channel)
    }

    /// Returns whom a text mentions. A reply also mentions the author that it replies to.
    pub(crate) fn mentions(&self, content: &str, answered: Option<Id>) -> Mentions {
        let named = |id: Id, signs: &[&str]| {
            let mut signs = signs.iter();
            signs.any(|sign| content.contains(&format!("<{sign}{id}>")))
        };
        let users = self.users.iter().map(|user| user.id);
        let roles = self.guild.roles.iter().map(|role| role.id);
        Mentions {
            users: users
                .filter(|id| named(*id, &["@", "@!"]) || answered == Some(*id))
                .collect(),
            roles: roles.filter(|id| named(*id, &["@&"])).collect(),
            everyone: content.contains("@everyone") || content.contains("@here"),
        }
    }
}
