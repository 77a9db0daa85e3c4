//! SQLite: scripts have to name what a run can list.

use super::{Trace, Traces};
use crate::ddl::Ident;
use crate::statement::{Reader, Statement};
use crate::text::{Dialect, Token, quote};

/// What SQLite's settings are in a new connection, where no build is known to say otherwise.
const DEFAULTS: [(&str, &str); 19] = [
    ("automatic_index", "ON"),
    ("cache_size", "-2000"),
    ("cache_spill", "ON"),
    ("case_sensitive_like", "OFF"),
    ("cell_size_check", "OFF"),
    ("count_changes", "OFF"),
    ("defer_foreign_keys", "OFF"),
    ("full_column_names", "OFF"),
    ("ignore_check_constraints", "OFF"),
    ("legacy_alter_table", "OFF"),
    ("locking_mode", "NORMAL"),
    ("query_only", "OFF"),
    ("read_uncommitted", "OFF"),
    ("recursive_triggers", "OFF"),
    ("reverse_unordered_selects", "OFF"),
    ("short_column_names", "ON"),
    ("synchronous", "FULL"),
    ("temp_store", "DEFAULT"),
    ("writable_schema", "OFF"),
];

pub(super) fn note(traces: &mut Traces, statement: &Statement<'_>) {
    let mut words = Reader::new(statement);
    match words.keyword().as_str() {
        "ATTACH" => {
            let last = words.last();
            if let Some(name) = name(last.as_ref()) {
                traces.add(Trace::Attached(name));
            }
        }
        "DETACH" => {
            let gone = name(words.last().as_ref());
            traces.undone(
                |trace| matches!(trace, Trace::Attached(name) if same(name, gone.as_ref())),
            );
        }
        "CREATE" => {
            if let Some(trace) = created(words) {
                traces.add(trace);
            }
        }
        "DROP" => {
            let gone = name(words.last().as_ref());
            traces.undone(
                |trace| matches!(trace, Trace::Temporary { name, .. } if same(name, gone.as_ref())),
            );
        }
        "ALTER" => renamed(traces, words),
        "PRAGMA" => pragma(traces, words),
        _ => {}
    }
}

fn created(mut words: Reader<'_>) -> Option<Trace> {
    let temporary = words.eat_any(&["TEMP", "TEMPORARY"]);
    let kind = match words.keyword().as_str() {
        "TABLE" => "TABLE",
        "VIEW" => "VIEW",
        "TRIGGER" => "TRIGGER",
        _ => return None,
    };
    words.eat("IF");
    words.eat("NOT");
    words.eat("EXISTS");
    let first = name(words.next().as_ref())?;
    if !words.eat_mark(".") {
        return temporary.then_some(Trace::Temporary { kind, name: first });
    }
    let second = name(words.next().as_ref())?;
    let temporary = temporary || first.eq_ignore_ascii_case("temp");
    temporary.then_some(Trace::Temporary { kind, name: second })
}

/// `ALTER TABLE a RENAME TO b`, where `a` is temporary.
fn renamed(traces: &mut Traces, mut words: Reader<'_>) {
    words.eat("TABLE");
    let mut table = name(words.next().as_ref());
    if words.eat_mark(".") {
        table = name(words.next().as_ref());
    }
    if !words.eat_all(&["RENAME", "TO"]) {
        return;
    }
    let is = |trace: &Trace| matches!(trace, Trace::Temporary { kind: "TABLE", name } if same(name, table.as_ref()));
    if !traces.found.iter().any(|found| is(&found.trace)) {
        return;
    }
    traces.undone(is);
    if let Some(name) = name(words.next().as_ref()) {
        traces.add(Trace::Temporary { kind: "TABLE", name });
    }
}

fn pragma(traces: &mut Traces, mut words: Reader<'_>) {
    let mut name = words.keyword();
    if words.eat_mark(".") {
        name = words.keyword();
    }
    let sets = words.eat_mark("=") || words.eat_mark("(");
    let known = DEFAULTS.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name));
    if sets && known {
        traces.add(Trace::Pragma(name.to_ascii_lowercase()));
    }
}

fn name(token: Option<&Token<'_>>) -> Option<String> {
    Ident::of(token?, Dialect::Sqlite).map(|ident| ident.value().into_owned())
}

fn same(one: &str, other: Option<&String>) -> bool {
    other.is_some_and(|other| one.eq_ignore_ascii_case(other))
}

pub(super) fn undo(trace: &Trace) -> Vec<String> {
    let quoted = |name: &str| quote::identifier(name, Dialect::Sqlite);
    match trace {
        Trace::Temporary { kind, name } => {
            vec![format!("DROP {kind} IF EXISTS temp.{}", quoted(name))]
        }
        Trace::Attached(name) => vec![format!("DETACH {}", quoted(name))],
        Trace::Pragma(name) => {
            let default = DEFAULTS.iter().find(|(known, _)| known == name);
            default.map(|(name, value)| format!("PRAGMA {name} = {value}")).into_iter().collect()
        }
        Trace::Lock(_)
        | Trace::Handler(_)
        | Trace::Prepared(_)
        | Trace::Table { .. }
        | Trace::Variable(_)
        | Trace::Setting(_) => Vec::new(),
    }
}
