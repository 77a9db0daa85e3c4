//! The tables that a statement's words name, where it is no DDL.
//!
//! Best effort: what stands where a table can stand is taken for one, functions and named queries aside.

use std::collections::BTreeSet;

use super::{Effect, EffectKind, is_in_temporary_schema};
use crate::ddl::cursor::Cursor;
use crate::ddl::{Ident, ObjectKind};
use crate::statement::{Statement, StatementKind};
use crate::text::{Dialect, Token};

pub(super) fn of<'a>(statement: &Statement<'a>) -> Vec<Effect<'a>> {
    let makes_table = statement.kind() == StatementKind::Ddl;
    let cursor = Cursor::new(statement);
    // `GRANT`, `COMMENT` and the like name what they are about in ways of their own.
    if makes_table && !cursor.is_any_word(&["SELECT", "WITH"]) && !cursor.is_mark("(") {
        return Vec::new();
    }
    search(statement, cursor, makes_table)
}

/// What stands where a table can stand, whatever the statement is.
pub(super) fn in_queries<'a>(statement: &Statement<'a>) -> Vec<Effect<'a>> {
    let cursor = Cursor::new(statement);
    let makes_table = statement.kind() == StatementKind::Ddl
        && (cursor.is_any_word(&["SELECT", "WITH"]) || cursor.is_mark("("));
    search(statement, cursor, makes_table)
}

fn search<'a>(statement: &Statement<'a>, cursor: Cursor<'a>, makes_table: bool) -> Vec<Effect<'a>> {
    let mut search = Search {
        queries: named_queries(cursor.clone()),
        cursor,
        dialect: statement.dialect(),
        into: if makes_table { EffectKind::Created } else { EffectKind::Written },
        temporary: false,
        seen: BTreeSet::new(),
        found: Vec::new(),
    };
    search.run();
    search.found
}

struct Search<'a> {
    cursor: Cursor<'a>,
    dialect: Dialect,
    /// What `INTO` does to its table.
    into: EffectKind,
    /// The names of `WITH`, which are no tables.
    queries: BTreeSet<String>,
    /// Whether `TEMP` was read, as in `SELECT … INTO TEMP a`.
    temporary: bool,
    seen: BTreeSet<(String, EffectKind)>,
    found: Vec<Effect<'a>>,
}

/// What is known between one pair of parentheses, or outside of all.
#[derive(Clone, Copy, Default)]
struct Level {
    /// Whether a query or a change stands here, so that `FROM` names tables, as in `extract(… FROM …)` it does not.
    queries: bool,
    /// What a comma goes on with: a list of tables, and what is done to them.
    list: Option<EffectKind>,
    /// Whether a table comes next.
    next: Option<EffectKind>,
}

impl Search<'_> {
    fn run(&mut self) {
        let mut levels = vec![Level { queries: true, ..Level::default() }];
        let mut previous = None;
        while let Some(token) = self.cursor.peek() {
            let Some(level) = levels.last_mut() else { return };
            if token.is_mark("(") {
                let next = level.next.take();
                levels.push(Level { next, list: next, ..Level::default() });
            } else if token.is_mark(")") {
                if levels.len() > 1 {
                    levels.pop();
                }
            } else if token.is_mark(";") {
                // The next statement of a compound one.
                *level = Level { queries: true, ..Level::default() };
            } else if let Some(effect) = level.next
                && !self.is_before_table(&token)
            {
                level.next = None;
                if !token.is_any_word(&["SELECT", "VALUES", "WITH", "TABLE"]) {
                    previous = Some(token);
                    self.table(effect);
                    continue;
                }
            }
            self.temporary |= makes_temporary(&token, previous.as_ref());
            if let Some(level) = levels.last_mut() {
                self.word(level, &token, previous.as_ref());
            }
            previous = self.cursor.take();
        }
    }

    /// Whether the word stands between one that announces a table and its name.
    fn is_before_table(&self, token: &Token<'_>) -> bool {
        let mysql = self.dialect == Dialect::Mysql;
        token.is_any_word(&["ONLY", "LATERAL"])
            || (self.into == EffectKind::Created
                && token.is_any_word(&[
                    "GLOBAL",
                    "LOCAL",
                    "TEMP",
                    "TEMPORARY",
                    "UNLOGGED",
                    "TABLE",
                ]))
            || (mysql && token.is_any_word(&["LOW_PRIORITY", "IGNORE", "TABLE", "TABLES", "QUICK"]))
            || token.is_any_word(&["OR", "ROLLBACK", "ABORT", "FAIL"]) && !mysql
            || (self.dialect == Dialect::Sqlite && token.is_any_word(&["REPLACE", "IGNORE"]))
            || (self.dialect == Dialect::Postgres && token.is_word("TABLE"))
    }

    fn word(&self, level: &mut Level, token: &Token<'_>, previous: Option<&Token<'_>>) {
        let behind = |words: &[&str]| previous.is_some_and(|token| token.is_any_word(words));
        if token.is_mark(",") {
            level.next = level.list;
        } else if behind(&["AS"]) || previous.is_some_and(|token| token.is_mark(".")) {
            // A name, whatever it looks like.
        } else if token.is_any_word(&["SELECT", "DELETE"]) {
            *level = Level { queries: true, ..Level::default() };
        } else if token.is_word("UPDATE") {
            let is_clause = behind(&["FOR", "DO", "KEY", "ON", "THEN", "BEFORE", "AFTER", "OR"]);
            level.start((!is_clause).then_some(EffectKind::Written));
        } else if token.is_word("FROM") {
            let is_list = level.queries && !behind(&["DISTINCT"]);
            let effect = if behind(&["DELETE"]) { EffectKind::Written } else { EffectKind::Read };
            if is_list {
                level.start(Some(effect));
                // What follows the first is only read.
                level.list = Some(EffectKind::Read);
            }
        } else if token.is_word("INTO") {
            level.next = Some(self.into);
            level.list = None;
        } else if token.is_any_word(&["JOIN", "STRAIGHT_JOIN"]) {
            level.next = Some(EffectKind::Read);
        } else if token.is_word("USING")
            && !self.cursor.peek_at(1).is_some_and(|next| next.is_mark("("))
        {
            level.start(Some(EffectKind::Read));
        } else if token.is_word("TRUNCATE") {
            level.start(Some(EffectKind::Written));
        } else if token.is_any_word(&["LOCK", "TABLE"]) && previous.is_none_or(begins) {
            level.start(Some(EffectKind::Read));
        } else if token.is_word("COPY") && previous.is_none() {
            level.next = Some(self.copy());
        } else if token.is_any_word(ENDS_LIST) {
            level.start(None);
        }
    }

    /// Whether a `COPY` writes its table.
    fn copy(&self) -> EffectKind {
        let mut ahead = self.cursor.clone();
        while let Some(token) = ahead.skip() {
            if token.is_word("FROM") {
                return EffectKind::Written;
            }
        }
        EffectKind::Read
    }

    /// Takes a table's name; one that arguments follow is that of a function.
    fn table(&mut self, effect: EffectKind) {
        let Some(name) = self.cursor.name() else {
            self.cursor.take();
            return;
        };
        let calls = self.cursor.is_mark("(") && effect == EffectKind::Read;
        let is_query =
            matches!(name.parts(), [only] if self.queries.contains(&key(only, self.dialect)));
        if calls || (is_query && effect == EffectKind::Read) {
            return;
        }
        if self.seen.insert((name.text().to_owned(), effect)) {
            let made = effect == EffectKind::Created && self.temporary;
            let temporary = made || is_in_temporary_schema(&name, self.dialect);
            self.found.push(Effect { temporary, ..Effect::new(effect, ObjectKind::Table, name) });
        }
    }
}

impl Level {
    fn start(&mut self, effect: Option<EffectKind>) {
        self.next = effect;
        self.list = effect;
    }
}

/// The words behind which no comma goes on with a list of tables.
const ENDS_LIST: &[&str] = &[
    "EXCEPT",
    "FETCH",
    "FOR",
    "GROUP",
    "HAVING",
    "INTERSECT",
    "LIMIT",
    "OFFSET",
    "ORDER",
    "RETURNING",
    "SET",
    "UNION",
    "VALUES",
    "WHERE",
    "WINDOW",
];

fn makes_temporary(token: &Token<'_>, previous: Option<&Token<'_>>) -> bool {
    token.is_any_word(&["TEMP", "TEMPORARY"])
        && previous.is_some_and(|previous| previous.is_any_word(&["INTO", "LOCAL", "GLOBAL"]))
}

/// Whether a statement or a query can begin behind it.
fn begins(previous: &Token<'_>) -> bool {
    previous.is_mark("(")
        || previous.is_mark(")")
        || previous.is_mark(";")
        || previous.is_any_word(&["ALL", "AS", "EXCEPT", "INTERSECT", "UNION"])
}

/// The names before `AS (`, with or without columns in parentheses between them.
fn named_queries(mut cursor: Cursor<'_>) -> BTreeSet<String> {
    let dialect = cursor.dialect;
    let mut names = BTreeSet::new();
    // What stands before each open parenthesis, and before what was closed last or comes next.
    let mut open = Vec::new();
    let mut before = None;
    let mut candidate = None;
    while let Some(token) = cursor.take() {
        if token.is_mark("(") {
            names.extend(candidate.take());
            open.push(before.take());
        } else if token.is_mark(")") {
            before = open.pop().flatten();
        } else if token.is_word("AS") {
            candidate = before.take();
        } else if !token.is_any_word(&["NOT", "MATERIALIZED"]) {
            candidate = None;
            before = Ident::of(&token, dialect).map(|ident| key(&ident, dialect));
        }
    }
    names
}

/// Names that mean the same have the same key.
fn key(name: &Ident<'_>, dialect: Dialect) -> String {
    let value = name.value();
    if dialect == Dialect::Postgres { value.into_owned() } else { value.to_lowercase() }
}
