//! The dialects that crates declare, compared with the database's.

use crate::declare::migration::Migration;
use crate::graph::Graph;
use crate::sql::Dialect;

/// The migrations of a crate are not written for the database's dialect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the migrations of `{krate}` are written for {}, but this database is {dialect}",
    all(declared, "and")
)]
#[non_exhaustive]
pub struct OtherDialect {
    /// The crate.
    pub krate: String,
    /// The dialects it declares.
    pub declared: Vec<Dialect>,
    /// The database's dialect.
    pub dialect: Dialect,
}

impl OtherDialect {
    /// Compares the dialects that a crate declares with the database's. A crate that declares none fits every database.
    ///
    /// # Errors
    ///
    /// [`OtherDialect`] if `dialect` is none of those.
    pub fn refuse(krate: &str, declared: &[Dialect], dialect: Dialect) -> Result<(), Self> {
        if declared.is_empty() || declared.contains(&dialect) {
            return Ok(());
        }
        Err(Self { krate: krate.to_owned(), declared: declared.to_vec(), dialect })
    }

    /// Returns what to do about it.
    pub fn hint(&self) -> String {
        format!(
            "connect to a {} database; or, if these migrations also support {dialect}, add `{dialect}` to `dialect` in the \
            crate's `migrate.toml` and build again",
            all(&self.declared, "or"),
            dialect = self.dialect,
        )
    }
}

/// Refuses a database that a crate of the graph is not written for.
pub(crate) fn refuse_other(graph: &Graph, dialect: Dialect) -> Result<(), OtherDialect> {
    let mut migrations = graph.order().iter().map(|node| graph.migration(*node));
    let refuse = |of: &Migration| OtherDialect::refuse(&of.key.krate, &of.dialects, dialect);
    migrations.try_for_each(refuse)
}

fn all(dialects: &[Dialect], last: &str) -> String {
    let names: Vec<&str> = dialects.iter().map(|dialect| dialect.name()).collect();
    match names.split_last() {
        Some((name, [])) => (*name).to_owned(),
        Some((name, before)) => format!("{} {last} {name}", before.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(declared: &[Dialect]) -> Option<String> {
        let refused = OtherDialect::refuse("shop", declared, Dialect::Mysql).err()?;
        Some(format!("{refused}: {}", refused.hint()))
    }

    #[test]
    fn a_crate_that_declares_nothing_or_this_dialect_fits() {
        assert_eq!(refused(&[]), None);
        assert_eq!(refused(&[Dialect::Sqlite, Dialect::Mysql]), None);
    }

    #[test]
    fn another_dialect_is_refused_naming_all_there_are() {
        let words = refused(&[Dialect::Postgres, Dialect::Sqlite]).expect("refused");
        assert_eq!(
            words,
            "the migrations of `shop` are written for postgres and sqlite, but this database is mysql: connect to a \
            postgres or sqlite database; or, if these migrations also support mysql, add `mysql` to `dialect` in the \
            crate's `migrate.toml` and build again"
        );
    }
}
