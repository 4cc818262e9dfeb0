//! Checks run before a handler: who may use it, where, and how often; each fails with the facts.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use cordial::check::{Check, Cooldown};
use cordial::exception::{
    CheckFailed, CommandError, DirectOnly, GuildOnly, LacksPermissions, NotOwner, OnCooldown, Per,
    TooManyAtOnce, Whose,
};
use cordial::prelude::*;
use cordial::testing::{GatewayFault, Simulator, Transcript};
use cordial::twilight::model::application::interaction::InteractionContextType;
use cordial::twilight::model::guild::Permissions;

fn failure(transcript: &Transcript) -> &Failure {
    &transcript.reports().last().expect("a failure").failure
}

async fn done(ctx: &Context) -> Result<()> {
    ctx.reply("Done.").await?;
    Ok(())
}

/// Ban somebody.
#[command(user_permissions = BAN_MEMBERS | KICK_MEMBERS)]
async fn ban(ctx: &CommandContext) -> Result<()> {
    done(ctx).await
}

#[tokio::test(start_paused = true)]
async fn discord_is_told_what_the_checks_know() {
    /// Whisper.
    #[command(direct_only)]
    async fn whisper(ctx: &CommandContext) -> Result<()> {
        done(ctx).await
    }

    let bot = Bot::builder()
        .add(handlers![ban, whisper])
        .build()
        .expect("a bot");

    let [ban, whisper] = bot.commands() else {
        panic!("two commands");
    };
    let needed = Permissions::BAN_MEMBERS | Permissions::KICK_MEMBERS;
    assert_eq!(ban.default_member_permissions, Some(needed));
    assert_eq!(ban.contexts, Some(vec![InteractionContextType::Guild]));
    assert_eq!(whisper.contexts, Some(vec![InteractionContextType::BotDm]));
}

#[tokio::test(start_paused = true)]
async fn a_component_is_checked_as_its_command_is() {
    /// Show a button to everybody.
    #[command]
    async fn show(ctx: &CommandContext) -> Result<()> {
        let reply = Reply::new("Careful!").row([purge::id().button("Purge").danger()]);
        ctx.reply(reply).await?;
        Ok(())
    }

    #[component(user_permissions = MANAGE_MESSAGES)]
    async fn purge(ctx: &ComponentContext) -> Result<()> {
        done(ctx).await
    }

    let sim = Simulator::start(Bot::builder().add(handlers![show, purge])).await;
    let alice = sim.join("alice").await;
    alice.run("/show").await;
    alice
        .click(sim.newest_message().expect("a message"), "Purge")
        .await;

    let transcript = sim.stop().await;
    let lacks = failure(&transcript)
        .find::<LacksPermissions>()
        .expect("refused");
    assert_eq!(lacks.whose(), Whose::User);
    assert_eq!(lacks.missing(), Permissions::MANAGE_MESSAGES);
    assert!(failure(&transcript).is::<CheckFailed>() && failure(&transcript).is::<CommandError>());
    transcript.assert_replies(&["Careful!", "You need Manage Messages to do that."]);
}

#[tokio::test(start_paused = true)]
async fn what_the_bot_may_not_do_is_known_before_it_tries() {
    /// Ban somebody.
    #[command(bot_permissions = BAN_MEMBERS)]
    async fn ban(ctx: &CommandContext) -> Result<()> {
        done(ctx).await
    }

    let bot = Bot::builder().add(handlers![ban]);
    let sim = Simulator::builder(bot)
        .deny(Permissions::BAN_MEMBERS)
        .start()
        .await;
    let alice = sim.join("alice").await;
    sim.deny(Permissions::ADMINISTRATOR);
    alice.run("/ban").await;

    let transcript = sim.stop().await;
    let lacks = failure(&transcript)
        .find::<LacksPermissions>()
        .expect("refused");
    assert_eq!(
        (lacks.whose(), lacks.missing()),
        (Whose::Bot, Permissions::BAN_MEMBERS)
    );
    transcript.assert_replies(&["I need Ban Members to do that."]);
}

#[tokio::test(start_paused = true)]
async fn x13_who_has_no_known_permissions_may_not() {
    let bot = Bot::builder().add(handlers![ban]);
    let sim = Simulator::builder(bot).member("alice").start().await;
    let alice = sim.person("alice");
    sim.grant(&alice, Permissions::ADMINISTRATOR);
    for fault in [
        GatewayFault::missing_field("/member/permissions"),
        GatewayFault::changed_field("/member/permissions", "null"),
        GatewayFault::changed_field("/member/permissions", r#""0""#),
        GatewayFault::changed_field("/member/permissions", r#""4""#),
    ] {
        sim.misbehave(fault.clone().only("INTERACTION_CREATE"));
        alice.run("/ban").await;

        assert!(
            failure(&sim.transcript()).is::<LacksPermissions>(),
            "{fault:?}"
        );
    }
    alice.run("/ban").await;

    let transcript = sim.stop().await;
    let replies = transcript.replies();
    assert_eq!(replies.iter().filter(|reply| **reply == "Done.").count(), 1);
    assert_eq!(replies.last(), Some(&"Done."));
}

#[tokio::test(start_paused = true)]
async fn x13_the_bot_may_not_what_is_not_known_of_it() {
    /// Ban somebody.
    #[command(bot_permissions = BAN_MEMBERS)]
    async fn ban(ctx: &CommandContext) -> Result<()> {
        done(ctx).await
    }

    let bot = Bot::builder().add(handlers![ban]);
    let sim = Simulator::builder(bot).member("alice").start().await;
    let unknown = GatewayFault::missing_field("/app_permissions");
    sim.misbehave(unknown.only("INTERACTION_CREATE"));
    sim.person("alice").run("/ban").await;

    assert!(failure(&sim.stop().await).is::<LacksPermissions>());
}

#[tokio::test(start_paused = true)]
async fn owners_are_those_of_the_application_unless_named() {
    /// Stop the world.
    #[command(owner_only)]
    async fn stop(ctx: &CommandContext) -> Result<()> {
        done(ctx).await
    }

    let sim = Simulator::start(Bot::builder().add(handlers![stop])).await;
    let (alice, owner) = (sim.join("alice").await, sim.person("owner"));
    alice.run("/stop").await;
    owner.run("/stop").await;

    let transcript = sim.stop().await;
    assert!(failure(&transcript).is::<NotOwner>());
    transcript.assert_replies(&["Only the owners of this bot can do that.", "Done."]);

    // In virtual time the same happens again, with the same ids.
    let named = Bot::builder().add(handlers![stop]).owners([alice.id()]);
    let sim = Simulator::start(named).await;
    sim.join("alice").await.run("/stop").await;
    sim.stop().await.assert_replies(&["Done."]);
}

/// Where the tests of a plugin count what ran.
#[derive(Default)]
struct Asked(AtomicU32);

#[check]
async fn is_called_alice(ctx: &InteractionContext, asked: State<Asked>) -> bool {
    asked.0.fetch_add(1, Ordering::Relaxed);
    ctx.user().name == "alice"
}

/// Say hello.
#[command]
async fn hello(ctx: &CommandContext) -> Result<()> {
    done(ctx).await
}

#[tokio::test(start_paused = true)]
async fn checks_of_a_plugin_apply_to_all_inside() {
    async fn only_alice(ctx: &InteractionContext) -> bool {
        ctx.user().name == "alice"
    }

    let inner = Plugin::new("inner").add(handlers![hello]);
    let outer = Plugin::new("outer")
        .state(Asked::default())
        .check(Check::new(only_alice))
        .plugin(inner);
    let sim = Simulator::start(Bot::builder().plugin(outer)).await;
    let (alice, bob) = (sim.join("alice").await, sim.join("bob").await);
    alice.run("/hello").await;
    bob.run("/hello").await;

    let transcript = sim.stop().await;
    let failed = failure(&transcript).find::<CheckFailed>().expect("refused");
    assert_eq!(failed.check(), "only_alice");
    transcript.assert_replies(&["Done.", "You cannot do that."]);
}

#[tokio::test(start_paused = true)]
async fn a_check_that_fails_has_a_failure_of_its_own() {
    #[derive(Debug, thiserror::Error, Exception)]
    #[error("the moon is not full")]
    struct NotFull;

    #[check]
    async fn full_moon(_: &InteractionContext) -> Result<bool, NotFull> {
        Err(NotFull)
    }

    #[check]
    async fn panics(_: &InteractionContext) -> bool {
        panic!("no check")
    }

    /// Howl.
    #[command(check = [full_moon, panics])]
    async fn howl(ctx: &CommandContext) -> Result<()> {
        done(ctx).await
    }

    #[error_handler]
    async fn tells(ctx: &CommandContext, error: &NotFull) -> bool {
        ctx.reply(error.to_string()).await.is_ok()
    }

    let sim = Simulator::start(Bot::builder().add(handlers![howl, tells])).await;
    sim.join("alice").await.run("/howl").await;

    let transcript = sim.stop().await;
    assert_eq!(
        failure(&transcript).handler().expect("known").name(),
        "full_moon"
    );
    transcript.assert_replies(&["the moon is not full"]);
}

#[test]
fn what_a_check_takes_must_be_there() {
    /// Open the box.
    #[command(check = is_called_alice)]
    async fn open(ctx: &CommandContext) -> Result<()> {
        done(ctx).await
    }

    let error = Bot::builder()
        .add(handlers![open])
        .build()
        .expect_err("no state");

    assert!(
        error.to_string().contains("is_called_alice (check)"),
        "{error}"
    );
}

/// Wish for something.
#[command(cooldown = "2 per 1m per user")]
async fn wish(ctx: &CommandContext) -> Result<()> {
    done(ctx).await
}

#[tokio::test(start_paused = true)]
async fn a_cooldown_says_how_long_to_wait() {
    let sim = Simulator::start(Bot::builder().add(handlers![wish])).await;
    let (alice, bob) = (sim.join("alice").await, sim.join("bob").await);
    alice.run("/wish").await;
    tokio::time::sleep(Duration::from_secs(20)).await;
    alice.run("/wish").await;
    alice.run("/wish").await;
    bob.run("/wish").await;
    tokio::time::sleep(Duration::from_secs(40)).await;
    alice.run("/wish").await;

    let transcript = sim.stop().await;
    let cooldown = failure(&transcript).find::<OnCooldown>().expect("refused");
    assert_eq!(cooldown.retry_after(), Duration::from_secs(40));
    assert_eq!(cooldown.per(), Per::User);
    let again = "Try again in 40 seconds.";
    transcript.assert_replies(&["Done.", "Done.", again, "Done.", "Done."]);
}

#[tokio::test(start_paused = true)]
async fn a_cooldown_of_a_plugin_counts_everything_in_it_together() {
    let plugin = Plugin::new("wishes")
        .cooldown(Cooldown::new(1, Duration::from_secs(5), Per::Everybody))
        .add(handlers![wish, hello]);
    let sim = Simulator::start(Bot::builder().plugin(plugin)).await;
    let (alice, bob) = (sim.join("alice").await, sim.join("bob").await);
    alice.run("/wish").await;
    bob.run("/hello").await;

    sim.stop()
        .await
        .assert_replies(&["Done.", "Try again in 5 seconds."]);
}

#[tokio::test(start_paused = true)]
async fn whoever_may_not_does_not_use_up_a_cooldown() {
    #[check]
    async fn never(_: &InteractionContext) -> bool {
        false
    }

    /// Wish in vain.
    #[command(cooldown = "1 per 1h per user", check = never)]
    async fn vain(ctx: &CommandContext) -> Result<()> {
        done(ctx).await
    }

    let sim = Simulator::start(Bot::builder().add(handlers![vain])).await;
    let alice = sim.join("alice").await;
    alice.run("/vain").await;
    alice.run("/vain").await;

    let transcript = sim.stop().await;
    assert!(!failure(&transcript).is::<OnCooldown>());
}

#[tokio::test(start_paused = true)]
async fn a_retry_is_no_other_use() {
    static RUNS: AtomicU32 = AtomicU32::new(0);

    /// Work the second time.
    #[command(cooldown = "1 per 1h per user", max_concurrency = "1 per everybody")]
    async fn flaky(ctx: &CommandContext) -> Result<()> {
        if RUNS.fetch_add(1, Ordering::Relaxed) == 0 {
            return Err(std::fmt::Error.into());
        }
        done(ctx).await
    }

    #[error_handler]
    async fn again(_: &CommandContext, _: &std::fmt::Error) -> Flow {
        Flow::RETRY
    }

    let sim = Simulator::start(Bot::builder().add(handlers![flaky, again])).await;
    sim.join("alice").await.run("/flaky").await;

    sim.stop().await.assert_replies(&["Done."]);
}

#[tokio::test(start_paused = true)]
async fn only_so_many_run_at_once() {
    /// Leave something running.
    #[command(max_concurrency = "1 per everybody")]
    async fn slow(ctx: &CommandContext, http: Http) -> Result<()> {
        let user = http.current_user().await?.model().await?;
        ctx.reply(format!("Done by {}.", user.name)).await?;
        Ok(())
    }

    let sim = Simulator::start(Bot::builder().add(handlers![slow])).await;
    let (alice, bob) = (sim.join("alice").await, sim.join("bob").await);
    sim.delay("GET", "/users/@me", Duration::from_secs(1));
    tokio::join!(alice.run("/slow"), bob.run("/slow"));
    bob.run("/slow").await;

    let transcript = sim.stop().await;
    let many = failure(&transcript)
        .find::<TooManyAtOnce>()
        .expect("refused");
    assert_eq!((many.most(), many.per()), (1, Per::Everybody));
    transcript.assert_replies(&[
        "That is still running. Try again when it is done.",
        "Done by bot.",
        "Done by bot.",
    ]);
}

#[test]
fn a_guild_is_there_where_nothing_else_is_let_in() {
    /// Name the guild.
    #[command(guild_only)]
    async fn named(ctx: &CommandContext, guild: GuildId) -> Result<()> {
        ctx.reply(guild.to_string()).await?;
        Ok(())
    }

    /// Name the guild, if there is one.
    #[command]
    async fn unsure(ctx: &CommandContext, guild: GuildId) -> Result<()> {
        ctx.reply(guild.to_string()).await?;
        Ok(())
    }

    assert!(Bot::builder().add(handlers![named]).build().is_ok());
    let error = Bot::builder()
        .add(handlers![unsure])
        .build()
        .expect_err("sometimes");
    assert!(error.to_string().contains("guild_only"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn what_is_for_one_place_fails_in_the_other() {
    /// Show buttons.
    #[command]
    async fn buttons(ctx: &CommandContext) -> Result<()> {
        let row = [guilds::id().button("Guilds"), direct::id().button("Direct")];
        ctx.reply(Reply::new("Press!").row(row)).await?;
        Ok(())
    }

    #[component(guild_only)]
    async fn guilds(ctx: &ComponentContext) -> Result<()> {
        done(ctx).await
    }

    #[component(direct_only)]
    async fn direct(ctx: &ComponentContext) -> Result<()> {
        done(ctx).await
    }

    let sim = Simulator::start(Bot::builder().add(handlers![buttons, guilds, direct])).await;
    let alice = sim.join("alice").await;
    for person in [alice.clone(), alice.privately()] {
        person.run("/buttons").await;
        let message = sim.newest_message().expect("buttons");
        person.click(message, "Guilds").await;
        person.click(message, "Direct").await;
    }

    let transcript = sim.stop().await;
    let failures: Vec<_> = transcript.reports().map(|report| &report.failure).collect();
    assert!(failures[0].is::<DirectOnly>() && failures[1].is::<GuildOnly>());
    transcript.assert_replies(&[
        "Press!",
        "Done.",
        "That works only in direct messages.",
        "Press!",
        "That works only in servers.",
        "Done.",
    ]);
}

/// Show a button for you.
#[command]
async fn offer(ctx: &CommandContext) -> Result<()> {
    let button = claim::id(ctx.user().id).button("Claim");
    ctx.reply(Reply::new("Yours.").row([button])).await?;
    Ok(())
}

#[component(cooldown = "1 per 1h per channel")]
async fn claim(ctx: &ComponentContext, #[state(owner)] owner: Id<UserMarker>) -> Result<()> {
    let row = [claim::id(owner).button("Claim")];
    ctx.update(Reply::new("Claimed.").row(row)).await
}

#[tokio::test(start_paused = true)]
async fn whoever_presses_what_is_not_theirs_does_not_use_up_a_cooldown() {
    let sim = Simulator::start(Bot::builder().add(handlers![offer, claim])).await;
    let (alice, bob) = (sim.join("alice").await, sim.join("bob").await);
    alice.run("/offer").await;
    let message = sim.newest_message().expect("an offer");
    bob.click(message, "Claim").await;
    alice.click(message, "Claim").await;

    assert_eq!(sim.content(message).as_deref(), Some("Claimed."));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_does_not_stop_a_bot_that_stops_for_what_nobody_handles() {
    let bot = Bot::builder()
        .unhandled(Unhandled::Shutdown)
        .add(handlers![wish]);
    let sim = Simulator::start(bot).await;
    let alice = sim.join("alice").await;
    for _ in 0..4 {
        alice.run("/wish").await;
    }

    let again = "Try again in 60 seconds.";
    sim.stop()
        .await
        .assert_replies(&["Done.", "Done.", again, again]);
}

#[test]
fn what_is_for_nobody_is_a_mistake() {
    /// Whisper.
    #[command(direct_only)]
    async fn whisper(ctx: &CommandContext) -> Result<()> {
        done(ctx).await
    }

    let plugin = Plugin::new("guilds").guild_only().add(handlers![whisper]);
    let error = Bot::builder()
        .plugin(plugin)
        .build()
        .expect_err("for nobody");

    assert!(error.to_string().contains("whisper (command)"), "{error}");
}
