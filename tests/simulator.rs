//! The simulator is like Discord where it matters: what is sent to whom, what is answered, and what
//! is refused. The real twilight client reads all of it.

use std::sync::Mutex;
use std::time::Duration;

use cordial::prelude::*;
use cordial::testing::{Happening, Simulator};
use cordial::twilight::http::request::channel::reaction::RequestReactionType;
use cordial::twilight::model::channel::ChannelType;
use cordial::twilight::model::guild::Permissions;
use cordial::twilight::model::http::attachment::Attachment;
use cordial::twilight::model::id::Id;

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

#[tokio::test(start_paused = true)]
async fn a_connection_is_kept_alive_by_heartbeats() {
    let bot = sees! { MemberAdd(joined) as joins => joined.user.name.clone() };
    let sim = Simulator::start(bot).await;

    tokio::time::sleep(Duration::from_secs(3_600)).await;
    sim.join("alice").await;

    let events = sim.transcript();
    assert_eq!(
        events
            .events()
            .iter()
            .filter(|name| **name == "READY")
            .count(),
        1
    );
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

    let events = sim.transcript();
    assert_eq!(
        events
            .events()
            .iter()
            .filter(|name| **name == "READY")
            .count(),
        1
    );
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

// What is answered.

#[tokio::test(start_paused = true)]
async fn messages_can_be_sent_read_changed_and_deleted() {
    let sim = Simulator::start(Bot::builder()).await;
    let http = sim.http();
    let channel = sim.channel_id("general").expect("a channel");

    let sent = http
        .create_message(channel)
        .content("hello")
        .await
        .expect("sent");
    let sent = sent.model().await.expect("a message");
    let found = http.message(channel, sent.id).await.expect("found");
    assert_eq!(found.model().await.expect("a message").content, "hello");
    let edited = http
        .update_message(channel, sent.id)
        .content(Some("bye"))
        .await
        .expect("edited");
    let edited = edited.model().await.expect("a message");
    assert_eq!(
        (edited.content.as_str(), edited.edited_timestamp.is_some()),
        ("bye", true)
    );
    let answer = http
        .create_message(channel)
        .content("yes?")
        .reply(sent.id)
        .await
        .expect("sent");
    let answer = answer.model().await.expect("a message");
    assert_eq!(
        answer.reference.and_then(|reference| reference.message_id),
        Some(sent.id)
    );
    let listed = http.channel_messages(channel).await.expect("listed");
    assert_eq!(listed.models().await.expect("messages").len(), 2);
    http.delete_message(channel, sent.id)
        .await
        .expect("deleted");
    let listed = http
        .channel_messages(channel)
        .await
        .expect("listed")
        .models()
        .await;
    assert_eq!(listed.expect("messages").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn files_can_be_attached() {
    let sim = Simulator::start(Bot::builder()).await;
    let channel = sim.channel_id("general").expect("a channel");

    let file = Attachment::from_bytes("hello.txt".to_owned(), b"hello".to_vec(), 1);
    let sent = sim
        .http()
        .create_message(channel)
        .attachments(&[file])
        .await
        .expect("sent");

    let sent = sent.model().await.expect("a message");
    assert_eq!(sent.attachments[0].filename, "hello.txt");
    assert_eq!(sent.attachments[0].size, 5);
}

#[tokio::test(start_paused = true)]
async fn reactions_can_be_added_listed_and_removed() {
    let sim = Simulator::start(Bot::builder()).await;
    let http = sim.http();
    let message = sim.join("alice").await.say("hello").await;
    let (channel, id) = (message.channel_id(), message.id());
    let thumb = RequestReactionType::Unicode { name: "👍" };

    http.create_reaction(channel, id, &thumb)
        .await
        .expect("added");
    sim.person("alice").react(message, "👍").await;
    let users = http
        .reactions(channel, id, &thumb)
        .await
        .expect("listed")
        .models()
        .await;

    assert_eq!(users.expect("users").len(), 2);
    assert_eq!(
        sim.reactions(message),
        [("👍".to_owned(), vec!["bot".to_owned(), "alice".to_owned()])]
    );
    http.delete_current_user_reaction(channel, id, &thumb)
        .await
        .expect("removed");
    assert_eq!(
        sim.reactions(message),
        [("👍".to_owned(), vec!["alice".to_owned()])]
    );
    http.delete_all_reactions(channel, id)
        .await
        .expect("removed");
    assert_eq!(sim.reactions(message), []);
}

#[tokio::test(start_paused = true)]
async fn channels_can_be_made_read_changed_and_deleted() {
    let sim = Simulator::start(Bot::builder()).await;
    let http = sim.http();

    let made = http
        .create_guild_channel(sim.guild_id(), "rules")
        .await
        .expect("made");
    let made = made.model().await.expect("a channel");
    assert_eq!(made.kind, ChannelType::GuildText);
    http.update_channel(made.id)
        .topic("Be kind.")
        .await
        .expect("changed");
    let read = http
        .channel(made.id)
        .await
        .expect("read")
        .model()
        .await
        .expect("a channel");
    assert_eq!(read.topic.as_deref(), Some("Be kind."));
    let all = http
        .guild_channels(sim.guild_id())
        .await
        .expect("listed")
        .models()
        .await;
    assert_eq!(all.expect("channels").len(), 2);
    http.delete_channel(made.id).await.expect("deleted");
    assert_eq!(sim.channel_id("rules"), None);
}

#[tokio::test(start_paused = true)]
async fn members_can_be_read_listed_found_and_changed() {
    let sim = Simulator::start(Bot::builder()).await;
    let (http, guild) = (sim.http(), sim.guild_id());
    let alice = sim.join("alice").await.id();
    let bob = sim.join("bob").await.id();

    let member = http
        .guild_member(guild, alice)
        .await
        .expect("read")
        .model()
        .await;
    http.update_guild_member(guild, alice)
        .nick(Some("Al"))
        .await
        .expect("changed");
    let members = http
        .guild_members(guild)
        .limit(10)
        .await
        .expect("listed")
        .models()
        .await;
    let found = http
        .search_guild_members(guild, "bo")
        .limit(10)
        .await
        .expect("found");
    let found = found.models().await.expect("members");
    let roles = http
        .roles(guild)
        .await
        .expect("listed")
        .models()
        .await
        .expect("roles");

    assert_eq!(member.expect("a member").user.name, "alice");
    let nicks: Vec<_> = members
        .expect("members")
        .into_iter()
        .filter_map(|it| it.nick)
        .collect();
    assert_eq!(nicks, ["Al"]);
    assert!(found.iter().any(|member| member.user.id == bob));
    assert!(roles.iter().any(|role| role.name == "@everyone"));
}

#[tokio::test(start_paused = true)]
async fn members_can_be_banned_forgiven_and_removed() {
    let sim = Simulator::start(Bot::builder()).await;
    let (http, guild) = (sim.http(), sim.guild_id());
    let alice = sim.join("alice").await.id();
    let bob = sim.join("bob").await.id();

    http.create_ban(guild, alice).await.expect("banned");
    let ban = http
        .ban(guild, alice)
        .await
        .expect("read")
        .model()
        .await
        .expect("a ban");
    http.delete_ban(guild, alice).await.expect("forgiven");
    http.remove_guild_member(guild, bob).await.expect("removed");

    assert_eq!(ban.user.id, alice);
    assert!(http.ban(guild, alice).await.is_err());
    assert!(http.guild_member(guild, alice).await.is_err());
    assert!(http.guild_member(guild, bob).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn the_bot_can_look_at_itself_its_guild_and_the_gateway() {
    let sim = Simulator::builder(Bot::builder()).shards(2).start().await;
    let http = sim.http();

    let me = http
        .current_user()
        .await
        .expect("read")
        .model()
        .await
        .expect("a user");
    let application = http
        .current_user_application()
        .await
        .expect("read")
        .model()
        .await;
    let guild = http
        .guild(sim.guild_id())
        .await
        .expect("read")
        .model()
        .await
        .expect("a guild");
    let gateway = http
        .gateway()
        .authed()
        .await
        .expect("read")
        .model()
        .await
        .expect("its address");

    assert!(me.bot);
    application.expect("an application");
    assert_eq!(guild.name, "Simulated");
    assert_eq!(gateway.shards, 2);
}

#[tokio::test(start_paused = true)]
async fn a_private_conversation_can_be_opened() {
    let sim = Simulator::start(Bot::builder()).await;
    let alice = sim.person("alice").id();

    let opened = sim
        .http()
        .create_private_channel(alice)
        .await
        .expect("opened");
    let opened = opened.model().await.expect("a channel");
    let sent = sim
        .http()
        .create_message(opened.id)
        .content("psst")
        .await
        .expect("sent");

    assert_eq!(opened.kind, ChannelType::Private);
    assert_eq!(sent.model().await.expect("a message").guild_id, None);
}

// What is refused.

#[tokio::test(start_paused = true)]
async fn a_permission_can_be_taken_from_the_bot() {
    let sim = Simulator::start(Bot::builder()).await;
    let channel = sim.channel_id("general").expect("a channel");
    sim.deny(Permissions::SEND_MESSAGES);

    let refused = sim
        .http()
        .create_message(channel)
        .content("hello")
        .await
        .expect_err("refused");

    assert!(refused.to_string().contains("403"), "{refused}");
    assert!(refused.to_string().contains("50013"), "{refused}");
}

#[tokio::test(start_paused = true)]
async fn an_empty_message_is_refused() {
    let sim = Simulator::start(Bot::builder()).await;
    let channel = sim.channel_id("general").expect("a channel");

    let refused = sim
        .http()
        .create_message(channel)
        .await
        .expect_err("refused");

    assert!(refused.to_string().contains("50006"), "{refused}");
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "the simulator does not model what the bot asked for: GET /guilds/")]
async fn a_route_that_is_not_modelled_fails_the_test() {
    #[listener]
    async fn asks(_: &Context, joined: &MemberAdd, http: Http) {
        drop(http.guild_webhooks(joined.guild_id).await);
    }

    let sim = Simulator::start(Bot::builder().add(handlers![asks])).await;
    sim.join("alice").await;

    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_can_be_chosen_once() {
    let sim = Simulator::start(Bot::builder()).await;
    sim.answer_next(
        "GET",
        "/channels/*",
        403,
        r#"{"message":"no","code":50001}"#,
    );

    let first = sim
        .http()
        .channel(Id::new(5))
        .await
        .expect_err("refused")
        .to_string();
    let second = sim
        .http()
        .channel(Id::new(5))
        .await
        .expect_err("refused")
        .to_string();

    assert!(first.contains("50001"), "{first}");
    assert!(second.contains("10003"), "{second}");
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "`bob` can only edit messages of theirs")]
async fn nobody_edits_what_others_wrote() {
    let sim = Simulator::start(Bot::builder()).await;
    let message = sim.join("alice").await.say("hello").await;

    sim.join("bob").await.edit(message, "bye").await;
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
