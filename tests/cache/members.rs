//! Members: who is known, and since when.

use crate::*;

#[listener]
async fn renamed(_: &Context, member: &Updated<Member>, seen: State<Seen>) {
    let was = before(member.before.as_ref(), |member| {
        format!("{:?}", member.nick)
    });
    seen.note(format!("{was} -> {:?}", member.after.nick));
}

#[listener]
async fn left(_: &Context, member: &Deleted<Member>, seen: State<Seen>) {
    let was = before(member.value.as_ref(), |member| member.user.name.clone());
    seen.note(format!("{was} left"));
}

#[tokio::test(start_paused = true)]
async fn members_are_kept_from_their_coming_to_their_leaving() {
    let bot = looking(|ctx| ctx.cache().of::<Member>().unwrap().len().to_string());
    let (sim, seen) = simulator(bot.add(handlers![renamed, left])).await;

    // Without presences Discord names nobody but the bot. Alice is known since she types.
    look(&sim).await;
    let carol = sim.join("carol").await;
    carol.set_nickname(Some("Caz")).await;
    carol.set_nickname(None).await;
    look(&sim).await;
    carol.leave().await;
    look(&sim).await;

    seen.assert(&[
        "2",
        "None -> Some(\"Caz\")",
        "Some(\"Caz\") -> None",
        "3",
        "carol left",
        "2",
    ]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn members_who_were_not_known_are_once_they_are_changed() {
    let (sim, seen) = simulator(Bot::builder().add(handlers![renamed, left])).await;
    let bob = sim.person("bob");

    sim.person("alice").leave().await;
    bob.set_nickname(Some("Bobby")).await;
    bob.set_nickname(Some("Rob")).await;

    seen.assert(&[
        "? left",
        "? -> Some(\"Bobby\")",
        "Some(\"Bobby\") -> Some(\"Rob\")",
    ]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn members_who_are_asked_for_are_kept() {
    let bot = looking(|ctx| ctx.cache().of::<Member>().unwrap().len().to_string());
    let (sim, seen) = simulator(bot.cache(Resource::Members)).await;
    let chunk = format!(
        r#"{{"guild_id":"{}","members":[{{"user":{{"id":"9","username":"dave",
        "discriminator":"0","avatar":null}},"roles":[],"joined_at":null,"deaf":false,
        "mute":false,"flags":0}}],"chunk_index":0,"chunk_count":1,"not_found":[]}}"#,
        sim.guild_id(),
    );

    look(&sim).await;
    sim.send_raw("GUILD_MEMBERS_CHUNK", &chunk).await;
    look(&sim).await;

    seen.assert(&["2", "3"]);
    sim.stop().await;
}

/// Does nothing.
#[command(guild_only)]
async fn idle(ctx: &CommandContext) -> Result<()> {
    ctx.reply("Done.").await?;
    Ok(())
}

/// Puts a bot there that keeps members, and is told of whatever they do.
async fn keeping() -> Simulator {
    let bot = Bot::builder()
        .intents(Intents::all() - Intents::GUILD_PRESENCES)
        .cache(Resource::Members)
        .add(handlers![idle]);
    simulator(bot).await.0
}

fn known(sim: &Simulator) -> usize {
    sim.health().cache()[0].entries()
}

#[tokio::test(start_paused = true)]
async fn members_are_known_once_they_do_something() {
    for act in ["write", "edit", "react", "type", "enter", "run"] {
        let sim = keeping().await;
        let (alice, bob) = (sim.person("alice"), sim.person("bob"));
        let old = alice.said(Duration::from_secs(60), "old");
        assert_eq!(known(&sim), 1, "the bot alone");

        match act {
            "write" => drop(alice.say("one").await),
            "edit" => alice.edit(old, "new").await,
            "react" => bob.react(old, "👍").await,
            "type" => alice.type_something().await,
            "enter" => alice.enter_voice("lounge").await,
            _ => alice.run("/idle").await,
        }

        assert_eq!(known(&sim), 2, "{act}");
        sim.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn who_writes_is_known_with_their_user_and_roles() {
    let bot = looking(|ctx| {
        let members = ctx.cache().of::<Member>().unwrap().all();
        let bob = members.iter().find(|member| member.user.name == "bob");
        before(bob, |bob| format!("{:?}, {}", bob.nick, bob.roles.len()))
    });
    let bot = bot.intents(Intents::GUILD_MESSAGES);
    let (sim, seen) = simulator(bot.cache(Resource::Members)).await;
    let bob = sim.person("bob");

    look(&sim).await;
    bob.say("one").await;
    look(&sim).await;

    seen.assert(&["?", "None, 0"]);
    sim.stop().await;
}

/// Somebody types in a guild, and is told of as a member without a nickname.
fn typing(guild: Id<GuildMarker>, user: u64) -> String {
    format!(
        r#"{{"channel_id":"6","guild_id":"{guild}","user_id":"{user}","timestamp":3,
        "member":{{"user":{{"id":"{user}","username":"x","discriminator":"0","avatar":null}},
        "roles":[],"joined_at":null,"deaf":false,"mute":false,"flags":0,"nick":null}}}}"#,
    )
}

#[tokio::test(start_paused = true)]
async fn what_is_known_of_a_member_is_not_replaced_by_what_is_said_in_passing() {
    let bot = looking(|ctx| {
        let members = ctx.cache().of::<Member>().unwrap().all();
        let bob = members.iter().find(|member| member.user.name == "bob");
        before(bob, |bob| format!("{:?}", bob.nick))
    });
    let (sim, seen) = simulator(bot.cache(Resource::Members)).await;
    let bob = sim.person("bob");

    bob.set_nickname(Some("Rob")).await;
    let typing = typing(sim.guild_id(), bob.id().get());
    sim.send_raw("TYPING_START", &typing).await;

    seen.assert(&["Some(\"Rob\")"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn nobody_is_kept_of_a_guild_that_the_bot_is_not_in() {
    let sim = keeping().await;

    sim.send_raw("TYPING_START", &typing(Id::new(5), 9)).await;
    assert_eq!(known(&sim), 1);
    sim.send_raw("TYPING_START", &typing(sim.guild_id(), 9))
        .await;
    assert_eq!(known(&sim), 2);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn who_left_is_not_kept_again_since_they_are_heard_no_more() {
    let sim = keeping().await;
    let guild = sim.guild_id();
    let silence = format!(
        r#"{{"channel_id":null,"guild_id":"{guild}","user_id":"9","session_id":"x",
        "member":{{"user":{{"id":"9","username":"x","discriminator":"0","avatar":null}},
        "roles":[],"joined_at":null,"deaf":false,"mute":false,"flags":0,"nick":null}},
        "deaf":false,"mute":false,"self_deaf":false,"self_mute":false,"self_video":false,
        "self_stream":false,"suppress":false,"request_to_speak_timestamp":null}}"#,
    );
    sim.send_raw("TYPING_START", &typing(guild, 9)).await;
    let gone = format!(
        r#"{{"guild_id":"{guild}","user":{{"id":"9","username":"x","discriminator":"0","avatar":null}}}}"#
    );

    sim.send_raw("GUILD_MEMBER_REMOVE", &gone).await;
    sim.send_raw("VOICE_STATE_UPDATE", &silence).await;

    assert_eq!(known(&sim), 1);
    sim.stop().await;
}
