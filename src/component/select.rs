//! Select menus.

use std::fmt;

use twilight_model::channel::ChannelType;
use twilight_model::channel::message::Component;
use twilight_model::channel::message::component::{SelectMenu, SelectMenuOption, SelectMenuType};

use crate::command::{Choice, stands_for};
use crate::component::CustomId;

/// A select menu on a message: of options, users, roles or channels.
///
/// # Examples
///
/// ```
/// use cordial::component::Chosen;
/// use cordial::prelude::*;
/// use cordial::twilight::model::user::User;
///
/// #[component]
/// async fn invite(ctx: &ComponentContext, whom: Chosen<User>) -> Result<()> {
///     ctx.update(format!("{} are invited.", whom.len())).await
/// }
///
/// let menu = invite::id().users().placeholder("Whom to invite?").between(1, 5);
/// let reply = Reply::new("A party!").row([menu]);
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "it does nothing until it is part of a message"]
pub struct Select(SelectMenu);

impl CustomId {
    /// Creates a menu with this custom id, with at most 25 options.
    ///
    /// Each option is a label and a value.
    pub fn options<L, V>(self, options: impl IntoIterator<Item = (L, V)>) -> Select
    where
        L: Into<String>,
        V: Into<String>,
    {
        let options = options.into_iter().map(|(label, value)| SelectMenuOption {
            default: false,
            description: None,
            emoji: None,
            label: label.into(),
            value: value.into(),
        });
        let mut select = self.select(SelectMenuType::Text);
        select.0.options = Some(options.collect());
        select
    }

    /// Creates a menu with this custom id, with the choices of a type as options.
    pub fn choices<T: Choice>(self) -> Select {
        let all = T::all().into_iter();
        self.options(all.map(|(_, choice)| {
            let value = stands_for(&choice);
            (choice.name, value)
        }))
    }

    /// Creates a menu with this custom id, of users.
    pub fn users(self) -> Select {
        self.select(SelectMenuType::User)
    }

    /// Creates a menu with this custom id, of roles.
    pub fn roles(self) -> Select {
        self.select(SelectMenuType::Role)
    }

    /// Creates a menu with this custom id, of users and roles.
    pub fn mentionables(self) -> Select {
        self.select(SelectMenuType::Mentionable)
    }

    /// Creates a menu with this custom id, of channels.
    pub fn channels(self) -> Select {
        self.select(SelectMenuType::Channel)
    }

    fn select(self, kind: SelectMenuType) -> Select {
        Select(SelectMenu {
            channel_types: None,
            custom_id: self.0,
            default_values: None,
            disabled: false,
            id: None,
            kind,
            max_values: None,
            min_values: None,
            options: None,
            placeholder: None,
            required: None,
        })
    }
}

impl Select {
    /// Sets the text that is shown while nothing is chosen, of at most 150 characters.
    pub fn placeholder(mut self, text: impl Into<String>) -> Self {
        self.0.placeholder = Some(text.into());
        self
    }

    /// Sets how many values people may choose: by default one.
    pub fn between(mut self, least: u8, most: u8) -> Self {
        self.0.min_values = Some(least);
        self.0.max_values = Some(most);
        self
    }

    /// Shows only channels of these types.
    pub fn channel_types(mut self, types: impl IntoIterator<Item = ChannelType>) -> Self {
        self.0.channel_types = Some(types.into_iter().collect());
        self
    }

    /// Disables it.
    pub fn disabled(mut self) -> Self {
        self.0.disabled = true;
        self
    }
}

impl fmt::Debug for Select {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the custom id, which may hold what somebody wrote.
        f.write_str("Select(..)")
    }
}

impl From<Select> for Component {
    fn from(select: Select) -> Self {
        Self::SelectMenu(select.0)
    }
}
