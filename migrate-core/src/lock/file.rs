//! A lock beside a SQLite file, for plans with a step that no transaction holds.
//!
//! SQLite's own write lock ends with each transaction. Between the statements of such a step another process would take it
//! for one that was left half-done, and go on with it. The operating system frees this lock when its process ends,
//! however it ends, so that what is half-done under it was left so.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::{fs, process};

use crate::connection::{Connection, DatabaseError, ErrorKind};
use crate::holder::{Holder, HolderKind};
use crate::lock::{LockError, Waiting};
use crate::observer::Observer;

/// What is added to the name of the database's file.
const SUFFIX: &str = "-migrate-lock";

/// Held until it is dropped.
#[derive(Debug)]
pub(crate) struct FileLock {
    #[expect(dead_code, reason = "kept for its end, which frees the lock")]
    file: Option<File>,
}

impl FileLock {
    /// Takes the lock, waiting for another process to end. A database in memory has no file, and is nobody else's.
    pub(crate) async fn acquire(
        connection: &mut Connection,
        mut waiting: Waiting,
        observer: &mut dyn Observer,
    ) -> Result<Self, LockError> {
        // Who rewrites the whole file keeps others from reading even its name.
        let database = loop {
            match database(connection).await {
                Ok(Some(database)) => break database,
                Ok(None) => return Ok(Self { file: None }),
                Err(error) if error.kind == ErrorKind::LockTimeout => {
                    waiting.wait_for(Holder::new(HolderKind::File), observer).await?;
                }
                Err(error) => return Err(LockError::Database(error)),
            }
        };
        let path = beside(&database);
        let refused = |error: io::Error| {
            let message = format!("{}: {error}", path.display());
            let denied = error.kind() == io::ErrorKind::PermissionDenied;
            let kind = if denied { ErrorKind::Privilege } else { ErrorKind::Other };
            LockError::Database(DatabaseError::new(kind, message))
        };
        let mut file = open(&database, &path).map_err(refused)?;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(refused(error)),
            }
            waiting.wait_for(signed(&path), observer).await?;
        }
        sign(&mut file).map_err(refused)?;
        Ok(Self { file: Some(file) })
    }
}

/// Who holds the lock, if anybody does. Whoever would take it at this very moment is kept waiting for another.
pub(super) async fn holder(connection: &mut Connection) -> Result<Option<Holder>, DatabaseError> {
    let Some(database) = database(connection).await? else { return Ok(None) };
    let path = beside(&database);
    let Ok(file) = File::open(&path) else { return Ok(None) };
    let held = matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
    Ok(held.then(|| signed(&path)))
}

/// The process that has signed the lock.
fn signed(path: &Path) -> Holder {
    let pid = fs::read_to_string(path).ok().and_then(|pid| pid.trim().parse().ok());
    Holder { pid, ..Holder::new(HolderKind::File) }
}

/// Says for others who holds it.
fn sign(file: &mut File) -> io::Result<()> {
    file.rewind()?;
    file.set_len(0)?;
    writeln!(file, "{}", process::id())
}

/// Opens the lock's own file. It is never removed: another process may have opened it and be waiting for it.
fn open(database: &Path, path: &Path) -> io::Result<File> {
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(file) => {
            // Whoever may write the database may take the lock, and nobody else.
            file.set_permissions(fs::metadata(database)?.permissions())?;
            Ok(file)
        }
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        // In a folder that others write to, it could lead to a file that is not to be written.
        Err(_) if fs::symlink_metadata(path)?.is_symlink() => {
            Err(io::Error::other("it is a link, which no lock of ours is"))
        }
        Err(_) => OpenOptions::new().write(true).open(path),
    }
}

/// The database's file.
async fn database(connection: &mut Connection) -> Result<Option<PathBuf>, DatabaseError> {
    let query = "SELECT file FROM pragma_database_list WHERE name = 'main'";
    let database: Option<String> = connection.fetch_value(query).await?.flatten();
    Ok(database.filter(|file| !file.is_empty()).map(PathBuf::from))
}

/// The lock's own file.
fn beside(database: &Path) -> PathBuf {
    let mut path = database.to_owned().into_os_string();
    path.push(SUFFIX);
    path.into()
}
