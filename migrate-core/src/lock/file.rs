//! A lock beside a SQLite file, for plans with a step that no transaction holds.
//!
//! SQLite's own write lock ends with each transaction. Between the statements of such a step another process would take it
//! for one that was left half-done, and go on with it. The operating system frees this lock when its process ends,
//! however it ends, so that what is half-done under it was left so.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Seek as _, Write as _};
use std::path::PathBuf;
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
        let Some(path) = path(connection).await.map_err(LockError::Database)? else {
            return Ok(Self { file: None });
        };
        let refused = |error: io::Error| {
            let message = format!("{}: {error}", path.display());
            LockError::Database(DatabaseError::new(ErrorKind::Other, message))
        };
        // Never removed: another process may have opened it and be waiting for it.
        let open = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let mut file = open.map_err(refused)?;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(refused(error)),
            }
            let pid = fs::read_to_string(&path).ok().and_then(|pid| pid.trim().parse().ok());
            let holder = Holder { pid, ..Holder::new(HolderKind::File) };
            waiting.wait_for(holder, observer).await?;
        }
        sign(&mut file).map_err(refused)?;
        Ok(Self { file: Some(file) })
    }
}

/// Says for others who holds it.
fn sign(file: &mut File) -> io::Result<()> {
    file.rewind()?;
    file.set_len(0)?;
    writeln!(file, "{}", process::id())
}

/// The lock's own file.
async fn path(connection: &mut Connection) -> Result<Option<PathBuf>, DatabaseError> {
    let query = "SELECT file FROM pragma_database_list WHERE name = 'main'";
    let database: Option<String> = connection.fetch_value(query).await?.flatten();
    Ok(database
        .filter(|file| !file.is_empty())
        .map(|file| PathBuf::from(format!("{file}{SUFFIX}"))))
}
