//! Guilds: what is told of each, and what goes with it.

use crate::*;

#[listener]
async fn renamed(_: &Context, guild: &Updated<Guild>, seen: State<Seen>) {
    let was = before(guild.before.as_ref(), |guild| guild.name.clone());
    let joined = guild.after.joined_at.is_some();
    seen.note(format!("{was} -> {}, {joined}", guild.after.name));
}

#[listener]
async fn removed(_: &Context, guild: &Deleted<Guild>, seen: State<Seen>) {
    let was = before(guild.value.as_ref(), |guild| guild.name.clone());
    seen.note(format!("{was} is gone"));
}

#[tokio::test(start_paused = true)]
async fn a_handler_of_a_guild_that_comes_sees_it_in_the_cache() {
    #[listener]
    async fn came(ctx: &Context, guild: &GuildCreate, seen: State<Seen>) -> Result<()> {
        let known = ctx.cache().guild(guild.id())?.expect("it came");
        seen.note(format!("{}, {:?}", known.name, known.member_count));
        Ok(())
    }

    let bot = Bot::builder().cache(Resource::Guilds).add(handlers![came]);
    let (sim, seen) = simulator(bot).await;

    seen.assert(&["Simulated, Some(4)"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_guild_that_changes_keeps_what_was_told_of_it_once() {
    let (sim, seen) = simulator(Bot::builder().add(handlers![renamed])).await;

    sim.rename_guild("Better").await;

    seen.assert(&["Simulated -> Better, true"]);
    sim.stop().await;
}

fn everything() -> BotBuilder {
    looking(|ctx| {
        let cache = ctx.cache();
        let counts = [
            cache.of::<Guild>().unwrap().len(),
            cache.of::<Channel>().unwrap().len(),
            cache.of::<Role>().unwrap().len(),
            cache.of::<Member>().unwrap().len(),
            cache.of::<Message>().unwrap().len(),
            cache.of::<VoiceState>().unwrap().len(),
            cache.of::<Presence>().unwrap().len(),
        ];
        let guilds = cache.of::<Guild>().unwrap().all();
        let available = guilds.first().map(|guild| guild.is_available);
        format!("{counts:?} {available:?}")
    })
    .cache(Resource::ALL)
}

/// Types to the bot alone, which hears it whatever becomes of the guild.
async fn look_from_outside(sim: &Simulator) {
    sim.person("alice").privately().type_something().await;
}

async fn fill(sim: &Simulator) {
    let alice = sim.person("alice");
    alice.say("one").await;
    alice.enter_voice("lounge").await;
    alice.appear(Status::Idle).await;
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_is_removed_forgets_all_of_the_guild() {
    let (sim, seen) = simulator(everything().add(handlers![removed])).await;
    fill(&sim).await;

    look_from_outside(&sim).await;
    sim.remove_bot().await;
    look_from_outside(&sim).await;

    seen.assert(&[
        "[1, 2, 2, 4, 1, 1, 1] Some(true)",
        "Simulated is gone",
        "[0, 0, 0, 0, 0, 0, 0] None",
    ]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_outage_forgets_nothing_and_is_noted() {
    let (sim, seen) = simulator(everything().add(handlers![removed])).await;
    fill(&sim).await;

    sim.begin_outage().await;
    look_from_outside(&sim).await;
    sim.end_outage().await;
    look_from_outside(&sim).await;

    seen.assert(&[
        "[1, 2, 2, 4, 1, 1, 1] Some(false)",
        "[1, 2, 2, 4, 1, 1, 1] Some(true)",
    ]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_is_told_after_an_outage_replaces_what_was_known() {
    let (sim, seen) = simulator(everything()).await;
    fill(&sim).await;
    let alice = sim.person("alice");

    sim.begin_outage().await;
    alice.leave_voice().await;
    sim.person("bob").leave().await;
    sim.end_outage().await;
    look_from_outside(&sim).await;

    seen.assert(&["[1, 2, 2, 3, 1, 0, 1] Some(true)"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_new_session_is_told_of_everything_again_but_messages() {
    let (sim, seen) = simulator(everything()).await;
    fill(&sim).await;

    sim.invalidate_sessions();
    sim.settle().await;
    look_from_outside(&sim).await;

    seen.assert(&["[1, 2, 2, 4, 0, 1, 1] Some(true)"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_new_session_forgets_guilds_that_it_does_not_name() {
    let bot = looking(|ctx| {
        let cache = ctx.cache();
        let counts = (
            cache.of::<Guild>().unwrap().len(),
            cache.of::<Role>().unwrap().len(),
        );
        format!("{counts:?}")
    });
    let (sim, seen) = simulator(bot.cache([Resource::Guilds, Resource::Roles])).await;
    let guild = sim.http().guild(sim.guild_id()).await.unwrap();
    let mut other = guild.model().await.unwrap();
    other.id = Id::new(5);
    other.roles.truncate(1);
    other.roles[0].id = Id::new(5);
    let other = serde_json::to_string(&other).unwrap();

    sim.send_raw("GUILD_CREATE", &other).await;
    look_from_outside(&sim).await;
    sim.invalidate_sessions();
    sim.settle().await;
    look_from_outside(&sim).await;

    seen.assert(&["(2, 3)", "(1, 2)"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn members_are_counted_where_they_are_kept() {
    let bot = looking(|ctx| {
        let guilds = ctx.cache().of::<Guild>().unwrap().all();
        format!("{:?}", guilds[0].member_count)
    });
    let (sim, seen) = simulator(bot.cache([Resource::Guilds, Resource::Members])).await;

    sim.join("carol").await;
    look(&sim).await;
    sim.person("bob").leave().await;
    sim.person("carol").leave().await;
    look(&sim).await;

    seen.assert(&["Some(5)", "Some(3)"]);
    sim.stop().await;
}
