//! What is measured: revisions of one table and one index each, in the words that all three engines share.

use migrate_core::Migration;

/// The id of the revision with this number, from 1.
pub(crate) fn id(number: usize) -> String {
    format!("{number:04}")
}

/// What it does, a statement each.
pub(crate) fn up(number: usize) -> [String; 2] {
    let id = id(number);
    [
        format!(
            "CREATE TABLE t{id} (id BIGINT PRIMARY KEY, name VARCHAR(100) NOT NULL, made_at TIMESTAMP NULL)"
        ),
        format!("CREATE INDEX t{id}_name ON t{id} (name)"),
    ]
}

/// How it is undone.
pub(crate) fn down(number: usize) -> String {
    format!("DROP TABLE t{}", id(number))
}

/// `count` of them, as migrations.
pub(crate) fn migrations(count: usize) -> Vec<Migration> {
    let migration = |number| {
        let description = format!("create t{}", id(number));
        Migration::new(id(number))
            .description(description)
            .up(up(number).join(";\n"))
            .down(down(number))
    };
    (1..=count).map(migration).collect()
}
