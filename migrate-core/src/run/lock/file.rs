//! A lock on a SQLite file and one on a file next to it, for plans with a step that does not run in a transaction, and for
//! commands that correct history meanwhile.
//!
//! SQLite's own write lock ends with each transaction. Between the statements of such a step, another process would take the
//! step for unfinished and resume it. The operating system releases this lock when the process ends, however it ends.

#[cfg(target_os = "linux")]
mod itself;
#[cfg(not(target_os = "linux"))]
#[path = "file/nowhere.rs"]
mod itself;

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::{fs, process};

use self::itself::{Attempt, Itself};
use crate::engine::connection::{Connection, DatabaseError, ErrorKind};
use crate::engine::holder::{Holder, HolderKind};
use crate::run::lock::{LockError, Waiting};
use crate::run::observer::Observer;

/// The suffix of the lock file's name.
const SUFFIX: &str = "-migrate-lock";

/// A lock that is held until it is dropped.
#[derive(Debug, Default)]
pub(crate) struct FileLock {
    #[expect(dead_code, reason = "kept for its end, which frees the lock")]
    beside: Option<File>,
    #[expect(dead_code, reason = "kept for its end, which frees the lock")]
    itself: Option<Itself>,
}

impl FileLock {
    /// Acquires the lock, and waits for another process to end. A database in memory has no file and needs no lock.
    ///
    /// The lock file comes first, which is all that earlier versions know, then the database file: always in this order, so
    /// that no two processes wait for each other.
    pub(crate) async fn acquire(
        connection: &mut Connection,
        mut waiting: Waiting,
        observer: &mut dyn Observer,
    ) -> Result<Self, LockError> {
        // A process that rewrites the whole file blocks even reading its name.
        let database = loop {
            match database(connection).await {
                Ok(Some(database)) => break database,
                Ok(None) => return Ok(Self::default()),
                Err(error) if error.kind == ErrorKind::LockTimeout => {
                    waiting.wait_for(Holder::new(HolderKind::File), observer).await?;
                }
                Err(error) => return Err(LockError::Database(error)),
            }
        };
        let beside = lock_beside(&database, (&mut waiting, &mut *observer)).await;
        let beside = match beside {
            Err(error) if !is_of_access(&error) => return Err(error),
            beside => beside,
        };
        let itself = lock_itself(&database, (&mut waiting, observer)).await?;
        match beside {
            Ok(file) => Ok(Self { beside: Some(file), itself }),
            // The lock file cannot be created, nor could earlier versions create it.
            Err(_) if itself.is_some() => Ok(Self { beside: None, itself }),
            Err(error) => Err(error),
        }
    }
}

/// Locks the file next to the database, by the name under which the database was opened.
async fn lock_beside(
    database: &Path,
    (waiting, observer): (&mut Waiting, &mut dyn Observer),
) -> Result<File, LockError> {
    let path = beside(database);
    let refused = |error: io::Error| refused(&path, &error);
    let mut file = open(database, &path).map_err(refused)?;
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(refused(error)),
        }
        waiting.wait_for(signed(&path), observer).await?;
    }
    sign(&mut file).map_err(refused)?;
    Ok(file)
}

/// Locks the database file itself, whatever its name; `None` where that is not possible.
async fn lock_itself(
    database: &Path,
    (waiting, observer): (&mut Waiting, &mut dyn Observer),
) -> Result<Option<Itself>, LockError> {
    loop {
        match itself::try_lock(database).map_err(|error| refused(database, &error))? {
            Attempt::Had(itself) => return Ok(Some(itself)),
            Attempt::None => return Ok(None),
            Attempt::Held(pid) => waiting.wait_for(held_by(pid), observer).await?,
        }
    }
}

fn refused(path: &Path, error: &io::Error) -> LockError {
    let message = format!("{}: {error}", path.display());
    let is = |kind| error.kind() == kind;
    let kind = if is(io::ErrorKind::PermissionDenied) {
        ErrorKind::Privilege
    } else if is(io::ErrorKind::ReadOnlyFilesystem) {
        ErrorKind::ReadOnly
    } else {
        ErrorKind::Other
    };
    LockError::Database(DatabaseError::new(kind, message))
}

/// Returns whether a lock failed because no file can be created there.
fn is_of_access(error: &LockError) -> bool {
    matches!(error, LockError::Database(error) if matches!(error.kind, ErrorKind::Privilege | ErrorKind::ReadOnly))
}

fn held_by(pid: Option<i64>) -> Holder {
    Holder { pid, ..Holder::new(HolderKind::File) }
}

/// Returns the holder of the lock, if there is one. A process that tries to acquire it at the same moment has to retry.
pub(super) async fn holder(connection: &mut Connection) -> Result<Option<Holder>, DatabaseError> {
    let Some(database) = database(connection).await? else { return Ok(None) };
    let path = beside(&database);
    let file = File::open(&path).ok();
    if file.is_some_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))) {
        return Ok(Some(signed(&path)));
    }
    Ok(match itself::look(&database) {
        Ok(Attempt::Held(pid)) => Some(held_by(pid)),
        Ok(Attempt::Had(_) | Attempt::None) | Err(_) => None,
    })
}

/// Returns the process whose id is in the lock file.
fn signed(path: &Path) -> Holder {
    held_by(fs::read_to_string(path).ok().and_then(|pid| pid.trim().parse().ok()))
}

/// Writes this process's id into the lock file.
fn sign(file: &mut File) -> io::Result<()> {
    file.rewind()?;
    file.set_len(0)?;
    writeln!(file, "{}", process::id())
}

/// Opens the lock file. It is never removed: another process may have opened it and be waiting.
fn open(database: &Path, path: &Path) -> io::Result<File> {
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(file) => {
            // The same users may lock that may write to the database.
            file.set_permissions(fs::metadata(database)?.permissions())?;
            Ok(file)
        }
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        // In a folder that others may write to, a link could point to a file that must not be written.
        Err(_) if fs::symlink_metadata(path)?.is_symlink() => {
            Err(io::Error::other("it is a link, which no lock of ours is"))
        }
        Err(_) => OpenOptions::new().write(true).open(path),
    }
}

/// Returns the path of the database's file.
async fn database(connection: &mut Connection) -> Result<Option<PathBuf>, DatabaseError> {
    let query = "SELECT file FROM pragma_database_list WHERE name = 'main'";
    let database: Option<String> = connection.fetch_value(query).await?.flatten();
    Ok(database.filter(|file| !file.is_empty()).map(PathBuf::from))
}

/// Returns the path of the lock file.
fn beside(database: &Path) -> PathBuf {
    let mut path = database.to_owned().into_os_string();
    path.push(SUFFIX);
    path.into()
}
