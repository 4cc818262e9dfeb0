//! The simulator is like Discord where it matters: what is sent to whom, what is answered, and what
//! is refused. The real twilight client reads all of it.

use std::sync::Mutex;
use std::time::Duration;

use cordial::prelude::*;
use cordial::testing::{Happening, Simulator};
use cordial::twilight::model::guild::Permissions;
use cordial::twilight::model::util::Timestamp;

/// What listeners saw.
#[derive(Default)]
struct Seen(Mutex<Vec<String>>);

impl Seen {
    fn note(&self, text: impl Into<String>) {
        self.0.lock().expect("no panic").push(text.into());
    }
}

/// Declares a bot that notes what it sees.
macro_rules! sees {
    ($($event:ident($pattern:ident) as $name:ident => $text:expr),* $(,)?) => {{
        mod listeners {
            use super::*;
            $(
                #[listener]
                pub(super) async fn $name(_: &Context, $pattern: &$event, seen: State<Seen>) {
                    seen.note($text);
                }
            )*
        }
        Bot::builder().state(Seen::default()).add(handlers![tells, $(listeners::$name),*])
    }};
}

/// Tells what was seen, on being asked in private.
#[listener]
async fn tells(ctx: &Context, message: &DirectMessage, seen: State<Seen>) -> Result<()> {
    if !message.author.bot {
        let seen = seen.0.lock().expect("no panic").join("; ");
        ctx.reply(seen).await?;
    }
    Ok(())
}

/// Asks the bot what it saw, and ends it.
async fn seen(sim: Simulator) -> String {
    sim.person("judge").whisper("what did you see?").await;
    let transcript = sim.stop().await;
    (*transcript.replies().last().expect("an answer")).to_owned()
}

// What is sent.

#[tokio::test(start_paused = true)]
async fn a_bot_is_told_of_itself_and_its_guild() {
    let bot = sees! {
        Ready(ready) as ready => format!("ready {} {}", ready.user.name, ready.shard.is_some()),
        GuildCreate(guild) as guild => format!("guild {}", match guild {
            GuildCreate::Available(guild) => guild.name.as_str(),
            GuildCreate::Unavailable(_) => "unavailable",
        }),
    };

    let seen = seen(Simulator::start(bot).await).await;

    assert_eq!(seen, "ready bot true; guild Simulated");
}

#[tokio::test(start_paused = true)]
async fn a_bot_is_told_what_people_do() {
    let bot = sees! {
        MemberAdd(joined) as joins => format!("join {}", joined.user.name),
        MemberRemove(left) as leaves => format!("leave {}", left.user.name),
        GuildMessage(message) as says => format!("say {}", message.content.is_empty()),
        MessageUpdate(message) as edits => format!("edit {}", message.edited_timestamp.is_some()),
        MessageDelete(message) as deletes => format!("delete {}", message.guild_id.is_some()),
        ReactionAdd(reaction) as reacts => format!("react {}", reaction.member.is_some()),
        ReactionRemove(reaction) as unreacts => format!("unreact {}", reaction.guild_id.is_some()),
        TypingStart(typing) as types => format!("type {}", typing.member.is_some()),
        ChannelCreate(channel) as creates => format!("channel {:?}", channel.name),
    };
    let sim = Simulator::start(bot).await;

    let alice = sim.join("alice").await;
    let message = alice.say("hello").await;
    alice.edit(message, "hello!").await;
    alice.react(message, "👍").await;
    alice.unreact(message, "👍").await;
    alice.delete(message).await;
    alice.type_something().await;
    alice.say_in("elsewhere", "hi").await;
    alice.leave().await;

    // Content is blank: nobody asked for it.
    assert_eq!(
        seen(sim).await,
        "join alice; say true; edit true; react true; unreact true; delete true; type true; \
         channel Some(\"elsewhere\"); say true; leave alice"
    );
}

#[tokio::test(start_paused = true)]
async fn the_transcript_tells_what_people_did() {
    let sim = Simulator::start(Bot::builder()).await;

    let alice = sim.join("alice").await;
    let message = alice.say("hello").await;
    alice.edit(message, "hello!").await;
    alice.react(message, "👍").await;
    alice.unreact(message, "👍").await;
    alice.type_something().await;
    alice.delete(message).await;
    alice.leave().await;

    let transcript = sim.stop().await;
    let lines: Vec<_> = transcript
        .iter()
        .filter(|happening| {
            !matches!(
                happening,
                Happening::Event { .. } | Happening::Request { .. }
            )
        })
        .map(|happening| happening.to_string().trim().to_owned())
        .collect();
    let expected = [
        "alice joined",
        "alice said: hello",
        "alice changed a message to: hello!",
        "alice reacted: 👍",
        "alice no longer reacts: 👍",
        "alice typed",
        "deleted: hello!",
        "alice left",
    ];
    assert_eq!(lines, expected);
}

#[tokio::test(start_paused = true)]
async fn what_no_intent_was_asked_for_is_not_sent() {
    let sim = Simulator::start(Bot::builder().intents(Intents::GUILDS)).await;

    let alice = sim.join("alice").await;
    alice.say("hello").await;
    alice.whisper("hello").await;
    alice.type_something().await;

    assert_eq!(sim.stop().await.events(), ["READY", "GUILD_CREATE"]);
}

#[tokio::test(start_paused = true)]
async fn messages_of_guilds_and_private_ones_have_intents_of_their_own() {
    let sim = Simulator::start(Bot::builder().intents(Intents::DIRECT_MESSAGES)).await;

    sim.join("alice").await.say("hello").await;
    sim.person("alice").whisper("hello").await;

    assert_eq!(sim.stop().await.events(), ["READY", "MESSAGE_CREATE"]);
}

#[tokio::test(start_paused = true)]
async fn a_guild_names_its_members_to_who_asked_for_presences() {
    fn bot() -> BotBuilder {
        sees! { GuildCreate(guild) as named => match guild {
            GuildCreate::Available(guild) => {
                format!("{} of {:?}", guild.members.len(), guild.member_count)
            }
            GuildCreate::Unavailable(_) => "nothing".to_owned(),
        } }
    }

    let without = Simulator::builder(bot()).member("alice").start().await;
    let with = bot().intents(Intents::GUILD_PRESENCES);
    let with = Simulator::builder(with).member("alice").start().await;

    assert_eq!(seen(without).await, "1 of Some(3)");
    assert_eq!(seen(with).await, "3 of Some(3)");
}

#[tokio::test(start_paused = true)]
async fn the_bot_is_always_told_of_itself() {
    let sim = Simulator::builder(Bot::builder());
    let sim = sim.member("alice").start().await;
    let (http, guild) = (sim.http(), sim.guild_id());
    let alice = sim.person("alice").id();

    let other = http.update_guild_member(guild, alice).nick(Some("Al"));
    other.await.expect("renamed");
    assert_eq!(sim.transcript().events(), ["READY"]);
    let own = http.update_current_member(guild).nick(Some("Robot"));
    own.await.expect("renamed");

    assert_eq!(sim.transcript().events(), ["READY", "GUILD_MEMBER_UPDATE"]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_mentions_whom_it_answers_and_hides_what_it_quotes() {
    #[listener]
    async fn greets(ctx: &Context, message: &GuildMessage) -> Result<()> {
        if !message.author.bot {
            ctx.reply("Yes?").await?;
        }
        Ok(())
    }

    let bot = sees! { MessageCreate(message) as quoted => format!(
        "{}: {:?} to {:?} of {:?}",
        message.author.name,
        message.content,
        message.referenced_message.as_ref().map(|quoted| &quoted.content),
        message.mentions.iter().map(|user| &user.name).collect::<Vec<_>>(),
    ) };
    let bot = bot.only_intents(Intents::GUILD_MESSAGES | Intents::DIRECT_MESSAGES);
    let sim = Simulator::start(bot.add(handlers![greets])).await;
    let alice = sim.join("alice").await;

    alice.say("hello").await;
    let yes = sim.newest_message().expect("an answer");
    alice.reply(yes, "nothing").await;

    let expected = [
        r#"alice: "" to None of []"#,
        r#"bot: "Yes?" to Some("") of []"#,
        r#"alice: "nothing" to Some("Yes?") of ["bot"]"#,
        r#"bot: "Yes?" to Some("nothing") of []"#,
    ];
    assert_eq!(seen(sim).await, expected.join("; "));
}

#[tokio::test(start_paused = true)]
async fn x7_an_answer_that_says_everyone_pings_nobody() {
    #[listener]
    async fn shouts(ctx: &Context, message: &GuildMessage) -> Result<()> {
        if !message.author.bot {
            ctx.reply(message.content.as_str()).await?;
        }
        Ok(())
    }

    /// Shout it out.
    #[command]
    async fn shout(ctx: &CommandContext, author: AuthorId) -> Result<()> {
        let all = format!("@everyone @here <@{}>", author.0);
        ctx.reply(all.clone()).await?;
        ctx.follow_up(all).await?;
        Ok(())
    }

    let bot = sees! { MessageCreate(message) as pings => format!(
        "{}: {} {} {}",
        message.author.name,
        message.mention_everyone,
        message.mentions.len(),
        message.mention_roles.len(),
    ) };
    let bot = bot.intents(Intents::MESSAGE_CONTENT);
    let builder = Simulator::builder(bot.add(handlers![shouts, shout]));
    let builder = builder.role("moderators", Permissions::empty(), ["alice"]);
    let sim = builder.start().await;
    let alice = sim.person("alice");
    let role = sim.http().roles(sim.guild_id()).await;
    let roles = role.expect("roles").models().await.expect("roles");
    let role = roles.iter().find(|role| role.name == "moderators");
    let role = role.expect("a role").id;

    sim.grant(&alice, Permissions::MENTION_EVERYONE);
    let text = format!("@everyone @here <@&{role}> {}", alice.mention());
    alice.say(text).await;
    alice.run("/shout").await;

    let expected = [
        "alice: true 1 1",
        "bot: false 0 0",
        "bot: false 0 0",
        "bot: false 0 0",
    ];
    assert_eq!(seen(sim).await, expected.join("; "));
}

#[tokio::test(start_paused = true)]
async fn content_is_blank_without_its_intent_but_where_discord_leaves_it() {
    #[listener]
    async fn reads(_: &Context, message: &GuildMessage, seen: State<Seen>) {
        seen.note(message.content.split(' ').next_back().unwrap_or_default());
    }

    for (intents, expected) in [
        (Intents::empty(), "; bot"),
        (Intents::MESSAGE_CONTENT, "all; bot"),
    ] {
        let bot = Bot::builder().intents(intents).state(Seen::default());
        let sim = Simulator::start(bot.add(handlers![reads, tells])).await;
        let bot = sim
            .http()
            .current_user()
            .await
            .expect("us")
            .model()
            .await
            .expect("us")
            .id;

        let alice = sim.join("alice").await;
        alice.say("to all").await;
        alice.say(format!("<@{bot}> to the bot")).await;

        assert_eq!(seen(sim).await, expected);
    }
}

// Connections.

fn sessions_begun(sim: &Simulator) -> usize {
    let transcript = sim.transcript();
    let events = transcript.events().into_iter();
    events.filter(|name| *name == "READY").count()
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_kept_alive_by_heartbeats() {
    let bot = sees! { MemberAdd(joined) as joins => joined.user.name.clone() };
    let sim = Simulator::start(bot).await;

    tokio::time::sleep(Duration::from_secs(3_600)).await;
    sim.join("alice").await;

    assert_eq!(sessions_begun(&sim), 1);
    assert_eq!(seen(sim).await, "alice");
}

#[tokio::test(start_paused = true)]
async fn what_happened_while_a_connection_was_lost_is_sent_on_resume_and_once() {
    let bot = sees! { MemberAdd(joined) as joins => joined.user.name.clone() };
    let sim = Simulator::start(bot).await;

    sim.drop_connections();
    sim.join("alice").await;
    sim.ask_to_reconnect();
    sim.join("bob").await;
    sim.close_connections(4000);
    sim.join("carol").await;

    assert_eq!(sessions_begun(&sim), 1);
    assert_eq!(seen(sim).await, "alice; bob; carol");
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_over_begins_anew() {
    let sim = Simulator::start(Bot::builder()).await;

    sim.invalidate_sessions();
    sim.settle().await;

    let transcript = sim.stop().await;
    assert_eq!(transcript.events(), ["READY", "READY"]);
}

#[tokio::test(start_paused = true)]
async fn each_shard_has_its_guilds_and_the_first_the_private_messages() {
    let bot = sees! { MemberAdd(joined) as joins => joined.user.name.clone() };
    let sim = Simulator::builder(bot).shards(4).start().await;

    sim.join("alice").await;

    let transcript = sim.transcript();
    let joins = transcript
        .events()
        .iter()
        .filter(|name| **name == "GUILD_MEMBER_ADD")
        .count();
    assert_eq!(joins, 1);
    assert_eq!(seen(sim).await, "alice");
}

// What people cannot do, and bots should not.

#[tokio::test(start_paused = true)]
#[should_panic(expected = "`bob` can only edit their own messages")]
async fn nobody_edits_what_others_wrote() {
    let sim = Simulator::start(Bot::builder()).await;
    let message = sim.join("alice").await.say("hello").await;

    sim.join("bob").await.edit(message, "bye").await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "`bob` is not in the guild, or was timed out: `sim.join(\"bob\").await`")]
async fn who_is_not_in_the_guild_says_nothing_there() {
    let sim = Simulator::start(Bot::builder()).await;

    sim.person("bob").say("hello").await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "`bob` is not in the guild, or was timed out")]
async fn who_was_timed_out_says_nothing() {
    let sim = Simulator::start(Bot::builder()).await;
    let bob = sim.join("bob").await;
    let in_a_week = Timestamp::from_secs(1_768_000_000).expect("a moment");
    sim.http()
        .update_guild_member(sim.guild_id(), bob.id())
        .communication_disabled_until(Some(in_a_week))
        .await
        .expect("timed out");

    bob.say("hello").await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "`bob` is banned, and cannot join")]
async fn who_is_banned_does_not_join() {
    let sim = Simulator::start(Bot::builder()).await;
    let bob = sim.join("bob").await;
    let banned = sim.http();
    let banned = banned.create_ban(sim.guild_id(), bob.id()).await;
    banned.expect("banned");

    bob.join().await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "`bob` cannot find the message: it was deleted")]
async fn what_is_deleted_has_no_reactions() {
    let sim = Simulator::start(Bot::builder()).await;
    let bob = sim.join("bob").await;
    let message = bob.say("hello").await;
    bob.delete(message).await;

    bob.react(message, "👍").await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "`bot` is the name of the bot: give the person another")]
async fn nobody_speaks_for_the_bot() {
    let sim = Simulator::start(Bot::builder()).await;

    drop(sim.person("bot"));
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "1 handlers of GUILD_MEMBER_ADD")]
async fn a_bot_that_never_settles_is_named() {
    #[listener(timeout = "none")]
    async fn hangs(_: &Context, _: &MemberAdd) {
        std::future::pending::<()>().await;
    }

    let sim = Simulator::start(Bot::builder().add(handlers![hangs])).await;

    sim.join("alice").await;
}

#[tokio::test]
async fn it_runs_in_real_time_too() {
    let bot = sees! { MemberAdd(joined) as joins => joined.user.name.clone() };
    let sim = Simulator::start(bot).await;

    sim.join("alice").await;

    assert_eq!(seen(sim).await, "alice");
}

// What outlives a bot.

#[tokio::test(start_paused = true)]
async fn a_bot_that_starts_again_finds_the_world_as_it_was_and_remembers_nothing() {
    let bot = || sees! { MemberAdd(joined) as joins => joined.user.name.clone() };
    let sim = Simulator::start(bot()).await;
    let message = sim.join("alice").await.say("before").await;

    let sim = sim.restart(bot()).await;
    sim.join("bob").await.react(message, "👍").await;

    assert_eq!(sim.content(message).as_deref(), Some("before"));
    assert!(sim.person("alice").is_member());
    assert_eq!(seen(sim).await, "bob");
}

#[tokio::test(start_paused = true)]
async fn a_bot_may_be_started_again_as_often_as_one_likes() {
    let bot = || sees! { MemberAdd(joined) as joins => joined.user.name.clone() };
    let mut sim = Simulator::builder(bot()).shards(2).start().await;

    for name in ["alice", "bob", "carol"] {
        sim = sim.restart(bot()).await;
        sim.join(name).await;
    }

    assert_eq!(sim.transcript().invocations("joins").len(), 3);
    assert_eq!(seen(sim).await, "carol");
}

// Roles.

#[tokio::test(start_paused = true)]
async fn roles_of_people_lie_under_the_role_of_the_bot_in_their_order() {
    let sim = Simulator::builder(Bot::builder())
        .role("helpers", Permissions::KICK_MEMBERS, ["harry"])
        .role("moderators", Permissions::BAN_MEMBERS, ["mia"])
        .start()
        .await;

    let roles = sim.http().roles(sim.guild_id()).await.expect("an answer");
    let mut roles = roles.models().await.expect("roles");
    roles.sort_by_key(|role| role.position);

    let names: Vec<_> = roles.iter().map(|role| role.name.as_str()).collect();
    assert_eq!(names, ["@everyone", "helpers", "moderators", "bot"]);
    assert!(sim.person("mia").is_member());
}

#[tokio::test(start_paused = true)]
async fn what_the_bot_is_denied_people_may_still_do() {
    let sim = Simulator::builder(Bot::builder())
        .role("moderators", Permissions::BAN_MEMBERS, ["mia"])
        .deny(Permissions::BAN_MEMBERS)
        .start()
        .await;

    let roles = sim.http().roles(sim.guild_id()).await.expect("an answer");
    let roles = roles.models().await.expect("roles");

    let of = |name| roles.iter().find(|role| role.name == name).expect("a role");
    let may_ban = |name| of(name).permissions.contains(Permissions::BAN_MEMBERS);
    assert!(may_ban("moderators"));
    assert!(!may_ban("bot"));
}

/// Say what somebody may do, where bans are possible.
#[command(bot_permissions = BAN_MEMBERS)]
async fn may_ban(ctx: &CommandContext) -> Result<()> {
    ctx.reply(format!("{:?}", ctx.permissions())).await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn administrators_may_do_everything_until_they_are_denied_something() {
    let may = Permissions::ADMINISTRATOR;
    let builder = || {
        let bot = Bot::builder().add(handlers![may_ban]);
        Simulator::builder(bot).role("admins", may, ["ada"])
    };
    let sim = builder().start().await;
    let denied = builder().deny(Permissions::BAN_MEMBERS).start().await;

    sim.person("ada").run("/may_ban").await;
    denied.person("ada").run("/may_ban").await;

    let all = format!("{:?}", Some(Permissions::all()));
    sim.stop().await.assert_replies(&[&all]);
    let refusal = "I need Ban Members to do that.";
    denied.stop().await.assert_replies(&[refusal]);
}

// Channels.

#[tokio::test(start_paused = true)]
async fn the_newest_message_of_a_channel_is_found_among_those_of_others() {
    let sim = Simulator::start(Bot::builder()).await;
    let alice = sim.join("alice").await;

    alice.say_in("news", "old").await;
    let newest = alice.say_in("news", "new").await;
    alice.say("somewhere else").await;

    assert_eq!(sim.newest_message_in("news"), Some(newest));
    assert_eq!(sim.newest_message_in("nowhere"), None);
}
