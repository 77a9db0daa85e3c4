//! Renamings of whole objects.

use super::{
    Undone, arguments,
    mention::Names,
    reason,
    title::Title,
    undo_log::{Step, UndoLog},
};
use crate::ddl::{Name, ObjectKind, Rename};
use crate::statement::Statement;
use crate::text::Dialect;

pub(super) fn undo(renamed: &Rename<'_>, statement: &Statement<'_>, log: &mut UndoLog) -> Undone {
    if is_covered(renamed, statement, log) {
        return Ok(());
    }
    if renamed.if_exists {
        return Err(reason::IF_EXISTS);
    }
    let names = renamed.pairs.iter().flat_map(|(from, to)| [from, to]);
    let titles: Vec<Title> = names.map(Title::of).collect();
    let about = titles.first().cloned().ok_or(reason::UNKNOWN)?;
    log.step(Step {
        sql: back(renamed, statement.dialect()),
        about,
        names: Names::These(titles.iter().map(Title::simple).collect()),
        of: None,
    });
    for title in &titles {
        log.forget(title);
    }
    if is_schema(renamed.kind) {
        log.forget_all();
    }
    Ok(())
}

/// Whether it renames something that the text made, which is then dropped by its new name.
fn is_covered(renamed: &Rename<'_>, statement: &Statement<'_>, log: &mut UndoLog) -> bool {
    let [(from, to)] = &*renamed.pairs else { return false };
    let dialect = statement.dialect();
    let is_free =
        |made: usize, log: &UndoLog| !log.is_stepped_on(made) && log.covers(made, statement);
    if let Some(on) = &renamed.on {
        return log.relation(&Title::of(on)).is_some_and(|table| is_free(table, log));
    }
    let arguments = renamed.signature.map(arguments::folded);
    let made = log.find(renamed.kind, &Title::of(from), arguments.as_deref());
    match made {
        Some(made) if !is_schema(renamed.kind) && is_free(made, log) => {
            log.rename(made, new_title(from, to, dialect));
            true
        }
        _ => false,
    }
}

/// Whether other names begin with it.
const fn is_schema(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Schema | ObjectKind::Database)
}

/// The full new name: MySQL's is complete, the others' stays in its schema.
pub(super) fn new_title(from: &Name<'_>, to: &Name<'_>, dialect: Dialect) -> Title {
    match (dialect, to.parts()) {
        (Dialect::Postgres | Dialect::Sqlite, [to]) => Title::beside(from, *to),
        _ => Title::of(to),
    }
}

/// The old name as `RENAME TO` takes it.
pub(super) fn old_name<'a>(from: &Name<'a>, dialect: Dialect) -> &'a str {
    match (dialect, from.parts().last()) {
        (Dialect::Postgres | Dialect::Sqlite, Some(own)) => own.text(),
        _ => from.text(),
    }
}

fn back(renamed: &Rename<'_>, dialect: Dialect) -> String {
    let pairs = renamed.pairs.iter().rev();
    if renamed.kind == ObjectKind::Table {
        let pairs = pairs.map(|(from, to)| format!("{} TO {}", to.text(), from.text()));
        return format!("RENAME TABLE {}", pairs.collect::<Vec<_>>().join(", "));
    }
    let kind = renamed.kind.words();
    let signature = renamed.signature.unwrap_or_default();
    let on = renamed.on.as_ref().map(|on| format!(" ON {}", on.text())).unwrap_or_default();
    let pairs = pairs.map(|(from, to)| {
        let to = new_title(from, to, dialect);
        format!("ALTER {kind} {}{signature}{on} RENAME TO {}", to.text(), old_name(from, dialect))
    });
    pairs.collect()
}
