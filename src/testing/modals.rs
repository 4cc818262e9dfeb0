//! Modals that the bot shows, and how people fill them in.

use serde_json::{Value, json};

use crate::testing::commands::Resolved;
use crate::testing::components::{
    CHANNEL_SELECT, CHECKBOX, CHECKBOX_GROUP, FILE_UPLOAD, Flaw, LABEL, MENTIONABLE_SELECT,
    ROLE_SELECT, ROW, STRING_SELECT, TEXT, TEXT_INPUT, USER_SELECT, bounds, number,
    refuse_in_modal, within,
};
use crate::testing::discord::State;
use crate::testing::interactions::Interaction;
use crate::testing::world::Id;

/// A modal that is shown to somebody.
#[derive(Clone)]
pub(crate) struct Modal {
    pub(crate) user: Id,
    pub(crate) title: String,
    pub(crate) channel: Id,
    /// The message with the component that led to it.
    pub(crate) source: Option<Id>,
    /// The metadata of the interaction that it answered.
    pub(crate) trigger: Value,
    custom_id: String,
    components: Value,
}

impl Modal {
    /// Reads a modal from an answer. (Discord: Receiving and Responding, Modal.)
    pub(crate) fn read(data: &Value, interaction: &Interaction) -> Result<Self, Flaw> {
        within(data, "", "custom_id", 1..=100)?;
        within(data, "", "title", 1..=45)?;
        refuse_in_modal(&data["components"])?;
        let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
        let mut components = data["components"].clone();
        number(&mut components);
        Ok(Self {
            user: interaction.user,
            title: text("title"),
            channel: interaction.channel,
            source: interaction.source,
            trigger: interaction.metadata.clone(),
            custom_id: text("custom_id"),
            components,
        })
    }

    /// Returns the names of its fields.
    pub(crate) fn fields(&self) -> Vec<String> {
        let fields = self.components.as_array().into_iter().flatten();
        let fields = fields.flat_map(|field| match field["components"].as_array() {
            Some(row) => row.iter().collect(),
            None => vec![field],
        });
        let names = fields.filter_map(|field| field["label"].as_str());
        names.map(str::to_owned).collect()
    }
}

impl State {
    /// Fills in the modal that is shown to a user, by the labels or custom ids of its fields.
    pub(crate) fn filled(&self, user: Id, given: &[(&str, &str)]) -> Result<Value, String> {
        let mut modals = self.modals.iter();
        let modal = modals.find(|modal| modal.user == user);
        let modal = modal.ok_or_else(|| "there is no modal".to_owned())?;
        let mut form = Form {
            state: self,
            given,
            used: Vec::new(),
            resolved: self.resolved(modal.channel),
        };
        let fields = form.fill_all(&modal.components)?;
        let unused = given.iter().find(|(name, _)| !form.used.contains(name));
        if let Some((name, _)) = unused {
            return Err(format!("the modal `{}` has no field `{name}`", modal.title));
        }
        let mut data = json!({ "custom_id": modal.custom_id, "components": fields });
        let resolved = form.resolved.json();
        if resolved != json!({}) {
            data["resolved"] = resolved;
        }
        Ok(data)
    }
}

/// The given values, and which of them have found their field.
struct Form<'a> {
    state: &'a State,
    given: &'a [(&'a str, &'a str)],
    used: Vec<&'a str>,
    resolved: Resolved,
}

impl Form<'_> {
    fn fill_all(&mut self, fields: &Value) -> Result<Vec<Value>, String> {
        let fields = fields.as_array().into_iter().flatten();
        fields.map(|field| self.fill(field, None)).collect()
    }

    fn fill(&mut self, field: &Value, label: Option<&str>) -> Result<Value, String> {
        let mut filled = json!({ "type": field["type"], "id": field["id"] });
        if let Some(custom_id) = field.get("custom_id") {
            filled["custom_id"] = custom_id.clone();
        }
        match field["type"].as_u64().unwrap_or(0) {
            ROW => filled["components"] = json!(self.fill_all(&field["components"])?),
            LABEL => {
                let label = field["label"].as_str();
                filled["component"] = self.fill(&field["component"], label)?;
            }
            TEXT => {}
            TEXT_INPUT => filled["value"] = json!(self.text(field, label)?),
            CHECKBOX => filled["value"] = json!(self.check(field, label)?),
            STRING_SELECT | USER_SELECT | ROLE_SELECT | MENTIONABLE_SELECT | CHANNEL_SELECT
            | FILE_UPLOAD | CHECKBOX_GROUP => filled["values"] = self.choose(field, label)?,
            kind => return Err(format!("a field of type {kind} is not modelled")),
        }
        Ok(filled)
    }

    /// Takes the value that was given for a field.
    fn take(&mut self, field: &Value, label: Option<&str>) -> Option<String> {
        let is_named = |name: &str| {
            Some(name) == label || field["label"] == name || field["custom_id"] == name
        };
        let (name, value) = self.given.iter().find(|(name, _)| is_named(name))?;
        self.used.push(name);
        Some((*value).to_owned())
    }

    /// Reads a text. Without a given value, the text that it was shown with stays.
    fn text(&mut self, field: &Value, label: Option<&str>) -> Result<String, String> {
        let given = self.take(field, label);
        let text = given.unwrap_or_else(|| field["value"].as_str().unwrap_or_default().to_owned());
        if text.is_empty() {
            return left_out(field, label).map(|()| text);
        }
        let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
        let least = field["min_length"].as_u64().unwrap_or(0);
        let most = field["max_length"].as_u64().unwrap_or(4_000);
        if !(least..=most).contains(&length) {
            let name = name_of(field, label);
            return Err(format!(
                "the field {name} takes {least} to {most} characters"
            ));
        }
        Ok(text)
    }

    fn check(&mut self, field: &Value, label: Option<&str>) -> Result<bool, String> {
        match self.take(field, label).as_deref() {
            Some("yes") => Ok(true),
            Some("no") => Ok(false),
            Some(_) => Err(format!(
                "the field {} takes `yes` or `no`",
                name_of(field, label)
            )),
            None => Ok(field["default"] == true),
        }
    }

    /// Reads choices. Without given ones, those that it was shown with stay.
    fn choose(&mut self, field: &Value, label: Option<&str>) -> Result<Value, String> {
        let chosen = match self.take(field, label) {
            Some(text) => split(field, &text),
            None => self.chosen_before(field),
        };
        if chosen.is_empty() {
            return left_out(field, label).map(|()| json!([]));
        }
        let name = name_of(field, label);
        let (least, most) = bounds(field);
        let count = u64::try_from(chosen.len()).unwrap_or(u64::MAX);
        if !(least..=most).contains(&count) {
            return Err(format!("the field {name} takes {least} to {most} values"));
        }
        let mut values: Vec<Value> = Vec::new();
        for chosen in chosen {
            let value = match field["type"].as_u64() {
                Some(FILE_UPLOAD) => self.resolved.file_named(&field["file_types"], &chosen),
                _ => self.state.chosen(field, &chosen, &mut self.resolved),
            };
            let value = value.map_err(|problem| format!("the field {name}: {problem}"))?;
            if values.contains(&value) {
                return Err(format!("the field {name}: `{chosen}` is chosen twice"));
            }
            values.push(value);
        }
        Ok(json!(values))
    }

    /// Returns the choices that a field was shown with, by their names.
    fn chosen_before(&self, field: &Value) -> Vec<String> {
        let options = field["options"].as_array().into_iter().flatten();
        let options = options.filter(|option| option["default"] == true);
        let options = options.filter_map(|option| option["value"].as_str());
        let ids = field["default_values"].as_array().into_iter().flatten();
        let ids = ids.filter_map(|value| value["id"].as_str()?.parse().ok());
        let named = ids.map(|id: Id| {
            let world = &self.state.world;
            let role = world.role(id).map(|role| role.name.clone());
            let channel = world.channel(id).map(|channel| channel.name.clone());
            role.or(channel).unwrap_or_else(|| world.name(id))
        });
        options.map(str::to_owned).chain(named).collect()
    }
}

/// Splits the values that were given for a field. An option's name may contain a comma.
fn split(field: &Value, text: &str) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    if option_value(field, text).is_ok() {
        return vec![text.to_owned()];
    }
    text.split(", ").map(str::to_owned).collect()
}

/// Refuses to leave a field out. (Discord: Components, on each kind: required unless said otherwise.)
fn left_out(field: &Value, label: Option<&str>) -> Result<(), String> {
    if field["required"] == false {
        return Ok(());
    }
    Err(format!("the field {} is missing", name_of(field, label)))
}

fn name_of(field: &Value, label: Option<&str>) -> Value {
    label.map_or_else(|| field["custom_id"].clone(), |label| json!(label))
}

/// Finds an option of a menu by its label or its value, and returns its value.
pub(crate) fn option_value(menu: &Value, name: &str) -> Result<Value, String> {
    let mut options = menu["options"].as_array().into_iter().flatten();
    let found = options.find(|option| option["label"] == name || option["value"] == name);
    let found = found.ok_or_else(|| format!("the menu has no option `{name}`"))?;
    Ok(found["value"].clone())
}
