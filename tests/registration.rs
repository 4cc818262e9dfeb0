//! Discord is told of the commands only if it does not know them as they are.

#![expect(
    clippy::too_many_lines,
    clippy::unnecessary_wraps,
    reason = "tables of cases read best in one piece"
)]

mod described;

use std::collections::HashMap;

use cordial::bot::Mistake;
use cordial::command::{Plan, flaws};
use cordial::exception::{InvalidForm, MissingAccess};
use cordial::prelude::*;
use cordial::testing::{Happening, Simulator, SimulatorBuilder, Transcript};
use cordial::twilight::model::application::command::{
    Command, CommandOption, CommandOptionChoice, CommandOptionChoiceValue, CommandOptionType,
    CommandOptionValue, CommandType,
};
use cordial::twilight::model::application::interaction::InteractionContextType;
use cordial::twilight::model::channel::ChannelType;
use cordial::twilight::model::guild::Permissions;
use cordial::twilight::model::id::Id;
use cordial::twilight::model::oauth::ApplicationIntegrationType;

use crate::described::{command, holding, option};

fn slash(name: &str, options: Vec<CommandOption>) -> Command {
    command(CommandType::ChatInput, name, options)
}

fn text(name: &str) -> CommandOption {
    option(CommandOptionType::String, name)
}

fn choice(name: &str) -> CommandOptionChoice {
    CommandOptionChoice {
        name: name.to_owned(),
        name_localizations: None,
        value: CommandOptionChoiceValue::String(name.to_owned()),
    }
}

fn german(text: &str) -> Option<HashMap<String, String>> {
    Some(HashMap::from([("de".to_owned(), text.to_owned())]))
}

fn bot(commands: &[Command]) -> SimulatorBuilder {
    let bot = commands
        .iter()
        .cloned()
        .fold(Bot::builder(), BotBuilder::register);
    Simulator::builder(bot)
}

fn names(commands: &[Command]) -> Vec<&str> {
    commands
        .iter()
        .map(|command| command.name.as_str())
        .collect()
}

/// Returns how often Discord was told of commands.
fn times_told(transcript: &Transcript) -> usize {
    let told = |happening: &&Happening| {
        matches!(happening, Happening::Request { method, path, .. }
            if method == "PUT" && path.ends_with("/commands"))
    };
    transcript.iter().filter(told).count()
}

#[tokio::test(start_paused = true)]
async fn what_discord_does_not_know_it_is_told_once() {
    let commands = [
        slash("roll", vec![option(CommandOptionType::Integer, "sides")]),
        command(CommandType::Message, "Report this", vec![]),
    ];

    let sim = bot(&commands).start().await;

    assert_eq!(names(&sim.commands(None)), ["roll", "Report this"]);
    assert!(sim.commands(Some(sim.guild_id())).is_empty());
    assert_eq!(times_told(&sim.stop().await), 1);
}

#[tokio::test(start_paused = true)]
async fn what_discord_knows_it_is_not_told_again() {
    let translated = Command {
        name_localizations: german("würfeln"),
        integration_types: Some(vec![ApplicationIntegrationType::GuildInstall]),
        nsfw: Some(false),
        ..slash("roll", vec![text("how")])
    };
    let mut plain = translated.clone();
    plain.integration_types = None;
    plain.nsfw = None;

    let sim = bot(&[plain]).knows(translated).start().await;

    assert_eq!(times_told(&sim.stop().await), 0);
}

#[tokio::test(start_paused = true)]
async fn what_the_bot_has_no_more_is_deleted_and_what_is_of_another_kind_stays() {
    let entry = command(CommandType::Unknown(4), "launch", vec![]);
    let known = bot(&[slash("roll", vec![])]).knows(slash("old", vec![]));

    let sim = known.knows(entry).start().await;

    assert_eq!(names(&sim.commands(None)), ["roll", "launch"]);
}

#[tokio::test(start_paused = true)]
async fn a_bot_without_commands_deletes_none() {
    let sim = bot(&[]).knows(slash("roll", vec![])).start().await;

    assert_eq!(names(&sim.commands(None)), ["roll"]);
    let transcript = sim.stop().await;
    let asked = |happening: &Happening| matches!(happening, Happening::Request { path, .. } if path.contains("commands"));
    assert!(!transcript.iter().any(asked), "{transcript}");
}

#[tokio::test(start_paused = true)]
async fn a_development_guild_knows_what_is_new_and_nothing_twice() {
    let commands = [slash("roll", vec![]), slash("new", vec![])];

    let sim = bot(&commands)
        .knows(slash("roll", vec![]))
        .knows(slash("old", vec![]))
        .in_development()
        .start()
        .await;

    assert_eq!(names(&sim.commands(Some(sim.guild_id()))), ["new"]);
    assert_eq!(names(&sim.commands(None)), ["roll", "old"]);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_ends_the_bot_before_it_is_online() {
    let elsewhere = Simulator::builder(
        Bot::builder()
            .register(slash("roll", vec![]))
            .development_guild(Id::new(5)),
    );

    let failure = elsewhere.try_start().await.expect_err("refused");

    assert!(failure.is::<MissingAccess>(), "{failure:?}");
    assert!(!failure.is::<InvalidForm>());
}

#[test]
fn every_field_that_matters_is_compared() {
    type Change = fn(&mut Command);

    fn whole() -> Command {
        let sides = CommandOption {
            choices: Some(vec![choice("six")]),
            ..text("sides")
        };
        slash("roll", vec![sides])
    }

    let of_command: [Change; 7] = [
        |command| command.description.push('!'),
        |command| command.name_localizations = german("würfeln"),
        |command| command.description_localizations = german("Würfelt."),
        |command| command.default_member_permissions = Some(Permissions::BAN_MEMBERS),
        |command| command.nsfw = Some(true),
        |command| command.contexts = Some(vec![InteractionContextType::Guild]),
        |command| {
            command.integration_types = Some(vec![ApplicationIntegrationType::UserInstall]);
        },
    ];
    let of_option: [Change; 14] = [
        |command| command.options[0].name.push('s'),
        |command| command.options[0].description.push('!'),
        |command| command.options[0].kind = CommandOptionType::Integer,
        |command| command.options[0].required = Some(true),
        |command| command.options[0].autocomplete = Some(true),
        |command| command.options[0].min_value = Some(CommandOptionValue::Integer(0)),
        |command| command.options[0].max_value = Some(CommandOptionValue::Number(0.5)),
        |command| command.options[0].min_length = Some(0),
        |command| command.options[0].max_length = Some(9),
        |command| command.options[0].channel_types = Some(vec![ChannelType::GuildText]),
        |command| command.options[0].name_localizations = german("seiten"),
        |command| command.options[0].description_localizations = german("Wie viele?"),
        |command| command.options[0].options = Some(vec![text("inner")]),
        |command| command.options.push(text("more")),
    ];
    let of_choice: [Change; 4] = [
        |command| command.options[0].choices = None,
        |command| command.options[0].choices = Some(vec![choice("six"), choice("ten")]),
        |command| {
            let choice = CommandOptionChoice {
                value: CommandOptionChoiceValue::String("6".to_owned()),
                ..choice("six")
            };
            command.options[0].choices = Some(vec![choice]);
        },
        |command| {
            let choice = CommandOptionChoice {
                name_localizations: german("sechs"),
                ..choice("six")
            };
            command.options[0].choices = Some(vec![choice]);
        },
    ];
    let changes = of_command.iter().chain(&of_option).chain(&of_choice);

    for (index, change) in changes.enumerate() {
        let mut other = whole();
        change(&mut other);

        let plan = Plan::of(&[whole()], &[other]);

        assert_eq!(plan.changed, ["/roll"], "change {index}");
    }
    let added = Command {
        id: Some(Id::new(5)),
        application_id: Some(Id::new(6)),
        guild_id: Some(Id::new(7)),
        version: Id::new(8),
        ..whole()
    };
    assert!(Plan::of(&[added], &[whole()]).is_empty());
}

#[test]
fn a_plan_says_what_it_would_do() {
    let known = [
        slash("same", vec![]),
        slash("other", vec![]),
        slash("old", vec![]),
    ];
    let wanted = [
        slash("same", vec![]),
        slash("other", vec![text("how")]),
        command(CommandType::User, "Who is this?", vec![]),
    ];

    let plan = Plan::of(&known, &wanted).to_string();

    assert_eq!(
        plan,
        "create \"Who is this?\"; change /other; delete /old, 1 unchanged"
    );
}

#[test]
fn what_discord_would_refuse_is_found_all_at_once() {
    let required = CommandOption {
        required: Some(true),
        ..text("late")
    };
    let commands = [
        slash("Roll", vec![text("early"), required]),
        slash("same", vec![]),
        slash("same", vec![]),
    ];
    let bot = commands
        .into_iter()
        .fold(Bot::builder(), BotBuilder::register);

    let error = bot.build().expect_err("mistakes");

    let said: Vec<_> = error.mistakes().iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "command `Roll`: the name `Roll` is not in lower case",
            "command `Roll late`: it is required, but comes after an optional option",
            "command `same`: another command has the same name",
        ]
    );
    assert!(matches!(error.mistakes()[0], Mistake::Command(_)));
}

#[test]
fn each_rule_of_discords_is_known() {
    use CommandOptionType::{Integer, SubCommand, SubCommandGroup};

    let long = "x".repeat(101);
    let many = |count: usize| (0..count).map(|index| text(&format!("o{index}"))).collect();
    let with = |change: fn(&mut CommandOption)| {
        let mut option = text("how");
        change(&mut option);
        slash("roll", vec![option])
    };
    let cases = [
        (slash("", vec![]), "it has no name"),
        (slash(&"x".repeat(33), vec![]), "its name has 33 characters"),
        (
            slash("two words", vec![]),
            "has characters other than letters",
        ),
        (slash("Ärger", vec![]), "is not in lower case"),
        (
            Command {
                description: long.clone(),
                ..slash("roll", vec![])
            },
            "its description has 101 characters",
        ),
        (
            Command {
                name_localizations: german("Zwei Wörter"),
                ..slash("roll", vec![])
            },
            "has characters other than letters",
        ),
        (
            Command {
                description: "Not here.".to_owned(),
                ..command(CommandType::User, "Who", vec![])
            },
            "a context menu cannot have",
        ),
        (slash("roll", many(26)), "it has 26 options"),
        (
            slash("roll", vec![text("a"), text("a")]),
            "another option has the same name",
        ),
        (
            slash("roll", vec![text("a"), holding(SubCommand, "b", vec![])]),
            "both subcommands and other options",
        ),
        (
            slash("roll", vec![holding(SubCommandGroup, "g", vec![text("a")])]),
            "a group must contain subcommands and nothing else",
        ),
        (
            slash(
                "roll",
                vec![holding(
                    SubCommand,
                    "s",
                    vec![holding(SubCommand, "t", vec![])],
                )],
            ),
            "a subcommand cannot have subcommands",
        ),
        (
            with(|option| option.choices = Some(vec![choice("a"); 2])),
            "two choices are named `a`",
        ),
        (
            with(|option| {
                let choices = (0..26).map(|index| choice(&index.to_string()));
                option.choices = Some(choices.collect());
            }),
            "it has 26 choices",
        ),
        (
            with(|option| {
                option.choices = Some(vec![choice("a")]);
                option.autocomplete = Some(true);
            }),
            "cannot be autocompleted as well",
        ),
        (
            with(|option| option.choices = Some(vec![choice(&"x".repeat(101))])),
            "has 101 characters, but must have 1 to 100",
        ),
        (
            with(|option| {
                option.kind = Integer;
                option.min_value = Some(CommandOptionValue::Integer(5));
                option.max_value = Some(CommandOptionValue::Number(4.5));
            }),
            "its minimum value is larger",
        ),
        (
            with(|option| option.max_value = Some(CommandOptionValue::Number(1e16))),
            "beyond 2^53",
        ),
        (
            with(|option| option.max_length = Some(6_001)),
            "not from 1 to 6000",
        ),
        (
            with(|option| option.max_length = Some(0)),
            "not from 1 to 6000",
        ),
        (
            with(|option| {
                option.min_length = Some(5);
                option.max_length = Some(4);
            }),
            "its minimum length is larger",
        ),
    ];

    for (command, expected) in cases {
        let found: Vec<_> = flaws(&command).iter().map(ToString::to_string).collect();
        assert!(
            found.iter().any(|flaw| flaw.contains(expected)),
            "{expected}: {found:?}"
        );
    }
    let deep = holding(SubCommand, "sub", vec![text("a"), text("b")]);
    let fine = slash("roll", vec![holding(SubCommandGroup, "group", vec![deep])]);
    assert_eq!(flaws(&fine), []);
    assert_eq!(
        flaws(&slash("\u{939}\u{93f}\u{928}\u{94d}\u{926}\u{940}", vec![])),
        []
    );
}

#[test]
fn a_command_has_at_most_eight_thousand_characters() {
    fn wide(choices: usize) -> Command {
        let options = (0..2).map(|index| CommandOption {
            choices: Some(
                (0..choices)
                    .map(|index| choice(&format!("{index:0>90}")))
                    .collect(),
            ),
            ..text(&format!("o{index}"))
        });
        slash("roll", options.collect())
    }

    assert_eq!(flaws(&wide(22)), []);
    let found = flaws(&wide(23));
    assert!(
        found[0]
            .to_string()
            .contains("characters in total, but the limit is 8000")
    );
}

#[test]
fn there_are_limits_to_how_many_there_are() {
    let many = (0..101).map(|index| slash(&format!("roll{index}"), vec![]));
    let menus = (0..16).map(|index| command(CommandType::User, &format!("Who {index}"), vec![]));
    let bot = many.chain(menus).fold(Bot::builder(), BotBuilder::register);

    let error = bot.build().expect_err("mistakes").to_string();

    assert!(
        error.contains("there are more than 100 slash commands"),
        "{error}"
    );
    assert!(
        error.contains("there are more than 15 user context menus"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_would_change_can_be_asked_before_it_does() {
    let sim = bot(&[slash("roll", vec![]), slash("old", vec![])])
        .start()
        .await;
    let next = [slash("roll", vec![]), slash("new", vec![])];
    let next = next.into_iter().fold(Bot::builder(), BotBuilder::register);

    let plan = sim.beside(next).build().expect("a bot").plan().await;

    let plan = plan.expect("an answer");
    assert_eq!(
        (plan.created, plan.deleted),
        (vec!["/new".to_owned()], vec!["/old".to_owned()])
    );
    assert_eq!(plan.unchanged, ["/roll"]);
    assert_eq!(names(&sim.commands(None)), ["roll", "old"]);
    assert_eq!(times_told(&sim.stop().await), 1);
}
