//! The locks that PostgreSQL's statements take on tables that were there before, and keep until the end.

use crate::script::{ParsedScript, ParsedStatement};
use migrate_sql::Ddl;
use migrate_sql::ddl::{Action, ColumnChange, ConstraintKind, Name, ObjectKind};

/// How much of a table's use a lock shuts out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lock {
    /// SHARE UPDATE EXCLUSIVE: other changes of the schema only.
    Weak,
    /// SHARE and SHARE ROW EXCLUSIVE: writing.
    Writes,
    /// ACCESS EXCLUSIVE: everything.
    All,
}

impl Lock {
    /// What PostgreSQL calls it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Weak => "SHARE UPDATE EXCLUSIVE",
            Self::Writes => "SHARE ROW EXCLUSIVE",
            Self::All => "ACCESS EXCLUSIVE",
        }
    }
}

/// The tables a statement locks, and how.
pub(super) fn locks<'r, 'a>(
    script: &ParsedScript<'a>,
    read: &'r ParsedStatement<'a>,
) -> Vec<(&'r Name<'a>, Lock)> {
    let mut locks = Vec::new();
    match &read.ddl {
        Ddl::AlterTable(alter) if alter.kind == ObjectKind::Table => {
            for (action, _) in &alter.actions {
                locks.push((&alter.name, of_action(action)));
                locks.extend(other_table(action));
            }
        }
        Ddl::CreateIndex(index) => {
            let lock = if index.concurrently { Lock::Weak } else { Lock::Writes };
            locks.push((&index.table, lock));
        }
        Ddl::Drop(drop) if drop.kind == ObjectKind::Table => {
            locks.extend(drop.names.iter().map(|name| (name, Lock::All)));
        }
        _ => {}
    }
    locks.retain(|(table, _)| !script.is_new(read, table));
    locks
}

/// The lock that one change of a table takes on it.
pub(super) fn of_action(action: &Action<'_>) -> Lock {
    match action {
        Action::ValidateConstraint(_)
        | Action::AttachPartition(_)
        | Action::DetachPartition { concurrently: true, .. } => Lock::Weak,
        Action::AddConstraint(constraint)
            if matches!(constraint.kind, ConstraintKind::ForeignKey(_)) =>
        {
            Lock::Writes
        }
        Action::AlterColumn { change: ColumnChange::Other, .. } | Action::Other(_) => {
            of_other(action)
        }
        _ => Lock::All,
    }
}

fn of_other(action: &Action<'_>) -> Lock {
    const TRIGGERS: &[&str] = &["ENABLE TRIGGER", "DISABLE TRIGGER"];
    const STORAGE: &[&str] = &["SET (", "RESET (", "CLUSTER ON", "SET WITHOUT CLUSTER"];
    // Statistics and options of a column; what else becomes of one is rare.
    let Action::Other(text) = action else { return Lock::Weak };
    let words: Vec<_> = text.split_whitespace().take(4).collect();
    let words = words.join(" ").replace('(', " (").replace("  ", " ").to_ascii_uppercase();
    let begins = |heads: &[&str]| heads.iter().any(|head| words.starts_with(head));
    if begins(TRIGGERS) {
        Lock::Writes
    } else if begins(STORAGE) {
        Lock::Weak
    } else {
        Lock::All
    }
}

/// The table at the other end of a foreign key, and a partition as it comes or goes.
fn other_table<'r, 'a>(action: &'r Action<'a>) -> Option<(&'r Name<'a>, Lock)> {
    match action {
        Action::AddConstraint(constraint) => match &constraint.kind {
            ConstraintKind::ForeignKey(other) => Some((&other.table, Lock::Writes)),
            _ => None,
        },
        Action::AddColumn { column, .. } => {
            column.references.as_ref().map(|other| (&other.table, Lock::Writes))
        }
        Action::AttachPartition(name) | Action::DetachPartition { name, concurrently: false } => {
            Some((name, Lock::All))
        }
        _ => None,
    }
}
