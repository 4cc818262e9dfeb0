//! Modals: small forms that people fill in.

use std::fmt;

use twilight_model::channel::message::Component;
use twilight_model::channel::message::component::TextInput;

/// A modal: a small form, shown as the answer to a command or a component.
///
/// `#[modal]` creates one for its function, which runs when the form is sent. If you create one
/// yourself, it arrives as an [`InteractionCreate`](crate::prelude::InteractionCreate) with its custom
/// id.
#[derive(Clone, PartialEq)]
#[must_use = "it is shown by `ctx.show(..)`"]
pub struct Modal {
    pub(crate) custom_id: String,
    pub(crate) title: String,
    pub(crate) components: Vec<Component>,
}

impl Modal {
    /// Creates an empty modal, with a title of at most 45 characters.
    pub fn new(custom_id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            custom_id: custom_id.into(),
            title: title.into(),
            components: Vec::new(),
        }
    }

    /// Replaces the title.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Adds a field or a text.
    ///
    /// A modal can have five.
    pub fn component(mut self, component: impl Into<Component>) -> Self {
        self.components.push(component.into());
        self
    }
}

impl Modal {
    /// Fills in a text field beforehand, by its custom id.
    ///
    /// Other fields stay as they are.
    pub fn fill(mut self, field: &str, text: impl Into<String>) -> Self {
        let inputs = self.components.iter_mut().filter_map(input);
        if let Some(input) = inputs.into_iter().find(|input| input.custom_id == field) {
            input.value = Some(text.into());
        }
        self
    }
}

/// Returns the text input inside a label.
fn input(component: &mut Component) -> Option<&mut TextInput> {
    match component {
        Component::Label(label) => input(&mut label.component),
        Component::TextInput(input) => Some(input),
        _ => None,
    }
}

impl fmt::Debug for Modal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the fields, which may hold what people wrote.
        f.debug_struct("Modal")
            .field("title", &self.title)
            .field("components", &self.components.len())
            .finish_non_exhaustive()
    }
}
