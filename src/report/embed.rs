//! The text of a post. It has nothing that anybody wrote: no text of an error, and no message.

use std::time::Duration;

use tokio::time::Instant;
use twilight_model::channel::message::Embed;
use twilight_model::channel::message::embed::EmbedFooter;

use crate::report::ledger::Entry;

/// The most embeds of a message. (Discord: Message, Create Message.)
pub(crate) const MOST: usize = 10;
/// The length of each part of an embed: all embeds of a message have 6,000 characters together. (Discord:
/// Message, Embed Limits.)
const MOST_OF_PART: usize = 120;
const RED: u32 = 0x00d8_3c3e;

/// Writes the embeds of a post.
pub(crate) fn embeds(entries: &[Entry], others: u64, now: Instant) -> Vec<Embed> {
    let mut embeds: Vec<_> = entries.iter().map(|entry| embed(entry, now)).collect();
    if let Some(last) = embeds.last_mut()
        && others > 0
    {
        last.footer = Some(EmbedFooter {
            icon_url: None,
            proxy_icon_url: None,
            text: format!("and {others} of other kinds: see the log"),
        });
    }
    embeds
}

fn embed(entry: &Entry, now: Instant) -> Embed {
    let kind = &entry.kind;
    let mut lines = vec![format!("Error: {}", code(kind.code))];
    lines.extend(
        kind.place
            .map(|place| format!("At: {}", code(&place.to_string()))),
    );
    lines.push(format!("Number: {}", code(&entry.number.to_string())));
    lines.extend(times(entry, now));
    let title = format!(
        "{} {} failed",
        kind.handler.kind(),
        code(kind.handler.name())
    );
    Embed {
        author: None,
        color: Some(RED),
        description: Some(lines.join("\n")),
        fields: Vec::new(),
        flags: None,
        footer: None,
        image: None,
        kind: "rich".to_owned(),
        provider: None,
        thumbnail: None,
        timestamp: None,
        title: Some(title),
        url: None,
        video: None,
    }
}

/// Says how often it happened, unless that was once.
fn times(entry: &Entry, now: Instant) -> Option<String> {
    let more = if entry.told.is_some() { " more" } else { "" };
    let within = now.saturating_duration_since(entry.since);
    let times = if entry.count == 1 { "time" } else { "times" };
    let is_told = entry.told.is_some() || entry.count > 1;
    is_told.then(|| format!("{}{more} {times} within {}", entry.count, span(within)))
}

/// Writes a duration, in the largest unit of which there are a few.
fn span(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..120 => format!("{} s", seconds.max(1)),
        seconds @ 120..7_200 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3_600),
    }
}

/// Writes a name as code, and not too long.
fn code(text: &str) -> String {
    let mut text = text.replace(['`', '\n'], "'");
    if let Some((end, _)) = text.char_indices().nth(MOST_OF_PART) {
        text.truncate(end);
        text.push('…');
    }
    format!("`{text}`")
}

#[cfg(test)]
mod tests {
    use crate::failure::FailureId;
    use crate::meta::{HandlerKind, Meta, Place};
    use crate::report::ledger::Kind;

    use super::*;

    fn entry(name: String, count: u64) -> Entry {
        Entry {
            kind: Kind {
                handler: Meta::new(HandlerKind::Command, name, None),
                code: "too_odd",
                place: Some(Place::new("src/main.rs", 12, 5)),
            },
            number: FailureId::next(),
            count,
            since: Instant::now(),
            told: None,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_post_says_what_failed_where_and_how_often() {
        let entry = entry("roll".to_owned(), 12);
        let now = entry.since + Duration::from_secs(400);

        let embeds = embeds(std::slice::from_ref(&entry), 3, now);

        assert_eq!(embeds[0].title.as_deref(), Some("command `roll` failed"));
        let number = entry.number;
        let said = format!(
            "Error: `too_odd`\nAt: `src/main.rs:12:5`\nNumber: `{number}`\n12 times within 6 min"
        );
        assert_eq!(embeds[0].description, Some(said));
        assert!(
            embeds[0]
                .footer
                .as_ref()
                .unwrap()
                .text
                .starts_with("and 3 ")
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_post_is_within_discords_limits_whatever_things_are_called() {
        let name = "`@everyone`\n".repeat(1_000);
        let entries = vec![entry(name, u64::MAX); MOST];
        let long = entries[0].since + Duration::from_secs(1_000_000_000);

        let embeds = embeds(&entries, u64::MAX, long);

        let length = |text: &Option<String>| text.as_ref().map_or(0, |text| text.chars().count());
        let all = embeds
            .iter()
            .map(|embed| length(&embed.title) + length(&embed.description));
        assert!(all.sum::<usize>() < 5_800);
        assert!(embeds.iter().all(|embed| length(&embed.title) <= 256));
    }
}
