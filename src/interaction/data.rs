//! The data of an interaction: the parts that all have, and the path to a subcommand with its options.

use twilight_model::application::interaction::application_command::{
    CommandData, CommandDataOption, CommandOptionValue,
};

use crate::event::{Part, Presence};

/// Returns whether interactions have a part of an event.
pub(crate) fn carries(part: Part) -> Presence {
    match part {
        Part::Author | Part::AuthorId | Part::Channel => Presence::Always,
        Part::Guild => Presence::Sometimes,
        Part::Content => Presence::Never,
    }
}

/// Returns whether interactions in guilds have a part of an event.
pub(crate) fn carries_in_guild(part: Part) -> Presence {
    match part {
        Part::Guild => Presence::Always,
        _ => carries(part),
    }
}

/// Returns the full name of the command, including group and subcommand: `queue add`.
pub(crate) fn path(data: &CommandData) -> String {
    let mut path = data.name.clone();
    let mut inner = &data.options;
    while let Some((name, options)) = nested(inner) {
        path.push(' ');
        path.push_str(name);
        inner = options;
    }
    path
}

/// Returns the given options of the command or subcommand.
pub(crate) fn options(data: &CommandData) -> &[CommandDataOption] {
    let mut inner = &data.options;
    while let Some((_, options)) = nested(inner) {
        inner = options;
    }
    inner
}

fn nested(options: &[CommandDataOption]) -> Option<(&str, &Vec<CommandDataOption>)> {
    match options {
        [
            CommandDataOption {
                name,
                value:
                    CommandOptionValue::SubCommand(options)
                    | CommandOptionValue::SubCommandGroup(options),
            },
        ] => Some((name, options)),
        _ => None,
    }
}
