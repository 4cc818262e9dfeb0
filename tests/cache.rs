//! The cache: what it keeps, what it forgets, and what handlers see of it.

#![expect(
    clippy::unwrap_used,
    reason = "a test that finds nothing to look at fails"
)]
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cordial::bot::{FileStore, Mistake};
use cordial::cache::{
    BulkDeleted, CacheOff, Channel, Guild, Member, Presence, Resource, Resources, VoiceState,
};
use cordial::dispatch::Order;
use cordial::event::EventKinds;
use cordial::exception::{MalformedEvent, SessionLost};
use cordial::prelude::*;
use cordial::testing::{Person, Simulator};
use cordial::twilight::model::gateway::event::EventType;
use cordial::twilight::model::gateway::presence::Status;

/// What handlers saw, in order.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    fn note(&self, text: impl Into<String>) {
        self.0.lock().unwrap().push(text.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    #[track_caller]
    fn assert(&self, expected: &[&str]) {
        assert_eq!(self.take(), expected);
    }
}

/// Puts a bot with a [`Seen`] on the simulated Discord, with alice and bob in the guild.
async fn simulator(bot: BotBuilder) -> (Simulator, Seen) {
    let seen = Seen::default();
    let bot = bot.state(seen.clone());
    let sim = Simulator::builder(bot).member("alice").member("bob");
    (sim.start().await, seen)
}

/// Asks the cache from outside of events: a listener that runs when somebody types.
fn looking<F>(look: F) -> BotBuilder
where
    F: Fn(&Context) -> String + Send + Sync + 'static,
{
    type Look = Box<dyn Fn(&Context) -> String + Send + Sync>;

    #[listener]
    async fn looks(ctx: &Context, _: &TypingStart, look: State<Look>, seen: State<Seen>) {
        seen.note(look(ctx));
    }

    let boxed: Look = Box::new(look);
    Bot::builder().state(boxed).add(handlers![looks])
}

async fn look(sim: &Simulator) {
    sim.person("alice").type_something().await;
}

fn before<T>(before: Option<&Arc<T>>, show: impl Fn(&T) -> String) -> String {
    before.map_or_else(|| "?".to_owned(), |before| show(before))
}

mod messages {
    use super::*;

    #[listener]
    async fn edited(_: &Context, message: &Updated<Message>, seen: State<Seen>) {
        let was = before(message.before.as_ref(), |message| message.content.clone());
        seen.note(format!("{was} -> {}", message.after.content));
    }

    #[listener]
    async fn deleted(_: &Context, message: &Deleted<Message>, seen: State<Seen>) {
        seen.note(before(message.value.as_ref(), |message| {
            message.content.clone()
        }));
    }

    #[listener]
    async fn purged(_: &Context, deleted: &BulkDeleted, seen: State<Seen>) {
        let texts = deleted
            .messages
            .iter()
            .map(|message| before(message.value.as_ref(), |message| message.content.clone()));
        seen.note(texts.collect::<Vec<_>>().join(", "));
    }

    fn bot() -> BotBuilder {
        Bot::builder()
            .intents(Intents::MESSAGE_CONTENT)
            .add(handlers![edited, deleted, purged])
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_that_is_edited_is_seen_as_it_was_and_as_it_is() {
        let (sim, seen) = simulator(bot()).await;
        let alice = sim.person("alice");

        let message = alice.say("one").await;
        alice.edit(message, "two").await;
        alice.edit(message, "three").await;

        seen.assert(&["one -> two", "two -> three"]);
        sim.stop().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_that_is_deleted_is_seen_as_it_was() {
        let (sim, seen) = simulator(bot()).await;
        let alice = sim.person("alice");

        let message = alice.whisper("secret").await;
        alice.delete(message).await;

        seen.assert(&["secret"]);
        sim.stop().await;
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_said_before_the_bot_was_there_is_not_made_up() {
        let (sim, seen) = simulator(bot()).await;
        let alice = sim.person("alice");

        let edited = alice.said(Duration::from_secs(60), "old");
        let deleted = alice.said(Duration::from_secs(50), "older");
        alice.edit(edited, "new").await;
        alice.edit(edited, "newer").await;
        alice.delete(deleted).await;

        seen.assert(&["? -> new", "new -> newer", "?"]);
        sim.stop().await;
    }

    #[tokio::test(start_paused = true)]
    async fn messages_deleted_at_once_are_one_event() {
        let (sim, seen) = simulator(bot()).await;
        let alice = sim.person("alice");
        let unknown = alice.said(Duration::from_secs(60), "old");
        let (one, two) = (alice.say("one").await, alice.say("two").await);

        let ids = [unknown.id(), one.id(), two.id()];
        let http = sim.http();
        http.delete_messages(one.channel_id(), &ids).await.unwrap();
        sim.settle().await;

        let texts = seen.take();
        assert_eq!(texts.len(), 1);
        let mut texts: Vec<_> = texts[0].split(", ").collect();
        texts.sort_unstable();
        assert_eq!(texts, ["?", "one", "two"]);
        sim.stop().await;
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_messages_of_a_channel_are_kept_than_were_asked_for() {
        let (sim, seen) = simulator(bot().cache_messages(2, 100)).await;
        let alice = sim.person("alice");

        let mut said = Vec::new();
        for text in ["one", "two", "three"] {
            said.push(alice.say(text).await);
        }
        let elsewhere = alice.say_in("other", "four").await;
        for message in said.into_iter().chain([elsewhere]) {
            alice.delete(message).await;
        }

        seen.assert(&["?", "two", "three", "four"]);
        sim.stop().await;
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_messages_are_kept_in_all_than_were_asked_for() {
        let (sim, seen) = simulator(bot().cache_messages(2, 3)).await;
        let alice = sim.person("alice");

        let mut said = Vec::new();
        for (channel, text) in [("a", "one"), ("b", "two"), ("a", "three"), ("b", "four")] {
            said.push(alice.say_in(channel, text).await);
        }
        assert_eq!(sim.health().cache()[0].entries(), 3);
        for message in said {
            alice.delete(message).await;
        }

        seen.assert(&["?", "two", "three", "four"]);
        sim.stop().await;
    }

    #[tokio::test(start_paused = true)]
    async fn the_messages_of_a_channel_go_with_it() {
        let bot = looking(|ctx| ctx.cache().of::<Message>().unwrap().len().to_string());
        let (sim, seen) = simulator(bot.cache(Resource::Messages)).await;
        let message = sim.person("alice").say_in("other", "one").await;

        look(&sim).await;
        let http = sim.http();
        http.delete_channel(message.channel_id()).await.unwrap();
        sim.settle().await;
        look(&sim).await;

        seen.assert(&["1", "0"]);
        sim.stop().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_new_session_forgets_messages_whose_deletion_may_have_been_missed() {
        let bot = looking(|ctx| ctx.cache().of::<Message>().unwrap().len().to_string());
        let (sim, seen) = simulator(bot.cache(Resource::Messages)).await;
        sim.person("alice").say("one").await;
        sim.person("alice").whisper("two").await;

        look(&sim).await;
        sim.invalidate_sessions();
        sim.settle().await;
        look(&sim).await;

        seen.assert(&["2", "0"]);
        sim.stop().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_resumed_session_forgets_nothing() {
        let (sim, seen) = simulator(bot()).await;
        let alice = sim.person("alice");
        let message = alice.say("one").await;

        sim.drop_connections();
        sim.settle().await;
        alice.edit(message, "two").await;

        seen.assert(&["one -> two"]);
        sim.stop().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_handler_that_waits_gets_what_was_before() {
        /// Wait for an edit.
        #[command]
        async fn watch(
            ctx: &CommandContext,
            _: Waits<Updated<Message>>,
            seen: State<Seen>,
        ) -> Result<()> {
            let edit = ctx.wait_for::<Updated<Message>>(|_| true);
            ctx.reply("Edit!").await?;
            if let Some(edit) = edit.timeout(Duration::from_secs(60)).await? {
                let was = before(edit.before.as_ref(), |message| message.content.clone());
                seen.note(was);
            }
            Ok(())
        }

        let bot = Bot::builder().intents(Intents::MESSAGE_CONTENT);
        let (sim, seen) = simulator(bot.add(handlers![watch])).await;
        let alice = sim.person("alice");

        let message = alice.say("one").await;
        alice.run("/watch").await;
        alice.edit(message, "two").await;

        seen.assert(&["one"]);
        sim.stop().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_handler_that_waits_for_what_is_not_kept_is_told_so() {
        #[listener]
        async fn waits(ctx: &Context, _: &TypingStart, seen: State<Seen>) {
            let failed = ctx.wait_for::<Updated<Message>>(|_| true).await;
            seen.note(
                failed
                    .expect_err("nothing is kept")
                    .is::<CacheOff>()
                    .to_string(),
            );
        }

        let bot = Bot::builder().intents(Intents::GUILD_MESSAGES);
        let (sim, seen) = simulator(bot.add(handlers![waits])).await;

        look(&sim).await;

        seen.assert(&["true"]);
        sim.stop().await;
    }

    #[test]
    fn a_cache_without_room_for_messages_is_a_mistake() {
        for (per_channel, in_all) in [(0, 1), (1, 0)] {
            let bot = Bot::builder().cache_messages(per_channel, in_all);

            let error = bot.build().expect_err("there is no room");

            assert_eq!(error.mistakes(), [Mistake::CacheWithoutRoom]);
        }
    }
}

mod guilds {
    use super::*;

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
}

mod channels {
    use super::*;

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
}

mod roles {
    use super::*;

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
}

mod members {
    use super::*;

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
                "edit" => drop(alice.edit(old, "new").await),
                "react" => drop(bob.react(old, "👍").await),
                "type" => alice.type_something().await,
                "enter" => alice.enter_voice("lounge").await,
                _ => drop(alice.run("/idle").await),
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
}

mod voice_states {
    use super::*;

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
}

mod presences {
    use super::*;

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
}

mod asking {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_not_kept_says_how_to_keep_it() {
        let bot = looking(|ctx| {
            let guild = ctx.event().and_then(cordial::event::guild_id).unwrap();
            let error = ctx.cache().guild(guild).expect_err("nothing is kept");
            assert_eq!(error.resource(), Resource::Guilds);
            error.to_string()
        });
        let (sim, seen) = simulator(bot).await;

        look(&sim).await;

        let text = seen.take().remove(0);
        assert!(text.contains("guilds are not cached"), "{text}");
        assert!(text.contains(".cache(Resource::Guilds)"), "{text}");
        sim.stop().await;
    }

    #[listener]
    async fn takes_roles(_: &Context, _: &TypingStart, _: Cached<Role>) {}

    #[listener]
    async fn takes_update(_: &Context, _: &Updated<Message>) {}

    #[test]
    fn what_a_handler_takes_is_asked_for_and_nothing_else() {
        let bot = Bot::builder().add(handlers![takes_roles]).build().unwrap();

        let typing = Intents::GUILD_MESSAGE_TYPING | Intents::DIRECT_MESSAGE_TYPING;
        assert_eq!(bot.intents(), Intents::GUILDS | typing);
        let kinds = [
            EventType::TypingStart,
            EventType::Ready,
            EventType::GuildCreate,
            EventType::GuildDelete,
            EventType::RoleCreate,
            EventType::RoleUpdate,
            EventType::RoleDelete,
        ];
        assert_eq!(bot.wanted(), EventKinds::from_iter(kinds));

        let bot = Bot::builder().add(handlers![takes_update]).build().unwrap();
        let messages = Intents::GUILD_MESSAGES | Intents::DIRECT_MESSAGES;
        assert_eq!(bot.intents(), Intents::GUILDS | messages);
    }

    #[test]
    fn a_bot_that_takes_nothing_of_the_cache_keeps_nothing() {
        #[listener]
        async fn joined(_: &Context, _: &MemberAdd) {}

        let bot = Bot::builder().add(handlers![joined]).build().unwrap();

        assert_eq!(bot.intents(), Intents::GUILD_MEMBERS);
        assert_eq!(bot.wanted(), EventKinds::of(EventType::MemberAdd));
        assert_eq!(bot.health().cache(), []);
    }

    #[test]
    fn intents_that_leave_out_what_is_kept_are_a_mistake() {
        let bot = Bot::builder()
            .only_intents(Intents::GUILDS)
            .cache([Resource::Guilds, Resource::Members]);
        let error = bot.build().expect_err("members never come");
        let expected = Mistake::UncachedIntents {
            resources: Resources::from([Resource::Guilds, Resource::Members]),
            needed: Intents::GUILD_MEMBERS,
        };
        assert_eq!(error.mistakes(), [expected]);
        assert!(error.to_string().contains("GUILD_MEMBERS"), "{error}");

        let bot = Bot::builder()
            .only_intents(Intents::GUILD_MESSAGE_TYPING)
            .add(handlers![takes_roles]);
        let error = bot.build().expect_err("roles never come");
        assert!(error.to_string().contains("takes_roles"), "{error}");
        assert!(error.to_string().contains("GUILDS"), "{error}");
    }

    #[test]
    fn messages_of_guilds_alone_may_be_kept() {
        let chosen = Intents::GUILDS | Intents::GUILD_MESSAGES;
        let bot = Bot::builder()
            .only_intents(chosen)
            .cache(Resource::Messages);

        assert!(bot.build().is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_to_be_read_alone_leaves_the_cache_what_it_needs() {
        let bot = looking(|ctx| ctx.cache().of::<Role>().unwrap().len().to_string());
        let bot = bot.only_wants([EventType::TypingStart]);
        let (sim, seen) = simulator(bot.cache(Resource::Roles)).await;

        look(&sim).await;

        seen.assert(&["2"]);
        sim.stop().await;
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_handler_may_take_what_was_before() {
        #[derive(Debug, thiserror::Error, Exception)]
        #[error("no")]
        struct No;

        #[listener]
        async fn fails(_: &Context, _: &MessageUpdate) -> Result<()> {
            Err(No.into_failure())
        }

        #[error_handler]
        async fn notes(edit: &Updated<Message>, _: &No, seen: State<Seen>) -> bool {
            seen.note(before(edit.before.as_ref(), |message| {
                message.content.clone()
            }));
            true
        }

        let bot = Bot::builder().intents(Intents::MESSAGE_CONTENT);
        let (sim, seen) = simulator(bot.add(handlers![fails, notes])).await;
        let alice = sim.person("alice");

        let message = alice.say("one").await;
        alice.edit(message, "two").await;

        seen.assert(&["one"]);
        sim.stop().await;
    }
}

/// Takes long, and tells what was before the edit, and what the cache knows in the end.
#[listener]
async fn slow(ctx: &Context, edit: &Updated<Message>, seen: State<Seen>) -> Result<()> {
    tokio::time::sleep(Duration::from_secs(5)).await;
    let was = before(edit.before.as_ref(), |message| message.content.clone());
    let now = ctx.cache().message(edit.key)?;
    let now = before(now.as_ref(), |now| now.content.clone());
    seen.note(format!("{was} -> {}, now {now}", edit.after.content));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_handler_sees_what_was_before_its_own_event_whatever_came_since() {
    type Set = fn(BotBuilder) -> BotBuilder;
    let side_by_side: Set = |bot| bot;
    let waiting: Set = |bot| bot.max_in_hand(1);
    let in_order: Set = |bot| bot.in_order(Order::ByChannel);
    for set in [side_by_side, waiting, in_order] {
        let bot = Bot::builder().intents(Intents::MESSAGE_CONTENT);
        let (sim, seen) = simulator(set(bot).add(handlers![slow])).await;
        let alice = sim.person("alice");
        let message = alice.say("one").await;

        tokio::join!(alice.edit(message, "two"), alice.edit(message, "three"));

        let mut saw = seen.take();
        saw.sort_unstable();
        assert_eq!(saw, ["one -> two, now three", "two -> three, now three"]);
        sim.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_shed_is_kept_all_the_same() {
    let bot = Bot::builder().intents(Intents::MESSAGE_CONTENT);
    let bot = bot.max_in_hand(1).max_queued(0).add(handlers![slow]);
    let (sim, seen) = simulator(bot).await;
    let alice = sim.person("alice");
    let message = alice.say("one").await;

    tokio::join!(alice.edit(message, "two"), alice.edit(message, "three"));

    assert_eq!(sim.health().load().shed(), 1);
    seen.assert(&["one -> two, now three"]);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_an_event_that_waits_took_from_the_cache_counts_as_its_bytes() {
    #[listener]
    async fn lingers(_: &Context, message: &Deleted<Message>, seen: State<Seen>) {
        tokio::time::sleep(Duration::from_secs(5)).await;
        seen.note(message.value.is_some().to_string());
    }

    for (length, shed) in [(10, 0), (4_000, 1)] {
        let bot = Bot::builder().intents(Intents::MESSAGE_CONTENT);
        let bot = bot.max_in_hand(1).max_queued_bytes(4_000);
        let (sim, seen) = simulator(bot.add(handlers![lingers])).await;
        let alice = sim.person("alice");
        let text = "a".repeat(length);
        let (one, two) = (alice.whisper(&*text).await, alice.whisper(&*text).await);

        tokio::join!(alice.delete(one), alice.delete(two));

        assert_eq!(sim.health().load().shed(), shed, "{length}");
        assert_eq!(seen.take().len(), if shed == 0 { 2 } else { 1 });
        sim.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_to_be_kept_and_cannot_be_read_is_told_of_once() {
    #[listener]
    async fn takes_all(_: &Context, _: &Updated<Role>, seen: State<Seen>) {
        seen.note("updated");
    }

    #[error_handler]
    async fn unreadable(_: &ErrorContext, error: &MalformedEvent, seen: State<Seen>) -> bool {
        seen.note(error.event().unwrap_or_default());
        true
    }

    type Set = fn(BotBuilder) -> BotBuilder;
    let unheard: Set = |bot| bot.cache(Resource::Roles);
    let heard: Set = |bot| bot.add(handlers![takes_all]);
    let in_order: Set = |bot| bot.add(handlers![takes_all]).in_order(Order::ByGuild);
    for set in [unheard, heard, in_order] {
        let bot = set(Bot::builder().add(handlers![unreadable]));
        let (sim, seen) = simulator(bot).await;

        sim.send_raw("GUILD_ROLE_UPDATE", r#"{"guild_id":"nobody's"}"#)
            .await;

        seen.assert(&["GUILD_ROLE_UPDATE"]);
        sim.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_people_wrote_is_in_no_debug_form() {
    #[listener]
    async fn shows(
        ctx: &Context,
        edit: &Updated<Message>,
        messages: Cached<Message>,
        seen: State<Seen>,
    ) {
        seen.note(format!("{edit:?} {messages:?} {ctx:?} {:?}", ctx.cache()));
    }

    #[listener]
    async fn deleted(ctx: &Context, gone: &Deleted<Message>, seen: State<Seen>) {
        seen.note(format!("{gone:?} {ctx:?}"));
    }

    let bot = Bot::builder().intents(Intents::MESSAGE_CONTENT);
    let (sim, seen) = simulator(bot.add(handlers![shows, deleted])).await;
    let alice = sim.person("alice");

    let message = alice.say("a secret").await;
    alice.edit(message, "another secret").await;
    alice.delete(message).await;

    let shown = seen.take().join(" ");
    assert!(shown.contains(&message.id().to_string()), "{shown}");
    assert!(!shown.contains("secret"), "{shown}");
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn the_health_of_a_bot_tells_how_much_is_kept() {
    let bot = Bot::builder().cache([Resource::Roles, Resource::Messages]);
    let (sim, _) = simulator(bot).await;
    let usage = || sim.health().cache();
    let before = usage();
    assert_eq!(before.len(), 2);
    assert_eq!((before[0].name(), before[0].entries()), ("roles", 2));
    assert_eq!((before[1].name(), before[1].entries()), ("messages", 0));
    assert_eq!(before[1].bytes(), 0);

    let alice = sim.person("alice");
    let short = alice.whisper("a").await;
    let of_short = usage()[1].bytes();
    alice.whisper("a".repeat(1_000)).await;

    let both = usage()[1];
    assert_eq!(both.entries(), 2);
    assert_eq!(both.bytes(), 2 * of_short + 999);
    alice.delete(short).await;
    assert_eq!(usage()[1].bytes(), of_short + 999);
    sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_keeps_sessions_fills_its_cache_when_it_is_started_again() {
    #[error_handler]
    async fn lost(_: &ErrorContext, _: &SessionLost, seen: State<Seen>) -> bool {
        seen.note("lost");
        true
    }

    let seen = Seen::default();
    let file = std::env::temp_dir().join(format!("cordial-cache-{}", std::process::id()));
    let bot = || {
        looking(|ctx| ctx.cache().of::<Role>().unwrap().len().to_string())
            .cache(Resource::Roles)
            .session_store(FileStore::new(&file))
            .state(seen.clone())
            .add(handlers![lost])
    };
    let sim = Simulator::builder(bot()).member("alice").start().await;

    let sim = sim.restart(bot()).await;
    look(&sim).await;

    seen.assert(&["lost", "2"]);
    sim.stop().await;
    std::fs::remove_file(&file).ok();
}
