//! What servers can do, by their versions.

use super::ParsedScript;
use migrate_sql::Product;

/// The first versions of MySQL and MariaDB that can do something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Since {
    mysql: Option<[u16; 3]>,
    mariadb: Option<[u16; 3]>,
}

impl Since {
    /// `ADD COLUMN` behind the others without touching a row.
    pub(crate) const INSTANT_ADD: Self =
        Self { mysql: Some([8, 0, 12]), mariadb: Some([10, 3, 0]) };

    /// `ADD COLUMN` between the others, and `DROP COLUMN`, without touching a row.
    pub(crate) const INSTANT_ANYWHERE: Self =
        Self { mysql: Some([8, 0, 29]), mariadb: Some([10, 4, 0]) };

    /// `ADD COLUMN … CHECK` without touching a row.
    pub(crate) const INSTANT_CHECK: Self = Self { mysql: None, mariadb: Some([10, 3, 0]) };

    /// `REFERENCES` in a column's definition means something.
    pub(crate) const INLINE_REFERENCES: Self =
        Self { mysql: Some([9, 0, 0]), mariadb: Some([10, 5, 0]) };

    /// Copying a table does not block those who write to it.
    pub(crate) const ONLINE_COPY: Self = Self { mysql: None, mariadb: Some([11, 2, 0]) };

    /// `TIMESTAMP` goes beyond the year 2038.
    pub(crate) const LATE_TIMESTAMP: Self = Self { mysql: None, mariadb: Some([11, 5, 0]) };
}

impl ParsedScript<'_> {
    /// Whether the server can do it; nothing if no server is named.
    pub(crate) fn can(&self, since: Since) -> Option<bool> {
        let server = self.server?;
        let since = match server.product() {
            Product::Mysql => since.mysql,
            Product::Mariadb => since.mariadb,
            Product::Postgres | Product::Sqlite => None,
        };
        Some(since.is_some_and(|since| server.version() >= since))
    }
}
