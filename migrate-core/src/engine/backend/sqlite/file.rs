//! The file of a SQLite database, before the engine opens it: created for its owner only, and refused with a better message
//! than the engine's "unable to open database file".

use std::fs::{self, OpenOptions};
use std::io;
#[cfg(unix)]
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::engine::connection::{DatabaseError, ErrorKind};

/// Creates the file if it does not exist, readable only by its owner. The engine gives journal and WAL the same mode.
pub(super) fn create(path: &Path) -> Result<(), DatabaseError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        // This is also a dangling link, which the engine follows.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(refusal(path, &error, "create")),
    }
}

/// Checks that there is a file that can be opened.
pub(super) fn look(path: &Path) -> Result<(), DatabaseError> {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => {
            Err(refused(format!("`{}` is a folder", path.display()), "name a file in it"))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(refusal(path, &error, "open")),
    }
}

fn refusal(path: &Path, error: &io::Error, verb: &str) -> DatabaseError {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        let message = format!("the folder `{}` does not exist", folder.display());
        return refused(
            message,
            "create the folder, or correct the path; without a leading `/` it is relative to the current folder: `sqlite:data/shop.db`",
        );
    }
    let message = format!("cannot {verb} `{}`: {error}", path.display());
    refused(message, "check the path, and that this user may read and write there")
}

fn refused(message: String, hint: &str) -> DatabaseError {
    DatabaseError {
        hint: Some(hint.to_owned()),
        ..DatabaseError::new(ErrorKind::Connection, message)
    }
}
