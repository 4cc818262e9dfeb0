//! The gateway's address, the application, users, and conversations with them.

use serde_json::{Value, json};
use tokio::time::Instant;

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
        let now = Instant::now();
        let starts = &mut self.gateway.starts;
        starts.refresh(now);
        let mut info = json!({
            "url": self.gateway_url,
            "shards": self.rules.shards,
            "session_start_limit": {
                "total": starts.total,
                "remaining": starts.remaining,
                "reset_after": u64::try_from((starts.resets_at - now).as_millis()).ok(),
                "max_concurrency": starts.max_concurrency,
            },
        });
        if let Some(odd) = self.gateway.faults.on_info() {
            merge(&mut info, odd);
        }
        Ok(Answer::of(&info))
    }

    fn application(&mut self, _: &Call<'_>) -> Answered {
        let flags = self.rules.application_flags();
        Ok(Answer::of(&json!({
            "id": self.world.application.to_string(),
            "name": "bot",
            "description": "",
            "icon": null,
            "type": null,
            "bot": self.world.application_user_json(self.world.bot),
            "bot_public": true,
            "bot_require_code_grant": false,
            "flags": flags,
            "flags_new": flags.bits().to_string(),
            "owner": self.world.application_user_json(self.world.guild.owner),
            "team": null,
            "verify_key": "0".repeat(64),
            "redirect_uris": [],
            "interactions_endpoint_url": self.rules.interactions_endpoint,
            "role_connections_verification_url": null,
            "approximate_guild_count": self.rules.guilds,
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "eligible_oauth2_scopes": [],
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

/// Overwrites the fields of an object with those of another.
fn merge(into: &mut Value, from: Value) {
    let Value::Object(fields) = from else {
        *into = from;
        return;
    };
    for (name, value) in fields {
        merge(&mut into[name], value);
    }
}
