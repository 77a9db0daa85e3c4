//! Where file locks could conflict with SQLite's, only the lock file next to the database is used.

use std::io;
use std::path::Path;

/// A lock that is never acquired.
#[derive(Debug)]
pub(in crate::run::lock) enum Itself {}

/// The result of trying to acquire the lock.
#[derive(Debug)]
pub(in crate::run::lock) enum Attempt {
    #[expect(dead_code, reason = "this lock is not possible here")]
    Had(Itself),
    #[expect(dead_code, reason = "this lock is not possible here")]
    Held(Option<i64>),
    None,
}

pub(in crate::run::lock) fn try_lock(_: &Path) -> io::Result<Attempt> {
    Ok(Attempt::None)
}

pub(in crate::run::lock) fn look(_: &Path) -> io::Result<Attempt> {
    Ok(Attempt::None)
}
