//! What Discord is told of commands, and what the simulator tells of itself, is as Discord's `OpenAPI`
//! document says, where that is at hand:
//! `CORDIAL_OPENAPI=openapi.json cargo test --test openapi`.

mod described;

use std::collections::HashMap;

use cordial::command::{Member, Mentionable, flaws};
use cordial::prelude::*;
use cordial::testing::Simulator;
use cordial::twilight::model::application::command::{
    Command, CommandOption, CommandOptionChoice, CommandOptionChoiceValue, CommandOptionType,
    CommandOptionValue, CommandType,
};
use cordial::twilight::model::application::interaction::{
    InteractionChannel, InteractionContextType,
};
use cordial::twilight::model::channel::{Attachment, ChannelType};
use cordial::twilight::model::guild::Permissions;
use cordial::twilight::model::id::Id;
use cordial::twilight::model::id::marker::RoleMarker;
use cordial::twilight::model::oauth::ApplicationIntegrationType;
use cordial::twilight::model::user::User;
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::described::{command, holding, option};

/// Reads the document, if there is one.
fn validator(schema: &str) -> Option<Validator> {
    let path = std::env::var_os("CORDIAL_OPENAPI")?;
    let text = std::fs::read_to_string(&path).expect("`CORDIAL_OPENAPI` is the path of a file");
    let document: Value = serde_json::from_str(&text).expect("a document in JSON");
    let schema = json!({
        "$ref": format!("#/components/schemas/{schema}"),
        "components": document["components"],
    });
    Some(jsonschema::draft202012::new(&schema).expect("a schema"))
}

#[expect(clippy::unnecessary_wraps, reason = "it is what fields take")]
fn translated(text: &str) -> Option<HashMap<String, String>> {
    Some(HashMap::from([("de".to_owned(), text.to_owned())]))
}

fn choice(value: CommandOptionChoiceValue) -> CommandOptionChoice {
    CommandOptionChoice {
        name: "One".to_owned(),
        name_localizations: translated("Eins"),
        value,
    }
}

/// An option of each kind, with all that may be said of it.
fn options() -> Vec<CommandOption> {
    let of = |kind| option(kind, "how");
    vec![
        CommandOption {
            required: Some(true),
            min_length: Some(1),
            max_length: Some(6_000),
            name_localizations: translated("wie"),
            description_localizations: translated("Sagt wie."),
            ..of(CommandOptionType::String)
        },
        CommandOption {
            choices: Some(vec![choice(CommandOptionChoiceValue::String(
                "1".to_owned(),
            ))]),
            ..of(CommandOptionType::String)
        },
        CommandOption {
            autocomplete: Some(true),
            ..of(CommandOptionType::String)
        },
        CommandOption {
            min_value: Some(CommandOptionValue::Integer(-5)),
            max_value: Some(CommandOptionValue::Integer(5)),
            ..of(CommandOptionType::Integer)
        },
        CommandOption {
            choices: Some(vec![choice(CommandOptionChoiceValue::Integer(1))]),
            ..of(CommandOptionType::Integer)
        },
        CommandOption {
            min_value: Some(CommandOptionValue::Number(0.5)),
            max_value: Some(CommandOptionValue::Number(1.5)),
            ..of(CommandOptionType::Number)
        },
        CommandOption {
            choices: Some(vec![choice(CommandOptionChoiceValue::Number(1.5))]),
            ..of(CommandOptionType::Number)
        },
        CommandOption {
            channel_types: Some(vec![ChannelType::GuildText, ChannelType::GuildVoice]),
            ..of(CommandOptionType::Channel)
        },
        of(CommandOptionType::Boolean),
        of(CommandOptionType::User),
        of(CommandOptionType::Role),
        of(CommandOptionType::Mentionable),
        of(CommandOptionType::Attachment),
    ]
}

fn commands() -> Vec<Command> {
    let slash = |options| command(CommandType::ChatInput, "roll", options);
    let with_options = options().into_iter().map(|option| slash(vec![option]));
    let inner = holding(
        CommandOptionType::SubCommand,
        "add",
        options().split_off(12),
    );
    let group = holding(
        CommandOptionType::SubCommandGroup,
        "list",
        vec![inner.clone()],
    );
    let rest = [
        slash(vec![]),
        slash(vec![inner]),
        slash(vec![group]),
        Command {
            contexts: Some(vec![InteractionContextType::Guild]),
            default_member_permissions: Some(Permissions::BAN_MEMBERS),
            description_localizations: translated("Tut es."),
            integration_types: Some(vec![ApplicationIntegrationType::GuildInstall]),
            name_localizations: translated("würfeln"),
            nsfw: Some(true),
            ..slash(vec![])
        },
        command(CommandType::User, "Who is this?", vec![]),
        command(CommandType::Message, "Report this", vec![]),
    ];
    with_options.chain(rest).collect()
}

/// Returns a command as it is sent. The document has permissions as numbers in what is sent, and as
/// texts in what is answered; Discord takes both, and twilight sends texts.
fn sent(command: &Command) -> Value {
    let mut json = serde_json::to_value(command).expect("JSON");
    if let Some(permissions) = json["default_member_permissions"].as_str() {
        json["default_member_permissions"] = json!(permissions.parse::<u64>().expect("a number"));
    }
    json
}

#[derive(Choice, Clone, Copy)]
enum Size {
    #[choice(name = "Small", names("de" = "Klein"))]
    Small,
    VeryLarge,
}

#[derive(Choice, Clone, Copy)]
enum Count {
    #[choice(value = 1)]
    One,
    #[choice(value = 2)]
    Two,
}

#[autocomplete]
async fn anything(_: &AutocompleteContext) -> Vec<String> {
    Vec::new()
}

/// Take one of everything.
#[command(names("de" = "alles"), descriptions("de" = "Nimmt von allem eins."), nsfw)]
#[expect(clippy::too_many_arguments, reason = "one of every kind")]
async fn everything(
    _: &CommandContext,
    /// Text.
    #[option(min_length = 1, max_length = 6000, names("sv-SE" = "text"))]
    text: String,
    /// Completed.
    #[option(autocomplete = anything, descriptions("fr" = "Complété."))]
    completed: Option<String>,
    /// Chosen.
    size: Size,
    /// Counted.
    count: Option<Count>,
    /// Inline.
    #[option(choices = [("Half", 0.5), ("Whole", 1.0)])]
    part: Option<f64>,
    /// Small.
    small: Option<u8>,
    /// Large.
    large: Option<u64>,
    /// Number.
    #[option(min = 0.5, max = 10)]
    number: f64,
    /// Flag.
    flag: bool,
    /// Lucky.
    #[option(default = 7)]
    lucky: i64,
    /// User.
    user: User,
    /// Member.
    member: Option<Member>,
    /// Role.
    role: Option<Id<RoleMarker>>,
    /// Channel.
    #[option(channel_types = [GuildText, GuildVoice])]
    channel: Option<InteractionChannel>,
    /// Anybody.
    anybody: Option<Mentionable>,
    /// File.
    file: Option<Attachment>,
) {
    let _ = (
        text, completed, size, count, part, small, large, number, flag, lucky,
    );
    let _ = (user, member, role, channel, anybody, file);
}

/// Ban somebody.
#[command(user_permissions = BAN_MEMBERS | KICK_MEMBERS)]
async fn ban(_: &CommandContext) {}

/// Whisper.
#[command(direct_only)]
async fn whisper(_: &CommandContext) {}

#[command(menu = "Who is this?", names("de" = "Wer ist das?"))]
async fn who(_: &UserMenuContext) {}

#[command(
    menu = "Report",
    contexts = [Guild, PrivateChannel],
    integration_types = [GuildInstall, UserInstall]
)]
async fn report(_: &MessageMenuContext) {}

/// Returns commands that are made of functions, with each feature.
fn made() -> Vec<Command> {
    let inner = CommandGroup::new("inner", "Inside.").add(handlers![ban, everything]);
    let outer = CommandGroup::new("outer", "Outside.")
        .name_in("de", "außen")
        .description_in("de", "Draußen.")
        .guild_only()
        .add(handlers![ban])
        .group(inner);
    let bot = Bot::builder()
        .group(outer)
        .add(handlers![everything, ban, whisper, who, report]);
    bot.build().expect("a bot").commands().to_vec()
}

#[test]
fn every_feature_of_commands_is_as_discord_says() {
    let Some(validator) = validator("ApplicationCommandUpdateRequest") else {
        eprintln!("`CORDIAL_OPENAPI` is not set: what is sent was not held against the document");
        return;
    };

    for command in commands().into_iter().chain(made()) {
        assert_eq!(flaws(&command), []);
        let json = sent(&command);
        let errors: Vec<_> = validator
            .iter_errors(&json)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{json:#}\n{errors:#?}");
    }
    let wrong = json!({ "type": 1, "name": "", "description": "It has no name." });
    assert!(!validator.is_valid(&wrong));
}

#[tokio::test(start_paused = true)]
async fn the_simulated_application_and_gateway_are_described_as_discord_does() {
    let (Some(application), Some(gateway)) = (
        validator("PrivateApplicationResponse"),
        validator("GatewayBotResponse"),
    ) else {
        return;
    };
    let plain = Simulator::start(Bot::builder()).await;
    let odd = Simulator::builder(Bot::builder())
        .refuse_privileged_intents()
        .counts_guilds(0)
        .interactions_endpoint("https://bot.example/interactions")
        .start()
        .await;
    for sim in [plain, odd] {
        let http = sim.http();
        let answer = http.current_user_application().await.expect("answered");
        let text = answer.text().await.expect("text");
        assert_as(&application, &text);
        let answer = http.gateway().authed().await.expect("answered");
        let text = answer.text().await.expect("text");
        assert_as(&gateway, &text);
        sim.stop().await;
    }
}

fn assert_as(validator: &Validator, text: &str) {
    let json: Value = serde_json::from_str(text).expect("JSON");
    let errors: Vec<_> = validator
        .iter_errors(&json)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{json:#}\n{errors:#?}");
}
