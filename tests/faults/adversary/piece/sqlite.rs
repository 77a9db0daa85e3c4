//! SQLite: what cannot run in a transaction, settings of the connection, temporary objects.

use fastrand::Rng;

use crate::adversary::change::Change;
use crate::adversary::piece::{Piece, Place, note};
use crate::adversary::revision::Statement;

pub(super) fn base() -> Vec<Statement> {
    [
        "CREATE TABLE tally (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)",
        "CREATE TABLE noted (tag TEXT NOT NULL, value TEXT)",
    ]
    .map(Statement::new)
    .into()
}

pub(super) fn random(rng: &mut Rng, place: Place) -> Piece {
    let number = place.number;
    match rng.u8(0..8) {
        0 if !place.transaction => Piece::of([Statement::new("VACUUM")]).in_schema(),
        1 => Piece::of([
            Statement::new(format!("PRAGMA cache_size = {}", 100 + number)),
            note(number, "'cached'"),
        ]),
        2 => temporary_table(number),
        4 => Piece::of([note(number, "(SELECT count(*) FROM sqlite_temp_master)")]),
        5 => rebuilt(number),
        6 => index(number).behind(
            format!("CREATE INDEX i{number} ON tally (id)"),
            format!("DROP INDEX i{number}"),
        ),
        _ => index(number),
    }
}

fn index(number: u32) -> Piece {
    let name = format!("i{number}");
    let made = Statement::new(format!("CREATE INDEX {name} ON tally (n)"))
        .changes(Change::Index(name.clone()));
    Piece::of([made.down(format!("DROP INDEX {name}"))]).in_schema()
}

fn temporary_table(number: u32) -> Piece {
    Piece::of([
        Statement::new(format!("CREATE TEMP TABLE tmp{number} (x INT)")),
        Statement::new(format!("INSERT INTO tmp{number} VALUES ({number})")),
        note(number, &format!("(SELECT max(x) FROM tmp{number})")),
    ])
}

/// A table that is made under another name, filled, and renamed.
fn rebuilt(number: u32) -> Piece {
    let name = format!("made_{number}");
    let rename = Statement::new(format!("ALTER TABLE new_{number} RENAME TO {name}"));
    Piece::of([
        Statement::new(format!("CREATE TABLE new_{number} (wanted INTEGER)")),
        Statement::new(format!("INSERT INTO new_{number} SELECT n FROM tally WHERE id <= 3")),
        rename.changes(Change::Table(name.clone())).down(format!("DROP TABLE {name}")),
    ])
    .in_schema()
}
