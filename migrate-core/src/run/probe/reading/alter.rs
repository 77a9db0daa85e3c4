//! `ALTER TABLE`, action by action: all of them are applied, or none.

use migrate_sql::ddl::{
    Action, AlterTable, Column, ColumnChange, Constraint, ConstraintKind, Ident, Name, ObjectKind,
};
use migrate_sql::{Dialect, Token};

use super::words::Words;
use super::{Reading, object};
use crate::run::probe::concurrent::Concurrent;
use crate::run::probe::place::{Place, held};
use crate::run::probe::thing::{Fact, Thing, What};

/// What is known about one action.
enum Told {
    /// Repeating it has the same result.
    Repeatable,
    /// It has these results.
    Facts(Vec<Fact>),
    Nothing,
}

pub(super) fn table(alter: &AlterTable<'_>, dialect: Dialect) -> Option<Reading> {
    let table = Place::of(&alter.name, dialect)?;
    match (alter.kind, dialect) {
        // It replaces the whole definition.
        (ObjectKind::View, Dialect::Mysql) => return Some(Reading::Repeatable),
        (ObjectKind::Sequence, _) => return sequence(alter),
        (_, _) => {}
    }
    if let [(Action::DetachPartition { name, concurrently: true }, _)] = &*alter.actions {
        let partition = Place::of(name, dialect)?;
        return Some(Reading::Concurrent(Concurrent::Detach { parent: table, partition }));
    }
    let only_if = if alter.if_exists {
        Some(Thing::new(object::what(alter.kind, dialect)?, table.clone()))
    } else {
        None
    };
    let altered = Altered { kind: alter.kind, table, dialect };
    Some(match altered.read(alter) {
        Reading::Atomic { facts, .. } => Reading::Atomic { facts, only_if },
        reading => reading,
    })
}

/// Reads `ALTER SEQUENCE`. Restarting a sequence again could return values twice.
fn sequence(alter: &AlterTable<'_>) -> Option<Reading> {
    let restarts = |action: &Action<'_>| match action {
        Action::Other(text) => text
            .split(|character: char| !character.is_ascii_alphanumeric())
            .any(|word| word.eq_ignore_ascii_case("RESTART")),
        _ => true,
    };
    let again = !alter.actions.iter().any(|(action, _)| restarts(action));
    again.then_some(Reading::Repeatable)
}

struct Altered {
    kind: ObjectKind,
    table: Place,
    dialect: Dialect,
}

impl Altered {
    fn read(&self, alter: &AlterTable<'_>) -> Reading {
        let mut facts = Vec::new();
        let mut repeatable = true;
        for (action, _) in &alter.actions {
            // If the table is renamed, other changes cannot be found by either name.
            if let Some(moved) = self.moved(action) {
                return Reading::atomic(&moved);
            }
            match self.action(action).unwrap_or(Told::Nothing) {
                Told::Repeatable => {}
                Told::Facts(told) => facts.extend(told),
                Told::Nothing => repeatable = false,
            }
        }
        if facts.is_empty() && repeatable { Reading::Repeatable } else { Reading::atomic(&facts) }
    }

    fn moved(&self, action: &Action<'_>) -> Option<Vec<Fact>> {
        let to = match action {
            Action::RenameTo(to) => {
                object::renamed(&self.table, Place::of(to, self.dialect)?, self.dialect)
            }
            Action::SetSchema(schema) => {
                Place { schema: Some(self.held(schema)?), name: self.table.name.clone() }
            }
            _ => return None,
        };
        let what = object::what(self.kind, self.dialect)?;
        let from = Thing::new(what, self.table.clone());
        Some(vec![Fact::gone(from), Fact::there(Thing::new(what, to))])
    }

    fn action(&self, action: &Action<'_>) -> Option<Told> {
        Some(match action {
            Action::AddColumn { if_not_exists: true, .. }
            | Action::DropColumn { if_exists: true, .. }
            | Action::DropConstraint { if_exists: true, .. }
            | Action::ValidateConstraint(_)
            | Action::Algorithm(_)
            | Action::Lock(_) => Told::Repeatable,
            Action::AddColumn { column, .. } => {
                Told::Facts(vec![Fact::there(self.part(What::Column, &column.name)?)])
            }
            Action::DropColumn { name, .. } => {
                Told::Facts(vec![Fact::gone(self.part(What::Column, name)?)])
            }
            Action::AlterColumn { change, .. } => self.column_change(change),
            Action::RedefineColumn { from, column } => self.redefined(from, column)?,
            Action::AddConstraint(constraint) => self.constraint(constraint)?,
            Action::DropConstraint { what, name, .. } => {
                Told::Facts(vec![Fact::gone(self.dropped(what, name.as_ref())?)])
            }
            Action::RenameColumn { from, to } => self.renamed(What::Column, from, to)?,
            Action::RenameConstraint { from, to } => self.renamed(What::Constraint, from, to)?,
            Action::RenameIndex { from, to } => self.renamed(What::Index, from, to)?,
            Action::AttachPartition(name) => Told::Facts(vec![Fact::there(self.partition(name)?)]),
            Action::DetachPartition { name, .. } => {
                Told::Facts(vec![Fact::gone(self.partition(name)?)])
            }
            Action::Other(text) => self.other(text)?,
            _ => return None,
        })
    }

    fn column_change(&self, change: &ColumnChange<'_>) -> Told {
        match change {
            // The expression would be applied to the new value instead of the old one.
            ColumnChange::Type { using: true, .. } => Told::Nothing,
            ColumnChange::Other if self.dialect != Dialect::Mysql => Told::Nothing,
            _ => Told::Repeatable,
        }
    }

    /// Reads a redefinition. Repeating it would create a second key.
    fn redefined(&self, from: &Ident<'_>, column: &Column<'_>) -> Option<Told> {
        if !from.is_same(&column.name) {
            return self.renamed(What::Column, from, &column.name);
        }
        Some(if column.primary_key {
            Told::Facts(vec![Fact::there(Thing::primary_key(&self.table))])
        } else if column.unique {
            Told::Nothing
        } else {
            Told::Repeatable
        })
    }

    fn renamed(&self, what: What, from: &Ident<'_>, to: &Ident<'_>) -> Option<Told> {
        let (from, to) = (self.part(what, from)?, self.part(what, to)?);
        Some(Told::Facts(vec![Fact::gone(from), Fact::there(to)]))
    }

    fn constraint(&self, constraint: &Constraint<'_>) -> Option<Told> {
        if constraint.if_not_exists {
            return Some(Told::Repeatable);
        }
        let mysql = self.dialect == Dialect::Mysql;
        let what = match &constraint.kind {
            ConstraintKind::PrimaryKey => {
                return Some(Told::Facts(vec![Fact::there(Thing::primary_key(&self.table))]));
            }
            ConstraintKind::Unique | ConstraintKind::Index if mysql => What::Index,
            ConstraintKind::ForeignKey(_) => What::ForeignKey,
            ConstraintKind::Check => What::Check,
            _ => What::Constraint,
        };
        Some(Told::Facts(vec![Fact::there(self.part(what, constraint.name.as_ref()?)?)]))
    }

    fn dropped(&self, what: &str, name: Option<&Ident<'_>>) -> Option<Thing> {
        let what = match what {
            "PRIMARY KEY" => return Some(Thing::primary_key(&self.table)),
            "FOREIGN KEY" => What::ForeignKey,
            "CHECK" => What::Check,
            "INDEX" | "KEY" => What::Index,
            _ => What::Constraint,
        };
        self.part(what, name?)
    }

    fn partition(&self, name: &Name<'_>) -> Option<Thing> {
        let place = Place::of(name, self.dialect)?;
        Some(Thing { what: What::Partition, place, of: Some(self.table.clone()) })
    }

    fn part(&self, what: What, name: &Ident<'_>) -> Option<Thing> {
        Some(Thing::part(what, self.held(name)?, &self.table))
    }

    fn held(&self, name: &Ident<'_>) -> Option<String> {
        held(name, self.dialect)
    }

    /// Reads actions that the syntax tree leaves as text: options, partitions, several columns at once.
    fn other(&self, text: &str) -> Option<Told> {
        let words = Words::of(text, self.dialect);
        match self.dialect {
            Dialect::Postgres => words.first_is_any(POSTGRES_OPTIONS).then_some(Told::Repeatable),
            Dialect::Mysql => self.of_mysql(&words),
            Dialect::Sqlite => None,
        }
    }

    fn of_mysql(&self, words: &Words<'_>) -> Option<Told> {
        if words.first_is_any(MYSQL_OPTIONS)
            || words.begin(&["CONVERT", "TO"])
            || words.begin(&["PARTITION", "BY"])
            || words.first_is_any(MYSQL_PARTITION_UPKEEP) && words.has("PARTITION")
        {
            return Some(Told::Repeatable);
        }
        if words.begin(&["ADD", "PARTITION"]) || words.begin(&["DROP", "PARTITION"]) {
            return self.partitions(words);
        }
        let in_parentheses = |index: usize| words.at(index).is_some_and(|at| at.is_mark("("));
        let several = words.begin(&["ADD"]) && in_parentheses(1)
            || words.begin(&["ADD", "COLUMN"]) && in_parentheses(2);
        if several { self.columns(words) } else { None }
    }

    /// Reads `ADD PARTITION (PARTITION a …, PARTITION b …)` and `DROP PARTITION a`.
    fn partitions(&self, words: &Words<'_>) -> Option<Told> {
        if words.has_row(&["PARTITION", "IF"]) {
            return Some(Told::Repeatable);
        }
        let partition =
            |token: &Token<'_>| Some(Thing::part(What::Partition, words.held(token)?, &self.table));
        if words.begin(&["DROP"]) {
            return Some(Told::Facts(vec![Fact::gone(partition(words.at(2)?)?)]));
        }
        let named = |item: &Vec<_>| partition(item.get(1)?).map(Fact::there);
        words.items()?.iter().map(named).collect::<Option<_>>().map(Told::Facts)
    }

    /// Reads `ADD COLUMN (a …, b …)`, which may include keys.
    fn columns(&self, words: &Words<'_>) -> Option<Told> {
        let column = |item: &Vec<_>| {
            let name = words.held(item.first()?)?;
            Some(Fact::there(Thing::part(What::Column, name, &self.table)))
        };
        let items = words.items()?;
        let is_column = |item: &&Vec<Token<'_>>| {
            item.first().is_some_and(|first| !first.is_any_word(NO_COLUMN))
        };
        let facts: Vec<Fact> = items.iter().filter(is_column).map(column).collect::<Option<_>>()?;
        (!facts.is_empty()).then_some(Told::Facts(facts))
    }
}

const POSTGRES_OPTIONS: &[&str] =
    &["CLUSTER", "DISABLE", "ENABLE", "FORCE", "NO", "OWNER", "REPLICA", "RESET", "SET"];

const MYSQL_OPTIONS: &[&str] = &[
    "ALTER",
    "AUTO_INCREMENT",
    "AVG_ROW_LENGTH",
    "CHARACTER",
    "CHARSET",
    "CHECKSUM",
    "COLLATE",
    "COMMENT",
    "COMPRESSION",
    "DEFAULT",
    "DELAY_KEY_WRITE",
    "DISABLE",
    "ENABLE",
    "ENCRYPTED",
    "ENCRYPTION",
    "ENCRYPTION_KEY_ID",
    "ENGINE",
    "FORCE",
    "KEY_BLOCK_SIZE",
    "MAX_ROWS",
    "MIN_ROWS",
    "ORDER",
    "PACK_KEYS",
    "PAGE_COMPRESSED",
    "PAGE_COMPRESSION_LEVEL",
    "ROW_FORMAT",
    "STATS_AUTO_RECALC",
    "STATS_PERSISTENT",
    "STATS_SAMPLE_PAGES",
];

const MYSQL_PARTITION_UPKEEP: &[&str] = &["ANALYZE", "CHECK", "OPTIMIZE", "REBUILD", "REPAIR"];

const NO_COLUMN: &[&str] = &[
    "CHECK",
    "CONSTRAINT",
    "FOREIGN",
    "FULLTEXT",
    "INDEX",
    "KEY",
    "PERIOD",
    "PRIMARY",
    "SPATIAL",
    "UNIQUE",
];
