//! SQLite's files: their owners and modes, and the errors if one cannot be read or written.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use migrate_core::{
    Aftermath, Connection, DatabaseError, Error, ErrorKind, HistoryError, LockError, Migration,
    Migrator, Request, RunError, Target,
};

use crate::Database;
use crate::history::applied;
use crate::migrations::{table, tables};
use crate::suite::stopping;

const PROCESSES: usize = 8;

/// Returns the path of the database's file.
fn file(database: &Database) -> PathBuf {
    database.url().strip_prefix("sqlite:").expect("a file").into()
}

/// Returns a path next to it.
fn beside(database: &Database, name: &str) -> PathBuf {
    file(database).with_file_name(name)
}

fn url(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

async fn connect(url: &str) -> Result<migrate_core::Connected, Error> {
    Migrator::new(tables(["1", "2"])).connect(url).await
}

/// Returns the message, its causes and its hints, as a user reads them.
fn told(error: &Error) -> String {
    let mut told = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        told = format!("{told}: {error}");
        cause = error.source();
    }
    format!("{told}; {}", error.hints().join("; "))
}

fn refusal(error: &Error) -> &DatabaseError {
    match error {
        Error::Connect { source, .. }
        | Error::History(HistoryError::Database { source, .. })
        | Error::Run(RunError::History(HistoryError::Database { source, .. })) => source,
        Error::Run(RunError::Lock(LockError::Database(error)) | RunError::Session(error)) => error,
        Error::Run(RunError::Step(step)) => step.database().expect("a refusal"),
        other => panic!("expected a refusal, not {other:?}"),
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

pub async fn a_file_that_is_made_is_its_owners_alone(database: &Database) {
    let mut migrator = database.connect(tables(["1"])).await;
    assert_eq!(mode(&file(database)), 0o600);
    database.query("PRAGMA journal_mode = WAL").await;
    migrator.up(Target::Head).await.expect("up");
    // While a client is connected, changes are kept in files next to the database, which are as secret.
    for name in ["test.db-wal", "test.db-shm"] {
        assert_eq!(mode(&beside(database, name)), 0o600, "{name}");
    }
    // An existing file keeps its mode.
    let shared = beside(database, "shared.db");
    fs::write(&shared, "").expect("a file");
    fs::set_permissions(&shared, PermissionsExt::from_mode(0o640)).expect("a mode");
    connect(&url(&shared)).await.expect("a database").up(Target::Head).await.expect("up");
    assert_eq!(mode(&shared), 0o640);
}

/// Users who share the database share the lock, and a link in its place is not followed.
pub async fn the_lock_beside_a_database_is_as_secret_as_that(database: &Database) {
    let set = || vec![table("1"), Migration::new("2").up("VACUUM").down("").transaction(false)];
    let mut migrator = database.connect(set()).await;
    fs::set_permissions(file(database), PermissionsExt::from_mode(0o660)).expect("a mode");
    migrator.up(Target::Head).await.expect("up");
    let lock = beside(database, "test.db-migrate-lock");
    assert_eq!(mode(&lock), 0o660);
    migrator.down(Target::Base).await.expect("down");

    let precious = beside(database, "precious");
    fs::write(&precious, "kept").expect("a file");
    fs::remove_file(&lock).expect("a lock");
    symlink(&precious, &lock).expect("a link");
    let error = migrator.up(Target::Head).await.expect_err("a link");
    assert!(told(&error).contains("it is a link"), "{}", told(&error));
    assert_eq!(fs::read_to_string(&precious).expect("a file"), "kept");
}

pub async fn what_is_no_file_is_told_with_its_name(database: &Database) {
    let folder = beside(database, "folder");
    fs::create_dir(&folder).expect("a folder");
    let nowhere = beside(database, "nowhere/a.db");
    for (path, says) in [(&folder, "is a folder"), (&nowhere, "does not exist")] {
        let error = connect(&url(path)).await.expect_err("no file");
        assert!(matches!(error, Error::Connect { .. }), "{error:?}");
        let told = told(&error);
        let place = if says == "is a folder" { path } else { path.parent().expect("a folder") };
        assert!(told.contains(says) && told.contains(&place.display().to_string()), "{told}");
    }
    assert!(!nowhere.parent().expect("a folder").exists());
}

pub async fn what_is_no_database_is_left_alone(database: &Database) {
    let note = beside(database, "note.txt");
    let text = "a shopping list, and by no means a database\n".repeat(200);
    fs::write(&note, &text).expect("a file");
    let error = connect(&url(&note)).await.expect("a file").up(Target::Head).await;
    let error = error.expect_err("no database");
    assert_eq!(refusal(&error).kind, ErrorKind::Corrupt);
    assert!(told(&error).contains("note.txt` is not a SQLite database"), "{}", told(&error));
    assert_eq!(fs::read_to_string(&note).expect("a file"), text);
}

pub async fn a_damaged_database_is_told(database: &Database) {
    database.connect(tables(["1"])).await.up(Target::Head).await.expect("up");
    let path = file(database);
    let mut bytes = fs::read(&path).expect("a file");
    for byte in &mut bytes[100..] {
        *byte = b'x';
    }
    fs::write(&path, bytes).expect("a file");
    let error = connect(database.url()).await.expect("a file").up(Target::Head).await;
    let error = error.expect_err("a damaged database");
    assert_eq!(refusal(&error).kind, ErrorKind::Corrupt, "{error:?}");
    assert!(told(&error).contains("is damaged: restore a backup"), "{}", told(&error));
}

pub async fn a_database_opened_for_reading_is_read_and_not_written(database: &Database) {
    database.connect(tables(["1"])).await.up(Target::Head).await.expect("up");
    let before = fs::read(file(database)).expect("a file");
    for parameters in ["?mode=ro", "?immutable=1", "?mode=ro&immutable=true"] {
        let mut migrator =
            connect(&format!("{}{parameters}", database.url())).await.expect("a file");
        assert_eq!(migrator.current().await.expect("history").pending, 1);
        let error = migrator.up(Target::Head).await.expect_err("read only");
        assert_eq!(refusal(&error).kind, ErrorKind::ReadOnly, "{error:?}");
        let told = told(&error);
        assert!(told.contains("read-only") && told.contains("test.db"), "{told}");
        assert_eq!(fs::read(file(database)).expect("a file"), before);
    }
    let new = beside(database, "new.db");
    connect(&format!("{}?mode=ro", url(&new))).await.expect_err("no file");
    assert!(!new.exists());
}

/// Root ignores permissions, so the program runs as another user.
pub async fn a_file_or_folder_without_the_right_to_write_is_told(database: &Database) {
    database.connect(tables(["1"])).await.up(Target::Head).await.expect("up");
    let (path, folder) = (file(database), beside(database, "."));
    let set = |path: &Path, mode| {
        fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("a mode");
    };
    for (of_file, of_folder) in [(0o444, 0o777), (0o666, 0o555)] {
        set(&path, of_file);
        set(&folder, of_folder);
        let output = as_nobody(&mut program(database, &["up"])).output().expect("a program");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        set(&folder, 0o755);
        assert_eq!(output.status.code(), Some(1), "{said}");
        for part in [
            "attempt to write a readonly database",
            "test.db` and its folder",
            "the database is as it was",
        ] {
            assert!(said.contains(part), "{of_file:o} {of_folder:o}: no `{part}` in\n{said}");
        }
        assert_eq!(applied(database).await, ["1"]);
    }
}

/// Runs the program as a user without rights here, if we are root.
fn as_nobody(program: &mut Command) -> Command {
    let mut command = if rustix::process::geteuid().is_root() {
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(program.get_program());
        command
    } else {
        Command::new(program.get_program())
    };
    command.args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.stdin(Stdio::null());
    command
}

fn program(database: &Database, arguments: &[&str]) -> Command {
    let mut command = stopping::program_named("talkative", database, arguments);
    command.env("REVISIONS", "");
    command
}

/// Returns revisions that need more and more space.
fn hungry() -> Vec<Migration> {
    let fill = |rev: &str| {
        let sql = format!(
            "CREATE TABLE t{rev} (id INTEGER PRIMARY KEY, b BLOB DEFAULT (zeroblob(6000)))"
        );
        Migration::new(rev.to_owned()).up(sql).down(format!("DROP TABLE t{rev}"))
    };
    let insert = |rev: &'static str, of: &str| {
        Migration::new(rev)
            .kind(migrate_core::Kind::Data)
            .up(format!("INSERT INTO t{of} (id) VALUES (1), (2), (3)"))
            .depends_on(of.to_owned())
    };
    vec![
        fill("1"),
        insert("d1", "1").after([]),
        fill("2"),
        insert("d2", "2").after(["d1"]),
        fill("3"),
    ]
}

/// Opens a connection with this limit of pages.
async fn cramped(database: &Database, pages: usize) -> Connection {
    let mut connection = database.open().await;
    connection.query(&format!("PRAGMA max_page_count = {pages}")).await.expect("a limit");
    connection
}

/// Asserts that history matches the database exactly.
async fn assert_whole(database: &Database, at: &str) {
    let check: String = database.value("PRAGMA integrity_check").await;
    assert_eq!(check, "ok", "{at}");
    let tables = database.tables().await;
    let rows: Vec<String> = if database.all_tables().await.contains(&"_migrate_history".to_owned())
    {
        applied(database).await
    } else {
        Vec::new()
    };
    let made: Vec<String> =
        rows.iter().filter(|rev| !rev.starts_with('d')).map(|rev| format!("t{rev}")).collect();
    assert_eq!(tables, made, "{at}");
    for rev in ["1", "2"] {
        if tables.contains(&format!("t{rev}")) {
            let filled: i64 = database.value(&format!("SELECT count(*) FROM t{rev}")).await;
            assert_eq!(filled, if rows.contains(&format!("d{rev}")) { 3 } else { 0 }, "{at}");
        }
    }
}

pub async fn a_full_database_stops_between_revisions_and_goes_on_when_there_is_room(
    database: &Database,
) {
    let all = Request::Production(Target::Head);
    let (mut full, mut pages) = (0, 2);
    loop {
        let at = format!("{pages} pages");
        let mut connection = cramped(database, pages).await;
        let outcome = Migrator::new(hungry()).run_on(&mut connection, &all).await;
        connection.close().await.expect("a goodbye");
        assert_whole(database, &at).await;
        match outcome {
            Ok(_) => break,
            Err(error) => {
                assert_eq!(refusal(&error).kind, ErrorKind::Full, "{at}: {error:?}");
                assert!(told(&error).contains("free disk space"), "{at}: {}", told(&error));
                if let Error::Run(RunError::Step(step)) = &error {
                    assert_eq!(step.aftermath, Aftermath::RolledBack, "{at}");
                }
                full += 1;
            }
        }
        pages += 1;
    }
    // It started again at each of these, and continued.
    assert!(full > 10, "{full}");
    assert_eq!(applied(database).await.len(), 5);
    assert!(database.connect(hungry()).await.up(Target::Head).await.expect("up").done.is_empty());
}

pub async fn a_full_database_gives_back_what_was_refused_on_the_way_down(database: &Database) {
    let all = Request::Production(Target::Head);
    let mut connection = database.open().await;
    Migrator::new(hungry()).run_on(&mut connection, &all).await.expect("production");
    let pages: i64 = database.value("PRAGMA page_count").await;
    let mut connection = cramped(database, usize::try_from(pages).expect("pages")).await;
    let back = Request::Down(Target::Base);
    // Freed pages leave space: whether this is refused depends on how full the last pages are.
    drop(Migrator::new(hungry()).run_on(&mut connection, &back).await);
    assert_whole(database, "down").await;
    database.connect(hungry()).await.down(Target::Base).await.expect("down");
    assert!(database.tables().await.is_empty());
}

/// Runs several processes at once.
async fn many_at_once(database: &Database, journal: &str) {
    let kept: String = database.value(&format!("PRAGMA journal_mode = {journal}")).await;
    assert_eq!(kept, journal);
    for (arguments, left) in [(&["up"][..], 20), (&["down", "-r", "base"], 0), (&["up"], 20)] {
        let start = || {
            let mut command = stopping::program_named("talkative", database, arguments);
            command.env("REVISIONS", "20").spawn().expect("the program `talkative`")
        };
        let started: Vec<_> = (0..PROCESSES).map(|_| start()).collect();
        let mut done = 0;
        for process in started {
            let output = process.wait_with_output().expect("an end");
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
            done += said
                .lines()
                .filter(|line| line.starts_with("applied ") || line.starts_with("reverted "))
                .count();
        }
        // Two undo runs may each find less to do, and nothing is done twice.
        assert_eq!(done, 20, "{arguments:?}");
        assert_eq!(applied(database).await.len(), left, "{arguments:?}");
    }
    assert_eq!(database.tables().await.len(), 20);
    let kept: String = database.value("PRAGMA journal_mode").await;
    assert_eq!(kept, journal, "the file is left in its mode");
    assert_eq!(database.value::<String>("PRAGMA integrity_check").await, "ok");
}

pub async fn eight_processes_apply_each_revision_once_with_a_rollback_journal(database: &Database) {
    many_at_once(database, "delete").await;
}

pub async fn eight_processes_apply_each_revision_once_with_a_wal(database: &Database) {
    many_at_once(database, "wal").await;
}

/// Uses a disk of a few pages, if one can be mounted: only root can.
pub async fn a_full_disk_stops_between_revisions_and_goes_on_when_there_is_room(
    database: &Database,
) {
    let disk = beside(database, "disk");
    fs::create_dir(&disk).expect("a folder");
    let mount = |options: &str| {
        let status = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(&disk)
            .stderr(Stdio::null())
            .status();
        status.is_ok_and(|status| status.success())
    };
    if !mount("size=8k") {
        // Without the right to mount there is no small disk: the engine's own limit is tested above.
        return;
    }
    let mut url = url(&disk.join("a.db"));
    let mut full = 0;
    for size in (12..2_000).step_by(12) {
        let outcome = production(&url).await;
        let Err(error) = outcome else { break };
        assert_eq!(refusal(&error).kind, ErrorKind::Full, "{size} k: {error:?}");
        assert!(
            told(&error).contains("free space on the disk") && told(&error).contains("a.db"),
            "{}",
            told(&error)
        );
        full += 1;
        assert!(mount(&format!("remount,size={size}k")), "a larger disk");
    }
    let done = connect_hungry(&url).await.history().await.expect("history");
    url.clear();
    let ended = Command::new("umount").arg(&disk).status().expect("`umount`");
    assert!(ended.success() && full > 3, "{full}");
    assert_eq!(done.iter().filter(|status| status.row.is_some()).count(), 5);
}

async fn connect_hungry(url: &str) -> migrate_core::Connected {
    Migrator::new(hungry()).connect(url).await.expect("a database")
}

async fn production(url: &str) -> Result<(), Error> {
    let mut migrator = Migrator::new(hungry()).connect(url).await?;
    let outcome = migrator.production(Target::Head).await.map(drop);
    migrator.close().await?;
    outcome
}
