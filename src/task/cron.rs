//! Cron expressions in a time zone.
//!
//! The clocks of a place show a sequence of stretches, in each of which they run evenly. An expression
//! names times on a clock that always runs evenly. So the next time is searched in one stretch after the
//! other; and between two of them it is known which times are skipped, and which occur twice.

use std::time::{Duration, SystemTime};

use croner::Cron as Expression;
use croner::parser::{CronParser, Seconds, Year};
use jiff::civil::{DateTime, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, sleep, sleep_until};

use crate::clock::Clock;
use crate::http::Http;
use crate::task::schedule::{chance, later};
use crate::task::{Schedule, Scheduled, TaskFlaw};

/// The longest sleep before looking at the clock again, which may have been set.
const LOOK: Duration = Duration::from_secs(60 * 60);
/// How far a clock may be put back without repeating runs.
const PUT_BACK: SignedDuration = SignedDuration::from_hours(1);
/// The smallest step of time.
const STEP: SignedDuration = SignedDuration::from_nanos(1);

/// The times of an expression in a time zone.
#[derive(Debug)]
pub(crate) struct Cron {
    expression: Expression,
    zone: TimeZone,
    /// Whether it names fixed times of day, rather than repeating ones.
    is_fixed: bool,
}

impl Cron {
    /// Reads an expression, and finds its time zone.
    pub(crate) fn read(text: &str, timezone: Option<&str>) -> Result<Self, Vec<TaskFlaw>> {
        let expression = expression(text);
        let zone = match timezone {
            None => Ok(TimeZone::UTC),
            Some(name) => TimeZone::get(name).map_err(|_| TaskFlaw::UnknownTimezone {
                name: name.to_owned(),
            }),
        };
        match (expression, zone) {
            (Ok(expression), Ok(zone)) => Ok(Self {
                expression,
                zone,
                is_fixed: is_fixed(text),
            }),
            (expression, zone) => Err(expression.err().into_iter().chain(zone.err()).collect()),
        }
    }

    /// Returns the first matching time after another.
    pub(crate) fn after(&self, time: Timestamp) -> Option<Timestamp> {
        let (mut from, mut is_new) = (time, false);
        loop {
            let offset = self.zone.to_offset(from);
            let shown = offset.to_datetime(from);
            let found = match self.shown_before(from) {
                Some(known) if self.is_fixed && known > shown => self.find(known, true)?,
                _ => self.find(shown, is_new)?,
            };
            let at = offset.to_timestamp(found).ok()?;
            let Some(change) = self.zone.following(from).next() else {
                return Some(at);
            };
            let end = change.timestamp();
            if at < end {
                return Some(at);
            }
            let is_left_out = found < change.offset().to_datetime(end);
            if self.is_fixed && is_left_out {
                return Some(end);
            }
            (from, is_new) = (end, true);
        }
    }

    /// Returns up to which time clocks had shown before they were last set.
    fn shown_before(&self, time: Timestamp) -> Option<DateTime> {
        let just_after = time.checked_add(STEP).ok()?;
        let change = self.zone.preceding(just_after).next()?.timestamp();
        let just_before = change.checked_sub(STEP).ok()?;
        Some(self.zone.to_offset(just_before).to_datetime(change))
    }

    /// Finds a time on a clock that runs evenly.
    fn find(&self, shown: DateTime, is_inclusive: bool) -> Option<DateTime> {
        self.expression
            .find_next_occurrence(&shown, is_inclusive)
            .ok()
    }

    /// Waits for the next time after the last, and returns it; the last is forgotten if the clock has been
    /// put back too far.
    async fn wait(&self, clock: Clock, mut last: Option<Timestamp>) -> Timestamp {
        let mut due = None;
        loop {
            let Some(now) = timestamp(clock.now()) else {
                return std::future::pending().await;
            };
            if let Some(due) = due.filter(|due| *due <= now) {
                return due;
            }
            // If it was put back further than that, those times are yet to come.
            last = last.filter(|last| last.duration_since(now) <= PUT_BACK);
            due = self.after(last.map_or(now, |last| last.max(now)));
            let left = due.map_or(SignedDuration::MAX, |due| due.duration_since(now));
            let left = Duration::try_from(left).unwrap_or_default();
            sleep(left.min(LOOK)).await;
        }
    }
}

impl Scheduled {
    /// Runs a task at each of the times.
    pub(crate) async fn follow(&self, http: &Http) {
        let Schedule::Cron(cron) = &self.schedule else {
            return;
        };
        let clock = self.route.engine.clock;
        let mut last = None;
        loop {
            last = Some(cron.wait(clock, last).await);
            sleep_until(later(Instant::now(), chance(self.jitter))).await;
            self.begin(http).await;
        }
    }
}

fn timestamp(time: SystemTime) -> Option<Timestamp> {
    Timestamp::try_from(time).ok()
}

/// Parses an expression, and checks that it names any time at all.
fn expression(text: &str) -> Result<Expression, TaskFlaw> {
    let parser = CronParser::builder()
        .seconds(Seconds::Optional)
        .year(Year::Disallowed)
        .build();
    let expression = parser.parse(text).map_err(|error| TaskFlaw::BadCron {
        expression: text.to_owned(),
        reason: error.to_string(),
    })?;
    let any = date(2000, 1, 1).at(0, 0, 0, 0);
    if expression.find_next_occurrence(&any, true).is_err() {
        return Err(TaskFlaw::NeverComes {
            expression: text.to_owned(),
        });
    }
    Ok(expression)
}

/// Returns whether an expression names fixed times of the day, rather than repeating ones.
fn is_fixed(text: &str) -> bool {
    let fields: Vec<_> = text.split_whitespace().collect();
    match fields.as_slice() {
        [nickname] => !nickname.eq_ignore_ascii_case("@hourly"),
        [of_day @ .., _, _, _] => !of_day.iter().any(|field| field.starts_with('*')),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the next times, as the clocks there show them.
    fn times(text: &str, zone: &str, after: &str, count: usize) -> Vec<String> {
        let cron = Cron::read(text, Some(zone)).unwrap();
        let mut time: Timestamp = after.parse().unwrap();
        let next = std::iter::from_fn(|| {
            time = cron.after(time)?;
            let shown = time.to_zoned(cron.zone.clone());
            Some(shown.strftime("%d %H:%M%:z").to_string())
        });
        next.take(count).collect()
    }

    // In Berlin, clocks are put forward from 2 to 3 on the 29th of March 2026, at 1 in UTC, and back from
    // 3 to 2 on the 25th of October, at 1 in UTC.

    #[test]
    fn a_fixed_time_that_is_left_out_comes_when_clocks_are_put_forward() {
        assert_eq!(
            times("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 3),
            ["28 02:30+01:00", "29 03:00+02:00", "30 02:30+02:00"],
        );
    }

    #[test]
    fn fixed_times_that_are_left_out_come_once() {
        let after = "2026-03-29T00:00:00Z";

        assert_eq!(
            times("0,20,40 2,3 * * *", "Europe/Berlin", after, 4),
            [
                "29 03:00+02:00",
                "29 03:20+02:00",
                "29 03:40+02:00",
                "30 02:00+02:00"
            ],
        );
    }

    #[test]
    fn a_fixed_time_that_is_there_twice_comes_the_first_time() {
        assert_eq!(
            times("30 2 * * *", "Europe/Berlin", "2026-10-24T00:00:00Z", 3),
            ["24 02:30+02:00", "25 02:30+02:00", "26 02:30+01:00"],
        );
        // Whoever starts between the two does not make up for it.
        assert_eq!(
            times("30 2 * * *", "Europe/Berlin", "2026-10-25T00:45:00Z", 1),
            ["26 02:30+01:00"],
        );
        assert_eq!(
            times("30 2 * * *", "Europe/Berlin", "2026-10-25T01:10:00Z", 1),
            ["26 02:30+01:00"],
        );
    }

    #[test]
    fn fixed_times_after_those_that_are_there_twice_come() {
        assert_eq!(
            times("0 2,3 * * *", "Europe/Berlin", "2026-10-24T22:00:00Z", 3),
            ["25 02:00+02:00", "25 03:00+01:00", "26 02:00+01:00"],
        );
    }

    #[test]
    fn what_goes_by_the_clocks_leaves_out_what_they_do() {
        assert_eq!(
            times("*/30 * * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 4),
            [
                "29 01:30+01:00",
                "29 03:00+02:00",
                "29 03:30+02:00",
                "29 04:00+02:00"
            ],
        );
        assert_eq!(
            times("*/30 2 * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 1),
            ["30 02:00+02:00"],
        );
    }

    #[test]
    fn what_goes_by_the_clocks_comes_twice_with_them() {
        assert_eq!(
            times("30 * * * *", "Europe/Berlin", "2026-10-24T23:00:00Z", 4),
            [
                "25 01:30+02:00",
                "25 02:30+02:00",
                "25 02:30+01:00",
                "25 03:30+01:00"
            ],
        );
        assert_eq!(
            times("@hourly", "Europe/Berlin", "2026-10-24T23:30:00Z", 3),
            ["25 02:00+02:00", "25 02:00+01:00", "25 03:00+01:00"],
        );
    }

    #[test]
    fn clocks_that_are_put_forward_by_half_an_hour_are_known() {
        // On Lord Howe Island, from 2:00 to 2:30 on the 4th of October 2026.
        assert_eq!(
            times(
                "15 2 * * *",
                "Australia/Lord_Howe",
                "2026-10-03T00:00:00Z",
                2
            ),
            ["04 02:30+11:00", "05 02:15+11:00"],
        );
    }

    #[test]
    fn a_day_that_a_place_left_out_is_made_up_for_when_it_was_over() {
        // Samoa had no 30th of December in 2011.
        assert_eq!(
            times("0 9 * * *", "Pacific/Apia", "2011-12-29T12:00:00Z", 3),
            ["29 09:00-10:00", "31 00:00+14:00", "31 09:00+14:00"],
        );
    }

    #[test]
    fn midnight_that_is_left_out_comes_with_the_first_time_of_the_day() {
        // In Cairo, from 0:00 to 1:00 on the 24th of April 2026.
        assert_eq!(
            times("0 0 * * *", "Africa/Cairo", "2026-04-23T12:00:00Z", 2),
            ["24 01:00+03:00", "25 00:00+03:00"],
        );
    }

    #[test]
    fn a_time_zone_that_is_not_named_is_utc() {
        let cron = Cron::read("0 9 * * *", None).unwrap();
        let nine: Timestamp = "2026-01-01T09:00:00Z".parse().unwrap();

        assert_eq!(cron.after(nine - STEP), Some(nine));
        assert_eq!(
            cron.after(nine),
            Some(nine + SignedDuration::from_hours(24))
        );
    }

    #[test]
    fn a_leap_day_comes_after_years() {
        let cron = Cron::read("0 0 29 2 *", Some("Europe/Berlin")).unwrap();
        let last: Timestamp = "2096-03-01T00:00:00Z".parse().unwrap();

        // There is none in 2100.
        let next = cron.after(last).unwrap();
        assert_eq!(next.to_string(), "2104-02-28T23:00:00Z");
    }

    fn set(time: &str) -> Clock {
        let time: Timestamp = time.parse().unwrap();
        Clock::Set {
            time: time.into(),
            at: Instant::now(),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_was_put_back_a_little_repeats_nothing() {
        let cron = Cron::read("0 9 * * *", None).unwrap();
        let last: Timestamp = "2026-01-01T09:00:00Z".parse().unwrap();

        let little = cron.wait(set("2026-01-01T08:30:00Z"), Some(last)).await;
        let much = cron.wait(set("2026-01-01T07:30:00Z"), Some(last)).await;

        assert_eq!(little.to_string(), "2026-01-02T09:00:00Z");
        assert_eq!(much, last);
    }
}
