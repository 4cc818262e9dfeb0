//! What members may do, worked out of what the cache keeps.

#![expect(
    clippy::unwrap_used,
    reason = "a test that finds nothing to look at fails"
)]
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cordial::cache::{Channel, MemberPermissions, NotCached, Resource};
use cordial::health::CacheUsage;
use cordial::prelude::*;
use cordial::testing::{Person, Simulator};
use cordial::twilight::model::channel::ChannelType;
use cordial::twilight::model::channel::permission_overwrite::{
    PermissionOverwrite, PermissionOverwriteType,
};
use cordial::twilight::model::id::marker::GenericMarker;
use cordial::twilight::model::util::Timestamp;

type Allowed = std::result::Result<Permissions, NotCached>;

/// What the test asks a listener for.
#[derive(Clone, Default)]
struct Question(Arc<Mutex<Asked>>);

/// Whose permissions are asked for, and in which channel; and what the answer was.
#[derive(Default)]
struct Asked {
    user: u64,
    channel: Option<u64>,
    answer: Option<Allowed>,
}

#[listener]
async fn asks(
    _: &Context,
    typing: &TypingStart,
    may: MemberPermissions,
    question: State<Question>,
) {
    let mut question = question.0.lock().unwrap();
    let user = Id::new(question.user);
    let guild = typing.guild_id.expect("somebody types in the guild");
    question.answer = Some(match question.channel {
        Some(channel) => may.in_channel(Id::new(channel), user),
        None => may.in_guild(guild, user),
    });
}

/// Asks of whoever writes.
#[listener]
async fn asks_of_author(
    _: &Context,
    message: &GuildMessage,
    may: MemberPermissions,
    question: State<Question>,
) {
    let answer = may.in_channel(message.channel_id, message.author.id);
    question.0.lock().unwrap().answer = Some(answer);
}

struct Stage {
    sim: Simulator,
    question: Question,
    channel: Id<ChannelMarker>,
    alice: Person,
    asker: Person,
}

impl Stage {
    /// Puts a bot on the simulated Discord, with alice, of whom it was told.
    async fn new() -> Self {
        let question = Question::default();
        let bot = Bot::builder().state(question.clone()).add(handlers![asks]);
        let sim = Simulator::start(bot).await;
        Self {
            channel: sim.channel_id("general").unwrap(),
            alice: sim.join("alice").await,
            asker: sim.join("asker").await,
            question,
            sim,
        }
    }

    /// Lets the channel be of a kind, with overwrites.
    async fn set(&self, kind: ChannelType, overwrites: &[PermissionOverwrite]) {
        let http = self.sim.http();
        let mut channel = http
            .channel(self.channel)
            .await
            .unwrap()
            .model()
            .await
            .unwrap();
        channel.kind = kind;
        channel.permission_overwrites = Some(overwrites.to_vec());
        let channel = serde_json::to_string(&channel).unwrap();
        self.sim.send_raw("CHANNEL_UPDATE", &channel).await;
    }

    async fn overwrite(&self, overwrites: &[PermissionOverwrite]) {
        self.set(ChannelType::GuildText, overwrites).await;
    }

    /// Gives alice a role of her own, and returns its id.
    async fn grant(&self, permissions: Permissions) -> Id<RoleMarker> {
        self.sim.grant(&self.alice, permissions);
        self.sim.settle().await;
        let roles = self.sim.http().roles(self.sim.guild_id()).await.unwrap();
        let roles = roles.model().await.unwrap();
        roles
            .iter()
            .find(|role| role.name == "of alice")
            .unwrap()
            .id
    }

    async fn ask(&self, user: u64, channel: Option<u64>) -> Allowed {
        *self.question.0.lock().unwrap() = Asked {
            user,
            channel,
            answer: None,
        };
        self.asker.type_something().await;
        self.question.0.lock().unwrap().answer.take().unwrap()
    }

    async fn of(&self, person: &Person) -> Permissions {
        let channel = self.channel.get();
        self.ask(person.id().get(), Some(channel)).await.unwrap()
    }

    async fn of_alice(&self) -> Permissions {
        self.of(&self.alice).await
    }

    fn everyone(&self) -> Id<GenericMarker> {
        self.sim.guild_id().cast()
    }
}

fn overwrite(
    kind: PermissionOverwriteType,
    id: Id<GenericMarker>,
    allow: Permissions,
    deny: Permissions,
) -> PermissionOverwrite {
    PermissionOverwrite {
        allow,
        deny,
        id,
        kind,
    }
}

const ROLE: PermissionOverwriteType = PermissionOverwriteType::Role;
const MEMBER: PermissionOverwriteType = PermissionOverwriteType::Member;
const NONE: Permissions = Permissions::empty();
const SEND: Permissions = Permissions::SEND_MESSAGES;
const EMBED: Permissions = Permissions::EMBED_LINKS;

#[tokio::test(start_paused = true)]
async fn everybody_may_do_what_the_role_of_everybody_allows() {
    let stage = Stage::new().await;

    let allowed = stage.of_alice().await;

    assert!(allowed.contains(Permissions::VIEW_CHANNEL | SEND | EMBED));
    assert!(!allowed.intersects(Permissions::MANAGE_MESSAGES));
}

#[tokio::test(start_paused = true)]
async fn the_owner_may_do_everything() {
    let stage = Stage::new().await;
    let owner = stage.sim.person("owner");
    // So that the bot is told of them.
    owner.set_nickname(Some("boss")).await;
    stage
        .overwrite(&[overwrite(ROLE, stage.everyone(), NONE, SEND)])
        .await;

    assert_eq!(stage.of(&owner).await, Permissions::all());
    let in_guild = stage.ask(owner.id().get(), None).await;
    assert_eq!(in_guild, Ok(Permissions::all()));
}

#[tokio::test(start_paused = true)]
async fn administrators_may_do_everything_whatever_the_channel_denies() {
    let stage = Stage::new().await;
    stage.grant(Permissions::ADMINISTRATOR).await;
    let alice = stage.alice.id().cast();
    stage
        .overwrite(&[overwrite(MEMBER, alice, NONE, Permissions::VIEW_CHANNEL)])
        .await;

    assert_eq!(stage.of_alice().await, Permissions::all());
}

#[tokio::test(start_paused = true)]
async fn a_role_allows_what_it_says_until_it_is_changed_or_deleted() {
    let stage = Stage::new().await;
    let (pins, threads) = (Permissions::MANAGE_MESSAGES, Permissions::MANAGE_WEBHOOKS);
    let both = pins | threads;

    stage.grant(pins).await;
    assert_eq!(stage.of_alice().await & both, pins);
    stage.sim.change_role("of alice", threads).await;
    assert_eq!(stage.of_alice().await & both, threads);
    stage.sim.delete_role("of alice").await;
    assert_eq!(stage.of_alice().await & both, NONE);
}

#[tokio::test(start_paused = true)]
async fn what_concerns_the_guild_is_allowed_there_alone() {
    let stage = Stage::new().await;
    let of_guild = Permissions::BAN_MEMBERS
        | Permissions::MODERATE_MEMBERS
        | Permissions::CREATE_GUILD_EXPRESSIONS
        | Permissions::VIEW_CREATOR_MONETIZATION_ANALYTICS;
    stage.grant(of_guild).await;

    let in_guild = stage.ask(stage.alice.id().get(), None).await.unwrap();

    assert!(in_guild.contains(of_guild));
    assert!(!stage.of_alice().await.intersects(of_guild));
}

#[tokio::test(start_paused = true)]
async fn a_channel_denies_for_everybody_and_allows_for_a_role() {
    let stage = Stage::new().await;
    let role = stage.grant(NONE).await;
    let for_all = overwrite(ROLE, stage.everyone(), NONE, EMBED);

    stage.overwrite(std::slice::from_ref(&for_all)).await;
    assert!(!stage.of_alice().await.contains(EMBED));
    let for_role = overwrite(ROLE, role.cast(), EMBED, NONE);
    stage.overwrite(&[for_role, for_all]).await;
    assert!(stage.of_alice().await.contains(EMBED));
    assert!(!stage.of(&stage.asker).await.contains(EMBED));
}

#[tokio::test(start_paused = true)]
async fn what_a_channel_says_of_a_member_counts_more_than_of_their_roles() {
    let stage = Stage::new().await;
    let role = stage.grant(NONE).await;
    let alice = stage.alice.id().cast();

    stage
        .overwrite(&[
            overwrite(MEMBER, alice, NONE, EMBED),
            overwrite(ROLE, role.cast(), EMBED, NONE),
        ])
        .await;
    assert!(!stage.of_alice().await.contains(EMBED));
    stage
        .overwrite(&[
            overwrite(MEMBER, alice, EMBED, NONE),
            overwrite(ROLE, role.cast(), NONE, EMBED),
        ])
        .await;
    assert!(stage.of_alice().await.contains(EMBED));
}

#[tokio::test(start_paused = true)]
async fn in_a_channel_that_is_hidden_nothing_is_allowed() {
    let stage = Stage::new().await;
    let hidden = overwrite(ROLE, stage.everyone(), SEND, Permissions::VIEW_CHANNEL);

    stage.overwrite(&[hidden]).await;

    assert_eq!(stage.of_alice().await, NONE);
}

#[tokio::test(start_paused = true)]
async fn who_may_not_write_may_not_embed_or_attach_either() {
    let stage = Stage::new().await;
    let muted = overwrite(ROLE, stage.everyone(), EMBED, SEND);

    stage.overwrite(&[muted]).await;

    let allowed = stage.of_alice().await;
    assert!(allowed.contains(Permissions::READ_MESSAGE_HISTORY));
    assert!(!allowed.intersects(SEND | EMBED | Permissions::ATTACH_FILES));
}

#[tokio::test(start_paused = true)]
async fn a_voice_channel_has_text_too() {
    let stage = Stage::new().await;
    stage.grant(Permissions::CONNECT).await;

    stage.set(ChannelType::GuildVoice, &[]).await;

    assert!(stage.of_alice().await.contains(Permissions::CONNECT | SEND));
}

#[tokio::test(start_paused = true)]
async fn who_may_not_connect_may_do_no_more_than_see_a_channel_that_is_heard() {
    let stage = Stage::new().await;
    let manages = Permissions::CONNECT | Permissions::MANAGE_CHANNELS | Permissions::MUTE_MEMBERS;
    stage.grant(manages).await;
    let closed = overwrite(ROLE, stage.everyone(), NONE, Permissions::CONNECT);
    let closed = std::slice::from_ref(&closed);

    for kind in [ChannelType::GuildVoice, ChannelType::GuildStageVoice] {
        stage.set(kind, &[]).await;
        assert!(stage.of_alice().await.contains(manages | SEND));
        stage.set(kind, closed).await;
        assert_eq!(stage.of_alice().await, Permissions::VIEW_CHANNEL);
    }
    stage.overwrite(closed).await;
    assert!(stage.of_alice().await.contains(SEND));
}

#[tokio::test(start_paused = true)]
async fn a_thread_allows_what_its_channel_does_but_for_writing() {
    let stage = Stage::new().await;
    let http = stage.sim.http();
    let channel = http
        .channel(stage.channel)
        .await
        .unwrap()
        .model()
        .await
        .unwrap();
    let thread = Channel {
        id: Id::new(77),
        kind: ChannelType::PublicThread,
        parent_id: Some(stage.channel),
        permission_overwrites: None,
        ..channel
    };
    let thread = serde_json::to_string(&thread).unwrap();
    stage.sim.send_raw("THREAD_CREATE", &thread).await;
    let of_alice = || stage.ask(stage.alice.id().get(), Some(77));
    let in_threads = Permissions::SEND_MESSAGES_IN_THREADS;

    let silent = overwrite(ROLE, stage.everyone(), NONE, in_threads);
    stage.overwrite(&[silent]).await;
    let allowed = of_alice().await.unwrap();
    assert!(allowed.contains(Permissions::READ_MESSAGE_HISTORY));
    assert!(!allowed.intersects(SEND | EMBED));

    let threads_alone = overwrite(ROLE, stage.everyone(), in_threads, SEND);
    stage.overwrite(&[threads_alone]).await;
    assert!(of_alice().await.unwrap().contains(SEND | EMBED));
    assert!(!stage.of_alice().await.contains(SEND));
}

#[tokio::test(start_paused = true)]
async fn who_is_timed_out_may_look_until_that_is_over() {
    let stage = Stage::new().await;
    let until = Timestamp::parse("2026-01-01T01:00:00+00:00").unwrap();
    let http = stage.sim.http();
    let update = http.update_guild_member(stage.sim.guild_id(), stage.alice.id());
    update
        .communication_disabled_until(Some(until))
        .await
        .unwrap();
    stage.sim.settle().await;
    let look = Permissions::VIEW_CHANNEL | Permissions::READ_MESSAGE_HISTORY;

    assert_eq!(stage.of_alice().await, look);
    assert_eq!(stage.ask(stage.alice.id().get(), None).await, Ok(look));
    stage.grant(Permissions::ADMINISTRATOR).await;
    assert_eq!(stage.of_alice().await, Permissions::all());
    stage.sim.change_role("of alice", NONE).await;
    tokio::time::sleep(Duration::from_secs(2 * 3_600)).await;
    assert!(stage.of_alice().await.contains(SEND));
}

#[tokio::test(start_paused = true)]
async fn of_what_the_cache_was_not_told_nothing_is_made_up() {
    let stage = Stage::new().await;
    let channel = stage.channel.get();

    let error = stage.ask(5, Some(channel)).await.unwrap_err();
    assert_eq!(error.resource(), Resource::Members);
    assert!(error.to_string().contains("user 5"), "{error}");
    let error = stage
        .ask(stage.alice.id().get(), Some(6))
        .await
        .unwrap_err();
    assert_eq!(error.resource(), Resource::Channels);
    assert!(error.to_string().contains("channel 6"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn of_who_writes_it_is_known_though_discord_named_them_nowhere_else() {
    let question = Question::default();
    let bot = Bot::builder()
        .state(question.clone())
        .add(handlers![asks_of_author]);
    let sim = Simulator::builder(bot).member("alice").start().await;

    sim.person("alice").say("hi").await;

    let allowed = question.0.lock().unwrap().answer.take().unwrap();
    assert!(allowed.unwrap().contains(SEND));
    sim.stop().await;
}

#[test]
fn a_handler_that_asks_has_kept_what_it_takes() {
    let bot = Bot::builder()
        .state(Question::default())
        .add(handlers![asks]);
    let bot = bot.build().unwrap();

    assert!(
        bot.intents()
            .contains(Intents::GUILDS | Intents::GUILD_MEMBERS)
    );
    let kept: Vec<_> = bot.health().cache().iter().map(CacheUsage::name).collect();
    assert_eq!(kept, ["guilds", "channels", "roles", "members"]);
}
