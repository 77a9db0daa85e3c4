//! The SQL of the lease: one row, which names the run that holds it.

use migrate_sql::Dialect;

use crate::engine::process::ProcessId;
use crate::history::HistoryTable;
use crate::history::table::columns::LEASE;

/// A run that acquires the lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LeaseOwner {
    /// A word that is unique to the run.
    pub(crate) owner: String,
    pub(crate) host: String,
    pub(crate) pid: u32,
}

impl LeaseOwner {
    /// Returns this process, with a unique word.
    pub(crate) fn this_process() -> Self {
        let process = ProcessId::this();
        let (host, pid) = (process.host().to_owned(), process.pid());
        Self { owner: format!("{host}:{pid}:{}", process.word()), host, pid }
    }
}

impl HistoryTable {
    /// Returns the lease's table with its schema, quoted.
    pub(crate) fn lease(&self) -> String {
        self.qualify(&self.lease)
    }

    /// Returns the statements that create the lease, if it does not exist.
    pub(crate) fn create_lease(&self) -> [String; 2] {
        let table = self.lease();
        let row = format!("INTO {table} (id, beats, token) VALUES (1, 0, 0)");
        let row = match self.dialect {
            Dialect::Mysql => format!("INSERT IGNORE {row}"),
            Dialect::Postgres | Dialect::Sqlite => format!("INSERT {row} ON CONFLICT DO NOTHING"),
        };
        [self.for_lease(&self.create_table(&self.lease, LEASE)), self.for_lease(&row)]
    }

    /// Returns a query for a row, whose only value is [`HistoryTable::LEASE_IS_THERE`], if the lease's table exists.
    pub(crate) fn find_lease(&self) -> String {
        let there = self.text(Self::LEASE_IS_THERE);
        match self.dialect {
            Dialect::Mysql => format!(
                "SELECT {there} FROM information_schema.tables WHERE table_schema = {} AND table_name = {}",
                self.schema
                    .as_deref()
                    .map_or_else(|| "database()".to_owned(), |schema| self.text(schema)),
                self.text(&self.lease),
            ),
            Dialect::Postgres | Dialect::Sqlite => format!(
                "SELECT {there} WHERE pg_catalog.to_regclass({}) IS NOT NULL",
                self.text(&self.lease())
            ),
        }
    }

    /// The value that [`HistoryTable::find_lease`] finds.
    pub(crate) const LEASE_IS_THERE: &str = "lease";

    /// Returns the query that reads the lease.
    pub(crate) fn select_lease(&self) -> String {
        self.for_lease(&format!(
            "SELECT owner, host, pid, {since}, beats, token FROM {table} WHERE id = 1",
            since = self.as_iso("since"),
            table = self.lease(),
        ))
    }

    /// Returns the statement that acquires the lease, unless it has changed since it was read. The token increases with each
    /// owner, so that late writes of an earlier one are detected.
    pub(crate) fn take_lease(&self, owner: &LeaseOwner, token: i64, beats: i64) -> String {
        self.for_lease(&format!(
            "UPDATE {table} SET owner = {owner}, host = {host}, pid = {pid}, since = {now}, beats = 0, \
             token = token + 1 WHERE id = 1 AND token = {token} AND beats = {beats}",
            table = self.lease(),
            owner = self.text(&owner.owner),
            host = self.text(&owner.host),
            pid = owner.pid,
            now = self.now(),
        ))
    }

    /// Returns the statement that renews the lease.
    pub(crate) fn beat(&self, owner: &str, token: i64) -> String {
        self.for_lease(&format!(
            "UPDATE {} SET beats = beats + 1 WHERE {}",
            self.lease(),
            self.is_owner(owner, token)
        ))
    }

    /// Returns the statement that releases the lease. The row remains, because its token must never decrease.
    pub(crate) fn free_lease(&self, owner: &str, token: i64) -> String {
        self.for_lease(&format!(
            "UPDATE {} SET owner = NULL WHERE {}",
            self.lease(),
            self.is_owner(owner, token)
        ))
    }

    /// Returns the statement that releases the lease of a run that is gone, unless it was renewed since.
    pub(crate) fn evict(&self, token: i64, beats: i64) -> String {
        self.for_lease(&format!(
            "UPDATE {} SET owner = NULL WHERE id = 1 AND token = {token} AND beats = {beats}",
            self.lease(),
        ))
    }

    /// Returns the statement that fails if another run holds the lease by now. It is the last one in a transaction, so that
    /// the row is locked only briefly, and it writes, because a cluster only compares written rows.
    ///
    /// It fails by a subquery with two rows, the only way that PostgreSQL and MySQL share.
    pub(crate) fn fence(&self, owner: &str, token: i64) -> String {
        format!(
            "UPDATE {table} SET beats = CASE WHEN token = {token} AND owner = {owner} THEN beats + 1 \
             ELSE (SELECT 1 UNION ALL SELECT 2) END WHERE id = 1",
            table = self.lease(),
            owner = self.text(owner),
        )
    }

    fn is_owner(&self, owner: &str, token: i64) -> String {
        format!("id = 1 AND token = {token} AND owner = {}", self.text(owner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_runs_of_a_process_are_the_same_owner() {
        assert_ne!(LeaseOwner::this_process(), LeaseOwner::this_process());
    }
}
