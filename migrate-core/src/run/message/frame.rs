//! The beginning and end of each transaction, for leases and for sessions that are not the run's own.

use migrate_sql::Dialect;

use crate::run::message::END;

/// The beginning and end of a run's transactions.
#[derive(Clone, Debug, Default)]
pub(crate) struct TransactionFrame {
    /// The settings of each transaction, if the session itself must not be changed.
    pub(crate) local: Option<Vec<String>>,
    /// The statement that makes a transaction fail if its run has lost the lease.
    pub(crate) fence: Option<String>,
    /// The transaction is already begun, and these statements restore the session before it ends.
    pub(crate) restore: Option<Vec<String>>,
}

/// The savepoint by which it is detected whether code has ended its transaction.
pub(crate) const HOLD: &str = "SAVEPOINT _migrate_code";

/// Fails if that savepoint is gone.
pub(crate) const HELD: &str = "RELEASE SAVEPOINT _migrate_code";

/// Rolls back to that savepoint, and fails if it is gone.
pub(crate) const BACK: &str = "ROLLBACK TO SAVEPOINT _migrate_code";

/// A frame without any of this.
pub(crate) static UNBOUND: TransactionFrame =
    TransactionFrame { local: None, fence: None, restore: None };

impl TransactionFrame {
    /// Returns whether writes outside a step's transaction need a separate one.
    pub(crate) fn need_transaction(&self) -> bool {
        self.local.is_some() || self.fence.is_some()
    }

    /// Returns the statement that begins a transaction.
    pub(crate) fn begin(&self, dialect: Dialect) -> &'static str {
        match dialect {
            // Renewals change the fence's row all the time, which would be a conflict at a stricter isolation level.
            Dialect::Postgres if self.fence.is_some() => "BEGIN ISOLATION LEVEL READ COMMITTED",
            Dialect::Postgres | Dialect::Sqlite => "BEGIN",
            Dialect::Mysql => "START TRANSACTION",
        }
    }

    /// Returns the text that begins a transaction.
    pub(crate) fn opening(&self, dialect: Dialect) -> String {
        let begin = [self.begin(dialect)].into_iter();
        let set = self.local.iter().flatten().map(String::as_str);
        begin.chain(set).flat_map(|statement| [statement, END]).collect()
    }

    /// Returns the text that ends a transaction.
    pub(crate) fn closing(&self) -> String {
        let fence = self.fence.as_deref().into_iter();
        fence.chain(["COMMIT"]).flat_map(|statement| [statement, END]).collect()
    }

    /// Returns the text that writes to history, in a separate transaction if it needs one.
    pub(crate) fn around(&self, statements: &[String], dialect: Dialect) -> String {
        let written = statements.join(END);
        if self.need_transaction() {
            format!("{}{written}{END}{}", self.opening(dialect), self.closing())
        } else {
            written
        }
    }
}
