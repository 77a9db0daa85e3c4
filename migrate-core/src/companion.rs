//! Other connections to the database of a run, for what its own cannot do while it waits: show that the run is alive,
//! see what blocks it, stop its statement.

use std::fmt;
use std::sync::Arc;

use futures_core::future::BoxFuture;

use crate::connection::{Connection, DatabaseError};

/// The setting that tells a session of one's own from one that a pooler lends.
pub(crate) const MARK: &str = "migrate.mark";

/// Opens connections like the one a run was given. A run on a connection that an application brought has none.
#[derive(Clone)]
pub(crate) struct Companion {
    open: Arc<Open>,
}

/// Opens a connection, whose session knows a word if there is one and if it is the connection's own.
type Open =
    dyn Fn(Option<String>) -> BoxFuture<'static, Result<Connection, DatabaseError>> + Send + Sync;

impl fmt::Debug for Companion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Companion").finish_non_exhaustive()
    }
}

impl Companion {
    pub(crate) fn new(
        open: impl Fn(Option<String>) -> BoxFuture<'static, Result<Connection, DatabaseError>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self { open: Arc::new(open) }
    }

    /// Opens one more connection.
    pub(crate) async fn open(&self) -> Result<Connection, DatabaseError> {
        (self.open)(None).await
    }

    /// The same, to a session of PostgreSQL that begins by setting [`MARK`] to this word. What
    /// stands between may refuse that.
    pub(crate) async fn open_marked(&self, word: &str) -> Result<Connection, DatabaseError> {
        (self.open)(Some(word.to_owned())).await
    }
}
