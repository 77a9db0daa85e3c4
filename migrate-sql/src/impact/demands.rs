//! What a statement of DDL takes away or demands.

use std::ops::Range;

use super::{
    columns::Columns,
    narrowing::{Reach, Reading},
    relation::{Relation, folded},
};
use crate::ddl::{
    Action, AlterTable, Column, ColumnChange, Constraint, ConstraintKind, CreateIndex, Ddl, Drop,
    EnumChange, Ident, Name, ObjectKind, Rename,
};
use crate::statement::Statement;
use crate::text::Dialect;

pub(super) fn of(statement: &Statement<'_>, reading: &mut Reading) {
    match statement.ddl() {
        Ddl::CreateTable(table) => {
            if table.or_replace && !table.temporary {
                let words = format!("replaces `{}`", Relation::of(&table.name));
                reading.narrow(&table.name, Columns::All, words);
            }
            if !table.if_not_exists {
                reading.makes(&table.name, table.temporary);
            }
        }
        Ddl::CreateIndex(index) if index.unique => unique_index(&index, reading),
        Ddl::AlterTable(table) => alter(&table, statement.text(), reading),
        Ddl::AlterEnum { name, change } => match change {
            EnumChange::RenameValue { .. } | EnumChange::RenameAttribute { .. } => {
                let words = format!("renames a part of the type `{}`", Relation::of(&name));
                reading.push(Reach::Anything, Columns::All, words);
            }
            EnumChange::AddValue { .. } | EnumChange::AddAttribute(_) => {}
        },
        Ddl::Rename(rename) => renames(&rename, reading),
        Ddl::Drop(drop) => drops(&drop, reading),
        Ddl::Other => other(statement, reading),
        Ddl::CreateIndex(_) | Ddl::Create(_) => {}
    }
}

fn unique_index(index: &CreateIndex<'_>, reading: &mut Reading) {
    let columns = Columns::named_in(&index.columns.join(", "), reading.dialect);
    let words = format!("adds UNIQUE to `{}`", Relation::of(&index.table));
    reading.narrow(&index.table, columns, words);
}

fn renames(rename: &Rename<'_>, reading: &mut Reading) {
    for (from, _) in &rename.pairs {
        let words = format!("renames `{}`", Relation::of(from));
        if is_rows(rename.kind) {
            reading.narrow(from, Columns::All, words);
        } else if is_schema(rename.kind) {
            reading.push(Reach::Schema(last(from)), Columns::All, words);
        }
    }
}

fn drops(drop: &Drop<'_>, reading: &mut Reading) {
    if drop.temporary {
        return;
    }
    for name in &drop.names {
        let relation = Relation::of(name);
        if is_rows(drop.kind) {
            reading.narrow(name, Columns::All, format!("drops `{relation}`"));
        } else if is_schema(drop.kind) && (drop.cascade || reading.dialect == Dialect::Mysql) {
            let words = format!("drops all of `{relation}`");
            reading.push(Reach::Schema(last(name)), Columns::All, words);
        } else if drop.cascade && carries_columns(drop.kind) {
            let words = format!("drops `{relation}` and what depends on it");
            reading.push(Reach::Anything, Columns::All, words);
        }
    }
}

/// Whether it holds rows, or shows them.
const fn is_rows(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
    )
}

const fn is_schema(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Schema | ObjectKind::Database)
}

/// Whether columns go with it, by cascade.
const fn carries_columns(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Type
            | ObjectKind::Domain
            | ObjectKind::Extension
            | ObjectKind::Function
            | ObjectKind::Routine
            | ObjectKind::Server
            | ObjectKind::ForeignDataWrapper
    )
}

fn last(name: &Name<'_>) -> String {
    name.parts().last().map(folded).unwrap_or_default()
}

/// What has no tree.
fn other(statement: &Statement<'_>, reading: &mut Reading) {
    let words: Vec<String> = statement
        .tokens()
        .filter(|token| token.kind() == crate::text::TokenKind::Word)
        .take(40)
        .map(|token| token.text().to_ascii_uppercase())
        .collect();
    let begins =
        |with: &[&str]| words.iter().zip(with).filter(|(a, b)| a == *b).count() == with.len();
    let has = |word: &str| words.iter().any(|one| one == word);
    let narrows = begins(&["DROP", "OWNED"])
        || begins(&["DROP", "TABLE"])
        || begins(&["RENAME", "TABLE"])
        || begins(&["ALTER", "TABLE"])
        || begins(&["ALTER", "DOMAIN"]) && (has("ADD") || has("NOT"))
        || begins(&["ALTER", "TYPE"]) && has("ATTRIBUTE") && (has("DROP") || has("ALTER"));
    if narrows {
        let first = words.iter().take(2).cloned().collect::<Vec<_>>().join(" ");
        reading.push(Reach::Anything, Columns::All, format!("runs `{first}`"));
    }
}

fn alter(table: &AlterTable<'_>, text: &str, reading: &mut Reading) {
    if !is_rows(table.kind) {
        return;
    }
    let mut altering = Altering { table: &table.name, text, reading };
    for (action, span) in &table.actions {
        altering.action(action, span.clone());
    }
}

struct Altering<'r, 'a> {
    table: &'r Name<'a>,
    text: &'a str,
    reading: &'r mut Reading,
}

impl Altering<'_, '_> {
    fn action(&mut self, action: &Action<'_>, span: Range<usize>) {
        match action {
            Action::AddColumn { column, .. } => self.adds(column),
            Action::DropColumn { name, .. } => self.column(name, "drops"),
            Action::AlterColumn { name, change } => self.changes(name, change, span),
            Action::RedefineColumn { from, column } => {
                self.column(from, "redefines");
                self.column(&column.name, "redefines");
            }
            Action::AddConstraint(constraint) => self.constrains(constraint),
            Action::RenameColumn { from, .. } => self.column(from, "renames"),
            Action::RenameTo(_) => self.whole("renames"),
            Action::SetSchema(_) => self.whole("moves"),
            Action::AttachPartition(name) | Action::DetachPartition { name, .. } => {
                let words = format!("makes `{}` another partition", Relation::of(name));
                self.reading.narrow(name, Columns::All, words);
            }
            Action::Other(text) if is_narrow(text) => self.whole("changes"),
            Action::DropConstraint { .. }
            | Action::ValidateConstraint(_)
            | Action::RenameConstraint { .. }
            | Action::RenameIndex { .. }
            | Action::Algorithm(_)
            | Action::Lock(_)
            | Action::Other(_) => {}
        }
    }

    /// A new column narrows if rows that do not name it cannot go in, or are newly told apart.
    fn adds(&mut self, column: &Column<'_>) {
        let filled = column.default.is_some() || column.generated.is_some() || column.numbered;
        let demands = (column.not_null && !filled)
            || column.check
            || (column.unique || column.primary_key || column.references.is_some())
                && column.default.is_some();
        if demands {
            let mut columns = Columns::named_in(
                self.text.get(column.span.clone()).unwrap_or_default(),
                self.reading.dialect,
            );
            if column.not_null && !filled {
                columns = Columns::one(&column.name);
            }
            self.narrow(columns, format!("adds demands with `{}`", self.shown(&column.name)));
        }
    }

    fn changes(&mut self, name: &Ident<'_>, change: &ColumnChange<'_>, span: Range<usize>) {
        match change {
            ColumnChange::Type { .. } => self.column(name, "changes the type of"),
            ColumnChange::SetNotNull => self.column(name, "sets NOT NULL on"),
            ColumnChange::Other => {
                let text = self.text.get(span).unwrap_or_default().to_ascii_uppercase();
                if text.contains("ALWAYS") || text.contains("EXPRESSION") {
                    self.column(name, "changes");
                }
            }
            ColumnChange::DropNotNull | ColumnChange::SetDefault(_) | ColumnChange::DropDefault => {
            }
        }
    }

    fn constrains(&mut self, constraint: &Constraint<'_>) {
        let word = match &constraint.kind {
            ConstraintKind::PrimaryKey => "PRIMARY KEY",
            ConstraintKind::Unique => "UNIQUE",
            ConstraintKind::ForeignKey(_) => "FOREIGN KEY",
            ConstraintKind::Check => "CHECK",
            ConstraintKind::Exclude => "EXCLUDE",
            ConstraintKind::NotNull => "NOT NULL",
            ConstraintKind::Index => return,
        };
        let columns = if constraint.using_index {
            // Its index says which, and demands it already.
            Columns::All
        } else {
            let text = self.text.get(constraint.span.clone()).unwrap_or_default();
            Columns::named_in(text, self.reading.dialect)
        };
        if constraint.using_index && constraint.kind == ConstraintKind::Unique {
            return;
        }
        let words = format!("adds {word} to `{}`", Relation::of(self.table));
        if let ConstraintKind::ForeignKey(references) = &constraint.kind {
            self.reading.narrow(&references.table, columns.clone(), words.clone());
        }
        self.narrow(columns, words);
    }

    fn column(&mut self, name: &Ident<'_>, verb: &str) {
        let words = format!("{verb} `{}`", self.shown(name));
        self.narrow(Columns::one(name), words);
    }

    fn whole(&mut self, verb: &str) {
        self.narrow(Columns::All, format!("{verb} `{}`", Relation::of(self.table)));
    }

    fn narrow(&mut self, columns: Columns, words: String) {
        self.reading.narrow(self.table, columns, words);
    }

    fn shown(&self, column: &Ident<'_>) -> String {
        format!("{}.{}", Relation::of(self.table), folded(column))
    }
}

/// Whether a change that is not understood may lose rows, or demand something of them.
fn is_narrow(action: &str) -> bool {
    let text = action.to_ascii_uppercase();
    let first = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    match first {
        "DROP" | "MODIFY" | "CHANGE" | "CONVERT" | "TRUNCATE" | "EXCHANGE" | "DISCARD"
        | "COALESCE" | "REORGANIZE" => true,
        "ADD" => ["NOT NULL", "UNIQUE", "CHECK", "PRIMARY", "CONSTRAINT", "FOREIGN"]
            .iter()
            .any(|word| text.contains(word)),
        _ => false,
    }
}
