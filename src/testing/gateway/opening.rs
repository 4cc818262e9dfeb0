//! Beginning and resuming a session over a connection.

use serde_json::Value;
use twilight_model::gateway::Intents;

use crate::testing::discord::State;
use crate::testing::gateway::connection::{Connection, Last, Next};
use crate::testing::gateway::fault::Instead;
use crate::testing::gateway::hub::Start;
use crate::testing::intents::privileged;
use crate::testing::sessions::{Outgoing, Session, shard_of};

/// The answer to a request for a session.
enum Wish {
    /// The session with that id.
    Granted(String),
    /// There is no session.
    Invalid,
    /// The connection is closed with a code.
    Refused(u16),
    /// A fault strikes.
    Struck(Instead),
}

impl Connection {
    pub(crate) async fn identify(&mut self, data: &Value) -> Next {
        let wish = self.discord.with(|state| self.begin(state, data));
        self.settle(wish).await
    }

    pub(crate) async fn resume(&mut self, data: &Value) -> Next {
        let wish = self.discord.with(|state| self.take_up(state, data));
        self.settle(wish).await
    }

    /// Returns the fault that strikes now, which keeps the client away.
    pub(crate) fn struck(
        &self,
        strike: impl FnOnce(&mut State) -> Option<Instead>,
    ) -> Option<Instead> {
        self.discord.with(|state| {
            let struck = strike(state);
            if struck.is_some() {
                state.gateway.keep_away();
            }
            struck
        })
    }

    async fn settle(&mut self, wish: Wish) -> Next {
        match wish {
            Wish::Granted(id) => {
                self.session = Some(id);
                Next::Continue(())
            }
            // The client has to begin a new one, or to wait.
            Wish::Invalid => self.invalid(false).await,
            Wish::Refused(code) => Next::Break(Last::Close(Some(code))),
            Wish::Struck(instead) => self.misbehave(instead).await,
        }
    }

    fn begin(&self, state: &mut State, data: &Value) -> Wish {
        let bits = data["intents"].as_u64();
        let (Some(shard), Some(bits)) = (shard_of(data), bits) else {
            return Wish::Refused(4002);
        };
        let start = state.gateway.starts.take(shard.number());
        if start == Start::Exhausted {
            // All sessions end, and the token is of no use. (Discord: Gateway, Session Start Limit.)
            state.gateway.write_all(&Outgoing::Close(4004));
            state.end_sessions(|_| true);
            return Wish::Refused(4004);
        }
        if let Some(instead) = state.gateway.faults.on_identify() {
            state.gateway.keep_away();
            return Wish::Struck(instead);
        }
        let Some(intents) = Intents::from_bits(bits) else {
            return Wish::Refused(4013);
        };
        if !is_token(data, &state.rules.token) {
            return Wish::Refused(4004);
        }
        if shard.total() != state.rules.shards {
            return Wish::Refused(4010);
        }
        if state.rules.refuses_privileged && !privileged(intents).is_empty() {
            return Wish::Refused(4014);
        }
        if start == Start::TooFast {
            return Wish::Invalid;
        }
        let id = format!("session-{}", state.world.next_id());
        let session = Session::new(id.clone(), shard, intents, self.sender.clone());
        state.begin(session);
        Wish::Granted(id)
    }

    fn take_up(&self, state: &mut State, data: &Value) -> Wish {
        let after = data["seq"].as_u64().unwrap_or(0);
        let id = data["session_id"].as_str().unwrap_or_default();
        if let Some(instead) = state.gateway.faults.on_resume() {
            state.gateway.keep_away();
            if let Instead::Invalid(false) = instead {
                state.end_sessions(|session| session.id == id);
            }
            return Wish::Struck(instead);
        }
        if !is_token(data, &state.rules.token) {
            return Wish::Refused(4004);
        }
        state.end_sessions(Session::is_expired);
        let Some(session) = state.sessions.iter().find(|session| session.id == id) else {
            return Wish::Invalid;
        };
        if after > session.sequence() {
            return Wish::Refused(4007);
        }
        state.resume(id, after, self.sender.clone());
        Wish::Granted(id.to_owned())
    }
}

fn is_token(data: &Value, token: &str) -> bool {
    let given = data["token"].as_str().unwrap_or_default();
    given.strip_prefix("Bot ").unwrap_or(given) == token
}
