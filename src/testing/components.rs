//! Components: what messages and modals may contain, and their texts.

use std::ops::RangeInclusive;

use serde_json::{Value, json};

/// The kinds of components. (Discord: Components, Component Types.)
pub(crate) const ROW: u64 = 1;
pub(crate) const BUTTON: u64 = 2;
pub(crate) const STRING_SELECT: u64 = 3;
pub(crate) const TEXT_INPUT: u64 = 4;
pub(crate) const USER_SELECT: u64 = 5;
pub(crate) const ROLE_SELECT: u64 = 6;
pub(crate) const MENTIONABLE_SELECT: u64 = 7;
pub(crate) const CHANNEL_SELECT: u64 = 8;
const SECTION: u64 = 9;
pub(crate) const TEXT: u64 = 10;
const THUMBNAIL: u64 = 11;
const GALLERY: u64 = 12;
const FILE: u64 = 13;
const SEPARATOR: u64 = 14;
const CONTAINER: u64 = 17;
pub(crate) const LABEL: u64 = 18;
pub(crate) const FILE_UPLOAD: u64 = 19;
const RADIO_GROUP: u64 = 21;
pub(crate) const CHECKBOX_GROUP: u64 = 22;
pub(crate) const CHECKBOX: u64 = 23;

/// The types of components from which people choose.
pub(crate) const MENUS: &[u64] = &[
    STRING_SELECT,
    USER_SELECT,
    ROLE_SELECT,
    MENTIONABLE_SELECT,
    CHANNEL_SELECT,
];

/// Which components may contain which. (Discord: Components, on each kind.)
const IN_LAYOUT: &[u64] = &[ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER];
const IN_CONTAINER: &[u64] = &[ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR];
const IN_ROW: &[u64] = &[
    BUTTON,
    STRING_SELECT,
    USER_SELECT,
    ROLE_SELECT,
    MENTIONABLE_SELECT,
    CHANNEL_SELECT,
];
const IN_MODAL: &[u64] = &[ROW, TEXT, LABEL];
const IN_LABEL: &[u64] = &[
    STRING_SELECT,
    TEXT_INPUT,
    USER_SELECT,
    ROLE_SELECT,
    MENTIONABLE_SELECT,
    CHANNEL_SELECT,
    FILE_UPLOAD,
    RADIO_GROUP,
    CHECKBOX_GROUP,
    CHECKBOX,
];

/// The most components in a layout. (Discord: Components.)
const MAX_COMPONENTS: usize = 40;
const MAX_TEXT: usize = 4_000;
/// The most rows in other messages. (Discord: Components, Legacy Message Component Behavior.)
const MAX_ROWS: usize = 5;

/// The styles of buttons without an interaction. (Discord: Components, Button Styles.)
const LINK: u64 = 5;
const PREMIUM: u64 = 6;

/// What is wrong with a form, and where. (Discord: Reference, Error Messages.)
#[derive(Debug)]
pub(crate) struct Flaw {
    /// The path of the field, with dots between the names.
    pub(crate) field: String,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Flaw {
    fn new(field: String, code: &'static str, message: &str) -> Self {
        Self {
            field,
            code,
            message: message.to_owned(),
        }
    }

    fn length(field: String, range: &RangeInclusive<usize>) -> Self {
        let (least, most) = (range.start(), range.end());
        let message = format!("Must be between {least} and {most} in length.");
        Self::new(field, "BASE_TYPE_BAD_LENGTH", &message)
    }

    fn value(field: String, range: &RangeInclusive<u64>) -> Self {
        let (least, most) = (range.start(), range.end());
        let message = format!("int value should be between {least} and {most}.");
        Self::new(field, "NUMBER_TYPE_BAD_RANGE", &message)
    }
}

/// Refuses components that are not allowed in a message, be it a layout or not.
pub(crate) fn refuse_in_message(components: &Value, is_layout: bool) -> Result<(), Flaw> {
    let mut survey = Survey::default();
    let place = "components".to_owned();
    if !is_layout {
        return survey.all(components, &place, &[ROW], &(0..=MAX_ROWS));
    }
    survey.all(components, &place, IN_LAYOUT, &(0..=usize::MAX))?;
    if survey.count > MAX_COMPONENTS {
        let message = "The message has more than 40 components";
        let code = "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED";
        return Err(Flaw::new(place, code, message));
    }
    if survey.text > MAX_TEXT {
        let message = "The text of all components is longer than 4000 characters";
        let code = "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED";
        return Err(Flaw::new(place, code, message));
    }
    Ok(())
}

/// Refuses components that are not allowed in a modal.
pub(crate) fn refuse_in_modal(components: &Value) -> Result<(), Flaw> {
    let mut survey = Survey {
        is_modal: true,
        ..Survey::default()
    };
    survey.all(components, "components", IN_MODAL, &(1..=5))
}

/// What was found so far among the components of a form.
#[derive(Default)]
struct Survey<'a> {
    is_modal: bool,
    count: usize,
    /// The length of all texts.
    text: usize,
    custom_ids: Vec<&'a str>,
    numbers: Vec<u64>,
}

impl<'a> Survey<'a> {
    fn all(
        &mut self,
        components: &'a Value,
        place: &str,
        kinds: &[u64],
        range: &RangeInclusive<usize>,
    ) -> Result<(), Flaw> {
        let components = components.as_array().map_or(&[][..], Vec::as_slice);
        if !range.contains(&components.len()) {
            return Err(Flaw::length(place.to_owned(), range));
        }
        let mut places = components.iter().enumerate();
        places.try_for_each(|(index, component)| {
            self.one(component, &format!("{place}.{index}"), kinds)
        })
    }

    fn one(&mut self, component: &'a Value, place: &str, kinds: &[u64]) -> Result<(), Flaw> {
        let kind = component["type"].as_u64().unwrap_or(0);
        if !kinds.contains(&kind) {
            let kinds: Vec<_> = kinds.iter().map(u64::to_string).collect();
            let kinds = kinds.join(", ");
            let message = format!("Value of field \"type\" must be one of ({kinds},).");
            let code = "UNION_TYPE_CHOICES";
            return Err(Flaw::new(format!("{place}.type"), code, &message));
        }
        self.count += 1;
        self.number(component, place)?;
        match kind {
            ROW => self.row(component, place),
            BUTTON => self.button(component, place),
            TEXT_INPUT => self.input(component, place),
            SECTION => self.section(component, place),
            TEXT => self.text(component, place),
            GALLERY => within(component, place, "items", 1..=10),
            FILE => file(component, place),
            CONTAINER => {
                let (inner, place) = (&component["components"], format!("{place}.components"));
                self.all(inner, &place, IN_CONTAINER, &(1..=MAX_COMPONENTS))
            }
            LABEL => self.label(component, place),
            THUMBNAIL | SEPARATOR => Ok(()),
            CHECKBOX | RADIO_GROUP => self.custom_id(component, place),
            FILE_UPLOAD | CHECKBOX_GROUP => self.choice(component, place, 10),
            _ => self.choice(component, place, 25),
        }
    }

    /// Refuses a number that another component has. (Discord: Components, Anatomy of a Component.)
    fn number(&mut self, component: &Value, place: &str) -> Result<(), Flaw> {
        let Some(number) = component["id"].as_u64().filter(|number| *number != 0) else {
            return Ok(());
        };
        if self.numbers.contains(&number) {
            let message = "Component id was already specified";
            let code = "COMPONENT_ID_DUPLICATED";
            return Err(Flaw::new(format!("{place}.id"), code, message));
        }
        self.numbers.push(number);
        Ok(())
    }

    fn custom_id(&mut self, component: &'a Value, place: &str) -> Result<(), Flaw> {
        within(component, place, "custom_id", 1..=100)?;
        let custom_id = component["custom_id"].as_str().unwrap_or_default();
        if self.custom_ids.contains(&custom_id) {
            let message = "Component custom id was already specified";
            let code = "COMPONENT_CUSTOM_ID_DUPLICATED";
            return Err(Flaw::new(format!("{place}.custom_id"), code, message));
        }
        self.custom_ids.push(custom_id);
        Ok(())
    }

    fn row(&mut self, row: &'a Value, place: &str) -> Result<(), Flaw> {
        let place = format!("{place}.components");
        let kinds = if self.is_modal { &[TEXT_INPUT] } else { IN_ROW };
        self.all(&row["components"], &place, kinds, &(1..=5))?;
        let inner = row["components"].as_array().into_iter().flatten();
        let widths = inner.map(|component| if component["type"] == BUTTON { 1 } else { 5 });
        if widths.sum::<u32>() > 5 {
            let message = "The specified component exceeds the maximum width";
            let code = "COMPONENT_LAYOUT_WIDTH_EXCEEDED";
            return Err(Flaw::new(place, code, message));
        }
        Ok(())
    }

    fn button(&mut self, button: &'a Value, place: &str) -> Result<(), Flaw> {
        within(button, place, "label", 0..=80)?;
        let style = button["style"].as_u64().unwrap_or(0);
        let (needed, refused) = match style {
            1..=4 => ("custom_id", "url"),
            LINK => ("url", "custom_id"),
            PREMIUM => ("sku_id", "custom_id"),
            _ => return Err(Flaw::value(format!("{place}.style"), &(1..=PREMIUM))),
        };
        if !button[refused].is_null() {
            let message = "A custom id and url cannot both be specified";
            let code = "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE";
            return Err(Flaw::new(format!("{place}.{refused}"), code, message));
        }
        if needed == "custom_id" {
            return self.custom_id(button, place);
        }
        within(button, place, needed, 1..=512)
    }

    fn section(&mut self, section: &'a Value, place: &str) -> Result<(), Flaw> {
        let inner = format!("{place}.components");
        self.all(&section["components"], &inner, &[TEXT], &(1..=3))?;
        let accessory = format!("{place}.accessory");
        self.one(&section["accessory"], &accessory, &[BUTTON, THUMBNAIL])
    }

    fn text(&mut self, text: &Value, place: &str) -> Result<(), Flaw> {
        self.text += length(&text["content"]);
        within(text, place, "content", 1..=MAX_TEXT)
    }

    fn label(&mut self, label: &'a Value, place: &str) -> Result<(), Flaw> {
        within(label, place, "label", 1..=45)?;
        within(label, place, "description", 0..=100)?;
        let inner = format!("{place}.component");
        self.one(&label["component"], &inner, IN_LABEL)
    }

    fn input(&mut self, input: &'a Value, place: &str) -> Result<(), Flaw> {
        self.custom_id(input, place)?;
        within(input, place, "label", 0..=45)?;
        within(input, place, "placeholder", 0..=100)?;
        within(input, place, "value", 0..=4_000)?;
        let least = input["min_length"].as_u64().unwrap_or(0);
        let most = input["max_length"].as_u64().unwrap_or(4_000);
        between(place, ("min_length", least), ("max_length", most), 4_000)
    }

    /// Refuses invalid choices: of a menu, checkboxes, or files.
    fn choice(&mut self, choice: &'a Value, place: &str, limit: u64) -> Result<(), Flaw> {
        self.custom_id(choice, place)?;
        within(choice, place, "placeholder", 0..=150)?;
        if self.is_modal && choice["disabled"] == true {
            let message = "Components in modals cannot be disabled";
            let code = "COMPONENT_DISABLED_IN_MODAL";
            return Err(Flaw::new(format!("{place}.disabled"), code, message));
        }
        let (least, most) = bounds(choice);
        between(place, ("min_values", least), ("max_values", most), limit)?;
        if self.is_modal && least == 0 && choice["required"] != false {
            // (Discord: Components, the note on `min_values` of each kind.)
            return Err(Flaw::value(format!("{place}.min_values"), &(1..=limit)));
        }
        if let STRING_SELECT | CHECKBOX_GROUP = choice["type"].as_u64().unwrap_or(0) {
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            within(choice, place, "options", most.max(1)..=limit)?;
            return options(choice, place);
        }
        Ok(())
    }
}

/// Returns how many values may be chosen. (Discord: Components, on each kind.)
pub(crate) fn bounds(choice: &Value) -> (u64, u64) {
    let usual = if choice["type"] == CHECKBOX_GROUP {
        choice["options"]
            .as_array()
            .map_or(1, |list| list.len().max(1))
    } else {
        1
    };
    let most = choice["max_values"].as_u64();
    (
        choice["min_values"].as_u64().unwrap_or(1),
        most.unwrap_or(u64::try_from(usual).unwrap_or(u64::MAX)),
    )
}

fn options(choice: &Value, place: &str) -> Result<(), Flaw> {
    let mut values = Vec::new();
    let options = choice["options"].as_array().into_iter().flatten();
    for (index, option) in options.enumerate() {
        let place = format!("{place}.options.{index}");
        within(option, &place, "label", 1..=100)?;
        within(option, &place, "value", 1..=100)?;
        within(option, &place, "description", 0..=100)?;
        if values.contains(&&option["value"]) {
            let message = "The specified option value is already used";
            let code = "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED";
            return Err(Flaw::new(format!("{place}.value"), code, message));
        }
        values.push(&option["value"]);
    }
    Ok(())
}

/// Refuses a file that does not come with the message.
fn file(component: &Value, place: &str) -> Result<(), Flaw> {
    let url = component["file"]["url"].as_str().unwrap_or_default();
    if url.starts_with(ATTACHMENT) {
        return Ok(());
    }
    let message = "The file must be one that is attached: `attachment://<filename>`";
    let code = "UNFURLED_MEDIA_ITEM_ATTACHMENT_REFERENCE_REQUIRED";
    Err(Flaw::new(format!("{place}.file.url"), code, message))
}

/// Refuses a text or a list that is too short or too long. An optional one may be empty.
pub(crate) fn within(
    component: &Value,
    place: &str,
    field: &str,
    range: RangeInclusive<usize>,
) -> Result<(), Flaw> {
    let place = format!("{place}.{field}");
    let place = place.trim_start_matches('.').to_owned();
    let value = &component[field];
    if value.is_null() && *range.start() > 0 {
        let message = "This field is required";
        return Err(Flaw::new(place, "BASE_TYPE_REQUIRED", message));
    }
    let is_within = range.contains(&length(value));
    is_within
        .then_some(())
        .ok_or_else(|| Flaw::length(place, &range))
}

/// Refuses impossible bounds.
fn between(
    place: &str,
    (least_name, least): (&str, u64),
    (most_name, most): (&str, u64),
    limit: u64,
) -> Result<(), Flaw> {
    if !(1..=limit).contains(&most) {
        return Err(Flaw::value(format!("{place}.{most_name}"), &(1..=limit)));
    }
    if least > most {
        return Err(Flaw::value(format!("{place}.{least_name}"), &(0..=most)));
    }
    Ok(())
}

fn length(value: &Value) -> usize {
    match value {
        Value::String(text) => text.chars().count(),
        Value::Array(list) => list.len(),
        _ => 0,
    }
}

/// Returns the texts of components, in order.
pub(crate) fn texts(components: &Value) -> Vec<&str> {
    let components = components.as_array().into_iter().flatten();
    let texts = components.flat_map(|component| match component["type"].as_u64() {
        Some(TEXT) => component["content"].as_str().into_iter().collect(),
        _ => texts(&component["components"]),
    });
    texts.collect()
}

/// Gives numbers to the components that have none. (Discord: Components, Anatomy of a Component.)
pub(crate) fn number(components: &mut Value) {
    let mut taken = Vec::new();
    each(components, &mut |component| {
        taken.push(component["id"].as_u64());
    });
    let mut free = (1..).filter(|number| !taken.contains(&Some(*number)));
    each(components, &mut |component| {
        if component["id"].as_u64().unwrap_or(0) == 0 {
            component["id"] = json!(free.next());
        }
    });
}

/// Visits all components, each before those that it contains.
fn each(components: &mut Value, look: &mut impl FnMut(&mut Value)) {
    if let Value::Array(list) = components {
        for component in list {
            each(component, look);
        }
        return;
    }
    look(components);
    for field in ["components", "component", "accessory"] {
        if let Some(inner) = components.get_mut(field) {
            each(inner, look);
        }
    }
}

/// The start of the URL of a file that is sent with the message.
const ATTACHMENT: &str = "attachment://";

/// Inserts the URLs of files where components name them. (Discord: Components, Unfurled Media Item.)
pub(crate) fn attach(json: &mut Value, place: &str, files: &Value) -> Result<(), Flaw> {
    match json {
        Value::Array(list) => {
            let mut list = list.iter_mut().enumerate();
            list.try_for_each(|(index, inner)| attach(inner, &format!("{place}.{index}"), files))
        }
        Value::Object(fields) => {
            let url = fields.get("url").and_then(Value::as_str);
            if let Some(name) = url.and_then(|url| url.strip_prefix(ATTACHMENT)) {
                let mut files = files.as_array().into_iter().flatten();
                let Some(file) = files.find(|file| file["filename"] == name) else {
                    let message = format!("The referenced attachment {name} was not found");
                    let code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND";
                    return Err(Flaw::new(format!("{place}.url"), code, &message));
                };
                let (id, url, proxy_url) = (&file["id"], &file["url"], &file["proxy_url"]);
                *json = json!({ "attachment_id": id, "url": url, "proxy_url": proxy_url });
                return Ok(());
            }
            let mut fields = fields.iter_mut();
            fields.try_for_each(|(name, inner)| attach(inner, &format!("{place}.{name}"), files))
        }
        _ => Ok(()),
    }
}
