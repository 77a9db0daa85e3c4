//! An object that a text made.

use super::{arguments::are_meant, mention::Names, title::Title};
use crate::ddl::ObjectKind;

/// An object that the text certainly made, and how it is dropped.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) kind: ObjectKind,
    pub(super) title: Title,
    /// A routine's arguments, as they tell it apart from others of its name.
    pub(super) arguments: Option<String>,
    /// What to say before and behind its name to drop it.
    pub(super) before: String,
    pub(super) behind: String,
    /// What later statements may say to mean it.
    pub(super) names: Names,
}

impl Made {
    /// Whether it is known by its name and arguments, and not by its table, too.
    const fn is_told_by_name(&self) -> bool {
        self.behind.is_empty() || self.arguments.is_some()
    }

    /// What drops it.
    pub(super) fn drop_sql(&self) -> String {
        format!("{}{}{}", self.before, self.title.text(), self.behind)
    }

    /// Whether it is what a statement names so.
    pub(super) fn is(&self, kind: ObjectKind, title: &Title, arguments: Option<&str>) -> bool {
        self.is_told_by_name()
            && family(self.kind) == family(kind)
            && self.title == *title
            && match (&self.arguments, arguments) {
                (_, None) => true,
                (Some(own), Some(said)) => are_meant(own, said),
                (None, Some(_)) => false,
            }
    }
}

/// Kinds that share their names, or by whose words the same is meant.
const fn family(kind: ObjectKind) -> ObjectKind {
    match kind {
        ObjectKind::Group | ObjectKind::User => ObjectKind::Role,
        ObjectKind::Domain => ObjectKind::Type,
        _ if kind.is_relation() => ObjectKind::Table,
        _ if kind.is_routine() => ObjectKind::Routine,
        _ => kind,
    }
}
