//! The members of the guild, and its bans.

use serde_json::{Value, json};
use twilight_model::guild::Permissions;
use twilight_model::util::Timestamp;

use crate::testing::discord::State;
use crate::testing::rest::answer::Answer;
use crate::testing::rest::request::id;
use crate::testing::rest::route::{Answered, Call, Route};
use crate::testing::world::{Ban, Id, Member};

pub(crate) const ROUTES: &[Route] = &[
    Route::new("GET", "/guilds/*/members", State::list_members).query(&["limit", "after"]),
    Route::new("GET", "/guilds/*/members/search", State::search_members).query(&["query", "limit"]),
    Route::new("GET", "/guilds/*/members/*", State::get_member),
    Route::new("PATCH", "/guilds/*/members/@me", State::edit_current_member).form(&["nick"]),
    Route::new("PATCH", "/guilds/*/members/*", State::edit_member).form(&[
        "nick",
        "roles",
        "communication_disabled_until",
    ]),
    Route::new("DELETE", "/guilds/*/members/*", State::kick),
    Route::new("PUT", "/guilds/*/members/*/roles/*", State::give_role),
    Route::new("DELETE", "/guilds/*/members/*/roles/*", State::take_role),
    Route::new("GET", "/guilds/*/bans/*", State::get_ban),
    Route::new("PUT", "/guilds/*/bans/*", State::ban),
    Route::new("DELETE", "/guilds/*/bans/*", State::unban),
];

impl State {
    fn known_member(&self, call: &Call<'_>) -> Result<Id, Answer> {
        self.known_guild(call.path[0])?;
        let member = id(call.path[1]).and_then(|user| self.world.member(user));
        Ok(member.ok_or_else(Answer::unknown_member)?.user)
    }

    /// Refuses actions that nobody may take against the owner of the guild.
    fn refuse_owner(&self, user: Id) -> Result<(), Answer> {
        let is_owner = user == self.world.guild.owner;
        (!is_owner)
            .then_some(())
            .ok_or_else(Answer::missing_permissions)
    }

    fn list_members(&mut self, call: &Call<'_>) -> Answered {
        self.known_guild(call.path[0])?;
        // (Discord: Guild, List Guild Members: for applications with the privileged intent.)
        if self.rules.refuses_privileged {
            return Err(Answer::missing_access());
        }
        let after = call.number("after").unwrap_or(0);
        let limit = call.limit(1, 1_000)?;
        let mut members: Vec<_> = self.world.guild.members.iter().collect();
        members.sort_by_key(|member| member.user);
        members.retain(|member| member.user > after);
        Ok(self.members_answer(members.into_iter().take(limit)))
    }

    fn search_members(&mut self, call: &Call<'_>) -> Answered {
        self.known_guild(call.path[0])?;
        let query = call.parameter("query").unwrap_or_default().to_lowercase();
        let limit = call.limit(1, 1_000)?;
        let is_found = |member: &&Member| {
            let name = self.world.user(member.user).map(|user| &user.name);
            let mut names = name.into_iter().chain(&member.nick);
            names.any(|name| name.to_lowercase().starts_with(&query))
        };
        let found = self.world.guild.members.iter().filter(is_found);
        Ok(self.members_answer(found.take(limit)))
    }

    fn members_answer<'a>(&self, members: impl Iterator<Item = &'a Member>) -> Answer {
        let members = members.map(|member| self.world.member_json(member));
        Answer::of(&json!(members.collect::<Vec<_>>()))
    }

    fn get_member(&mut self, call: &Call<'_>) -> Answered {
        let user = self.known_member(call)?;
        self.member_answer(user)
    }

    fn member_answer(&self, user: Id) -> Answered {
        let member = self.world.member(user).ok_or_else(Answer::unknown_member)?;
        Ok(Answer::of(&self.world.member_json(member)))
    }

    fn edit_current_member(&mut self, call: &Call<'_>) -> Answered {
        self.known_guild(call.path[0])?;
        self.require(Permissions::CHANGE_NICKNAME)?;
        self.change_member(self.world.bot, &call.form)
    }

    fn edit_member(&mut self, call: &Call<'_>) -> Answered {
        let user = self.known_member(call)?;
        if call.form.get("nick").is_some() {
            self.require(Permissions::MANAGE_NICKNAMES)?;
            self.refuse_owner(user)?;
        }
        if call.form.get("roles").is_some() {
            self.require(Permissions::MANAGE_ROLES)?;
        }
        if call.form.get("communication_disabled_until").is_some() {
            self.require(Permissions::MODERATE_MEMBERS)?;
            self.refuse_owner(user)?;
        }
        self.change_member(user, &call.form)
    }

    fn change_member(&mut self, user: Id, form: &Value) -> Answered {
        let roles = form["roles"].as_array();
        let roles = roles.map(|roles| {
            let roles = roles.iter().map(|role| role.as_str().and_then(id));
            let known = roles.map(|role| role.filter(|role| self.world.role(*role).is_some()));
            known.collect::<Option<Vec<_>>>()
        });
        let member = self.world.member_mut(user);
        let member = member.ok_or_else(Answer::unknown_member)?;
        if let Some(roles) = roles {
            member.roles = roles.ok_or_else(Answer::unknown_role)?;
        }
        if let Some(nick) = form.get("nick") {
            let nick = nick.as_str().filter(|nick| !nick.is_empty());
            member.nick = nick.map(str::to_owned);
        }
        if let Some(until) = form.get("communication_disabled_until") {
            let until = until.as_str().map(Timestamp::parse).transpose();
            member.silent_until = until.map_err(|_| {
                Answer::invalid(
                    "communication_disabled_until",
                    "DATE_TIME_TYPE_PARSE",
                    "Could not parse. Should be ISO8601.",
                )
            })?;
        }
        self.tell_member_update(user);
        self.member_answer(user)
    }

    fn give_role(&mut self, call: &Call<'_>) -> Answered {
        self.change_role(call, |roles, role| {
            roles.retain(|other| *other != role);
            roles.push(role);
        })
    }

    fn take_role(&mut self, call: &Call<'_>) -> Answered {
        self.change_role(call, |roles, role| roles.retain(|other| *other != role))
    }

    fn change_role(&mut self, call: &Call<'_>, change: fn(&mut Vec<Id>, Id)) -> Answered {
        let user = self.known_member(call)?;
        self.require(Permissions::MANAGE_ROLES)?;
        let role = id(call.path[2]).filter(|role| self.world.role(*role).is_some());
        let role = role.ok_or_else(Answer::unknown_role)?;
        if let Some(member) = self.world.member_mut(user) {
            change(&mut member.roles, role);
        }
        self.tell_member_update(user);
        Ok(Answer::done())
    }

    /// Tells the bot that a member's name or roles changed.
    pub(crate) fn tell_member_update(&mut self, user: Id) {
        if let Some(member) = self.world.member(user) {
            let member = self.world.member_json(member);
            self.tell_guild("GUILD_MEMBER_UPDATE", member);
        }
    }

    fn kick(&mut self, call: &Call<'_>) -> Answered {
        let user = self.known_member(call)?;
        self.require(Permissions::KICK_MEMBERS)?;
        self.refuse_owner(user)?;
        self.leave(user);
        Ok(Answer::done())
    }

    fn get_ban(&mut self, call: &Call<'_>) -> Answered {
        let index = self.known_ban(call)?;
        let Ban { user, reason } = &self.world.guild.bans[index];
        let user = self.world.user_json(*user);
        Ok(Answer::of(&json!({ "reason": reason, "user": user })))
    }

    fn ban(&mut self, call: &Call<'_>) -> Answered {
        self.known_guild(call.path[0])?;
        self.require(Permissions::BAN_MEMBERS)?;
        let user = id(call.path[1]).and_then(|id| self.world.user(id));
        let user = user.ok_or_else(Answer::unknown_user)?.id;
        self.refuse_owner(user)?;
        if !self.world.is_banned(user) {
            let reason = call.reason().map(str::to_owned);
            self.world.guild.bans.push(Ban { user, reason });
            self.tell_guild("GUILD_BAN_ADD", self.about(user));
            self.leave(user);
        }
        Ok(Answer::done())
    }

    fn unban(&mut self, call: &Call<'_>) -> Answered {
        let index = self.known_ban(call)?;
        let ban = self.world.guild.bans.remove(index);
        self.tell_guild("GUILD_BAN_REMOVE", self.about(ban.user));
        Ok(Answer::done())
    }

    fn known_ban(&self, call: &Call<'_>) -> Result<usize, Answer> {
        self.known_guild(call.path[0])?;
        self.require(Permissions::BAN_MEMBERS)?;
        let user = id(call.path[1]);
        let mut bans = self.world.guild.bans.iter();
        let index = bans.position(|ban| Some(ban.user) == user);
        index.ok_or_else(Answer::unknown_ban)
    }

    fn about(&self, user: Id) -> Value {
        json!({ "user": self.world.user_json(user) })
    }
}
