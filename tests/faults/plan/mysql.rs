//! MySQL, MariaDB: every statement of DDL commits, so that a revision may stop between any two of its statements.

use migrate_core::prelude::*;
use migrate_core::{Kind, Migration};

use crate::plan::{EMPTY, FILL, both, data, lower_prices, plain, raise_prices, schema, tag_books};

pub(super) fn mixed() -> Vec<Migration> {
    let mut all = vec![
        schema(
            "001",
            "CREATE TABLE authors (id BIGINT PRIMARY KEY, name VARCHAR(40) NOT NULL)",
            "DROP TABLE authors",
        ),
        books(),
        data("003", FILL, EMPTY),
        reshape().depends_on("003"),
        interleaved(),
        Migration::new("006")
            .up(tag_by_code)
            .down(untag_by_code)
            .waive("mixed", "it counts what it tags"),
        routines(),
        Migration::new("008").kind(Kind::Data).up(raise_prices).down(lower_prices),
    ];
    all.extend(plain());
    all
}

pub(super) fn short() -> Vec<Migration> {
    vec![
        schema(
            "001",
            "CREATE TABLE authors (id BIGINT PRIMARY KEY, name VARCHAR(40) NOT NULL)",
            "DROP TABLE authors",
        ),
        both(
            "002",
            "CREATE TABLE books (id BIGINT PRIMARY KEY, price INT NOT NULL);
             INSERT INTO books VALUES (1, 100), (2, 200);
             ALTER TABLE books ADD COLUMN title VARCHAR(40);
             UPDATE books SET price = price + 10;
             CREATE INDEX books_title ON books (title)",
            "DROP TABLE books",
        ),
        data(
            "003",
            "INSERT INTO authors VALUES (1, 'Ada'); UPDATE books SET price = price + 1",
            "DELETE FROM authors",
        ),
    ]
}

fn books() -> Migration {
    schema(
        "002",
        "CREATE TABLE books (id BIGINT PRIMARY KEY, author BIGINT NOT NULL, title VARCHAR(40), price INT NOT NULL);
         CREATE INDEX books_title ON books (title);
         ALTER TABLE books ADD CONSTRAINT books_author FOREIGN KEY (author) REFERENCES authors (id)",
        "ALTER TABLE books DROP FOREIGN KEY books_author; DROP INDEX books_title ON books; DROP TABLE books",
    )
}

/// DDL of many kinds.
fn reshape() -> Migration {
    schema(
        "004",
        "ALTER TABLE books ADD COLUMN isbn VARCHAR(20);
         ALTER TABLE books MODIFY COLUMN title VARCHAR(120) NOT NULL;
         ALTER TABLE books RENAME COLUMN price TO cents;
         ALTER TABLE books ADD COLUMN shelf INT NOT NULL DEFAULT 7, ADD COLUMN lent DATE;
         CREATE UNIQUE INDEX books_isbn ON books (isbn);
         CREATE TABLE scratch (id BIGINT PRIMARY KEY);
         RENAME TABLE authors TO writers;
         DROP INDEX books_title ON books;
         ALTER TABLE books DROP COLUMN lent;
         DROP TABLE scratch;
         ALTER TABLE writers ALTER COLUMN name SET DEFAULT 'nobody'",
        "ALTER TABLE writers ALTER COLUMN name DROP DEFAULT;
         CREATE INDEX books_title ON books (title);
         RENAME TABLE writers TO authors;
         DROP INDEX books_isbn ON books;
         ALTER TABLE books DROP COLUMN shelf;
         ALTER TABLE books RENAME COLUMN cents TO price;
         ALTER TABLE books MODIFY COLUMN title VARCHAR(40);
         ALTER TABLE books DROP COLUMN isbn",
    )
}

/// Rows between two changes of the schema: each statement once, whatever happens around it.
fn interleaved() -> Migration {
    both(
        "005",
        "ALTER TABLE writers ADD COLUMN written INT NOT NULL DEFAULT 0;
         UPDATE writers SET written = written + 1;
         INSERT INTO books (id, author, title, cents) VALUES (4, 2, 'Four', 400);
         ALTER TABLE writers ADD COLUMN born DATE;
         UPDATE books SET cents = cents * 2;
         UPDATE writers SET written = written + 10;
         DROP INDEX books_isbn ON books;
         UPDATE books SET cents = cents + 5",
        "UPDATE books SET cents = cents - 5;
         CREATE UNIQUE INDEX books_isbn ON books (isbn);
         UPDATE books SET cents = cents / 2;
         ALTER TABLE writers DROP COLUMN born;
         DELETE FROM books WHERE id = 4;
         ALTER TABLE writers DROP COLUMN written",
    )
}

async fn tag_by_code(db: &mut Db) -> Result<()> {
    db.execute("CREATE TABLE tags (id BIGINT PRIMARY KEY, book BIGINT NOT NULL)").await?;
    tag_books(db).await?;
    db.execute("ALTER TABLE tags ADD COLUMN word VARCHAR(20)").await?;
    db.execute("UPDATE tags SET book = book + 100; CREATE INDEX tags_book ON tags (book)").await?;
    db.execute("ALTER TABLE tags DROP COLUMN word").await?;
    Ok(())
}

async fn untag_by_code(db: &mut Db) -> Result<()> {
    db.execute("DROP INDEX tags_book ON tags").await?;
    db.execute("DROP TABLE tags").await?;
    Ok(())
}

/// Routines, which contain statements.
fn routines() -> Migration {
    schema(
        "007",
        "CREATE VIEW cheap AS SELECT id, title FROM books WHERE cents < 500;
         CREATE TRIGGER count_books BEFORE UPDATE ON writers FOR EACH ROW BEGIN
           SET NEW.written = NEW.written + 1;
           SET NEW.name = trim(NEW.name);
         END;
         CREATE PROCEDURE lend(book BIGINT) BEGIN
           UPDATE books SET shelf = 0 WHERE id = book;
           SELECT count(*) FROM books;
         END;
         CREATE OR REPLACE VIEW cheap AS SELECT id, title, cents FROM books WHERE cents < 600",
        "DROP VIEW cheap; DROP PROCEDURE lend; DROP TRIGGER count_books",
    )
}
