//! What the parsers do not take, though the servers do: it gets less with their next versions.

#![cfg(feature = "parse-all")]
#![expect(clippy::unwrap_used, reason = "what is not as it should be fails the test")]

#[expect(dead_code, reason = "its other half is for the tests of `migrate-sql`")]
#[path = "../../migrate-sql/tests/common/mod.rs"]
mod common;

use common::{cases, texts};
use migrate_lint::{parse, validate};
use migrate_sql::{Dialect, Fault, SqlContext};

fn line(statement: &str, message: &str) -> String {
    let words: Vec<_> = statement.split_whitespace().collect();
    format!("{}\n    {message}\n", words.join(" "))
}

#[test]
fn postgres_takes_what_the_server_takes() {
    let mut gaps = String::new();
    for (_, text) in texts(Dialect::Postgres) {
        for case in cases(&text).iter().filter(|case| case.class != "unknown") {
            let context = SqlContext { transaction: false, ..SqlContext::new(Dialect::Postgres) };
            for fault in validate(&case.text, context) {
                if let Fault::Syntax { message, .. } = fault {
                    gaps += &line(&case.text, &message);
                }
            }
            for statement in parse::unknown(&case.text, Dialect::Postgres) {
                gaps += &line(&case.text, &statement.message);
            }
        }
    }
    insta::assert_snapshot!(gaps);
}

fn unknown(dialect: Dialect) -> String {
    let mut unknown = String::new();
    for (_, text) in texts(dialect) {
        for case in cases(&text).iter().filter(|case| case.class != "unknown") {
            for statement in parse::unknown(&case.text, dialect) {
                unknown += &line(&case.text, &statement.message);
            }
        }
    }
    unknown
}

#[test]
fn mysql_is_known_in_part() {
    insta::assert_snapshot!(unknown(Dialect::Mysql));
}

#[test]
fn sqlite_is_known_in_part() {
    insta::assert_snapshot!(unknown(Dialect::Sqlite));
}
