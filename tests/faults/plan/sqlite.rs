//! SQLite: a file, a process, and a group of steps in each transaction.

use migrate_core::prelude::*;
use migrate_core::{Kind, Migration};

use crate::plan::{EMPTY, FILL, both, data, lower_prices, plain, raise_prices, schema, tag_books};

pub(super) fn mixed() -> Vec<Migration> {
    let mut all = vec![
        schema(
            "001",
            "CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
            "DROP TABLE authors",
        ),
        books(),
        data("003", FILL, EMPTY),
        rebuild().depends_on("003"),
        interleaved(),
        Migration::new("006")
            .up(tag_by_code)
            .down("DROP TABLE tags")
            .waive("mixed", "it counts what it tags"),
        vacuum(),
        Migration::new("008").kind(Kind::Data).up(raise_prices).down(lower_prices),
    ];
    all.extend(plain());
    all
}

pub(super) fn short() -> Vec<Migration> {
    vec![
        schema(
            "001",
            "CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
            "DROP TABLE authors",
        ),
        both(
            "002",
            "CREATE TABLE books (id INTEGER PRIMARY KEY, price INT NOT NULL); INSERT INTO books VALUES (1, 100), (2, 200)",
            "DROP TABLE books",
        ),
        both(
            "003",
            "UPDATE books SET price = price + 10; VACUUM; ALTER TABLE books ADD COLUMN title TEXT",
            "ALTER TABLE books DROP COLUMN title",
        )
        .transaction(false),
        data(
            "004",
            "INSERT INTO authors VALUES (1, 'Ada'); UPDATE books SET price = price + 1",
            "DELETE FROM authors",
        ),
    ]
}

fn books() -> Migration {
    schema(
        "002",
        "CREATE TABLE books (id INTEGER PRIMARY KEY, author INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
           title TEXT, price INTEGER NOT NULL);
         CREATE INDEX books_title ON books (title)",
        "DROP TABLE books",
    )
}

/// A table rebuilt, to which rows refer that must stay.
fn rebuild() -> Migration {
    both(
        "004",
        "ALTER TABLE books RENAME COLUMN price TO cents;
         CREATE TABLE new_authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT 'nobody', written INTEGER NOT NULL DEFAULT 0);
         INSERT INTO new_authors (id, name) SELECT id, name FROM authors;
         DROP TABLE authors;
         ALTER TABLE new_authors RENAME TO authors;
         CREATE VIEW cheap AS SELECT id, title FROM books WHERE cents < 500;
         CREATE TRIGGER tidy AFTER INSERT ON authors BEGIN UPDATE authors SET name = trim(name) WHERE id = NEW.id; END",
        "DROP TRIGGER tidy;
         DROP VIEW cheap;
         CREATE TABLE old_authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
         INSERT INTO old_authors SELECT id, name FROM authors;
         DROP TABLE authors;
         ALTER TABLE old_authors RENAME TO authors;
         ALTER TABLE books RENAME COLUMN cents TO price",
    )
}

/// Rows between two changes of the schema.
fn interleaved() -> Migration {
    both(
        "005",
        "ALTER TABLE books ADD COLUMN isbn TEXT;
         UPDATE authors SET written = written + 1;
         INSERT INTO books (id, author, title, cents) VALUES (4, 2, 'Four', 400);
         UPDATE books SET cents = cents * 2",
        "UPDATE books SET cents = cents / 2;
         DELETE FROM books WHERE id = 4;
         ALTER TABLE books DROP COLUMN isbn",
    )
}

async fn tag_by_code(db: &mut Db) -> Result<()> {
    db.execute("CREATE TABLE tags (id INTEGER PRIMARY KEY, book INTEGER NOT NULL)").await?;
    tag_books(db).await?;
    db.execute("UPDATE tags SET book = book + 100; CREATE INDEX tags_book ON tags (book)").await?;
    Ok(())
}

/// Outside a transaction, and around it changes of rows that must happen once.
fn vacuum() -> Migration {
    both(
        "007",
        "UPDATE books SET cents = cents + 5;
         VACUUM;
         ALTER TABLE books ADD COLUMN shelf INTEGER NOT NULL DEFAULT 7;
         UPDATE authors SET written = written + 10;
         CREATE INDEX books_cents ON books (cents)",
        "DROP INDEX books_cents;
         UPDATE authors SET written = written - 10;
         ALTER TABLE books DROP COLUMN shelf;
         VACUUM;
         UPDATE books SET cents = cents - 5",
    )
    .transaction(false)
}
