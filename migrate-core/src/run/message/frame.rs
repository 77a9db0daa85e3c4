//! What stands at the two ends of each transaction, where the lock or the session is not simply the connection's own.

use migrate_sql::Dialect;

use crate::run::message::END;

/// The ends of a run's transactions.
#[derive(Clone, Debug, Default)]
pub(crate) struct TransactionFrame {
    /// What each transaction sets for itself, because the session must be left as it was found.
    pub(crate) local: Option<Vec<String>>,
    /// What fails the transaction of a run that has lost its lease.
    pub(crate) fence: Option<String>,
    /// The transaction is begun already, and this puts the session back before it ends.
    pub(crate) restore: Option<Vec<String>>,
}

/// What tells whether the transaction around code is still the one that was begun for it: a point that goes with it.
pub(crate) const HOLD: &str = "SAVEPOINT _migrate_code";

/// Fails where that point is gone.
pub(crate) const HELD: &str = "RELEASE SAVEPOINT _migrate_code";

/// Goes back to that point, and fails where it is gone.
pub(crate) const BACK: &str = "ROLLBACK TO SAVEPOINT _migrate_code";

/// Nothing at either end.
pub(crate) static UNBOUND: TransactionFrame =
    TransactionFrame { local: None, fence: None, restore: None };

impl TransactionFrame {
    /// Whether what is written outside a step's transaction needs one of its own.
    pub(crate) fn need_transaction(&self) -> bool {
        self.local.is_some() || self.fence.is_some()
    }

    /// The statement that begins a transaction.
    pub(crate) fn begin(&self, dialect: Dialect) -> &'static str {
        match dialect {
            // The owner's beats change the fence's row all the time, which a transaction that looks at one moment only
            // would take for a conflict.
            Dialect::Postgres if self.fence.is_some() => "BEGIN ISOLATION LEVEL READ COMMITTED",
            Dialect::Postgres | Dialect::Sqlite => "BEGIN",
            Dialect::Mysql => "START TRANSACTION",
        }
    }

    /// Begins a transaction, as one text.
    pub(crate) fn opening(&self, dialect: Dialect) -> String {
        let begin = [self.begin(dialect)].into_iter();
        let set = self.local.iter().flatten().map(String::as_str);
        begin.chain(set).flat_map(|statement| [statement, END]).collect()
    }

    /// Ends it, as one text.
    pub(crate) fn closing(&self) -> String {
        let fence = self.fence.as_deref().into_iter();
        fence.chain(["COMMIT"]).flat_map(|statement| [statement, END]).collect()
    }

    /// Writes to history, as one text: in a transaction of its own where it needs one.
    pub(crate) fn around(&self, statements: &[String], dialect: Dialect) -> String {
        let written = statements.join(END);
        if self.need_transaction() {
            format!("{}{written}{END}{}", self.opening(dialect), self.closing())
        } else {
            written
        }
    }
}
