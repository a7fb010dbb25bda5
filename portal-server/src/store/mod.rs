//! The database: SQLite inside the program, or PostgreSQL beside it, by one code.
//!
//! Entities, migrations and the queries of each area stand in the modules below; nobody else writes SQL or knows
//! tables. Invariants: every change happens in one transaction; SQLite is written through one connection, so that
//! writers queue instead of failing; a row that works once is taken by an update that names its old state, which
//! holds on both databases whatever else runs at the same time.

pub mod apps;
pub mod audit;
pub mod devices;
pub mod entities;
pub mod links;
pub mod migrations;
pub mod outbox;
pub mod persons;
pub mod sharing;

use std::{path::Path, time::Duration};

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqlErr,
    TransactionTrait,
};
use sea_orm_migration::MigratorTrait;
use secrecy::{ExposeSecret, SecretString};

use crate::{files::create_private_file, refusal::Cause};

/// The database, open and migrated.
#[derive(Clone)]
pub struct Store {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
}

impl Store {
    /// Opens SQLite in a file, making it where it is not there, and brings its tables up to date.
    ///
    /// # Errors
    /// When the file cannot be opened or its tables cannot be brought up to date.
    pub async fn open_sqlite(file: &Path) -> Result<Self, DbErr> {
        match create_private_file(file) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                let place = file.display();
                return Err(DbErr::Conn(sea_orm::RuntimeErr::Internal(format!("{place}: {error}"))));
            }
            _ => {}
        }
        let writer = Database::connect(sqlite_options(file, 1)).await?;
        migrations::Migrator::up(&writer, None).await?;
        let reader = Database::connect(sqlite_options(file, 4)).await?;
        Ok(Self { writer, reader })
    }

    /// Connects to PostgreSQL and brings its tables up to date.
    ///
    /// # Errors
    /// When the server cannot be reached or the tables cannot be brought up to date.
    pub async fn open_postgres(url: &SecretString) -> Result<Self, DbErr> {
        let mut options = ConnectOptions::new(url.expose_secret());
        options.max_connections(16).sqlx_logging(false).acquire_timeout(Duration::from_secs(10));
        options.set_application_name("playsheet-portal");
        let pool = Database::connect(options).await?;
        migrations::Migrator::up(&pool, None).await?;
        Ok(Self { writer: pool.clone(), reader: pool })
    }

    /// For reading.
    #[must_use]
    pub const fn read(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Begins a transaction for writing. Dropped without commit, it changes nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn write(&self) -> Result<DatabaseTransaction, DbErr> {
        self.writer.begin().await
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.reader.ping().await
    }

    /// Which database it is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.writer.get_database_backend()
    }

    /// Closes all connections.
    ///
    /// # Errors
    /// When a connection was broken already.
    pub async fn close(self) -> Result<(), DbErr> {
        self.reader.close().await?;
        self.writer.close().await
    }
}

fn sqlite_options(file: &Path, connections: u32) -> ConnectOptions {
    let file = file.to_owned();
    let mut options = ConnectOptions::new("sqlite://portal.sqlite");
    options.max_connections(connections).sqlx_logging(false).acquire_timeout(Duration::from_secs(30));
    // Connections are kept: opening a new one for each idle period would only cost.
    options.min_connections(1).idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .filename(&file)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "NORMAL")
            .pragma("secure_delete", "ON")
            .pragma("trusted_schema", "OFF")
    });
    options
}

/// Whether an insert failed because another row has the same key.
#[must_use]
pub fn is_duplicate(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// Reads an id that the portal itself wrote.
///
/// # Errors
/// When the stored text is none: the database was changed by hand.
pub fn stored_id<T: std::str::FromStr>(text: &str) -> Result<T, Cause> {
    text.parse().map_err(|_| Cause::Stored("an id does not read".to_owned()))
}

/// A number as the database keeps it.
#[must_use]
pub fn stored_number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number that the portal itself wrote.
#[must_use]
pub fn read_number(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}
