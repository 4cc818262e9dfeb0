//! Whatever Discord, or what stands before it, answers, it is an exception that keeps the status; and
//! whatever its headers say, nobody waits for ever.
//!
//! A case that fails is printed, with its seed.

use cordial::exception::{
    BadRequest, Conflict, Forbidden, HttpError, NotFound, RateLimited, ServerError, Unauthorized,
    UpgradeRequired,
};
use cordial::prelude::*;
use cordial::private::{answered, waits};
use proptest::prelude::*;

/// Bodies as they come.
const BODIES: &[&str] = &[
    r#"{"message": "Unknown Channel", "code": 10003}"#,
    r#"{"message": "You are being rate limited.", "retry_after": 64.57, "global": true}"#,
    r#"{"code": 50035, "message": "Invalid Form Body", "errors": {"embeds": {"0": {"title":
        {"_errors": [{"code": "BASE_TYPE_REQUIRED", "message": "This field is required"}]}}}}}"#,
    r#"{"error": {"code": "VERSION_OUTDATED", "message": "update", "min_version": "2.0"}}"#,
    "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>",
    "error code: 1015",
    "",
];

/// Looks at all that an author can see of an answer, and checks its status and its text.
fn look(status: u16, body: &[u8]) {
    let failure = answered(status, body);

    let error = failure.find::<HttpError>().expect("an answer");
    assert_eq!(error.status(), status);
    let class: fn(&Failure) -> bool = match status {
        400 => Failure::is::<BadRequest>,
        401 => Failure::is::<Unauthorized>,
        403 => Failure::is::<Forbidden>,
        404 => Failure::is::<NotFound>,
        409 => Failure::is::<Conflict>,
        426 => Failure::is::<UpgradeRequired>,
        429 => Failure::is::<RateLimited>,
        500.. => Failure::is::<ServerError>,
        _ => Failure::is::<HttpError>,
    };
    // Code 50007 is of one type, whatever the status.
    assert!(class(&failure) || failure.is::<Forbidden>(), "{failure:?}");
    let text = failure.to_string();
    assert!(text.starts_with(&format!("Discord answered {status} to GET /users/@me")));
    assert!(!text.chars().any(char::is_control), "{text:?}");
    assert!(text.chars().count() < 10_000);
    assert!(!format!("{failure:?} {error:?}").is_empty());
}

#[test]
fn every_status_is_kept_with_every_body() {
    for status in 300..600 {
        for body in BODIES {
            look(status, body.as_bytes());
        }
    }
}

#[test]
fn a_huge_body_is_an_answer_too() {
    let deep = "[".repeat(1_000_000);
    let wide = format!(r#"{{"errors": [{}0]}}"#, r#""x","#.repeat(100_000));
    let long = format!(r#"{{"message": "{}"}}"#, "x".repeat(1_000_000));
    let page = "<p>".repeat(1_000_000);
    for body in [deep, wide, long, page] {
        look(502, body.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_an_answer(status in 300..1_000_u16, body: Vec<u8>) {
        look(status, &body);
    }

    #[test]
    fn a_real_body_with_changed_bytes_is_an_answer(
        status in 300..1_000_u16,
        body in prop::sample::select(BODIES),
        changes: Vec<(prop::sample::Index, u8)>,
        end: prop::sample::Index,
    ) {
        let mut body = body.as_bytes().to_vec();
        for (at, byte) in changes.iter().take(4) {
            if let Some(changed) = (!body.is_empty()).then(|| at.index(body.len())) {
                body[changed] = *byte;
            }
        }
        body.truncate(end.index(2 * body.len() + 1));
        look(status, &body);
    }
}

/// Headers of limits, and others, with what they hold and what they never should.
fn headers() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let name = prop::sample::select(vec![
        "retry-after",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-ratelimit-reset-after",
        "x-ratelimit-bucket",
        "x-ratelimit-scope",
        "x-ratelimit-global",
    ]);
    let name = prop_oneof![8 => name.prop_map(str::to_owned), 1 => ".{0,20}"];
    let value = prop_oneof![
        any::<u64>().prop_map(|number| number.to_string().into_bytes()),
        any::<f64>().prop_map(|number| number.to_string().into_bytes()),
        prop::sample::select(vec![
            "user", "shared", "global", "true", "NaN", "inf", "-0", "1e9999"
        ])
        .prop_map(|word| word.as_bytes().to_vec()),
        "[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT"
            .prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..40),
    ];
    prop::collection::vec((name, value), 0..10)
}

proptest! {
    #[test]
    fn no_headers_make_anybody_wait_for_more_than_an_hour(headers in headers()) {
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (name.as_bytes(), value.as_slice()))
            .collect();

        for wait in waits(&headers) {
            prop_assert!(wait <= std::time::Duration::from_secs(3600));
        }
    }
}
