//! The answers to requests for members. (Discord: Gateway Events, Request Guild Members.)

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;
use twilight_model::gateway::Intents;

use crate::testing::discord::State;
use crate::testing::world::{Id, Member, World};

/// How many members are in a chunk.
const CHUNK: usize = 1_000;
/// The most members by a search, or by ids.
const MOST: usize = 100;
/// How often all members may be requested.
const OFTEN: Duration = Duration::from_secs(30);
/// The longest nonce, in bytes.
const MOST_OF_NONCE: usize = 32;

/// The requested members.
enum Wanted {
    All { limit: Option<usize> },
    Named { prefix: String, limit: usize },
    Only(Vec<String>),
}

impl Wanted {
    fn read(asked: &Value) -> Option<Self> {
        if let Some(prefix) = asked["query"].as_str() {
            let limit = usize::try_from(asked["limit"].as_u64()?).ok()?;
            let limit = (limit > 0).then_some(limit);
            return Some(if prefix.is_empty() {
                Self::All { limit }
            } else {
                Self::Named {
                    prefix: prefix.to_lowercase(),
                    limit: limit.unwrap_or(MOST).min(MOST),
                }
            });
        }
        let ids = match &asked["user_ids"] {
            Value::Array(ids) => ids.iter().filter_map(Value::as_str).collect(),
            Value::String(id) => vec![id.as_str()],
            _ => return None,
        };
        let ids = ids.into_iter().take(MOST).map(str::to_owned);
        Some(Self::Only(ids.collect()))
    }

    /// Returns the members that are found, and the ids that are not.
    fn find(&self, world: &World) -> (Vec<Member>, Vec<String>) {
        let members = world.guild.members.iter();
        match self {
            Self::All { limit } => {
                let most = limit.unwrap_or(usize::MAX);
                (members.take(most).cloned().collect(), Vec::new())
            }
            Self::Named { prefix, limit } => {
                let begins = |name: &String| name.to_lowercase().starts_with(prefix.as_str());
                let is_named = |member: &&Member| {
                    let name = world.user(member.user).map(|user| &user.name);
                    name.into_iter().chain(&member.nick).any(begins)
                };
                let found = members.filter(is_named).take(*limit);
                (found.cloned().collect(), Vec::new())
            }
            Self::Only(ids) => {
                let find = |id: &String| world.member(id.parse::<Id>().ok()?);
                let found = ids.iter().filter_map(find).cloned().collect();
                let missing = ids.iter().filter(|id| find(id).is_none());
                (found, missing.cloned().collect())
            }
        }
    }
}

impl State {
    /// Sends a session its members, or that there were too many requests.
    pub(crate) fn ask_members(&mut self, session: Option<&str>, asked: &Value) {
        if let Some(retry_after) = self.gateway.faults.on_members() {
            return self.refuse_members(session, asked, retry_after);
        }
        let mut sessions = self.sessions.iter();
        let found = sessions.find(|of| Some(of.id.as_str()) == session);
        let Some(intents) = found.map(|session| session.intents) else {
            return;
        };
        let is_here = asked["guild_id"] == json!(self.world.guild.id.to_string());
        let Some(wanted) = Wanted::read(asked).filter(|_| is_here) else {
            return;
        };
        if let Wanted::All { .. } = wanted {
            if !intents.contains(Intents::GUILD_MEMBERS) {
                return;
            }
            let now = Instant::now();
            let free = self.told_of_all_members.map(|told| told + OFTEN);
            if let Some(free) = free.filter(|free| *free > now) {
                return self.refuse_members(session, asked, free - now);
            }
            self.told_of_all_members = Some(now);
        }
        let has_presences = asked["presences"] == json!(true);
        let has_presences = has_presences && intents.contains(Intents::GUILD_PRESENCES);
        let (found, missing) = wanted.find(&self.world);
        let chunks: Vec<_> = found.chunks(CHUNK).collect();
        let chunks = if chunks.is_empty() {
            vec![&[][..]]
        } else {
            chunks
        };
        for (index, members) in chunks.iter().enumerate() {
            let mut chunk = json!({
                "guild_id": self.world.guild.id.to_string(),
                "members": members.iter().map(|member| self.world.member_json(member)).collect::<Vec<_>>(),
                "chunk_index": index,
                "chunk_count": chunks.len(),
            });
            if has_presences {
                chunk["presences"] = members.iter().map(World::presence_json).collect();
            }
            if !missing.is_empty() {
                chunk["not_found"] = json!(missing);
            }
            repeat_nonce(asked, &mut chunk);
            self.tell_session(session, "GUILD_MEMBERS_CHUNK", &chunk.to_string());
        }
    }

    fn refuse_members(&mut self, session: Option<&str>, asked: &Value, retry_after: Duration) {
        let mut meta = json!({ "guild_id": asked["guild_id"] });
        repeat_nonce(asked, &mut meta);
        let seconds = retry_after.as_secs_f64();
        let limited = json!({ "opcode": 8, "retry_after": seconds, "meta": meta });
        self.tell_session(session, "RATE_LIMITED", &limited.to_string());
    }
}

/// Repeats the nonce of a request in the answer, if it is valid.
fn repeat_nonce(asked: &Value, answer: &mut Value) {
    let nonce = asked["nonce"].as_str();
    if let Some(nonce) = nonce.filter(|nonce| nonce.len() <= MOST_OF_NONCE) {
        answer["nonce"] = json!(nonce);
    }
}
