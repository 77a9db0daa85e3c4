//! What a data migration touches.

use std::collections::BTreeSet;

use super::{
    calls,
    columns::{Columns, names},
    relation::{Relation, folded},
};
use crate::ddl::{Ddl, Ident};
use crate::effects;
use crate::effects::Effect;
use crate::effects::EffectKind;
use crate::statement::{Statement, StatementKind, split};
use crate::text::{Dialect, Token, TokenKind};

/// The tables and columns that a data migration reads or writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    pub(super) anything: bool,
    pub(super) relations: Vec<(Relation, Columns)>,
    /// Those whose rows it changes, by which triggers are fired.
    pub(super) written: BTreeSet<Relation>,
    /// The functions that it calls.
    pub(super) calls: BTreeSet<String>,
}

impl Touched {
    /// What code touches, or a text that does not tell.
    pub fn anything() -> Self {
        Self { anything: true, ..Self::default() }
    }

    /// Whether it may touch what its text does not name.
    pub fn may_touch_anything(&self) -> bool {
        self.anything
    }

    pub(super) fn relations(&self) -> impl Iterator<Item = (&Relation, &Columns)> {
        self.relations.iter().map(|(relation, columns)| (relation, columns))
    }
}

/// Finds what the SQL of a data migration touches.
pub fn touched(sql: &str, dialect: Dialect) -> Touched {
    let mut touched = Touched::default();
    let Ok(statements) = split(sql, dialect) else { return Touched::anything() };
    for statement in &statements {
        match statement.kind() {
            // `SET @a = (SELECT …)` reads.
            StatementKind::Dml | StatementKind::SessionSetting => rows(statement, &mut touched),
            StatementKind::Ddl => {
                touched.anything |= makes_code(statement);
                rows(statement, &mut touched);
            }
            StatementKind::Query => {
                touched.anything |= calls::may_do_anything(statement);
                rows(statement, &mut touched);
            }
            StatementKind::Routine | StatementKind::Unknown => touched.anything = true,
            StatementKind::TransactionControl | StatementKind::Maintenance => {}
        }
    }
    touched
}

/// Whether it is another change than of tables: a trigger or a function may touch anything later.
fn makes_code(statement: &Statement<'_>) -> bool {
    !matches!(
        statement.ddl(),
        Ddl::CreateTable(_)
            | Ddl::CreateIndex(_)
            | Ddl::AlterTable(_)
            | Ddl::Rename(_)
            | Ddl::Drop(_)
    )
}

fn rows(statement: &Statement<'_>, touched: &mut Touched) {
    let calls = calls::of(statement);
    touched.anything |= calls.iter().any(|call| call.is_qualified);
    touched.calls.extend(calls.into_iter().map(|call| call.name));
    let objects = effects::with_queries(statement);
    let writes = objects.iter().any(|object| object.action == EffectKind::Written);
    // A change whose table is not found is one that is not understood.
    touched.anything |= statement.kind() == StatementKind::Dml && !writes;
    let reading = Columns::of(statement, &objects);
    let whole = !is_update(statement);
    for object in &objects {
        let relation = Relation::of(&object.name);
        let changes = object.action != EffectKind::Read;
        if changes {
            touched.written.insert(relation.clone());
        }
        let columns = if changes && whole { Columns::All } else { reading.clone() };
        touched.relations.push((relation, columns));
    }
}

/// Whether all that it changes are the columns it names: no rows come or go.
fn is_update(statement: &Statement<'_>) -> bool {
    let tokens: Vec<Token<'_>> = statement.tokens().collect();
    let moves = tokens.iter().enumerate().any(|(at, token)| {
        let calls = tokens.get(at + 1).is_some_and(|next| next.is_mark("("));
        !calls && token.is_any_word(&["COPY", "DELETE", "INSERT", "LOAD", "MERGE", "TRUNCATE"])
            || at == 0 && token.is_word("REPLACE")
    });
    statement.kind() == StatementKind::Dml && !moves
}

impl Columns {
    /// The columns that a statement can name.
    fn of(statement: &Statement<'_>, objects: &[Effect<'_>]) -> Self {
        let tokens: Vec<Token<'_>> =
            statement.tokens().filter(|token| token.kind() != TokenKind::Comment).collect();
        if takes_rows_whole(&tokens, statement.dialect(), objects)
            || tokens.iter().any(|token| token.is_any_word(&["DELETE", "NATURAL", "TABLE"]))
        {
            return Self::All;
        }
        Self::These(names(&tokens, statement.dialect()))
    }
}

/// Whether there is a `*`, or a table's name that stands for its row.
fn takes_rows_whole(tokens: &[Token<'_>], dialect: Dialect, objects: &[Effect<'_>]) -> bool {
    let at = |place: Option<usize>| place.and_then(|place| tokens.get(place));
    let is_star = |place: usize, token: &Token<'_>| {
        token.is_mark("*")
            && at(place.checked_sub(1)).is_some_and(|before| {
                before.is_mark(",")
                    || before.is_mark(".")
                    || before.is_any_word(&["ALL", "DISTINCT", "RETURNING", "SELECT"])
            })
    };
    let rows = row_names(tokens, dialect, objects);
    let is_row = |place: usize, token: &Token<'_>| {
        let named = Ident::of(token, dialect).is_some_and(|ident| rows.contains(&folded(&ident)));
        named
            && !at(place.checked_add(1)).is_some_and(|next| next.is_mark("."))
            && at(place.checked_sub(1)).is_some_and(|before| {
                before.is_mark("(") || before.is_any_word(&["BY", "DISTINCT", "SELECT"])
            })
            || named && at(place.checked_add(1)).is_some_and(|next| next.is_mark("::"))
    };
    tokens.iter().enumerate().any(|(place, token)| {
        is_star(place, token) || dialect == Dialect::Postgres && is_row(place, token)
    })
}

/// The names by which PostgreSQL takes rows whole: those of the tables, and what may be their aliases.
fn row_names(tokens: &[Token<'_>], dialect: Dialect, objects: &[Effect<'_>]) -> BTreeSet<String> {
    let mut names: BTreeSet<String> =
        objects.iter().map(|object| Relation::of(&object.name).name().to_owned()).collect();
    let tables = names.clone();
    let ident = |token: &Token<'_>| Ident::of(token, dialect).map(|ident| folded(&ident));
    names.extend(tokens.windows(2).filter_map(|pair| {
        let [before, alias] = pair else { return None };
        let is_table = ident(before).is_some_and(|name| tables.contains(&name));
        (is_table || before.is_word("AS")).then(|| ident(alias)).flatten()
    }));
    names
}
