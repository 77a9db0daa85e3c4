//! What is neither made, altered, renamed nor dropped.

use super::{
    Undone, arguments,
    reason::{self, Reason},
    session,
    title::{self, Title},
    undo_log::{PartKind, UndoLog},
};
use crate::ddl::ObjectKind;
use crate::effects::{About, AboutEffect, about};
use crate::statement::{Statement, StatementKind};

pub(super) fn undo(statement: &Statement<'_>, log: &mut UndoLog) -> Undone {
    if session::leaves_nothing(statement)? {
        return Ok(());
    }
    let Some((effect, objects)) = about(statement) else { return Err(why_not(statement)) };
    let covered = objects.iter().all(|object| is_covered(object, effect, statement, log));
    // What a refresh or a clustering changes of what was there is how it is stored.
    if covered || effect == AboutEffect::Storage && !changes_more(statement) {
        return Ok(());
    }
    Err(match effect {
        AboutEffect::Comment => reason::before("the comment"),
        AboutEffect::Rights => "which rights there were before is not known".into(),
        AboutEffect::Definition => reason::before("the object"),
        AboutEffect::Rows => "which rows were there before is not known".into(),
        AboutEffect::Storage => reason::UNKNOWN,
    })
}

/// Whether what it does to an object is undone when that is dropped.
fn is_covered(
    object: &About<'_>,
    effect: AboutEffect,
    statement: &Statement<'_>,
    log: &UndoLog,
) -> bool {
    let title = Title::of(&object.name);
    if let Some(column) = object.column
        && log.has_part(&title, &PartKind::Column, &title::part(column))
    {
        return effect == AboutEffect::Comment;
    }
    let arguments = object.signature.map(arguments::folded);
    let Some(made) = log.find(object.kind, &title, arguments.as_deref()) else { return false };
    match effect {
        // A comment rests on nothing, whatever it says.
        AboutEffect::Comment | AboutEffect::Storage => true,
        AboutEffect::Rows => object.kind == ObjectKind::Table && !log.reacts(made),
        AboutEffect::Rights | AboutEffect::Definition => log.covers(made, statement),
    }
}

/// `CLUSTER … USING` is remembered, and `WITH NO DATA` makes a view unreadable.
fn changes_more(statement: &Statement<'_>) -> bool {
    statement.tokens().any(|token| token.is_any_word(&["USING", "ON", "NO"]))
}

fn why_not(statement: &Statement<'_>) -> Reason {
    match statement.kind() {
        StatementKind::Dml => "which rows were there before is not known".into(),
        StatementKind::Query => "what the functions do that it calls is not known".into(),
        StatementKind::TransactionControl => "it begins or ends a transaction".into(),
        StatementKind::SessionSetting => "it sets more than the session".into(),
        StatementKind::Maintenance => "it leaves more than rows stored anew".into(),
        StatementKind::Routine => "what it does is not known".into(),
        StatementKind::Ddl | StatementKind::Unknown => reason::UNKNOWN,
    }
}
