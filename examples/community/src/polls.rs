//! Polls: a question, a button for each answer, and counts that follow the votes.
//!
//! A button carries the number of its poll, and the votes are in the database, so a poll goes on after a
//! restart, however old it is. The answer to a press is the new text of the message, so a vote costs one
//! request. Only if another vote arrives meanwhile, an older count could arrive last; then the text is
//! sent again.

use std::fmt::Write as _;

use cordial::exception::{Forbidden, NotFound};
use cordial::prelude::*;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row as _};

use crate::database::{Database, Key};
use crate::time::{Span, now};

/// The most answers a poll can have: two rows of buttons.
const MOST_OPTIONS: usize = 10;
/// The longest answer, in characters. (Discord: Components Reference, Button: 80.)
const LONGEST_OPTION: usize = 60;
/// How many polls are settled in one run of the task. The rest wait for the next run.
const BATCH: i64 = 20;
/// How many characters a bar has.
const BAR: i64 = 10;

pub(crate) fn plugin() -> Plugin {
    Plugin::new("polls")
        .guild_only()
        .add(handlers![poll, vote, close, settle_polls])
}

/// Ask everybody something.
#[command]
async fn poll(
    ctx: &CommandContext,
    /// What?
    #[option(max_length = 200)]
    question: String,
    /// The answers, with semicolons between them: `tea; coffee; water`.
    options: Answers,
    /// When does it close? In `2h` or `1d`, for example. Else you close it yourself.
    closes: Option<Span>,
    database: State<Database>,
) -> Result<()> {
    let closes_at = closes.map(|closes| closes.ends_at(ctx));
    let number = database
        .add_poll(ctx.user().id, &question, &options.0, closes_at)
        .await?;
    let poll = database.poll(number).await?.ok_or(Unknown)?;
    let shown = ctx.reply(poll.message()).await?;
    database.place_poll(number, &shown).await?;
    Ok(())
}

#[component]
async fn vote(
    ctx: &ComponentContext,
    #[state] poll: i64,
    #[state] position: u8,
    database: State<Database>,
) -> Result<()> {
    database.place_poll(poll, ctx.message()).await?;
    let counted = database
        .vote(poll, ctx.user().id, position, now(ctx))
        .await?;
    show(ctx, &database, poll).await?;
    if !counted {
        return Err(Closed.into());
    }
    Ok(())
}

/// Closes a poll. Only its author can press the button.
#[component]
async fn close(
    ctx: &ComponentContext,
    #[state(owner)] _author: Id<UserMarker>,
    #[state] poll: i64,
    database: State<Database>,
) -> Result<()> {
    database.close_poll(poll).await?;
    show(ctx, &database, poll).await?;
    database.settle_poll(poll).await?;
    Ok(())
}

/// Answers with the current poll, and repeats that until the message shows the latest counts.
async fn show(ctx: &ComponentContext, database: &Database, number: i64) -> Result<()> {
    let mut poll = database.poll(number).await?.ok_or(Unknown)?;
    ctx.update(poll.message()).await?;
    loop {
        // Somebody may have voted meanwhile, and their answer may have arrived first.
        let newer = database.poll(number).await?.ok_or(Unknown)?;
        if newer.revision == poll.revision {
            return Ok(());
        }
        poll = newer;
        ctx.edit(poll.message()).await?;
    }
}

/// Closes the polls whose time is over, and shows that in their messages. It keeps trying until that
/// works, or the message is gone.
#[task(every = "15s", timeout = "10m")]
async fn settle_polls(ctx: &Context, http: Http, database: State<Database>) -> Result<()> {
    database.close_due_polls(now(ctx)).await?;
    for (number, place) in database.unsettled_polls().await? {
        let poll = database.poll(number).await?.ok_or(Unknown)?;
        let edited = http
            .update_message(place.0, place.1)
            .content(Some(&poll.text()))
            .components(Some(&[]))
            .await;
        match edited.map_err(Failure::from) {
            Ok(_) => database.settle_poll(number).await?,
            Err(failure) if failure.is::<NotFound>() || failure.is::<Forbidden>() => {
                tracing::info!(%failure, number, "a poll that nobody sees is closed");
                database.settle_poll(number).await?;
            }
            Err(failure) => {
                tracing::warn!(%failure, number, handler = %ctx.handler(), "a poll is not settled");
            }
        }
    }
    Ok(())
}

/// The answers that a poll offers.
struct Answers(Vec<String>);

impl FromOption for Answers {
    type Value = String;
    type Error = BadAnswers;

    async fn from_option(text: String, _: &InteractionContext) -> Result<Self, BadAnswers> {
        Self::read(&text)
    }
}

impl Answers {
    fn read(text: &str) -> Result<Self, BadAnswers> {
        let mut answers: Vec<String> = Vec::new();
        let given = text.split(';').map(str::trim);
        for answer in given.filter(|answer| !answer.is_empty()) {
            if answer.chars().count() > LONGEST_OPTION {
                return Err(BadAnswers::TooLong);
            }
            if answers.iter().any(|known| known == answer) {
                return Err(BadAnswers::Twice);
            }
            answers.push(answer.to_owned());
        }
        match answers.len() {
            0 | 1 => Err(BadAnswers::TooFew),
            2..=MOST_OPTIONS => Ok(Self(answers)),
            _ => Err(BadAnswers::TooMany),
        }
    }
}

/// Why the given answers do not make a poll.
#[derive(Debug, PartialEq, Eq, thiserror::Error, Exception)]
#[facet(dyn UserFacing)]
enum BadAnswers {
    #[error("there are fewer than two answers")]
    TooFew,
    #[error("there are more than {MOST_OPTIONS} answers")]
    TooMany,
    #[error("an answer has more than {LONGEST_OPTION} characters")]
    TooLong,
    #[error("an answer is there twice")]
    Twice,
}

impl UserFacing for BadAnswers {
    fn text(&self) -> String {
        match self {
            Self::TooFew => {
                "A poll needs two answers at least, with a `;` between them: `tea; coffee`."
                    .to_owned()
            }
            Self::TooMany => format!("A poll can have {MOST_OPTIONS} answers at most."),
            Self::TooLong => format!("An answer can have {LONGEST_OPTION} characters at most."),
            Self::Twice => "One of the answers is there twice.".to_owned(),
        }
    }
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("the poll is closed")]
#[facet(dyn UserFacing)]
struct Closed;

impl UserFacing for Closed {
    fn text(&self) -> String {
        "That poll is closed: your vote was not counted.".to_owned()
    }
}

/// The message exists, but the database does not know its poll.
#[derive(Debug, thiserror::Error, Exception)]
#[error("the poll is not in the database")]
#[facet(dyn UserFacing)]
struct Unknown;

impl UserFacing for Unknown {
    fn text(&self) -> String {
        "I do not know that poll any more.".to_owned()
    }
}

/// A poll with its counts.
struct Poll {
    number: i64,
    author: Id<UserMarker>,
    question: String,
    closes_at: Option<i64>,
    is_closed: bool,
    revision: i64,
    /// The answers, each with how many votes it has.
    answers: Vec<(String, i64)>,
}

impl Poll {
    /// Returns the message, with its buttons if the poll is open.
    fn message(&self) -> Reply {
        let reply = Reply::new(self.text());
        if self.is_closed {
            return reply;
        }
        let buttons: Vec<_> = (0..)
            .zip(&self.answers)
            .map(|(position, (label, _))| vote::id(self.number, position).button(label))
            .collect();
        let rows = buttons.chunks(5).map(<[_]>::to_vec);
        let close = close::id(self.author, self.number).button("Close the poll");
        rows.fold(reply, Reply::row).row([close.danger()])
    }

    fn text(&self) -> String {
        let Self {
            author, question, ..
        } = self;
        let all: i64 = self.answers.iter().map(|(_, votes)| votes).sum();
        let mut text = format!("**{question}**\n");
        for (label, votes) in &self.answers {
            let filled = (votes * BAR).checked_div(all).unwrap_or(0);
            let bar = (0..BAR).map(|at| if at < filled { '█' } else { '░' });
            let bar: String = bar.collect();
            writeln!(text, "`{bar}` {votes}: {label}").unwrap_or_default();
        }
        let end = match (self.is_closed, self.closes_at) {
            (true, _) => "closed".to_owned(),
            (false, Some(time)) => format!("closes <t:{time}:R>"),
            (false, None) => "open".to_owned(),
        };
        let votes = if all == 1 { "vote" } else { "votes" };
        text + &format!("{all} {votes}, {end}. <@{author}> asks.")
    }
}

impl FromRow<'_, SqliteRow> for Poll {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            number: row.try_get("number")?,
            author: row.try_get::<Key<_>, _>("author")?.0,
            question: row.try_get("question")?,
            closes_at: row.try_get("closes_at")?,
            is_closed: row.try_get("is_closed")?,
            revision: row.try_get("revision")?,
            answers: Vec::new(),
        })
    }
}

/// Where a poll is shown.
type Place = (Id<ChannelMarker>, Id<MessageMarker>);

impl Database {
    /// Adds a poll that has no message yet, and returns its number.
    async fn add_poll(
        &self,
        author: Id<UserMarker>,
        question: &str,
        answers: &[String],
        closes_at: Option<i64>,
    ) -> sqlx::Result<i64> {
        let adding = async {
            let mut all = self.pool.begin().await?;
            let insert = "INSERT INTO polls (author, question, closes_at) VALUES (?, ?, ?)
                RETURNING number";
            let insert = sqlx::query_scalar(insert)
                .bind(Key(author))
                .bind(question)
                .bind(closes_at);
            let number: i64 = insert.fetch_one(&mut *all).await?;
            for (position, label) in (0_i64..).zip(answers) {
                let insert = "INSERT INTO poll_options (poll, position, label) VALUES (?, ?, ?)";
                let insert = sqlx::query(insert).bind(number).bind(position).bind(label);
                insert.execute(&mut *all).await?;
            }
            all.commit().await?;
            Ok(number)
        };
        self.run(adding).await
    }

    /// Notes where a poll is shown, unless that is known.
    async fn place_poll(&self, number: i64, shown: &Message) -> sqlx::Result<()> {
        let update = "UPDATE polls SET channel = ?, message = ?
            WHERE number = ? AND message IS NULL";
        let update = sqlx::query(update)
            .bind(Key(shown.channel_id))
            .bind(Key(shown.id))
            .bind(number);
        self.run(update.execute(&self.pool)).await.map(drop)
    }

    /// Returns a poll as it is at one moment.
    async fn poll(&self, number: i64) -> sqlx::Result<Option<Poll>> {
        let reading = async {
            let mut all = self.pool.begin().await?;
            let select = sqlx::query_as("SELECT * FROM polls WHERE number = ?").bind(number);
            let Some(mut poll) = select.fetch_optional(&mut *all).await? else {
                return Ok(None);
            };
            let count = "SELECT label, count(voter) FROM poll_options
                LEFT JOIN votes USING (poll, position)
                WHERE poll = ? GROUP BY position ORDER BY position";
            let Poll { answers, .. } = &mut poll;
            *answers = sqlx::query_as(count)
                .bind(number)
                .fetch_all(&mut *all)
                .await?;
            all.commit().await?;
            Ok(Some(poll))
        };
        self.run(reading).await
    }

    /// Counts a vote, in the place of an earlier one of the same user. Returns whether it was counted:
    /// it is not when the poll is closed.
    async fn vote(
        &self,
        poll: i64,
        voter: Id<UserMarker>,
        position: u8,
        now: i64,
    ) -> sqlx::Result<bool> {
        let voting = async {
            let mut all = self.pool.begin().await?;
            // Write first: a transaction that starts with a read may not be allowed to write later.
            let update = "UPDATE polls SET revision = revision + 1
                WHERE number = ? AND is_closed = 0 AND (closes_at IS NULL OR closes_at > ?)";
            let update = sqlx::query(update).bind(poll).bind(now);
            if update.execute(&mut *all).await?.rows_affected() == 0 {
                return Ok(false);
            }
            let insert = "INSERT INTO votes (poll, voter, position) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET position = excluded.position";
            let insert = sqlx::query(insert)
                .bind(poll)
                .bind(Key(voter))
                .bind(position);
            insert.execute(&mut *all).await?;
            all.commit().await?;
            Ok(true)
        };
        self.run(voting).await
    }

    async fn close_poll(&self, number: i64) -> sqlx::Result<()> {
        let update = "UPDATE polls SET is_closed = 1, revision = revision + 1
            WHERE number = ? AND is_closed = 0";
        let update = sqlx::query(update).bind(number);
        self.run(update.execute(&self.pool)).await.map(drop)
    }

    async fn close_due_polls(&self, now: i64) -> sqlx::Result<()> {
        let update = "UPDATE polls SET is_closed = 1, revision = revision + 1
            WHERE is_closed = 0 AND closes_at <= ?";
        let update = sqlx::query(update).bind(now);
        self.run(update.execute(&self.pool)).await.map(drop)
    }

    /// Returns the closed polls whose messages do not show it yet, with the places of the messages.
    async fn unsettled_polls(&self) -> sqlx::Result<Vec<(i64, Place)>> {
        let select = "SELECT number, channel, message FROM polls
            WHERE is_closed = 1 AND is_settled = 0 AND message IS NOT NULL LIMIT ?";
        let select = sqlx::query_as::<_, (i64, Key<_>, Key<_>)>(select).bind(BATCH);
        let polls = self.run(select.fetch_all(&self.pool)).await?;
        let polls = polls.into_iter();
        Ok(polls
            .map(|(number, channel, message)| (number, (channel.0, message.0)))
            .collect())
    }

    /// Notes that a poll's message shows that it is closed.
    async fn settle_poll(&self, number: i64) -> sqlx::Result<()> {
        let update = sqlx::query("UPDATE polls SET is_settled = 1 WHERE number = ?").bind(number);
        self.run(update.execute(&self.pool)).await.map(drop)
    }
}
