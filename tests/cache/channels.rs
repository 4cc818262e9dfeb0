//! Channels and threads.

use crate::*;

fn name(channel: &Channel) -> String {
    channel.name.clone().unwrap_or_default()
}

#[listener]
async fn changed(_: &Context, channel: &Updated<Channel>, seen: State<Seen>) {
    let was = before(channel.before.as_ref(), name);
    seen.note(format!("{was} -> {}", name(&channel.after)));
}

#[listener]
async fn deleted(_: &Context, channel: &Deleted<Channel>, seen: State<Seen>) {
    let was = before(channel.value.as_ref(), name);
    seen.note(format!("{was} is gone"));
}

fn bot() -> BotBuilder {
    looking(|ctx| {
        let guild = ctx.event().and_then(cordial::event::guild_id).unwrap();
        let channels = ctx.cache().of::<Channel>().unwrap().within(guild);
        let names: Vec<_> = channels.iter().map(|channel| name(channel)).collect();
        names.join(", ")
    })
    .add(handlers![changed, deleted])
}

#[tokio::test(start_paused = true)]
async fn channels_are_kept_from_the_first_to_the_last() {
    let (sim, seen) = simulator(bot()).await;
    let http = sim.http();

    look(&sim).await;
    let message = sim.person("alice").say_in("other", "hi").await;
    let channel = message.channel_id();
    http.update_channel(channel).name("better").await.unwrap();
    sim.settle().await;
    look(&sim).await;
    http.delete_channel(channel).await.unwrap();
    sim.settle().await;
    look(&sim).await;

    seen.assert(&[
        "general",
        "other -> better",
        "general, better",
        "better is gone",
        "general",
    ]);
    sim.stop().await;
}

fn thread(sim: &Simulator, id: u64, is_archived: bool) -> String {
    let parent = sim.channel_id("general").unwrap();
    format!(
        r#"{{"id":"{id}","type":11,"guild_id":"{}","parent_id":"{parent}","name":"t{id}",
        "thread_metadata":{{"archived":{is_archived},"auto_archive_duration":60,
        "archive_timestamp":"2026-01-01T00:00:00+00:00","locked":false}}}}"#,
        sim.guild_id(),
    )
}

#[tokio::test(start_paused = true)]
async fn threads_are_channels_until_they_are_archived() {
    let (sim, seen) = simulator(bot()).await;

    sim.send_raw("THREAD_CREATE", &thread(&sim, 7, false)).await;
    look(&sim).await;
    sim.send_raw("THREAD_UPDATE", &thread(&sim, 7, true)).await;
    look(&sim).await;

    let looks = seen.take();
    assert_eq!(looks[1], "t7 -> t7");
    let mut names: Vec<_> = looks[0].split(", ").collect();
    names.sort_unstable();
    assert_eq!(names, ["general", "t7"]);
    assert_eq!(looks[2], "general");
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn threads_that_are_told_of_at_once_replace_those_that_were_known() {
    let (sim, seen) = simulator(bot()).await;
    let guild = sim.guild_id();

    sim.send_raw("THREAD_CREATE", &thread(&sim, 7, false)).await;
    let sync = format!(
        r#"{{"guild_id":"{guild}","threads":[{}],"members":[]}}"#,
        thread(&sim, 8, false),
    );
    sim.send_raw("THREAD_LIST_SYNC", &sync).await;
    look(&sim).await;

    seen.assert(&["t8, general"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn the_threads_of_a_channel_go_with_it() {
    let (sim, seen) = simulator(bot()).await;
    let general = sim.channel_id("general").unwrap();

    sim.send_raw("THREAD_CREATE", &thread(&sim, 7, false)).await;
    sim.http().delete_channel(general).await.unwrap();
    sim.settle().await;
    sim.person("alice").say_in("new", "hi").await;
    seen.take();
    look_in(&sim.person("alice"), &sim).await;

    seen.assert(&["new"]);
    sim.stop().await;
}

/// Looks from any channel of the guild.
async fn look_in(_: &Person, sim: &Simulator) {
    let channel = sim.channel_id("new").unwrap();
    let typing = format!(
        r#"{{"channel_id":"{channel}","guild_id":"{}","user_id":"2","timestamp":3}}"#,
        sim.guild_id(),
    );
    sim.send_raw("TYPING_START", &typing).await;
}
