//! Who is there, until they go offline.

use crate::*;

#[listener]
async fn changed(_: &Context, presence: &Updated<Presence>, seen: State<Seen>) {
    let was = before(presence.before.as_ref(), |presence| {
        format!("{:?}", presence.status)
    });
    seen.note(format!("{was} -> {:?}", presence.after.status));
}

#[listener]
async fn went(_: &Context, presence: &Deleted<Presence>, seen: State<Seen>) {
    seen.note(format!("was known: {}", presence.value.is_some()));
}

#[tokio::test(start_paused = true)]
async fn who_is_there_is_kept_until_they_go_offline() {
    let bot = looking(|ctx| ctx.cache().of::<Presence>().unwrap().len().to_string());
    let (sim, seen) = simulator(bot.add(handlers![changed])).await;
    let alice = sim.person("alice");

    alice.appear(Status::Online).await;
    alice.appear(Status::DoNotDisturb).await;
    look(&sim).await;
    alice.appear(Status::Offline).await;
    look(&sim).await;

    seen.assert(&[
        "? -> Online",
        "Online -> DoNotDisturb",
        "1",
        "DoNotDisturb -> Offline",
        "0",
    ]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn that_somebody_goes_offline_can_be_listened_for() {
    let (sim, seen) = simulator(Bot::builder().add(handlers![went])).await;
    let alice = sim.person("alice");

    alice.appear(Status::Online).await;
    alice.appear(Status::Offline).await;
    alice.appear(Status::Offline).await;

    seen.assert(&["was known: true", "was known: false"]);
    sim.stop().await;
}
