//! Statements of every kind, and what is to be known of each.
//!
//! A file of `corpus/` is divided by headings, `-- class` or `-- class, not in a transaction`. A statement begins
//! at the beginning of a line, goes on in indented ones, and ends with a `;` that the line ends with.

#![expect(clippy::unwrap_used, reason = "what is not as it should be fails the test")]

use std::{fs, path::Path};

use migrate_sql::{Dialect, Statement, split};

/// A statement as the file has it, and what its heading says.
#[derive(Debug)]
struct Case {
    text: String,
    class: String,
    transaction: bool,
}

fn texts(dialect: Dialect) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(dialect.name());
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .map(|file| (file.display().to_string(), fs::read_to_string(file).unwrap()))
        .collect()
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut heading = "";
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(words) = line.strip_prefix("-- ") {
            heading = words;
        } else if let (true, Some(case)) = (line.starts_with([' ', ')']), cases.last_mut()) {
            case.text = format!("{}\n{line}", case.text);
        } else {
            let (class, transaction) = match heading.strip_suffix(", not in a transaction") {
                Some(class) => (class, false),
                None => (heading, true),
            };
            cases.push(Case { text: line.to_owned(), class: class.to_owned(), transaction });
        }
    }
    for case in &mut cases {
        case.text = case.text.strip_suffix(';').unwrap().to_owned();
    }
    cases
}

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
            let class = statement.class().name().to_lowercase();
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

/// What the parsers do not take, though the servers do: it gets less with their next versions.
#[cfg(feature = "parse-all")]
mod parsers {
    use migrate_sql::{Fault, Subject, faults, parse};

    use super::*;

    fn line(statement: &str, message: &str) -> String {
        let words: Vec<_> = statement.split_whitespace().collect();
        format!("{}\n    {message}\n", words.join(" "))
    }

    #[test]
    fn postgres_takes_what_the_server_takes() {
        let mut gaps = String::new();
        for (_, text) in texts(Dialect::Postgres) {
            for case in cases(&text).iter().filter(|case| case.class != "unknown") {
                let subject = Subject { transaction: false, ..Subject::new(Dialect::Postgres) };
                for fault in faults(&case.text, subject) {
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
}
