//! Members of guilds are asked for by the gateway, and voice channels joined: what Discord answers in parts
//! arrives whole, or as an error that says what is missing.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cordial::context::NotSent;
use cordial::guild::{
    AllMembers, GuildTooLarge, MembersError, MissingIntent, Needs, NotJoined, NotRead, Presences,
    TooManyRequests, VoiceError, VoiceStates,
};
use cordial::prelude::*;
use cordial::testing::{ConnectionRecord, GatewayFault, Received, Simulator, SimulatorBuilder};
use cordial::twilight::model::gateway::OpCode;
use cordial::twilight::model::gateway::event::EventType;
use tokio::time::{Instant, sleep};

const SECOND: Duration = Duration::from_secs(1);

/// What a test does with its context, once somebody says `go`.
struct Act(Box<dyn Fn(Context, Id<GuildMarker>) -> Acting + Send + Sync>);

type Acting = Pin<Box<dyn Future<Output = Result<String>> + Send>>;

#[listener(timeout = "none")]
async fn acts(
    ctx: &Context,
    message: &GuildMessage,
    guild: GuildId,
    act: State<Act>,
) -> Result<()> {
    if message.content == "go" {
        let said = match (act.0)(ctx.clone(), guild.0).await {
            Ok(said) => said,
            Err(failure) => failure.error().to_string(),
        };
        ctx.reply(said).await?;
    }
    Ok(())
}

/// A bot that may do all that is tested here.
fn bot<F>(act: impl Fn(Context, Id<GuildMarker>) -> F + Send + Sync + 'static) -> BotBuilder
where
    F: Future<Output = Result<String>> + Send + 'static,
{
    let intents = Intents::GUILD_MEMBERS | Intents::GUILD_PRESENCES | Intents::GUILD_VOICE_STATES;
    bare(act).intents(intents)
}

/// A bot without the intents.
fn bare<F>(act: impl Fn(Context, Id<GuildMarker>) -> F + Send + Sync + 'static) -> BotBuilder
where
    F: Future<Output = Result<String>> + Send + 'static,
{
    let act = Act(Box::new(move |ctx, guild| Box::pin(act(ctx, guild))));
    let bot = Bot::builder().state(act).intents(Intents::MESSAGE_CONTENT);
    bot.add(handlers![acts])
}

/// A guild with so many members, the owner and the bot among them.
fn guild_of(members: usize, bot: BotBuilder) -> SimulatorBuilder {
    let people = (0..members.saturating_sub(2)).map(|number| format!("user {number}"));
    people.fold(Simulator::builder(bot), SimulatorBuilder::member)
}

/// Lets the bot act, and returns what it says.
async fn said(sim: Simulator) -> String {
    said_by("user 0", sim).await
}

async fn said_by(name: &str, sim: Simulator) -> String {
    sim.person(name).say("go").await;
    let transcript = sim.stop().await;
    transcript.replies().join("\n")
}

/// Returns when a command was sent, over whatever connection.
fn sent_at(connections: &[ConnectionRecord], op: OpCode) -> Vec<Duration> {
    let received = connections.iter().flat_map(ConnectionRecord::received);
    let sent = received.filter_map(|(at, received)| match received {
        Received::Other(sent) if *sent == op as u64 => Some(*at),
        _ => None,
    });
    sent.collect()
}

async fn counts_all(ctx: Context, guild: Id<GuildMarker>) -> Result<String> {
    let found = ctx.request_members(guild).await?;
    let bots = found.members.iter().filter(|member| member.user.bot);
    Ok(format!("{} and {}", found.members.len(), bots.count()))
}

#[tokio::test(start_paused = true)]
async fn all_members_of_a_large_guild_come_as_one_answer() {
    let sim = guild_of(2_500, bot(counts_all)).start().await;

    assert_eq!(said(sim).await, "2500 and 1");
}

#[tokio::test(start_paused = true)]
async fn all_members_are_asked_for_in_a_command() {
    /// How many are we?
    #[command(guild_only)]
    async fn many(ctx: &CommandContext, guild: GuildId, _: Needs<AllMembers>) -> Result<()> {
        let found = ctx.request_members(guild.0).await?;
        ctx.reply(found.members.len().to_string()).await?;
        Ok(())
    }

    let sim = guild_of(1_200, Bot::builder().add(handlers![many]));
    let sim = sim.start().await;
    sim.person("user 0").run("/many").await;
    sim.stop().await.assert_replies(&["1200"]);
}

/// Returns the guild that each simulator has.
async fn guild() -> Id<GuildMarker> {
    Simulator::start(Bot::builder()).await.guild_id()
}

#[tokio::test(start_paused = true)]
async fn a_task_asks_before_the_bot_is_connected() {
    #[task(every = "1h")]
    async fn counts(
        ctx: &Context,
        guild: State<Id<GuildMarker>>,
        counted: State<Arc<AtomicUsize>>,
        _: Needs<AllMembers>,
    ) -> Result<()> {
        let found = ctx.request_members(*guild).await?;
        counted.store(found.members.len(), Ordering::Relaxed);
        Ok(())
    }
    let counted = Arc::new(AtomicUsize::new(0));
    let bot = Bot::builder()
        .state(guild().await)
        .state(Arc::clone(&counted));

    let sim = guild_of(1_200, bot.add(handlers![counts])).start().await;
    sleep(SECOND).await;
    let asked = sent_at(&sim.connections(), OpCode::RequestGuildMembers).len();

    sim.stop().await.assert_completed("counts");
    assert_eq!((counted.load(Ordering::Relaxed), asked), (1_200, 1));
}

#[tokio::test(start_paused = true)]
async fn members_are_found_by_the_beginning_of_their_names() {
    let sim = guild_of(
        2_500,
        bare(|ctx, guild| async move {
            let named = ctx.request_members(guild).named("USER 249").await?;
            let limited = ctx.request_members(guild).named("user").limit(7).await?;
            let unlimited = ctx.request_members(guild).named("user").await?;
            let nobody = ctx.request_members(guild).named("nobody").await?;
            let found = [named, limited, unlimited, nobody];
            Ok(format!("{:?}", found.map(|found| found.members.len())))
        }),
    );

    assert_eq!(said(sim.start().await).await, "[9, 7, 100, 0]");
}

#[tokio::test(start_paused = true)]
async fn members_are_found_by_their_ids_and_who_is_not_there_is_told() {
    let sim = guild_of(
        5,
        bare(|ctx, guild| async move {
            let all = ctx.request_members(guild).named("user").await?;
            let known = all.members.iter().map(|member| member.user.id);
            let found = ctx
                .request_members(guild)
                .only(known.chain([Id::new(7)]))
                .await?;
            let nobody = ctx.request_members(guild).only([]).await?;
            assert_eq!(nobody.members.len() + nobody.not_found.len(), 0);
            Ok(format!(
                "{} {:?}",
                found.members.len(),
                found.not_found[0].get()
            ))
        }),
    );

    assert_eq!(said(sim.start().await).await, "3 7");
}

#[tokio::test(start_paused = true)]
async fn presences_come_if_they_are_asked_for() {
    let sim = guild_of(
        5,
        bot(|ctx, guild| async move {
            let without = ctx.request_members(guild).named("user").await?;
            let with = ctx
                .request_members(guild)
                .named("user")
                .with_presences()
                .await?;
            Ok(format!(
                "{} {}",
                without.presences.len(),
                with.presences.len()
            ))
        }),
    );

    assert_eq!(said(sim.start().await).await, "0 3");
}

#[tokio::test(start_paused = true)]
async fn chunks_are_taken_as_they_come() {
    let sim = guild_of(
        2_500,
        bot(|ctx, guild| async move {
            let mut chunks = ctx.request_members(guild).chunks();
            let mut sizes = Vec::new();
            while let Some(chunk) = chunks.next().await {
                sizes.push(chunk?.members.len());
            }
            assert!(chunks.next().await.is_none(), "it stays over");
            Ok(format!("{sizes:?}"))
        }),
    );

    assert_eq!(said(sim.start().await).await, "[1000, 1000, 500]");
}

#[tokio::test(start_paused = true)]
async fn a_guild_that_is_too_large_is_refused_with_the_first_chunk() {
    let sim = guild_of(
        2_500,
        bot(|ctx, guild| async move {
            let fits = ctx.request_members(guild).at_most(2_500).await?;
            sleep(SECOND * 30).await;
            let failure = ctx.request_members(guild).at_most(2_000).await.unwrap_err();
            let large = failure.find::<GuildTooLarge>().expect("it is that");
            assert_eq!((large.at_least(), large.most()), (2_001, 2_000));
            assert!(failure.is::<MembersError>() && failure.place().is_some());
            Ok(fits.members.len().to_string())
        }),
    );

    assert_eq!(said(sim.start().await).await, "2500");
}

#[tokio::test(start_paused = true)]
async fn what_discord_would_not_answer_is_refused_before_it_is_sent() {
    let sim = guild_of(
        5,
        bot(|ctx, guild| async move {
            let ask = || ctx.request_members(guild);
            let ids = (1..=101).map(Id::new);
            let refused = [
                ask().only(ids).await.unwrap_err(),
                ask().named("a").limit(0).await.unwrap_err(),
                ask().named("a").limit(101).await.unwrap_err(),
                ask().limit(5).await.unwrap_err(),
                ask().only([Id::new(1)]).limit(5).await.unwrap_err(),
                ask().named("a".repeat(5_000)).await.unwrap_err(),
            ];
            let too_large = refused[5].find::<NotSent>().expect("it is too long");
            assert!(matches!(too_large, NotSent::TooLarge { .. }));
            assert!(refused.iter().all(Failure::is::<MembersError>));
            Ok(refused[0].error().to_string())
        }),
    );
    let sim = sim.start().await;

    sim.person("user 0").say("go").await;

    assert!(sent_at(&sim.connections(), OpCode::RequestGuildMembers).is_empty());
    sim.stop().await.assert_replies(&[
        "101 users were named, but Discord takes at most 100: request them in parts",
    ]);
}

#[tokio::test(start_paused = true)]
async fn an_intent_that_is_missing_is_named_before_anything_is_sent() {
    let sim = guild_of(
        5,
        bare(|ctx, guild| async move {
            let mut missing = Vec::new();
            for failure in [
                ctx.request_members(guild).await.unwrap_err(),
                ctx.request_members(guild).named("").await.unwrap_err(),
                ctx.request_members(guild)
                    .named("a")
                    .with_presences()
                    .await
                    .unwrap_err(),
                ctx.join_voice(guild, Id::new(1)).await.unwrap_err(),
                ctx.leave_voice(guild).await.unwrap_err(),
            ] {
                missing.push(
                    failure
                        .find::<MissingIntent>()
                        .expect("it is that")
                        .intent(),
                );
                assert!(failure.to_string().contains("take `Needs<"), "{failure}");
            }
            let [members, nameless, presences, joining, leaving] = missing[..] else {
                panic!("there are five");
            };
            assert_eq!(
                (members, nameless),
                (Intents::GUILD_MEMBERS, Intents::GUILD_MEMBERS)
            );
            assert_eq!(presences, Intents::GUILD_PRESENCES);
            assert_eq!(
                (joining, leaving),
                (Intents::GUILD_VOICE_STATES, Intents::GUILD_VOICE_STATES)
            );
            let failure = ctx.request_members(guild).await.unwrap_err();
            Ok(failure.error().to_string())
        }),
    );
    let sim = sim.start().await;

    sim.person("user 0").say("go").await;

    assert!(sent_at(&sim.connections(), OpCode::RequestGuildMembers).is_empty());
    let transcript = sim.stop().await;
    let said = transcript.replies().join("");
    assert!(
        said.contains("the intent `GUILD_MEMBERS`: take `Needs<AllMembers>`"),
        "{said}"
    );
    assert!(said.contains("Server Members Intent"), "{said}");
}

#[test]
fn a_handler_says_which_intents_it_needs() -> Result<()> {
    async fn all(_: &Context, _: &InteractionCreate, _: Needs<AllMembers>, _: Needs<Presences>) {}
    async fn heard(_: &Context, _: Needs<VoiceStates>) {}

    let bot = Bot::builder().listener(all);
    let bot = bot.task(Task::every(SECOND, heard)).build()?;

    let needed = Intents::GUILD_MEMBERS | Intents::GUILD_PRESENCES | Intents::GUILD_VOICE_STATES;
    assert_eq!(bot.intents(), needed);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn what_is_not_read_is_not_asked_for() {
    let act = |ctx: Context, guild| async move {
        let failure = ctx.request_members(guild).await.unwrap_err();
        Ok(failure
            .find::<NotRead>()
            .expect("it is that")
            .event()
            .to_owned())
    };
    let bot = bot(act).only_wants([EventType::MessageCreate]);

    assert_eq!(said(guild_of(5, bot).start().await).await, "MemberChunk");
}

#[tokio::test(start_paused = true)]
async fn a_chunk_that_never_comes_is_an_error_after_a_time() {
    let sim = guild_of(
        2_500,
        bot(|ctx, guild| async move {
            let began = Instant::now();
            let failure = ctx
                .request_members(guild)
                .timeout(SECOND * 5)
                .await
                .unwrap_err();
            assert_eq!(began.elapsed().as_secs(), 5);
            Ok(failure.error().to_string())
        }),
    );
    let sim = sim.start().await;
    sim.misbehave(GatewayFault::skipped_event().only("GUILD_MEMBERS_CHUNK"));

    assert_eq!(
        said(sim).await,
        "2 of 3 chunks arrived, and nothing more within 5s"
    );
}

#[tokio::test(start_paused = true)]
async fn a_guild_that_nobody_knows_is_waited_for_no_longer_than_is_said() {
    let sim = guild_of(
        5,
        bot(|ctx, _| async move {
            let began = Instant::now();
            let failure = ctx.request_members(Id::new(1)).await.unwrap_err();
            assert_eq!(began.elapsed().as_secs(), 20, "unless it is said");
            Ok(failure.error().to_string())
        }),
    );

    let said = said(sim.start().await).await;
    assert_eq!(
        said,
        "0 of an unknown number of chunks arrived, and nothing more within 20s"
    );
}

#[tokio::test(start_paused = true)]
async fn a_chunk_that_comes_twice_counts_once() {
    let sim = guild_of(2_500, bot(counts_all)).start().await;
    // As after a session that was resumed; the shard takes out what has the same number.
    sim.misbehave(
        GatewayFault::repeated_event()
            .only("GUILD_MEMBERS_CHUNK")
            .times(2),
    );

    assert_eq!(said(sim).await, "2500 and 1");
}

#[tokio::test(start_paused = true)]
async fn the_answers_to_others_are_not_taken_for_ones_own() {
    let sim = guild_of(
        1_500,
        bot(|ctx, guild| async move {
            let all = ctx.request_members(guild);
            let few = ctx.request_members(guild).named("user 1").limit(3);
            let (all, few) = tokio::join!(all.into_future(), few.into_future());
            Ok(format!("{} {}", all?.members.len(), few?.members.len()))
        }),
    );
    let sim = sim.start().await;
    let foreign = format!(
        r#"{{"guild_id":"{}","members":[],"chunk_index":0,"chunk_count":1,"nonce":"foreign"}}"#,
        sim.guild_id()
    );
    sim.send_raw("GUILD_MEMBERS_CHUNK", &foreign).await;

    assert_eq!(said(sim).await, "1500 3");
}

#[tokio::test(start_paused = true)]
async fn discords_limit_is_waited_for_if_there_is_time() {
    let sim = guild_of(
        5,
        bot(|ctx, guild| async move {
            ctx.request_members(guild).await?;
            let began = Instant::now();
            let failure = ctx
                .request_members(guild)
                .timeout(SECOND * 10)
                .await
                .unwrap_err();
            let often = failure.find::<TooManyRequests>().expect("it is that");
            assert_eq!(often.retry_after().as_secs_f64().round().to_string(), "30");
            assert!(began.elapsed() < SECOND, "it is told at once");
            let found = ctx.request_members(guild).timeout(SECOND * 40).await?;
            assert!(began.elapsed() >= SECOND * 29);
            Ok(found.members.len().to_string())
        }),
    );

    assert_eq!(said(sim.start().await).await, "5");
}

#[tokio::test(start_paused = true)]
async fn what_a_lost_connection_took_along_is_asked_for_again() {
    let act = |ctx: Context, guild| async move {
        sleep(SECOND * 5).await;
        // It goes where nobody listens any more.
        let found = ctx.request_members(guild).timeout(SECOND * 120).await?;
        Ok(found.members.len().to_string())
    };
    let sim = guild_of(1_500, bot(act)).start().await;
    let person = sim.person("user 0");
    tokio::join!(person.say("go"), async {
        sleep(SECOND * 2).await;
        sim.misbehave(GatewayFault::half_open());
    });

    let asked = sent_at(&sim.connections(), OpCode::RequestGuildMembers);
    assert_eq!(asked.len(), 2, "{asked:?}");
    sim.stop().await.assert_replies(&["1500"]);
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_connection_is_asked_for_once() {
    let act = |ctx: Context, guild| async move {
        sleep(SECOND * 5).await;
        let found = ctx.request_members(guild).timeout(SECOND * 120).await?;
        Ok(found.members.len().to_string())
    };
    let sim = guild_of(1_500, bot(act)).start().await;
    let person = sim.person("user 0");
    tokio::join!(person.say("go"), async {
        sleep(SECOND * 2).await;
        // The shard is away when it is asked.
        sim.misbehave(GatewayFault::refused().lasting(SECOND * 20));
        sim.drop_connections();
    });

    let asked = sent_at(&sim.connections(), OpCode::RequestGuildMembers);
    assert_eq!(asked.len(), 1, "{asked:?}");
    sim.stop().await.assert_replies(&["1500"]);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_ends_meanwhile_is_asked_again_or_told_of() {
    let sim = guild_of(
        2_500,
        bot(|ctx, guild| async move {
            let mut chunks = ctx.request_members(guild).timeout(SECOND * 90).chunks();
            let first = chunks.next().await.expect("a chunk")?;
            assert_eq!(first.members.len(), 1_000);
            while let Some(chunk) = chunks.next().await {
                if let Err(failure) = chunk {
                    return Ok(failure.error().to_string());
                }
            }
            counts_all(ctx, guild).await
        }),
    );
    let sim = sim.start().await;
    sim.misbehave(GatewayFault::skipped_event().only("GUILD_MEMBERS_CHUNK"));
    let person = sim.person("user 0");
    tokio::join!(person.say("go"), async {
        sleep(SECOND * 10).await;
        sim.invalidate_sessions();
    });

    sim.stop()
        .await
        .assert_replies(&["the gateway's session ended after 2 chunks: request the members again"]);
}

#[tokio::test(start_paused = true)]
async fn one_answer_is_asked_for_again_when_its_session_ends() {
    let sim = guild_of(
        2_500,
        bot(|ctx, guild| async move {
            let found = ctx.request_members(guild).timeout(SECOND * 90).await?;
            Ok(found.members.len().to_string())
        }),
    );
    let sim = sim.start().await;
    sim.misbehave(GatewayFault::skipped_event().only("GUILD_MEMBERS_CHUNK"));
    let person = sim.person("user 0");
    tokio::join!(person.say("go"), async {
        sleep(SECOND * 10).await;
        sim.invalidate_sessions();
    });

    sim.stop().await.assert_replies(&["2500"]);
}

#[tokio::test(start_paused = true)]
async fn it_goes_by_the_shard_of_the_guild() {
    #[listener]
    async fn whispered(
        ctx: &Context,
        message: &MessageCreate,
        guild: State<Id<GuildMarker>>,
    ) -> Result<()> {
        if message.guild_id.is_none() && !message.author.bot {
            let found = ctx.request_members(*guild).await?;
            ctx.reply(format!(
                "{} by {}",
                found.members.len(),
                ctx.shard().id().number()
            ))
            .await?;
        }
        Ok(())
    }
    let guild = guild().await;
    let home = (guild.get() >> 22) % 3;
    let bot = Bot::builder()
        .state(guild)
        .intents(Intents::GUILD_MEMBERS | Intents::DIRECT_MESSAGES);
    let sim = guild_of(4, bot.add(handlers![whispered]))
        .shards(3)
        .start()
        .await;

    sim.person("user 0").whisper("how many?").await;

    let connections = sim.connections();
    let of_home = connections.iter().filter(|connection| {
        let mut received = connection.received().iter();
        received.any(|(_, received)| matches!(received, Received::Identify { shard: Some(shard), .. } if u64::from(shard.number()) == home))
    });
    let of_home: Vec<_> = of_home.cloned().collect();
    assert_eq!(sent_at(&of_home, OpCode::RequestGuildMembers).len(), 1);
    sim.stop().await.assert_replies(&["4 by 0"]);
}

fn voice(bot: BotBuilder) -> SimulatorBuilder {
    guild_of(3, bot)
        .voice_channel("Lounge")
        .voice_channel("Attic")
}

async fn channel(ctx: &Context, guild: Id<GuildMarker>, name: &str) -> Result<Id<ChannelMarker>> {
    let channels = ctx.http().guild_channels(guild).await?.model().await?;
    let found = channels
        .iter()
        .find(|channel| channel.name.as_deref() == Some(name));
    Ok(found.expect("it is there").id)
}

#[tokio::test(start_paused = true)]
async fn a_voice_channel_is_joined_and_left() {
    let sim = voice(bot(|ctx, guild| async move {
        let lounge = channel(&ctx, guild, "Lounge").await?;
        let connection = ctx.join_voice(guild, lounge).muted().deafened().await?;
        assert_eq!(
            (connection.guild_id(), connection.channel_id()),
            (guild, lounge)
        );
        let me = ctx.http().current_user().await?.model().await?.id;
        assert_eq!(connection.user_id(), me);
        assert!(connection.endpoint().contains(':'));
        assert!(!connection.session_id().is_empty() && !connection.token().is_empty());
        let printed = format!("{connection:?}");
        assert!(!printed.contains(connection.token()), "{printed}");
        assert!(!printed.contains(connection.session_id()), "{printed}");
        let left = ctx.leave_voice(guild).await?;
        ctx.join_voice(guild, lounge).await?;
        Ok(left.to_string())
    }));
    let sim = sim.start().await;

    sim.person("user 0").say("go").await;

    assert_eq!(sim.voice_channel().as_deref(), Some("Lounge"));
    sim.stop().await.assert_replies(&["true"]);
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_the_bot_may_not_join_is_an_error_after_a_time() {
    let sim = voice(bot(|ctx, guild| async move {
        let began = Instant::now();
        let lounge = channel(&ctx, guild, "Lounge").await?;
        let failure = ctx.join_voice(guild, lounge).await.unwrap_err();
        assert_eq!(began.elapsed().as_secs(), 10, "unless it is said");
        let refused = failure.find::<NotJoined>().expect("it is that");
        assert_eq!(
            (refused.channel_id(), refused.within()),
            (lounge, SECOND * 10)
        );
        Ok(failure.error().to_string())
    }));
    let sim = sim.deny(Permissions::CONNECT).start().await;

    let said = said(sim).await;
    assert!(said.contains("may lack View Channel or Connect"), "{said}");
}

#[tokio::test(start_paused = true)]
async fn a_channel_of_text_cannot_be_joined() {
    let sim = voice(bot(|ctx, guild| async move {
        let general = channel(&ctx, guild, "general").await?;
        let failure = ctx
            .join_voice(guild, general)
            .timeout(SECOND)
            .await
            .unwrap_err();
        Ok(failure.is::<NotJoined>().to_string())
    }));

    assert_eq!(said(sim.start().await).await, "true");
}

#[tokio::test(start_paused = true)]
async fn a_voice_server_that_is_gone_is_an_error_unless_another_comes() {
    let sim = voice(bot(|ctx, guild| async move {
        let lounge = channel(&ctx, guild, "Lounge").await?;
        let failure = ctx.join_voice(guild, lounge).await.unwrap_err();
        let gone = failure.find::<VoiceError>();
        assert!(
            matches!(gone, Some(VoiceError::ServerGone { .. })),
            "{failure}"
        );
        ctx.leave_voice(guild).await?;
        let connection = ctx.join_voice(guild, lounge).await?;
        Ok(connection.endpoint().to_owned())
    }));
    let sim = sim.start().await;
    let gone = GatewayFault::changed_field("/endpoint", "null").only("VOICE_SERVER_UPDATE");
    sim.misbehave(gone.times(2));
    let server = format!(
        r#"{{"guild_id":"{}","token":"secret","endpoint":"other.simulated:443"}}"#,
        sim.guild_id()
    );

    let person = sim.person("user 0");
    tokio::join!(person.say("go"), async {
        sleep(SECOND * 15).await;
        sim.send_raw("VOICE_SERVER_UPDATE", &server).await;
    });

    sim.stop().await.assert_replies(&["other.simulated:443"]);
}

#[tokio::test(start_paused = true)]
async fn who_moves_is_told_that_the_server_stays() {
    let sim = voice(bot(|ctx, guild| async move {
        let (lounge, attic) = (
            channel(&ctx, guild, "Lounge").await?,
            channel(&ctx, guild, "Attic").await?,
        );
        ctx.join_voice(guild, lounge).await?;
        let failure = ctx.join_voice(guild, attic).await.unwrap_err();
        let same = failure.find::<VoiceError>();
        assert!(
            matches!(same, Some(VoiceError::SameServer { .. })),
            "{failure}"
        );
        Ok(failure.error().to_string())
    }));

    let said = said(sim.start().await).await;
    assert!(said.contains("`leave_voice(..)` first"), "{said}");
}

#[tokio::test(start_paused = true)]
async fn who_is_in_no_voice_channel_has_left_none() {
    let sim = voice(bot(|ctx, guild| async move {
        let left = ctx.leave_voice(guild).timeout(SECOND).await?;
        Ok(left.to_string())
    }));

    assert_eq!(said(sim.start().await).await, "false");
}

#[tokio::test(start_paused = true)]
async fn what_others_do_in_voice_channels_is_not_taken_for_the_bots() {
    let sim = voice(bot(|ctx, guild| async move {
        let lounge = channel(&ctx, guild, "Lounge").await?;
        let failure = ctx.join_voice(guild, lounge).await.unwrap_err();
        Ok(failure.is::<NotJoined>().to_string())
    }));
    let sim = sim.deny(Permissions::CONNECT).start().await;
    let lounge = sim.channel_id("Lounge").expect("a channel");
    let state = format!(
        r#"{{"guild_id":"{}","channel_id":"{lounge}","user_id":"7","session_id":"s","deaf":false,"mute":false,"self_deaf":false,"self_mute":false,"self_video":false,"suppress":false,"request_to_speak_timestamp":null}}"#,
        sim.guild_id()
    );

    let person = sim.person("user 0");
    tokio::join!(person.say("go"), async {
        sleep(SECOND * 2).await;
        sim.send_raw("VOICE_STATE_UPDATE", &state).await;
    });

    sim.stop().await.assert_replies(&["true"]);
}
