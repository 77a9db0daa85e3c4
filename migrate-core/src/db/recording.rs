//! Records the statements of a code migration for an offline script.

use crate::sql::script::Script;

#[derive(Debug, Default)]
pub(crate) struct Recording {
    statements: Vec<String>,
}

impl Recording {
    pub(crate) fn push(&mut self, script: &Script) {
        self.statements.extend(script.statements().map(|statement| statement.text().to_owned()));
    }

    pub(crate) fn into_statements(self) -> Vec<String> {
        self.statements
    }
}
