//! What holds for every text.

use proptest::prelude::*;

use super::*;

fn dialect() -> impl Strategy<Value = Dialect> {
    prop::sample::select(Dialect::ALL.to_vec())
}

/// Words of DDL, in orders that make sense and in others.
fn statement() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "CREATE",
        "ALTER",
        "DROP",
        "TABLE",
        "INDEX",
        "VIEW",
        "FUNCTION",
        "TYPE",
        "TRIGGER",
        "SCHEMA",
        "ADD",
        "COLUMN",
        "CONSTRAINT",
        "RENAME",
        "TO",
        "ON",
        "IF NOT EXISTS",
        "CHECK",
        "UNIQUE",
        "FOREIGN KEY",
        "REFERENCES",
        "PRIMARY KEY",
        "SET",
        "COMMENT",
        "IS",
        "GRANT",
        "USER",
        "CAST",
        "AS",
        "FOR",
        "SERVER",
        "VALUE",
        "a",
        "b",
        "s.c",
        "\"d\"",
        "'e'",
        "`f`",
        "(",
        ")",
        ",",
        "=",
        "@",
        "int",
        "DEFAULT",
        "1",
        "-- x\n",
        ".",
        "EVENT",
        "INSERT INTO",
        "CONCURRENTLY",
    ];
    prop::collection::vec(prop::sample::select(PIECES), 0..14).prop_map(|words| words.join(" "))
}

/// A statement that makes something, or changes it so that it can be changed back.
fn reversible() -> impl Strategy<Value = String> {
    const NAMES: &[&str] = &["a", "b", "c", "s.a", "\"x y\""];
    let name = || prop::sample::select(NAMES);
    let own = || prop::sample::select(&["a", "b", "c"][..]);
    prop_oneof![
        name().prop_map(|a| format!("CREATE TABLE {a} (b INT)")),
        (own(), name()).prop_map(|(a, b)| format!("CREATE INDEX {a} ON {b} (b)")),
        name().prop_map(|a| format!("CREATE VIEW {a} AS SELECT 1")),
        (name(), own()).prop_map(|(a, b)| format!("ALTER TABLE {a} ADD COLUMN {b} INT")),
        (name(), own()).prop_map(|(a, b)| format!("ALTER TABLE {a} RENAME TO {b}")),
        (name(), own(), own())
            .prop_map(|(a, b, c)| format!("ALTER TABLE {a} RENAME COLUMN {b} TO {c}")),
    ]
}

fn renaming() -> impl Strategy<Value = String> {
    let name = || prop::sample::select(&["a", "b", "\"C d\"", "É"][..]);
    let schema = prop::sample::select(&["", "s.", "\"T u\"."][..]);
    let kind = prop::sample::select(&["TABLE", "VIEW", "INDEX", "SEQUENCE", "TYPE"][..]);
    let whole = (kind, schema.clone(), name(), name())
        .prop_map(|(kind, schema, from, to)| format!("ALTER {kind} {schema}{from} RENAME TO {to}"));
    let what = prop::sample::select(&["COLUMN", "CONSTRAINT"][..]);
    let part =
        (what, schema, name(), name(), name()).prop_map(|(what, schema, table, from, to)| {
            format!("ALTER TABLE {schema}{table} RENAME {what} {from} TO {to}")
        });
    prop_oneof![whole, part]
}

fn joined(statements: &[String]) -> String {
    statements.join(";\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn anything_has_an_answer(sql in any::<String>(), dialect in dialect()) {
        drop(reverse(&sql, dialect));
    }

    #[test]
    fn what_undoes_is_sql_again(
        statements in prop::collection::vec(statement(), 0..6),
        dialect in dialect(),
    ) {
        if let Ok(down) = reverse(&joined(&statements), dialect) {
            prop_assert!(split(&down, dialect).is_ok(), "{}", down);
        }
    }

    #[test]
    fn what_can_be_undone_is_undone_by_as_much_or_less(
        statements in prop::collection::vec(reversible(), 0..8),
        dialect in dialect(),
    ) {
        let down = reverse(&joined(&statements), dialect);
        prop_assert!(down.is_ok(), "{:?}", down);
        let steps = split(&down.unwrap_or_default(), dialect).map(|steps| steps.len());
        prop_assert!(steps.is_ok_and(|steps| steps <= statements.len()));
    }

    #[test]
    fn the_first_that_cannot_be_undone_is_named(
        before in prop::collection::vec(reversible(), 0..5),
        after in prop::collection::vec(statement(), 0..3),
        dialect in dialect(),
    ) {
        let text = joined(&before);
        let gap = if text.is_empty() { "" } else { ";\n" };
        let sql = format!("{text}{gap}DROP TABLE certainly.older;\n{}", joined(&after));
        if split(&sql, dialect).is_ok() {
            let error = reverse(&sql, dialect);
            prop_assert_eq!(error.map_err(|error| error.offset()), Err(text.len() + gap.len()));
        }
    }

    #[test]
    fn renaming_back_is_undone_by_renaming(statements in prop::collection::vec(renaming(), 0..6)) {
        let up = joined(&statements);
        let down = reverse(&up, Dialect::Postgres).unwrap();
        prop_assert_eq!(reverse(&down, Dialect::Postgres), Ok(up));
    }
}
