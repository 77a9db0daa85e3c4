//! `DROP` of what the same text made.

use super::{
    Undone, arguments,
    reason::{self, Reason},
    title::Title,
    undo_log::UndoLog,
};
use crate::ddl::{Drop, ObjectKind};

pub(super) fn undo(dropped: &Drop<'_>, log: &mut UndoLog) -> Undone {
    let gone_with_table = dropped.on.as_ref().is_some_and(|on| {
        log.relation(&Title::of(on)).is_some_and(|table| !log.is_stepped_on(table))
    });
    if gone_with_table {
        return Ok(());
    }
    let signatures = dropped.signatures.iter().map(|text| text.map(arguments::folded));
    let made: Option<Vec<usize>> = dropped
        .names
        .iter()
        .zip(signatures)
        .map(|(name, signature)| log.find(dropped.kind, &Title::of(name), signature.as_deref()))
        .collect();
    let made = made.ok_or_else(|| why_not(dropped.kind))?;
    if dropped.cascade {
        return Err("`CASCADE` drops more than it names".into());
    }
    for object in made {
        log.remove(object);
    }
    Ok(())
}

fn why_not(kind: ObjectKind) -> Reason {
    let words = kind.words().to_lowercase();
    match kind {
        ObjectKind::Table
        | ObjectKind::ForeignTable
        | ObjectKind::MaterializedView
        | ObjectKind::Sequence
        | ObjectKind::Schema
        | ObjectKind::Database => reason::lost(&words),
        _ => reason::before(&format!("the dropped {words}")),
    }
}
