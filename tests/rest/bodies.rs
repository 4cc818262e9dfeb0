//! Bodies of errors: whatever they are, the status is told.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};

use cordial::exception::{
    BadGateway, Forbidden, HttpError, InvalidForm, MissingPermissions, ServerError,
};
use cordial::testing::Fault;

use crate::*;

#[tokio::test(start_paused = true)]
async fn r12_a_page_instead_of_json_keeps_its_status_and_says_what_it_says() {
    let rig = Rig::new().await;
    rig.sim.inject("GET", MESSAGES, Fault::html(502).always());
    let error: BadGateway = failed(rig.read().await);
    assert_eq!(error.status(), 502);
    assert!(
        !error.message().is_empty() && !error.message().contains('<'),
        "{error}"
    );

    let page = format!(
        "<html><title>Access denied</title>{}</html>",
        "x".repeat(10_000)
    );
    rig.sim.mend();
    rig.sim.inject("GET", MESSAGES, Fault::answer(403, page));
    let error: Forbidden = failed(rig.read().await);
    assert!(error.message().contains("Access denied"), "{error}");
    assert!(error.message().chars().count() <= 200);
}

#[tokio::test(start_paused = true)]
async fn r12_an_error_says_what_was_asked_without_tokens() {
    let rig = Rig::new().await;
    rig.sim.inject("*", "/**", Fault::html(418).always());

    let error: HttpError = failed(rig.read().await);
    let route = error.route().expect("a route");
    assert_eq!(route.method(), "GET");
    assert_eq!(route.path(), format!("/channels/{}/messages", rig.channel));

    let hook = ask(rig.http.execute_webhook(Id::new(7), "secret").content("x")).await;
    let failure = hook.expect_err("it fails");
    let error = failure.find::<HttpError>().expect("an answer");
    assert_eq!(
        error.route().expect("a route").path(),
        "/webhooks/7/{token}"
    );
    assert!(!format!("{failure:?} {failure}").contains("secret"));
}

#[tokio::test(start_paused = true)]
async fn a_permission_that_is_missing_is_named_with_where_and_whose() {
    #[listener]
    async fn deletes(ctx: &Context, told: &InteractionCreate) -> Result<()> {
        let channel = told.channel.as_ref().expect("a channel").id;
        let read = ctx.http().channel_messages(channel).await?.models().await?;
        ctx.http().delete_message(channel, read[0].id).await?;
        Ok(())
    }
    let bot = Bot::builder().register(start::command("go"));
    let rig = Rig::of(bot.add(handlers![deletes])).await;
    rig.sim.deny(Permissions::MANAGE_MESSAGES);
    rig.alice.say("mine").await;

    rig.alice.run("/go").await;

    let transcript = rig.sim.stop().await;
    let failure = &transcript.reports().next().expect("it failed").failure;
    let error = failure.find::<MissingPermissions>().expect("a permission");
    assert_eq!(error.missing(), Some(Permissions::MANAGE_MESSAGES));
    assert_eq!(error.channel_id(), Some(rig.channel));
    let text = error.to_string();
    assert!(text.contains("Manage Messages"), "{text}");
    assert!(text.contains(&rig.channel.to_string()), "{text}");
    assert!(text.contains("The bot's own permissions"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn r13_nested_errors_are_named_by_the_way_to_them() {
    let body = r#"{"code":50035,"message":"Invalid Form Body","errors":{"embeds":{"0":{"title":
        {"_errors":[{"code":"BASE_TYPE_REQUIRED","message":"This field is required"}]}}}}}"#;
    let rig = Rig::new().await;
    rig.sim.inject("POST", MESSAGES, Fault::answer(400, body));

    let error: InvalidForm = failed(rig.say("hello").await);

    let fields: Vec<_> = error.errors().iter().map(ToString::to_string).collect();
    assert_eq!(fields, ["embeds[0].title: BASE_TYPE_REQUIRED"]);
}

#[tokio::test(start_paused = true)]
async fn r14_codes_of_every_kind_leave_the_class_as_it_is() {
    let bodies = [
        r#"{"code":987654321,"message":"new"}"#,
        r#"{"code":"VERSION_OUTDATED","message":"new"}"#,
        r#"{"message":"new"}"#,
        r#"{"error":{"code":"ODD","message":"new"}}"#,
        r#"{"code":null}"#,
        "[]",
        "\"text\"",
        "{\"code\":50013,",
        "",
    ];
    for body in bodies {
        let rig = Rig::new().await;
        rig.sim.inject("GET", MESSAGES, Fault::answer(403, body));
        let error: Forbidden = failed(rig.read().await);
        assert_eq!(error.status(), 403, "{body}");

        rig.sim.inject("GET", MESSAGES, Fault::answer(599, body));
        let error: ServerError = failed(rig.read().await);
        assert_eq!(error.status(), 599, "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn every_status_arrives_as_it_was_sent() {
    let rig = Rig::new().await;
    for status in [300, 302, 304, 400, 404, 418, 451, 499, 505, 599, 600, 999] {
        rig.sim.inject(
            "GET",
            MESSAGES,
            Fault::answer(status, r#"{"message":"no","code":0}"#),
        );

        let error: HttpError = failed(rig.read().await);

        assert_eq!(error.status(), status);
    }
}

#[tokio::test(start_paused = true)]
async fn x8_nobody_is_sent_elsewhere() {
    let rig = Rig::new().await;
    let elsewhere = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback");
    elsewhere.set_nonblocking(true).expect("loopback");
    let place = format!("http://{}/", elsewhere.local_addr().expect("loopback"));
    for status in [301, 302, 303, 307, 308] {
        let fault = Fault::answer(status, "").header("location", &place);
        rig.sim.inject("*", MESSAGES, fault.times(2));

        let read: HttpError = failed(rig.read().await);
        let said: HttpError = failed(rig.say("hello").await);

        assert_eq!([read.status(), said.status()], [status; 2]);
    }

    let nobody = elsewhere.accept().expect_err("nobody has come");
    assert_eq!(nobody.kind(), ErrorKind::WouldBlock);
}

#[tokio::test(start_paused = true)]
async fn the_headers_of_an_answer_reach_the_author() {
    let rig = Rig::new().await;
    rig.sim.limit_as("a-bucket", "GET", MESSAGES, 5, secs(2));

    let answer = rig.http.channel_messages(rig.channel).await.expect("read");

    let bucket = answer
        .headers()
        .find(|(name, _)| *name == "x-ratelimit-bucket");
    assert_eq!(bucket.map(|(_, bucket)| bucket), Some(&b"a-bucket"[..]));
}

#[tokio::test(start_paused = true)]
async fn no_limit_is_a_limit_as_good_as_any() {
    let bot = Bot::builder()
        .request_timeout(Duration::MAX)
        .attempt_timeout(Duration::MAX);
    let rig = Rig::of(bot).await;

    rig.say("hello").await.expect("sent");
}

#[test]
fn a_bot_that_outlives_a_runtime_asks_in_the_next() {
    #[derive(Clone, Default)]
    struct Said(Arc<Mutex<String>>);

    #[listener]
    async fn asks(_: &Context, _: &MessageCreate, http: Http, said: State<Said>) {
        let asked = ask(http.current_user()).await;
        let text = asked.map_or_else(|failure| failure.to_string(), |()| "asked".to_owned());
        *said.0.lock().expect("no panic") = text;
    }
    let said = Said::default();
    let bot = std::sync::OnceLock::new();
    // The simulator of the first round is gone by the second, but it is asked for where it was.
    for expected in ["asked", "for GET /users/@me"] {
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let sim = Simulator::start(Bot::builder()).await;
            let builder = Bot::builder().state(said.clone()).add(handlers![asks]);
            let new = || sim.beside(builder).build().expect("a bot");
            let bot = bot.get_or_init(new);

            let event = serde_json::from_str(MESSAGE).expect("a message");
            let event = Event::MessageCreate(Box::new(event));
            bot.dispatch(event).await.expect("it can ask");

            let said = said.0.lock().expect("no panic").clone();
            assert!(said.contains(expected), "{said}");
        });
    }
}

/// A message, as the gateway tells of it.
const MESSAGE: &str = r#"{"id":"1","channel_id":"2","author":{"id":"3","username":"alice",
    "discriminator":"0","avatar":null},"content":"hello","timestamp":"2026-01-01T00:00:00+00:00",
    "edited_timestamp":null,"tts":false,"mention_everyone":false,"mentions":[],"mention_roles":[],
    "attachments":[],"embeds":[],"pinned":false,"type":0}"#;
