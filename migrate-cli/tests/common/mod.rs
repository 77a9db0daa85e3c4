//! Runs the command line in a temporary folder, and records the results.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    clippy::expect_used,
    reason = "each test file uses a part of it"
)]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, BufReader, Cursor, Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use migrate_cli::{Environment, Io, Program, run};
use migrate_core::__private::Declaration;
use migrate_core::{Body, Down, Kind, Migration, Origin, Resumption, Segment, SqlSource, Waiver};
use tempfile::TempDir;

/// A project in a temporary folder.
pub struct Project {
    folder: TempDir,
    migrations: Vec<Migration>,
    config: String,
    variables: BTreeMap<String, String>,
    unreadable: BTreeSet<String>,
    terminal: Option<&'static str>,
    /// The command that another user runs before the answer is typed.
    meanwhile: Option<&'static str>,
    /// The recorded commands and their results.
    transcript: RefCell<String>,
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("not poisoned").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Shared {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("not poisoned").clone()).expect("UTF-8")
    }
}

/// The action of another user.
type Other = Box<dyn FnOnce() + Send>;

/// Types an answer, after the action of another user.
struct Typing {
    first: Option<Other>,
    answer: Cursor<Vec<u8>>,
}

impl Read for Typing {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if let Some(first) = self.first.take() {
            std::thread::spawn(first).join().expect("somebody else's command");
        }
        self.answer.read(bytes)
    }
}

fn words(line: &str) -> Vec<String> {
    let words = line.split('\'').enumerate().flat_map(|(index, part)| {
        if index % 2 == 1 {
            vec![part.to_owned()]
        } else {
            part.split_whitespace().map(str::to_owned).collect()
        }
    });
    ["migrate".to_owned()].into_iter().chain(words).collect()
}

/// The result of a command.
#[derive(Clone, Debug)]
pub struct Ran {
    pub code: u8,
    pub out: String,
    pub err: String,
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "exit: {}\n----- stdout -----\n{}----- stderr -----\n{}",
            self.code, self.out, self.err
        )
    }
}

impl Project {
    pub fn new(migrations: Vec<Migration>) -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            migrations,
            config: String::new(),
            variables: BTreeMap::new(),
            unreadable: BTreeSet::new(),
            terminal: None,
            meanwhile: None,
            transcript: RefCell::new(String::new()),
        }
    }

    pub fn config(mut self, text: &str) -> Self {
        text.clone_into(&mut self.config);
        self
    }

    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Sets a variable whose value is not UTF-8.
    pub fn unreadable(mut self, name: &str) -> Self {
        self.unreadable.insert(name.to_owned());
        self
    }

    /// Simulates a user at a terminal who types this.
    pub fn typing(mut self, answer: &'static str) -> Self {
        self.terminal = Some(answer);
        self.variable("NO_COLOR", "1")
    }

    /// Makes another user run this command line while a question waits for its answer.
    pub fn meanwhile(mut self, line: &'static str) -> Self {
        self.meanwhile = Some(line);
        self
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Continues with other migrations.
    pub fn with(mut self, migrations: Vec<Migration>) -> Self {
        self.migrations = migrations;
        self
    }

    /// Runs a command line; words are separated by spaces, and `'…'` is one word.
    pub fn run(&self, line: &str) -> Ran {
        let words = words(line);
        let (out, err) = (Shared::default(), Shared::default());
        let io = Io {
            out: Box::new(out.clone()),
            err: Box::new(err.clone()),
            input: Box::new(BufReader::new(Typing { first: self.other(), answer: self.answer() })),
        };
        let world = self.world();
        let program = self.program();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let exit = runtime.block_on(run(&program, words, &world, io));
        Ran { code: exit.code(), out: self.hidden(&out.text()), err: self.hidden(&err.text()) }
    }

    fn answer(&self) -> Cursor<Vec<u8>> {
        Cursor::new(self.terminal.unwrap_or_default().as_bytes().to_vec())
    }

    fn program(&self) -> Program {
        Program::new(self.migrations.clone()).config(&self.config).home(self.path())
    }

    /// Returns the command of another user, who is not at this terminal.
    fn other(&self) -> Option<Other> {
        let line = self.meanwhile?;
        let (program, world) =
            (self.program(), Environment { input_is_terminal: false, ..self.world() });
        Some(Box::new(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let io = Io {
                out: Box::new(io::sink()),
                err: Box::new(io::sink()),
                input: Box::new(io::empty()),
            };
            let exit = runtime.expect("a runtime").block_on(run(&program, words(line), &world, io));
            assert_eq!(exit.code(), 0, "{line}");
        }))
    }

    fn world(&self) -> Environment {
        Environment {
            variables: self.variables.clone(),
            unreadable: self.unreadable.clone(),
            directory: self.path().to_owned(),
            input_is_terminal: self.terminal.is_some(),
            error_is_terminal: self.terminal.is_some(),
            output_is_terminal: false,
            seed: 1,
            stop: migrate_cli::StopSwitch::default(),
        }
    }

    /// Runs a command line, and records the result for the snapshot.
    pub fn show(&self, line: &str) {
        let Ran { code, out, err } = self.run(line);
        let part = |mark: char, text: &str| -> String {
            text.lines().map(|line| format!("{mark} {line}").trim_end().to_owned() + "\n").collect()
        };
        let shown = format!("$ migrate {line}\n{}{}= {code}\n\n", part('|', &out), part('!', &err));
        self.transcript.borrow_mut().push_str(&shown);
    }

    /// Records a file for the snapshot.
    pub fn show_file(&self, path: &str) {
        let text = fs::read_to_string(self.path().join(path)).expect("readable");
        self.transcript.borrow_mut().extend(["$ cat ", path, "\n", &text, "\n"]);
    }

    /// Returns everything recorded, with `|` before data, `!` before messages, and `=` before the exit code.
    pub fn transcript(&self) -> String {
        self.transcript.borrow().clone()
    }

    fn hidden(&self, text: &str) -> String {
        text.replace(&self.path().display().to_string(), "[folder]")
    }
}

/// Returns filters for values that differ from run to run.
pub fn filters() -> Vec<(&'static str, &'static str)> {
    vec![
        (r"\d+ ms\b", "[time]"),
        (r#""duration_ms": \d+"#, r#""duration_ms": "[time]""#),
        (r"\d{4}-\d\d-\d\dT[\d:.]+Z", "[when]"),
        (r"migrate \d+\.\d+\.\d+", "migrate [version]"),
        (r"linting\.rs:\d+:\d+", "linting.rs:[place]"),
    ]
}

/// Compares everything recorded with the snapshot of the test.
#[macro_export]
macro_rules! check {
    ($project:expr) => {
        insta::with_settings!({ filters => common::filters() }, { insta::assert_snapshot!($project.transcript()) })
    };
}

pub fn table(rev: &'static str, name: &'static str) -> Migration {
    Migration::new(rev)
        .description(format!("create {name}"))
        .up(format!("CREATE TABLE {name} (id INTEGER PRIMARY KEY)"))
        .down(format!("DROP TABLE {name}"))
}

/// Returns two tables, an index on the second, and rows.
pub fn shop() -> Vec<Migration> {
    vec![
        table("001", "users"),
        table("002", "orders"),
        Migration::new("003")
            .kind(Kind::Data)
            .description("fill users")
            .up("INSERT INTO users VALUES (1); INSERT INTO users VALUES (2)"),
        Migration::new("004")
            .description("index orders")
            .up("CREATE INDEX orders_id ON orders (id)")
            .down("DROP INDEX orders_id"),
    ]
}

/// Returns a migration as the attribute declares it: in a file, and possibly with a derived `down`.
pub fn declared(rev: &'static str, kind: Kind, sql: Written) -> Migration {
    let place = |line| {
        let segments: &'static [Segment] =
            Box::leak(Box::new([Segment { offset: 0, line, column: 6 }]));
        Some(SqlSource { file: sql.file, segments })
    };
    let declaration = Declaration {
        krate: "shop",
        dialects: &[],
        rev,
        after: None,
        depends_on: None,
        branch: None,
        kind,
        transaction: migrate_core::__private::Transactions::ALL,
        resume: Resumption::Continue,
        lock_timeout: None,
        statement_timeout: None,
        description: sql.function,
        origin: Origin { file: sql.file, line: 3, function: sql.function },
        up: sql.up,
        up_source: place(5),
        down: sql.down,
        down_source: None,
        code_checksum: None,
        waivers: sql.waivers,
        parse: true,
        checked: sql.checked,
    };
    let declaration: &'static Declaration = Box::leak(Box::new(declaration));
    declaration.into()
}

/// The SQL of a function, as the attribute sees it.
#[derive(Clone, Copy)]
pub struct Written {
    pub file: &'static str,
    pub function: &'static str,
    pub up: fn() -> Body,
    pub down: fn() -> Down,
    pub waivers: &'static [Waiver],
    pub checked: bool,
}

impl Written {
    pub fn new(file: &'static str, function: &'static str, up: fn() -> Body) -> Self {
        Self { file, function, up, down: || Down::Nothing, waivers: &[], checked: false }
    }
}

/// Returns a branch point, two lines and their merge.
pub fn merged() -> Vec<Migration> {
    vec![
        table("001", "users"),
        table("002", "orders"),
        table("003", "bills").after(["001"]).branch("billing"),
        Migration::new("004").after(["002", "003"]).description("join billing"),
        table("005", "parcels"),
    ]
}
