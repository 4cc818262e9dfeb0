//! What the headers of an answer say of limits. (Discord: Rate Limits, Header Format.)

use std::time::{Duration, SystemTime};

use hyper::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};

use crate::exception::Scope;

/// The longest that anything is waited for: whoever says more is asked again after that.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// What the headers of an answer say of limits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) bucket: Option<BucketState>,
    pub(crate) scope: Option<Scope>,
    /// How long to wait before asking again, in whole seconds or to a date.
    pub(crate) retry_after: Option<Duration>,
}

/// What is left of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BucketState {
    /// The name of the bucket, which several routes may share.
    pub(crate) name: Option<Box<str>>,
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// By the server's clock no more than this is told: clocks differ.
    pub(crate) resets_after: Duration,
}

impl Limits {
    /// Reads what can be read.
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        Self {
            bucket: bucket(headers),
            scope: scope(headers),
            retry_after: text(headers, RETRY_AFTER.as_str()).and_then(retry_after),
        }
    }
}

/// Returns the times that headers say to wait: those that can be headers.
pub(crate) fn waits(headers: &[(&[u8], &[u8])]) -> Vec<Duration> {
    let headers = headers.iter().filter_map(|(name, value)| {
        let name = HeaderName::from_bytes(name).ok()?;
        Some((name, HeaderValue::from_bytes(value).ok()?))
    });
    let limits = Limits::read(&headers.collect());
    let resets_after = limits.bucket.map(|bucket| bucket.resets_after);
    limits.retry_after.into_iter().chain(resets_after).collect()
}

fn bucket(headers: &HeaderMap) -> Option<BucketState> {
    Some(BucketState {
        name: text(headers, "x-ratelimit-bucket").map(Into::into),
        limit: text(headers, "x-ratelimit-limit")?.parse().ok()?,
        remaining: text(headers, "x-ratelimit-remaining")?.parse().ok()?,
        resets_after: text(headers, "x-ratelimit-reset-after").and_then(seconds)?,
    })
}

fn scope(headers: &HeaderMap) -> Option<Scope> {
    let is_global = text(headers, "x-ratelimit-global").is_some_and(|global| global == "true");
    match text(headers, "x-ratelimit-scope") {
        _ if is_global => Some(Scope::Global),
        Some("global") => Some(Scope::Global),
        Some("shared") => Some(Scope::Shared),
        Some("user") => Some(Scope::User),
        _ => None,
    }
}

fn retry_after(text: &str) -> Option<Duration> {
    seconds(text).or_else(|| {
        let date = httpdate::parse_http_date(text).ok()?;
        let wait = date.duration_since(SystemTime::now()).unwrap_or_default();
        Some(wait.min(LONGEST))
    })
}

/// Reads a number of seconds, which may have decimals.
fn seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.trim().parse().ok()?;
    at_most_longest(seconds)
}

/// Takes a number of seconds for a time to wait.
pub(crate) fn at_most_longest(seconds: f64) -> Option<Duration> {
    // Infinite or negative times are none.
    let is_time = seconds.is_finite() && seconds >= 0.0;
    is_time.then(|| Duration::from_secs_f64(seconds.min(LONGEST.as_secs_f64())))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headers: &[(&str, &str)]) -> Limits {
        let pairs = headers.iter().map(|(name, value)| {
            (
                name.parse::<HeaderName>().unwrap(),
                HeaderValue::from_str(value).unwrap(),
            )
        });
        Limits::read(&pairs.collect())
    }

    #[test]
    fn times_to_wait_are_read_in_every_form() {
        let of = |value| read(&[("retry-after", value)]).retry_after;

        assert_eq!(of("2"), Some(Duration::from_secs(2)));
        assert_eq!(of("0.25"), Some(Duration::from_millis(250)));
        assert_eq!(of("1e300"), Some(LONGEST));
        for none in ["", "soon", "-1", "inf", "NaN", "1e999"] {
            assert_eq!(of(none), None, "{none}");
        }
        assert_eq!(of("Thu, 01 Jan 1970 00:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(of("Thu, 31 Dec 2099 23:59:59 GMT"), Some(LONGEST));
    }

    #[test]
    fn a_bucket_needs_its_numbers_but_no_name() {
        let headers = [
            ("x-ratelimit-limit", "5"),
            ("x-ratelimit-remaining", "4"),
            ("x-ratelimit-reset-after", "1.5"),
        ];

        let bucket = read(&headers).bucket.unwrap();

        assert_eq!((bucket.limit, bucket.remaining), (5, 4));
        assert_eq!(bucket.resets_after, Duration::from_millis(1500));
        assert_eq!(read(&headers[..2]).bucket, None);
    }
}
