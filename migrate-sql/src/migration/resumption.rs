//! How an unfinished migration is resumed.

/// What the next run does with a migration that an earlier run left unfinished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resumption {
    /// Continues at the first statement that is not done.
    #[default]
    Continue,
    /// Runs all of it again from the start: the migration says that this is safe.
    Rerun,
}
