//! What is read of a statement, before it is known what that means as a whole.

use super::{Change, Session, SessionState, Source};
use crate::statement::{Statement, StatementKind};
use crate::text::Dialect;

/// The findings of one statement.
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) changes: Vec<Change>,
    pub(super) needs: Vec<SessionState>,
    /// Whether it does nothing but set the session.
    pub(super) sole: bool,
    pub(super) opaque: bool,
    pub(super) resets: bool,
    pub(super) heeds_absence: bool,
}

impl Draft {
    /// A statement that does nothing but set the session.
    pub(super) fn sole() -> Self {
        Self { sole: true, ..Self::default() }
    }

    #[must_use]
    pub(super) fn with(mut self, state: SessionState, source: Source) -> Self {
        self.set(state, source);
        self
    }

    pub(super) fn set(&mut self, state: SessionState, source: Source) {
        self.changes.push(Change { state, source: Some(source) });
    }

    pub(super) fn end(&mut self, state: SessionState) {
        self.changes.push(Change { state, source: None });
    }

    /// Notes a need.
    pub(super) fn need(&mut self, state: SessionState) {
        self.needs.push(state);
    }

    /// What it sets, where that lasts.
    pub(super) fn into_set(self) -> impl Iterator<Item = (SessionState, Source)> {
        self.changes.into_iter().filter_map(|change| Some((change.state, change.source?)))
    }

    /// Forgets what it needs of this kind and makes itself.
    pub(super) fn forget_own_needs(&mut self, kind: impl Fn(&SessionState) -> bool) {
        let changes = &self.changes;
        let makes = |need: &SessionState| changes.iter().any(|change| change.state == *need);
        self.needs.retain(|need| !(kind(need) && makes(need)));
    }

    pub(super) fn finish(self, statement: &Statement<'_>) -> Session {
        let Self { mut changes, mut needs, sole, opaque, resets, heeds_absence } = self;
        // What ends a state would fail in a session that never had it.
        let again = |change: &Change| matches!(change.source, Some(Source::Text | Source::Server));
        let repeatable = sole && !changes.is_empty() && changes.iter().all(again);
        if !repeatable {
            // Its text cannot be repeated, but what it set may be read after it.
            for change in &mut changes {
                if change.source == Some(Source::Text) {
                    change.source = Some(by_value(&change.state));
                }
            }
        }
        let class = statement.kind();
        if class != StatementKind::Ddl {
            // What DDL holds is run later, by others.
            needs.extend(functions(statement));
        }
        needs.sort_unstable();
        needs.dedup();
        let counts = match class {
            StatementKind::Dml
            | StatementKind::Query
            | StatementKind::Routine
            | StatementKind::Unknown => !repeatable,
            StatementKind::Ddl
            | StatementKind::TransactionControl
            | StatementKind::SessionSetting
            | StatementKind::Maintenance => false,
        };
        Session { changes, needs, repeatable, opaque, resets, counts, heeds_absence }
    }
}

/// Whether the value of a state can be asked for.
fn by_value(state: &SessionState) -> Source {
    match state {
        SessionState::Setting(_) | SessionState::Variable(_) => Source::Server,
        SessionState::Settings
        | SessionState::Temporary(_)
        | SessionState::Prepared(_)
        | SessionState::Cursor(_)
        | SessionState::Generated
        | SessionState::Counted => Source::Lost,
    }
}

/// What is needed by the functions that tell of the statements before.
fn functions(statement: &Statement<'_>) -> Vec<SessionState> {
    let (generated, counted): (&[&str], &[&str]) = match statement.dialect() {
        Dialect::Postgres => (&["LASTVAL", "CURRVAL"], &[]),
        Dialect::Mysql => (&["LAST_INSERT_ID"], &["ROW_COUNT", "FOUND_ROWS", "DIAGNOSTICS"]),
        Dialect::Sqlite => (&["LAST_INSERT_ROWID"], &["CHANGES", "TOTAL_CHANGES"]),
    };
    let text = statement.text().to_ascii_uppercase();
    if !generated.iter().chain(counted).any(|name| text.contains(name)) {
        return Vec::new();
    }
    let mut needs = Vec::new();
    let mut tokens = statement.tokens().peekable();
    while let Some(token) = tokens.next() {
        let called = tokens.peek().is_some_and(|next| next.is_mark("("));
        if called && token.is_any_word(generated) {
            needs.push(SessionState::Generated);
        }
        if (called && token.is_any_word(counted)) || token.is_word("DIAGNOSTICS") {
            needs.push(SessionState::Counted);
        }
    }
    needs
}
