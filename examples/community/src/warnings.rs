//! Warnings: moderators give them and take them back, and members see their own.

use cordial::exception::{CannotMessageUser, CheckFailed};
use cordial::prelude::*;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row as _};

use crate::database::{Database, Key};
use crate::time::now;

/// How many warnings are listed, the newest first.
const LISTED: i64 = 6;

pub(crate) fn plugin() -> Plugin {
    Plugin::new("warnings")
        .guild_only()
        .add(handlers![warn, warnings, forgive])
}

/// Warn a member.
#[command(user_permissions = MODERATE_MEMBERS)]
async fn warn(
    ctx: &CommandContext,
    /// Whom?
    member: Member,
    /// For what?
    #[option(max_length = 200)]
    reason: String,
    guild: GuildId,
    database: State<Database>,
) -> Result<()> {
    let user = &member.user;
    if user.bot || user.id == ctx.user().id {
        return Err(NotWarned::new().into());
    }
    let whose = (*guild, user.id);
    let count = database
        .add_warning(whose, ctx.user().id, &reason, now(ctx))
        .await?;
    let told = match ctx
        .send_direct(user.id, format!("You have been warned: {reason}"))
        .await
    {
        Ok(_) => "",
        Err(failure) => {
            if !failure.is::<CannotMessageUser>() {
                tracing::warn!(%failure, "a member was not told of a warning");
            }
            " I could not tell them."
        }
    };
    let name = &user.name;
    ctx.reply(format!(
        "{name} has been warned: {reason} (warning {count}).{told}"
    ))
    .await?;
    Ok(())
}

/// List warnings: yours, or as a moderator somebody else's.
#[command]
async fn warnings(
    ctx: &CommandContext,
    /// Whose? Yours, if you do not say.
    member: Option<User>,
    guild: GuildId,
    database: State<Database>,
) -> Result<()> {
    let user = member.as_ref().unwrap_or(ctx.user());
    let is_moderator = ctx
        .permissions()
        .is_some_and(|held| held.contains(Permissions::MODERATE_MEMBERS));
    if user.id != ctx.user().id && !is_moderator {
        return Err(NotYours::new().into());
    }
    let (count, newest) = database.warnings((*guild, user.id)).await?;
    let name = &user.name;
    let list = match newest.as_slice() {
        [] => format!("{name} has no warnings."),
        newest => {
            let lines: Vec<_> = newest.iter().map(Warning::line).collect();
            format!("Warnings of {name}: {count}\n{}", lines.join("\n"))
        }
    };
    ctx.reply(Reply::new(list).ephemeral()).await?;
    Ok(())
}

/// Take a warning back.
#[command(user_permissions = MODERATE_MEMBERS)]
async fn forgive(
    ctx: &CommandContext,
    /// Which warning, by its number in the list?
    #[option(min = 1)]
    number: u32,
    guild: GuildId,
    database: State<Database>,
) -> Result<()> {
    let forgiven = database.remove_warning(*guild, number).await?;
    let reason = forgiven.ok_or(NoSuchWarning { number })?;
    ctx.reply(format!("Forgiven: {reason}")).await?;
    Ok(())
}

/// Why somebody cannot be warned. It is-a [`CheckFailed`], like the errors of checks.
#[derive(Debug, thiserror::Error, Exception)]
#[error("a bot or the moderator was to be warned")]
#[facet(dyn UserFacing)]
struct NotWarned {
    #[base]
    check: CheckFailed,
}

impl NotWarned {
    fn new() -> Self {
        let check = CheckFailed::new("warnable");
        Self { check }
    }
}

impl UserFacing for NotWarned {
    fn text(&self) -> String {
        "Warnings are for members: not for bots, and not for yourself.".to_owned()
    }
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("somebody asked for the warnings of somebody else")]
#[facet(dyn UserFacing)]
struct NotYours {
    #[base]
    check: CheckFailed,
}

impl NotYours {
    fn new() -> Self {
        let check = CheckFailed::new("own warnings");
        Self { check }
    }
}

impl UserFacing for NotYours {
    fn text(&self) -> String {
        "Those warnings are for moderators to see. Yours are in `/warnings`.".to_owned()
    }
}

#[derive(Debug, thiserror::Error, Exception)]
#[error("there is no warning {number} in the guild")]
#[facet(dyn UserFacing)]
struct NoSuchWarning {
    number: u32,
}

impl UserFacing for NoSuchWarning {
    fn text(&self) -> String {
        format!("There is no warning {}: see `/warnings`.", self.number)
    }
}

/// A warning, as it is listed.
struct Warning {
    number: i64,
    moderator: Id<UserMarker>,
    reason: String,
    given_at: i64,
}

impl Warning {
    fn line(&self) -> String {
        let Self {
            number,
            moderator,
            reason,
            given_at,
        } = self;
        format!("{number}. {reason} (<@{moderator}>, <t:{given_at}:d>)")
    }
}

impl FromRow<'_, SqliteRow> for Warning {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            number: row.try_get("number")?,
            moderator: row.try_get::<Key<_>, _>("moderator")?.0,
            reason: row.try_get("reason")?,
            given_at: row.try_get("given_at")?,
        })
    }
}

/// A member of a guild.
type Whose = (Id<GuildMarker>, Id<UserMarker>);

impl Database {
    /// Adds a warning, and returns how many the member has.
    async fn add_warning(
        &self,
        (guild, member): Whose,
        moderator: Id<UserMarker>,
        reason: &str,
        given_at: i64,
    ) -> sqlx::Result<i64> {
        let insert = "INSERT INTO warnings (guild, member, moderator, reason, given_at)
            VALUES (?, ?, ?, ?, ?)";
        let insert = sqlx::query(insert)
            .bind(Key(guild))
            .bind(Key(member))
            .bind(Key(moderator))
            .bind(reason)
            .bind(given_at);
        self.run(insert.execute(&self.pool)).await?;
        self.count_warnings((guild, member)).await
    }

    async fn count_warnings(&self, (guild, member): Whose) -> sqlx::Result<i64> {
        let count = "SELECT count(*) FROM warnings WHERE guild = ? AND member = ?";
        let count = sqlx::query_scalar(count).bind(Key(guild)).bind(Key(member));
        self.run(count.fetch_one(&self.pool)).await
    }

    /// Returns how many warnings a member has, and the newest of them.
    async fn warnings(&self, (guild, member): Whose) -> sqlx::Result<(i64, Vec<Warning>)> {
        let newest = "SELECT * FROM warnings WHERE guild = ? AND member = ?
            ORDER BY number DESC LIMIT ?";
        let newest = sqlx::query_as(newest)
            .bind(Key(guild))
            .bind(Key(member))
            .bind(LISTED);
        let newest = self.run(newest.fetch_all(&self.pool)).await?;
        Ok((self.count_warnings((guild, member)).await?, newest))
    }

    /// Takes back a warning given in the guild, and returns its reason.
    async fn remove_warning(
        &self,
        guild: Id<GuildMarker>,
        number: u32,
    ) -> sqlx::Result<Option<String>> {
        let delete = "DELETE FROM warnings WHERE guild = ? AND number = ? RETURNING reason";
        let delete = sqlx::query_scalar(delete).bind(Key(guild)).bind(number);
        self.run(delete.fetch_optional(&self.pool)).await
    }
}
