//! Names of what was made, as they are written and as the server folds them.

use crate::ddl::{Ident, Name};
use crate::text::Dialect;

/// The name of an object.
#[derive(Clone, Debug)]
pub(super) struct Title {
    text: String,
    /// Folded: equal parts certainly mean the same.
    parts: Vec<String>,
}

/// However it is written.
impl PartialEq for Title {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl Title {
    pub(super) fn of(name: &Name<'_>) -> Self {
        Self {
            text: name.text().to_owned(),
            parts: name.parts().iter().map(|part| object(*part)).collect(),
        }
    }

    /// Something else in the schema of what is named.
    pub(super) fn beside(name: &Name<'_>, other: Ident<'_>) -> Self {
        let qualifiers = name.parts().split_last().map_or(&[][..], |(_, before)| before);
        let parts = || qualifiers.iter().copied().chain([other]);
        Self {
            text: parts().map(|part| part.text()).collect::<Vec<_>>().join("."),
            parts: parts().map(object).collect(),
        }
    }

    /// The same in another schema.
    pub(super) fn moved(name: &Name<'_>, schema: Ident<'_>) -> Self {
        let own = name.parts().last().copied();
        Self {
            text: format!("{}.{}", schema.text(), own.map_or("", |own| own.text())),
            parts: [Some(schema), own].into_iter().flatten().map(object).collect(),
        }
    }

    /// What no dialect takes for a name as it stands, like MySQL's `'a'@'localhost'`.
    pub(super) fn verbatim(text: String) -> Self {
        Self { parts: vec![text.clone()], text }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn is_qualified(&self) -> bool {
        self.parts.len() > 1
    }

    /// Without qualifiers, in lower case: what a statement must say to mean it.
    pub(super) fn simple(&self) -> String {
        self.parts.last().map(|part| part.to_lowercase()).unwrap_or_default()
    }

    /// Whether both may mean the same, as far as the schema that is searched is not known.
    pub(super) fn may_be(&self, other: &Self) -> bool {
        self.simple() == other.simple()
    }
}

/// MySQL's tables tell upper from lower case on most systems.
fn object(ident: Ident<'_>) -> String {
    match ident.dialect() {
        Dialect::Postgres | Dialect::Mysql => ident.value().into_owned(),
        Dialect::Sqlite => ident.value().to_lowercase(),
    }
}

/// A column, constraint or index of a table, whose case never matters outside of PostgreSQL.
pub(super) fn part(ident: Ident<'_>) -> String {
    match ident.dialect() {
        Dialect::Postgres => ident.value().into_owned(),
        Dialect::Mysql | Dialect::Sqlite => ident.value().to_lowercase(),
    }
}
