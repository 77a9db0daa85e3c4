//! Queries of the catalog: an expression for each fact, true if the object exists, NULL if that cannot be determined.

mod mysql;
mod postgres;
mod sqlite;

use migrate_sql::Dialect;

pub(super) use self::mysql::{columns, index_columns};
pub(super) use self::postgres::{literal, regclass};
use super::thing::Fact;

/// Returns the expression for whether a fact's object exists; `None` if the engine has no such objects.
pub(super) fn question(fact: &Fact, dialect: Dialect) -> Option<String> {
    match dialect {
        Dialect::Postgres => postgres::question(fact),
        Dialect::Mysql => mysql::question(fact),
        Dialect::Sqlite => sqlite::question(fact),
    }
}
