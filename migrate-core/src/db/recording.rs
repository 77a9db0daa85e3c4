//! Offline: the statements a code migration would have run.

use migrate_sql::Dialect;

use crate::script::Script;

#[derive(Debug)]
pub(crate) struct Recording {
    dialect: Dialect,
    statements: Vec<String>,
}

impl Recording {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self { dialect, statements: Vec::new() }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub(crate) fn push(&mut self, script: &Script) {
        self.statements.extend(script.statements().map(|statement| statement.text().to_owned()));
    }

    pub(crate) fn into_statements(self) -> Vec<String> {
        self.statements
    }
}
