//! Each revision starts as if it ran alone, whatever another revision of the same run left in the session.

use migrate_core::prelude::*;
use migrate_core::{
    Graph, Kind, Migration, Offline, Request, Resumption, RevisionId, Settings, Target,
};

use crate::migrations::mixed;
use crate::{Database, run_script};

/// Session state that may be left behind, and a statement that writes 1 into `seen` if it is gone.
#[derive(Clone, Copy)]
struct Leak {
    left: &'static str,
    look: &'static str,
    /// Whether it needs to run outside a transaction.
    outside: bool,
}

const fn leak(left: &'static str, look: &'static str) -> Leak {
    Leak { left, look, outside: false }
}

const POSTGRES: &[Leak] = &[
    leak("CREATE TEMP TABLE shadowed (x int)", "INSERT INTO seen SELECT count(*) FROM shadowed"),
    leak(
        "SELECT 1 AS x INTO TEMP leak",
        "INSERT INTO seen SELECT CASE WHEN to_regclass('leak') IS NULL THEN 1 END",
    ),
    leak(
        "CREATE FUNCTION pg_temp.leak() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "INSERT INTO seen SELECT count(*) + 1 FROM pg_proc WHERE proname = 'leak'",
    ),
    leak(
        "DO $$ BEGIN CREATE TEMP TABLE leak (x int); EXECUTE 'PREPARE leak AS SELECT 1'; END $$",
        "INSERT INTO seen SELECT count(*) + 1 FROM pg_prepared_statements WHERE from_sql",
    ),
    leak("PREPARE leak AS SELECT 1", "PREPARE leak AS SELECT 1; INSERT INTO seen VALUES (1)"),
    leak("LISTEN leak", "INSERT INTO seen SELECT count(*) + 1 FROM pg_listening_channels()"),
    leak(
        "DECLARE leak CURSOR WITH HOLD FOR SELECT 1",
        "INSERT INTO seen SELECT count(*) + 1 FROM pg_cursors WHERE is_holdable",
    ),
    leak(
        "SELECT pg_advisory_lock(-4242), pg_advisory_lock(-4242), pg_advisory_lock_shared(-4, 2), \
         pg_try_advisory_lock(4, -2)",
        "INSERT INTO seen SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
    ),
    leak(
        "SELECT set_config('app.leak', 'x', false)",
        "INSERT INTO seen SELECT CASE WHEN coalesce(current_setting('app.leak', true), '') = '' THEN 1 END",
    ),
    leak(
        "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE",
        "INSERT INTO seen SELECT CASE current_setting('transaction_isolation') WHEN 'read committed' THEN 1 END",
    ),
    leak(
        "INSERT INTO numbered DEFAULT VALUES",
        "DO $$ BEGIN PERFORM currval('numbered_id_seq'); INSERT INTO seen VALUES (2); \
         EXCEPTION WHEN object_not_in_prerequisite_state THEN INSERT INTO seen VALUES (1); END $$",
    ),
];

const MYSQL: &[Leak] = &[
    leak("SET @leak = 'x'", "INSERT INTO seen SELECT @leak IS NULL"),
    leak("SELECT 1 INTO @`Leak It`", "INSERT INTO seen SELECT @`leak it` IS NULL"),
    leak("INSERT INTO numbered SELECT @leak := 7", "INSERT INTO seen SELECT @leak IS NULL"),
    leak(
        "CREATE TEMPORARY TABLE shadowed (x int)",
        "INSERT INTO seen SELECT count(*) FROM shadowed",
    ),
    leak(
        "CREATE TEMPORARY TABLE leak (x int); ALTER TABLE leak RENAME TO shadowed",
        "INSERT INTO seen SELECT count(*) FROM shadowed",
    ),
    leak(
        "EXECUTE IMMEDIATE 'CREATE TEMPORARY TABLE shadowed (x int)'",
        "INSERT INTO seen SELECT count(*) FROM shadowed",
    ),
    leak(
        "PREPARE leak FROM 'INSERT INTO seen VALUES (2)'",
        "BEGIN NOT ATOMIC DECLARE EXIT HANDLER FOR 1243 INSERT INTO seen VALUES (1); EXECUTE leak; END",
    ),
    leak(
        "SELECT GET_LOCK(concat(database(), '.leak'), 1), GET_LOCK(concat(database(), '.leak'), 1)",
        "INSERT INTO seen SELECT is_used_lock(concat(database(), '.leak')) IS NULL",
    ),
    leak(
        "CREATE PROCEDURE leak() CREATE TEMPORARY TABLE shadowed (x int); CALL leak()",
        "INSERT INTO seen SELECT count(*) FROM shadowed",
    ),
    leak(
        "HANDLER shadowed OPEN AS leak",
        "HANDLER shadowed OPEN AS leak; INSERT INTO seen VALUES (1)",
    ),
    leak("INSERT INTO numbered VALUES ()", "INSERT INTO seen SELECT last_insert_id() = 0"),
    leak("SET timestamp = 1", "INSERT INTO seen SELECT now() > '2001-01-01'"),
    leak(
        "SET group_concat_max_len = 5, @@session.sql_safe_updates = 1",
        "INSERT INTO seen SELECT @@group_concat_max_len = @@global.group_concat_max_len AND @@sql_safe_updates = 0",
    ),
    leak(
        "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE",
        "INSERT INTO seen SELECT @@tx_isolation = 'REPEATABLE-READ'",
    ),
];

const SQLITE: &[Leak] = &[
    leak("CREATE TEMP TABLE shadowed (x)", "INSERT INTO seen SELECT count(*) FROM shadowed"),
    leak("CREATE TABLE temp.shadowed (x)", "INSERT INTO seen SELECT count(*) FROM shadowed"),
    leak(
        "CREATE TEMP VIEW shadowed AS SELECT 1 WHERE 0",
        "INSERT INTO seen SELECT count(*) FROM shadowed",
    ),
    leak(
        "CREATE TEMP TRIGGER leak AFTER INSERT ON seen BEGIN UPDATE seen SET v = 2; END",
        "INSERT INTO seen VALUES (1)",
    ),
    leak("PRAGMA case_sensitive_like = 1", "INSERT INTO seen SELECT 'a' LIKE 'A'"),
    leak(
        "PRAGMA reverse_unordered_selects = 1",
        "INSERT INTO seen SELECT 1 - reverse_unordered_selects FROM pragma_reverse_unordered_selects",
    ),
    Leak {
        left: "ATTACH ':memory:' AS leak",
        look: "INSERT INTO seen SELECT count(*) FROM pragma_database_list WHERE name <> 'temp'",
        outside: true,
    },
];

const fn leaks(dialect: Dialect) -> &'static [Leak] {
    match dialect {
        Dialect::Postgres => POSTGRES,
        Dialect::Mysql => MYSQL,
        Dialect::Sqlite => SQLITE,
    }
}

fn base(dialect: Dialect) -> Migration {
    let tables = match dialect {
        Dialect::Postgres => {
            "CREATE TABLE numbered (id serial PRIMARY KEY); CREATE TABLE seen (v int)"
        }
        Dialect::Mysql => {
            "CREATE TABLE numbered (id int AUTO_INCREMENT PRIMARY KEY); CREATE TABLE seen (v int)"
        }
        Dialect::Sqlite => {
            "CREATE TABLE numbered (id INTEGER PRIMARY KEY); CREATE TABLE seen (v int)"
        }
    };
    mixed("1")
        .up(format!("{tables}; CREATE TABLE shadowed (id int); INSERT INTO shadowed VALUES (1)"))
}

/// Returns two revisions for each leak: one that leaves it, and one that checks.
fn set(dialect: Dialect, leaving: impl Fn(Migration, &'static str) -> Migration) -> Vec<Migration> {
    let mut set = vec![base(dialect)];
    for (leak, number) in leaks(dialect).iter().zip(1..) {
        let id = |number: usize| RevisionId::from(format!("1.{number}"));
        let mixed = |number: usize| mixed(id(number).as_str()).kind(Kind::Data).after(["1"]);
        // Some of it cannot be resumed in another session.
        let rerun = mixed(number * 2).resume(Resumption::Rerun);
        set.push(leaving(rerun, leak.left).transaction(!leak.outside));
        set.push(mixed(number * 2 + 1).up(leak.look));
    }
    set
}

fn all(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "SELECT CAST(coalesce(v, -1) AS bigint) FROM seen",
        Dialect::Mysql => "SELECT CAST(coalesce(v, -1) AS SIGNED) FROM seen",
        Dialect::Sqlite => "SELECT coalesce(v, -1) FROM seen",
    }
}

async fn each_saw_nothing(database: &Database) {
    let dialect = database.dialect();
    let seen = database.column::<i64>(all(dialect)).await;
    assert_eq!(seen, vec![1; leaks(dialect).len()], "{seen:?}");
}

pub async fn what_sql_leaves_does_not_reach_the_next(database: &Database) {
    let set = set(database.dialect(), Migration::up);
    let mut migrator = database.connect(set).await;
    migrator.production(Target::Head).await.expect("production");
    each_saw_nothing(database).await;
}

pub async fn what_code_leaves_does_not_reach_the_next(database: &Database) {
    let set = set(database.dialect(), |migration, left| {
        migration.up(async move |db: &mut Db| db.execute(left).await.map(drop))
    });
    let mut migrator = database.connect(set).await;
    migrator.production(Target::Head).await.expect("production");
    each_saw_nothing(database).await;
}

pub async fn what_a_script_leaves_does_not_reach_the_next(database: &Database) {
    let dialect = database.dialect();
    let graph = Graph::new(set(dialect, Migration::up)).expect("a graph");
    let settings = Settings::default();
    let schema = (dialect == Dialect::Mysql).then(|| database.name().to_owned());
    let offline = Offline::new(&graph, &settings, dialect, schema);
    let request = Request::Production(Target::Head);
    let script = offline.script(&request, None).await.expect("a script");
    let client = run_script(database, &script);
    assert!(client.success, "{}\n{script}", client.said);
    let seen = database.column::<i64>(all(dialect)).await;
    // A script holds no migration lock.
    let locks = usize::from(dialect == Dialect::Postgres);
    let unseen = seen.iter().filter(|seen| **seen == 1).count();
    assert_eq!(unseen + locks, leaks(dialect).len(), "{seen:?}\n{script}");
}

pub async fn what_a_failure_leaves_does_not_reach_the_next(database: &Database) {
    let dialect = database.dialect();
    let failing = set(dialect, |migration, left| {
        migration.up(format!("{left}; INSERT INTO nowhere VALUES (1)"))
    });
    for (number, leak) in (1..).zip(leaks(dialect)) {
        let so_far = failing.iter().take(2 * number + 1).cloned().collect();
        let mut migrator = database.connect(so_far).await;
        migrator.production(Target::Head).await.expect_err("no such table");
        let left = format!("1.{}", number * 2);
        migrator.stamp(left.parse().expect("a target")).await.expect(leak.left);
        migrator.production(Target::Head).await.expect(leak.look);
    }
    each_saw_nothing(database).await;
}
