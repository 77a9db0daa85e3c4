//! Tables and views as texts name them.

use std::fmt::{self, Display, Formatter};

use crate::ddl::{Ident, Name};
use crate::text::Dialect;

/// A table or a view as a statement names it, comparable with what other texts say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Relation {
    schema: Option<String>,
    name: String,
}

impl Relation {
    pub(super) fn of(name: &Name<'_>) -> Self {
        let parts = name.parts();
        Self {
            schema: name.schema().map(folded),
            name: parts.last().map(folded).unwrap_or_default(),
        }
    }

    /// Whether both can be the same one: a schema that only one of them names does not count.
    pub fn may_be(&self, other: &Self) -> bool {
        self.name == other.name && self.schema.iter().all(|schema| other.is_in(schema))
    }

    /// Whether it can be in this schema.
    pub(super) fn is_in(&self, schema: &str) -> bool {
        self.schema.as_deref().is_none_or(|own| own == schema)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl Display for Relation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}.")?;
        }
        f.write_str(&self.name)
    }
}

/// Names that may mean the same have the same text. MySQL's tables are told apart by case on some servers only.
pub(super) fn folded(ident: &Ident<'_>) -> String {
    let value = ident.value();
    match ident.dialect() {
        Dialect::Postgres => value.into_owned(),
        Dialect::Mysql | Dialect::Sqlite => value.to_lowercase(),
    }
}
