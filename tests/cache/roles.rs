//! Roles.

use crate::*;

#[listener]
async fn changed(_: &Context, role: &Updated<Role>, seen: State<Seen>) {
    let was = before(role.before.as_ref(), |role| {
        format!("{:?}", role.permissions)
    });
    seen.note(format!("{was} -> {:?}", role.after.permissions));
}

#[listener]
async fn deleted(_: &Context, role: &Deleted<Role>, seen: State<Seen>) {
    let was = before(role.value.as_ref(), |role| role.name.clone());
    seen.note(format!("{was} is gone"));
}

#[tokio::test(start_paused = true)]
async fn roles_are_kept_from_the_first_to_the_last() {
    let bot = looking(|ctx| {
        let roles = ctx.cache().of::<Role>().unwrap().all();
        let mut names: Vec<_> = roles.iter().map(|role| role.name.clone()).collect();
        names.sort_unstable();
        names.join(", ")
    });
    let (sim, seen) = simulator(bot.add(handlers![changed, deleted])).await;

    sim.grant(&sim.person("alice"), Permissions::KICK_MEMBERS);
    sim.settle().await;
    look(&sim).await;
    sim.change_role("of alice", Permissions::BAN_MEMBERS).await;
    sim.delete_role("of alice").await;
    look(&sim).await;

    seen.assert(&[
        "@everyone, bot, of alice",
        "Permissions(KICK_MEMBERS) -> Permissions(BAN_MEMBERS)",
        "of alice is gone",
        "@everyone, bot",
    ]);
    sim.stop().await;
}
