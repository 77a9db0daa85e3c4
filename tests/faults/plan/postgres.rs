//! PostgreSQL: everything except `transaction = false` commits together with its record.

use migrate_core::prelude::*;
use migrate_core::{Kind, Migration};

use crate::plan::{EMPTY, FILL, both, data, lower_prices, plain, raise_prices, schema, tag_books};

pub(super) fn mixed() -> Vec<Migration> {
    let mut all = vec![
        schema(
            "001",
            "CREATE TABLE authors (id BIGINT PRIMARY KEY, name TEXT NOT NULL)",
            "DROP TABLE authors",
        ),
        books(),
        data("003", FILL, EMPTY),
        reshape().depends_on("003"),
        interleaved(),
        Migration::new("006")
            .up(tag_by_code)
            .down("DROP TABLE tags")
            .waive("mixed", "it counts what it tags"),
        indexes(),
        Migration::new("008").kind(Kind::Data).up(raise_prices).down(lower_prices),
        Migration::new("009")
            .up(index_by_code)
            .down(unindex_by_code)
            .transaction(false)
            .waive("mixed", "it counts what it indexes"),
    ];
    all.extend(plain());
    all
}

pub(super) fn short() -> Vec<Migration> {
    vec![
        schema(
            "001",
            "CREATE TABLE authors (id BIGINT PRIMARY KEY, name TEXT NOT NULL)",
            "DROP TABLE authors",
        ),
        both(
            "002",
            "CREATE TABLE books (id BIGINT PRIMARY KEY, price INT NOT NULL); INSERT INTO books VALUES (1, 100), (2, 200)",
            "DROP TABLE books",
        ),
        both(
            "003",
            "CREATE INDEX CONCURRENTLY books_price ON books (price);
             UPDATE books SET price = price + 10;
             ALTER TABLE books ADD COLUMN title TEXT",
            "ALTER TABLE books DROP COLUMN title; DROP INDEX CONCURRENTLY books_price",
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
        "CREATE TABLE books (id BIGINT PRIMARY KEY, author BIGINT NOT NULL, title TEXT, price INT NOT NULL);
         CREATE INDEX books_title ON books (title);
         ALTER TABLE books ADD CONSTRAINT books_author FOREIGN KEY (author) REFERENCES authors (id)",
        "DROP TABLE books",
    )
}

/// DDL of many kinds.
fn reshape() -> Migration {
    schema(
        "004",
        "ALTER TABLE books ADD COLUMN isbn TEXT;
         ALTER TABLE books RENAME COLUMN price TO cents;
         ALTER TABLE authors RENAME TO writers;
         CREATE TYPE mood AS ENUM ('good', 'bad');
         ALTER TABLE books ADD COLUMN mood mood NOT NULL DEFAULT 'good';
         CREATE FUNCTION tidy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := trim(NEW.name); RETURN NEW; END $$;
         CREATE TRIGGER tidy_writers BEFORE UPDATE ON writers FOR EACH ROW EXECUTE FUNCTION tidy();
         CREATE VIEW cheap AS SELECT id, title FROM books WHERE cents < 500",
        "DROP VIEW cheap;
         DROP TRIGGER tidy_writers ON writers;
         DROP FUNCTION tidy();
         ALTER TABLE books DROP COLUMN mood;
         DROP TYPE mood;
         ALTER TABLE writers RENAME TO authors;
         ALTER TABLE books RENAME COLUMN cents TO price;
         ALTER TABLE books DROP COLUMN isbn",
    )
}

/// Rows between two changes of the schema.
fn interleaved() -> Migration {
    both(
        "005",
        "ALTER TABLE writers ADD COLUMN written INT NOT NULL DEFAULT 0;
         UPDATE writers SET written = written + 1;
         INSERT INTO books (id, author, title, cents) VALUES (4, 2, 'Four', 400);
         UPDATE books SET cents = cents * 2",
        "UPDATE books SET cents = cents / 2;
         DELETE FROM books WHERE id = 4;
         ALTER TABLE writers DROP COLUMN written",
    )
}

async fn tag_by_code(db: &mut Db) -> Result<()> {
    db.execute("CREATE TABLE tags (id BIGINT PRIMARY KEY, book BIGINT NOT NULL)").await?;
    tag_books(db).await?;
    db.execute("UPDATE tags SET book = book + 100; CREATE INDEX tags_book ON tags (book)").await?;
    Ok(())
}

/// Statements outside a transaction, including a change of rows that must happen once.
fn indexes() -> Migration {
    both(
        "007",
        "CREATE INDEX CONCURRENTLY books_cents ON books (cents);
         UPDATE books SET cents = cents + 5;
         ALTER TABLE books ADD COLUMN shelf INT NOT NULL DEFAULT 7;
         DROP INDEX CONCURRENTLY books_title;
         UPDATE writers SET written = written + 10;
         CREATE UNIQUE INDEX CONCURRENTLY books_isbn ON books (isbn);
         ALTER TYPE mood ADD VALUE 'so so'",
        "DROP INDEX CONCURRENTLY books_isbn;
         UPDATE writers SET written = written - 10;
         CREATE INDEX CONCURRENTLY books_title ON books (title);
         ALTER TABLE books DROP COLUMN shelf;
         UPDATE books SET cents = cents - 5;
         DROP INDEX CONCURRENTLY books_cents",
    )
    .transaction(false)
}

async fn index_by_code(db: &mut Db) -> Result<()> {
    db.execute("CREATE INDEX CONCURRENTLY tags_word ON tags (book, id)").await?;
    let tags: i64 = db.fetch_value("SELECT count(*) FROM tags").await?;
    db.execute(&format!("UPDATE tags SET book = book + {tags}")).await?;
    db.execute("DROP INDEX CONCURRENTLY tags_book").await?;
    Ok(())
}

async fn unindex_by_code(db: &mut Db) -> Result<()> {
    db.execute("CREATE INDEX CONCURRENTLY tags_book ON tags (book)").await?;
    db.execute("UPDATE tags SET book = book - 4").await?;
    db.execute("DROP INDEX CONCURRENTLY tags_word").await?;
    Ok(())
}
