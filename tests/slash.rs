//! Slash commands and menus from functions: what Discord is told, what arrives, and what fails.

use std::sync::Mutex;

use cordial::command::{ContextMenu, Member, SlashCommand, SlashOption};
use cordial::exception::{InvalidOption, UnknownCommand};
use cordial::outcome::Level;
use cordial::prelude::*;
use cordial::testing::{Simulator, Transcript};
use cordial::twilight::model::application::command::{
    CommandOptionType, CommandOptionValue, CommandType,
};
use cordial::twilight::model::application::interaction::InteractionChannel;
use cordial::twilight::model::channel::{Attachment, ChannelType};
use cordial::twilight::model::guild::Role;

fn failure(transcript: &Transcript) -> &Failure {
    &transcript.reports().last().expect("a failure").failure
}

/// Roll a die.
///
/// Whatever comes after is for those who read the source.
#[command(names("de" = "würfeln"), descriptions("de" = "Würfelt."))]
async fn roll(
    ctx: &CommandContext,
    /// What for?
    #[option(max_length = 10, names("de" = "wofür"))]
    why: Option<String>,
    /// How many sides?
    #[option(min = 2, max = 1000)]
    sides: i64,
) -> Result<()> {
    let why = why.unwrap_or_default();
    ctx.reply(format!("One of {sides}. {why}")).await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn options_arrive_as_arguments() {
    let sim = Simulator::start(Bot::builder().add(handlers![roll])).await;
    let alice = sim.join("alice").await;

    alice.run("/roll sides:20").await;
    alice.run("/roll sides:6 why:luck").await;

    sim.stop()
        .await
        .assert_replies(&["One of 20. ", "One of 6. luck"]);
}

#[test]
fn a_command_is_described_by_its_signature() {
    let bot = Bot::builder().add(handlers![roll]).build().expect("a bot");

    let [roll] = bot.commands() else {
        panic!("one command")
    };
    assert_eq!((&*roll.name, &*roll.description), ("roll", "Roll a die."));
    let names = roll.name_localizations.as_ref().expect("translated");
    assert_eq!(names["de"], "würfeln");
    let [sides, why] = &roll.options[..] else {
        panic!("two options");
    };
    // What must be given comes first, whatever the order of the parameters.
    assert_eq!((&*sides.name, sides.required), ("sides", Some(true)));
    assert_eq!(sides.kind, CommandOptionType::Integer);
    assert_eq!(sides.min_value, Some(CommandOptionValue::Integer(2)));
    assert_eq!((&*why.name, why.required), ("why", Some(false)));
    assert_eq!((&*why.description, why.max_length), ("What for?", Some(10)));
}

#[test]
fn a_function_with_an_attribute_can_be_called() {
    let future = |ctx: &CommandContext| drop(roll(ctx, None, 6));
    let _ = future;
}

#[derive(Choice, Clone, Copy, Debug, PartialEq)]
enum Colour {
    Red,
    #[choice(name = "Sky blue", value = "sky")]
    Blue,
}

#[derive(Choice, Clone, Copy, Debug)]
enum Speed {
    #[choice(value = -1)]
    Slow,
    #[choice(value = 3)]
    Fast,
}

/// Take everything.
#[command]
#[expect(clippy::too_many_arguments, reason = "one of every kind")]
async fn everything(
    ctx: &CommandContext,
    /// Text.
    text: String,
    /// Small.
    small: u8,
    /// Number.
    number: f64,
    /// Flag.
    flag: bool,
    /// Member.
    member: Member,
    /// Role.
    role: Role,
    /// Channel.
    #[option(channel_types = [GuildText])]
    channel: InteractionChannel,
    /// File.
    file: Attachment,
    /// Colour.
    colour: Colour,
    /// Speed.
    speed: Speed,
    /// Fruit.
    #[option(choices = ["apple", "pear"])]
    fruit: String,
    /// Lucky.
    #[option(default = 7)]
    lucky: i64,
    author: Author,
) -> Result<()> {
    let (member, role, channel, file) = (member.user.name, role.name, channel.name, file.filename);
    let all = format!(
        "{text} {small} {number} {flag} {member} {role} {channel} {file} {colour:?} {speed:?} \
         {fruit} {lucky} {}",
        author.name
    );
    ctx.reply(all).await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn every_kind_of_option_arrives() {
    let sim = Simulator::start(Bot::builder().add(handlers![everything])).await;
    let alice = sim.join("alice").await;

    alice
        .run(
            "/everything text:hi there small:255 number:1.5 flag:true member:@alice role:@bot \
             channel:#general file:log.txt colour:Sky blue speed:Fast fruit:pear",
        )
        .await;

    sim.stop().await.assert_replies(&[
        "hi there 255 1.5 true alice bot general log.txt Blue Fast pear 7 alice",
    ]);
}

#[test]
fn types_say_what_discord_lets_people_enter() {
    let bot = Bot::builder()
        .add(handlers![everything])
        .build()
        .expect("a bot");

    let options = &bot.commands()[0].options;
    let option = |name: &str| {
        options
            .iter()
            .find(|option| option.name == name)
            .expect("there")
    };
    assert_eq!(
        option("small").max_value,
        Some(CommandOptionValue::Integer(255))
    );
    assert_eq!(
        option("channel").channel_types,
        Some(vec![ChannelType::GuildText])
    );
    let colours = option("colour").choices.as_ref().expect("choices");
    let names: Vec<_> = colours.iter().map(|choice| choice.name.as_str()).collect();
    assert_eq!(names, ["Red", "Sky blue"]);
    assert_eq!(option("speed").kind, CommandOptionType::Integer);
    assert_eq!(option("lucky").required, Some(false));
}

/// Somebody who is not the author.
struct Other(Member);

#[derive(Debug, thiserror::Error, Exception)]
#[error("that is you")]
#[facet(dyn UserFacing)]
struct Yourself;

impl UserFacing for Yourself {
    fn text(&self) -> String {
        "You cannot hug yourself.".to_owned()
    }
}

impl FromOption for Other {
    type Value = Member;
    type Error = Yourself;

    async fn from_option(member: Member, ctx: &InteractionContext) -> Result<Self, Yourself> {
        if member.user.id == ctx.user().id {
            return Err(Yourself);
        }
        Ok(Self(member))
    }
}

/// Hug somebody.
#[command]
async fn hug(
    ctx: &CommandContext,
    /// Whom?
    whom: Other,
) -> Result<()> {
    ctx.reply(format!("Hugged {}.", whom.0.user.name)).await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn the_error_of_a_converter_is_a_failure_of_the_command() {
    let sim = Simulator::start(Bot::builder().add(handlers![hug])).await;
    let alice = sim.join("alice").await;
    sim.join("bob").await;

    alice.run("/hug whom:@bob").await;
    alice.run("/hug whom:@alice").await;

    let transcript = sim.stop().await;
    assert!(failure(&transcript).is::<Yourself>());
    assert_eq!(failure(&transcript).handler().expect("known").name(), "hug");
    transcript.assert_replies(&["Hugged bob.", "You cannot hug yourself."]);
}

struct Songs(Vec<&'static str>);

#[autocomplete]
async fn song_names(ctx: &AutocompleteContext, songs: State<Songs>) -> Vec<(String, String)> {
    let found = songs.0.iter().filter(|song| song.starts_with(ctx.typed()));
    found
        .map(|song| (song.to_uppercase(), (*song).to_owned()))
        .collect()
}

/// Play a song.
#[command]
async fn play(
    ctx: &CommandContext,
    /// Which?
    #[option(autocomplete = song_names)]
    song: String,
) -> Result<()> {
    ctx.reply(format!("Playing {song}.")).await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn an_option_is_completed_as_it_is_typed() {
    let bot = Bot::builder()
        .state(Songs(vec!["beat it", "bad", "hey jude"]))
        .add(handlers![play]);
    let sim = Simulator::start(bot).await;
    let alice = sim.join("alice").await;

    assert_eq!(alice.complete("/play song:b").await, ["BEAT IT", "BAD"]);

    sim.stop().await.assert_completed("song_names");
}

#[test]
fn what_a_completion_takes_must_be_there() {
    let error = Bot::builder()
        .add(handlers![play])
        .build()
        .expect_err("no state");

    assert!(
        error.to_string().contains("song_names (autocomplete)"),
        "{error}"
    );
}

/// Who is this?
#[command(menu = "Who is this?")]
async fn who(ctx: &UserMenuContext) -> Result<()> {
    let is_member = ctx.target_member().is_some();
    ctx.reply(format!("{} {is_member}", ctx.target().name))
        .await?;
    Ok(())
}

#[command(menu = "Quote")]
async fn quote(ctx: &MessageMenuContext) -> Result<()> {
    ctx.reply(format!("> {}", ctx.target().content)).await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn menus_tell_what_they_are_of() {
    let sim = Simulator::start(Bot::builder().add(handlers![who, quote])).await;
    let alice = sim.join("alice").await;

    let message = alice.say("To be or not to be").await;
    alice.menu("Quote", message).await;
    alice.menu_of("Who is this?", &alice).await;

    sim.stop()
        .await
        .assert_replies(&["> To be or not to be", "alice true"]);
}

#[test]
fn whose_menu_it_is_is_read_off_the_signature() {
    let bot = Bot::builder()
        .add(handlers![who, quote])
        .build()
        .expect("a bot");

    let kinds: Vec<_> = bot.commands().iter().map(|command| command.kind).collect();
    assert_eq!(kinds, [CommandType::User, CommandType::Message]);
}

/// Add a track.
#[command]
async fn add(ctx: &CommandContext) -> Result<()> {
    ctx.reply(ctx.name()).await?;
    Ok(())
}

/// Fail.
#[command]
async fn fail(_: &CommandContext) -> Result<()> {
    Err(std::fmt::Error.into())
}

fn queue() -> CommandGroup {
    let filter = CommandGroup::new("filter", "What is filtered.").add(handlers![add, fail]);
    CommandGroup::new("queue", "The song queue.")
        .add(handlers![add])
        .group(filter)
}

#[tokio::test(start_paused = true)]
async fn groups_hold_commands_and_groups() {
    let sim = Simulator::start(Bot::builder().group(queue()).add(handlers![add])).await;
    let alice = sim.join("alice").await;

    alice.run("/add").await;
    alice.run("/queue add").await;
    alice.run("/queue filter add").await;

    sim.stop()
        .await
        .assert_replies(&["add", "queue add", "queue filter add"]);
}

/// Notes the levels at which an error handler was asked.
#[derive(Default)]
struct Asked(Mutex<Vec<String>>);

#[error_handler]
async fn notes(ctx: &ErrorContext, _: &std::fmt::Error, asked: State<Asked>) -> bool {
    let level = match ctx.level() {
        Level::Group(name) => format!("group {name}"),
        Level::Plugin(name) => format!("plugin {name}"),
        other => format!("{other:?}"),
    };
    asked.0.lock().expect("free").push(level.clone());
    if level == "Bot" {
        let all = asked.0.lock().expect("free").join(", ");
        return ctx.reply(all).await.is_ok();
    }
    false
}

#[tokio::test(start_paused = true)]
async fn a_failure_goes_from_the_command_by_its_groups_and_plugins_to_the_bot() {
    /// Fail.
    #[command(on_error = notes)]
    async fn fail(_: &CommandContext) -> Result<()> {
        Err(std::fmt::Error.into())
    }

    let inner = CommandGroup::new("inner", "Inside.").add(handlers![fail, notes]);
    let outer = CommandGroup::new("outer", "Outside.")
        .add(handlers![notes])
        .group(inner);
    let plugin = Plugin::new("music").add(handlers![notes]).group(outer);
    let bot = Bot::builder()
        .state(Asked::default())
        .plugin(plugin)
        .add(handlers![notes]);
    let sim = Simulator::start(bot).await;
    sim.join("alice").await.run("/outer inner fail").await;

    sim.stop()
        .await
        .assert_replies(&["Handler, group inner, group outer, plugin music, Bot"]);
}

#[tokio::test(start_paused = true)]
async fn an_error_handler_of_one_sort_of_interactions_is_asked_about_no_other() {
    #[command(menu = "Fail")]
    async fn fails(_: &UserMenuContext) -> Result<()> {
        Err(std::fmt::Error.into())
    }

    #[error_handler]
    async fn of_menus(ctx: &MenuContext, _: &std::fmt::Error) -> bool {
        ctx.reply(format!("menu {}", ctx.name())).await.is_ok()
    }

    #[error_handler]
    async fn of_slash(ctx: &CommandContext, _: &std::fmt::Error) -> bool {
        ctx.reply(format!("slash {}", ctx.name())).await.is_ok()
    }

    #[error_handler]
    async fn of_messages(_: &MessageMenuContext, _: &std::fmt::Error) -> bool {
        true
    }

    let handlers = handlers![fail, fails, of_menus, of_slash, of_messages];
    let sim = Simulator::start(Bot::builder().add(handlers)).await;
    let alice = sim.join("alice").await;
    alice.run("/fail").await;
    alice.menu_of("Fail", &alice).await;

    sim.stop()
        .await
        .assert_replies(&["slash fail", "menu Fail"]);
}

#[tokio::test(start_paused = true)]
async fn plain_functions_do_without_attributes() {
    async fn roll(ctx: &CommandContext, author: Author) -> Result<()> {
        let sides: Option<i64> = ctx.option("sides").await?;
        ctx.reply(format!("{:?} for {}", sides, author.name))
            .await?;
        Ok(())
    }

    async fn who(ctx: &UserMenuContext) -> Result<()> {
        ctx.reply(ctx.target().name.clone()).await?;
        Ok(())
    }

    async fn suggests(ctx: &AutocompleteContext) -> Result<Vec<i64>> {
        Ok(vec![ctx.typed().parse()?])
    }

    let sides = SlashOption::new::<Option<i64>>("sides", "How many?").autocomplete(suggests);
    let bot = Bot::builder()
        .command(SlashCommand::new("roll", "Roll a die.", roll).option(sides))
        .command(ContextMenu::new("Who?", who));
    let sim = Simulator::start(bot).await;
    let alice = sim.join("alice").await;
    assert_eq!(alice.complete("/roll sides:12").await, ["12"]);
    alice.run("/roll sides:12").await;
    alice.menu_of("Who?", &alice).await;

    sim.stop()
        .await
        .assert_replies(&["Some(12) for alice", "alice"]);
}

#[tokio::test(start_paused = true)]
async fn an_option_of_another_type_than_discord_knows_is_told_of() {
    async fn roll(ctx: &CommandContext) -> Result<()> {
        let _: String = ctx.option("sides").await?;
        Ok(())
    }

    let sides = SlashOption::new::<i64>("sides", "How many?");
    let command = SlashCommand::new("roll", "Roll a die.", roll).option(sides);
    let sim = Simulator::start(Bot::builder().command(command)).await;
    sim.join("alice").await.run("/roll sides:12").await;

    let transcript = sim.stop().await;
    let invalid = failure(&transcript)
        .find::<InvalidOption>()
        .expect("of another type");
    assert_eq!(invalid.option(), "sides");
}

#[tokio::test(start_paused = true)]
async fn a_command_that_nobody_has_any_more_is_answered() {
    let bot = Bot::builder().add(handlers![add]).register(stale());
    let sim = Simulator::start(bot).await;
    let alice = sim.join("alice").await;
    alice.run("/stale").await;

    let transcript = sim.stop().await;
    let unknown = failure(&transcript)
        .find::<UnknownCommand>()
        .expect("unknown");
    assert_eq!(unknown.name(), "stale");
    transcript.assert_replies(&["I no longer know that command."]);
}

/// Describes a command that no handler is for.
fn stale() -> cordial::twilight::model::application::command::Command {
    let bot = Bot::builder()
        .command(SlashCommand::new("stale", "An old one.", done))
        .build()
        .expect("a bot");
    bot.commands()[0].clone()
}

async fn done(_: &CommandContext) {}

#[test]
fn two_commands_of_one_name_are_a_mistake_that_names_both_places() {
    let error = Bot::builder()
        .add(handlers![add])
        .add(handlers![add])
        .build()
        .expect_err("twice");

    let text = error.to_string();
    assert_eq!(text.matches("tests/slash.rs").count(), 3, "{text}");
    assert!(text.contains("claim the slash command `add`"), "{text}");
}

#[test]
fn two_groups_of_one_name_are_a_mistake_that_names_both_places() {
    let error = Bot::builder()
        .group(queue())
        .group(queue())
        .build()
        .expect_err("twice");

    assert!(
        error
            .to_string()
            .contains("command groups are named `queue`"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_error_handler_for_a_narrower_sort_of_interactions_is_asked_first() {
    #[command(menu = "Fail")]
    async fn fails(_: &UserMenuContext) -> Result<()> {
        Err(std::fmt::Error.into())
    }

    #[error_handler]
    async fn a_any(ctx: &InteractionContext, _: &std::fmt::Error) -> bool {
        ctx.reply("any").await.is_ok()
    }

    #[error_handler]
    async fn b_menu(_: &MenuContext, _: &std::fmt::Error) -> bool {
        false
    }

    #[error_handler]
    async fn c_user(_: &UserMenuContext, _: &std::fmt::Error) -> bool {
        false
    }

    let handlers = handlers![fails, a_any, b_menu, c_user];
    let sim = Simulator::start(Bot::builder().add(handlers)).await;
    let alice = sim.join("alice").await;
    alice.menu_of("Fail", &alice).await;

    let transcript = sim.stop().await;
    let report = transcript.reports().next().expect("a failure");
    let asked: Vec<_> = report
        .tried
        .iter()
        .map(|tried| tried.handler.name())
        .collect();
    assert_eq!(asked, ["c_user", "b_menu", "a_any"]);
}

/// Error handlers of one name.
mod of_menus {
    use cordial::prelude::*;

    #[error_handler]
    pub(crate) async fn sorry(_: &MenuContext, _: &std::fmt::Error) -> bool {
        true
    }
}

mod of_components {
    use cordial::prelude::*;

    #[error_handler]
    pub(crate) async fn sorry(_: &ComponentContext, _: &std::fmt::Error) -> bool {
        true
    }
}

#[test]
fn error_handlers_of_one_name_for_different_sorts_are_no_mistake() {
    let bot = Bot::builder().add(handlers![of_menus::sorry, of_components::sorry]);

    assert!(bot.build().is_ok());
}

#[test]
fn what_discord_would_refuse_is_found_in_every_place() {
    let empty = CommandGroup::new("outer", "Outside.").group(CommandGroup::new("inner", "Inside."));
    let strange = SlashOption::new::<i64>("strange", "Of no kind.")
        .min(0.5)
        .min_length(3)
        .choices([cordial::command::IntoSuggestion::into_suggestion("one")])
        .name_in("klingon", "strange");
    let flag = SlashOption::new::<bool>("flag", "So?").autocomplete(song_names);
    let nowhere = SlashCommand::new("nowhere", "Nowhere.", done)
        .option(strange)
        .option(flag)
        .contexts([]);
    let menu = ContextMenu::new("Who?", who).name_in("de", "x".repeat(60));
    let bot = Bot::builder()
        .state(Songs(Vec::new()))
        .group(empty)
        .command(nowhere)
        .command(menu);
    let text = bot.build().expect_err("wrong").to_string();

    for wrong in [
        "`outer inner`, created at",
        "its minimum and maximum values must be whole numbers",
        "only text can have a minimum or maximum length",
        "its choices are of another type than the option",
        "Discord does not know the language `klingon`",
        "only text and numbers can be autocompleted",
        "its contexts are empty",
        "its name has 60 characters",
    ] {
        assert!(text.contains(wrong), "{wrong}: {text}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_shown_is_not_suggested() {
    async fn suggests(ctx: &AutocompleteContext) -> Vec<String> {
        let long = "x".repeat(101);
        vec![
            String::new(),
            long,
            ctx.typed().to_owned(),
            "last".to_owned(),
        ]
    }

    let text = SlashOption::new::<String>("text", "What?").autocomplete(suggests);
    let say = SlashCommand::new("say", "Say something.", done).option(text);
    let sim = Simulator::start(Bot::builder().command(say)).await;
    let alice = sim.join("alice").await;

    assert_eq!(alice.complete("/say text:hi").await, ["hi", "last"]);
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("odd")]
struct Odd {
    #[base]
    base: InvalidOption,
}

/// An even number.
struct Even;

impl FromOption for Even {
    type Value = i64;
    type Error = Odd;

    async fn from_option(_: i64, _: &InteractionContext) -> Result<Self, Odd> {
        let base = InvalidOption::because("it is odd");
        Err(Odd { base })
    }
}

#[tokio::test(start_paused = true)]
async fn a_narrower_error_of_a_converter_stays_what_it_is() {
    /// Take an even number.
    #[command]
    async fn halve(
        _: &CommandContext,
        /// Which?
        number: Even,
    ) {
        let Even = number;
    }

    let sim = Simulator::start(Bot::builder().add(handlers![halve])).await;
    sim.join("alice").await.run("/halve number:3").await;

    let transcript = sim.stop().await;
    assert!(failure(&transcript).is::<Odd>() && failure(&transcript).is::<InvalidOption>());
}
