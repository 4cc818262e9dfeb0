//! What Discord's HTTP interface refuses arrives as the exception that it is.

use std::error::Error;

use cordial::exception::{
    ArchivedThread, BadRequest, BlockedByAutoMod, CannotMessageUser, Conflict, DiscordError,
    ErrorCode, Forbidden, HttpError, InvalidForm, InvalidRequest, LimitReached, MissingAccess,
    MissingPermissions, NotFound, ServerError, Unavailable, UnknownBan, UnknownChannel,
    UnknownInvite, UnknownMember, UnknownMessage, UnreadableResponse, UpgradeRequired,
};
use cordial::prelude::*;
use cordial::testing::{Fault, Simulator, Transcript};
use cordial::twilight::model::guild::Permissions;
use cordial::twilight::model::id::Id;

/// Runs a bot whose next request to `/users/@me` is answered so, and lets somebody join.
async fn answered(bot: BotBuilder, status: u16, body: &str) -> Transcript {
    let sim = Simulator::start(bot).await;
    sim.inject("GET", "/users/@me", Fault::answer(status, body).always());
    sim.join("alice").await;
    sim.stop().await
}

/// Returns the only failure.
fn failure(transcript: &Transcript) -> Failure {
    let mut reports = transcript.reports();
    let failure = reports.next().expect("something failed").failure.clone();
    assert!(reports.next().is_none(), "{transcript}");
    failure
}

#[listener]
async fn asks(_: &Context, _: &MemberAdd, http: Http) -> Result<()> {
    http.current_user().await?.model().await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn each_status_and_code_has_its_exception() {
    type Is = fn(&Failure) -> bool;
    let cases: [(u16, u64, Is); 16] = [
        (400, 0, Failure::is::<BadRequest>),
        (400, 30003, Failure::is::<LimitReached>),
        (400, 50035, Failure::is::<InvalidForm>),
        (400, 50083, Failure::is::<ArchivedThread>),
        (400, 200_000, Failure::is::<BlockedByAutoMod>),
        (403, 0, Failure::is::<Forbidden>),
        (403, 50001, Failure::is::<MissingAccess>),
        (403, 50007, Failure::is::<CannotMessageUser>),
        (403, 50278, Failure::is::<CannotMessageUser>),
        (404, 0, Failure::is::<NotFound>),
        (404, 10003, Failure::is::<UnknownChannel>),
        (404, 10006, Failure::is::<UnknownInvite>),
        (404, 10026, Failure::is::<UnknownBan>),
        (409, 0, Failure::is::<Conflict>),
        (426, 0, Failure::is::<UpgradeRequired>),
        (418, 0, Failure::is::<HttpError>),
    ];
    for (status, code, is) in cases {
        let body = format!(r#"{{"message":"no","code":{code}}}"#);

        let transcript = answered(Bot::builder().add(handlers![asks]), status, &body).await;

        let failure = failure(&transcript);
        assert!(is(&failure), "{status} {code}: {failure:?}");
        assert!(failure.is::<DiscordError>());
        let error = failure.find::<HttpError>().expect("an answer");
        assert_eq!((error.status(), error.message()), (status, "no"));
        assert_eq!(error.code(), Some(&ErrorCode::Number(code)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_for_newer_clients_says_which() {
    let body = r#"{"error":{"code":"VERSION_OUTDATED","message":"update","client_version":"1.0",
        "min_version":"2.0","server_version":"2.1","update_url":"https://example.org/new"}}"#;

    let transcript = answered(Bot::builder().add(handlers![asks]), 426, body).await;

    let failure = failure(&transcript);
    let error = failure.find::<UpgradeRequired>().expect("a newer client");
    assert_eq!(
        error.code(),
        Some(&ErrorCode::Text("VERSION_OUTDATED".to_owned()))
    );
    assert_eq!(error.client_version(), Some("1.0"));
    assert_eq!(error.min_version(), Some("2.0"));
    assert_eq!(error.server_version(), Some("2.1"));
    assert_eq!(error.update_url(), Some("https://example.org/new"));
    assert!(
        failure
            .to_string()
            .contains("the server requires at least 2.0")
    );
}

#[tokio::test(start_paused = true)]
async fn the_fields_of_a_refused_form_are_named() {
    let body = r#"{"code":50035,"message":"Invalid Form Body","errors":{"embeds":{"0":{"title":
        {"_errors":[{"code":"BASE_TYPE_REQUIRED","message":"This field is required"}]}}}}}"#;

    let transcript = answered(Bot::builder().add(handlers![asks]), 400, body).await;

    let failure = failure(&transcript);
    let error = failure.find::<InvalidForm>().expect("a refused form");
    let fields: Vec<_> = error.errors().iter().map(ToString::to_string).collect();
    assert_eq!(fields, ["embeds[0].title: BASE_TYPE_REQUIRED"]);
}

/// What an answer must not be quoted with. What Discord says of an error is shown, and so is a page of
/// its edge: nobody's message is in these.
const SECRET: &str = "my password";

#[derive(Debug, thiserror::Error, Exception)]
#[error(transparent)]
enum Transparent {
    Discord(#[from] twilight_http::Error),
    Body(#[from] twilight_http::response::DeserializeBodyError),
}

#[listener]
async fn reads_transparently(_: &Context, _: &MemberAdd, http: Http) -> Result<(), Transparent> {
    http.current_user().await?.model().await?;
    Ok(())
}

#[listener]
async fn reads_in_anyhow(_: &Context, _: &MemberAdd, http: Http) -> anyhow::Result<()> {
    http.current_user().await?.model().await?;
    Ok(())
}

#[listener]
async fn reads_in_a_box(
    _: &Context,
    _: &MemberAdd,
    http: Http,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    http.current_user().await?.model().await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn no_text_quotes_an_answer_wherever_the_error_is() {
    let bodies = [
        (200, format!(r#"{{"id":"{SECRET}"}}"#)),
        (200, format!("<html>{SECRET}</html>")),
        (404, format!(r#"{{"unknown":"{SECRET}"}}"#)),
        (404, format!(r#"{{"message":"cut off: {SECRET}"#)),
    ];
    for (status, body) in bodies {
        for listener in [
            handlers![asks],
            handlers![asks_in_an_enum],
            handlers![asks_in_anyhow],
            handlers![reads_transparently],
            handlers![reads_in_anyhow],
            handlers![reads_in_a_box],
        ] {
            let transcript = answered(Bot::builder().add(listener), status, &body).await;

            for report in transcript.reports() {
                let failure = &report.failure;
                let text = format!("{failure} {failure:?} {report} {report:?}");
                assert!(!text.contains(SECRET), "{text}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_answer_is_one_wherever_the_error_is() {
    for (listener, name) in [
        (handlers![asks], "asks"),
        (handlers![reads_transparently], "reads_transparently"),
        (handlers![reads_in_anyhow], "reads_in_anyhow"),
        (handlers![reads_in_a_box], "reads_in_a_box"),
    ] {
        #[error_handler]
        async fn unreadable(_: &ErrorContext, _: &UnreadableResponse) -> bool {
            true
        }

        let bot = Bot::builder().add(listener).add(handlers![unreadable]);
        let transcript = answered(bot, 200, r#"{"id":"no id"}"#).await;

        transcript.assert_handled_by(name, "unreadable");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_another_form_keeps_its_status() {
    for body in [
        "{}",
        r#"{"code":"VERSION_OUTDATED"}"#,
        r#"{"error":{"code":"GONE"}}"#,
    ] {
        let transcript = answered(Bot::builder().add(handlers![asks]), 404, body).await;

        let failure = failure(&transcript);
        assert!(failure.is::<NotFound>(), "{body}: {failure:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_that_is_no_json_is_of_its_status() {
    for (body, message) in [
        ("<html>down for maintenance</html>", "down for maintenance"),
        ("", ""),
    ] {
        let transcript = answered(Bot::builder().add(handlers![asks]), 404, body).await;

        let failure = failure(&transcript);
        let error = failure.find::<NotFound>().expect("its status");
        assert_eq!(error.message(), message);
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_of_another_form_is_unreadable_and_its_content_stays_out() {
    let transcript = answered(
        Bot::builder().add(handlers![asks]),
        200,
        r#"{"id":"secret"}"#,
    )
    .await;

    let failure = failure(&transcript);
    assert!(failure.is::<UnreadableResponse>(), "{failure:?}");
    assert!(
        !format!("{failure} {failure:?}").contains("secret"),
        "{failure:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_before_it_is_sent_says_what_is_wrong() {
    #[listener]
    async fn writes_too_much(_: &Context, _: &MemberAdd, http: Http) -> Result<()> {
        http.create_message(Id::new(1))
            .content(&"x".repeat(2_001))
            .await?;
        Ok(())
    }

    let sim = Simulator::start(Bot::builder().add(handlers![writes_too_much])).await;
    sim.join("alice").await;
    let transcript = sim.stop().await;

    let failure = failure(&transcript);
    assert!(failure.is::<InvalidRequest>(), "{failure:?}");
    assert!(
        failure.to_string().contains("message content is invalid"),
        "{failure}"
    );
}

// Wherever it is.

#[derive(Debug, thiserror::Error, Exception)]
enum AppError {
    #[error("discord did not let us")]
    Discord(#[from] twilight_http::Error),
}

#[listener]
async fn asks_in_an_enum(_: &Context, _: &MemberAdd, http: Http) -> Result<(), AppError> {
    http.current_user().await?;
    Ok(())
}

#[listener]
async fn asks_in_anyhow(_: &Context, _: &MemberAdd, http: Http) -> anyhow::Result<()> {
    http.current_user()
        .await
        .map_err(|error| anyhow::Error::new(error).context("asking"))?;
    Ok(())
}

#[listener]
async fn asks_in_a_box(
    _: &Context,
    _: &MemberAdd,
    http: Http,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    http.current_user().await?;
    Ok(())
}

#[error_handler]
async fn unavailable(_: &ErrorContext, error: &Unavailable) -> bool {
    error.status() == 503
}

#[tokio::test(start_paused = true)]
async fn an_error_of_twilights_is_found_wherever_it_is() {
    for (listener, name) in [
        (handlers![asks], "asks"),
        (handlers![asks_in_an_enum], "asks_in_an_enum"),
        (handlers![asks_in_anyhow], "asks_in_anyhow"),
        (handlers![asks_in_a_box], "asks_in_a_box"),
    ] {
        let bot = Bot::builder().add(listener).add(handlers![unavailable]);

        let transcript = answered(bot, 503, r#"{"message":"busy","code":0}"#).await;

        transcript.assert_handled_by(name, "unavailable");
    }
}

#[tokio::test(start_paused = true)]
async fn the_order_goes_from_the_answer_over_its_class_to_twilights_own_type() {
    macro_rules! passes {
        ($($name:ident: $error:ty),* $(,)?) => {$(
            #[error_handler]
            async fn $name(_: &ErrorContext, _: &$error) -> bool {
                false
            }
        )*};
    }
    passes! {
        app: AppError,
        channel: UnknownChannel,
        discord: DiscordError,
        http: HttpError,
        missing: NotFound,
        server: ServerError,
        twilight: twilight_http::Error,
    }

    let bot = Bot::builder()
        .add(handlers![
            app, channel, discord, http, missing, server, twilight
        ])
        .add(handlers![asks_in_an_enum]);
    let transcript = answered(bot, 404, r#"{"message":"Unknown Channel","code":10003}"#).await;

    let report = transcript.reports().next().expect("a failure");
    let order: Vec<_> = report
        .tried
        .iter()
        .map(|tried| tried.handler.name())
        .collect();
    assert_eq!(order[..3], ["channel", "missing", "http"]);
    let place = |name| order.iter().position(|asked| *asked == name);
    assert!(place("twilight") < place("app"), "{order:?}");
    assert!(place("http") < place("discord"), "{order:?}");
    assert_eq!(order.len(), 6);
}

// What the simulator itself refuses.

#[tokio::test(start_paused = true)]
async fn what_the_bot_may_not_do_is_a_missing_permission() {
    #[listener]
    async fn bans(_: &Context, joined: &MemberAdd, http: Http) -> Result<()> {
        http.create_ban(joined.guild_id, joined.user.id).await?;
        Ok(())
    }

    let sim = Simulator::builder(Bot::builder().add(handlers![bans]))
        .deny(Permissions::BAN_MEMBERS)
        .start()
        .await;
    sim.join("alice").await;
    let transcript = sim.stop().await;

    let failure = failure(&transcript);
    let error = failure.find::<MissingPermissions>().expect("a permission");
    assert_eq!(failure.code(), "missing_permissions");
    assert_eq!(error.needed(), Permissions::BAN_MEMBERS);
    assert_eq!(error.missing(), None, "nobody has said what the bot may do");
    assert!(error.guild_id().is_some());
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_says_what_is_missing() {
    type Is = fn(&Failure) -> bool;

    #[listener]
    async fn looks(_: &Context, joined: &MemberAdd, http: Http, which: State<u8>) -> Result<()> {
        let channels = http.guild_channels(joined.guild_id).await?.model().await?;
        match *which {
            0 => drop(http.channel(Id::new(5)).await?),
            1 => drop(http.message(channels[0].id, Id::new(5)).await?),
            _ => drop(http.guild_member(joined.guild_id, Id::new(5)).await?),
        }
        Ok(())
    }

    let expected: [Is; 3] = [
        Failure::is::<UnknownChannel>,
        Failure::is::<UnknownMessage>,
        Failure::is::<UnknownMember>,
    ];
    for (which, is) in (0_u8..).zip(expected) {
        let sim = Simulator::start(Bot::builder().state(which).add(handlers![looks])).await;
        sim.join("alice").await;
        let transcript = sim.stop().await;

        let failure = failure(&transcript);
        assert!(is(&failure), "{which}: {failure:?}");
    }
}
