//! The database: an SQLite file, opened before the bot is built and shared as `State<Database>`.
//!
//! Queries are methods of [`Database`], beside the commands that use them. All of them go through
//! [`run`](Database::run).

use std::future::Future;
use std::path::Path;
use std::pin::Pin;

use cordial::prelude::*;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::migrate::{Migration, MigrationSource, MigrationType, Migrator};
use sqlx::sqlite::{
    Sqlite, SqliteArgumentValue, SqliteConnectOptions, SqliteJournalMode, SqlitePool,
    SqlitePoolOptions, SqliteSynchronous, SqliteTypeInfo, SqliteValueRef,
};
use sqlx::{Decode, Encode, Type};

/// The changes to the schema, in order. Never edit one that was released: add another after it.
const MIGRATIONS: &[(i64, &str, &str)] = &[(
    1,
    "community",
    include_str!("../migrations/0001_community.sql"),
)];

/// The database. Cheap to clone: it is a handle.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    pub(crate) pool: SqlitePool,
}

impl Database {
    /// Opens the file, creating it if there is none, and brings its schema up to date.
    pub(crate) async fn open(path: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            // Readers do not wait for writers, and a commit survives a crash of the bot.
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal);
        let pool = SqlitePoolOptions::new().max_connections(4);
        let pool = pool.connect_with(options).await?;
        Migrator::new(Embedded).await?.run(&pool).await?;
        Ok(Self { pool })
    }

    /// Waits for an answer of the database.
    ///
    /// SQLite runs on threads of its own, which tokio does not see. In a test, virtual time would move
    /// while they work, so this holds it.
    pub(crate) async fn run<T>(
        &self,
        asked: impl Future<Output = sqlx::Result<T>> + Send,
    ) -> sqlx::Result<T> {
        #[cfg(test)]
        let _held = cordial::testing::hold_time();
        asked.await
    }
}

/// Closes the database when the bot stops and nothing needs it any more. Everything is then in one file.
#[task(on = "stop")]
pub(crate) async fn close(_: &Context, database: State<Database>) -> Result<()> {
    let closing = async {
        database.pool.close().await;
        Ok(())
    };
    database.run(closing).await?;
    Ok(())
}

/// The migrations, compiled into the program: the bot is one file.
#[derive(Debug)]
struct Embedded;

impl MigrationSource<'static> for Embedded {
    fn resolve(self) -> Pin<Box<dyn Future<Output = Result<Vec<Migration>, BoxDynError>> + Send>> {
        let migrations = MIGRATIONS.iter().map(|(version, name, sql)| {
            let kind = MigrationType::Simple;
            Migration::new(*version, (*name).into(), kind, (*sql).into(), false)
        });
        let migrations = migrations.collect();
        Box::pin(async { Ok(migrations) })
    }
}

/// A Discord id in a column. SQLite's integers are signed.
pub(crate) struct Key<T>(pub(crate) Id<T>);

impl<T> Type<Sqlite> for Key<T> {
    fn type_info() -> SqliteTypeInfo {
        <i64 as Type<Sqlite>>::type_info()
    }

    fn compatible(ty: &SqliteTypeInfo) -> bool {
        <i64 as Type<Sqlite>>::compatible(ty)
    }
}

impl<'q, T> Encode<'q, Sqlite> for Key<T> {
    fn encode_by_ref(
        &self,
        arguments: &mut Vec<SqliteArgumentValue<'q>>,
    ) -> Result<IsNull, BoxDynError> {
        Encode::<Sqlite>::encode(self.0.get().cast_signed(), arguments)
    }
}

impl<'r, T> Decode<'r, Sqlite> for Key<T> {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        let number = <i64 as Decode<Sqlite>>::decode(value)?.cast_unsigned();
        let id = Id::new_checked(number).ok_or("0 is no id of Discord's")?;
        Ok(Self(id))
    }
}
