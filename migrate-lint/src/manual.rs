//! `docs/lint.md`, written from the rules themselves. `BLESS=1 cargo test` writes it anew.

use std::{env, fmt::Write as _, fs, path::Path};

use crate::registry::rules;
use crate::rule::{Group, Rule};
use migrate_sql::Dialect;

const HEAD: &str = include_str!("manual/head.md");
const TAIL: &str = include_str!("manual/tail.md");

#[test]
fn the_manual_lists_the_rules_there_are() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/lint.md");
    let written = manual();
    if env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &written).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == written, "docs/lint.md is not what the rules say; `BLESS=1` writes it anew");
}

fn manual() -> String {
    let mut text = HEAD.to_owned();
    for group in Group::ALL {
        let rules: Vec<_> = rules().iter().filter(|rule| rule.group == group).collect();
        if rules.is_empty() {
            continue;
        }
        write!(text, "\n## {}\n\n{}\n", group.name(), about(group)).unwrap();
        let mut last = "";
        for rule in rules {
            // Rules of one name are one to those who set its level.
            if rule.id != last {
                write!(text, "\n### `{}`\n", rule.id).unwrap();
            }
            last = rule.id;
            section(&mut text, rule);
        }
    }
    text.push('\n');
    text + TAIL
}

fn section(text: &mut String, rule: &Rule) {
    let Rule { level, finds, why, rewrite, .. } = rule;
    let dialects = if rule.dialects.len() == Dialect::ALL.len() {
        "all databases".to_owned()
    } else {
        let names: Vec<_> = rule.dialects.iter().copied().map(name).collect();
        names.join(", ")
    };
    write!(text, "\n**{level}** · {dialects} · finds {finds}.\n\n{why}\n\n*Instead:* {rewrite}\n")
        .unwrap();
}

const fn about(group: Group) -> &'static str {
    match group {
        Group::Correctness => "What fails when it is run, or does something else than it says.",
        Group::Locks => "What blocks the users of a table, or takes long while it does.",
        Group::DataLoss => "What loses data.",
        Group::Rows => "What may fail because of the rows that are there.",
        Group::Compatibility => "What breaks the application that runs during the release.",
        Group::Security => "Who may do what.",
        Group::Design => "What is regretted later.",
    }
}

const fn name(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "PostgreSQL",
        Dialect::Mysql => "MySQL and MariaDB",
        Dialect::Sqlite => "SQLite",
    }
}
