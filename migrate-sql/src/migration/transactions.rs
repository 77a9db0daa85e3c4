//! Where a migration runs in a transaction.

use crate::text::Dialect;

/// On which dialects a migration runs in a transaction, as far as the dialect allows.
///
/// ```
/// use migrate_sql::{Dialect, Transactions};
///
/// let transactions = Transactions::ALL.with(Dialect::Postgres, false);
/// assert!(!transactions.on(Dialect::Postgres));
/// assert!(transactions.on(Dialect::Sqlite));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transactions {
    postgres: bool,
    mysql: bool,
    sqlite: bool,
}

impl Transactions {
    /// On all of them.
    pub const ALL: Self = Self::of(true);
    /// On none.
    pub const NONE: Self = Self::of(false);

    /// On all of them or on none.
    pub const fn of(transaction: bool) -> Self {
        Self { postgres: transaction, mysql: transaction, sqlite: transaction }
    }

    /// Whether it does on this dialect.
    pub const fn on(self, dialect: Dialect) -> bool {
        match dialect {
            Dialect::Postgres => self.postgres,
            Dialect::Mysql => self.mysql,
            Dialect::Sqlite => self.sqlite,
        }
    }

    /// The same but for one dialect.
    #[must_use]
    pub const fn with(mut self, dialect: Dialect, transaction: bool) -> Self {
        match dialect {
            Dialect::Postgres => self.postgres = transaction,
            Dialect::Mysql => self.mysql = transaction,
            Dialect::Sqlite => self.sqlite = transaction,
        }
        self
    }
}
