//! History and program that have drifted apart: tables of earlier versions, edited and unknown revisions, policies.

use migrate_core::__private::{self, Declaration};
use migrate_core::prelude::*;
use migrate_core::{
    Action, Checksum, Down, Migration, Migrator, NotKept, Notice, PlanError, Policies, Policy,
    Request, Settings, Target, Undo, WhyNot,
};

use crate::Database;
use crate::failure;
use crate::history::{applied, log};
use crate::migrations::{DECLARATION, data, done, names, table, tables};

/// Returns the tables as an earlier version created them.
fn earlier(dialect: Dialect) -> [&'static str; 2] {
    match dialect {
        Dialect::Postgres => [
            "CREATE TABLE public._migrate_history (crate text NOT NULL, revision text NOT NULL, kind text NOT NULL, \
             sequence bigint NOT NULL, description text NOT NULL, checksum text, checksum_algorithm text, sql_up text, \
             sql_down text, waivers text, state text NOT NULL, statements_done bigint NOT NULL, \
             statements_total bigint NOT NULL, data_cursor text, rows_done bigint, started_at timestamptz NOT NULL, \
             finished_at timestamptz, duration_ms bigint, applied_by text NOT NULL, tool_version text NOT NULL, \
             layout bigint NOT NULL, PRIMARY KEY (crate, revision), UNIQUE (sequence))",
            "CREATE TABLE public._migrate_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
             at timestamptz NOT NULL, deed text NOT NULL, crate text NOT NULL, revision text NOT NULL, \
             actor text NOT NULL, tool_version text NOT NULL, duration_ms bigint, detail text)",
        ],
        Dialect::Mysql => [
            "CREATE TABLE _migrate_history (crate varchar(255) NOT NULL, revision varchar(255) NOT NULL, \
             kind varchar(64) NOT NULL, sequence bigint NOT NULL, description longtext NOT NULL, checksum longtext, \
             checksum_algorithm longtext, sql_up longtext, sql_down longtext, waivers longtext, \
             state varchar(64) NOT NULL, statements_done bigint NOT NULL, statements_total bigint NOT NULL, \
             data_cursor longtext, rows_done bigint, started_at datetime(6) NOT NULL, finished_at datetime(6), \
             duration_ms bigint, applied_by longtext NOT NULL, tool_version varchar(64) NOT NULL, \
             layout bigint NOT NULL, PRIMARY KEY (crate, revision), UNIQUE (sequence)) \
             ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
            "CREATE TABLE _migrate_log (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, at datetime(6) NOT NULL, \
             deed varchar(64) NOT NULL, crate varchar(255) NOT NULL, revision varchar(255) NOT NULL, \
             actor longtext NOT NULL, tool_version varchar(64) NOT NULL, duration_ms bigint, detail longtext) \
             ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
        ],
        Dialect::Sqlite => [
            "CREATE TABLE _migrate_history (crate TEXT NOT NULL, revision TEXT NOT NULL, kind TEXT NOT NULL, \
             sequence INTEGER NOT NULL, description TEXT NOT NULL, checksum TEXT, checksum_algorithm TEXT, sql_up TEXT, \
             sql_down TEXT, waivers TEXT, state TEXT NOT NULL, statements_done INTEGER NOT NULL, \
             statements_total INTEGER NOT NULL, data_cursor TEXT, rows_done INTEGER, started_at TEXT NOT NULL, \
             finished_at TEXT, duration_ms INTEGER, applied_by TEXT NOT NULL, tool_version TEXT NOT NULL, \
             layout INTEGER NOT NULL, PRIMARY KEY (crate, revision), UNIQUE (sequence))",
            "CREATE TABLE _migrate_log (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, deed TEXT NOT NULL, \
             crate TEXT NOT NULL, revision TEXT NOT NULL, actor TEXT NOT NULL, tool_version TEXT NOT NULL, \
             duration_ms INTEGER, detail TEXT)",
        ],
    }
}

/// Writes the row of an applied revision as an earlier version did.
async fn record(database: &Database, rev: &str, sequence: u32, sql_down: Option<&str>) {
    let up = format!("CREATE TABLE t{rev} (id BIGINT PRIMARY KEY)");
    let checksum = Checksum::of_sql(&up, database.dialect());
    let down = sql_down.map_or_else(|| "NULL".to_owned(), |sql| format!("'{sql}'"));
    database.query(&up).await;
    database
        .query(&format!(
            "INSERT INTO _migrate_history (crate, revision, kind, sequence, description, checksum, checksum_algorithm, \
             sql_up, sql_down, waivers, state, statements_done, statements_total, started_at, finished_at, duration_ms, \
             applied_by, tool_version, layout) VALUES ('runtime', '{rev}', 'schema', {sequence}, 'it was', '{checksum}', \
             '{}', '{up}', {down}, 'mixed: it was', 'applied', 1, 1, '2026-01-02 03:04:05', '2026-01-02 03:04:05', 7, \
             'somebody', 'migrate 0.1.0', 1)",
            Checksum::ALGORITHM
        ))
        .await;
}

/// Creates a history as an earlier version wrote it.
async fn make_earlier(database: &Database) {
    for statement in earlier(database.dialect()) {
        database.query(statement).await;
    }
    record(database, "1", 1, Some("DROP TABLE t1")).await;
    record(database, "2", 2, Some("DROP TABLE t2")).await;
}

async fn columns(database: &Database) -> Vec<String> {
    let query = match database.dialect() {
        Dialect::Sqlite => "SELECT name FROM pragma_table_info('_migrate_history')",
        Dialect::Postgres => {
            "SELECT column_name::text FROM information_schema.columns WHERE table_name = '_migrate_history' \
             ORDER BY ordinal_position"
        }
        Dialect::Mysql => {
            "SELECT column_name FROM information_schema.columns WHERE table_name = '_migrate_history' \
             AND table_schema = database() ORDER BY ordinal_position"
        }
    };
    database.column(query).await
}

pub async fn tables_of_an_earlier_version_are_read_and_left_as_they_are(database: &Database) {
    make_earlier(database).await;
    let before = columns(database).await;
    let mut migrator = database.connect(tables(["1", "2"])).await;
    let history = migrator.read_history().await.expect("history");
    let (_, row) = history.rows().next().expect("a row");
    assert_eq!((row.description.as_str(), row.undo, row.journal.clone()), ("it was", None, None));
    assert_eq!(row.waivers.len(), 1, "what the table has is read, whatever it lacks");
    assert_eq!(migrator.history().await.expect("history").len(), 2);
    let current = migrator.current().await.expect("current");
    assert_eq!((current.heads.len(), current.pending), (1, 0));
    migrator.ensure_current().await.expect("current");
    assert!(migrator.edited().await.expect("edited").is_empty());
    assert!(migrator.unfinished().await.expect("unfinished").is_empty());
    let request = Request::Down(Target::Base);
    assert_eq!(migrator.plan(&request).await.expect("a plan").steps.len(), 2);
    // There is nothing to do, so nothing is written.
    assert!(migrator.up(Target::Head).await.expect("up").done.is_empty());
    assert_eq!(columns(database).await, before);
    assert!(log(database).await.is_empty());
}

pub async fn the_first_write_adds_what_tables_of_an_earlier_version_lack(database: &Database) {
    make_earlier(database).await;
    let before = columns(database).await;
    let mut migrator = database.connect(tables(["1", "2", "3"])).await;
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["3"]);
    let after = columns(database).await;
    let added: Vec<&String> = after.iter().filter(|column| !before.contains(column)).collect();
    assert!(added.len() >= 2 && added.contains(&&"down_kind".to_owned()), "{added:?}");
    let told = log(database).await;
    assert_eq!(told.iter().filter(|line| line.starts_with("widen")).count(), added.len());
    assert_eq!(told.last().map(String::as_str), Some("up 3"));
    let history = migrator.read_history().await.expect("history");
    let undo: Vec<_> = history.rows().map(|(_, row)| row.undo).collect();
    assert_eq!(undo, [None, None, Some(Undo::Sql)]);
    // Rows of the earlier version are still read, and can be undone.
    record(database, "4", 4, Some("DROP TABLE t4")).await;
    let mut migrator = database.connect(tables(["1", "2", "3", "4"])).await;
    assert!(migrator.up(Target::Head).await.expect("up").done.is_empty());
    assert_eq!(migrator.down(Target::Base).await.expect("down").done.len(), 4);
    assert!(database.tables().await.is_empty());
}

pub async fn sixteen_runners_widen_tables_of_an_earlier_version_once(database: &Database) {
    make_earlier(database).await;
    let mut runners = Vec::new();
    for _ in 0..16 {
        let mut migrator = database.connect(tables(["1", "2", "3"])).await;
        runners.push(tokio::spawn(async move { migrator.up(Target::Head).await }));
    }
    let mut count = 0;
    for runner in runners {
        count += runner.await.expect("no panic").expect("up").done.len();
    }
    assert_eq!(count, 1);
    let told = log(database).await;
    let widened = told.iter().filter(|line| line.starts_with("widen")).count();
    assert_eq!(widened, columns(database).await.len() - 21, "{told:?}");
}

/// Gives the tables the names of layout 1; the log's too, if `log`.
async fn make_layout_1(database: &Database, log: bool) {
    let (history, event) = match database.dialect() {
        Dialect::Mysql => (
            "CHANGE COLUMN down_kind undone_by longtext",
            "CHANGE COLUMN event deed varchar(64) NOT NULL",
        ),
        Dialect::Postgres | Dialect::Sqlite => {
            ("RENAME COLUMN down_kind TO undone_by", "RENAME COLUMN event TO deed")
        }
    };
    database.query(&format!("ALTER TABLE _migrate_history {history}")).await;
    database.query("UPDATE _migrate_history SET layout = 1").await;
    if log {
        database.query(&format!("ALTER TABLE _migrate_log {event}")).await;
    }
}

/// Returns the existing column names among those that layout 2 renamed.
async fn old_and_new_names(database: &Database) -> Vec<String> {
    let mut all = columns(database).await;
    let query = match database.dialect() {
        Dialect::Postgres => {
            "SELECT attname::text FROM pg_attribute WHERE attrelid = '_migrate_log'::regclass AND attnum > 0"
        }
        Dialect::Mysql => {
            "SELECT column_name FROM information_schema.columns WHERE table_schema = database() AND table_name = '_migrate_log'"
        }
        Dialect::Sqlite => "SELECT name FROM pragma_table_info('_migrate_log')",
    };
    all.extend(database.column::<String>(query).await);
    all.retain(|name| ["undone_by", "down_kind", "deed", "event"].contains(&name.as_str()));
    all
}

pub async fn layout_1_is_read_as_it_is_and_renamed_by_the_first_write(database: &Database) {
    let set = |last: u8| {
        let more = (3..=last).map(|id| table(&id.to_string()));
        [table("1"), table("2").irreversible()].into_iter().chain(more).collect::<Vec<_>>()
    };
    database.connect(set(2)).await.up(Target::Head).await.expect("up");
    // A run may have been killed between the two renames.
    for (last, log_too) in [(2, true), (3, false)] {
        make_layout_1(database, log_too).await;
        let before = old_and_new_names(database).await;
        let mut migrator = database.connect(set(last)).await;
        let history = migrator.read_history().await.expect("history");
        let undo: Vec<_> = history.rows().map(|(_, row)| row.undo).collect();
        assert_eq!(undo.first_chunk(), Some(&[Some(Undo::Sql), Some(Undo::Irreversible)]));
        assert!(migrator.up(Target::Head).await.expect("up").done.is_empty());
        assert_eq!(old_and_new_names(database).await, before, "nothing was to be written");

        let mut migrator = database.connect(set(last + 1)).await;
        assert_eq!(migrator.up(Target::Head).await.expect("up").done.len(), 1);
        assert_eq!(old_and_new_names(database).await, ["down_kind", "event"]);
        // A program that only knows layout 1 refuses every row.
        let layouts: Vec<i64> =
            database.column("SELECT layout FROM _migrate_history ORDER BY sequence").await;
        assert!(layouts.iter().all(|layout| *layout == 2), "{layouts:?}");
        assert_eq!(log(database).await.last(), Some(&format!("up {}", last + 1)));
    }
}

pub async fn a_log_of_layout_1_alone_gets_its_new_name(database: &Database) {
    database.connect(tables(["1"])).await.up(Target::Head).await.expect("up");
    make_layout_1(database, true).await;
    database.query("DROP TABLE _migrate_history").await;
    let mut migrator = database.connect(vec![table("1").up("SELECT 1"), table("2")]).await;
    migrator.up(Target::Head).await.expect("up");
    assert_eq!(old_and_new_names(database).await, ["down_kind", "event"]);
}

pub async fn how_a_revision_is_undone_is_kept(database: &Database) {
    async fn code(_: &mut Db) -> Result<()> {
        Ok(())
    }
    let set = vec![
        table("1"),
        table("2").down(code),
        table("3").irreversible(),
        Migration::new("4").up("SELECT 1"),
    ];
    database.connect(set).await.up(Target::Head).await.expect("up");
    let kept: Vec<String> =
        database.column("SELECT down_kind FROM _migrate_history ORDER BY sequence").await;
    assert_eq!(kept, ["sql", "code", "irreversible", "nothing"]);
}

pub async fn an_edit_is_refused_with_what_was_and_what_is(database: &Database) {
    database.connect(tables(["1", "2", "3"])).await.up(Target::Head).await.expect("up");
    let edited = vec![table("1").up("SELECT 1"), table("2"), table("3").up("SELECT 3")];
    let mut migrator = database.connect(edited).await;
    let of_run = migrator.down(Target::Base).await.expect_err("edited");
    let of_plan = migrator.plan(&Request::Up(Target::Head)).await.expect_err("edited");
    for error in [of_run, of_plan] {
        let hint = error.hints().join("");
        assert!(hint.contains("repair --accept REVISION"), "{hint}");
        let refused = failure::plan(error);
        let PlanError::Changed { revisions } = refused else { panic!("{refused:?}") };
        let texts: Vec<_> = revisions
            .iter()
            .map(|edited| (edited.key.id.as_str(), edited.then.as_deref(), edited.now.as_deref()))
            .collect();
        assert_eq!(
            texts,
            [
                ("1", Some("CREATE TABLE t1 (id BIGINT PRIMARY KEY)"), Some("SELECT 1")),
                ("3", Some("CREATE TABLE t3 (id BIGINT PRIMARY KEY)"), Some("SELECT 3")),
            ]
        );
    }
    assert_eq!(applied(database).await, ["1", "2", "3"]);
}

/// Returns code with this checksum.
fn code(checksum: [u8; 32]) -> Migration {
    async fn nothing(_: &mut Db) -> Result<()> {
        Ok(())
    }
    let declaration = Declaration {
        up: || __private::body(nothing),
        down: || Down::Body(__private::body(nothing)),
        code_checksum: Some(checksum),
        ..DECLARATION
    };
    let declaration: &'static Declaration = Box::leak(Box::new(declaration));
    Migration::from(declaration)
}

fn with_policies(set: Vec<Migration>, change: impl FnOnce(&mut Policies)) -> Migrator {
    let mut settings = Settings::default();
    change(&mut settings.policies);
    Migrator::new(set).settings(settings)
}

/// Returns the code of the error, or of the notices, for each way to run.
async fn said(
    database: &Database,
    set: impl Fn() -> Vec<Migration>,
    change: impl Fn(&mut Policies),
) -> Vec<String> {
    let mut said = Vec::new();
    let down = Request::Down("1".parse().expect("a target"));
    for request in [Request::Up(Target::Head), Request::Production(Target::Head), down] {
        let mut migrator = database.attach(with_policies(set(), &change)).await;
        let words = match migrator.plan(&request).await {
            Err(error) => format!("error {}", error.code()),
            Ok(plan) => plan.notices.iter().map(Notice::code).collect::<Vec<_>>().join(" "),
        };
        said.push(words);
    }
    said
}

pub async fn policies_say_what_is_refused_what_is_said_and_what_is_not(database: &Database) {
    let applied = vec![table("1"), code([1; 32]), table("3"), table("8")];
    database.connect(applied).await.up(Target::Head).await.expect("up");
    let late = || table("5").after(["3"]);
    let join = || Migration::new("9").after(["8", "5"]).up("SELECT 9").irreversible();
    let eight = || table("8").after(["3"]);
    let edited = || vec![table("1"), code([1; 32]), table("3").up("SELECT 3"), eight()];
    let edited_code = || vec![table("1"), code([2; 32]), table("3"), eight()];
    let ahead = || vec![table("1"), code([1; 32]), table("3")];
    let out_of_order = || vec![table("1"), code([1; 32]), table("3"), eight(), late(), join()];
    let three = |word: &str| vec![word.to_owned(); 3];
    for (policy, words) in [
        (Policy::Error, ["error changed", "error changed", "error unknown-revision"]),
        (Policy::Warn, ["changed", "changed", "unknown-revision"]),
        (Policy::Off, ["", "", ""]),
    ] {
        assert_eq!(said(database, edited, |p| p.checksum = policy).await, three(words[0]));
        assert_eq!(
            said(database, edited_code, |p| p.checksum_code = policy).await,
            three(words[1])
        );
        assert_eq!(said(database, ahead, |p| p.ahead = policy).await, three(words[2]));
    }
    // Late revisions only matter when applying.
    for (policy, word) in
        [(Policy::Error, "error out-of-order"), (Policy::Warn, "out-of-order"), (Policy::Off, "")]
    {
        let said = said(database, out_of_order, |p| p.out_of_order = policy).await;
        assert_eq!(said, [word, word, ""]);
    }
}

fn from_history(number: Option<usize>) -> Request {
    Request::DownFromHistory(number)
}

pub async fn what_is_unknown_is_undone_by_the_sql_in_history(database: &Database) {
    let newer = vec![
        table("1"),
        table("2"),
        table("3").down("DROP TABLE t3; CREATE TABLE undone3 (id BIGINT)"),
        data("4", "INSERT INTO t2 VALUES (4)"),
        table("5").after(["3"]),
    ];
    database.connect(newer).await.production(Target::Head).await.expect("up");
    let mut older = database.connect(tables(["1"])).await;
    let refused = older.up(Target::Head).await.expect_err("ahead");
    assert!(refused.hints().join("").contains("down --from-history"), "{:?}", refused.hints());
    let last = older.run(&from_history(Some(1))).await.expect("undone");
    assert_eq!(done(&last).len(), 1);
    let report = older.run(&from_history(None)).await.expect("undone");
    let mut events: Vec<_> = last
        .done
        .iter()
        .chain(&report.done)
        .map(|done| (done.key.id.as_str(), done.action))
        .collect();
    events.sort_unstable_by_key(|(id, _)| *id);
    assert_eq!(
        events,
        [
            ("2", Action::Revert),
            ("3", Action::Revert),
            ("4", Action::Forget),
            ("5", Action::Revert)
        ]
    );
    assert_eq!(database.tables().await, ["t1", "undone3"]);
    assert_eq!(applied(database).await, ["1"]);
    assert!(log(database).await.contains(&"down 3".to_owned()));
    assert!(older.run(&from_history(None)).await.expect("nothing").done.is_empty());
    older.up(Target::Head).await.expect("no longer ahead");
}

/// Returns a statement that cannot run in a transaction, and the statement that undoes it.
fn alone(dialect: Dialect) -> [&'static str; 2] {
    match dialect {
        Dialect::Postgres => {
            ["CREATE INDEX CONCURRENTLY i ON t1 (id)", "DROP INDEX CONCURRENTLY i"]
        }
        Dialect::Mysql => ["CREATE INDEX i ON t1 (id)", "DROP INDEX i ON t1"],
        Dialect::Sqlite => ["VACUUM", "VACUUM"],
    }
}

pub async fn what_no_transaction_holds_is_undone_by_the_sql_in_history(database: &Database) {
    let [up, down] = alone(database.dialect());
    let newer = vec![table("1"), Migration::new("2").transaction(false).up(up).down(down)];
    database.connect(newer).await.up(Target::Head).await.expect("up");
    let mut older = database.connect(tables(["1"])).await;
    assert_eq!(done(&older.run(&from_history(None)).await.expect("undone")), ["2"]);
    assert_eq!(applied(database).await, ["1"]);
}

pub async fn what_history_alone_cannot_undo_is_refused_by_name(database: &Database) {
    let newer = vec![
        table("1"),
        code([1; 32]).down(drop_nothing),
        table("3").irreversible(),
        Migration::new("4").up("SELECT 4"),
        table("5"),
    ];
    database.connect(newer).await.up(Target::Head).await.expect("up");
    let mut older = database.connect(tables(["1"])).await;
    let error = older.run(&from_history(None)).await.expect_err("three cannot be");
    let text = error.to_string();
    assert!(text.contains("`runtime@2` is undone by code"), "{text}");
    let refused = failure::plan(error);
    let PlanError::NotKept { revisions } = refused else { panic!("{refused:?}") };
    let why = |NotKept { key, why }: &NotKept| (key.id.as_str().to_owned(), *why);
    assert_eq!(
        revisions.iter().map(why).collect::<Vec<_>>(),
        [
            ("4".to_owned(), WhyNot::NoSql),
            ("3".to_owned(), WhyNot::Irreversible),
            ("2".to_owned(), WhyNot::Code)
        ]
    );
    assert_eq!(applied(database).await, ["1", "2", "3", "4", "5"]);
    assert_eq!(done(&older.run(&from_history(Some(1))).await.expect("undone")), ["5"]);
}

async fn drop_nothing(_: &mut Db) -> Result<()> {
    Ok(())
}

pub async fn what_is_known_and_applied_later_keeps_what_is_below_it(database: &Database) {
    let set = || vec![table("1"), table("2"), table("3")];
    database.connect(set()).await.up(Target::Head).await.expect("up");
    let without = || vec![table("1"), table("3").after(["1"])];
    let mut migrator = database.connect(without()).await;
    let refused = failure::plan(migrator.run(&from_history(None)).await.expect_err("3 is above"));
    let PlanError::KnownAbove { key, above } = &refused else { panic!("{refused:?}") };
    assert_eq!((key.id.as_str(), above.id.as_str()), ("2", "3"));
    assert_eq!(database.tables().await, names(["1", "2", "3"]));
    let mut migrator = database.attach(with_policies(without(), |p| p.ahead = Policy::Warn)).await;
    migrator.down(Target::Relative(-1)).await.expect("3 goes first");
    assert_eq!(done(&migrator.run(&from_history(None)).await.expect("undone")), ["2"]);
}

pub async fn rows_of_an_earlier_version_are_undone_by_what_sql_they_keep(database: &Database) {
    make_earlier(database).await;
    record(database, "3", 3, None).await;
    let mut older = database.connect(tables(["1"])).await;
    let refused = failure::plan(older.run(&from_history(None)).await.expect_err("3 keeps none"));
    let PlanError::NotKept { revisions } = &refused else { panic!("{refused:?}") };
    assert!(
        matches!(&revisions[..], [NotKept { key, why: WhyNot::NoSql }] if key.id.as_str() == "3")
    );
    database.query("DELETE FROM _migrate_history WHERE revision = '3'").await;
    assert_eq!(done(&older.run(&from_history(None)).await.expect("undone")), ["2"]);
}
