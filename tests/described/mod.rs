//! Commands described by twilight's types, with nothing but what is asked for.

use cordial::twilight::model::application::command::{
    Command, CommandOption, CommandOptionType, CommandType,
};
use cordial::twilight::model::id::Id;

#[expect(deprecated, reason = "the field has no other way to be left out")]
pub(crate) fn command(kind: CommandType, name: &str, options: Vec<CommandOption>) -> Command {
    let is_slash = kind == CommandType::ChatInput;
    Command {
        application_id: None,
        contexts: None,
        default_member_permissions: None,
        description: if is_slash { "Does it." } else { "" }.to_owned(),
        description_localizations: None,
        dm_permission: None,
        guild_id: None,
        id: None,
        integration_types: None,
        kind,
        name: name.to_owned(),
        name_localizations: None,
        nsfw: None,
        options,
        version: Id::new(1),
    }
}

pub(crate) fn option(kind: CommandOptionType, name: &str) -> CommandOption {
    CommandOption {
        autocomplete: None,
        channel_types: None,
        choices: None,
        description: "Says how.".to_owned(),
        description_localizations: None,
        file_types: None,
        kind,
        max_length: None,
        max_value: None,
        min_length: None,
        min_value: None,
        name: name.to_owned(),
        name_localizations: None,
        options: None,
        required: None,
    }
}

pub(crate) fn holding(
    kind: CommandOptionType,
    name: &str,
    options: Vec<CommandOption>,
) -> CommandOption {
    CommandOption {
        options: Some(options),
        ..option(kind, name)
    }
}
