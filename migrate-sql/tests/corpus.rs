//! What is to be known of each statement of the corpus.

#![expect(clippy::unwrap_used, reason = "what is not as it should be fails the test")]

mod common;

use common::{Case, cases, texts};
use migrate_sql::{Dialect, Statement, split};

/// Runs a check on each statement of a dialect and its case.
fn each(dialect: Dialect, check: impl Fn(&Statement<'_>, &Case)) {
    for (file, text) in texts(dialect) {
        let (statements, cases) = (split(&text, dialect).unwrap(), cases(&text));
        assert_eq!(statements.len(), cases.len(), "{file}");
        statements.iter().zip(&cases).for_each(|(statement, case)| check(statement, case));
    }
}

#[test]
fn it_is_large() {
    let count = |dialect| texts(dialect).iter().map(|(_, text)| cases(text).len()).sum::<usize>();
    let counts = Dialect::ALL.map(count);
    assert!(counts[0] >= 480 && counts[1] >= 140 && counts[2] >= 60, "{counts:?}");
}

#[test]
fn it_splits_into_its_statements() {
    for dialect in Dialect::ALL {
        each(dialect, |statement, case| assert_eq!(statement.text(), case.text));
    }
}

#[test]
fn what_is_split_and_joined_splits_alike() {
    for dialect in Dialect::ALL {
        for (_, text) in texts(dialect) {
            let statements = split(&text, dialect).unwrap();
            let texts: Vec<_> = statements.iter().map(Statement::text).collect();
            let joined = texts.join(";\n");
            let again = split(&joined, dialect).unwrap();
            assert_eq!(again.iter().map(Statement::text).collect::<Vec<_>>(), texts);
        }
    }
}

#[test]
fn each_statement_has_its_class() {
    for dialect in Dialect::ALL {
        each(dialect, |statement, case| {
            let class = statement.kind().name().to_lowercase();
            assert_eq!(class, case.class, "{dialect}: {}", case.text);
            let controls = statement.transaction_control().is_some();
            assert_eq!(controls, case.class == "transaction control", "{dialect}: {}", case.text);
        });
    }
}

#[test]
fn some_cannot_run_in_a_transaction() {
    for dialect in Dialect::ALL {
        each(dialect, |statement, case| {
            let forbidden = statement.forbids_transaction();
            assert_eq!(forbidden.is_none(), case.transaction, "{dialect}: {}", case.text);
        });
    }
}

#[test]
fn each_is_called_by_its_first_words() {
    for dialect in Dialect::ALL {
        each(dialect, |statement, case| {
            let words = statement.words();
            let written = case.text.replace(['(', '/'], " ").to_uppercase();
            let first = words.split(' ').next().unwrap();
            assert!(!first.is_empty() && written.contains(first), "{words}: {}", case.text);
        });
    }
}
