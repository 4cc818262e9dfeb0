//! Modals that the bot showed, and what people fill in.

use serde_json::{Value, json};

use crate::testing::world::Id;

/// The kinds of components that a modal is read by. (Discord: Components, Component Types.)
const ROW: u64 = 1;
const STRING_SELECT: u64 = 3;
const TEXT_INPUT: u64 = 4;
const TEXT: u64 = 10;
const LABEL: u64 = 18;

/// A modal that somebody is shown.
#[derive(Clone)]
pub(crate) struct Modal {
    pub(crate) user: Id,
    pub(crate) title: String,
    pub(crate) channel: Id,
    /// The message with the component that led to it.
    pub(crate) source: Option<Id>,
    custom_id: String,
    components: Vec<Value>,
}

impl Modal {
    /// Reads a modal from an answer. (Discord: Receiving and Responding, Modal.)
    pub(crate) fn read(
        data: &Value,
        user: Id,
        channel: Id,
        source: Option<Id>,
    ) -> Result<Self, (&'static str, &'static str)> {
        let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
        let (custom_id, title) = (text("custom_id"), text("title"));
        let components = data["components"].as_array().cloned().unwrap_or_default();
        if !(1..=100).contains(&custom_id.chars().count()) {
            return Err(("custom_id", "Must be between 1 and 100 in length."));
        }
        if !(1..=45).contains(&title.chars().count()) {
            return Err(("title", "Must be between 1 and 45 in length."));
        }
        if !(1..=5).contains(&components.len()) {
            return Err(("components", "Must be between 1 and 5 in length."));
        }
        Ok(Self {
            user,
            title,
            channel,
            source,
            custom_id,
            components,
        })
    }

    /// Fills the modal in, by the labels or custom ids of its fields.
    pub(crate) fn filled(&self, given: &[(&str, &str)]) -> Result<Value, String> {
        let mut form = Form {
            given,
            used: Vec::new(),
            components: 0,
        };
        let fields = self.components.iter();
        let fields: Result<Vec<_>, _> = fields.map(|field| form.fill(field, None)).collect();
        let fields = fields?;
        let unused = given.iter().find(|(name, _)| !form.used.contains(name));
        if let Some((name, _)) = unused {
            return Err(format!("the modal `{}` has no field `{name}`", self.title));
        }
        Ok(json!({ "custom_id": self.custom_id, "components": fields }))
    }
}

/// What is filled in, and what of it has found its field.
struct Form<'a> {
    given: &'a [(&'a str, &'a str)],
    used: Vec<&'a str>,
    components: u32,
}

impl Form<'_> {
    fn fill(&mut self, field: &Value, label: Option<&str>) -> Result<Value, String> {
        self.components += 1;
        let (id, kind) = (self.components, field["type"].as_u64().unwrap_or(0));
        let mut filled = json!({ "type": kind, "id": id });
        match kind {
            ROW => {
                let inner = field["components"].as_array().into_iter().flatten();
                let inner: Result<Vec<_>, _> = inner.map(|field| self.fill(field, None)).collect();
                filled["components"] = json!(inner?);
            }
            LABEL => {
                let label = field["label"].as_str();
                filled["component"] = self.fill(&field["component"], label)?;
            }
            TEXT => {}
            TEXT_INPUT => {
                filled["custom_id"] = field["custom_id"].clone();
                filled["value"] = json!(self.text(field, label)?);
            }
            STRING_SELECT => {
                filled["custom_id"] = field["custom_id"].clone();
                filled["values"] = self.chosen(field, label)?;
            }
            kind => return Err(format!("a field of type {kind} is not modelled")),
        }
        Ok(filled)
    }

    /// Takes what was given for a field.
    fn take(&mut self, field: &Value, label: Option<&str>) -> Result<Option<String>, String> {
        let named = |name: &str| {
            Some(name) == label || field["label"] == name || field["custom_id"] == name
        };
        if let Some((name, value)) = self.given.iter().find(|(name, _)| named(name)) {
            self.used.push(name);
            return Ok(Some((*value).to_owned()));
        }
        // (Discord: Components, Text Input and String Select: required unless said otherwise.)
        if field["required"] == false {
            return Ok(None);
        }
        let name = label
            .map(|label| json!(label))
            .unwrap_or(field["custom_id"].clone());
        Err(format!("the field {name} is missing"))
    }

    fn text(&mut self, field: &Value, label: Option<&str>) -> Result<String, String> {
        let text = self.take(field, label)?.unwrap_or_default();
        let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
        let least = field["min_length"].as_u64().unwrap_or(0);
        let most = field["max_length"].as_u64().unwrap_or(4_000);
        if text.is_empty() || (least..=most).contains(&length) {
            Ok(text)
        } else {
            let name = &field["custom_id"];
            Err(format!(
                "the field {name} takes {least} to {most} characters"
            ))
        }
    }

    fn chosen(&mut self, field: &Value, label: Option<&str>) -> Result<Value, String> {
        let Some(text) = self.take(field, label)? else {
            return Ok(json!([]));
        };
        option_value(field, &text).map(|value| json!([value]))
    }
}

/// Finds an option of a menu by its label or its value, and returns its value.
pub(crate) fn option_value(menu: &Value, name: &str) -> Result<Value, String> {
    let mut options = menu["options"].as_array().into_iter().flatten();
    let found = options.find(|option| option["label"] == name || option["value"] == name);
    let found = found.ok_or_else(|| format!("the menu has no option `{name}`"))?;
    Ok(found["value"].clone())
}
