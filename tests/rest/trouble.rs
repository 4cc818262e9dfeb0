//! Trouble: at Discord's, and on the way.

use cordial::exception::{
    GatewayTimeout, HttpError, RequestTimedOut, Scope, ServerError, TransportError, Unavailable,
    UnreadableResponse,
};
use cordial::testing::Fault;
use tokio::time::Instant;

use crate::*;

#[tokio::test(start_paused = true)]
async fn r9_trouble_that_passes_is_not_noticed() {
    for status in [500, 502, 503, 504] {
        let rig = Rig::new().await;
        rig.sim
            .inject("*", MESSAGES, Fault::status(status).times(3));

        rig.read().await.expect("read in the end");

        assert_eq!(rig.asked("GET").len(), 4);
    }
}

#[tokio::test(start_paused = true)]
async fn r9_trouble_that_lasts_is_told_of() {
    let rig = Rig::new().await;
    rig.sim.inject("GET", MESSAGES, Fault::status(503).always());

    let error: Unavailable = failed(rig.read().await);

    assert_eq!(error.attempts(), 4);
    assert_eq!(rig.asked("GET").len(), 4);
}

#[tokio::test(start_paused = true)]
async fn r9_what_cannot_be_repeated_is_not() {
    let rig = Rig::new().await;
    rig.sim
        .inject("PATCH", "/channels/*", Fault::status(502).always());

    let renamed = ask(rig.http.update_channel(rig.channel).name("other")).await;

    let _: ServerError = failed(renamed);
    assert_eq!(rig.asked("PATCH").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn r9_a_repeated_deletion_that_finds_nothing_has_succeeded() {
    let rig = Rig::new().await;
    rig.say("hello").await.expect("sent");
    let message = rig.sim.newest_message().expect("a message");
    let lost = Fault::status(502).after_effect();
    rig.sim.inject("DELETE", "/channels/*/messages/*", lost);

    let deleted = ask(rig.http.delete_message(rig.channel, message.id())).await;

    deleted.expect("it is gone");
    let again = ask(rig.http.delete_message(rig.channel, message.id())).await;
    assert_eq!(failed::<HttpError>(again).status(), 404);
}

#[tokio::test(start_paused = true)]
async fn r10_every_way_of_taking_too_long_ends() {
    let slow = [
        Fault::stalled(),
        Fault::stalled_body(200),
        Fault::stalled_body(500),
        Fault::dripping(200, secs(1)),
        Fault::slow_headers(secs(3600)),
    ];
    for fault in slow {
        let rig = Rig::new().await;
        rig.sim.inject("PATCH", "/channels/*", fault.clone());
        let began = Instant::now();

        let renamed = ask(rig.http.update_channel(rig.channel).name("other")).await;

        let error: RequestTimedOut = failed(renamed);
        assert_eq!(began.elapsed().as_secs(), 10, "{fault:?}");
        assert_eq!(error.after().map(|after| after.as_secs()), Some(10));
        rig.sim.mend();
        rig.say("still here").await.expect("nothing is blocked");
    }
}

#[tokio::test(start_paused = true)]
async fn r10_what_can_be_repeated_is_after_it_took_too_long() {
    let rig = Rig::of(Bot::builder().attempt_timeout(secs(2))).await;
    rig.sim.inject("GET", MESSAGES, Fault::stalled().times(2));
    let began = Instant::now();

    rig.read().await.expect("read in the end");

    assert!(began.elapsed() >= secs(4));
    assert_eq!(rig.asked("GET").len(), 3);
}

#[tokio::test(start_paused = true)]
async fn r10_a_single_call_has_a_limit_of_its_own() {
    let rig = Rig::new().await;
    rig.sim.inject("GET", MESSAGES, Fault::stalled().always());
    let began = Instant::now();

    let read = rig.http.channel_messages(rig.channel).within(secs(1)).await;

    let error: RequestTimedOut = failed(read.map(drop));
    assert_eq!(began.elapsed(), secs(1));
    assert_eq!(error.after(), Some(secs(1)));
}

#[tokio::test(start_paused = true)]
async fn r11_an_answer_that_does_not_arrive_whole_is_no_answer() {
    for (fault, status) in [
        (Fault::cut_body(200), Some(200)),
        (Fault::wrong_length(200), Some(200)),
        (Fault::cut_chunks(200), Some(200)),
        (Fault::cut_body(500), Some(500)),
        (Fault::hang_up(), None),
    ] {
        let rig = Rig::new().await;
        rig.sim.inject("*", "/channels/*", fault.clone().always());

        let renamed = ask(rig.http.update_channel(rig.channel).name("other")).await;
        let error: TransportError = failed(renamed);
        assert_eq!(error.status(), status, "{fault:?}");
        assert_eq!(rig.asked("PATCH").len(), 1, "it may have been done");

        let asked = ask(rig.http.channel(rig.channel)).await;
        let error: TransportError = failed(asked);
        assert_eq!((error.status(), error.attempts()), (status, 4), "{fault:?}");
        rig.sim.mend();
        ask(rig.http.channel(rig.channel))
            .await
            .expect("all is well");
    }
}

#[tokio::test(start_paused = true)]
async fn r15_what_was_done_is_not_done_again_because_the_answer_is_odd() {
    for fault in [
        Fault::unreadable(),
        Fault::truncated_json(200),
        Fault::garbage(200),
    ] {
        let rig = Rig::new().await;
        rig.sim.inject("POST", MESSAGES, fault.after_effect());

        let sent = rig.http.create_message(rig.channel).content("hello").await;
        let read = sent.expect("it was sent").model().await;

        let failure = Failure::from(read.expect_err("nobody can read it"));
        assert!(failure.is::<UnreadableResponse>());
        assert_eq!((rig.asked("POST").len(), rig.said()), (1, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn r15_what_a_context_cannot_read_is_a_failure_of_the_handler() {
    #[listener]
    async fn answers(ctx: &Context, said: &MessageCreate) -> Result<()> {
        if !said.author.bot {
            ctx.reply("hello").await?;
        }
        Ok(())
    }
    let rig = Rig::of(Bot::builder().add(handlers![answers])).await;
    rig.sim
        .inject("POST", MESSAGES, Fault::unreadable().after_effect());

    rig.alice.say("hi").await;

    let transcript = rig.sim.transcript();
    let report = transcript.reports().next().expect("it failed");
    let error: &UnreadableResponse = report
        .failure
        .find::<UnreadableResponse>()
        .expect("unreadable");
    assert_eq!(error.status(), Some(200));
    assert_eq!(rig.said(), 1);
}

#[tokio::test(start_paused = true)]
async fn r22_a_connection_that_was_closed_meanwhile_is_replaced() {
    let rig = Rig::new().await;
    rig.read().await.expect("connected");
    rig.sim.inject("GET", MESSAGES, Fault::hang_up());

    rig.read().await.expect("asked again");

    rig.sim.inject("POST", MESSAGES, Fault::hang_up());
    rig.say("hello").await.expect("asked again, by its nonce");
    assert_eq!(rig.said(), 1);
}

#[tokio::test(start_paused = true)]
async fn r23_a_message_that_is_sent_twice_is_there_once() {
    for lost in [
        Fault::status(502),
        Fault::hang_up(),
        Fault::stalled_body(200),
        Fault::cut_body(200),
    ] {
        let rig = Rig::new().await;
        rig.sim
            .inject("POST", MESSAGES, lost.after_effect().times(2));

        rig.say("hello").await.expect("sent");

        assert_eq!(rig.asked("POST").len(), 3);
        assert_eq!(rig.said(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn r23_a_nonce_of_the_authors_own_is_theirs() {
    let rig = Rig::new().await;
    rig.sim
        .inject("POST", MESSAGES, Fault::status(502).always());
    let sent = ask(rig
        .http
        .create_message(rig.channel)
        .content("hello")
        .nonce(7))
    .await;

    let _: HttpError = failed(sent);

    assert_eq!(
        rig.asked("POST").len(),
        1,
        "Discord was not told to keep to it"
    );
}

#[tokio::test(start_paused = true)]
async fn trouble_with_a_first_answer_ends_while_it_can_still_be_given() {
    #[listener]
    async fn answers(ctx: &Context, _: &InteractionCreate) -> Result<()> {
        ctx.reply("here").await?;
        Ok(())
    }
    for lost in [
        Fault::status(502),
        Fault::hang_up(),
        Fault::status(502).after_effect(),
    ] {
        let bot = Bot::builder().register(start::command("go"));
        let rig = Rig::of(bot.add(handlers![answers])).await;
        rig.sim.inject("POST", "/interactions/*/*/callback", lost);

        rig.alice.run("/go").await;

        let transcript = rig.sim.stop().await;
        transcript.assert_completed("answers");
        assert_eq!(transcript.replies(), ["here"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_timeout_before_discord_is_one_of_discords() {
    let rig = Rig::new().await;
    rig.sim.inject("GET", MESSAGES, Fault::html(504).always());

    let _: GatewayTimeout = failed(rig.read().await);
}

/// Lets something go wrong, now and then.
fn spoil(sim: &Simulator, random: &mut fastrand::Rng) {
    if random.u8(..) < 20 {
        let scope = [Scope::User, Scope::Global, Scope::Edge][random.usize(..3)];
        let time = millis(random.u64(1..5_000));
        sim.inject("*", MESSAGES, Fault::rate_limited(scope, time));
    }
    if random.u8(..) < 40 {
        let time = millis(random.u64(1..3_000));
        sim.inject("*", MESSAGES, Fault::slow_headers(time));
    }
}

#[tokio::test(start_paused = true)]
async fn r19_calls_that_are_dropped_hold_up_nobody() {
    let seed = std::env::var("CORDIAL_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(..));
    println!("CORDIAL_SEED={seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let rig = Rig::of(Bot::builder().request_timeout(secs(3600))).await;
    rig.sim.limit("POST", MESSAGES, 5, secs(2));
    rig.sim.limit_all(50);

    for _ in 0..200 {
        spoil(&rig.sim, &mut random);
        let limit = millis(random.u64(0..3_000));
        let calls = (0..random.usize(1..8)).map(|_| {
            let limit = limit.mul_f64(random.f64());
            let rig = &rig;
            let reads = random.bool();
            async move {
                let call = async {
                    if reads {
                        rig.read().await
                    } else {
                        rig.say("hello").await
                    }
                };
                drop(tokio::time::timeout(limit, call).await);
                Ok(())
            }
        });
        all(calls.collect::<Vec<_>>()).await;
    }

    rig.sim.mend();
    let began = Instant::now();
    let calls = all((0..20).map(|_| rig.say("at last"))).await;
    assert!(calls.iter().all(Result::is_ok), "{calls:?}");
    assert!(began.elapsed() <= secs(30), "{:?}", began.elapsed());
}
