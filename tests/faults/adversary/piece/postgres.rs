//! PostgreSQL: settings inside other statements, blocks, procedures that commit, concurrent indexes, session objects.

use fastrand::Rng;

use crate::adversary::change::Change;
use crate::adversary::piece::{Piece, Place, add, note};
use crate::adversary::revision::Statement;

pub(super) fn base() -> Vec<Statement> {
    [
        "CREATE TABLE tally (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)",
        "CREATE TABLE noted (tag TEXT NOT NULL, value TEXT)",
        "CREATE PROCEDURE bump(which BIGINT) LANGUAGE sql AS 'UPDATE tally SET n = n + 1 WHERE id = which'",
        "CREATE PROCEDURE bump_and_commit(which BIGINT) LANGUAGE plpgsql AS \
         $$ BEGIN UPDATE tally SET n = n + 1 WHERE id = which; COMMIT; END $$",
    ]
    .map(Statement::new)
    .into()
}

pub(super) fn random(rng: &mut Rng, place: Place) -> Piece {
    let number = place.number;
    match rng.u8(0..14) {
        0 => setting(number),
        1 => inserting_setting(number),
        2 => block(number),
        3 => called(number, "bump"),
        4 if !place.transaction && !place.code => called(number, "bump_and_commit"),
        5 | 6 if !place.transaction => concurrent_index(number),
        7 if !place.transaction => concurrent_index(number).behind(
            format!("CREATE INDEX i{number} ON tally (id)"),
            format!("DROP INDEX i{number}"),
        ),
        8 => prepared(number),
        9 => temporary_table(number),
        10 => advisory(number),
        11 => Piece::of([note(number, "current_setting('TimeZone')")]),
        12 => Piece::of([note(number, &format!("current_setting('my.v{}', true)", number - 1))]),
        _ => index(number),
    }
}

fn setting(number: u32) -> Piece {
    Piece::of([
        Statement::new(format!("SET TIME ZONE {}", number % 12)),
        note(number, "current_setting('TimeZone')"),
    ])
}

/// A row, and a setting that a later statement reads.
fn inserting_setting(number: u32) -> Piece {
    let tag = format!("p{number}");
    let sql = format!(
        "INSERT INTO noted (tag, value) SELECT '{tag}', set_config('my.v{number}', '{number}', false)"
    );
    Piece::of([Statement::new(sql)
        .changes(Change::Noted(tag.clone()))
        .down(format!("DELETE FROM noted WHERE tag = '{tag}'"))])
}

/// A setting, a row and a count in one statement.
fn block(number: u32) -> Piece {
    let tag = format!("p{number}");
    let sql = format!(
        "DO $$ BEGIN PERFORM set_config('my.b{number}', '1', false); \
         INSERT INTO noted (tag, value) VALUES ('{tag}', 'block'); \
         UPDATE tally SET n = n + 1 WHERE id = {number}; END $$"
    );
    Piece::of([Statement::new(sql).changes(Change::Noted(tag)).changes(Change::Added(number))])
}

fn called(number: u32, procedure: &str) -> Piece {
    Piece::of([Statement { sql: format!("CALL {procedure}({number})"), ..add(number) }])
}

fn index(number: u32) -> Piece {
    made_index(number, "")
}

fn concurrent_index(number: u32) -> Piece {
    made_index(number, "CONCURRENTLY ")
}

fn made_index(number: u32, how: &str) -> Piece {
    let name = format!("i{number}");
    let sql = format!("CREATE INDEX {how}{name} ON tally (n)");
    let made = Statement::new(sql).changes(Change::Index(name.clone()));
    Piece::of([made.down(format!("DROP INDEX {how}{name}"))]).in_schema()
}

fn prepared(number: u32) -> Piece {
    let add = add(number);
    Piece::of([
        Statement::new(format!("PREPARE s{number} AS {}", add.sql)),
        Statement { sql: format!("EXECUTE s{number}"), ..add },
        Statement::new(format!("DEALLOCATE s{number}")),
    ])
}

fn temporary_table(number: u32) -> Piece {
    Piece::of([
        Statement::new(format!("CREATE TEMP TABLE tmp{number} (x INT)")),
        Statement::new(format!("INSERT INTO tmp{number} VALUES ({number})")),
        note(number, &format!("(SELECT max(x) FROM tmp{number})")),
    ])
}

/// A lock of the session's that nobody gives back.
fn advisory(number: u32) -> Piece {
    Piece::of([
        Statement::new(format!("SELECT pg_advisory_lock({number})")),
        note(number, "'locked'"),
    ])
}
