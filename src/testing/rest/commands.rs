//! The commands that the application has, everywhere and in the guild.

use serde_json::{Value, json};
use twilight_model::application::command::Command;

use crate::command::flaws_of_all;
use crate::testing::discord::State;
use crate::testing::rest::answer::Answer;
use crate::testing::rest::request::id;
use crate::testing::rest::route::{Answered, Call, Route};

pub(crate) const ROUTES: &[Route] = &[
    Route::new("GET", "/applications/*/commands", State::list_commands)
        .query(&["with_localizations"]),
    Route::new("PUT", "/applications/*/commands", State::set_commands),
    Route::new(
        "GET",
        "/applications/*/guilds/*/commands",
        State::list_commands,
    )
    .query(&["with_localizations"]),
    Route::new(
        "PUT",
        "/applications/*/guilds/*/commands",
        State::set_commands,
    ),
];

impl State {
    /// Returns the guild whose commands are requested, or `None` for global ones.
    fn scope(&self, call: &Call<'_>) -> Result<Option<u64>, Answer> {
        if id(call.path[0]) != Some(self.world.application) {
            return Err(Answer::missing_access());
        }
        let guild = call.path.get(1).copied();
        guild.map_or(Ok(None), |guild| {
            self.known_guild(guild)
                .map_err(|_| Answer::missing_access())?;
            Ok(id(guild))
        })
    }

    fn list_commands(&mut self, call: &Call<'_>) -> Answered {
        let scope = self.scope(call)?;
        let is_whole = call.parameter("with_localizations").as_deref() == Some("true");
        let of_scope = self.commands.iter().filter(|(guild, _)| *guild == scope);
        let commands = of_scope.map(|(_, command)| {
            let mut command = command.clone();
            if !is_whole {
                leave_out_translations(&mut command);
            }
            command
        });
        Ok(Answer::of(&json!(commands.collect::<Vec<_>>())))
    }

    fn set_commands(&mut self, call: &Call<'_>) -> Answered {
        let scope = self.scope(call)?;
        let given = call.form.as_array().cloned().unwrap_or_default();
        self.register(scope, given)?;
        let of_scope = self.commands.iter().filter(|(guild, _)| *guild == scope);
        let commands: Vec<_> = of_scope.map(|(_, command)| command).collect();
        Ok(Answer::of(&json!(commands)))
    }

    /// Registers the commands of the guild, or global ones.
    pub(crate) fn register(
        &mut self,
        scope: Option<u64>,
        mut given: Vec<Value>,
    ) -> Result<(), Answer> {
        for command in &mut given {
            let is_same = |known: &&(Option<u64>, Value)| {
                known.0 == scope
                    && known.1["name"] == command["name"]
                    && known.1["type"] == command["type"]
            };
            let known = self.commands.iter().find(is_same);
            let known = known.map(|(_, known)| known["id"].clone());
            let version = self.world.next_id().to_string();
            command["id"] = known.unwrap_or_else(|| json!(version));
            command["version"] = json!(version);
            command["application_id"] = json!(self.world.application.to_string());
            command["guild_id"] = json!(scope.map(|guild| guild.to_string()));
        }
        let read: Result<Vec<Command>, _> =
            given.iter().cloned().map(serde_json::from_value).collect();
        let read =
            read.map_err(|error| Answer::invalid("0", "BASE_TYPE_BAD_TYPE", &error.to_string()))?;
        if let Some(flaw) = flaws_of_all(&read).first() {
            let code = "APPLICATION_COMMAND_INVALID";
            return Err(Answer::invalid("0", code, &flaw.to_string()));
        }
        self.commands.retain(|(known, _)| *known != scope);
        let added = given.into_iter().map(|command| (scope, command));
        self.commands.extend(added);
        Ok(())
    }
}

fn leave_out_translations(json: &mut Value) {
    match json {
        Value::Object(fields) => {
            fields.retain(|name, _| !name.ends_with("_localizations"));
            fields.values_mut().for_each(leave_out_translations);
        }
        Value::Array(list) => list.iter_mut().for_each(leave_out_translations),
        _ => {}
    }
}
