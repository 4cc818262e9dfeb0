//! Refusals: what must not be asked again, or not so often.

use cordial::exception::{
    CircuitOpen, Forbidden, HttpError, InvalidWebhookToken, MissingPermissions, Unauthorized,
    UnknownInteraction, UnknownWebhook,
};
use cordial::testing::Fault;
use cordial::twilight::model::guild::Permissions;

use crate::*;

#[tokio::test(start_paused = true)]
async fn r16_a_token_that_is_refused_is_used_no_more() {
    let rig = Rig::new().await;
    // By then it is known that there is no limit, so all of them are on their way at once.
    rig.read().await.expect("read");
    rig.sim.delay("GET", MESSAGES, millis(200));
    rig.sim.inject("*", "/**", Fault::status(401).always());
    let before = rig.sim.requests().len();
    let later = async {
        tokio::time::sleep(millis(100)).await;
        rig.sim.delay("GET", MESSAGES, millis(0));
        tokio::time::sleep(millis(150)).await;
        rig.read().await
    };

    let (calls, later) = tokio::join!(all((0..40).map(|_| rig.read())), later);

    for call in calls.into_iter().chain([later]) {
        let _: Unauthorized = failed(call);
    }
    // Those that were on their way, and one that makes sure.
    assert_eq!(rig.sim.requests().len() - before, 41);
    let ended = rig.sim.ended().await.expect_err("it ends");
    assert!(ended.is::<Unauthorized>(), "{ended:?}");
}

#[tokio::test(start_paused = true)]
async fn r16_what_is_about_the_bot_itself_is_refused_for_its_token_alone() {
    let rig = Rig::new().await;
    rig.sim.inject("*", "/**", Fault::status(401).always());
    let before = rig.sim.requests().len();

    let _: Unauthorized = failed(ask(rig.http.current_user_application()).await);

    assert_eq!(rig.sim.requests().len() - before, 1);
    let ended = rig.sim.ended().await.expect_err("it ends");
    assert!(ended.is::<Unauthorized>(), "{ended:?}");
}

#[tokio::test(start_paused = true)]
async fn r16_a_refusal_of_something_else_ends_no_bot() {
    let rig = Rig::new().await;
    rig.sim.inject("GET", MESSAGES, Fault::status(401).always());

    let _: Unauthorized = failed(rig.read().await);

    rig.say("still here").await.expect("the token is good");
    rig.sim.stop().await;
}

#[tokio::test(start_paused = true)]
async fn r16_the_token_of_a_webhook_is_not_that_of_the_bot() {
    let rig = Rig::new().await;
    let refused = r#"{"code":50027,"message":"Invalid Webhook Token"}"#;
    rig.sim
        .inject("POST", "/webhooks/**", Fault::answer(401, refused).always());

    let call = ask(rig
        .http
        .execute_webhook(Id::new(7), "wrong")
        .content("hello"))
    .await;

    let error: InvalidWebhookToken = failed(call);
    assert!(!error.to_string().contains("DISCORD_TOKEN"), "{error}");
    rig.say("still here").await.expect("the token is good");
}

#[tokio::test(start_paused = true)]
async fn r17_what_is_forbidden_is_not_asked_for_without_end() {
    let rig = Rig::new().await;
    rig.sim.deny(Permissions::SEND_MESSAGES);
    let before = rig.sim.requests().len();

    // A day of a call every 20 seconds.
    for _ in 0..4_320 {
        let _: Forbidden = failed(rig.say("hello").await);
        tokio::time::advance(secs(20)).await;
    }

    let asked = rig.sim.requests().len() - before;
    assert!(asked <= 800, "{asked}");
}

#[tokio::test(start_paused = true)]
async fn r17_what_is_allowed_again_is_found_out() {
    let rig = Rig::new().await;
    rig.sim.inject(
        "POST",
        MESSAGES,
        Fault::answer(403, r#"{"code":50013,"message":"no"}"#).times(7),
    );
    for _ in 0..20 {
        let _: MissingPermissions = failed(rig.say("hello").await);
    }
    assert_eq!(rig.asked("POST").len(), 5);

    for _ in 0..4 {
        tokio::time::advance(secs(121)).await;
        drop(rig.say("hello").await);
    }

    assert!(rig.said() >= 1);
    rig.say("hello").await.expect("all is well");
}

#[tokio::test(start_paused = true)]
async fn r17_many_refusals_stop_everything_before_discord_does() {
    let rig = Rig::new().await;
    rig.sim
        .inject("GET", "/users/*", Fault::status(403).always());
    let before = rig.sim.requests().len();
    let began = tokio::time::Instant::now();

    // Each of somebody else: none is known to be forbidden.
    let mut user = 0;
    while began.elapsed() < secs(600) {
        all((0..200).map(|next| ask(rig.http.user(Id::new(user + next + 1))))).await;
        user += 200;
        tokio::time::advance(millis(100)).await;
    }

    // Five thousand as fast as may be, and then five a second.
    let asked = rig.sim.requests().len() - before;
    assert!((5_000..8_500).contains(&asked), "{asked}");
}

#[tokio::test(start_paused = true)]
async fn r17_too_many_refusals_stop_even_answers() {
    let rig = Rig::new().await;
    rig.sim
        .inject("POST", "/interactions/**", Fault::status(403).always());
    let before = rig.sim.requests().len();
    let application = Id::new(1);
    let response = serde_json::from_str(r#"{"type":4,"data":{"content":"x"}}"#);
    let response = response.expect("an answer");

    for round in 0..99 {
        let tokens = (0..100).map(|next| format!("{round}-{next}"));
        let calls = tokens.map(|token| {
            let (http, response) = (&rig.http, &response);
            async move {
                let client = http.interaction(application);
                ask(client.create_response(Id::new(round * 100 + 1), &token, response)).await
            }
        });
        all(calls.collect::<Vec<_>>()).await;
    }

    let asked = rig.sim.requests().len() - before;
    assert!((9_800..9_900).contains(&asked), "{asked}");
    let error: CircuitOpen = failed(rig.say("hello").await);
    assert!(error.refused() >= 9_800, "{error}");
}

#[tokio::test(start_paused = true)]
async fn r18_what_is_gone_is_not_asked_again() {
    let rig = Rig::new().await;
    let before = rig.sim.requests().len();

    for _ in 0..10 {
        let call = ask(rig
            .http
            .execute_webhook(Id::new(7), "gone")
            .content("hello"))
        .await;
        let _: UnknownWebhook = failed(call);
    }

    assert_eq!(rig.sim.requests().len() - before, 1);
}

#[tokio::test(start_paused = true)]
async fn r18_the_webhook_of_an_interaction_is_there_once_that_was_answered() {
    #[listener]
    async fn answers(ctx: &Context, told: &InteractionCreate) -> Result<()> {
        let interaction = ctx.http().interaction(told.application_id);
        let early = interaction
            .create_followup(&told.token)
            .content("early")
            .await;
        assert!(early.is_err());
        ctx.reply("first").await?;
        interaction
            .create_followup(&told.token)
            .content("second")
            .await?;
        Ok(())
    }
    let bot = Bot::builder().register(start::command("go"));
    let rig = Rig::of(bot.add(handlers![answers])).await;

    rig.alice.run("/go").await;

    let transcript = rig.sim.stop().await;
    transcript.assert_completed("answers");
    assert_eq!(transcript.replies(), ["first", "second"]);
}

#[tokio::test(start_paused = true)]
async fn r17_what_was_refused_at_once_counts_once() {
    let rig = Rig::new().await;
    rig.read().await.expect("read");
    let no = Fault::answer(403, r#"{"code":50013,"message":"no"}"#);
    rig.sim.delay("GET", MESSAGES, millis(100));
    rig.sim.inject("GET", MESSAGES, no.times(20));

    let calls = all((0..20).map(|_| rig.read())).await;

    assert!(calls.iter().all(Result::is_err));
    rig.read().await.expect("it is allowed again");
}

#[tokio::test(start_paused = true)]
async fn r17_webhooks_count_and_are_stopped_too() {
    let rig = Rig::new().await;
    let refused = r#"{"code":50027,"message":"Invalid Webhook Token"}"#;
    rig.sim
        .inject("POST", "/webhooks/**", Fault::answer(401, refused).always());
    let before = rig.sim.requests().len();
    let began = tokio::time::Instant::now();

    let mut next = 0;
    while began.elapsed() < secs(600) {
        let calls = (next..next + 100).map(|token| {
            let token = token.to_string();
            let http = &rig.http;
            async move { ask(http.execute_webhook(Id::new(7), &token).content("x")).await }
        });
        all(calls.collect::<Vec<_>>()).await;
        next += 100;
        tokio::time::advance(millis(100)).await;
    }

    let asked = rig.sim.requests().len() - before;
    assert!((5_000..8_500).contains(&asked), "{asked}");
}

#[tokio::test(start_paused = true)]
async fn r18_an_interaction_that_is_over_is_not_asked_about() {
    #[listener]
    async fn answers(ctx: &Context, told: &InteractionCreate) -> Result<()> {
        ctx.reply("first").await?;
        tokio::time::sleep(secs(16 * 60)).await;
        let interaction = ctx.http().interaction(told.application_id);
        interaction
            .create_followup(&told.token)
            .content("late")
            .await?;
        Ok(())
    }
    let bot = Bot::builder().register(start::command("go")).no_timeout();
    let rig = Rig::of(bot.add(handlers![answers])).await;

    rig.alice.run("/go").await;

    let asked = rig.sim.requests();
    let late = asked
        .iter()
        .filter(|record| record.path().starts_with("/webhooks"));
    assert_eq!(late.count(), 0);
    let transcript = rig.sim.stop().await;
    let failure = &transcript.reports().next().expect("it failed").failure;
    assert!(failure.is::<UnknownInteraction>(), "{failure:?}");
}

#[tokio::test(start_paused = true)]
async fn a_ticket_stands_for_the_token_of_a_webhook() {
    let rig = Rig::new().await;
    rig.sim
        .inject("POST", "/webhooks/7/secret", Fault::status(418));
    let ticket = rig.http.ticket("secret");
    assert!(!ticket.contains("secret"));
    assert_eq!(ticket, rig.http.ticket("secret"));

    let call = ask(rig
        .http
        .execute_webhook(Id::new(7), &ticket)
        .content("hello"))
    .await;

    assert_eq!(
        failed::<HttpError>(call).status(),
        418,
        "it was asked by the token"
    );
}
