//! Other connections to the database of a run, for what its own cannot do while it waits: show that the run is alive,
//! see what blocks it, stop its statement.

use std::fmt;
use std::sync::Arc;

use futures_core::future::BoxFuture;

use crate::connection::{Connection, DatabaseError};

/// Opens connections like the one a run was given. A run on a connection that an application brought has none.
#[derive(Clone)]
pub(crate) struct Companion {
    open: Arc<dyn Fn() -> BoxFuture<'static, Result<Connection, DatabaseError>> + Send + Sync>,
}

impl fmt::Debug for Companion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Companion").finish_non_exhaustive()
    }
}

impl Companion {
    pub(crate) fn new(
        open: impl Fn() -> BoxFuture<'static, Result<Connection, DatabaseError>> + Send + Sync + 'static,
    ) -> Self {
        Self { open: Arc::new(open) }
    }

    /// Opens one more connection.
    pub(crate) async fn open(&self) -> Result<Connection, DatabaseError> {
        (self.open)().await
    }
}
