//! Limits: how fast Discord may be asked.

use cordial::exception::{RateLimited, Scope};
use cordial::testing::Fault;
use tokio::time::Instant;

use crate::*;

/// Asserts that nothing was asked in a time after the first refusal.
fn assert_quiet(asked: &[RequestRecord], time: Duration) {
    let refused = asked.iter().position(RequestRecord::is_rate_limited);
    let refused = refused.expect("one was refused");
    let until = asked[refused].at() + time;
    let early = asked[refused + 1..]
        .iter()
        .find(|record| record.at() < until);
    assert!(early.is_none(), "asked too early: {early:?} of {asked:?}");
}

#[tokio::test(start_paused = true)]
async fn r1_a_limit_is_waited_out_and_no_longer_than_that() {
    let rig = Rig::new().await;
    let limited = Fault::rate_limited(Scope::User, secs(2));
    rig.sim.inject("POST", MESSAGES, limited);
    let began = Instant::now();

    rig.say("hello").await.expect("sent in the end");

    let asked = rig.asked("POST");
    assert_eq!(asked.len(), 2);
    assert_quiet(&asked, secs(2));
    assert!(began.elapsed() <= millis(2250), "{:?}", began.elapsed());
    assert_eq!(rig.said(), 1);
}

#[tokio::test(start_paused = true)]
async fn r1_nobody_else_asks_for_the_same_while_a_limit_lasts() {
    let rig = Rig::new().await;
    rig.sim
        .inject("POST", MESSAGES, Fault::rate_limited(Scope::User, secs(5)));

    let calls = all((0..20).map(|number| {
        let text = number.to_string();
        let rig = &rig;
        async move { rig.say(&text).await }
    }));

    assert!(calls.await.iter().all(Result::is_ok));
    let asked = rig.asked("POST");
    assert_quiet(&asked, secs(5));
    assert_eq!(asked.len(), 21, "only one was refused");
    assert_eq!(rig.said(), 20);
}

#[tokio::test(start_paused = true)]
async fn r1_it_is_given_up_after_five_attempts() {
    let rig = Rig::new().await;
    rig.sim.inject(
        "POST",
        MESSAGES,
        Fault::rate_limited(Scope::User, secs(1)).always(),
    );

    let error: RateLimited = failed(rig.say("hello").await);

    assert_eq!(error.attempts(), 5);
    assert_eq!(error.scope(), Some(Scope::User));
    assert_eq!(rig.asked("POST").len(), 5);
}

#[tokio::test(start_paused = true)]
async fn r1_what_lasts_longer_than_a_call_may_take_is_not_waited_for() {
    let rig = Rig::of(Bot::builder().request_timeout(secs(60))).await;
    rig.sim.inject(
        "POST",
        MESSAGES,
        Fault::rate_limited(Scope::User, secs(600)),
    );
    let began = Instant::now();

    let error: RateLimited = failed(rig.say("hello").await);
    let next: RateLimited = failed(rig.say("hello").await);

    assert!(error.retry_after().is_some_and(|time| time >= secs(600)));
    assert!(next.retry_after().is_some_and(|time| time >= secs(599)));
    assert!(began.elapsed() < secs(1), "nobody waited");
    assert_eq!(rig.asked("POST").len(), 1, "the second is not even asked");
}

#[tokio::test(start_paused = true)]
async fn r2_a_limit_that_all_share_is_nobodys_fault() {
    for (scope, slows_down) in [(Scope::Shared, false), (Scope::User, true)] {
        let bot = Bot::builder()
            .request_attempts(1)
            .requests_per_second(100_000);
        let rig = Rig::of(bot).await;
        let limited = Fault::rate_limited(scope, secs(1)).always();
        rig.sim.inject("GET", "/guilds/*/channels", limited);
        let began = Instant::now();

        // Each of another guild: none has to wait for the others.
        for round in 0..55 {
            let guilds = (1..=100).map(|guild| Id::new(round * 100 + guild));
            let calls = guilds.map(|guild| ask(rig.http.guild_channels(guild)));
            for call in all(calls.collect::<Vec<_>>()).await {
                let error: RateLimited = failed(call);
                assert_eq!(error.scope(), Some(scope));
            }
        }

        let took = began.elapsed();
        assert_eq!(took > secs(60), slows_down, "{scope:?}: {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn r3_a_global_limit_stops_everything_but_interactions() {
    let rig = Rig::new().await;
    let limited = Fault::rate_limited(Scope::Global, secs(60)).lasting(secs(60));
    rig.sim.inject("*", "/channels/**", limited);
    let began = Instant::now();

    let (said, read, user) = tokio::join!(rig.say("hello"), rig.read(), async {
        tokio::time::sleep(secs(1)).await;
        ask(rig.http.current_user()).await
    });

    said.expect("sent in the end");
    read.expect("read in the end");
    user.expect("asked in the end");
    assert!(began.elapsed() >= secs(60));
    let asked = rig.sim.requests();
    let first = asked.iter().find(|record| record.is_rate_limited());
    let first = first.expect("one was refused").at();
    let after = asked.iter().filter(|record| record.at() > first);
    let (late, early): (Vec<_>, Vec<_>) = after.partition(|record| record.at() >= first + secs(60));
    assert_eq!(early.len(), 0, "{early:?}");
    assert_eq!(late.len(), 3, "{late:?}");
}

#[tokio::test(start_paused = true)]
async fn r3_interactions_are_answered_while_everything_else_waits() {
    #[listener]
    async fn answers(ctx: &Context, _: &InteractionCreate) -> Result<()> {
        ctx.reply("at once").await?;
        Ok(())
    }
    let bot = Bot::builder().register(start::command("go"));
    let rig = Rig::of(bot.add(handlers![answers])).await;
    let limited = Fault::rate_limited(Scope::Global, secs(60)).lasting(secs(60));
    rig.sim.inject("*", "/channels/**", limited);
    let waiting = rig.say("hello");
    let answered = async {
        tokio::time::sleep(secs(1)).await;
        let began = Instant::now();
        rig.alice.run("/go").await;
        began.elapsed()
    };

    let (said, took) = tokio::join!(waiting, answered);

    said.expect("sent in the end");
    assert!(took < secs(1), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn r4_a_block_at_the_edge_stops_everything_for_its_time() {
    let day = "Thu, 31 Dec 2099 23:59:59 GMT";
    for (said, at_least) in [
        (None, secs(60)),
        (Some("30"), secs(30)),
        (Some("2.5"), millis(2500)),
        (Some("999999999"), secs(3600)),
        (Some(day), secs(3600)),
    ] {
        let rig = Rig::of(Bot::builder().request_timeout(secs(7200))).await;
        let fault = Fault::rate_limited(Scope::Edge, secs(60));
        let fault = match said {
            Some(said) => fault.header("retry-after", said),
            None => fault.without_headers(),
        };
        rig.sim.inject("POST", MESSAGES, fault);
        let began = Instant::now();

        let (said, user) = tokio::join!(rig.say("hello"), async {
            tokio::time::sleep(secs(1)).await;
            ask(rig.http.current_user()).await
        });

        said.expect("sent in the end");
        user.expect("asked in the end");
        let took = began.elapsed();
        assert!(
            took >= at_least && took < at_least * 2,
            "{took:?}, not {at_least:?}"
        );
        let asked = rig.sim.requests();
        let blocked = asked
            .iter()
            .position(RequestRecord::is_rate_limited)
            .expect("one");
        let next = asked.get(blocked + 1).expect("asked again");
        assert!(next.at() >= asked[blocked].at() + at_least, "{asked:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn r4_each_block_without_a_time_lasts_longer_than_the_last() {
    let rig = Rig::of(Bot::builder().request_timeout(secs(7200))).await;
    let fault = Fault::rate_limited(Scope::Edge, secs(1)).without_headers();
    rig.sim.inject("POST", MESSAGES, fault.times(3));
    let log = Log::listen(tracing::Level::WARN);
    let began = Instant::now();

    rig.say("hello").await.expect("sent in the end");

    let took = began.elapsed();
    assert!(took >= secs(60 + 120 + 240), "{took:?}");
    let log = log.text();
    assert_eq!(log.matches("blocked before Discord").count(), 3, "{log}");
}

#[tokio::test(start_paused = true)]
async fn r5_the_time_to_wait_is_believed_over_what_is_said_to_remain() {
    let rig = Rig::new().await;
    let limited = Fault::rate_limited(Scope::User, secs(3)).remaining(4);
    rig.sim.inject("POST", MESSAGES, limited);

    rig.say("hello").await.expect("sent in the end");

    assert_quiet(&rig.asked("POST"), secs(3));
}

#[tokio::test(start_paused = true)]
async fn r6_routes_that_share_a_bucket_are_counted_together_by_channel() {
    let rig = Rig::new().await;
    rig.sim.limit_as("shared", "POST", MESSAGES, 5, secs(2));
    rig.sim.limit_as("shared", "GET", MESSAGES, 5, secs(2));

    for round in 0..10 {
        let said = format!("{round}");
        let (said, read) = tokio::join!(rig.say(&said), rig.read());
        said.expect("sent");
        read.expect("read");
    }

    let refused = rig
        .sim
        .requests()
        .into_iter()
        .filter(RequestRecord::is_rate_limited);
    // Until both have been answered once, nobody can know that they share.
    assert!(refused.count() <= 1);
}

#[tokio::test(start_paused = true)]
async fn r6_a_channel_waits_for_no_other() {
    let rig = Rig::new().await;
    let alice = rig.http.create_private_channel(rig.alice.id()).await;
    let alice = alice.expect("a channel").model().await.expect("a channel");
    rig.sim.limit("POST", MESSAGES, 5, secs(2));
    let began = Instant::now();

    let calls = (0..5).flat_map(|_| [rig.channel, alice.id]);
    let calls = all(calls.map(|channel| rig.say_in(channel, "hello"))).await;

    assert!(calls.iter().all(Result::is_ok));
    assert!(began.elapsed() < secs(1), "{:?}", began.elapsed());
    let later: Vec<_> = all((0..6).map(|_| rig.say("hello"))).await;
    assert!(later.iter().all(Result::is_ok));
    assert!(began.elapsed() >= secs(2), "that one does wait");
}

#[tokio::test(start_paused = true)]
async fn r6_a_bucket_that_changes_its_name_is_followed() {
    let rig = Rig::new().await;
    rig.sim.limit_as("a", "POST", MESSAGES, 5, secs(2));
    rig.sim.limit_as("b", "GET", MESSAGES, 5, secs(2));
    all([rig.say("hello"), rig.say("hello")]).await;
    rig.read().await.expect("read");

    rig.sim.limit_as("b", "POST", MESSAGES, 5, secs(2));
    for _ in 0..10 {
        let (said, read) = tokio::join!(rig.say("hello"), rig.read());
        said.expect("sent");
        read.expect("read");
    }

    // Counted apart, both would have five in every two seconds, of which half are refused.
    let asked = rig.sim.requests().into_iter();
    let refused = asked.filter(RequestRecord::is_rate_limited).count();
    assert!(refused <= 2, "{refused}");
}

#[tokio::test(start_paused = true)]
async fn r6_a_limit_that_is_told_of_is_kept_without_a_refusal() {
    for tells_scope in [false, true] {
        let rig = Rig::new().await;
        rig.sim.scope_on_every_answer(tells_scope);
        rig.sim.limit("POST", MESSAGES, 5, secs(2));
        let began = Instant::now();

        let calls = all((0..40).map(|_| rig.say("hello")));

        assert!(calls.await.iter().all(Result::is_ok));
        let refused = rig
            .asked("POST")
            .into_iter()
            .filter(RequestRecord::is_rate_limited);
        assert_eq!(refused.count(), 0);
        let took = began.elapsed();
        assert!(took >= secs(14) && took < secs(16), "{took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn r7_what_has_no_limit_is_asked_side_by_side() {
    let rig = Rig::new().await;
    rig.sim.delay("POST", MESSAGES, millis(200));
    let began = Instant::now();

    let calls = all((0..20).map(|_| rig.say("hello")));

    assert!(calls.await.iter().all(Result::is_ok));
    // The first tells that there is no limit.
    assert!(began.elapsed() <= millis(450), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn r7_an_answer_that_never_comes_holds_up_nobody() {
    let rig = Rig::new().await;
    rig.sim.inject("GET", MESSAGES, Fault::stalled());
    let hanging = rig.read();
    let others = async {
        tokio::time::sleep(millis(1)).await;
        let began = Instant::now();
        let read = all((0..20).map(|_| rig.read())).await;
        (read, began.elapsed())
    };

    let (_, (read, took)) = tokio::join!(hanging, others);

    assert!(read.iter().all(Result::is_ok));
    assert!(took <= millis(1100), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn r8_a_first_answer_waits_for_no_other_call() {
    #[listener]
    async fn answers(ctx: &Context, _: &InteractionCreate) -> Result<()> {
        ctx.reply("at once").await?;
        Ok(())
    }
    let bot = Bot::builder().register(start::command("go"));
    let rig = Rig::of(bot.add(handlers![answers])).await;
    rig.sim.inject("GET", "/**", Fault::stalled().always());
    rig.sim.inject("POST", "/interactions/**", Fault::stalled());
    let bob = rig.sim.join("bob").await;
    // One of another interaction hangs, too.
    let hanging = async { tokio::join!(all((0..10).map(|_| rig.read())), rig.alice.run("/go")) };
    let answered = async {
        tokio::time::sleep(millis(100)).await;
        bob.run("/go").await;
    };
    let began = Instant::now();

    tokio::join!(hanging, answered);

    let asked = rig.sim.requests().into_iter();
    let callbacks: Vec<_> = asked
        .filter(|record| record.path().ends_with("/callback"))
        .collect();
    let [first, second, ..] = &callbacks[..] else {
        panic!("two were asked: {callbacks:?}")
    };
    assert_eq!((first.status(), second.status()), (None, Some(200)));
    let took = second.at().saturating_sub(first.at());
    assert!(took <= millis(105), "{took:?} of {:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn r21_clocks_that_differ_do_no_harm() {
    for reset in ["1000000000.000", "9999999999.999"] {
        let rig = Rig::new().await;
        let limited = Fault::rate_limited(Scope::User, secs(2)).header("x-ratelimit-reset", reset);
        rig.sim.inject("POST", MESSAGES, limited);
        let began = Instant::now();

        rig.say("hello").await.expect("sent in the end");

        let took = began.elapsed();
        assert!(took >= secs(2) && took <= millis(2250), "{reset}: {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_than_fifty_calls_are_made_in_a_second() {
    let rig = Rig::new().await;
    rig.sim.limit_all(50);
    let channel = rig.channel;

    let calls = all((0..200).map(|_| ask(rig.http.channel(channel))));

    assert!(calls.await.iter().all(Result::is_ok));
    let asked = rig.asked("GET");
    assert!(!asked.iter().any(RequestRecord::is_rate_limited));
    let took = asked[asked.len() - 1].at().abs_diff(asked[0].at());
    assert!(took >= secs(3) && took <= secs(5), "{took:?}");
}
