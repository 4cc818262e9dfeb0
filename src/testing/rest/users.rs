//! The gateway's address, the application, users, and conversations with them.

use serde_json::json;

use crate::testing::discord::State;
use crate::testing::rest::answer::Answer;
use crate::testing::rest::request::id;
use crate::testing::rest::route::{Answered, Call, Route};

pub(crate) const ROUTES: &[Route] = &[
    Route::new("GET", "/gateway", State::gateway).public(),
    Route::new("GET", "/gateway/bot", State::gateway_bot),
    Route::new("GET", "/applications/@me", State::application),
    Route::new("GET", "/oauth2/applications/@me", State::application),
    Route::new("GET", "/users/@me", State::current_user),
    Route::new("GET", "/users/*", State::get_user),
    Route::new("POST", "/users/@me/channels", State::open_conversation).form(&["recipient_id"]),
];

#[expect(clippy::unnecessary_wraps, reason = "routes are answered alike")]
impl State {
    fn gateway(&mut self, _: &Call<'_>) -> Answered {
        Ok(Answer::of(&json!({ "url": self.gateway_url })))
    }

    fn gateway_bot(&mut self, _: &Call<'_>) -> Answered {
        Ok(Answer::of(&json!({
            "url": self.gateway_url,
            "shards": self.rules.shards,
            "session_start_limit": {
                "total": 1000,
                "remaining": 1000,
                "reset_after": 14_400_000,
                "max_concurrency": self.rules.shards,
            },
        })))
    }

    fn application(&mut self, _: &Call<'_>) -> Answered {
        Ok(Answer::of(&json!({
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
        })))
    }

    fn current_user(&mut self, _: &Call<'_>) -> Answered {
        Ok(Answer::of(&self.world.current_user_json()))
    }

    fn get_user(&mut self, call: &Call<'_>) -> Answered {
        let user = id(call.path[0]).and_then(|id| self.world.user(id));
        let user = user.ok_or_else(Answer::unknown_user)?;
        Ok(Answer::of(&self.world.user_json(user.id)))
    }

    fn open_conversation(&mut self, call: &Call<'_>) -> Answered {
        let user = call.form["recipient_id"].as_str().and_then(id);
        let Some(user) = user.and_then(|id| self.world.user(id)) else {
            return Err(Answer::invalid(
                "recipient_id",
                "USER_UNKNOWN",
                "Unknown user",
            ));
        };
        // (Discord: User, Create DM; bots cannot speak to bots.)
        if user.is_bot {
            let refusal = "Cannot send messages to this user";
            return Err(Answer::error(400, 50007, refusal));
        }
        let channel = self.world.conversation(user.id);
        self.channel_answer(channel)
    }
}
