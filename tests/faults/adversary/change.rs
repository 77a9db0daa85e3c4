//! The changes that a statement of a random plan makes, and how a human would see and undo them.

use migrate_core::Dialect;
use migrate_tests::Database;

/// One change, which must exist once after its statement was run, and not before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// A row of `noted` with this tag.
    Noted(String),
    /// A row of `loose`, a table without transactions, with this tag.
    Loose(String),
    /// One more in the row of `tally` with this id.
    Added(u32),
    /// The table of this name.
    Table(String),
    /// This column of `noted`.
    Column(String),
    /// An index of this name on `tally`, over its column `n`.
    Index(String),
}

impl Change {
    /// Returns how often the change exists.
    pub(crate) async fn count(&self, database: &Database) -> i64 {
        let sql = self.counting(database.dialect());
        database.value(&sql).await
    }

    fn counting(&self, dialect: Dialect) -> String {
        match self {
            Self::Noted(tag) => format!("SELECT count(*) FROM noted WHERE tag = '{tag}'"),
            Self::Loose(tag) => format!("SELECT count(*) FROM loose WHERE tag = '{tag}'"),
            Self::Added(id) => format!("SELECT n FROM tally WHERE id = {id}"),
            Self::Table(name) => match dialect {
                Dialect::Sqlite => format!(
                    "SELECT count(*) FROM pragma_table_info('{name}') WHERE name = 'wanted'"
                ),
                Dialect::Postgres => format!(
                    "SELECT count(*) FROM information_schema.columns \
                     WHERE table_schema = 'public' AND table_name = '{name}' AND column_name = 'wanted'"
                ),
                Dialect::Mysql => format!(
                    "SELECT count(*) FROM information_schema.columns \
                     WHERE table_schema = database() AND table_name = '{name}' AND column_name = 'wanted'"
                ),
            },
            Self::Column(name) => match dialect {
                Dialect::Sqlite => {
                    format!(
                        "SELECT count(*) FROM pragma_table_info('noted') WHERE name = '{name}' AND type = 'INTEGER'"
                    )
                }
                Dialect::Postgres => format!(
                    "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public' \
                     AND table_name = 'noted' AND column_name = '{name}' AND data_type = 'integer'"
                ),
                Dialect::Mysql => format!(
                    "SELECT count(*) FROM information_schema.columns WHERE table_schema = database() \
                     AND table_name = 'noted' AND column_name = '{name}' AND data_type = 'int'"
                ),
            },
            Self::Index(name) => match dialect {
                Dialect::Sqlite => {
                    format!("SELECT count(*) FROM pragma_index_info('{name}') WHERE name = 'n'")
                }
                Dialect::Postgres => format!(
                    "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
                     WHERE c.relname = '{name}' AND i.indisvalid AND pg_get_indexdef(i.indexrelid) LIKE '%(n)'"
                ),
                Dialect::Mysql => format!(
                    "SELECT count(*) FROM information_schema.statistics WHERE table_schema = database() \
                     AND table_name = 'tally' AND index_name = '{name}' AND column_name = 'n'"
                ),
            },
        }
    }

    /// Undoes it by hand, if it exists.
    pub(crate) async fn undo(&self, database: &Database) {
        let present = self.count(database).await > 0;
        let sql = match self {
            Self::Noted(tag) => format!("DELETE FROM noted WHERE tag = '{tag}'"),
            Self::Loose(tag) => format!("DELETE FROM loose WHERE tag = '{tag}'"),
            Self::Added(id) => format!("UPDATE tally SET n = 0 WHERE id = {id}"),
            Self::Table(name) => format!("DROP TABLE IF EXISTS {name}"),
            Self::Column(name) if present => format!("ALTER TABLE noted DROP COLUMN {name}"),
            Self::Index(name) if database.dialect() == Dialect::Mysql && present => {
                format!("DROP INDEX {name} ON tally")
            }
            Self::Index(name) if database.dialect() != Dialect::Mysql => {
                format!("DROP INDEX IF EXISTS {name}")
            }
            Self::Column(_) | Self::Index(_) => return,
        };
        database.query(&sql).await;
    }
}
