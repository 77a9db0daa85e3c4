//! What is read of DDL, as one line each.

use super::*;
use crate::statement::split;
use crate::text::Dialect;

fn ddl(sql: &str, dialect: Dialect) -> Ddl<'_> {
    let statements = split(sql, dialect).unwrap();
    assert_eq!(statements.len(), 1, "{sql}");
    statements[0].ddl()
}

/// The words that are there, and the parts that are.
fn said(words: &[(&str, bool)], parts: &[(&str, Option<&str>)]) -> String {
    let words = words.iter().filter(|(_, is)| *is).map(|(word, _)| (*word).to_owned());
    let parts = parts.iter().filter_map(|(part, text)| text.map(|text| format!("{part}={text}")));
    words.chain(parts).collect::<Vec<_>>().join(" ")
}

fn names(names: &[Name<'_>]) -> String {
    names.iter().map(Name::text).collect::<Vec<_>>().join(", ")
}

fn column(column: &Column<'_>) -> String {
    let generated = column.generated.map(|kind| format!("{kind:?}"));
    let default = column.default.map(|default| {
        format!("{}{}", default.text, if default.constant { "" } else { " (computed)" })
    });
    let words = [
        ("not_null", column.not_null),
        ("primary_key", column.primary_key),
        ("unique", column.unique),
        ("check", column.check),
        ("numbered", column.numbered),
    ];
    let parts = [
        ("type", Some(column.data_type)),
        ("default", default.as_deref()),
        ("references", column.references.as_ref().map(|to| to.table.text())),
        ("generated", generated.as_deref()),
    ];
    format!("{}: {}", column.name.text(), said(&words, &parts))
}

fn constraint(constraint: &Constraint<'_>) -> String {
    let kind = match &constraint.kind {
        ConstraintKind::ForeignKey(to) => format!("ForeignKey to {}", to.table.text()),
        kind => format!("{kind:?}"),
    };
    let words = [
        ("not_valid", constraint.not_valid),
        ("using_index", constraint.using_index),
        ("if_not_exists", constraint.if_not_exists),
    ];
    let parts = [("kind", Some(&*kind)), ("name", constraint.name.as_ref().map(Ident::text))];
    said(&words, &parts)
}

fn table(table: &CreateTable<'_>) -> String {
    let words = [
        ("temporary", table.temporary),
        ("if_not_exists", table.if_not_exists),
        ("or_replace", table.or_replace),
        ("foreign", table.foreign),
        ("as_query", table.as_query),
        ("like", table.like),
    ];
    let parts = [
        ("name", Some(table.name.text())),
        ("of", table.partition_of.as_ref().map(Name::text)),
        ("options", Some(table.options).filter(|options| !options.is_empty())),
    ];
    let columns = table.columns.iter().map(column);
    let elements: Vec<String> = columns.chain(table.constraints.iter().map(constraint)).collect();
    [&[said(&words, &parts)][..], &elements].concat().join("; ")
}

fn index(index: &CreateIndex<'_>) -> String {
    let words = [
        ("unique", index.unique),
        ("concurrently", index.concurrently),
        ("if_not_exists", index.if_not_exists),
        ("or_replace", index.or_replace),
    ];
    let columns = index.columns.join(" | ");
    let parts = [
        ("name", index.name.as_ref().map(Name::text)),
        ("table", Some(index.table.text())),
        ("columns", Some(&*columns)),
        ("options", Some(index.options).filter(|options| !options.is_empty())),
    ];
    said(&words, &parts)
}

fn object(create: &Create<'_>) -> String {
    let words = [
        (create.kind.words(), true),
        ("temporary", create.temporary),
        ("if_not_exists", create.if_not_exists),
        ("or_replace", create.or_replace),
        ("enum", create.is_enum),
        ("definer", create.definer),
    ];
    let parts = [
        ("name", create.name.as_ref().map(Name::text)),
        ("signature", create.signature),
        ("on", create.on.as_ref().map(Name::text)),
    ];
    said(&words, &parts)
}

fn dropped(drop: &Drop<'_>) -> String {
    let words = [
        (drop.kind.words(), true),
        ("if_exists", drop.if_exists),
        ("cascade", drop.cascade),
        ("concurrently", drop.concurrently),
        ("temporary", drop.temporary),
    ];
    let signatures: Vec<&str> = drop.signatures.iter().copied().flatten().collect();
    let signatures = signatures.join(" ");
    let parts = [
        ("names", Some(names(&drop.names))),
        ("signatures", Some(signatures).filter(|text| !text.is_empty())),
        ("on", drop.on.as_ref().map(|on| on.text().to_owned())),
    ];
    let parts: Vec<_> = parts.iter().map(|(part, text)| (*part, text.as_deref())).collect();
    said(&words, &parts)
}

fn action(action: &Action<'_>) -> String {
    match action {
        Action::AddColumn { column: added, if_not_exists, placed } => {
            let words = [("if_not_exists", *if_not_exists), ("placed", *placed)];
            format!("add {} {}", column(added), said(&words, &[])).trim_end().to_owned()
        }
        Action::AddConstraint(added) => format!("add {}", constraint(added)),
        Action::RedefineColumn { from, column: to } => {
            format!("{} becomes {}", from.text(), column(to))
        }
        Action::DropColumn { name, if_exists, cascade } => {
            let words = [("if_exists", *if_exists), ("cascade", *cascade)];
            format!("drop {} {}", name.text(), said(&words, &[])).trim_end().to_owned()
        }
        Action::AlterColumn { name, change } => {
            let change = match change {
                ColumnChange::Type { data_type, using } => {
                    format!("type {data_type} using={using}")
                }
                ColumnChange::SetDefault(default) => {
                    format!("default {} constant={}", default.text, default.constant)
                }
                change => format!("{change:?}"),
            };
            format!("alter {}: {change}", name.text())
        }
        Action::DropConstraint { what, name, if_exists } => {
            let name = name.as_ref().map_or("", Ident::text);
            format!("drop {what} {name}{}", if *if_exists { " if_exists" } else { "" })
        }
        Action::ValidateConstraint(name) => format!("validate {}", name.text()),
        Action::RenameColumn { from, to } => format!("column {} to {}", from.text(), to.text()),
        Action::RenameConstraint { from, to } => {
            format!("constraint {} to {}", from.text(), to.text())
        }
        Action::RenameIndex { from, to } => format!("index {} to {}", from.text(), to.text()),
        Action::RenameTo(to) => format!("to {}", to.text()),
        Action::SetSchema(to) => format!("schema {}", to.text()),
        Action::AttachPartition(name) => format!("attach {}", name.text()),
        Action::DetachPartition { name, concurrently } => {
            format!("detach {} {}", name.text(), said(&[("concurrently", *concurrently)], &[]))
        }
        Action::Algorithm(value) => format!("algorithm {value}"),
        Action::Lock(value) => format!("lock {value}"),
        Action::Other(text) => format!("other {text}"),
    }
}

fn line(ddl: &Ddl<'_>) -> String {
    match ddl {
        Ddl::CreateTable(create) => table(create),
        Ddl::CreateIndex(create) => index(create),
        Ddl::Create(create) => object(create),
        Ddl::AlterTable(alter) => {
            let words = [(alter.kind.words(), true), ("if_exists", alter.if_exists)];
            let head = said(&words, &[("name", Some(alter.name.text()))]);
            let actions = alter.actions.iter().map(|(it, _)| action(it));
            [head].into_iter().chain(actions).collect::<Vec<_>>().join("; ")
        }
        Ddl::AlterEnum { name, change } => {
            let change = match change {
                EnumChange::AddValue { value, if_not_exists, placed } => {
                    let words = [("if_not_exists", *if_not_exists), ("placed", *placed)];
                    format!("add {value} {}", said(&words, &[]))
                }
                EnumChange::RenameValue { from, to } => format!("{from} to {to}"),
                EnumChange::RenameAttribute { from, to } => {
                    format!("attribute {} to {}", from.text(), to.text())
                }
                EnumChange::AddAttribute(name) => format!("add attribute {}", name.text()),
            };
            format!("{}: {change}", name.text())
        }
        Ddl::Rename(renamed) => {
            let pairs =
                renamed.pairs.iter().map(|(from, to)| format!("{} to {}", from.text(), to.text()));
            let words = [(renamed.kind.words(), true), ("if_exists", renamed.if_exists)];
            let parts =
                [("signature", renamed.signature), ("on", renamed.on.as_ref().map(Name::text))];
            format!("{}: {}", said(&words, &parts), pairs.collect::<Vec<_>>().join(", "))
        }
        Ddl::Drop(drop) => dropped(drop),
        Ddl::Other => "other".to_owned(),
    }
}

fn read(cases: &[(&str, &str)], dialect: Dialect) {
    for (sql, expected) in cases {
        assert_eq!(line(&ddl(sql, dialect)), *expected, "{sql}");
    }
}

#[test]
fn tables_are_read_in_every_dialect() {
    for dialect in Dialect::ALL {
        read(
            &[
                ("CREATE TABLE a (b INT)", "name=a; b: type=INT"),
                (
                    "create temporary table if not exists s.\"a b\" (c decimal(10, 2) NOT NULL DEFAULT -1.5 CHECK (c > (0)), PRIMARY KEY (c))",
                    "temporary if_not_exists name=s.\"a b\"; c: not_null check type=decimal(10, 2) default=-1.5; kind=PrimaryKey",
                ),
                (
                    "CREATE TABLE a (b INT REFERENCES s.c (d) ON DELETE SET NULL UNIQUE, CONSTRAINT k FOREIGN KEY (b, e) REFERENCES f (g, h) ON UPDATE CASCADE)",
                    "name=a; b: unique type=INT references=s.c; kind=ForeignKey to f name=k",
                ),
                ("CREATE TABLE a AS SELECT 1", "as_query name=a options=AS SELECT 1"),
                (
                    "CREATE TABLE a (b INT DEFAULT (random()), c INT GENERATED ALWAYS AS (b + 1) STORED)",
                    "name=a; b: type=INT default=(random()) (computed); c: type=INT generated=Stored",
                ),
            ],
            dialect,
        );
    }
}

#[test]
fn tables_of_each_dialect_are_read() {
    read(
        &[
            (
                "CREATE UNLOGGED TABLE a (id bigserial, b timestamp without time zone DEFAULT now(), c text[] DEFAULT '{}'::text[], d int GENERATED BY DEFAULT AS IDENTITY (START 5), EXCLUDE USING gist (c WITH &&)) WITH (fillfactor = 70)",
                "name=a options=WITH (fillfactor = 70); id: numbered type=bigserial; b: type=timestamp without time zone default=now() (computed); c: type=text[] default='{}'::text[]; d: numbered type=int; kind=Exclude",
            ),
            (
                "CREATE TABLE a PARTITION OF s.b FOR VALUES IN (1)",
                "name=a of=s.b options=FOR VALUES IN (1)",
            ),
            ("CREATE TABLE a (LIKE b INCLUDING ALL)", "like name=a"),
            (
                "CREATE FOREIGN TABLE a (b int) SERVER c",
                "foreign name=a options=SERVER c; b: type=int",
            ),
            (
                "CREATE TABLE a WITH (fillfactor = 70) AS TABLE b",
                "as_query name=a options=WITH (fillfactor = 70) AS TABLE b",
            ),
        ],
        Dialect::Postgres,
    );
    read(
        &[
            (
                "CREATE OR REPLACE TABLE `a` (`id` INT UNSIGNED AUTO_INCREMENT PRIMARY KEY COMMENT 'x, y', b ENUM('x', 'y') CHARACTER SET utf8, KEY i (b(10)), UNIQUE KEY (b), CONSTRAINT c UNIQUE d (b), FULLTEXT e (b), FOREIGN KEY f (b) REFERENCES g (h)) ENGINE=InnoDB",
                "or_replace name=`a` options=ENGINE=InnoDB; `id`: primary_key numbered type=INT UNSIGNED; b: type=ENUM('x', 'y') CHARACTER SET utf8; kind=Index name=i; kind=Unique; kind=Unique name=d; kind=Index name=e; kind=ForeignKey to g",
            ),
            ("CREATE TABLE a LIKE b", "like name=a"),
        ],
        Dialect::Mysql,
    );
    read(
        &[
            (
                "CREATE TABLE [a b] (id INTEGER PRIMARY KEY AUTOINCREMENT, b, c AS (b * 2)) STRICT",
                "name=[a b] options=STRICT; id: primary_key numbered type=INTEGER; b: type=; c: type= generated=Virtual",
            ),
            ("CREATE VIRTUAL TABLE IF NOT EXISTS a USING fts5(b)", "TABLE if_not_exists name=a"),
        ],
        Dialect::Sqlite,
    );
}

#[test]
fn indexes_are_read() {
    read(
        &[
            (
                "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a ON ONLY s.t USING gin (lower(b), c DESC) INCLUDE (d) WHERE e > 0",
                "unique concurrently if_not_exists name=a table=s.t columns=lower(b) | c DESC options=INCLUDE (d) WHERE e > 0",
            ),
            ("CREATE INDEX ON t (b)", "table=t columns=b"),
        ],
        Dialect::Postgres,
    );
    read(
        &[(
            "CREATE OR REPLACE FULLTEXT INDEX a USING BTREE ON s.t (b(10), c) ALGORITHM=INPLACE LOCK=NONE",
            "or_replace name=a table=s.t columns=b(10) | c options=ALGORITHM=INPLACE LOCK=NONE",
        )],
        Dialect::Mysql,
    );
    read(
        &[(
            "CREATE INDEX main.a ON t (b COLLATE NOCASE)",
            "name=main.a table=t columns=b COLLATE NOCASE",
        )],
        Dialect::Sqlite,
    );
}

#[test]
fn other_objects_are_read() {
    read(
        &[
            ("CREATE OR REPLACE VIEW s.a AS SELECT 1", "VIEW or_replace name=s.a"),
            ("CREATE TYPE a AS ENUM ('b')", "TYPE enum name=a"),
            (
                "CREATE FUNCTION a(b int = 1, c text[]) RETURNS int AS ''",
                "FUNCTION name=a signature=(b int = 1, c text[])",
            ),
            (
                "CREATE CONSTRAINT TRIGGER a AFTER UPDATE OF b ON s.c EXECUTE FUNCTION d()",
                "TRIGGER name=a on=s.c",
            ),
            ("CREATE RULE a AS ON DELETE TO b DO NOTHING", "RULE name=a on=b"),
            ("CREATE POLICY a ON b FOR SELECT TO c", "POLICY name=a on=b"),
            ("CREATE SCHEMA AUTHORIZATION a", "SCHEMA"),
            ("CREATE SCHEMA IF NOT EXISTS a AUTHORIZATION b", "SCHEMA if_not_exists name=a"),
            ("CREATE STATISTICS ON a, b FROM c", "STATISTICS"),
            ("CREATE STATISTICS s (ndistinct) ON a, b FROM c", "STATISTICS name=s"),
            ("CREATE CAST (a AS b) WITHOUT FUNCTION", "CAST"),
            ("CREATE EVENT TRIGGER a ON sql_drop EXECUTE FUNCTION b()", "EVENT TRIGGER name=a"),
            (
                "CREATE TEXT SEARCH DICTIONARY a (TEMPLATE = simple)",
                "TEXT SEARCH DICTIONARY name=a",
            ),
        ],
        Dialect::Postgres,
    );
    read(
        &[
            (
                "CREATE ALGORITHM=MERGE DEFINER=`a`@`b` SQL SECURITY INVOKER VIEW c AS SELECT 1",
                "VIEW definer name=c",
            ),
            (
                "CREATE AGGREGATE FUNCTION a(b INT) RETURNS INT SONAME 'c'",
                "FUNCTION name=a signature=(b INT)",
            ),
            (
                "CREATE TRIGGER s.a BEFORE INSERT ON s.b FOR EACH ROW SET @c = 1",
                "TRIGGER name=s.a on=s.b",
            ),
            ("CREATE EVENT a ON SCHEDULE EVERY 1 DAY DO SELECT 1", "EVENT name=a"),
        ],
        Dialect::Mysql,
    );
    read(
        &[(
            "CREATE TEMP TRIGGER a AFTER UPDATE OF b, c ON d BEGIN SELECT 1; END",
            "TRIGGER temporary name=a on=d",
        )],
        Dialect::Sqlite,
    );
}

#[test]
fn what_may_find_nothing_to_do_is_read() {
    read(
        &[(
            "ALTER TABLE a DROP INDEX IF EXISTS b, DROP CONSTRAINT IF EXISTS c, ADD UNIQUE KEY IF NOT EXISTS d (e)",
            "TABLE name=a; drop INDEX b if_exists; drop CONSTRAINT c if_exists; add if_not_exists kind=Unique name=d",
        )],
        Dialect::Mysql,
    );
}

#[test]
fn alterations_are_read() {
    read(
        &[
            (
                "ALTER TABLE IF EXISTS ONLY s.a ADD COLUMN IF NOT EXISTS b int, DROP c CASCADE, ALTER COLUMN d TYPE numeric(3, 1) USING d::numeric, ALTER e SET DEFAULT 'x', ALTER f SET NOT NULL, ADD CONSTRAINT g CHECK (h > 0) NOT VALID, VALIDATE CONSTRAINT g",
                "TABLE if_exists name=s.a; add b: type=int if_not_exists; drop c cascade; alter d: type numeric(3, 1) using=true; alter e: default 'x' constant=true; alter f: SetNotNull; add not_valid kind=Check name=g; validate g",
            ),
            (
                "ALTER TABLE a ADD CONSTRAINT b UNIQUE USING INDEX c",
                "TABLE name=a; add using_index kind=Unique name=b",
            ),
            ("ALTER TABLE a RENAME b TO c", "TABLE name=a; column b to c"),
            ("ALTER TABLE a RENAME CONSTRAINT b TO c", "TABLE name=a; constraint b to c"),
            ("ALTER TABLE a RENAME TO b", "TABLE name=a; to b"),
            ("ALTER TABLE a SET SCHEMA b", "TABLE name=a; schema b"),
            (
                "ALTER TABLE a ATTACH PARTITION b FOR VALUES FROM (1) TO (2)",
                "TABLE name=a; attach b",
            ),
            (
                "ALTER TABLE a DETACH PARTITION b CONCURRENTLY",
                "TABLE name=a; detach b concurrently",
            ),
            ("ALTER TABLE a OWNER TO b", "TABLE name=a; other OWNER TO b"),
            ("ALTER VIEW a RENAME COLUMN b TO c", "VIEW name=a; column b to c"),
            ("ALTER INDEX a RENAME TO b", "INDEX: a to b"),
            ("ALTER FUNCTION a(int) RENAME TO b", "FUNCTION signature=(int): a to b"),
            ("ALTER TRIGGER a ON s.b RENAME TO c", "TRIGGER on=s.b: a to c"),
            (
                "ALTER TYPE a ADD VALUE IF NOT EXISTS 'b' BEFORE 'c'",
                "a: add 'b' if_not_exists placed",
            ),
            ("ALTER TYPE a RENAME VALUE 'b' TO 'c'", "a: 'b' to 'c'"),
            ("ALTER TYPE a RENAME ATTRIBUTE b TO c CASCADE", "a: attribute b to c"),
            ("ALTER TYPE a ADD ATTRIBUTE b numeric(1, 2)", "a: add attribute b"),
            ("ALTER TYPE a RENAME TO b", "TYPE: a to b"),
        ],
        Dialect::Postgres,
    );
    read(
        &[
            (
                "ALTER ONLINE TABLE a ADD b INT FIRST, ADD KEY c (d), ADD UNIQUE (e), CHANGE f g BIGINT NOT NULL, MODIFY h TEXT, DROP PRIMARY KEY, DROP FOREIGN KEY i, RENAME INDEX j TO k, ALGORITHM=INSTANT, LOCK NONE, ENGINE=InnoDB",
                "TABLE name=a; add b: type=INT placed; add kind=Index name=c; add kind=Unique; f becomes g: not_null type=BIGINT; h becomes h: type=TEXT; drop PRIMARY KEY ; drop FOREIGN KEY i; index j to k; algorithm INSTANT; lock NONE; other ENGINE=InnoDB",
            ),
            ("ALTER TABLE a WAIT 5 RENAME AS s.b", "TABLE name=a; to s.b"),
            ("RENAME TABLE a TO b, s.c WAIT 3 TO d", "TABLE: a to b, s.c to d"),
            ("ALTER EVENT a RENAME TO b", "EVENT: a to b"),
            ("ALTER EVENT a RENAME TO b ENABLE", "other"),
        ],
        Dialect::Mysql,
    );
    read(
        &[
            ("ALTER TABLE main.a RENAME b TO 'c'", "TABLE name=main.a; column b to 'c'"),
            ("ALTER TABLE a ADD b", "TABLE name=a; add b: type="),
        ],
        Dialect::Sqlite,
    );
}

#[test]
fn drops_are_read() {
    read(
        &[
            ("DROP TABLE IF EXISTS a, s.b CASCADE", "TABLE if_exists cascade names=a, s.b"),
            ("DROP INDEX CONCURRENTLY a", "INDEX concurrently names=a"),
            ("DROP FUNCTION a(int), b(text)", "FUNCTION names=a, b signatures=(int) (text)"),
            ("DROP TRIGGER a ON s.b", "TRIGGER names=a on=s.b"),
        ],
        Dialect::Postgres,
    );
    read(
        &[
            ("DROP TEMPORARY TABLE a", "TABLE temporary names=a"),
            ("DROP INDEX a ON s.b", "INDEX names=a on=s.b"),
        ],
        Dialect::Mysql,
    );
    read(&[("DROP VIEW main.a", "VIEW names=main.a")], Dialect::Sqlite);
}

#[test]
fn what_is_no_ddl_has_no_tree() {
    for dialect in Dialect::ALL {
        for sql in ["SELECT 1", "INSERT INTO a VALUES (1)", "CREATE", "CREATE a", "ALTER", "DROP 1"]
        {
            assert_eq!(ddl(sql, dialect), Ddl::Other, "{sql}");
        }
    }
}

#[test]
fn names_mean_the_same_by_their_dialects_rules() {
    let same = |one: &str, other: &str, dialect: Dialect| {
        let (one, other) = (format!("DROP TABLE {one}"), format!("DROP TABLE {other}"));
        let (Ddl::Drop(one), Ddl::Drop(other)) = (ddl(&one, dialect), ddl(&other, dialect)) else {
            panic!("both drop")
        };
        one.names[0].is_same(&other.names[0])
    };
    assert!(same("Users", "\"users\"", Dialect::Postgres));
    assert!(same("ÄB", "\"Äb\"", Dialect::Postgres));
    assert!(!same("Users", "\"Users\"", Dialect::Postgres));
    assert!(same("s.users", "users", Dialect::Postgres));
    assert!(!same("s.users", "t.users", Dialect::Postgres));
    assert!(same("`a``b`", "`A``b`", Dialect::Mysql));
    assert!(same("[a b]", "\"A b\"", Dialect::Sqlite));
}

#[test]
fn a_column_knows_its_table() {
    let Ddl::Drop(drop) = ddl("DROP TABLE s . \"t\".c", Dialect::Postgres) else {
        panic!("a table is dropped")
    };
    assert_eq!(drop.names[0].qualifier().unwrap().text(), "s . \"t\"");
    assert_eq!(drop.names[0].qualifier().unwrap().qualifier().unwrap().text(), "s");
}
