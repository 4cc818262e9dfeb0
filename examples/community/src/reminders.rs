//! Reminders: a command creates them, the database keeps them, and a task sends them.
//!
//! A reminder stays in the database until Discord has accepted it. If its channel does not take it, it
//! goes to the user's direct messages. If Discord is in trouble, the task tries again, later each time. If
//! it cannot be sent at all, it stays in `/reminders`, with the reason. Before the task sends a reminder,
//! it notes that in the database. If the process is killed right then, nobody knows whether the reminder
//! was sent: the next process sends it, and says that it may be for the second time.

use cordial::exception::{BadRequest, CheckFailed, Forbidden, NotFound};
use cordial::prelude::*;
use cordial::twilight::model::channel::message::AllowedMentions;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row as _};

use crate::database::{Database, Key};
use crate::time::{Span, now};

/// How many reminders somebody can have at once.
const MOST: i64 = 20;
/// How many are sent in one run of the task. The rest wait for the next run.
const BATCH: i64 = 50;
/// How often one is tried. With the pauses in between, that takes some nine hours.
const ATTEMPTS: i64 = 16;
/// The longest pause between two attempts, in seconds.
const LONGEST_PAUSE: i64 = 3_600;
/// How late one may be without saying so, in seconds.
const IN_TIME: i64 = 120;

pub(crate) fn plugin() -> Plugin {
    Plugin::new("reminders").add(handlers![remind, reminders, forget, send_due])
}

/// Be reminded of something.
#[command]
async fn remind(
    ctx: &CommandContext,
    /// When? In `90s`, `2h` or `1d 12h`, for example.
    #[option(name = "in")]
    span: Span,
    /// Of what?
    #[option(max_length = 500)]
    what: String,
    channel: ChannelId,
    database: State<Database>,
) -> Result<()> {
    let (user, due_at) = (ctx.user().id, span.ends_at(ctx));
    let number = database.add_reminder(user, *channel, &what, due_at).await?;
    let number = number.ok_or_else(TooMany::new)?;
    let text = format!("I will remind you <t:{due_at}:R>. (Reminder {number})");
    ctx.reply(Reply::new(text).ephemeral()).await?;
    Ok(())
}

/// List your reminders.
#[command]
async fn reminders(ctx: &CommandContext, database: State<Database>) -> Result<()> {
    let reminders = database.reminders(ctx.user().id).await?;
    let lines: Vec<_> = reminders.iter().map(Reminder::line).collect();
    let list = match lines.as_slice() {
        [] => "You have no reminders.".to_owned(),
        lines => lines.join("\n"),
    };
    ctx.reply(Reply::new(list).ephemeral()).await?;
    Ok(())
}

/// Forget a reminder.
#[command]
async fn forget(
    ctx: &CommandContext,
    /// Which one, by its number in the list?
    #[option(min = 1)]
    number: u32,
    database: State<Database>,
) -> Result<()> {
    if !database.forget_reminder(ctx.user().id, number).await? {
        return Err(NoSuchReminder { number }.into());
    }
    ctx.reply(Reply::new("Forgotten.").ephemeral()).await?;
    Ok(())
}

/// Sends the reminders that are due. One that cannot be sent does not hold up the others.
#[task(every = "10s", timeout = "10m")]
async fn send_due(ctx: &Context, database: State<Database>) -> Result<()> {
    for reminder in database.due_reminders(now(ctx)).await? {
        database.begin_reminder(reminder.number).await?;
        match deliver(ctx, &reminder).await {
            Ok(()) => database.finish_reminder(reminder.number).await?,
            Err(failure) => {
                tracing::warn!(%failure, number = reminder.number, "a reminder was not sent");
                let again_at = now(ctx) + reminder.pause();
                database
                    .put_off_reminder(&reminder, &failure, again_at)
                    .await?;
            }
        }
    }
    Ok(())
}

/// Sends a reminder to the channel where it was requested, or else to the user in private.
async fn deliver(ctx: &Context, reminder: &Reminder) -> Result<()> {
    let is_late = now(ctx) > reminder.due_at + IN_TIME;
    let sent = ctx.send(reminder.channel, reminder.message(is_late)).await;
    match sent {
        Err(failure) if is_final(&failure) => {
            let message = reminder.message(is_late);
            ctx.send_direct(reminder.user, message).await?;
        }
        sent => drop(sent?),
    }
    Ok(())
}

/// Returns whether Discord would refuse again the next time.
fn is_final(failure: &Failure) -> bool {
    failure.is::<NotFound>() || failure.is::<Forbidden>() || failure.is::<BadRequest>()
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("somebody has {MOST} reminders already")]
#[facet(dyn UserFacing)]
struct TooMany {
    #[base]
    check: CheckFailed,
}

impl TooMany {
    fn new() -> Self {
        let check = CheckFailed::new("room for a reminder");
        Self { check }
    }
}

impl UserFacing for TooMany {
    fn text(&self) -> String {
        format!("You have {MOST} reminders, and that is the most: `/forget` one first.")
    }
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("the user has no reminder {number}")]
#[facet(dyn UserFacing)]
struct NoSuchReminder {
    number: u32,
}

impl UserFacing for NoSuchReminder {
    fn text(&self) -> String {
        format!("You have no reminder {}: see `/reminders`.", self.number)
    }
}

/// A reminder, as it is stored.
struct Reminder {
    number: i64,
    user: Id<UserMarker>,
    channel: Id<ChannelMarker>,
    what: String,
    due_at: i64,
    attempts: i64,
    /// Whether a process began to send it, and ended before it knew the result.
    begun: bool,
    lost: Option<String>,
}

impl Reminder {
    /// Returns the message to send. It mentions the user and nobody else, whatever its text.
    fn message(&self, is_late: bool) -> Reply {
        let Self {
            user, what, due_at, ..
        } = self;
        let mut lines = vec![format!("<@{user}>, you wanted to be reminded: {what}")];
        if is_late {
            lines.push(format!("(I am late. It was for <t:{due_at}:f>.)"));
        }
        if self.begun {
            lines.push("(I was interrupted. You may have had this already.)".to_owned());
        }
        let allowed = AllowedMentions {
            users: vec![*user],
            ..AllowedMentions::default()
        };
        Reply::new(lines.join("\n")).mentioning(allowed)
    }

    fn line(&self) -> String {
        let Self { number, due_at, .. } = self;
        let what: String = self.what.chars().take(40).collect();
        match &self.lost {
            None => format!("{number}. <t:{due_at}:R>: {what}"),
            Some(why) => format!("{number}. Not sent ({why}): {what}"),
        }
    }

    /// Returns how long to wait after an attempt, in seconds.
    fn pause(&self) -> i64 {
        let doubled = 15_i64.checked_shl(u32::try_from(self.attempts).unwrap_or(u32::MAX));
        doubled.map_or(LONGEST_PAUSE, |pause| pause.clamp(15, LONGEST_PAUSE))
    }
}

impl FromRow<'_, SqliteRow> for Reminder {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            number: row.try_get("number")?,
            user: row.try_get::<Key<_>, _>("user")?.0,
            channel: row.try_get::<Key<_>, _>("channel")?.0,
            what: row.try_get("what")?,
            due_at: row.try_get("due_at")?,
            attempts: row.try_get("attempts")?,
            begun: row.try_get("begun")?,
            lost: row.try_get("lost")?,
        })
    }
}

impl Database {
    /// Adds a reminder, if there is room for one, and returns its number.
    async fn add_reminder(
        &self,
        user: Id<UserMarker>,
        channel: Id<ChannelMarker>,
        what: &str,
        due_at: i64,
    ) -> sqlx::Result<Option<i64>> {
        let insert = "INSERT INTO reminders (user, channel, what, due_at, next_at)
            SELECT ?1, ?2, ?3, ?4, ?4
            WHERE (SELECT count(*) FROM reminders WHERE user = ?1) < ?5
            RETURNING number";
        let insert = sqlx::query_scalar(insert)
            .bind(Key(user))
            .bind(Key(channel))
            .bind(what)
            .bind(due_at)
            .bind(MOST);
        self.run(insert.fetch_optional(&self.pool)).await
    }

    /// Returns somebody's reminders, the next first.
    async fn reminders(&self, user: Id<UserMarker>) -> sqlx::Result<Vec<Reminder>> {
        let select = "SELECT * FROM reminders WHERE user = ? ORDER BY due_at";
        let select = sqlx::query_as(select).bind(Key(user));
        self.run(select.fetch_all(&self.pool)).await
    }

    /// Removes a reminder, and returns whether there was one.
    async fn forget_reminder(&self, user: Id<UserMarker>, number: u32) -> sqlx::Result<bool> {
        let delete = "DELETE FROM reminders WHERE user = ? AND number = ?";
        let delete = sqlx::query(delete).bind(Key(user)).bind(number);
        let deleted = self.run(delete.execute(&self.pool)).await?;
        Ok(deleted.rows_affected() > 0)
    }

    async fn due_reminders(&self, now: i64) -> sqlx::Result<Vec<Reminder>> {
        let select = "SELECT * FROM reminders WHERE lost IS NULL AND next_at <= ?
            ORDER BY next_at LIMIT ?";
        let select = sqlx::query_as(select).bind(now).bind(BATCH);
        self.run(select.fetch_all(&self.pool)).await
    }

    /// Notes that a reminder is about to be sent.
    async fn begin_reminder(&self, number: i64) -> sqlx::Result<()> {
        let update = "UPDATE reminders SET begun = 1, attempts = attempts + 1 WHERE number = ?";
        let update = sqlx::query(update).bind(number);
        self.run(update.execute(&self.pool)).await.map(drop)
    }

    /// Removes a reminder that was sent.
    async fn finish_reminder(&self, number: i64) -> sqlx::Result<()> {
        let delete = sqlx::query("DELETE FROM reminders WHERE number = ?").bind(number);
        self.run(delete.execute(&self.pool)).await.map(drop)
    }

    /// Schedules another attempt, or none if that would be of no use.
    async fn put_off_reminder(
        &self,
        reminder: &Reminder,
        failure: &Failure,
        again_at: i64,
    ) -> sqlx::Result<()> {
        let lost = if is_final(failure) {
            Some("neither the channel nor you can be written to")
        } else if reminder.attempts + 1 >= ATTEMPTS {
            Some("Discord was in trouble for too long")
        } else {
            None
        };
        let update = "UPDATE reminders SET begun = 0, next_at = ?, lost = ? WHERE number = ?";
        let update = sqlx::query(update)
            .bind(again_at)
            .bind(lost)
            .bind(reminder.number);
        self.run(update.execute(&self.pool)).await.map(drop)
    }
}
