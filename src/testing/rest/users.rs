//! The gateway's address, the application, users, and conversations with them.

use serde_json::json;

use crate::testing::discord::State;
use crate::testing::rest::answer::Answer;
use crate::testing::rest::request::{Request, id};

impl State {
    pub(crate) fn gateway(&self) -> Answer {
        Answer::of(&json!({ "url": self.gateway_url }))
    }

    pub(crate) fn gateway_bot(&self) -> Answer {
        Answer::of(&json!({
            "url": self.gateway_url,
            "shards": self.rules.shards,
            "session_start_limit": {
                "total": 1000,
                "remaining": 1000,
                "reset_after": 14_400_000,
                "max_concurrency": self.rules.shards,
            },
        }))
    }

    pub(crate) fn application(&self) -> Answer {
        Answer::of(&json!({
            "id": self.world.application.to_string(),
            "name": "bot",
            "description": "",
            "icon": null,
            "bot": self.world.user_json(self.world.bot),
            "bot_public": true,
            "bot_require_code_grant": false,
            "flags": 0,
            "owner": self.world.user_json(self.world.guild.owner),
            "team": null,
            "verify_key": "0".repeat(64),
        }))
    }

    pub(crate) fn get_user(&self, user: &str) -> Result<Answer, Answer> {
        if user == "@me" {
            return Ok(Answer::of(&self.world.current_user_json()));
        }
        let user = id(user).and_then(|id| self.world.user(id));
        let user = user.ok_or_else(Answer::unknown_user)?;
        Ok(Answer::of(&self.world.user_json(user.id)))
    }

    pub(crate) fn open_conversation(&mut self, request: &Request) -> Result<Answer, Answer> {
        let (form, _) = request.form()?;
        let user = form["recipient_id"].as_str().and_then(id);
        let user = user
            .and_then(|id| self.world.user(id))
            .map(|user| (user.id, user.is_bot));
        match user {
            // (Discord: User, Create DM; bots cannot speak to bots.)
            Some((_, true)) => Err(Answer::error(
                400,
                50007,
                "Cannot send messages to this user",
            )),
            Some((user, false)) => {
                let channel = self.world.conversation(user);
                let channel = self
                    .world
                    .channel(channel)
                    .ok_or_else(Answer::unknown_channel)?;
                Ok(Answer::of(&self.world.channel_json(channel)))
            }
            None => Err(Answer::invalid(
                "recipient_id",
                "USER_UNKNOWN",
                "Unknown user",
            )),
        }
    }
}
