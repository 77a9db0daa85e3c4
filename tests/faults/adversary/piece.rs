//! The pieces of random plans.

mod mysql;
mod postgres;
mod sqlite;

use fastrand::Rng;
use migrate_core::{Dialect, Kind};

use crate::adversary::change::Change;
use crate::adversary::plan::Obstacle;
use crate::adversary::revision::{Revision, Statement};

/// Statements that belong together.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) statements: Vec<Statement>,
    /// Whether only a schema migration may contain it.
    pub(crate) schema: bool,
    pub(crate) obstacle: Option<Obstacle>,
}

/// The place of a piece in the plan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// A number that no other piece of the plan has.
    pub(crate) number: u32,
    pub(crate) transaction: bool,
    pub(crate) code: bool,
}

impl Piece {
    fn of(statements: impl IntoIterator<Item = Statement>) -> Self {
        Self { statements: statements.into_iter().collect(), schema: false, obstacle: None }
    }

    fn in_schema(self) -> Self {
        Self { schema: true, ..self }
    }

    fn behind(self, put: impl Into<String>, remove: impl Into<String>) -> Self {
        let obstacle = Some(Obstacle { put: put.into(), remove: remove.into() });
        Self { obstacle, ..self }
    }
}

/// Returns the first revisions of every plan, which create the tables for the pieces.
pub(crate) fn base(dialect: Dialect, tallies: u32) -> Vec<Revision> {
    let made = match dialect {
        Dialect::Mysql => mysql::base(),
        Dialect::Postgres => postgres::base(),
        Dialect::Sqlite => sqlite::base(),
    };
    let rows: Vec<String> = (1..=tallies).map(|id| format!("({id}, 0)")).collect();
    let fill = Statement::new(format!("INSERT INTO tally (id, n) VALUES {}", rows.join(", ")));
    let revision = |id: &str, kind, statements| Revision {
        id: id.to_owned(),
        kind,
        transaction: true,
        code: false,
        statements,
    };
    vec![
        revision("001", Kind::Schema, made),
        revision("002", Kind::Data, vec![fill.down("DELETE FROM tally")]),
    ]
}

/// Returns a random piece: a common one, or one for this engine.
pub(crate) fn random(rng: &mut Rng, dialect: Dialect, place: Place) -> Piece {
    if rng.bool() {
        return common(rng, dialect, place);
    }
    match dialect {
        Dialect::Mysql => mysql::random(rng, place),
        Dialect::Postgres => postgres::random(rng, place),
        Dialect::Sqlite => sqlite::random(rng, place),
    }
}

fn common(rng: &mut Rng, dialect: Dialect, place: Place) -> Piece {
    let number = place.number;
    match rng.u8(0..8) {
        0 | 1 => Piece::of([note(number, "'plain'")]),
        2 | 3 => Piece::of([add(number)]),
        4 => Piece::of([table(number)]).in_schema(),
        5 => Piece::of([column(number, dialect)]).in_schema(),
        6 if place.code => Piece::of([count_and_note(number)]),
        6 => Piece::of([note(number, "(SELECT count(*) FROM tally WHERE id < 1000 AND n > 0)")]),
        _ => {
            let name = format!("made_{number}");
            let in_the_way = format!("CREATE TABLE {name} (other INTEGER)");
            Piece::of([table(number)]).in_schema().behind(in_the_way, format!("DROP TABLE {name}"))
        }
    }
}

/// Returns a statement that writes a row with the current `value`.
fn note(number: u32, value: &str) -> Statement {
    let tag = format!("p{number}");
    Statement::new(format!("INSERT INTO noted (tag, value) VALUES ('{tag}', {value})"))
        .changes(Change::Noted(tag.clone()))
        .down(format!("DELETE FROM noted WHERE tag = '{tag}'"))
}

/// Code that reads, and writes what it has read.
fn count_and_note(number: u32) -> Statement {
    let tag = format!("p{number}");
    Statement::new(format!("SELECT count(*) FROM tally WHERE id < 1000 AND n > 0 >> {tag}"))
        .changes(Change::Noted(tag.clone()))
        .down(format!("DELETE FROM noted WHERE tag = '{tag}'"))
}

/// One more in the piece's own row of `tally`.
fn add(number: u32) -> Statement {
    Statement::new(format!("UPDATE tally SET n = n + 1 WHERE id = {number}"))
        .changes(Change::Added(number))
        .down(format!("UPDATE tally SET n = n - 1 WHERE id = {number}"))
}

fn table(number: u32) -> Statement {
    let name = format!("made_{number}");
    Statement::new(format!("CREATE TABLE {name} (wanted INTEGER)"))
        .changes(Change::Table(name.clone()))
        .down(format!("DROP TABLE {name}"))
}

fn column(number: u32, dialect: Dialect) -> Statement {
    let name = format!("c{number}");
    let kind = if dialect == Dialect::Mysql { "INT" } else { "INTEGER" };
    Statement::new(format!("ALTER TABLE noted ADD COLUMN {name} {kind}"))
        .changes(Change::Column(name.clone()))
        .down(format!("ALTER TABLE noted DROP COLUMN {name}"))
}
