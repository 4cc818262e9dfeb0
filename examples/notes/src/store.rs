//! The database, and all that is asked of it.

use std::future::Future;
use std::path::Path;

use cordial::prelude::*;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool};

/// The database. It is a handle, and cheap to clone.
#[derive(Clone)]
pub(crate) struct Store {
    pool: SqlitePool,
}

impl Store {
    /// Opens the file, which is made if it is not there.
    pub(crate) async fn open(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal);
        let pool = SqlitePool::connect_with(options).await?;
        sqlx::raw_sql(include_str!("../schema.sql"))
            .execute(&pool)
            .await?;
        Ok(Self { pool })
    }
}

/// What is asked of it.
impl Store {
    /// Adds a note, and returns its number.
    pub(crate) async fn add(&self, user: Id<UserMarker>, text: &str) -> sqlx::Result<i64> {
        let insert = "INSERT INTO notes (user, text) VALUES (?, ?) RETURNING number";
        let insert = sqlx::query_scalar(insert).bind(column(user)).bind(text);
        self.run(insert.fetch_one(&self.pool)).await
    }

    /// Returns somebody's newest notes, with their numbers.
    pub(crate) async fn of(&self, user: Id<UserMarker>) -> sqlx::Result<Vec<(i64, String)>> {
        let select = "SELECT number, text FROM notes WHERE user = ? ORDER BY number DESC LIMIT 9";
        let select = sqlx::query_as(select).bind(column(user));
        self.run(select.fetch_all(&self.pool)).await
    }

    /// Removes a note of somebody's, and returns whether it was there.
    pub(crate) async fn remove(&self, user: Id<UserMarker>, number: u32) -> sqlx::Result<bool> {
        let delete = "DELETE FROM notes WHERE user = ? AND number = ?";
        let delete = sqlx::query(delete).bind(column(user)).bind(number);
        let deleted = self.run(delete.execute(&self.pool)).await?;
        Ok(deleted.rows_affected() > 0)
    }
}

/// How it is asked.
impl Store {
    /// Waits for what was asked.
    async fn run<T>(&self, asked: impl Future<Output = sqlx::Result<T>> + Send) -> sqlx::Result<T> {
        // SQLite answers from a thread of its own, which virtual time would not wait for.
        #[cfg(test)]
        let _held = cordial::testing::hold_time();
        asked.await
    }

    /// Takes the database away.
    #[cfg(test)]
    pub(crate) async fn close(&self) {
        let _held = cordial::testing::hold_time();
        self.pool.close().await;
    }
}

/// Returns an id as SQLite keeps it, whose integers have a sign.
fn column<T>(id: Id<T>) -> i64 {
    id.get().cast_signed()
}
