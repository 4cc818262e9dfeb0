//! The difference between the bot's commands and those that Discord knows.

use std::fmt;

use serde_json::Value;
use twilight_model::application::command::{Command, CommandType};

/// The difference between the bot's commands and those that Discord knows.
///
/// Two commands are the same if they agree in every field that Discord shows to people or acts on. What
/// Discord adds by itself (ids, versions, defaults) makes no difference.
///
/// # Examples
///
/// ```
/// use cordial::command::Plan;
///
/// let plan = Plan::of(&[], &[]);
///
/// assert!(plan.is_empty());
/// assert_eq!(plan.to_string(), "nothing to change, 0 unchanged");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plan {
    /// The commands that Discord does not know yet.
    pub created: Vec<String>,
    /// The commands that Discord knows in another form.
    pub changed: Vec<String>,
    /// The commands that Discord knows in this form.
    pub unchanged: Vec<String>,
    /// The commands that the bot no longer has.
    pub deleted: Vec<String>,
}

impl Plan {
    /// Compares the commands that Discord knows with those of a bot.
    ///
    /// Known commands that are neither slash commands nor context menus are left alone.
    #[must_use]
    pub fn of(known: &[Command], wanted: &[Command]) -> Self {
        let mut plan = Self::default();
        for command in wanted {
            let list = match known.iter().find(|known| is_same_name(known, command)) {
                None => &mut plan.created,
                Some(known) if is_same(known, command) => &mut plan.unchanged,
                Some(_) => &mut plan.changed,
            };
            list.push(title(command));
        }
        let is_gone = |known: &&Command| {
            is_ours(known) && !wanted.iter().any(|command| is_same_name(known, command))
        };
        plan.deleted = known.iter().filter(is_gone).map(title).collect();
        plan
    }

    /// Returns whether nothing has to change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.created.is_empty() && self.changed.is_empty() && self.deleted.is_empty()
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            f.write_str("nothing to change")?;
        }
        let mut separator = "";
        for (what, names) in [
            ("create", &self.created),
            ("change", &self.changed),
            ("delete", &self.deleted),
        ] {
            if !names.is_empty() {
                write!(f, "{separator}{what} {}", names.join(", "))?;
                separator = "; ";
            }
        }
        write!(f, ", {} unchanged", self.unchanged.len())
    }
}

/// Returns whether bots have handlers for a command's type.
pub(crate) fn is_ours(command: &Command) -> bool {
    !matches!(command.kind, CommandType::Unknown(_))
}

/// Returns whether two commands are the same, apart from what Discord adds.
pub(crate) fn is_same(one: &Command, other: &Command) -> bool {
    comparable(one) == comparable(other)
}

fn is_same_name(one: &Command, other: &Command) -> bool {
    (one.kind, &one.name) == (other.kind, &other.name)
}

/// Returns a command's name as it is displayed: with a slash, or in quotes.
fn title(command: &Command) -> String {
    match command.kind {
        CommandType::ChatInput => format!("/{}", command.name),
        _ => format!("\"{}\"", command.name),
    }
}

/// Returns the fields of a command that matter.
fn comparable(command: &Command) -> Value {
    let mut json = serde_json::to_value(command).unwrap_or_default();
    if let Some(fields) = json.as_object_mut() {
        for added in [
            "id",
            "application_id",
            "guild_id",
            "version",
            "dm_permission",
        ] {
            fields.remove(added);
        }
        // The default is installation in guilds. (Discord: Application Commands, Contexts.)
        if fields.get("integration_types") == Some(&serde_json::json!([0])) {
            fields.remove("integration_types");
        }
    }
    without_defaults(&mut json);
    json
}

/// Removes fields that mean the same as none, and makes all numbers alike.
fn without_defaults(json: &mut Value) {
    match json {
        Value::Object(fields) => {
            fields.values_mut().for_each(without_defaults);
            fields.retain(|_, value| !is_default(value));
        }
        Value::Array(list) => list.iter_mut().for_each(without_defaults),
        Value::Number(number) => {
            if let Some(float) = number.as_f64().and_then(serde_json::Number::from_f64) {
                *number = float;
            }
        }
        _ => {}
    }
}

fn is_default(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}
