//! The guild, its channels, roles and members.

use serde_json::{Value, json};
use twilight_model::guild::Permissions;

use crate::testing::discord::State;
use crate::testing::rest::answer::Answer;
use crate::testing::rest::request::{Request, id};
use crate::testing::world::{Ban, Id, World};

type Answered = Result<Answer, Answer>;

impl State {
    /// Answers what is asked of a guild, if it is anything known.
    pub(crate) fn guilds(
        &mut self,
        method: &str,
        guild: &str,
        rest: &[&str],
        request: &Request,
    ) -> Option<Answered> {
        if id(guild) != Some(self.world.guild.id) {
            return Some(Err(Answer::error(404, 10004, "Unknown Guild")));
        }
        Some(match (method, rest) {
            ("GET", []) => Ok(Answer::of(&self.world.guild_json())),
            ("GET", ["channels"]) => Ok(self.list_channels()),
            ("POST", ["channels"]) => self.create_channel(request),
            ("GET", ["roles"]) => {
                let roles = self.world.guild.roles.iter().map(World::role_json);
                Ok(Answer::of(&json!(roles.collect::<Vec<_>>())))
            }
            ("GET", ["members"]) => Ok(self.list_members(request)),
            ("GET", ["members", "search"]) => Ok(self.search_members(request)),
            ("GET", ["members", user]) => {
                self.known_member(user).map(|user| self.member_answer(user))
            }
            ("PATCH", ["members", user]) => self.edit_member(user, request),
            ("DELETE", ["members", user]) => self.kick(user),
            ("PUT" | "DELETE", ["members", user, "roles", role]) => {
                self.change_role(user, role, method == "PUT")
            }
            ("GET", ["bans", user]) => self.get_ban(user),
            ("PUT", ["bans", user]) => self.ban(user),
            ("DELETE", ["bans", user]) => self.unban(user),
            _ => return None,
        })
    }

    fn require(&self, needed: Permissions) -> Result<(), Answer> {
        if self.world.bot_may(needed) {
            Ok(())
        } else {
            Err(Answer::missing_permissions())
        }
    }

    fn list_channels(&self) -> Answer {
        let channels = self
            .world
            .channels
            .iter()
            .filter(|channel| channel.recipient.is_none());
        let channels = channels.map(|channel| self.world.channel_json(channel));
        Answer::of(&json!(channels.collect::<Vec<_>>()))
    }

    fn create_channel(&mut self, request: &Request) -> Answered {
        self.require(Permissions::MANAGE_CHANNELS)?;
        let (form, _) = request.form()?;
        let Some(name) = form["name"].as_str().filter(|name| !name.is_empty()) else {
            return Err(Answer::invalid(
                "name",
                "BASE_TYPE_REQUIRED",
                "This field is required",
            ));
        };
        let id = self.add_channel(name);
        let channel = self.world.channel(id).ok_or_else(Answer::unknown_channel)?;
        Ok(Answer::created(&self.world.channel_json(channel)))
    }

    fn list_members(&self, request: &Request) -> Answer {
        let after = request.number("after").unwrap_or(0);
        let limit = request.number("limit").unwrap_or(1);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut members: Vec<_> = self.world.guild.members.iter().collect();
        members.sort_by_key(|member| member.user);
        let members = members
            .into_iter()
            .filter(|member| member.user > after)
            .take(limit);
        let members = members.map(|member| self.world.member_json(member));
        Answer::of(&json!(members.collect::<Vec<_>>()))
    }

    fn search_members(&self, request: &Request) -> Answer {
        let query = request
            .parameter("query")
            .unwrap_or_default()
            .to_lowercase();
        let is_found = |user: Id, nick: &Option<String>| {
            let name = self.world.user(user).map(|user| user.name.to_lowercase());
            let names = name
                .into_iter()
                .chain(nick.as_deref().map(str::to_lowercase));
            names.into_iter().any(|name| name.starts_with(&query))
        };
        let members = self.world.guild.members.iter();
        let found = members.filter(|member| is_found(member.user, &member.nick));
        let found = found.map(|member| self.world.member_json(member));
        Answer::of(&json!(found.collect::<Vec<_>>()))
    }

    fn known_member(&self, user: &str) -> Result<Id, Answer> {
        let user = if user == "@me" {
            Some(self.world.bot)
        } else {
            id(user)
        };
        let member = user.and_then(|user| self.world.member(user));
        Ok(member.ok_or_else(Answer::unknown_member)?.user)
    }

    fn member_answer(&self, user: Id) -> Answer {
        let member = self
            .world
            .member(user)
            .map(|member| self.world.member_json(member));
        member.map_or_else(Answer::unknown_member, |member| Answer::of(&member))
    }

    fn edit_member(&mut self, user: &str, request: &Request) -> Answered {
        let user = self.known_member(user)?;
        let (form, _) = request.form()?;
        if form.get("nick").is_some() && user != self.world.bot {
            self.require(Permissions::MANAGE_NICKNAMES)?;
        }
        if form.get("roles").is_some() {
            self.require(Permissions::MANAGE_ROLES)?;
        }
        if let Some(member) = self.world.member_mut(user) {
            if let Some(nick) = form.get("nick") {
                member.nick = nick
                    .as_str()
                    .filter(|nick| !nick.is_empty())
                    .map(str::to_owned);
            }
            if let Some(roles) = form["roles"].as_array() {
                member.roles = roles
                    .iter()
                    .filter_map(|role| role.as_str().and_then(id))
                    .collect();
            }
        }
        self.tell_member_update(user);
        Ok(self.member_answer(user))
    }

    fn change_role(&mut self, user: &str, role: &str, is_added: bool) -> Answered {
        let user = self.known_member(user)?;
        self.require(Permissions::MANAGE_ROLES)?;
        let role = id(role).filter(|id| self.world.guild.roles.iter().any(|role| role.id == *id));
        let role = role.ok_or_else(|| Answer::error(404, 10011, "Unknown Role"))?;
        if let Some(member) = self.world.member_mut(user) {
            member.roles.retain(|other| *other != role);
            if is_added {
                member.roles.push(role);
            }
        }
        self.tell_member_update(user);
        Ok(Answer::done())
    }

    fn tell_member_update(&mut self, user: Id) {
        if let Some(member) = self.world.member(user) {
            let member = self.world.member_json(member);
            self.tell_guild("GUILD_MEMBER_UPDATE", member);
        }
    }

    fn kick(&mut self, user: &str) -> Answered {
        let user = self.known_member(user)?;
        self.require(Permissions::KICK_MEMBERS)?;
        self.leave(user);
        Ok(Answer::done())
    }

    fn about(&self, user: Id) -> Value {
        json!({ "user": self.world.user_json(user) })
    }

    fn get_ban(&self, user: &str) -> Answered {
        self.require(Permissions::BAN_MEMBERS)?;
        let mut bans = self.world.guild.bans.iter();
        let ban = bans.find(|ban| Some(ban.user) == id(user));
        let ban = ban.ok_or_else(|| Answer::error(404, 10026, "Unknown Ban"))?;
        Ok(Answer::of(
            &json!({ "reason": ban.reason, "user": self.world.user_json(ban.user) }),
        ))
    }

    fn ban(&mut self, user: &str) -> Answered {
        self.require(Permissions::BAN_MEMBERS)?;
        let user = id(user)
            .and_then(|id| self.world.user(id))
            .ok_or_else(Answer::unknown_user)?
            .id;
        if !self.world.guild.bans.iter().any(|ban| ban.user == user) {
            self.world.guild.bans.push(Ban { user, reason: None });
            self.tell_guild("GUILD_BAN_ADD", self.about(user));
            self.leave(user);
        }
        Ok(Answer::done())
    }

    fn unban(&mut self, user: &str) -> Answered {
        self.require(Permissions::BAN_MEMBERS)?;
        let banned = self
            .world
            .guild
            .bans
            .iter()
            .position(|ban| Some(ban.user) == id(user));
        let index = banned.ok_or_else(|| Answer::error(404, 10026, "Unknown Ban"))?;
        let ban = self.world.guild.bans.remove(index);
        self.tell_guild("GUILD_BAN_REMOVE", self.about(ban.user));
        Ok(Answer::done())
    }
}
