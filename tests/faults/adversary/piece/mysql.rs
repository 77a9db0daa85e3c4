//! MySQL, MariaDB: user variables, settings, compound statements, hidden DDL, tables without transactions.

use fastrand::Rng;

use crate::adversary::change::Change;
use crate::adversary::piece::{Piece, Place, add, note};
use crate::adversary::revision::Statement;

pub(super) fn base() -> Vec<Statement> {
    [
        "CREATE TABLE tally (id BIGINT PRIMARY KEY, n BIGINT NOT NULL) ENGINE = InnoDB",
        "CREATE TABLE noted (tag VARCHAR(40) NOT NULL, value VARCHAR(200)) ENGINE = InnoDB",
        "CREATE TABLE loose (tag VARCHAR(40) NOT NULL) ENGINE = MyISAM",
        "CREATE PROCEDURE bump(which BIGINT) BEGIN UPDATE tally SET n = n + 1 WHERE id = which; END",
        "CREATE PROCEDURE bump_and_commit(which BIGINT) BEGIN UPDATE tally SET n = n + 1 WHERE id = which; COMMIT; END",
    ]
    .map(Statement::new)
    .into()
}

pub(super) fn random(rng: &mut Rng, place: Place) -> Piece {
    let number = place.number;
    match rng.u8(0..16) {
        0 => constant_variable(number),
        1 => saved_setting(number),
        2 => setting(number),
        3 => compound(number),
        4 => hidden_table(number),
        5 => prepared(number),
        6 => called(number, "bump"),
        7 => called(number, "bump_and_commit"),
        8 => loose(number),
        9 => Piece::of([loose_row(number), unique_row(number)]).behind(
            blocking_row(number),
            format!("DELETE FROM tally WHERE id = {}", 1000 + number),
        ),
        10 => index(number),
        11 => index(number).behind(
            format!("CREATE INDEX i{number} ON tally (id)"),
            format!("DROP INDEX i{number} ON tally"),
        ),
        12 => Piece::of([note(number, "@@group_concat_max_len")]),
        13 => Piece::of([note(number, &format!("@v{}", number - 1))]),
        // Some of these are refused where no transaction holds their revision.
        14 => computed_variable(number),
        _ => temporary_table(number),
    }
}

fn constant_variable(number: u32) -> Piece {
    Piece::of([
        Statement::new(format!("SET @v{number} = {number}")),
        note(number, &format!("@v{number}")),
    ])
}

fn computed_variable(number: u32) -> Piece {
    let set = format!("SET @v{number} = (SELECT count(*) FROM tally WHERE id < 1000 AND n > 0)");
    Piece::of([Statement::new(set), note(number, &format!("@v{number}"))])
}

/// As every dump of the server's own tools does it.
fn saved_setting(number: u32) -> Piece {
    Piece::of([
        Statement::new(format!("SET @old{number} = @@group_concat_max_len")),
        Statement::new(format!("SET group_concat_max_len = {}", 1000 + number)),
        note(number, "@@group_concat_max_len"),
        Statement::new(format!("SET group_concat_max_len = @old{number}")),
    ])
}

fn setting(number: u32) -> Piece {
    Piece::of([
        Statement::new(format!("SET SESSION group_concat_max_len = {}", 2000 + number)),
        note(number, "@@group_concat_max_len"),
    ])
}

/// A setting, a row and a count in one statement.
fn compound(number: u32) -> Piece {
    let tag = format!("p{number}");
    let sql = format!(
        "BEGIN NOT ATOMIC SET SESSION group_concat_max_len = {}; \
         INSERT INTO noted (tag, value) VALUES ('{tag}', 'compound'); \
         UPDATE tally SET n = n + 1 WHERE id = {number}; END",
        3000 + number
    );
    Piece::of([Statement::new(sql).changes(Change::Noted(tag)).changes(Change::Added(number))])
}

fn hidden_table(number: u32) -> Piece {
    let name = format!("made_{number}");
    let sql = format!("EXECUTE IMMEDIATE 'CREATE TABLE {name} (wanted INTEGER)'");
    let made = Statement::new(sql).changes(Change::Table(name.clone()));
    Piece::of([made.down(format!("DROP TABLE {name}"))]).in_schema()
}

fn prepared(number: u32) -> Piece {
    let add = add(number);
    Piece::of([
        Statement::new(format!("PREPARE s{number} FROM '{}'", add.sql)),
        Statement { sql: format!("EXECUTE s{number}"), ..add },
        Statement::new(format!("DEALLOCATE PREPARE s{number}")),
    ])
}

fn called(number: u32, procedure: &str) -> Piece {
    Piece::of([Statement { sql: format!("CALL {procedure}({number})"), ..add(number) }])
}

fn loose_row(number: u32) -> Statement {
    let tag = format!("p{number}");
    Statement::new(format!("INSERT INTO loose VALUES ('{tag}')"))
        .changes(Change::Loose(tag.clone()))
        .down(format!("DELETE FROM loose WHERE tag = '{tag}'"))
}

fn loose(number: u32) -> Piece {
    Piece::of([loose_row(number)])
}

fn unique_row(number: u32) -> Statement {
    let id = 1000 + number;
    Statement::new(format!("INSERT INTO tally (id, n) VALUES ({id}, 1)"))
        .down(format!("DELETE FROM tally WHERE id = {id}"))
}

fn blocking_row(number: u32) -> String {
    format!("INSERT INTO tally (id, n) VALUES ({}, 7)", 1000 + number)
}

fn index(number: u32) -> Piece {
    let name = format!("i{number}");
    let made = Statement::new(format!("CREATE INDEX {name} ON tally (n)"))
        .changes(Change::Index(name.clone()));
    Piece::of([made.down(format!("DROP INDEX {name} ON tally"))]).in_schema()
}

fn temporary_table(number: u32) -> Piece {
    Piece::of([
        Statement::new(format!("CREATE TEMPORARY TABLE tmp{number} (x INT)")),
        Statement::new(format!("INSERT INTO tmp{number} VALUES ({number})")),
        note(number, &format!("(SELECT max(x) FROM tmp{number})")),
    ])
}
