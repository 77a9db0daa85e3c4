//! Applying revisions.

use migrate_core::{Connected, Dialect, Migration, Migrator, Settings, State, Target};

use crate::Database;
use crate::history::{applied, lasting, log};
use crate::migrations::{done, mixed, names, table, tables};

/// Returns two tables, one with an index.
fn shop() -> Vec<Migration> {
    vec![
        table("001").description("Create a table."),
        Migration::new("002")
            .up("CREATE TABLE orders (id BIGINT PRIMARY KEY); -- a note\nCREATE INDEX orders_id ON orders (id) -- end")
            .down("DROP TABLE orders"),
    ]
}

pub async fn applies_everything_in_order_and_reports_it(database: &Database) {
    let mut migrator = database.connect(shop()).await;
    let report = migrator.up(Target::Head).await.expect("up");
    let reported: Vec<_> =
        report.done.iter().map(|done| (done.key.id.as_str(), done.statements)).collect();
    assert_eq!(reported, [("001", 1), ("002", 2)]);
    assert_eq!(database.tables().await, ["orders", "t001"]);
    let current = migrator.current().await.expect("current");
    assert_eq!((current.pending, current.heads.len(), current.at_head.len()), (0, 1, 1));
}

pub async fn records_what_was_applied(database: &Database) {
    let mut settings = Settings::default();
    settings.actor = Some("Ann O'Nym".to_owned());
    let mut migrator = database.attach(Migrator::new(shop()).settings(settings)).await;
    migrator.up(Target::Head).await.expect("up");
    let history = migrator.read_history().await.expect("history");
    let key = shop()[1].key().clone();
    let row = history.get(&key).expect("a row");
    let (checksum, algorithm) =
        shop()[1].checksum(database.dialect()).expect("no panic").expect("a checksum");
    assert_eq!(row.checksum, Some(checksum.to_string()));
    assert_eq!(row.checksum_algorithm.as_deref(), Some(algorithm));
    assert_eq!((row.sequence, row.state), (2, State::Applied));
    assert_eq!((row.statements_done, row.statements_total), (2, 2));
    assert_eq!(row.applied_by, "Ann O'Nym");
    assert!(row.tool_version.starts_with("migrate "), "{}", row.tool_version);
    assert!(
        row.started_at.starts_with("20") && row.started_at.ends_with('Z'),
        "{}",
        row.started_at
    );
    assert!(row.duration.is_some());
    assert_eq!(history.get(shop()[0].key()).expect("a row").description, "Create a table.");
    let (up, down) = migrator.applied_sql(&key).await.expect("SQL");
    assert!(up.expect("up").ends_with("-- end"));
    assert_eq!(down.as_deref(), Some("DROP TABLE orders"));
    assert_eq!(log(database).await, ["up 001", "up 002"]);
}

pub async fn what_is_waived_is_kept_with_what_was_applied(database: &Database) {
    let waiving = |rev: &str| {
        Migration::new(rev.to_owned())
            .waive("missing_where", "all of them:\n  it's a cache")
            .waive("mixed", "one step")
    };
    let set = vec![table("1"), waiving("2"), waiving("3")];
    let mut migrator = database.connect(set.clone()).await;
    migrator.up("2".parse().expect("a target")).await.expect("up");
    migrator.stamp("3".parse().expect("a target")).await.expect("stamp");
    let history = migrator.read_history().await.expect("history");
    let waived = |index: usize| -> Vec<String> {
        let row = history.get(set[index].key()).expect("a row");
        row.waivers.iter().map(ToString::to_string).collect()
    };
    assert_eq!(waived(0), [""; 0]);
    for index in [1, 2] {
        assert_eq!(waived(index), ["missing-where: all of them: it's a cache", "mixed: one step"]);
    }
}

pub async fn names_the_database_user_unless_told_who(database: &Database) {
    let mut migrator = database.connect(shop()).await;
    migrator.up(Target::Head).await.expect("up");
    let history = migrator.read_history().await.expect("history");
    let who = &history.get(shop()[0].key()).expect("a row").applied_by;
    match database.dialect() {
        Dialect::Postgres => assert_eq!(who, "postgres"),
        Dialect::Mysql => assert!(who.starts_with("root@"), "{who}"),
        // SQLite has no users.
        Dialect::Sqlite => assert_eq!(who, ""),
    }
}

pub async fn goes_to_a_revision_a_prefix_or_some_steps(database: &Database) {
    let mut migrator = database.connect(tables(["001", "002", "003", "010", "020"])).await;
    assert_eq!(up(&mut migrator, "001").await, ["001"]);
    assert_eq!(up(&mut migrator, "+2").await, ["002", "003"]);
    assert_eq!(up(&mut migrator, "01").await, ["010"]);
    assert_eq!(up(&mut migrator, "head-1").await, [""; 0]);
    assert_eq!(up(&mut migrator, "010+1").await, ["020"]);
    assert_eq!(database.tables().await, names(["001", "002", "003", "010", "020"]));
}

pub async fn does_nothing_the_second_time(database: &Database) {
    let mut migrator = database.connect(shop()).await;
    migrator.up(Target::Head).await.expect("up");
    let before = (lasting(database).await, log(database).await);
    let report = migrator.up(Target::Head).await.expect("up");
    assert!(report.done.is_empty() && report.notices.is_empty());
    assert_eq!((lasting(database).await, log(database).await), before);
}

pub async fn crosses_several_groups(database: &Database) {
    let ids: Vec<String> = (1..=120).map(|number| format!("{number:03}")).collect();
    let mut migrator = database.connect(ids.iter().map(|id| table(id)).collect()).await;
    let report = migrator.up(Target::Head).await.expect("up");
    assert_eq!(done(&report), ids);
    assert_eq!(applied(database).await, ids);
    assert_eq!(database.tables().await.len(), 120);
    let report = migrator.down(Target::Base).await.expect("down");
    assert_eq!(report.done.len(), 120);
    assert!(database.tables().await.is_empty() && applied(database).await.is_empty());
}

pub async fn reads_statements_as_the_engine_does(database: &Database) {
    let mut migrator = database
        .connect(vec![
            Migration::new("1").up("CREATE TABLE notes (note VARCHAR(80)) -- no; end"),
            mixed("2")
                .up("/* a; b */ INSERT INTO notes VALUES ('a; ''b''; -- c')\r\n;\r\n;-- d\r\n"),
            mixed("3")
                .up("\u{feff}INSERT INTO notes VALUES ('one');INSERT INTO notes VALUES ('two');;"),
            mixed("4").up(vec![
                "INSERT INTO notes VALUES ('three') -- x",
                "INSERT INTO notes VALUES ('four')",
            ]),
        ])
        .await;
    let report = migrator.up(Target::Head).await.expect("up");
    let counts: Vec<usize> = report.done.iter().map(|done| done.statements).collect();
    assert_eq!(counts, [1, 1, 2, 2]);
    let notes: Vec<String> = database.column("SELECT note FROM notes ORDER BY note").await;
    assert_eq!(notes, ["a; 'b'; -- c", "four", "one", "three", "two"]);
}

pub async fn an_empty_revision_is_applied_like_any_other(database: &Database) {
    let empty = ["", " \n ", "-- nothing to see", "/* nothing\n at all */;"];
    let set = empty
        .iter()
        .enumerate()
        .map(|(index, text)| Migration::new(index.to_string()).up(*text).down(""));
    let mut migrator = database.connect(set.collect()).await;
    let report = migrator.up(Target::Head).await.expect("up");
    assert_eq!(done(&report), ["0", "1", "2", "3"]);
    assert!(report.done.iter().all(|done| done.statements == 0));
    assert_eq!(migrator.down(Target::Base).await.expect("down").done.len(), 4);
}

pub async fn runs_statements_that_hold_statements(database: &Database) {
    let trigger = |dialect| match dialect {
        Dialect::Sqlite => {
            "CREATE TRIGGER doubles AFTER INSERT ON t BEGIN UPDATE t SET b = 2 * a; UPDATE t SET b = b + 1; END;"
        }
        Dialect::Postgres => {
            "CREATE FUNCTION doubles() RETURNS trigger LANGUAGE plpgsql AS $f$\nBEGIN\n  NEW.b := 2 * NEW.a;\n  \
             NEW.b := NEW.b + 1;\n  RETURN NEW;\nEND\n$f$;\n\
             CREATE TRIGGER doubles BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION doubles()"
        }
        Dialect::Mysql => {
            "CREATE TRIGGER doubles BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.b = 2 * NEW.a; SET NEW.b = NEW.b + 1; END"
        }
    };
    let mut migrator = database
        .connect(vec![
            Migration::new("1").up("CREATE TABLE t (a BIGINT, b BIGINT)"),
            Migration::new("2").up(trigger),
            mixed("3").up("INSERT INTO t (a) VALUES (20)"),
        ])
        .await;
    migrator.up(Target::Head).await.expect("up");
    assert_eq!(database.value::<i64>("SELECT b FROM t").await, 41);
}

pub async fn keeps_hostile_text_unchanged(database: &Database) {
    let hostile =
        "'; DROP TABLE t1; -- \" ` \\ \\' \\\\ $$ $1 :after ? %s \u{1f9ea} Ünïcödé \n\r\n\t end\\";
    let sql = "CREATE TABLE t2 (id BIGINT) -- \u{1f9ea} ' \\ \" ` '' '; DROP TABLE t1; \\";
    let hostile_set =
        || vec![table("1"), Migration::new("2").description(hostile).up(sql).down(sql)];
    let mut migrator = database.connect(hostile_set()).await;
    migrator.up(Target::Head).await.expect("up");
    let key = hostile_set()[1].key().clone();
    let history = migrator.read_history().await.expect("history");
    assert_eq!(history.get(&key).expect("a row").description, hostile);
    let kept = migrator.applied_sql(&key).await.expect("SQL");
    assert_eq!(kept, (Some(sql.to_owned()), Some(sql.to_owned())));
    assert_eq!(database.tables().await, ["t1", "t2"]);
}

pub async fn keeps_history_in_the_table_that_settings_name(database: &Database) {
    let mut settings = Settings::default();
    settings.history_table = String::from("Bob's \"own\" `table`");
    let mut migrator = database.attach(Migrator::new(tables(["1", "2"])).settings(settings)).await;
    migrator.up(Target::Head).await.expect("up");
    let mut tables = database.all_tables().await;
    tables.retain(|table| !table.starts_with('t'));
    assert_eq!(tables, ["Bob's \"own\" `table`", "Bob's \"own\" `table`_log"]);
    assert_eq!(migrator.current().await.expect("current").pending, 0);
    assert_eq!(migrator.down(Target::Base).await.expect("down").done.len(), 2);
}

pub async fn reading_makes_nothing(database: &Database) {
    let mut migrator = database.connect(shop()).await;
    assert_eq!(migrator.current().await.expect("current").pending, 2);
    assert_eq!(migrator.history().await.expect("history").len(), 2);
    let plan = migrator.plan(&migrate_core::Request::Up(Target::Head)).await.expect("a plan");
    assert_eq!(plan.steps.len(), 2);
    migrator.ensure_current().await.expect_err("two are pending");
    migrator.down(Target::Relative(-1)).await.expect_err("nothing to undo");
    migrator.down(Target::Base).await.expect("nothing to undo");
    assert_eq!(database.all_tables().await, [""; 0]);
}

pub async fn other_crates_in_the_same_history_are_left_alone(database: &Database) {
    let billing = || {
        ["b1", "b2"]
            .map(|rev| table(rev).in_crate("billing").after([]).branch(format!("branch_{rev}")))
    };
    database.connect(billing().to_vec()).await.up(Target::Heads).await.expect("up");
    let mut shop = database.connect(tables(["1", "2"])).await;
    assert_eq!(done(&shop.up(Target::Head).await.expect("up")), ["1", "2"]);
    assert_eq!(shop.history().await.expect("history").len(), 2);
    assert_eq!(done(&shop.down(Target::Base).await.expect("down")), ["2", "1"]);
    assert_eq!(applied(database).await, ["b1", "b2"]);
    assert_eq!(
        database.connect(billing().to_vec()).await.current().await.expect("current").pending,
        0
    );
}

pub async fn crates_run_in_the_order_of_what_they_depend_on(database: &Database) {
    let refer =
        mixed("1").in_crate("a_shop").depends_on("z_core@2").up("INSERT INTO t2 VALUES (1)");
    let core = tables(["1", "2"]).into_iter().map(|migration| migration.in_crate("z_core"));
    let mut migrator = database.connect(core.chain([refer]).collect()).await;
    let report = migrator.up(Target::Head).await.expect("up");
    let keys: Vec<String> = report.done.iter().map(|done| done.key.to_string()).collect();
    assert_eq!(keys, ["z_core@1", "z_core@2", "a_shop@1"]);
}

async fn up(migrator: &mut Connected, target: &str) -> Vec<String> {
    let report = migrator.up(target.parse().expect("a target")).await.expect("up");
    done(&report).into_iter().map(str::to_owned).collect()
}
