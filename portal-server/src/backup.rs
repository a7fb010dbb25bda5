//! Backups of a portal on SQLite and a local folder, and restoring them.
//!
//! A backup is a folder: `manifest.json`, the sealed database, the sealed instance key, and the objects, which are
//! sealed by their own keys already. Database and key are sealed in the format of [`crate::sealing`], under a key
//! that PBKDF2 makes of a passphrase: who steals the folder has nothing. A portal on PostgreSQL is backed up with that
//! database's own tools, plus objects and key; the refusal says how.
//!
//! A restored portal has forgotten what happened after the backup: withdrawn devices, used links. So restoring signs
//! every device out and ends every open link for resetting a password.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use pbkdf2::{Algorithm, Params, Pbkdf2};
use portal_api::ObjectId;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, QueryFilter, Statement, sea_query::Expr,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::Url;
use zeroize::Zeroizing;

use crate::{
    app::{StartError, build},
    clock::{Clock, SystemClock},
    config::{Config, MIN_ITERATIONS},
    refusal::{Cause, Refusal},
    sealing::{self, DataKey, OpenError},
    security::bytes::{from_base64, random, to_base64},
    store::{
        Store,
        entities::{device, link, person},
    },
};

/// Why a backup could not be made or restored.
#[derive(Debug, Error)]
pub enum BackupError {
    /// A file or folder could not be read or written.
    #[error("{path}: {reason}")]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        reason: std::io::Error,
    },
    /// The portal that is to be backed up is on PostgreSQL.
    #[error(
        "this portal keeps its data in PostgreSQL, which only PostgreSQL's own tools can copy. Back up three things, in \
         this order:\n  1. the database: pg_dump --format=custom --file=portal.dump \"{}\"\n  2. the folder of \
         spreadsheets, sealed as they are: {}\n  3. the instance key, which opens them, in a place apart: {}",
        .0.database, .0.objects.display(), .0.key.display()
    )]
    PostgresBackup(Box<Places>),
    /// The portal that is to be restored is on PostgreSQL.
    #[error(
        "this portal keeps its data in PostgreSQL, which only PostgreSQL's own tools can restore. With the portal \
         stopped:\n  1. the database: pg_restore --clean --if-exists --dbname=\"{}\" portal.dump\n  2. the folder of \
         spreadsheets, back to {}\n  3. the instance key, back to {}, readable for the portal's user alone",
        .0.database, .0.objects.display(), .0.key.display()
    )]
    PostgresRestore(Box<Places>),
    /// The passphrase is too short to protect anything.
    #[error("the passphrase needs at least 15 characters")]
    ShortPassphrase,
    /// The folder to back up into, or to restore into, has something in it.
    #[error("{0} is not empty; name a new folder")]
    NotEmpty(PathBuf),
    /// The folder is no backup.
    #[error("{0} is not a backup of a portal")]
    NotABackup(PathBuf),
    /// A sealed file does not open.
    #[error("{file} does not open: the passphrase is wrong, or the file was changed")]
    Sealed {
        /// The file.
        file: &'static str,
    },
    /// The portal failed.
    #[error(transparent)]
    Inner(#[from] Cause),
    /// The restored portal does not start.
    #[error(transparent)]
    Start(#[from] StartError),
}

/// Where a portal on PostgreSQL keeps what has to be backed up.
#[derive(Debug)]
pub struct Places {
    /// The database's address without the password.
    database: String,
    objects: PathBuf,
    key: PathBuf,
}

impl Places {
    /// The places of a portal on PostgreSQL; nothing where it is on SQLite.
    fn on_postgres(config: &Config) -> Option<Box<Self>> {
        let url = config.database_url.as_ref()?;
        let mut shown = Url::parse(url.expose_secret()).ok();
        if let Some(url) = &mut shown {
            // An address that cannot carry a password has none.
            let _ = url.set_password(None);
            url.set_query(None);
        }
        Some(Box::new(Self {
            database: shown.map_or_else(|| "postgres://HOST/DATABASE".to_owned(), String::from),
            objects: config.objects_dir(),
            key: config.key_file(),
        }))
    }
}

impl From<sea_orm::DbErr> for BackupError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Inner(Cause::Database(error))
    }
}

#[derive(Serialize, Deserialize)]
struct Manifest {
    schema: u32,
    made_ms: i64,
    salt: String,
    iterations: u32,
    database: ObjectId,
    instance_key: ObjectId,
}

const MANIFEST: &str = "manifest.json";
const DATABASE: &str = "database.sealed";
const KEY: &str = "instance-key.sealed";
const OBJECTS: &str = "objects";

/// Backs the portal up into a new or empty folder. The portal may go on serving meanwhile. Answers with the number
/// of objects.
///
/// # Errors
/// When the portal is on PostgreSQL, the folder is in use, or something cannot be read or written.
pub async fn backup(config: &Config, folder: &Path, passphrase: &SecretString) -> Result<usize, BackupError> {
    if let Some(places) = Places::on_postgres(config) {
        return Err(BackupError::PostgresBackup(places));
    }
    require_empty(folder)?;
    let salt = random::<16>()?;
    let key = derive(passphrase, &salt, MIN_ITERATIONS)?;
    make_private(folder)?;
    let snapshot = snapshot(config).await?;
    let manifest = Manifest {
        schema: 1,
        made_ms: SystemClock.now_ms(),
        salt: to_base64(&salt),
        iterations: MIN_ITERATIONS,
        database: ObjectId::mint(),
        instance_key: ObjectId::mint(),
    };
    write(&folder.join(DATABASE), &sealing::seal(manifest.database, &key, &snapshot)?)?;
    let secret = Zeroizing::new(read(&config.key_file())?);
    write(&folder.join(KEY), &sealing::seal(manifest.instance_key, &key, &secret)?)?;
    let objects = copy_folder(&config.objects_dir(), &folder.join(OBJECTS))?;
    // Last, so that a folder without it is known to be half a backup.
    let text = serde_json::to_vec_pretty(&manifest).map_err(|error| Cause::Document(error.to_string()))?;
    write(&folder.join(MANIFEST), &text)?;
    Ok(objects)
}

/// The database as it is at one moment, complete in one file.
async fn snapshot(config: &Config) -> Result<Zeroizing<Vec<u8>>, BackupError> {
    let file = config.data_dir.join(format!("snapshot-{}.sqlite", uuid::Uuid::new_v4().simple()));
    let store = Store::open_sqlite(&config.sqlite_file()).await?;
    let name = file.to_string_lossy().into_owned();
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [name.into()]);
    let taken = store.read().execute_raw(statement).await;
    let closed = store.close().await;
    let bytes = taken.map_err(BackupError::from).and_then(|_| read(&file));
    let removed = fs::remove_file(&file);
    let bytes = bytes?;
    removed.map_err(|reason| BackupError::File { path: file, reason })?;
    closed?;
    Ok(Zeroizing::new(bytes))
}

/// Restores a backup into the configuration's data folder, which must be new or empty, and signs everybody out.
/// Answers with the number of objects.
///
/// # Errors
/// When the data folder is in use, the passphrase is wrong, or something cannot be read or written.
pub async fn restore(config: Config, folder: &Path, passphrase: &SecretString) -> Result<usize, BackupError> {
    if let Some(places) = Places::on_postgres(&config) {
        return Err(BackupError::PostgresRestore(places));
    }
    require_empty(&config.data_dir)?;
    let not_a_backup = || BackupError::NotABackup(folder.to_owned());
    let text = fs::read(folder.join(MANIFEST)).map_err(|_| not_a_backup())?;
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|_| not_a_backup())?;
    let salt = from_base64(&manifest.salt).ok_or_else(not_a_backup)?;
    if manifest.schema != 1 || manifest.iterations > 50_000_000 {
        return Err(not_a_backup());
    }
    let key = derive(passphrase, &salt, manifest.iterations)?;
    let opened = |file: &'static str, id| {
        let sealed = read(&folder.join(file))?;
        let plain = sealing::open(id, &key, &sealed).map_err(|_: OpenError| BackupError::Sealed { file })?;
        Ok::<_, BackupError>(Zeroizing::new(plain))
    };
    // Both are opened before anything is written, so that a wrong passphrase leaves nothing behind.
    let (database, secret) = (opened(DATABASE, manifest.database)?, opened(KEY, manifest.instance_key)?);
    make_private(&config.data_dir)?;
    let objects = copy_folder(&folder.join(OBJECTS), &config.objects_dir())?;
    write(&config.key_file(), &secret)?;
    write(&config.sqlite_file(), &database)?;
    let app = build(config).await?;
    forget_sessions(&app).await.map_err(|refusal| match refusal.cause {
        Some(cause) => BackupError::Inner(*cause),
        None => BackupError::Inner(Cause::Stored(refusal.detail)),
    })?;
    Ok(objects)
}

async fn forget_sessions(app: &crate::App) -> Result<(), Refusal> {
    let portal = app.portal();
    let now_ms = portal.now_ms();
    let tx = portal.store.write().await?;
    device::Entity::update_many()
        .col_expr(device::Column::EndedMs, Expr::value(now_ms))
        .col_expr(device::Column::EndReason, Expr::value("restored"))
        .filter(device::Column::EndedMs.is_null())
        .exec(&tx)
        .await?;
    person::Entity::update_many()
        .col_expr(person::Column::Epoch, Expr::col(person::Column::Epoch).add(1))
        .exec(&tx)
        .await?;
    crate::store::entities::page_session::Entity::delete_many().exec(&tx).await?;
    link::Entity::update_many()
        .col_expr(link::Column::EndedMs, Expr::value(now_ms))
        .filter(link::Column::Kind.eq("reset"))
        .filter(link::Column::UsedMs.is_null())
        .filter(link::Column::EndedMs.is_null())
        .exec(&tx)
        .await?;
    portal.audit.append(&tx, portal.event_by("system".to_owned(), "portal.restored", "portal")).await?;
    tx.commit().await?;
    Ok(())
}

fn derive(passphrase: &SecretString, salt: &[u8], iterations: u32) -> Result<DataKey, BackupError> {
    let text = passphrase.expose_secret();
    if text.chars().count() < 15 {
        return Err(BackupError::ShortPassphrase);
    }
    let cost = Params::new(iterations).map_err(|_| Cause::Cryptography("too few iterations"))?;
    let mut key = Zeroizing::new([0; 32]);
    Pbkdf2::new(Algorithm::Pbkdf2Sha256, cost).hash_password_into(text.as_bytes(), salt, key.as_mut_slice());
    Ok(key)
}

fn require_empty(folder: &Path) -> Result<(), BackupError> {
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            Some(_) => Err(BackupError::NotEmpty(folder.to_owned())),
            None => Ok(()),
        },
        Err(reason) if reason.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(reason) => Err(BackupError::File { path: folder.to_owned(), reason }),
    }
}

fn make_private(folder: &Path) -> Result<(), BackupError> {
    crate::files::make_private_folder(folder)
        .map_err(|reason| BackupError::File { path: folder.to_owned(), reason })
}

fn read(path: &Path) -> Result<Vec<u8>, BackupError> {
    fs::read(path).map_err(|reason| BackupError::File { path: path.to_owned(), reason })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), BackupError> {
    let written = crate::files::create_private_file(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|reason| BackupError::File { path: path.to_owned(), reason })
}

/// Copies the shelves of the object storage: folders of files, no deeper.
fn copy_folder(from: &Path, to: &Path) -> Result<usize, BackupError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |reason| BackupError::File { path, reason }
    };
    make_private(to)?;
    let mut copied = 0;
    for shelf in fs::read_dir(from).map_err(failed(from))? {
        let shelf = shelf.map_err(failed(from))?;
        if !shelf.path().is_dir() {
            continue;
        }
        let target = to.join(shelf.file_name());
        make_private(&target)?;
        for object in fs::read_dir(shelf.path()).map_err(failed(&shelf.path()))? {
            let object = object.map_err(failed(&shelf.path()))?;
            let bytes = read(&object.path())?;
            write(&target.join(object.file_name()), &bytes)?;
            copied += 1;
        }
    }
    Ok(copied)
}
