//! What the statements of a text have made so far.

use std::collections::BTreeMap;

use super::{Effect, EffectKind};
use crate::ddl::{Ident, Name, ObjectKind};
use crate::effort;
use crate::text::Dialect;

/// Replays statements, one after another, and knows what they made.
///
/// # Examples
///
/// ```
/// use migrate_sql::{Dialect, Workspace, ddl::ObjectKind, split};
///
/// let sql = "CREATE TABLE a (b INT); ALTER TABLE a RENAME TO c; DROP TABLE c";
/// let statements = split(sql, Dialect::Sqlite)?;
/// let mut workspace = Workspace::default();
/// for statement in &statements {
///     workspace.replay(&statement.effects());
/// }
/// let dropped = &statements[2].effects()[0].name;
/// assert!(workspace.made_before(2, ObjectKind::Table, dropped));
/// assert!(!workspace.made_before(1, ObjectKind::Table, dropped));
/// # Ok::<(), migrate_sql::SplitError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    made: Vec<Made>,
    /// What was made, by the last part of its name in lower case.
    named: BTreeMap<String, Vec<usize>>,
    statements: usize,
}

#[derive(Clone, Debug)]
struct Made {
    kind: ObjectKind,
    /// Folded as the dialect does it: equal parts mean the same.
    name: Vec<String>,
    /// The statement that made it, from 0.
    by: usize,
    /// Whether it certainly was not there before.
    certain: bool,
    temporary: bool,
    /// Whether a later statement dropped it, or gave it another name.
    gone: bool,
}

impl Workspace {
    /// Takes what the next statement does.
    pub fn replay(&mut self, effects: &[Effect<'_>]) {
        let temporary = self.are_temporary(effects);
        for effect in effects {
            match effect.action {
                EffectKind::Created => self.make(effect, temporary),
                EffectKind::Renamed => self.rename(effect),
                EffectKind::Dropped => self.end(&folded(&effect.name)),
                EffectKind::Altered | EffectKind::Written | EffectKind::Read => {}
            }
        }
        self.statements += 1;
    }

    /// Whether one of the first statements certainly made an object that may be meant by a name, be it dropped again: a
    /// qualifier that only one of both has does not count. A foreign table is a table.
    pub fn made_before(&self, statement: usize, kind: ObjectKind, name: &Name<'_>) -> bool {
        let name = folded(name);
        self.alike(&name).any(|made| {
            made.by < statement
                && made.certain
                && family(made.kind) == family(kind)
                && may_be(&made.name, &name)
        })
    }

    /// Whether this very name is that of something that ends with the session.
    pub(crate) fn is_temporary(&self, name: &Name<'_>) -> bool {
        self.is_there(name, true)
    }

    /// Whether this very name is that of something that the text made, and that stays.
    pub(crate) fn is_lasting(&self, name: &Name<'_>) -> bool {
        self.is_there(name, false)
    }

    /// Whether DDL is only about what ends with the session.
    pub(crate) fn are_temporary(&self, effects: &[Effect<'_>]) -> bool {
        let temporary = |effect: &Effect<'_>| effect.temporary || self.is_temporary(&effect.name);
        let [first, .., last] = effects else {
            return effects.iter().all(temporary) && !effects.is_empty();
        };
        match (first.action, first.kind) {
            // What it reads or belongs to may stay.
            (EffectKind::Created, _) if first.temporary => true,
            (EffectKind::Created | EffectKind::Altered | EffectKind::Renamed, kind)
                if kind != ObjectKind::Table =>
            {
                temporary(last)
            }
            _ => effects.iter().all(temporary),
        }
    }

    fn is_there(&self, name: &Name<'_>, temporary: bool) -> bool {
        let name = folded(name);
        self.alike(&name).any(|made| !made.gone && made.temporary == temporary && made.name == name)
    }

    /// What was made and has the same last part in its name.
    fn alike(&self, name: &[String]) -> impl Iterator<Item = &Made> {
        let numbers = self.named.get(&key(name)).map(Vec::as_slice).unwrap_or_default();
        numbers.iter().filter_map(|number| {
            effort::spend();
            self.made.get(*number)
        })
    }

    fn make(&mut self, effect: &Effect<'_>, temporary: bool) {
        self.enter(Made {
            kind: effect.kind,
            name: folded(&effect.name),
            by: self.statements,
            certain: effect.certain,
            temporary,
            gone: false,
        });
    }

    fn enter(&mut self, made: Made) {
        self.named.entry(key(&made.name)).or_default().push(self.made.len());
        self.made.push(made);
    }

    /// What was made is there by its other name, too. What was there before is not followed.
    fn rename(&mut self, effect: &Effect<'_>) {
        let Some(to) = &effect.renamed_to else { return };
        let name = folded(&effect.name);
        let alike = self.alike(&name).filter(|made| {
            !made.gone && family(made.kind) == family(effect.kind) && may_be(&made.name, &name)
        });
        let Some(made) = alike.last().cloned() else { return };
        // Only what is named exactly so is certain to be the temporary one.
        let temporary = made.temporary && made.name == name;
        self.end(&name);
        let certain = made.certain && effect.certain;
        self.enter(Made { name: folded(to), by: self.statements, certain, temporary, ..made });
    }

    fn end(&mut self, name: &[String]) {
        for number in self.named.get(&key(name)).into_iter().flatten() {
            effort::spend();
            if let Some(made) = self.made.get_mut(*number).filter(|made| made.name == *name) {
                made.gone = true;
            }
        }
    }
}

fn key(name: &[String]) -> String {
    name.last().map(|part| part.to_lowercase()).unwrap_or_default()
}

/// The parts of a name, as its dialect compares them.
fn folded(name: &Name<'_>) -> Vec<String> {
    let part = |part: &Ident<'_>| match part.dialect() {
        Dialect::Postgres => part.value().into_owned(),
        Dialect::Mysql | Dialect::Sqlite => part.value().to_lowercase(),
    };
    name.parts().iter().map(part).collect()
}

/// Whether both may mean the same, where a qualifier that only one has does not count.
fn may_be(one: &[String], other: &[String]) -> bool {
    one.iter().rev().zip(other.iter().rev()).all(|(one, other)| one == other)
}

const fn family(kind: ObjectKind) -> ObjectKind {
    match kind {
        ObjectKind::ForeignTable => ObjectKind::Table,
        _ => kind,
    }
}
