//! A barrier: a code migration waits there until the case opens it.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// Passed to migrations with `Migrator::with`; the case keeps a clone.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Ways>);

#[derive(Debug)]
struct Ways {
    inward: Semaphore,
    outward: Semaphore,
}

impl Default for Gate {
    fn default() -> Self {
        Self(Arc::new(Ways { inward: Semaphore::new(0), outward: Semaphore::new(0) }))
    }
}

impl Gate {
    /// For the migration: reports that it is here, and waits until the gate is opened.
    pub async fn pass(&self) {
        self.0.inward.add_permits(1);
        self.0.outward.acquire().await.expect("an open gate").forget();
    }

    /// For the case: waits until the migration is here.
    pub async fn reached(&self) {
        self.0.inward.acquire().await.expect("an open gate").forget();
    }

    /// For the case: lets the migration continue.
    pub fn open(&self) {
        self.0.outward.add_permits(1);
    }
}
