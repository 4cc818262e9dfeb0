//! Who is in a voice channel.

use crate::*;

#[listener]
async fn moved(_: &Context, state: &Updated<VoiceState>, seen: State<Seen>) {
    let was = before(state.before.as_ref(), |_| "in one".to_owned());
    let is_in_one = state.after.channel_id.is_some();
    seen.note(format!("{was} -> {is_in_one}"));
}

#[listener]
async fn left(_: &Context, state: &Deleted<VoiceState>, seen: State<Seen>) {
    seen.note(format!("left, was known: {}", state.value.is_some()));
}

#[tokio::test(start_paused = true)]
async fn who_is_in_a_voice_channel_is_kept_until_they_leave() {
    let bot = looking(|ctx| {
        let states = ctx.cache().of::<VoiceState>().unwrap();
        states.len().to_string()
    });
    let (sim, seen) = simulator(bot.add(handlers![moved])).await;
    let alice = sim.person("alice");

    alice.enter_voice("lounge").await;
    alice.enter_voice("stage").await;
    look(&sim).await;
    alice.leave_voice().await;
    look(&sim).await;

    seen.assert(&["? -> true", "in one -> true", "1", "in one -> false", "0"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn who_is_heard_when_the_guild_is_told_of_is_a_member_who_is_named() {
    let bot = looking(|ctx| {
        let cache = ctx.cache();
        let states = cache.of::<VoiceState>().unwrap().all();
        let names = states.iter().map(|state| {
            let guild = state.guild_id.unwrap();
            let member = cache.member(guild, state.user_id).unwrap().unwrap();
            format!("{}, {}", member.user.name, state.member.is_some())
        });
        names.collect()
    });
    let bot = bot.cache([Resource::VoiceStates, Resource::Members]);
    let (sim, seen) = simulator(bot).await;

    sim.person("bob").enter_voice("lounge").await;
    look(&sim).await;
    sim.invalidate_sessions();
    sim.settle().await;
    look(&sim).await;

    seen.assert(&["bob, true", "bob, false"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn whoever_leaves_the_guild_leaves_its_voice_channels() {
    let (sim, seen) = simulator(Bot::builder().add(handlers![left])).await;
    let alice = sim.person("alice");

    alice.enter_voice("lounge").await;
    alice.leave().await;

    seen.assert(&["left, was known: true"]);
    sim.stop().await;
}
