//! The fields of modals: their types, their descriptions for Discord, and how they are read.

use std::fmt;
use std::future::Future;

use twilight_model::application::command::{
    CommandOption, CommandOptionChoice, CommandOptionType as Kind,
};
use twilight_model::application::interaction::modal::ModalInteractionComponent as Filled;
use twilight_model::channel::message::Component;
use twilight_model::channel::message::component::{
    Checkbox, FileUpload, Label, SelectMenu, SelectMenuOption, SelectMenuType, TextInput,
    TextInputStyle,
};

use crate::command::{FromOption, SlashOption, stands_for};
use crate::component::chosen::made;
use crate::exception::InvalidField;
use crate::failure::{IntoFailure, Result};
use crate::interaction::{ModalContext, found};

/// The most values of a field that takes several. (Discord: Components Reference.)
const SEVERAL: u8 = 25;
const FILES: u8 = 10;

/// A type that a field of a modal can have.
///
/// That is a type of an [option](FromOption), an `Option` of it, or a `Vec` if several values can be
/// chosen or uploaded.
///
/// | type | field |
/// |---|---|
/// | text, numbers | a line of text, or a paragraph |
/// | `bool` | a checkbox |
/// | enums that derive `Choice` | a select menu |
/// | users, members, roles, mentionables, channels | a select menu |
/// | attachments | a file to upload |
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a modal",
    label = "not a field type",
    note = "a field has a type that an option of a command can have, an `Option` of it, or a `Vec` if several values can be chosen or uploaded",
    note = "a parameter without a doc comment is not a field but an extractor, and implements `FromContext`"
)]
pub trait Field: Sized + Send {
    /// The type of one value.
    type Item: FromOption;

    /// How many values there may be.
    const COUNT: Count;

    /// Converts the values that were filled in.
    #[doc(hidden)]
    fn of(items: Vec<Self::Item>) -> Option<Self>;
}

/// How many values a field may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Exactly one.
    One,
    /// One or none.
    AtMostOne,
    /// Any number.
    Several,
}

#[diagnostic::do_not_recommend]
impl<T: FromOption> Field for T {
    type Item = T;

    const COUNT: Count = Count::One;

    fn of(items: Vec<T>) -> Option<T> {
        items.into_iter().next()
    }
}

#[diagnostic::do_not_recommend]
impl<T: FromOption> Field for Option<T> {
    type Item = T;

    const COUNT: Count = Count::AtMostOne;

    fn of(items: Vec<T>) -> Option<Self> {
        Some(items.into_iter().next())
    }
}

#[diagnostic::do_not_recommend]
impl<T: FromOption> Field for Vec<T> {
    type Item = T;

    const COUNT: Count = Count::Several;

    fn of(items: Self) -> Option<Self> {
        Some(items)
    }
}

impl ModalContext {
    /// Returns a field by its name, for handlers that do not take it as an argument.
    ///
    /// # Errors
    ///
    /// [`InvalidField`] if it is missing or of another type, or the error of the conversion.
    pub async fn field<F: Field>(&self, name: &str) -> Result<F> {
        let mut items = Vec::new();
        for value in found(self.modal(), name).map(values).unwrap_or_default() {
            let resolved = self.modal().resolved.as_ref();
            items.push(made(name, &value, resolved, self).await?);
        }
        let missing = || InvalidField::new(name, "it is missing").into_failure();
        F::of(items).ok_or_else(missing)
    }
}

/// Returns the filled-in values as text. An empty line is none.
fn values(filled: &Filled) -> Vec<String> {
    fn all(values: &[impl ToString]) -> Vec<String> {
        values.iter().map(ToString::to_string).collect()
    }
    match filled {
        Filled::TextInput(input) if input.value.is_empty() => Vec::new(),
        Filled::TextInput(input) => vec![input.value.clone()],
        Filled::Checkbox(checkbox) => vec![checkbox.value.to_string()],
        Filled::StringSelect(select) => all(&select.values),
        Filled::CheckboxGroup(group) => all(&group.values),
        Filled::UserSelect(select) => all(&select.values),
        Filled::RoleSelect(select) => all(&select.values),
        Filled::ChannelSelect(select) => all(&select.values),
        Filled::MentionableSelect(select) => all(&select.values),
        Filled::FileUpload(upload) => all(&upload.values),
        _ => Vec::new(),
    }
}

/// A field of a modal, as Discord gets to know it.
#[derive(Clone, PartialEq)]
#[must_use = "it does nothing until it is part of a modal"]
pub struct ModalField {
    /// The same field as an option.
    option: CommandOption,
    label: String,
    description: Option<String>,
    placeholder: Option<String>,
    value: Option<String>,
    is_paragraph: bool,
    count: Count,
    most: Option<u8>,
}

impl ModalField {
    /// Describes a field for an argument of type `F`, with a label of at most 45 characters.
    pub fn new<F: Field>(name: impl Into<String>, label: impl Into<String>) -> Self {
        let option = SlashOption::new::<F::Item>(name, "");
        Self {
            option: option.schema,
            label: label.into(),
            description: None,
            placeholder: None,
            value: None,
            is_paragraph: false,
            count: F::COUNT,
            most: None,
        }
    }

    /// Sets the explanation under its label, of at most 100 characters.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Sets the text that is shown while the field is empty.
    pub fn placeholder(mut self, text: impl Into<String>) -> Self {
        self.placeholder = Some(text.into());
        self
    }

    /// Fills in a text field beforehand.
    pub fn value(mut self, text: impl Into<String>) -> Self {
        self.value = Some(text.into());
        self
    }

    /// Lets a text field have several lines.
    pub fn paragraph(mut self) -> Self {
        self.is_paragraph = true;
        self
    }

    /// Sets the smallest length of a text, in characters.
    pub fn min_length(mut self, length: u16) -> Self {
        self.option.min_length = Some(length);
        self
    }

    /// Sets the largest length of a text, in characters.
    pub fn max_length(mut self, length: u16) -> Self {
        self.option.max_length = Some(length);
        self
    }

    /// Sets how many values people may choose or upload, in a field that takes several.
    pub fn most(mut self, count: u8) -> Self {
        self.most = Some(count);
        self
    }

    fn is_required(&self) -> bool {
        self.count == Count::One
    }

    /// Returns how many values people may choose or upload.
    fn limits(&self, most: u8) -> (Option<u8>, Option<u8>) {
        match self.count {
            Count::One => (Some(1), Some(1)),
            Count::AtMostOne => (Some(0), Some(1)),
            Count::Several => (Some(0), Some(self.most.unwrap_or(most))),
        }
    }

    fn component(self) -> Component {
        let choices = self.option.choices.as_deref().unwrap_or_default();
        let select = match self.option.kind {
            Kind::Boolean => return self.checkbox(),
            Kind::Attachment => return self.upload(),
            Kind::User => SelectMenuType::User,
            Kind::Role => SelectMenuType::Role,
            Kind::Channel => SelectMenuType::Channel,
            Kind::Mentionable => SelectMenuType::Mentionable,
            _ if choices.is_empty() => return self.input(),
            _ => SelectMenuType::Text,
        };
        let options: Vec<_> = choices.iter().map(option).collect();
        let several = u8::try_from(options.len()).unwrap_or(SEVERAL);
        let (min_values, max_values) = match select {
            SelectMenuType::Text => self.limits(several),
            _ => self.limits(SEVERAL),
        };
        Component::SelectMenu(SelectMenu {
            channel_types: self.option.channel_types.clone(),
            required: Some(self.is_required()),
            custom_id: self.option.name,
            default_values: None,
            disabled: false,
            id: None,
            kind: select,
            max_values,
            min_values,
            options: (!options.is_empty()).then_some(options),
            placeholder: self.placeholder,
        })
    }

    fn checkbox(self) -> Component {
        Component::Checkbox(Checkbox {
            custom_id: self.option.name,
            default: None,
            id: None,
        })
    }

    fn upload(self) -> Component {
        let (min_values, max_values) = self.limits(FILES);
        Component::FileUpload(FileUpload {
            required: Some(self.is_required()),
            custom_id: self.option.name,
            id: None,
            max_values,
            min_values,
            file_types: None,
        })
    }

    fn input(self) -> Component {
        #[expect(deprecated, reason = "the field has no other way to be left out")]
        Component::TextInput(TextInput {
            required: Some(self.is_required()),
            custom_id: self.option.name,
            id: None,
            label: None,
            max_length: self.option.max_length,
            min_length: self.option.min_length,
            placeholder: self.placeholder,
            style: if self.is_paragraph {
                TextInputStyle::Paragraph
            } else {
                TextInputStyle::Short
            },
            value: self.value,
        })
    }
}

fn option(choice: &CommandOptionChoice) -> SelectMenuOption {
    SelectMenuOption {
        default: false,
        description: None,
        emoji: None,
        label: choice.name.clone(),
        value: stands_for(choice),
    }
}

impl From<ModalField> for Component {
    fn from(field: ModalField) -> Self {
        Self::Label(Label {
            label: field.label.clone(),
            description: field.description.clone(),
            id: None,
            component: Box::new(field.component()),
        })
    }
}

impl fmt::Debug for ModalField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ModalField")
            .field("name", &self.option.name)
            .field("kind", &self.option.kind)
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}

/// The fields of a modal: a tuple of arguments.
pub trait Fields: Sized + Send {
    /// Converts all of them in order, until one fails.
    fn make(
        ctx: &ModalContext,
        names: &'static [&'static str],
    ) -> impl Future<Output = Result<Self>> + Send;
}

/// Implements it for tuples of each length, by removing one element at a time.
macro_rules! implement {
    () => {
        implement!(@one);
    };
    ($first:ident $($rest:ident)*) => {
        implement!(@one $first $($rest)*);
        implement!($($rest)*);
    };
    (@one $($field:ident)*) => {
        impl<$($field: Field),*> Fields for ($($field,)*) {
            async fn make(ctx: &ModalContext, names: &'static [&'static str]) -> Result<Self> {
                let _ = ctx;
                let mut names = names.iter();
                let mut next = || names.next().copied().unwrap_or_default();
                let _ = &mut next;
                Ok(($(ctx.field::<$field>(next()).await?,)*))
            }
        }
    };
}

implement!(A B C D E);
