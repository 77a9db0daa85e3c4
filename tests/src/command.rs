//! Runs the command line in this process, for cases that follow its messages.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor, Write};
use std::sync::{Arc, Mutex};

use migrate_cli::{Environment, Io, Program, StopSwitch, run};
use migrate_core::Migration;

use crate::Database;

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Shared {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("no panic").clone()).expect("UTF-8")
    }
}

/// The result of a command.
#[derive(Clone, Debug)]
pub(crate) struct Ran {
    pub(crate) code: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Returns the commands that its output names in backticks, in order, without `migrate`.
    pub(crate) fn commands(&self) -> Vec<String> {
        let text = format!("{}\n{}", self.out, self.err);
        let quoted = text.split('`').skip(1).step_by(2);
        let commands = quoted.filter_map(|words| words.strip_prefix("migrate ")).map(str::to_owned);
        commands.collect()
    }
}

/// Runs a command line on a database; words are separated by blanks, and `"…"` is one word.
pub(crate) async fn command(database: &Database, set: &[Migration], line: &str) -> Ran {
    let words = line.split('"').enumerate().flat_map(|(index, part)| {
        if index % 2 == 1 {
            vec![part.to_owned()]
        } else {
            part.split_whitespace().map(str::to_owned).collect()
        }
    });
    let words: Vec<String> = ["migrate".to_owned()].into_iter().chain(words).collect();
    let (out, err) = (Shared::default(), Shared::default());
    let io = Io {
        out: Box::new(out.clone()),
        err: Box::new(err.clone()),
        input: Box::new(Cursor::new(Vec::new())),
    };
    let folder = tempfile::tempdir().expect("a folder");
    let url = ("DATABASE_URL".to_owned(), database.url().to_owned());
    let world = Environment {
        variables: BTreeMap::from([url]),
        unreadable: BTreeSet::new(),
        directory: folder.path().to_owned(),
        input_is_terminal: false,
        error_is_terminal: false,
        output_is_terminal: false,
        seed: 1,
        stop: StopSwitch::default(),
    };
    let program = Program::new(set.to_vec()).home(folder.path());
    let exit = run(&program, words, &world, io).await;
    Ran { code: exit.code(), out: out.text(), err: err.text() }
}
