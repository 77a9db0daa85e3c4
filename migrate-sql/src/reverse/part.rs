//! `ALTER TYPE` of an enum's values and a composite type's attributes.

use super::{
    Undone,
    mention::Names,
    title::Title,
    undo_log::{Step, UndoLog},
};
use crate::ddl::{EnumChange, Name, ObjectKind};
use crate::statement::Statement;

pub(super) fn undo(
    name: &Name<'_>,
    change: &EnumChange<'_>,
    statement: &Statement<'_>,
    log: &mut UndoLog,
) -> Undone {
    let about = Title::of(name);
    let made = log.find(ObjectKind::Type, &about, None);
    // A value rests on nothing, whatever its text says.
    let is_value = matches!(change, EnumChange::AddValue { .. } | EnumChange::RenameValue { .. });
    if made.is_some_and(|made| is_value || log.covers(made, statement)) {
        return Ok(());
    }
    let cascade = if statement.tokens().last().is_some_and(|last| last.is_word("CASCADE")) {
        " CASCADE"
    } else {
        ""
    };
    let back = match change {
        EnumChange::AddValue { .. } => {
            return Err("PostgreSQL cannot drop a value of an enum".into());
        }
        EnumChange::RenameValue { from, to } => format!("RENAME VALUE {to} TO {from}"),
        EnumChange::RenameAttribute { from, to } => {
            format!("RENAME ATTRIBUTE {} TO {}{cascade}", to.text(), from.text())
        }
        EnumChange::AddAttribute(name) => format!("DROP ATTRIBUTE {}{cascade}", name.text()),
    };
    let sql = format!("ALTER TYPE {} {back}", name.text());
    log.step(Step { sql, names: Names::of(&about), about, of: made });
    Ok(())
}
