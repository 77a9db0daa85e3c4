use super::*;
use crate::text::Dialect::{self, Mysql, Postgres, Sqlite};

fn words(sql: &str, dialect: Dialect) -> Vec<String> {
    narrowings(sql, dialect).list.iter().map(|one| one.words().to_owned()).collect()
}

#[track_caller]
fn concerns(schema: &str, data: &str, dialect: Dialect) -> bool {
    let touched = touched(data, dialect);
    narrowings(schema, dialect).list.iter().any(|narrowing| narrowing.concerns(&touched))
}

/// What a text narrows, in words.
const NARROWING: &[(Dialect, &str, &[&str])] = &[
    (Postgres, "DROP TABLE a, b.c CASCADE", &["drops `a`", "drops `b.c`"]),
    (Postgres, "ALTER TABLE Users DROP COLUMN \"Mail\"", &["drops `users.Mail`"]),
    (
        Postgres,
        "ALTER TABLE a ALTER b TYPE bigint, ALTER c SET NOT NULL",
        &["changes the type of `a.b`", "sets NOT NULL on `a.c`"],
    ),
    (Postgres, "ALTER TABLE a ADD CONSTRAINT b CHECK (c > 0) NOT VALID", &["adds CHECK to `a`"]),
    (Postgres, "CREATE UNIQUE INDEX CONCURRENTLY ON a (lower(b))", &["adds UNIQUE to `a`"]),
    (
        Postgres,
        "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c (d)",
        &["adds FOREIGN KEY to `a`", "adds FOREIGN KEY to `a`"],
    ),
    (Postgres, "ALTER TABLE a ADD EXCLUDE USING gist (b WITH &&)", &["adds EXCLUDE to `a`"]),
    (Postgres, "DROP SCHEMA shop CASCADE", &["drops all of `shop`"]),
    (Postgres, "ALTER SCHEMA shop RENAME TO old", &["renames `shop`"]),
    (
        Postgres,
        "ALTER TABLE a RENAME TO b; ALTER TABLE a RENAME COLUMN b TO c; ALTER TABLE a SET SCHEMA b",
        &["renames `a`", "renames `a.b`", "moves `a`"],
    ),
    (Postgres, "DROP TYPE mood CASCADE", &["drops `mood` and what depends on it"]),
    (Postgres, "DROP OWNED BY me", &["runs `DROP OWNED`"]),
    (Postgres, "ALTER DOMAIN d ADD CHECK (value > 0)", &["runs `ALTER DOMAIN`"]),
    (
        Postgres,
        "DO $$ BEGIN ALTER TABLE a DROP COLUMN b; EXECUTE 'DROP TABLE c'; END $$",
        &["drops `a.b`", "drops `c`"],
    ),
    (
        Postgres,
        "ALTER TABLE a ADD b INT NOT NULL; ALTER TABLE a ADD c INT UNIQUE DEFAULT 1",
        &["adds demands with `a.b`", "adds demands with `a.c`"],
    ),
    (
        Mysql,
        "ALTER TABLE a MODIFY b BIGINT NOT NULL, CHANGE c d INT",
        &["redefines `a.b`", "redefines `a.b`", "redefines `a.c`", "redefines `a.d`"],
    ),
    (Mysql, "ALTER TABLE a ADD UNIQUE INDEX b (c)", &["adds UNIQUE to `a`"]),
    (Mysql, "RENAME TABLE a TO b, c.d TO e", &["renames `a`", "renames `c.d`"]),
    (Mysql, "DROP DATABASE shop", &["drops all of `shop`"]),
    (Mysql, "ALTER TABLE a DROP PARTITION p", &["changes `a`"]),
    (Mysql, "ALTER TABLE a CONVERT TO CHARACTER SET utf8mb4", &["changes `a`"]),
    (Mysql, "CREATE OR REPLACE TABLE a (b INT)", &["replaces `a`"]),
    (Mysql, "EXECUTE IMMEDIATE 'ALTER TABLE a DROP b'", &["drops `a.b`"]),
    (
        Sqlite,
        "CREATE TABLE n (b INT); INSERT INTO n SELECT b FROM a; DROP TABLE a; ALTER TABLE n RENAME TO a",
        &["drops `a`"],
    ),
    (Sqlite, "ALTER TABLE a DROP b", &["drops `a.b`"]),
    (Sqlite, "DELETE FROM a", &["changes rows of `a`"]),
];

#[test]
fn what_destroys_or_narrows_is_found_on_every_dialect() {
    for (dialect, sql, expected) in NARROWING.iter().copied() {
        assert_eq!(words(sql, dialect), expected, "{sql}");
    }
}

#[test]
fn what_only_adds_narrows_nothing() {
    let both = [
        "CREATE TABLE a (b INT PRIMARY KEY, c INT NOT NULL UNIQUE REFERENCES d (e))",
        "CREATE INDEX a ON b (c)",
        "ALTER TABLE a ADD COLUMN b INT",
        "ALTER TABLE a ADD COLUMN b INT NOT NULL DEFAULT 0",
        "ALTER TABLE a ADD COLUMN b INT REFERENCES c (d)",
        "CREATE TABLE a (b INT); ALTER TABLE a ADD COLUMN c INT; CREATE UNIQUE INDEX d ON a (b)",
        "CREATE VIEW a AS SELECT b FROM c",
    ];
    for sql in both {
        for dialect in Dialect::ALL {
            assert_eq!(words(sql, dialect), Vec::<String>::new(), "{sql}");
        }
    }
    let postgres = [
        "DROP SCHEMA shop",
        "ALTER TABLE a ALTER b DROP NOT NULL, ALTER b SET DEFAULT 1, DROP CONSTRAINT c",
        "ALTER TABLE a VALIDATE CONSTRAINT b",
        "DROP INDEX a",
        "COMMENT ON TABLE a IS 'DROP TABLE b'",
        "ALTER TABLE a ADD CONSTRAINT b UNIQUE USING INDEX c",
    ];
    for sql in postgres {
        assert_eq!(words(sql, Postgres), Vec::<String>::new(), "{sql}");
    }
    assert_eq!(
        words("DROP TEMPORARY TABLE a; ALTER TABLE a ENGINE = InnoDB, ADD INDEX (b)", Mysql),
        Vec::<String>::new()
    );
}

#[test]
fn what_cannot_be_seen_is_said() {
    for sql in ["DO $$ BEGIN PERFORM f(); END $$", "CALL f()", "SELECT f()", "FROB a", "SELECT 'a"]
    {
        assert!(narrowings(sql, Postgres).unseen, "{sql}");
    }
    assert!(narrowings("PREPARE a FROM @b", Mysql).unseen);
    for sql in ["CREATE TABLE a (b INT)", "SELECT count(*) FROM a", "SET a = 1"] {
        assert!(!narrowings(sql, Postgres).unseen, "{sql}");
    }
}

#[test]
fn a_dropped_column_concerns_who_names_it_or_takes_all() {
    let drop = "ALTER TABLE users DROP COLUMN email";
    for data in [
        "UPDATE users SET mail = lower(email)",
        "UPDATE shop.Users SET EMAIL = ''",
        "INSERT INTO users (id) VALUES (1)",
        "INSERT INTO archive SELECT * FROM users",
        "INSERT INTO archive SELECT to_jsonb(u) FROM users u",
        "INSERT INTO archive (a) SELECT users::text FROM users",
        "DELETE FROM users WHERE id = 1",
        "TRUNCATE users",
        "COPY users FROM '/tmp/x'",
        "MERGE INTO users USING b ON true WHEN MATCHED THEN DELETE",
        "WITH a AS (DELETE FROM users RETURNING id) INSERT INTO b SELECT id FROM a",
        "UPDATE b SET c = (SELECT email FROM users WHERE users.id = b.id)",
        "DO $$ BEGIN NULL; END $$",
        "CALL backfill()",
        "SELECT backfill()",
        "UPDATE other SET a = app.f(b)",
        "EXECUTE backfill",
    ] {
        assert!(concerns(drop, data, Postgres), "{data}");
    }
    for data in [
        "UPDATE users SET name = lower(name)",
        "UPDATE orders SET email = 1",
        "UPDATE app.orders SET total = price * count",
        "SELECT setval('users_id_seq', 7)",
        "INSERT INTO orders (user_id) SELECT id FROM users",
        "SET search_path = a",
    ] {
        assert!(!concerns(drop, data, Postgres), "{data}");
    }
    for data in [
        "REPLACE users VALUES (1)",
        "LOAD DATA INFILE 'a' INTO TABLE users",
        "DELETE u FROM users AS u",
    ] {
        assert!(concerns(drop, data, Mysql), "{data}");
    }
}

#[test]
fn names_are_compared_as_the_engine_does() {
    assert!(!concerns("DROP TABLE \"Users\"", "UPDATE users SET a = 1", Postgres));
    assert!(concerns("DROP TABLE USERS", "UPDATE \"users\" SET a = 1", Postgres));
    assert!(concerns("DROP TABLE `Users`", "UPDATE users SET a = 1", Mysql));
    assert!(concerns("DROP TABLE [Users]", "UPDATE main.users SET a = 1", Sqlite));
    assert!(!concerns("DROP TABLE a.users", "UPDATE b.users SET a = 1", Postgres));
    assert!(concerns("DROP SCHEMA shop CASCADE", "UPDATE shop.users SET a = 1", Postgres));
    assert!(concerns("DROP SCHEMA shop CASCADE", "UPDATE users SET a = 1", Postgres));
    assert!(!concerns("DROP SCHEMA shop CASCADE", "UPDATE app.users SET a = 1", Postgres));
}

#[test]
fn new_demands_concern_who_adds_rows_or_writes_the_column() {
    let demand = "ALTER TABLE users ALTER COLUMN email SET NOT NULL";
    assert!(concerns(demand, "INSERT INTO users (id, name) VALUES (1, 'root')", Postgres));
    assert!(concerns(demand, "UPDATE users SET email = name WHERE email IS NULL", Postgres));
    assert!(!concerns(demand, "UPDATE users SET name = ''", Postgres));
    let key = "ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id)";
    assert!(concerns(key, "INSERT INTO users VALUES (1)", Postgres));
    assert!(concerns(key, "UPDATE orders SET user_id = 1", Postgres));
    assert!(!concerns(key, "UPDATE orders SET total = 1", Postgres));
}

#[test]
fn ties_lead_from_what_is_named_to_what_is_touched() {
    let concerns = |tie: &str, data: &str| {
        let mut ties = Ties::default();
        ties.read(tie, Postgres);
        let mut touched = touched(data, Postgres);
        touched.follow(&ties);
        let drop = narrowings("ALTER TABLE b DROP COLUMN c", Postgres);
        drop.list.iter().any(|narrowing| narrowing.concerns(&touched))
    };
    let update = "UPDATE a SET d = 1";
    assert!(!concerns("CREATE TABLE a (d INT)", update));
    assert!(concerns("CREATE TRIGGER t AFTER UPDATE ON a EXECUTE FUNCTION f()", update));
    assert!(concerns("CREATE VIEW a AS SELECT c AS d FROM b", update));
    assert!(concerns(
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "UPDATE a SET d = f()"
    ));
    assert!(concerns("CREATE TABLE b PARTITION OF a DEFAULT", update));
    assert!(concerns("CREATE TABLE b (c INT REFERENCES a ON DELETE CASCADE)", "DELETE FROM a"));
    assert!(!concerns("CREATE TABLE b (c INT REFERENCES a ON DELETE CASCADE)", update));
}
