//! The migrations of the fault programme: every kind of step of an engine, including steps that must not be done twice.

mod mysql;
mod postgres;
mod sqlite;

use migrate_core::prelude::*;
use migrate_core::{Kind, Migration};

use crate::adversary::RandomPlan;

/// The plan with every kind of step.
pub(crate) const MIXED: &str = "mixed";
/// A short plan, for `--short`.
pub(crate) const SHORT: &str = "short";

/// Returns the migrations of the plan with this name.
pub(crate) fn named(name: &str, dialect: Dialect) -> Vec<Migration> {
    match (name, dialect) {
        (MIXED, Dialect::Postgres) => postgres::mixed(),
        (MIXED, Dialect::Mysql) => mysql::mixed(),
        (MIXED, Dialect::Sqlite) => sqlite::mixed(),
        (SHORT, Dialect::Postgres) => postgres::short(),
        (SHORT, Dialect::Mysql) => mysql::short(),
        (SHORT, Dialect::Sqlite) => sqlite::short(),
        _ => RandomPlan::migrations(name, dialect)
            .unwrap_or_else(|| panic!("no plan is called `{name}`")),
    }
}

/// Returns a revision that changes the schema.
fn schema(rev: &'static str, up: &'static str, down: &'static str) -> Migration {
    Migration::new(rev).up(up).down(down)
}

/// Returns a revision that changes rows.
fn data(rev: &'static str, up: &'static str, down: &'static str) -> Migration {
    Migration::new(rev).kind(Kind::Data).up(up).down(down)
}

/// Returns a revision that changes both.
fn both(rev: &'static str, up: &'static str, down: &'static str) -> Migration {
    schema(rev, up, down).waive("mixed", "rows and schema must not get out of step")
}

/// Returns tables that nothing else uses: they are sent in one group.
fn plain() -> [Migration; 3] {
    [
        schema("101", "CREATE TABLE p101 (id BIGINT PRIMARY KEY)", "DROP TABLE p101"),
        schema("102", "CREATE TABLE p102 (id BIGINT PRIMARY KEY)", "DROP TABLE p102"),
        schema("103", "CREATE TABLE p103 (id BIGINT PRIMARY KEY)", "DROP TABLE p103"),
    ]
}

/// Two authors and three books, each with a price that later revisions raise, so that repetitions show.
const FILL: &str = "INSERT INTO authors (id, name) VALUES (1, 'Ada'), (2, 'Bob');
    INSERT INTO books (id, author, title, price) VALUES (1, 1, 'One', 100), (2, 1, 'Two', 200), (3, 2, 'Three', 300);
    UPDATE books SET price = price + 10 WHERE author = 1";
const EMPTY: &str = "DELETE FROM books; DELETE FROM authors";

/// A tag for each book, by what is read.
async fn tag_books(db: &mut Db) -> Result<()> {
    let books: i64 = db.fetch_value("SELECT count(*) FROM books").await?;
    for book in 1..=books {
        db.execute(&format!("INSERT INTO tags VALUES ({book}, {book})")).await?;
    }
    Ok(())
}

/// Raises prices, statement by statement and by what it reads.
async fn raise_prices(db: &mut Db) -> Result<()> {
    let ids = db.fetch_all("SELECT id FROM books ORDER BY id").await?;
    for id in ids.iter().filter_map(|row| row.at::<i64>(0)) {
        db.execute(&format!("UPDATE books SET cents = cents + 1 WHERE id = {id}")).await?;
    }
    db.execute("UPDATE books SET cents = cents + 1000").await?;
    Ok(())
}

async fn lower_prices(db: &mut Db) -> Result<()> {
    db.execute("UPDATE books SET cents = cents - 1000").await?;
    db.execute("UPDATE books SET cents = cents - 1").await?;
    Ok(())
}
