//! The simulator's HTTP interface is like Discord's where it matters: what is answered, what is
//! refused, and what it does not model. The real twilight client asks all of it.

use cordial::prelude::*;
use cordial::testing::Simulator;
use cordial::twilight::http::request::AuditLogReason;
use cordial::twilight::http::request::channel::reaction::RequestReactionType;
use cordial::twilight::model::channel::ChannelType;
use cordial::twilight::model::channel::message::ReactionType;
use cordial::twilight::model::guild::Permissions;
use cordial::twilight::model::http::attachment::Attachment;
use cordial::twilight::model::id::Id;
use cordial::twilight::model::oauth::ApplicationFlags;
use cordial::twilight::model::util::Timestamp;

// What is answered.

#[tokio::test(start_paused = true)]
async fn the_application_says_which_intents_are_granted_and_who_has_the_bot() {
    let granted = ApplicationFlags::GATEWAY_PRESENCE_LIMITED
        | ApplicationFlags::GATEWAY_GUILD_MEMBERS_LIMITED
        | ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED;
    let generous = Simulator::start(Bot::builder()).await;
    let strict = Simulator::builder(Bot::builder())
        .refuse_privileged_intents()
        .counts_guilds(0)
        .interactions_endpoint("https://bot.example/")
        .start()
        .await;
    let expected = [
        (&generous, granted, 1, None),
        (
            &strict,
            ApplicationFlags::empty(),
            0,
            Some("https://bot.example/"),
        ),
    ];

    for (sim, flags, guilds, endpoint) in expected {
        let answer = sim.http().current_user_application().await.expect("it");
        let application = answer.model().await.expect("an application");

        assert_eq!(application.flags, Some(flags));
        assert_eq!(application.approximate_guild_count, Some(guilds));
        assert_eq!(application.interactions_endpoint_url.as_deref(), endpoint);
    }
}

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
async fn messages_are_listed_from_where_it_is_asked() {
    let sim = Simulator::start(Bot::builder()).await;
    let alice = sim.join("alice").await;
    let mut said = Vec::new();
    for content in ["1", "2", "3", "4", "5", "6"] {
        said.push(alice.say(content).await.id());
    }
    let http = sim.http();
    let channel = sim.channel_id("general").expect("a channel");
    let listed = async || {
        let all = || http.channel_messages(channel);
        [
            all().limit(2).await,
            all().before(said[3]).limit(2).await,
            all().after(said[1]).limit(2).await,
            all().around(said[2]).limit(3).await,
        ]
    };

    let mut contents = Vec::new();
    for listed in listed().await {
        let listed = listed.expect("listed").models().await.expect("messages");
        let listed: Vec<_> = listed.into_iter().map(|message| message.content).collect();
        contents.push(listed.concat());
    }

    assert_eq!(contents, ["65", "32", "43", "432"]);
}

#[tokio::test(start_paused = true)]
async fn a_member_can_be_timed_out() {
    let sim = Simulator::start(Bot::builder()).await;
    let bob = sim.join("bob").await;
    let until = Timestamp::from_secs(1_768_000_000).expect("a moment");

    let http = sim.http();
    let changed = http.update_guild_member(sim.guild_id(), bob.id());
    let changed = changed.communication_disabled_until(Some(until)).await;

    let changed = changed.expect("timed out").model().await;
    let until_then = changed.expect("a member").communication_disabled_until;
    assert_eq!(until_then, Some(until));
    assert!(bob.is_member() && !bob.may_speak());
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

    let banned = http.create_ban(guild, alice).reason("too loud, often");
    banned.await.expect("banned");
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
    assert_eq!(ban.reason.as_deref(), Some("too loud, often"));
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
#[should_panic(expected = "the simulator does not model these requests of the bot: `GET /guilds/")]
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
async fn a_permission_is_needed_to_answer_a_message() {
    let sim = Simulator::start(Bot::builder()).await;
    let message = sim.join("alice").await.say("hello").await;
    sim.deny(Permissions::READ_MESSAGE_HISTORY);

    let http = sim.http();
    let sent = http.create_message(message.channel_id()).content("hello");
    let refused = sent.reply(message.id()).await.expect_err("refused");

    assert!(refused.to_string().contains("160002"), "{refused}");
}

#[tokio::test(start_paused = true)]
async fn the_owner_is_above_the_bot() {
    let sim = Simulator::start(Bot::builder()).await;
    let (guild, owner) = (sim.guild_id(), sim.person("owner").id());

    let kicked = sim.http().remove_guild_member(guild, owner).await;
    let banned = sim.http().create_ban(guild, owner).await;

    for refused in [kicked.err(), banned.err()] {
        let refused = refused.expect("refused").to_string();
        assert!(refused.contains("50013"), "{refused}");
    }
}

#[tokio::test(start_paused = true)]
async fn old_messages_are_not_deleted_with_others() {
    let sim = Simulator::start(Bot::builder()).await;
    let alice = sim.join("alice").await;
    let (old, channel) = (alice.say("one").await, sim.channel_id("general"));
    tokio::time::advance(std::time::Duration::from_secs(15 * 24 * 60 * 60)).await;
    let new = alice.say("two").await;

    let deleted = [old.id(), new.id()];
    let channel = channel.expect("a channel");
    let http = sim.http();
    let refused = http.delete_messages(channel, &deleted).await;

    let refused = refused.expect_err("refused").to_string();
    assert!(refused.contains("50034"), "{refused}");
    assert_eq!(sim.content(old).as_deref(), Some("one"));
}

// What is not modelled.

/// Stops a bot that asked for what is not modelled, and returns what is said of it.
async fn complaint(sim: Simulator) -> String {
    let stopped = tokio::spawn(sim.stop()).await;
    let panic = stopped.expect_err("a panic").into_panic();
    *panic.downcast::<String>().expect("a text")
}

#[tokio::test(start_paused = true)]
async fn a_field_that_is_not_modelled_is_not_left_out() {
    let sim = Simulator::builder(Bot::builder()).member("alice");
    let sim = sim.start().await;
    let (guild, alice) = (sim.guild_id(), sim.person("alice").id());

    let http = sim.http();
    let mute = http.update_guild_member(guild, alice).mute(true);
    mute.await.expect_err("refused");
    let ban = http.create_ban(guild, alice);
    let ban = ban.delete_message_seconds(60).await;
    ban.expect_err("refused");

    let complaint = complaint(sim).await;
    assert_eq!(
        complaint,
        format!(
            "the simulator does not model these requests of the bot: the field `mute` of `PATCH \
             /guilds/{guild}/members/{alice}`, the field `delete_message_seconds` of `PUT \
             /guilds/{guild}/bans/{alice}`"
        )
    );
}

#[tokio::test(start_paused = true)]
async fn what_a_field_cannot_say_here_is_not_made_up() {
    let sim = Simulator::start(Bot::builder()).await;
    let http = sim.http();

    let voice = http.create_guild_channel(sim.guild_id(), "voice");
    let voice = voice.kind(ChannelType::GuildVoice).await;
    voice.expect_err("refused");

    let complaint = complaint(sim).await;
    assert!(
        complaint.contains("a channel that is not of text in `POST /guilds/"),
        "{complaint}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_parameter_that_is_not_modelled_is_not_left_out() {
    let sim = Simulator::start(Bot::builder()).await;
    let message = sim.join("alice").await.say("hello").await;
    let (channel, id) = (message.channel_id(), message.id());

    let http = sim.http();
    let reacted = http.reactions(channel, id, &RequestReactionType::Unicode { name: "👍" });
    let reacted = reacted.kind(ReactionType::Burst).await;
    reacted.expect_err("refused");

    let complaint = complaint(sim).await;
    assert!(
        complaint.contains("the parameter `type` of `GET /channels/"),
        "{complaint}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_token_in_a_path_is_not_told() {
    let sim = Simulator::start(Bot::builder()).await;
    let (id, token) = (Id::new(5), "aW50ZXJhY3Rpb246c2VjcmV0");

    let asked = sim.http();
    let asked = asked.webhook(id).token(token).await;
    asked.expect_err("refused");
    let transcript = sim.transcript().to_string();

    assert!(transcript.contains("/webhooks/5/{token}"), "{transcript}");
    assert!(!transcript.contains(token), "{transcript}");
    let complaint = complaint(sim).await;
    assert!(!complaint.contains(token), "{complaint}");
}
