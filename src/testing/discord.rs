//! The simulated Discord as a whole: its world, its connections, and what has happened.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;
use twilight_model::gateway::{Intents, ShardId};
use twilight_model::oauth::ApplicationFlags;

use crate::testing::backlog::Backlog;
use crate::testing::changes::Standing;
use crate::testing::gateway::{Hub, Replay, Starts};
use crate::testing::intents::{blank_content, needed};
use crate::testing::interactions::Interaction;
use crate::testing::modals::Modal;
use crate::testing::rest::{Delay, Faults, Limits, RequestRecord};
use crate::testing::sessions::{Outgoing, Session};
use crate::testing::transcript::Happening;
use crate::testing::world::{Id, Message, World, usual_beginning};

/// The simulated Discord.
pub(crate) struct Discord {
    state: Mutex<State>,
    /// Notified when something happened that a task may wait for.
    pub(crate) changed: Notify,
}

/// What the lock of a [`Discord`] guards.
pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) rules: Rules,
    pub(crate) sessions: Vec<Session>,
    pub(crate) gateway: Hub,
    pub(crate) happened: Vec<Happening>,
    /// When each of `happened` did.
    pub(crate) times: Vec<Duration>,
    pub(crate) backlog: Backlog,
    /// How many requests are not yet fully answered.
    pub(crate) requests: usize,
    /// Requests that the simulator does not know.
    pub(crate) unmodelled: Vec<String>,
    /// Every request, answered or not.
    pub(crate) records: Vec<RequestRecord>,
    pub(crate) faults: Faults,
    pub(crate) limits: Limits,
    pub(crate) delays: Vec<Delay>,
    pub(crate) interactions: Vec<Interaction>,
    /// The modals that are shown to people.
    pub(crate) modals: Vec<Modal>,
    /// The suggestions for the option that was typed last.
    pub(crate) completions: Vec<String>,
    /// The commands, each with its guild, or `None` for global ones.
    pub(crate) commands: Vec<(Option<Id>, Value)>,
    /// Whether the bot has ended, so that nothing more will be dealt with.
    pub(crate) bot_has_ended: bool,
    /// Where the gateway listens.
    pub(crate) gateway_url: String,
    /// When all members of the guild were last requested and sent.
    pub(crate) told_of_all_members: Option<Instant>,
}

/// The rules that a test sets.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) token: String,
    /// What time it is at first.
    pub(crate) begins_at: SystemTime,
    pub(crate) shards: u32,
    pub(crate) refuses_privileged: bool,
    /// How many guilds Discord says the bot is in.
    pub(crate) guilds: u32,
    /// Where interactions are sent instead of the gateway.
    pub(crate) interactions_endpoint: Option<String>,
}

impl Rules {
    pub(crate) fn new(token: &str) -> Self {
        Self {
            token: token.to_owned(),
            begins_at: usual_beginning(),
            shards: 1,
            refuses_privileged: false,
            guilds: 1,
            interactions_endpoint: None,
        }
    }

    /// Returns the flags of the application. (Discord: Application, Application Flags.)
    pub(crate) fn application_flags(&self) -> ApplicationFlags {
        if self.refuses_privileged {
            return ApplicationFlags::empty();
        }
        ApplicationFlags::GATEWAY_PRESENCE_LIMITED
            | ApplicationFlags::GATEWAY_GUILD_MEMBERS_LIMITED
            | ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED
    }
}

impl Discord {
    pub(crate) fn new(rules: Rules, gateway_url: String) -> Self {
        let starts = Starts::new(rules.shards);
        Self {
            state: Mutex::new(State {
                world: World::new(rules.begins_at),
                rules,
                sessions: Vec::new(),
                gateway: Hub::new(starts),
                happened: Vec::new(),
                times: Vec::new(),
                backlog: Backlog::default(),
                requests: 0,
                unmodelled: Vec::new(),
                records: Vec::new(),
                faults: Faults::default(),
                limits: Limits::default(),
                delays: Vec::new(),
                interactions: Vec::new(),
                modals: Vec::new(),
                completions: Vec::new(),
                commands: Vec::new(),
                bot_has_ended: false,
                gateway_url,
                told_of_all_members: None,
            }),
            changed: Notify::new(),
        }
    }

    /// Looks at the state, or changes it, and notifies those who wait.
    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        let result = look(&mut self.lock());
        self.changed.notify_waiters();
        result
    }

    /// Looks at the state without notifying anybody.
    pub(crate) fn with_quietly<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.lock())
    }

    /// Changes a part of the state that nobody waits for.
    pub(crate) fn change_quietly<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A test that panicked while it looked has failed already.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Notes what happened.
    pub(crate) fn note(&mut self, happening: Happening) {
        self.times.push(self.world.elapsed());
        self.happened.push(happening);
    }

    /// Sends an event of the guild to the shard that the guild belongs to.
    pub(crate) fn tell_guild(&mut self, name: &'static str, mut data: Value) {
        data["guild_id"] = json!(self.world.guild.id.to_string());
        self.tell(name, true, &data);
    }

    /// Sends an event of a channel, be it one of the guild or a conversation with the bot.
    pub(crate) fn tell_channel(&mut self, name: &'static str, channel: Id, mut data: Value) {
        let guild = self.world.guild_of(channel);
        if let Some(guild) = guild {
            data["guild_id"] = json!(guild.to_string());
        }
        self.tell(name, guild.is_some(), &data);
    }

    /// Sends an event about a message, with the content that each session may see.
    pub(crate) fn tell_message(&mut self, name: &'static str, message: &Message) {
        let data = self.world.message_event_json(message);
        let is_in_guild = self.world.guild_of(message.channel).is_some();
        self.tell(name, is_in_guild, &data);
    }

    /// Sends an event to every session, as its text.
    pub(crate) fn tell_raw(&mut self, name: &str, data: &str) {
        let mut sent = Vec::new();
        for session in &mut self.sessions {
            sent.push((session.shard, session.send(name, data)));
        }
        for (shard, sequence) in sent {
            self.sent(shard, sequence, name);
        }
    }

    /// Sends an event to one session.
    pub(crate) fn tell_session(&mut self, id: Option<&str>, name: &str, data: &str) {
        let mut sessions = self.sessions.iter_mut();
        let session = sessions.find(|session| Some(session.id.as_str()) == id);
        if let Some(session) = session {
            let (shard, sequence) = (session.shard, session.send(name, data));
            self.sent(shard, sequence, name);
        }
    }

    /// Sends an event to every session that it belongs to and that has the intent for it.
    pub(crate) fn tell(&mut self, name: &'static str, is_in_guild: bool, data: &Value) {
        if is_in_guild && self.world.around.standing != Standing::Told {
            return;
        }
        let about = data["user"]["id"].as_str();
        let is_of_bot = about.is_some_and(|user| user == self.world.bot.to_string());
        // (Discord: Gateway Events, Guild Member Update: the bot always gets its own.)
        let is_always = name == "GUILD_MEMBER_UPDATE" && is_of_bot;
        let needed = needed(name, is_in_guild).filter(|_| !is_always);
        let (guild, bot) = (self.world.guild.id, self.world.bot);
        let mut sent = Vec::new();
        for session in &mut self.sessions {
            let is_for = if is_in_guild {
                is_of(session.shard, guild)
            } else {
                session.shard.number() == 0
            };
            if !is_for || needed.is_some_and(|needed| !session.intents.intersects(needed)) {
                continue;
            }
            let mut data = data.clone();
            let may_read = session.intents.contains(Intents::MESSAGE_CONTENT);
            if is_in_guild && !may_read && data.get("content").is_some() {
                blank_content(&mut data, bot);
            }
            sent.push((session.shard, session.send(name, &data.to_string())));
        }
        for (shard, sequence) in sent {
            self.sent(shard, sequence, name);
        }
    }

    /// Notes that an event was sent, which the bot now has to deal with.
    pub(crate) fn sent(&mut self, shard: ShardId, sequence: u64, name: &str) {
        self.backlog.send(shard, sequence, name);
        let at = self.world.elapsed();
        self.gateway.sent.add(at, shard, sequence, name);
        self.note(Happening::Event {
            shard,
            sequence,
            name: name.to_owned(),
        });
    }

    /// Starts a session: `READY`, and the guild if it is the shard's.
    pub(crate) fn begin(&mut self, mut session: Session) {
        let guild = self.world.guild.id;
        let is_home = is_of(session.shard, guild);
        let standing = self.world.around.standing;
        let guilds = if is_home && standing != Standing::Removed {
            json!([{ "id": guild.to_string(), "unavailable": true }])
        } else {
            json!([])
        };
        let resume_url = self.gateway.faults.on_ready();
        let ready = json!({
            "v": 10,
            "user": self.world.current_user_json(),
            "guilds": guilds,
            "session_id": session.id,
            "resume_gateway_url": resume_url.unwrap_or_else(|| self.gateway_url.clone()),
            "shard": [session.shard.number(), session.shard.total()],
            "application": {
                "id": self.world.application.to_string(),
                "flags": self.rules.application_flags(),
            },
        });
        let shard = session.shard;
        // A shard has one session; an earlier one of the same shard is over.
        self.end_sessions(|other| other.shard == shard);
        self.gateway.sent.begin(shard, &session.id);
        let sequence = session.send("READY", &ready.to_string());
        self.sent(shard, sequence, "READY");
        let is_told = is_home && standing == Standing::Told;
        if is_told && session.intents.contains(Intents::GUILDS) {
            let guild = self.world.guild_create_json(session.intents);
            let sequence = session.send("GUILD_CREATE", &guild.to_string());
            self.sent(shard, sequence, "GUILD_CREATE");
        }
        self.sessions.push(session);
        self.note_who_is_here();
    }

    /// Resumes a session over a new connection: sends the missed events, and `RESUMED`.
    pub(crate) fn resume(&mut self, id: &str, after: u64, connection: UnboundedSender<Outgoing>) {
        let replay = self.gateway.faults.on_replay();
        let Some(session) = self.sessions.iter_mut().find(|session| session.id == id) else {
            return;
        };
        session.connect(connection);
        let shard = session.shard;
        if replay == Some(Replay::Nothing) {
            for event in session.missed(after) {
                session.lose(event.sequence);
                self.backlog.lose(shard, event.sequence);
                self.gateway.sent.lose(shard, event.sequence, true);
            }
        } else {
            for event in session.replay(after) {
                self.backlog.send(shard, event.sequence, &event.name);
                self.gateway.sent.lose(shard, event.sequence, false);
            }
        }
        if replay != Some(Replay::NoEnd) {
            let sequence = session.send("RESUMED", "{}");
            self.sent(shard, sequence, "RESUMED");
        }
        self.note_who_is_here();
    }

    /// Notes that a session goes on without a connection, if that connection was its own.
    pub(crate) fn disconnect(&mut self, id: Option<&str>, connection: &UnboundedSender<Outgoing>) {
        let mut sessions = self.sessions.iter_mut();
        if let Some(session) = sessions.find(|session| Some(session.id.as_str()) == id) {
            session.disconnect(connection);
        }
    }

    /// Notes that the client will not deal with an event unless it is sent again.
    pub(crate) fn lose(&mut self, id: Option<&str>, sequence: u64) {
        let mut sessions = self.sessions.iter_mut();
        if let Some(session) = sessions.find(|session| Some(session.id.as_str()) == id) {
            session.lose(sequence);
            self.backlog.lose(session.shard, sequence);
            self.gateway.sent.lose(session.shard, sequence, true);
        }
    }

    fn note_who_is_here(&mut self) {
        if self.is_everybody_here() {
            self.gateway.all_here();
        }
    }

    fn is_everybody_here(&self) -> bool {
        self.has_sessions() && self.sessions.iter().all(Session::is_connected)
    }

    fn has_sessions(&self) -> bool {
        u32::try_from(self.sessions.len()) == Ok(self.rules.shards)
    }

    /// Ends sessions. Their undelivered events will never be dealt with.
    pub(crate) fn end_sessions(&mut self, is_over: impl Fn(&Session) -> bool) {
        for session in self.sessions.iter().filter(|session| is_over(session)) {
            self.gateway.sent.end(&session.id);
            // A bot without a session is in no voice channel.
            if is_of(session.shard, self.world.guild.id) {
                self.world.voice = None;
            }
            self.backlog.end_session(session.shard);
        }
        self.sessions.retain(|session| !is_over(session));
    }

    /// Forgets a bot that has ended: another takes its place, and may resume its sessions.
    pub(crate) fn forget_bot(&mut self) {
        self.sessions.iter_mut().for_each(Session::abandon);
        self.backlog.clear();
        self.bot_has_ended = false;
        self.gateway.starts.forget_pace();
    }

    /// Writes to the connections of all sessions.
    pub(crate) fn write_all(&mut self, outgoing: &Outgoing) {
        for session in &mut self.sessions {
            session.write(outgoing.clone());
        }
    }

    /// Tells all shards that their sessions are over.
    pub(crate) fn invalidate(&mut self) {
        let invalid = Outgoing::Text(r#"{"op":9,"d":false,"s":null,"t":null}"#.to_owned());
        self.write_all(&invalid);
        self.end_sessions(|_| true);
    }

    /// Returns whether the bot has nothing to do, and will get what happens next. A shard that the test
    /// keeps away is waited for only for a while.
    pub(crate) fn is_settled(&self) -> bool {
        let is_done = if self.is_hopeless() {
            !self.backlog.open().any(|(_, pending)| pending.is_running())
        } else {
            self.has_sessions() && self.backlog.open().next().is_none()
        };
        self.bot_has_ended || (is_done && self.requests == 0)
    }

    /// Returns whether every shard has a session, or waiting makes no sense.
    pub(crate) fn is_begun(&self) -> bool {
        self.is_everybody_here() || self.is_hopeless()
    }

    fn is_hopeless(&self) -> bool {
        self.gateway.is_hopeless() && !self.is_everybody_here()
    }
}

/// Returns whether a guild belongs to a shard. (Discord: Gateway, Sharding.)
pub(crate) fn is_of(shard: ShardId, guild: Id) -> bool {
    (guild >> 22) % u64::from(shard.total()) == u64::from(shard.number())
}
