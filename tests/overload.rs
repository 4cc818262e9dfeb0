//! More events than can be handled: what is handled, in which order, and what becomes of the rest. The
//! faults O1 to O4 of the catalogue.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cordial::dispatch::{Order, Shed};
use cordial::event::RawEvent;
use cordial::exception::{Cancelled, MalformedEvent, Overloaded};
use cordial::outcome::{Invocation, Observer, Outcome};
use cordial::prelude::*;
use cordial::testing::{Simulator, Transcript};
use cordial::twilight::model::gateway::ShardId;
use cordial::twilight::model::gateway::event::EventType;
use futures_util::FutureExt;
use tokio::time::{Instant, sleep};

/// How long a handler takes.
const SECOND: Duration = Duration::from_secs(1);
const NOISY: u64 = 500;
const QUIET: u64 = 501;

/// When a handler ran for a message that was deleted.
#[derive(Clone, Copy, Debug)]
struct Run {
    guild: u64,
    channel: u64,
    message: u64,
    started: Instant,
    ended: Instant,
}

/// When handlers ran.
#[derive(Clone, Default)]
struct Diary(Arc<Mutex<Vec<Run>>>);

impl Diary {
    fn runs(&self) -> Vec<Run> {
        self.0.lock().expect("no panic").clone()
    }
}

#[listener]
async fn takes_a_second(_: &Context, deleted: &MessageDelete, diary: State<Diary>) {
    let started = Instant::now();
    sleep(SECOND).await;
    let run = Run {
        guild: deleted.guild_id.map_or(0, Id::get),
        channel: deleted.channel_id.get(),
        message: deleted.id.get(),
        started,
        ended: Instant::now(),
    };
    diary.0.lock().expect("no panic").push(run);
}

#[listener]
async fn watches(_: &Context, _: &TypingStart) {
    sleep(SECOND).await;
}

/// Ask whether it is there.
#[command]
async fn ping(ctx: &CommandContext) -> Result<()> {
    ctx.reply("Pong!").await?;
    Ok(())
}

/// Take long.
#[command]
async fn ponder(ctx: &CommandContext) -> Result<()> {
    sleep(10 * SECOND).await;
    ctx.reply("Done.").await?;
    Ok(())
}

/// Take a nap.
#[command]
async fn nap(ctx: &CommandContext) -> Result<()> {
    sleep(SECOND * 5 / 2).await;
    ctx.reply("Awake.").await?;
    Ok(())
}

/// Counts what the bot says of events, and how many it had not ended at most.
#[derive(Default)]
struct Ledger(Mutex<Counts>);

#[derive(Clone, Copy, Default)]
struct Counts {
    received: usize,
    dispatched: usize,
    finished: usize,
    shed: usize,
    peak: usize,
}

impl Ledger {
    fn counts(&self) -> Counts {
        *self.0.lock().expect("no panic")
    }

    fn note(&self, note: impl FnOnce(&mut Counts)) {
        let mut counts = self.0.lock().expect("no panic");
        note(&mut counts);
        let open = counts.dispatched - counts.finished;
        counts.peak = counts.peak.max(open);
    }
}

impl Observer for Ledger {
    fn received(&self, _: ShardId, _: &Event) {
        self.note(|counts| counts.received += 1);
    }

    fn dispatched(&self, _: ShardId, sequence: u64, _: Option<EventType>, invocations: usize) {
        // What is of no session is no event: it tells of others.
        if sequence > 0 && invocations > 0 {
            self.note(|counts| counts.dispatched += 1);
        }
    }

    fn shed(&self, _: ShardId, _: u64, _: Option<EventType>) {
        self.note(|counts| counts.shed += 1);
    }

    fn finished(&self, _: ShardId, sequence: u64, _: &Invocation) {
        if sequence > 0 {
            self.note(|counts| counts.finished += 1);
        }
    }
}

/// When the error handler was told, and of what.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<(Instant, Overloaded)>>>);

#[error_handler]
async fn told(_: &ErrorContext, overloaded: &Overloaded, told: State<Told>) -> bool {
    let now = (Instant::now(), overloaded.clone());
    told.0.lock().expect("no panic").push(now);
    true
}

/// Lets something happen, and does not wait for what comes of it.
fn begin(deed: impl Future<Output = ()>) {
    deed.now_or_never().unwrap_or_default();
}

/// A bot whose handlers take a second, on a simulator.
struct Rig {
    sim: Simulator,
    diary: Diary,
    ledger: Arc<Ledger>,
    told: Told,
}

/// What there is in the end.
struct End {
    transcript: Transcript,
    runs: Vec<Run>,
    counts: Counts,
    told: Vec<(Instant, Overloaded)>,
}

impl Rig {
    async fn new(set: impl FnOnce(BotBuilder) -> BotBuilder) -> Self {
        let (diary, ledger, told) = (Diary::default(), Arc::default(), Told::default());
        let bot = Bot::builder()
            .state(diary.clone())
            .state(told.clone())
            .observer(Arc::clone(&ledger) as Arc<dyn Observer>)
            .add(handlers![
                takes_a_second,
                watches,
                ping,
                ponder,
                nap,
                self::told
            ]);
        let sim = Simulator::builder(set(bot)).member("alice").start().await;
        Self {
            sim,
            diary,
            ledger,
            told,
        }
    }

    fn send(&self, name: &str, data: &str) {
        begin(self.sim.send_raw(name, data));
    }

    fn delete(&self, guild: u64, channel: u64, message: u64) {
        let data = format!(r#"{{"guild_id":"{guild}","channel_id":"{channel}","id":"{message}"}}"#);
        self.send("MESSAGE_DELETE", &data);
    }

    fn type_in(&self, guild: u64) {
        let data =
            format!(r#"{{"guild_id":"{guild}","channel_id":"1","user_id":"1","timestamp":1}}"#);
        self.send("TYPING_START", &data);
    }

    fn run(&self, command: &str) {
        begin(self.sim.person("alice").run(command));
    }

    async fn stop(self) -> End {
        let transcript = self.sim.stop().await;
        let told = self.told.0.lock().expect("no panic").clone();
        End {
            transcript,
            runs: self.diary.runs(),
            counts: self.ledger.counts(),
            told,
        }
    }
}

impl End {
    /// Checks that every event was handled or shed, and everything shed was told once.
    fn check(&self) {
        let Counts {
            dispatched,
            finished,
            shed,
            ..
        } = self.counts;
        assert_eq!(dispatched, finished);
        let mut kinds: HashMap<Option<EventType>, u64> = HashMap::new();
        for kind in self.transcript.shed() {
            *kinds.entry(kind).or_default() += 1;
        }
        let mut reported: HashMap<Option<EventType>, u64> = HashMap::new();
        for (kind, count) in self.reported() {
            *reported.entry(kind).or_default() += count;
        }
        assert_eq!(kinds, reported);
        let total = u64::try_from(shed).expect("few");
        assert_eq!(kinds.values().sum::<u64>(), total);
        let last = self.overloaded().last();
        assert_eq!(last.map_or(0, |last| last.load().shed()), total);
    }

    fn overloaded(&self) -> impl Iterator<Item = &Overloaded> {
        self.told.iter().map(|(_, overloaded)| overloaded)
    }

    fn reported(&self) -> impl Iterator<Item = (Option<EventType>, u64)> {
        self.overloaded().flat_map(|one| one.shed().iter().copied())
    }

    fn shed(&self, kind: EventType) -> usize {
        let shed = self.transcript.shed().into_iter();
        shed.filter(|other| *other == Some(kind)).count()
    }
}

#[tokio::test(start_paused = true)]
async fn o1_ten_times_too_much_for_ten_minutes_is_bounded_and_told() {
    let rig = Rig::new(|bot| bot.max_in_hand(2).max_queued(50)).await;

    // Two events a second can be handled.
    for tenth in 0..6_000 {
        rig.type_in(NOISY);
        rig.delete(NOISY, 1, tenth + 1);
        if tenth % 50 == 0 {
            rig.run("/ping");
        }
        sleep(SECOND / 10).await;
        assert!(rig.sim.health().load().queued() <= 50);
    }
    let end = rig.stop().await;

    end.check();
    let Counts {
        received,
        shed,
        peak,
        ..
    } = end.counts;
    assert_eq!(received + shed, 12_000 + 120, "what is shed is not read");
    assert!(peak <= 2 + 2, "{peak} events at once");
    assert!(shed > 10_000, "{shed} were shed");
    assert_eq!(end.transcript.replies(), ["Pong!"; 120]);
    let times: Vec<_> = end.told.iter().map(|(time, _)| *time).collect();
    let gaps = times.windows(2).map(|pair| pair[1] - pair[0]);
    // The last report is that of the end.
    assert!(gaps.rev().skip(1).all(|gap| gap >= 10 * SECOND));
    assert!(times.len() <= 63, "{} reports", times.len());
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_read_when_it_is_its_turn() {
    let rig = Rig::new(|bot| bot.max_in_hand(1)).await;

    for message in 1..=3 {
        rig.delete(NOISY, 1, message);
    }
    rig.send("MESSAGE_DELETE", r#"{"channel_id":"1","id":"none"}"#);
    sleep(SECOND / 2).await;
    assert_eq!(rig.ledger.counts().received, 1);
    assert_eq!(rig.sim.health().load().queued(), 3);
    sleep(SECOND).await;
    assert_eq!(rig.ledger.counts().received, 2);

    let transcript = rig.sim.stop().await;
    assert_eq!(rig.ledger.counts().received, 3);
    let mut reports = transcript.reports();
    assert!(reports.any(|report| report.failure.is::<MalformedEvent>()));
}

#[tokio::test(start_paused = true)]
async fn what_twilight_panics_about_holds_up_nobody() {
    #[listener]
    async fn reacts(_: &Context, _: &ReactionAdd) {
        sleep(SECOND).await;
    }

    let sim = Simulator::start(Bot::builder().max_in_hand(1).add(handlers![reacts])).await;
    let react = |color: &str| {
        let data = format!(
            r#"{{"user_id":"1","channel_id":"2","message_id":"3","burst":true,"burst_colors":["{color}"],"emoji":{{"id":null,"name":"x"}},"type":1}}"#
        );
        begin(sim.send_raw("MESSAGE_REACTION_ADD", &data));
    };

    // Its colors are cut by bytes.
    react("#aé1bc");
    for color in ["#a01bc2", "#aé1bc", "#a01bc2"] {
        react(color);
    }
    sim.settle().await;

    let transcript = sim.stop().await;
    assert_eq!(transcript.invocations("reacts").len(), 2);
    let reports = transcript.reports();
    let malformed = reports.filter(|report| report.failure.is::<MalformedEvent>());
    assert_eq!(malformed.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn o1_what_goes_first_is_shed_before_what_goes_last() {
    let rig = Rig::new(|bot| bot.max_in_hand(1).max_queued(10)).await;

    for message in 1..=10 {
        rig.delete(NOISY, 1, message);
        rig.type_in(NOISY);
    }
    sleep(20 * SECOND).await;
    rig.sim.assert_nothing_lost();
    let end = rig.stop().await;

    end.check();
    assert_eq!(end.shed(EventType::TypingStart), 9);
    assert_eq!(end.shed(EventType::MessageDelete), 0);
}

#[tokio::test(start_paused = true)]
async fn o1_what_is_never_to_be_shed_is_not() {
    let never = |bot: BotBuilder| bot.shed(EventType::MessageDelete, Shed::Never);
    let rig = Rig::new(|bot| never(bot).max_in_hand(1).max_queued(5)).await;

    for message in 1..=20 {
        rig.delete(NOISY, 1, message);
    }
    sleep(30 * SECOND).await;
    let end = rig.stop().await;

    end.check();
    assert_eq!((end.runs.len(), end.counts.shed), (20, 0));
}

#[tokio::test(start_paused = true)]
async fn o1_what_waits_is_bounded_in_bytes() {
    let rig = Rig::new(|bot| bot.max_in_hand(1).max_queued_bytes(1_000)).await;

    // Each has some 90 bytes.
    for message in 1..=50 {
        rig.delete(NOISY, 1, message);
    }
    sleep(60 * SECOND).await;
    let end = rig.stop().await;

    end.check();
    assert!((8..=14).contains(&end.runs.len()), "{:?}", end.runs.len());
}

#[tokio::test(start_paused = true)]
async fn o1_what_nobody_can_read_is_bounded_too() {
    /// Takes a second.
    #[listener]
    async fn reads(_: &Context, _: &RawEvent) {
        sleep(SECOND).await;
    }
    let rig = Rig::new(|bot| bot.max_in_hand(1).max_queued(2).add(handlers![reads])).await;

    for _ in 0..10 {
        rig.send("OF_TOMORROW", "{}");
    }
    sleep(5 * SECOND).await;
    let end = rig.stop().await;

    end.check();
    assert_eq!(end.transcript.shed(), [None; 7]);
    let counts: Vec<_> = end.overloaded().map(Overloaded::count).collect();
    assert_eq!(counts, [1, 6]);
}

#[tokio::test(start_paused = true)]
async fn o1_nothing_is_shed_within_the_bounds() {
    let rig = Rig::new(|bot| bot.max_in_hand(10).max_queued(50)).await;

    for message in 1..=60 {
        rig.delete(NOISY, 1, message);
    }
    sleep(10 * SECOND).await;
    let end = rig.stop().await;

    end.check();
    assert_eq!((end.runs.len(), end.told.len()), (60, 0));
}

#[tokio::test(start_paused = true)]
async fn o1_interactions_that_nobody_can_answer_any_more_are_shed() {
    let rig = Rig::new(|bot| bot.max_in_hand(1)).await;

    for _ in 0..3 {
        rig.run("/ponder");
    }
    sleep(20 * SECOND).await;
    rig.run("/ping");
    sleep(SECOND).await;
    let end = rig.stop().await;

    end.check();
    assert_eq!(end.transcript.replies(), ["Done.", "Pong!"]);
    assert_eq!(end.shed(EventType::InteractionCreate), 2);
}

#[tokio::test(start_paused = true)]
async fn o1_an_interaction_that_waited_is_put_off_by_when_it_came() {
    let rig = Rig::new(|bot| bot.max_in_hand(1)).await;

    // The second starts half a second after it should have been put off, and half a second before
    // Discord takes nothing more.
    rig.run("/nap");
    rig.run("/nap");
    sleep(6 * SECOND).await;
    let end = rig.stop().await;

    end.check();
    assert_eq!(end.transcript.replies(), ["Awake."; 2]);
    end.transcript.assert_all_handled();
}

#[tokio::test(start_paused = true)]
async fn o2_a_connection_lives_through_an_overload() {
    let rig = Rig::new(|bot| bot.max_in_hand(1).max_queued(5)).await;

    for message in 1..=600 {
        rig.delete(NOISY, 1, message);
        sleep(SECOND / 2).await;
    }

    assert_eq!(rig.sim.connections().len(), 1);
    rig.stop().await.check();
}

#[tokio::test(start_paused = true)]
async fn o3_a_quiet_guild_waits_for_one_handler_while_another_floods() {
    let rig = Rig::new(|bot| bot.max_in_hand(2).max_queued(50)).await;
    let mut sent = Vec::new();

    for tenth in 0..600 {
        rig.delete(NOISY, 1, tenth + 1);
        rig.delete(NOISY, 2, tenth + 1);
        if tenth % 100 == 99 {
            sent.push(Instant::now());
            rig.delete(QUIET, 3, tenth + 1);
        }
        sleep(SECOND / 10).await;
    }
    let end = rig.stop().await;

    end.check();
    let quiet: Vec<_> = end.runs.iter().filter(|run| run.guild == QUIET).collect();
    assert_eq!(quiet.len(), sent.len());
    for (run, sent) in quiet.into_iter().zip(sent) {
        let waited = run.started - sent;
        assert!(waited <= SECOND + SECOND / 10, "{waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn o4_no_more_are_in_hand_than_may_be() {
    let rig = Rig::new(|bot| bot.max_in_hand(7)).await;

    for message in 1..=70 {
        rig.delete(NOISY, 1, message);
    }
    sleep(20 * SECOND).await;
    let end = rig.stop().await;

    end.check();
    let at_once = |run: &Run| {
        let others = end.runs.iter();
        let during = others.filter(|other| (other.started..other.ended).contains(&run.started));
        during.count()
    };
    assert_eq!(end.runs.iter().map(at_once).max(), Some(7));
}

#[tokio::test(start_paused = true)]
async fn o4_events_of_a_channel_run_in_order_and_channels_side_by_side() {
    let rig = Rig::new(|bot| bot.in_order(Order::ByChannel)).await;
    let started = Instant::now();

    for message in 1..=10 {
        for channel in 1..=5 {
            rig.delete(NOISY, channel, message);
        }
    }
    rig.run("/ping");
    sleep(11 * SECOND).await;
    let end = rig.stop().await;

    end.check();
    assert_eq!(end.transcript.replies(), ["Pong!"]);
    for channel in 1..=5 {
        let runs: Vec<_> = end
            .runs
            .iter()
            .filter(|run| run.channel == channel)
            .collect();
        let messages: Vec<_> = runs.iter().map(|run| run.message).collect();
        assert_eq!(messages, (1..=10).collect::<Vec<_>>());
        assert!(runs.windows(2).all(|pair| pair[0].ended <= pair[1].started));
    }
    let last = end.runs.iter().map(|run| run.ended - started).max();
    assert!(last.is_some_and(|last| last < 10 * SECOND + SECOND / 10));
}

#[tokio::test(start_paused = true)]
async fn o4_events_of_a_guild_run_in_order_and_guilds_side_by_side() {
    let rig = Rig::new(|bot| bot.in_order(Order::ByGuild)).await;

    for message in 1..=5 {
        rig.delete(NOISY, message, message);
        rig.delete(QUIET, message, message);
    }
    sleep(6 * SECOND).await;
    let end = rig.stop().await;

    end.check();
    for guild in [NOISY, QUIET] {
        let of_guild = end.runs.iter().filter(|run| run.guild == guild);
        let messages: Vec<_> = of_guild.map(|run| run.message).collect();
        assert_eq!(messages, [1, 2, 3, 4, 5]);
    }
    assert_eq!(end.runs[0].started, end.runs[1].started);
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_handled_within_the_grace() {
    let rig = Rig::new(|bot| bot.max_in_hand(2).grace(10 * SECOND)).await;

    for message in 1..=10 {
        rig.delete(NOISY, 1, message);
    }
    sleep(SECOND / 2).await;
    let end = rig.stop().await;

    end.check();
    assert_eq!((end.runs.len(), end.told.len()), (10, 0));
}

#[tokio::test(start_paused = true)]
async fn what_still_waits_after_the_grace_is_shed_and_told_once() {
    let rig = Rig::new(|bot| bot.max_in_hand(2).grace(3 * SECOND)).await;

    for message in 1..=20 {
        rig.delete(NOISY, 1, message);
    }
    sleep(SECOND / 2).await;
    let end = rig.stop().await;

    end.check();
    let is_cut_off = |report: &&cordial::outcome::Report| report.failure.is::<Cancelled>();
    assert_eq!(end.transcript.reports().filter(is_cut_off).count(), 2);
    let reported: Vec<_> = end.reported().collect();
    assert_eq!(
        reported,
        [(
            Some(EventType::MessageDelete),
            20 - 2 - end.runs.len() as u64
        )]
    );
    assert_eq!(end.told.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_shed_and_not_told_of_is_told_at_the_end() {
    let rig = Rig::new(|bot| bot.max_in_hand(1).max_queued(1)).await;

    for message in 1..=10 {
        rig.delete(NOISY, 1, message);
    }
    sleep(SECOND / 2).await;
    let end = rig.stop().await;

    end.check();
    let counts: Vec<_> = end.overloaded().map(Overloaded::count).collect();
    assert_eq!(counts, [1, 7]);
}

#[tokio::test(start_paused = true)]
async fn h16_a_storm_of_failures_is_bounded_and_each_is_reported() {
    /// Fails after a second.
    #[listener]
    async fn fails(_: &Context, _: &MessageDelete) -> Result<()> {
        sleep(SECOND).await;
        Err(std::io::Error::other("always").into())
    }
    let ledger = Arc::new(Ledger::default());
    let bot = Bot::builder().observer(Arc::clone(&ledger) as Arc<dyn Observer>);
    let bot = bot.max_in_hand(5).max_queued(20).add(handlers![fails]);
    let sim = Simulator::start(bot).await;

    for message in 1..=2_000 {
        let data = format!(r#"{{"channel_id":"1","id":"{message}"}}"#);
        begin(sim.send_raw("MESSAGE_DELETE", &data));
        sleep(SECOND / 20).await;
    }
    let transcript = sim.stop().await;

    let Counts {
        dispatched,
        finished,
        shed,
        peak,
        ..
    } = ledger.counts();
    assert_eq!((dispatched, finished + shed), (finished, 2_000));
    assert!(peak <= 5, "{peak} events at once");
    let failed = transcript.invocations("fails");
    assert_eq!(failed.len(), finished);
    let is_unhandled = |one: &&Invocation| matches!(one.outcome, Outcome::Unhandled { .. });
    assert!(failed.iter().all(is_unhandled));
}

/// A listener that ends at once, after others had their turn.
#[listener]
async fn yields(_: &Context, _: &MessageDelete) {
    tokio::task::yield_now().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_left_waiting_where_threads_meet() {
    for order in [None, Some(Order::ByChannel)] {
        let ledger = Arc::new(Ledger::default());
        let bot = Bot::builder().observer(Arc::clone(&ledger) as Arc<dyn Observer>);
        let bot = bot.max_in_hand(3).max_queued(100).add(handlers![yields]);
        let sim = Simulator::start(match order {
            Some(order) => bot.in_order(order),
            None => bot,
        })
        .await;

        for message in 1..=3_000 {
            let channel = message % 7 + 1;
            let data = format!(r#"{{"channel_id":"{channel}","id":"{message}"}}"#);
            begin(sim.send_raw("MESSAGE_DELETE", &data));
        }
        sim.settle().await;

        let Counts {
            dispatched,
            finished,
            shed,
            ..
        } = ledger.counts();
        assert_eq!((dispatched, finished + shed), (finished, 3_000));
        sim.stop().await;
    }
}

#[test]
fn a_runtime_that_ends_while_much_waits_leaves_nothing_behind() {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build();
    let runtime = runtime.expect("a runtime");
    let rig = runtime.block_on(async {
        let rig = Rig::new(|bot| bot.max_in_hand(1)).await;
        for message in 1..=9_000 {
            rig.delete(NOISY, 1, message);
        }
        sleep(2 * SECOND).await;
        rig
    });
    assert!(rig.ledger.counts().finished < 10);
    let ledger = Arc::downgrade(&rig.ledger);

    drop(runtime);
    drop(rig);

    assert!(ledger.upgrade().is_none());
}
