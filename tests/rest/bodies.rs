//! Bodies of errors: whatever they are, the status is told.

use cordial::exception::{BadGateway, Forbidden, HttpError, InvalidForm, ServerError};
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

        rig.sim
            .inject("GET", MESSAGES, Fault::answer(599, body).times(4));
        let error: ServerError = failed(rig.read().await);
        assert_eq!(error.status(), 599, "{body}");
    }
}
