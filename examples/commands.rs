//! A tour of the options that commands can take, and of the limits on who may use them.
//!
//! What it teaches:
//!
//! - `#[command]` turns a function into a slash command. Its doc comment is the description, its
//!   documented parameters are the options, and the type of each says what people can enter.
//! - `#[option(..)]` restricts an option: bounds, lengths, choices, a default, channel types.
//! - `#[autocomplete]` marks a function that completes what somebody is typing.
//! - Your own type becomes an option by implementing [`FromOption`]; input that it rejects is a
//!   typed error.
//! - [`CommandGroup`] puts commands under one name, two levels deep.
//! - With `menu = ".."`, a command appears in the context menu of users or messages.
//! - Cooldowns, limits and checks say who may use a command, and how often. Their refusals go to
//!   error handlers, which may take a context for slash commands, or for menus.
//!
//! ```text
//! cargo run --example commands
//! ```
//!
//! Type `/echo text:hello times:2`, `/share bill:50 people:4`, `/about-member member:@you`, `/dress
//! weather:Rain`, `/nap length:1h30m`, `/nap length:long`, `/list add item:tea`, `/list clear all`,
//! and `/brew`, several times.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cordial::exception::OnCooldown;
use cordial::prelude::*;
use cordial::testing::run_or_simulate;
use cordial::twilight::model::application::interaction::InteractionChannel;

// Text, numbers and booleans. People may leave out an `Option`, and an option with a default.

/// Say something again.
#[command]
async fn echo(
    ctx: &CommandContext,
    /// What?
    #[option(min_length = 2, max_length = 100)]
    text: String,
    /// How often?
    #[option(min = 1, max = 5, default = 1)]
    times: u8,
    /// In capitals?
    loud: Option<bool>,
) -> Result<()> {
    let text = vec![text; times.into()].join(" ");
    let is_loud = loud.unwrap_or(false);
    ctx.reply(if is_loud { text.to_uppercase() } else { text })
        .await?;
    Ok(())
}

/// Share a bill.
#[command]
async fn share(
    ctx: &CommandContext,
    /// How much is it?
    #[option(min = 0.5, max = 10_000)]
    bill: f64,
    /// Among how many?
    #[option(min = 1)]
    people: u16,
) -> Result<()> {
    let each = bill / f64::from(people);
    ctx.reply(format!("Each pays {each:.2}.")).await?;
    Ok(())
}

// Things on Discord. Users can be entered everywhere, members only in their guild.

/// Tell of a user.
#[command(name = "about-user")]
async fn about_user(
    ctx: &CommandContext,
    /** Of whom? */
    user: User,
) -> Result<()> {
    let what = if user.bot { "a bot" } else { "a human" };
    ctx.reply(format!("{} is {what}.", user.name)).await?;
    Ok(())
}

/// Tell of a member.
#[command(name = "about-member", guild_only)]
async fn about_member(
    ctx: &CommandContext,
    /** Of whom? */
    member: Member,
) -> Result<()> {
    let roles = member.member.roles.len();
    ctx.reply(format!("{} has {roles} roles.", member.user.name))
        .await?;
    Ok(())
}

/// Tell of a role.
#[command(name = "about-role", guild_only)]
async fn about_role(
    ctx: &CommandContext,
    /** Of which? */
    role: Role,
) -> Result<()> {
    ctx.reply(format!("{} stands at {}.", role.name, role.position))
        .await?;
    Ok(())
}

/// Tell of a channel.
#[command(name = "about-channel", guild_only)]
async fn about_channel(
    ctx: &CommandContext,
    /// Of which?
    #[option(channel_types = [GuildText, GuildAnnouncement])]
    channel: InteractionChannel,
) -> Result<()> {
    ctx.reply(format!("#{} is for text.", channel.name)).await?;
    Ok(())
}

/// Thank somebody, or everybody with a role.
#[command]
async fn thank(
    ctx: &CommandContext,
    /** Whom? */
    whom: Mentionable,
) -> Result<()> {
    let name = match whom {
        Mentionable::User(user) => user.name,
        Mentionable::Role(role) => format!("everybody of {}", role.name),
    };
    ctx.reply(format!("Thank you, {name}!")).await?;
    Ok(())
}

/// Tell the size of a file.
#[command]
async fn weigh(
    ctx: &CommandContext,
    /** Which file? */
    file: Attachment,
) -> Result<()> {
    ctx.reply(format!("{} has {} bytes.", file.filename, file.size))
        .await?;
    Ok(())
}

// Choices: those of an enum, and those listed at the option. People see everything in their own
// language.

#[derive(Choice, Clone, Copy, Debug, PartialEq)]
enum Weather {
    #[choice(names("de" = "Regen"))]
    Rain,
    #[choice(names("de" = "Sonne"))]
    Sun,
    #[choice(name = "Something else", names("de" = "Etwas anderes"))]
    Other,
}

/// Find something to wear.
#[command(names("de" = "kleidung"), descriptions("de" = "Finde etwas zum Anziehen."))]
async fn dress(
    ctx: &CommandContext,
    /// How is it outside?
    #[option(names("de" = "wetter"), descriptions("de" = "Wie ist es draußen?"))]
    weather: Weather,
    /// In which colour?
    #[option(choices = ["red", "green"], default = "grey")]
    colour: String,
) -> Result<()> {
    let garment = match weather {
        Weather::Rain => "coat",
        Weather::Sun => "hat",
        Weather::Other => "pullover",
    };
    ctx.reply(format!("Take the {colour} {garment}.")).await?;
    Ok(())
}

// Your own type, parsed from what people enter.

/// A time, as people write it: `1h30m`.
struct Length(Duration);

#[derive(Debug, thiserror::Error, Exception)]
#[error("`{text}` is no length of time")]
#[facet(dyn UserFacing)]
struct NoLength {
    text: String,
}

impl UserFacing for NoLength {
    fn text(&self) -> String {
        format!("{self}: write `1h30m`, or `20m`.")
    }
}

impl FromOption for Length {
    type Value = String;
    type Error = NoLength;

    async fn from_option(text: String, _: &InteractionContext) -> Result<Self, NoLength> {
        Self::read(&text).ok_or(NoLength { text })
    }
}

impl Length {
    fn read(text: &str) -> Option<Self> {
        let (hours, rest) = text.split_once('h').unwrap_or(("0", text));
        let minutes = match rest {
            "" => "0",
            rest => rest.strip_suffix('m')?,
        };
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        let minutes = u64::from(hours) * 60 + u64::from(minutes);
        Some(Self(Duration::from_secs(minutes * 60)))
    }
}

/// Have a nap.
#[command]
async fn nap(
    ctx: &CommandContext,
    /** For how long? */
    length: Length,
) -> Result<()> {
    let minutes = length.0.as_secs() / 60;
    ctx.reply(format!("Sleep well. See you in {minutes} minutes."))
        .await?;
    Ok(())
}

// A group with a group inside. Autocompletion of what to take off the list offers what is on it.

#[derive(Default)]
struct List(Mutex<Vec<String>>);

impl List {
    fn items(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("`{item}` is not on the list")]
#[facet(dyn UserFacing)]
struct NotOnList {
    item: String,
}

impl UserFacing for NotOnList {
    fn text(&self) -> String {
        format!("I am sorry, {self}.")
    }
}

/// Put something on the list.
#[command]
async fn add(
    ctx: &CommandContext,
    /** What? */
    item: String,
    list: State<List>,
) -> Result<()> {
    list.items().push(item);
    let count = list.items().len();
    ctx.reply(format!("There are {count} on the list.")).await?;
    Ok(())
}

#[autocomplete]
async fn listed(ctx: &AutocompleteContext, list: State<List>) -> Vec<String> {
    let typed = ctx.typed().to_lowercase();
    let mut items = list.items().clone();
    items.retain(|item| item.to_lowercase().starts_with(&typed));
    items
}

/// Take something off the list.
#[command]
async fn remove(
    ctx: &CommandContext,
    /// What?
    #[option(autocomplete = listed)]
    item: String,
    list: State<List>,
) -> Result<()> {
    let found = list.items().iter().position(|other| *other == item);
    let Some(index) = found else {
        return Err(NotOnList { item }.into());
    };
    list.items().remove(index);
    ctx.reply(format!("No more {item}.")).await?;
    Ok(())
}

/// Take everything off the list.
#[command(name = "all")]
async fn clear_all(ctx: &CommandContext, list: State<List>) -> Result<()> {
    list.items().clear();
    ctx.reply("The list is empty.").await?;
    Ok(())
}

fn list() -> CommandGroup {
    let clear = CommandGroup::new("clear", "Take much off the list.").add(handlers![clear_all]);
    CommandGroup::new("list", "A shopping list.")
        .state(List::default())
        .add(handlers![add, remove])
        .group(clear)
}

// Context menus of users and messages. People see the names as they are written here.

#[command(menu = "Wave")]
async fn wave(ctx: &UserMenuContext) -> Result<()> {
    let (from, to) = (&ctx.user().name, &ctx.target().name);
    ctx.reply(format!("{from} waves to {to}.")).await?;
    Ok(())
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("there are no words in it")]
struct NoWords;

#[command(menu = "Count words")]
async fn count_words(ctx: &MessageMenuContext) -> Result<()> {
    let count = ctx.target().content.split_whitespace().count();
    if count == 0 {
        return Err(NoWords.into());
    }
    ctx.reply(format!("There are {count} words in it.")).await?;
    Ok(())
}

/// Is asked about failures of both kinds of menus, and no others.
#[error_handler]
async fn menu_failed(ctx: &MenuContext, failure: &Failure) -> Result<bool> {
    let text = format!("`{}` did not work: {failure}.", ctx.name());
    ctx.reply(Reply::new(text).ephemeral()).await?;
    Ok(true)
}

// Who may use a command, and how often. A check is a function; its error says what is wrong.

/// How many cups of tea there are.
struct Pot(AtomicU32);

#[derive(Debug, thiserror::Error, Exception)]
#[error("the tea is all gone")]
#[facet(dyn UserFacing)]
struct NoTea;

impl UserFacing for NoTea {
    fn text(&self) -> String {
        "There is no tea left.".to_owned()
    }
}

#[check]
async fn has_tea(_: &InteractionContext, pot: State<Pot>) -> Result<bool, NoTea> {
    let cups = pot.0.load(Ordering::Relaxed);
    if cups == 0 { Err(NoTea) } else { Ok(true) }
}

/// Make a cup of tea.
#[command(
    check = has_tea,
    cooldown = "2 per 1m per user",
    max_concurrency = "1 per guild"
)]
async fn brew(ctx: &CommandContext, pot: State<Pot>) -> Result<()> {
    // After two seconds cordial defers the answer by itself.
    tokio::time::sleep(Duration::from_secs(4)).await;
    pot.0.fetch_sub(1, Ordering::Relaxed);
    ctx.reply("Here is your tea.").await?;
    Ok(())
}

/// Is asked about failures of slash commands only, and knows their names.
#[error_handler]
async fn too_often(ctx: &CommandContext, error: &OnCooldown) -> Result<bool> {
    let seconds = error.retry_after().as_secs_f64().ceil();
    let text = format!("`/{}` has to rest for {seconds} seconds.", ctx.name());
    ctx.reply(Reply::new(text).ephemeral()).await?;
    Ok(true)
}

fn bot() -> BotBuilder {
    Bot::builder()
        .state(Pot(AtomicU32::new(4)))
        .add(handlers![echo, share])
        .add(handlers![
            about_user,
            about_member,
            about_role,
            about_channel
        ])
        .add(handlers![thank, weigh, dress, nap])
        .group(list())
        .add(handlers![wave, count_words, menu_failed])
        .add(handlers![brew, too_often])
}

#[tokio::main]
async fn main() -> Result<()> {
    run_or_simulate(bot()).await
}

#[cfg(test)]
mod tests {
    use cordial::testing::Simulator;

    use super::*;

    /// Starts the bot, with alice and the cook bob in the guild.
    async fn start() -> Simulator {
        Simulator::builder(bot())
            .member("alice")
            .role("cooks", Permissions::empty(), ["bob"])
            .start()
            .await
    }

    /// Lets alice run some commands, and sees what the bot writes.
    async fn assert_answers(lines: &[(&str, &str)]) {
        let sim = start().await;
        for (line, _) in lines {
            sim.person("alice").run(line).await;
        }
        let answers: Vec<_> = lines.iter().map(|(_, answer)| *answer).collect();
        sim.stop().await.assert_replies(&answers);
    }

    #[tokio::test(start_paused = true)]
    async fn text_and_numbers_are_options() {
        assert_answers(&[
            ("/echo text:hello", "hello"),
            ("/echo text:hello there times:2", "hello there hello there"),
            ("/echo text:hello loud:true", "HELLO"),
            ("/share bill:50 people:4", "Each pays 12.50."),
        ])
        .await;
    }

    #[tokio::test(start_paused = true)]
    #[should_panic(expected = "the option `text` takes 2 to 100 characters")]
    async fn what_is_too_short_is_not_sent() {
        let sim = start().await;

        sim.person("alice").run("/echo text:h").await;
    }

    #[tokio::test(start_paused = true)]
    async fn what_there_is_on_discord_is_an_option() {
        assert_answers(&[
            ("/about-user user:@bot", "bot is a bot."),
            ("/about-member member:@bob", "bob has 1 roles."),
            ("/about-role role:@cooks", "cooks stands at 1."),
            ("/about-channel channel:#general", "#general is for text."),
            ("/thank whom:@bob", "Thank you, bob!"),
            ("/thank whom:@cooks", "Thank you, everybody of cooks!"),
            ("/weigh file:feather.txt", "feather.txt has 0 bytes."),
        ])
        .await;
    }

    #[tokio::test(start_paused = true)]
    async fn choices_have_names_and_defaults() {
        assert_answers(&[
            ("/dress weather:Rain", "Take the grey coat."),
            (
                "/dress weather:Something else colour:red",
                "Take the red pullover.",
            ),
        ])
        .await;
    }

    #[tokio::test(start_paused = true)]
    async fn discord_knows_names_in_other_languages() {
        let sim = start().await;

        let commands = sim.commands(None);

        let dress = commands.iter().find(|command| command.name == "dress");
        let names = dress.and_then(|dress| dress.name_localizations.clone());
        assert_eq!(names.expect("names")["de"], "kleidung");
    }

    #[tokio::test(start_paused = true)]
    async fn a_type_of_ones_own_is_an_option_or_an_error() {
        assert_answers(&[
            ("/nap length:1h30m", "Sleep well. See you in 90 minutes."),
            ("/nap length:20m", "Sleep well. See you in 20 minutes."),
            (
                "/nap length:long",
                "`long` is no length of time: write `1h30m`, or `20m`.",
            ),
        ])
        .await;
    }

    #[tokio::test(start_paused = true)]
    async fn commands_in_groups_share_their_state() {
        assert_answers(&[
            ("/list add item:green tea", "There are 1 on the list."),
            ("/list add item:milk", "There are 2 on the list."),
            ("/list remove item:green tea", "No more green tea."),
            (
                "/list remove item:sugar",
                "I am sorry, `sugar` is not on the list.",
            ),
            ("/list clear all", "The list is empty."),
        ])
        .await;
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_typed_is_completed_from_state() {
        let sim = start().await;
        let alice = sim.person("alice");
        for item in ["milk", "Mint", "tea"] {
            alice.run(&format!("/list add item:{item}")).await;
        }

        let completed = alice.complete("/list remove item:m").await;

        assert_eq!(completed, ["milk", "Mint"]);
    }

    #[tokio::test(start_paused = true)]
    async fn menus_have_a_target() {
        let sim = start().await;
        let (alice, bob) = (sim.person("alice"), sim.person("bob"));

        alice.menu_of("Wave", &bob).await;
        let message = bob.say("three little words").await;
        alice.menu("Count words", message).await;

        sim.stop()
            .await
            .assert_replies(&["alice waves to bob.", "There are 3 words in it."]);
    }

    #[tokio::test(start_paused = true)]
    async fn failures_of_menus_have_an_error_handler_of_their_own() {
        let sim = start().await;
        let alice = sim.person("alice");

        let message = alice.say(" ").await;
        alice.menu("Count words", message).await;

        let transcript = sim.stop().await;
        transcript.assert_handled_by("count_words", "menu_failed");
        transcript.assert_replies(&["`Count words` did not work: there are no words in it."]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_too_eager_has_to_wait() {
        let sim = start().await;
        let alice = sim.person("alice");

        for _ in 0..3 {
            alice.run("/brew").await;
        }

        let transcript = sim.stop().await;
        transcript.assert_handled_by("brew", "too_often");
        let told = transcript.replies().pop();
        assert_eq!(told, Some("`/brew` has to rest for 52 seconds."));
    }

    #[tokio::test(start_paused = true)]
    async fn two_at_once_are_too_many() {
        let sim = start().await;
        let (alice, bob) = (sim.person("alice"), sim.person("bob"));

        tokio::join!(alice.run("/brew"), bob.run("/brew"));

        let transcript = sim.stop().await;
        transcript.assert_unhandled("brew");
        let refused = "That is still running. Try again when it is done.";
        transcript.assert_replies(&[refused, "Here is your tea."]);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_makes_tea_of_nothing() {
        let sim = start().await;
        let (alice, bob) = (sim.person("alice"), sim.person("bob"));
        for person in [&alice, &alice, &bob, &bob] {
            person.run("/brew").await;
        }

        sim.person("owner").run("/brew").await;

        let transcript = sim.stop().await;
        assert_eq!(transcript.replies().pop(), Some("There is no tea left."));
    }
}
