//! Whatever the text: it is cut, read and judged without a panic, and what is cut stays what it is.

#![no_main]

use libfuzzer_sys::fuzz_target;
use migrate_sql::{Checksum, Dialect, Kind, Statement, SqlContext, validate, reverse, split, tokens};

fuzz_target!(|sql: &str| {
    for dialect in Dialect::ALL {
        let mut end = 0;
        for token in tokens(sql, dialect) {
            assert!(token.start() >= end && !token.text().is_empty());
            assert_eq!(&sql[token.span()], token.text());
            end = token.end();
        }
        let _ = Checksum::of_sql(sql, dialect);
        let _ = reverse(sql, dialect);
        for kind in [Kind::Schema, Kind::Data] {
            // Parsers have a target of their own.
            validate(sql, SqlContext { kind, parse: false, ..SqlContext::new(dialect) });
        }
        let statements = split(sql, dialect).unwrap_or_default();
        statements.iter().for_each(read);
        rejoin(sql, &statements, dialect);
    }
});

fn read(statement: &Statement<'_>) {
    let class = statement.kind();
    let controls = statement.transaction_control().is_some();
    assert_eq!(class == migrate_sql::StatementKind::TransactionControl, controls);
    for object in statement.effects() {
        let name = object.name.text();
        let start = object.name.offset();
        assert_eq!(&statement.text()[start..start + name.len()], name);
    }
    statement.ddl();
    statement.words();
    statement.copies_from_stdin();
    statement.forbids_transaction();
    statement.commits_implicitly();
    statement.sets_session();
}

/// What is split, joined and split again is the same.
fn rejoin(sql: &str, statements: &[Statement<'_>], dialect: Dialect) {
    // What a delimiter held together falls apart without it, and a sign at the end may become a comment's.
    if sql.to_ascii_lowercase().contains("delimiter")
        || statements.iter().any(|statement| statement.text().ends_with("--"))
    {
        return;
    }
    let texts: Vec<_> = statements.iter().map(Statement::text).collect();
    let joined = texts.join(";\n");
    let again = split(&joined, dialect).expect("what could be split");
    assert_eq!(again.iter().map(Statement::text).collect::<Vec<_>>(), texts, "{dialect}");
}
