//! Refusals: what must not be asked again, or not so often.

use cordial::exception::{
    CircuitOpen, Forbidden, MissingPermissions, Unauthorized, UnknownWebhook,
};
use cordial::testing::Fault;
use cordial::twilight::model::guild::Permissions;

use crate::*;

#[tokio::test(start_paused = true)]
async fn r16_a_token_that_is_refused_is_used_no_more() {
    let rig = Rig::new().await;
    rig.sim.limit("GET", MESSAGES, 5, secs(2));
    rig.sim.inject("GET", MESSAGES, Fault::status(401).always());
    let before = rig.sim.requests().len();

    let calls = all((0..100).map(|_| rig.read())).await;

    for call in calls {
        let _: Unauthorized = failed(call);
    }
    assert_eq!(
        rig.sim.requests().len() - before,
        1,
        "the others were never asked"
    );
    let ended = rig.sim.ended().await.expect_err("it ends");
    assert!(ended.is::<Unauthorized>(), "{ended:?}");
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
    assert!(asked <= 200, "{asked}");
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
        tokio::time::advance(secs(120)).await;
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
    let mut stopped = 0;
    let mut user = 0;
    while began.elapsed() < secs(600) {
        let calls = all((0..200).map(|next| ask(rig.http.user(Id::new(user + next + 1))))).await;
        stopped += calls.iter().filter(|call| is_stopped(call)).count();
        user += 200;
        tokio::time::advance(millis(100)).await;
    }

    let asked = rig.sim.requests().len() - before;
    assert!(asked < 9_500, "{asked}, {stopped} were stopped");
    assert!(asked > 4_900, "{asked}, {stopped} were stopped");
}

fn is_stopped(call: &Result<()>) -> bool {
    call.as_ref().is_err_and(Failure::is::<CircuitOpen>)
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
