//! What squawk finds but does no harm, has a rule of its own, or can be written in no better way.

use squawk_linter::Rule as Squawk;

use super::Place;
use migrate_sql::Ddl;
use migrate_sql::ddl::{Action, ColumnChange, ConstraintKind, Generated, ObjectKind};

pub(super) fn is_harmless(squawk: Squawk, place: &Place<'_, '_>) -> bool {
    match squawk {
        // `ON ONLY` makes an index of a partitioned table that is empty until its partitions' are attached.
        Squawk::RequireConcurrentIndexCreation => place.has_word("ONLY"),
        Squawk::ConstraintMissingNotValid => has_own_rule(place),
        Squawk::AddingForeignKeyConstraint => is_null_everywhere(place),
        Squawk::AddingFieldWithDefault => is_numbered(place) || is_virtual(place),
        Squawk::AddingRequiredField => is_numbered(place),
        Squawk::RequireConcurrentReindex => is_before(place, 12),
        Squawk::RequireConcurrentPartitionDetach => is_before(place, 14),
        Squawk::RenamingTable => leaves_view(place),
        Squawk::BanDropConstraint => was_for_not_null(place),
        // There `IF NOT EXISTS` does harm; see `concurrent-if-not-exists`.
        Squawk::PreferRobustStmts => {
            matches!(&place.read.ddl, Ddl::CreateIndex(index) if index.concurrently)
        }
        _ => false,
    }
}

/// Whether the server is too old to do so concurrently.
fn is_before(place: &Place<'_, '_>, major: u16) -> bool {
    place.server().is_some_and(|server| !server.is_at_least(major, 0))
}

/// Whether another rule speaks of the constraint, or of its validation in the same transaction.
fn has_own_rule(place: &Place<'_, '_>) -> bool {
    match place.action() {
        Some((_, Action::AddConstraint(constraint), _)) => {
            !matches!(constraint.kind, ConstraintKind::Check | ConstraintKind::NotNull)
        }
        Some((_, action, _)) => matches!(action, Action::ValidateConstraint(_)),
        None => false,
    }
}

/// Where every row gets NULL, there is no reference to look up.
fn is_null_everywhere(place: &Place<'_, '_>) -> bool {
    matches!(place.action(), Some((_, Action::AddColumn { column, .. }, _)) if column.default.is_none())
}

/// `adding-serial-column` speaks of it, and it gets its values from a sequence.
fn is_numbered(place: &Place<'_, '_>) -> bool {
    matches!(place.action(), Some((_, Action::AddColumn { column, .. }, _)) if column.numbered)
}

/// What is computed when it is read is not written.
fn is_virtual(place: &Place<'_, '_>) -> bool {
    let Some((_, Action::AddColumn { column, .. }, _)) = place.action() else { return false };
    let is_default = || place.server().is_some_and(|server| server.is_at_least(18, 0));
    column.generated == Some(Generated::Virtual) && (place.has_word("VIRTUAL") || is_default())
}

/// Whether a view takes the name that is given up.
fn leaves_view(place: &Place<'_, '_>) -> bool {
    let Some((table, Action::RenameTo(_), _)) = place.action() else { return false };
    place.later(table).any(|later| match &later.ddl {
        Ddl::Create(create) if create.kind == ObjectKind::View => {
            create.name.as_ref().is_some_and(|view| view.is_same(table))
        }
        _ => false,
    })
}

/// Whether the constraint was a check that only `SET NOT NULL` needed, as `adding-not-nullable-field` advises.
fn was_for_not_null(place: &Place<'_, '_>) -> bool {
    let Some((table, Action::DropConstraint { name: Some(name), .. }, _)) = place.action() else {
        return false;
    };
    let changes = || {
        place.earlier(table).filter_map(|earlier| match &earlier.ddl {
            Ddl::AlterTable(alter) if alter.name.is_same(table) => Some(&alter.actions),
            _ => None,
        })
    };
    let does = |wanted: &dyn Fn(&Action<'_>) -> bool| {
        changes().flatten().any(|(action, _)| wanted(action))
    };
    does(&|action| matches!(action, Action::ValidateConstraint(valid) if valid.is_same(name)))
        && does(&|action| {
            matches!(action, Action::AlterColumn { change: ColumnChange::SetNotNull, .. })
        })
}
