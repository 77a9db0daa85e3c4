#![expect(clippy::string_slice, reason = "findings cover whole tokens")]

use std::collections::BTreeSet;

use super::*;
use crate::lint::lint;
use crate::settings::Settings;
use migrate_sql::SqlContext;

/// What the runner refuses or does itself; see [`TAKEN`].
const LEFT_OUT: [Squawk; 5] = [
    Squawk::TransactionNesting,
    Squawk::BanUncommittedTransaction,
    Squawk::BanConcurrentIndexCreationInTransaction,
    Squawk::RequireTimeoutSettings,
    Squawk::UnusedIgnore,
];

#[test]
fn every_rule_of_squawks_is_taken_or_left_out() {
    let all = TAKEN.iter().flat_map(|(_, taken)| taken.iter());
    let mut known: BTreeSet<_> = all.map(|taken| taken.squawk.to_string()).collect();
    for left_out in LEFT_OUT {
        assert!(known.insert(left_out.to_string()), "{left_out} is taken");
    }
    let theirs: BTreeSet<_> = enum_iterator::all::<Squawk>().map(|rule| rule.to_string()).collect();
    assert_eq!(known, theirs);
}

#[test]
fn a_rule_keeps_its_name() {
    for taken in TAKEN.iter().flat_map(|(_, taken)| taken.iter()) {
        assert_eq!(taken.id, taken.squawk.to_string());
    }
}

/// What one of squawk's rules says of a text: the place, the message, the rewrite.
fn told(id: &str, sql: &str, server: Option<&str>, context: SqlContext) -> Vec<[String; 3]> {
    let server = server.map(|server| server.parse().unwrap());
    let settings = Settings::new([(id, Level::Warn)], server).unwrap();
    lint(sql, context, &settings)
        .unwrap()
        .into_iter()
        .filter(|finding| finding.rule.id == id)
        .map(|finding| {
            let place = &sql[finding.offset..finding.offset + finding.length];
            [place.to_owned(), finding.message, finding.rewrite]
        })
        .collect()
}

const UP: SqlContext = SqlContext::new(Dialect::Postgres);

/// The only rewrite.
fn rewrite(id: &str, sql: &str) -> String {
    let [[_, _, rewrite]] = told(id, sql, None, UP).try_into().unwrap();
    rewrite
}

fn places(id: &str, sql: &str) -> Vec<String> {
    told(id, sql, None, UP).into_iter().map(|[place, ..]| place).collect()
}

#[test]
fn what_is_new_is_spared() {
    let old = "CREATE INDEX b ON a (c)";
    let id = "require-concurrent-index-creation";
    assert_eq!(places(id, old), [old]);
    assert_eq!(places(id, &format!("CREATE TABLE a (c int); {old}")), [""; 0]);
    assert_eq!(places(id, &format!("CREATE TABLE IF NOT EXISTS a (c int); {old}")), [old]);
    assert_eq!(places(id, &format!("CREATE TABLE other (c int); {old}")), [old]);
    let alone = SqlContext { transaction: false, ..UP };
    let new = format!("CREATE TABLE a (c int); {old}");
    assert!(told(id, &new, None, alone).is_empty());
    for (id, sql) in [
        ("ban-drop-type", "CREATE TYPE a AS ENUM ('b'); DROP TYPE a"),
        ("ban-drop-table", "CREATE TABLE a (b int); ALTER TABLE a RENAME TO c; DROP TABLE c"),
        ("renaming-column", "CREATE TABLE a (b int); ALTER TABLE a RENAME COLUMN b TO c"),
    ] {
        assert_eq!(places(id, sql), [""; 0], "{id}");
    }
    assert_eq!(
        places("ban-drop-view", "CREATE OR REPLACE VIEW a AS SELECT 1; DROP VIEW a"),
        ["DROP VIEW a"]
    );
}

#[test]
fn design_is_judged_in_what_is_new() {
    let sql = "CREATE TABLE a (b serial, c varchar(9), d timestamp, e int)";
    assert_eq!(places("prefer-identity", sql), ["serial"]);
    assert_eq!(places("prefer-text-field", sql), ["varchar(9)"]);
    assert_eq!(places("prefer-timestamp-tz", sql), ["timestamp"]);
    assert_eq!(places("prefer-bigint-over-int", sql), ["serial", "int"]);
}

#[test]
fn squawks_own_comments_silence_nothing() {
    let sql = "-- squawk-ignore-file\n/* é squawk-ignore ban-drop-table */ DROP TABLE a";
    let [[place, message, _]] = told("ban-drop-table", sql, None, UP).try_into().unwrap();
    assert_eq!(place, "DROP TABLE a");
    assert_eq!(message, "all rows of `a` are lost, and the application that still runs fails");
}

#[test]
fn statements_are_numbered_and_places_exact() {
    let sql = "SELECT 'é';\nALTER TABLE a\n  DROP COLUMN b, DROP COLUMN c";
    let found = lint(sql, UP, &Settings::default()).unwrap();
    let at: Vec<_> =
        found.iter().map(|found| (found.statement, found.offset, found.length)).collect();
    assert_eq!(at, [(2, 29, 13), (2, 44, 13)]);
}

#[test]
fn what_the_tree_does_not_know_is_told_plainly() {
    let [[_, message, _]] =
        told("changing-column-type", "ALTER TYPE a ALTER ATTRIBUTE b TYPE int", None, UP)
            .try_into()
            .unwrap();
    assert_eq!(message, "what is stored changes its shape, as a rule by writing every row anew");
}

#[test]
fn what_does_not_parse_is_left_to_faults() {
    assert_eq!(places("ban-drop-table", "DROP TABLE a; DROP TABLE TABLE"), [""; 0]);
    let raw = SqlContext { parse: false, ..UP };
    assert!(told("ban-drop-table", "DROP TABLE a", None, raw).is_empty());
}

#[test]
fn an_index_is_rewritten_in_one_line() {
    assert_eq!(
        rewrite(
            "require-concurrent-index-creation",
            "CREATE UNIQUE INDEX orders_open -- open\n  ON orders (status)"
        ),
        "`CREATE UNIQUE INDEX CONCURRENTLY orders_open ON orders (status)`, in a migration of its own with \
         `transaction = false`."
    );
    assert_eq!(
        rewrite("require-concurrent-index-deletion", "DROP INDEX IF EXISTS a, s.b"),
        "`DROP INDEX CONCURRENTLY a` and `DROP INDEX CONCURRENTLY s.b`, in a migration of its own with \
         `transaction = false`."
    );
    assert_eq!(
        rewrite("require-concurrent-reindex", "REINDEX (VERBOSE) TABLE a"),
        "`REINDEX (VERBOSE) TABLE CONCURRENTLY a`, in a migration of its own with `transaction = false`."
    );
    assert_eq!(
        rewrite("require-concurrent-partition-detach", "ALTER TABLE a DETACH PARTITION b"),
        "`ALTER TABLE a DETACH PARTITION b CONCURRENTLY`, in a migration of its own with `transaction = false`."
    );
    assert_eq!(
        places("require-concurrent-index-creation", "CREATE INDEX a ON ONLY b (c)"),
        [""; 0]
    );
}

#[test]
fn a_constraint_is_added_in_two_steps() {
    assert_eq!(
        rewrite(
            "adding-foreign-key-constraint",
            "ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id)"
        ),
        "`ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID`, which \
         checks new rows only; then, in a later migration, `ALTER TABLE orders VALIDATE CONSTRAINT orders_user`, which \
         blocks nobody."
    );
    assert_eq!(
        rewrite("constraint-missing-not-valid", "ALTER TABLE a ADD CONSTRAINT b CHECK (c > 0)"),
        "`ALTER TABLE a ADD CONSTRAINT b CHECK (c > 0) NOT VALID`, which checks new rows only; then, in a later \
         migration, `ALTER TABLE a VALIDATE CONSTRAINT b`, which blocks nobody."
    );
}

#[test]
fn each_kind_of_constraint_is_found_by_one_rule() {
    for (id, constraint) in [
        ("constraint-missing-not-valid", "CHECK (b > 0)"),
        ("adding-foreign-key-constraint", "FOREIGN KEY (b) REFERENCES c"),
        ("disallowed-unique-constraint", "UNIQUE (b)"),
        ("adding-serial-primary-key-field", "PRIMARY KEY (b)"),
        ("adding-exclusion-constraint", "EXCLUDE USING gist (b WITH &&)"),
    ] {
        let sql = format!("ALTER TABLE a ADD CONSTRAINT d {constraint}");
        let found = lint(&sql, UP, &Settings::default()).unwrap();
        let found: Vec<_> = found.iter().map(|finding| finding.rule.id).collect();
        assert_eq!(found, [id]);
    }
}

#[test]
fn a_reference_that_is_null_everywhere_needs_no_look() {
    let id = "adding-foreign-key-constraint";
    assert_eq!(places(id, "ALTER TABLE a ADD b int REFERENCES c"), [""; 0]);
    let sql = "ALTER TABLE a ADD b int DEFAULT 1 REFERENCES c";
    assert_eq!(places(id, sql), ["REFERENCES c"]);
    assert_eq!(
        rewrite(id, sql),
        "Add the column without `REFERENCES`; then `ALTER TABLE a ADD CONSTRAINT a_b_fkey FOREIGN KEY (b) REFERENCES c \
         NOT VALID`; then, in a later migration, `ALTER TABLE a VALIDATE CONSTRAINT a_b_fkey`."
    );
}

#[test]
fn a_unique_constraint_gets_its_index_first() {
    assert_eq!(
        rewrite("disallowed-unique-constraint", "ALTER TABLE s.a ADD UNIQUE (b, c)"),
        "`CREATE UNIQUE INDEX CONCURRENTLY a_key ON s.a (b, c)`, in a migration of its own with `transaction = false`; \
         then `ALTER TABLE s.a ADD CONSTRAINT a_key UNIQUE USING INDEX a_key`."
    );
    assert_eq!(
        rewrite("adding-serial-primary-key-field", "ALTER TABLE a ADD COLUMN b int PRIMARY KEY"),
        "Add the column alone and fill it; then `CREATE UNIQUE INDEX CONCURRENTLY a_pkey ON a (b)`, in a migration of its \
         own with `transaction = false`; then `ALTER TABLE a ADD CONSTRAINT a_pkey PRIMARY KEY USING INDEX a_pkey`."
    );
    let using = "ALTER TABLE a ADD CONSTRAINT b UNIQUE USING INDEX c";
    assert_eq!(places("disallowed-unique-constraint", using), [""; 0]);
}

#[test]
fn not_null_is_demanded_as_the_server_allows() {
    let id = "adding-not-nullable-field";
    let sql = "ALTER TABLE a ALTER b SET NOT NULL";
    let of = |server| {
        let [[_, _, rewrite]] = told(id, sql, Some(server), UP).try_into().unwrap();
        rewrite
    };
    assert!(of("postgres 17").starts_with(
        "`ALTER TABLE a ADD CONSTRAINT a_b_not_null CHECK (b IS NOT NULL) NOT VALID`; then"
    ));
    assert!(
        of("postgres 18")
            .starts_with("`ALTER TABLE a ADD CONSTRAINT a_b_not_null NOT NULL b NOT VALID`; then")
    );
    let checked = format!("ALTER TABLE a VALIDATE CONSTRAINT c; {sql}");
    assert_eq!(places(id, &checked), [""; 0]);
}

#[test]
fn what_the_advice_says_is_not_found_again() {
    for sql in [
        "ALTER TABLE a RENAME TO b; CREATE VIEW a AS SELECT * FROM b",
        "ALTER TABLE a VALIDATE CONSTRAINT a_b_not_null; ALTER TABLE a ALTER b SET NOT NULL; \
         ALTER TABLE a DROP CONSTRAINT a_b_not_null",
        "ALTER TABLE a ADD CONSTRAINT b CHECK (c) NOT VALID",
        "ALTER TABLE a ADD CONSTRAINT b UNIQUE USING INDEX b",
        "ALTER TABLE a ADD COLUMN b uuid; ALTER TABLE a ALTER COLUMN b SET DEFAULT gen_random_uuid()",
        "ALTER TABLE a ADD COLUMN b int NOT NULL DEFAULT 1",
        "ALTER TABLE a DETACH PARTITION b CONCURRENTLY",
    ] {
        let found = lint(sql, UP, &Settings::default()).unwrap();
        assert!(found.is_empty(), "{sql}: {found:?}");
    }
    assert_eq!(places("ban-drop-constraint", "ALTER TABLE a DROP CONSTRAINT b").len(), 1);
    assert_eq!(
        places("renaming-table", "ALTER TABLE a RENAME TO b; CREATE VIEW c AS SELECT 1").len(),
        1
    );
}

#[test]
fn derived_names_are_quoted_where_they_must_be() {
    assert!(
        rewrite("disallowed-unique-constraint", "ALTER TABLE \"A\" ADD UNIQUE (b)")
            .contains("`CREATE UNIQUE INDEX CONCURRENTLY \"A_key\" ON \"A\" (b)`")
    );
    assert!(
        rewrite("renaming-table", "ALTER TABLE s.a RENAME TO b")
            .contains("`CREATE VIEW s.a AS SELECT * FROM s.b`")
    );
}

#[test]
fn a_column_that_is_filled_writes_the_table_anew() {
    let id = "adding-field-with-default";
    for bad in ["DEFAULT random()", "GENERATED ALWAYS AS (c * 2) STORED"] {
        assert_eq!(places(id, &format!("ALTER TABLE a ADD b int {bad}")).len(), 1, "{bad}");
    }
    for good in
        ["DEFAULT 1", "GENERATED ALWAYS AS IDENTITY", "GENERATED ALWAYS AS (c * 2) VIRTUAL", ""]
    {
        assert_eq!(places(id, &format!("ALTER TABLE a ADD b int {good}")), [""; 0], "{good}");
    }
    let sql = "ALTER TABLE a ADD b uuid DEFAULT gen_random_uuid()";
    assert!(rewrite(id, sql).starts_with(
        "`ALTER TABLE a ADD COLUMN b uuid`; `ALTER TABLE a ALTER COLUMN b SET DEFAULT gen_random_uuid()`"
    ));
}

#[test]
fn a_required_column_needs_a_value_for_the_rows_there_are() {
    let id = "adding-required-field";
    assert_eq!(places(id, "ALTER TABLE a ADD b int NOT NULL").len(), 1);
    for good in ["int NOT NULL DEFAULT 0", "int", "bigserial NOT NULL"] {
        assert_eq!(places(id, &format!("ALTER TABLE a ADD b {good}")), [""; 0], "{good}");
    }
}

#[test]
fn the_server_decides() {
    let vacuum = SqlContext { transaction: false, ..UP };
    let found = |server| told("prefer-repack", "VACUUM FULL a", server, vacuum).len();
    assert_eq!((found(None), found(Some("postgres 18")), found(Some("postgres 19"))), (0, 0, 1));
    let default = |server| {
        told("adding-field-with-default", "ALTER TABLE a ADD b int DEFAULT 1", server, UP).len()
    };
    assert_eq!(
        (default(None), default(Some("postgres 10.3")), default(Some("postgres 11.2"))),
        (0, 1, 0)
    );
}

#[test]
fn old_servers_are_not_told_what_they_cannot_do() {
    for (id, sql, able) in [
        ("require-concurrent-reindex", "REINDEX TABLE a", "postgres 12"),
        ("require-concurrent-partition-detach", "ALTER TABLE a DETACH PARTITION b", "postgres 14"),
    ] {
        assert_eq!(told(id, sql, Some(able), UP).len(), 1);
        assert!(told(id, sql, Some("postgres 11"), UP).is_empty());
    }
}

#[test]
fn a_second_run_matters_only_without_a_transaction() {
    let sql = "CREATE TABLE a (b int); CREATE INDEX CONCURRENTLY c ON a (b)";
    let alone = SqlContext { transaction: false, ..UP };
    let found = |context| told("prefer-robust-stmts", sql, None, context);
    assert!(found(UP).is_empty());
    assert_eq!(found(alone).len(), 1);
}

#[test]
fn every_rule_finds_its_statement() {
    for (id, sql) in [
        ("ban-drop-database", "DROP DATABASE a"),
        ("ban-drop-schema", "DROP SCHEMA a"),
        ("ban-drop-sequence", "DROP SEQUENCE a"),
        ("ban-drop-extension", "DROP EXTENSION a"),
        ("ban-truncate-cascade", "TRUNCATE a CASCADE"),
        ("ban-drop-column", "ALTER TYPE a DROP ATTRIBUTE b"),
        ("changing-column-type", "ALTER TABLE a ALTER b TYPE bigint"),
        ("changing-column-type", "ALTER TYPE a ALTER ATTRIBUTE b TYPE int"),
        ("renaming-table", "ALTER TABLE a RENAME TO b"),
        ("renaming-object", "ALTER TYPE a RENAME VALUE 'b' TO 'c'"),
        ("ban-set-schema", "ALTER TABLE a SET SCHEMA b"),
        ("ban-drop-not-null", "ALTER TABLE a ALTER b DROP NOT NULL"),
        ("ban-drop-constraint", "ALTER TABLE a DROP CONSTRAINT b"),
        ("ban-drop-default", "ALTER TABLE a ALTER b DROP DEFAULT"),
        ("ban-drop-function", "DROP FUNCTION a(int)"),
        ("ban-drop-domain", "DROP DOMAIN a"),
        ("ban-drop-generated-expression", "ALTER TABLE a ALTER b DROP EXPRESSION"),
        ("ban-alter-identity", "ALTER TABLE a ALTER b DROP IDENTITY"),
        ("require-enum-value-ordering", "ALTER TYPE a ADD VALUE 'b'"),
        ("ban-create-domain-with-constraint", "CREATE DOMAIN a AS int CHECK (value > 0)"),
        ("ban-alter-domain-with-add-constraint", "ALTER DOMAIN a ADD CHECK (value > 0)"),
        ("ban-add-column", "ALTER TABLE a ADD b int"),
        ("ban-create-policy", "CREATE POLICY a ON b USING (true)"),
        ("ban-revoke", "REVOKE SELECT ON a FROM b"),
        ("ban-alter-row-level-security", "ALTER TABLE a ENABLE ROW LEVEL SECURITY"),
        ("ban-replace-view-function", "CREATE OR REPLACE VIEW a AS SELECT 1"),
        ("ban-char-field", "CREATE TABLE a (b char(3))"),
        ("require-table-schema", "CREATE TABLE a (b int)"),
        ("require-lock-timeout", "ALTER TABLE a ADD b int"),
        ("require-statement-timeout", "ALTER TABLE a ADD b int"),
        ("ban-duplicate-column-assignments", "UPDATE a SET b = 1, b = 2 WHERE c"),
        (
            "identifier-too-long",
            "CREATE TABLE a123456789b123456789c123456789d123456789e123456789f123456789g123 (b int)",
        ),
    ] {
        assert!(!places(id, sql).is_empty(), "{id}");
    }
}
