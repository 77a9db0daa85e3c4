//! Where the locks of files and those of SQLite may be in each other's way, there is but the file beside the database.

use std::io;
use std::path::Path;

/// Never had.
#[derive(Debug)]
pub(in crate::run::lock) enum Itself {}

/// What came of asking for the lock.
#[derive(Debug)]
pub(in crate::run::lock) enum Attempt {
    #[expect(dead_code, reason = "there is no such lock here")]
    Had(Itself),
    #[expect(dead_code, reason = "there is no such lock here")]
    Held(Option<i64>),
    None,
}

pub(in crate::run::lock) fn try_lock(_: &Path) -> io::Result<Attempt> {
    Ok(Attempt::None)
}

pub(in crate::run::lock) fn look(_: &Path) -> io::Result<Attempt> {
    Ok(Attempt::None)
}
