//! The file of a SQLite database, before the engine opens it: made for nobody but its owner, and refused in words where
//! the engine would only say that it is "unable to open database file".

use std::fs::{self, OpenOptions};
use std::io;
#[cfg(unix)]
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::engine::connection::{DatabaseError, ErrorKind};

/// Makes the file if it is not there, and readable by its owner alone: it will hold data. The engine gives the files
/// beside it, journal and WAL, the mode of the file itself.
pub(super) fn create(path: &Path) -> Result<(), DatabaseError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        // Also a link that leads nowhere yet: the engine follows it.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(refusal(path, &error, "create")),
    }
}

/// Looks whether there is a file that can be opened.
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
        let message = format!("there is no folder `{}`", folder.display());
        return refused(
            message,
            "create the folder first, or correct the path; without a `/` before it, it is relative to this folder: `sqlite:data/shop.db`",
        );
    }
    let message = format!("cannot {verb} `{}`: {error}", path.display());
    refused(
        message,
        "see whether the path is right, and whether this user may read and write there",
    )
}

fn refused(message: String, hint: &str) -> DatabaseError {
    DatabaseError {
        hint: Some(hint.to_owned()),
        ..DatabaseError::new(ErrorKind::Connection, message)
    }
}
