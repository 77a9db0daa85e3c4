//! Questions to the catalog: an expression for each fact, true if the thing is there, NULL if that is not told.

mod mysql;
mod postgres;
mod sqlite;

use migrate_sql::Dialect;

pub(super) use self::mysql::{columns, index_columns};
pub(super) use self::postgres::{literal, regclass};
use super::thing::Fact;

/// The question whether a fact's thing is there; nothing if the engine's catalog has no such things.
pub(super) fn question(fact: &Fact, dialect: Dialect) -> Option<String> {
    match dialect {
        Dialect::Postgres => postgres::question(fact),
        Dialect::Mysql => mysql::question(fact),
        Dialect::Sqlite => sqlite::question(fact),
    }
}
