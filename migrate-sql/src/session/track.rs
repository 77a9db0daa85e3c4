//! The session of a text, statement by statement.

use std::collections::BTreeMap;

use super::variables::unquoted;
use super::{Session, SessionState, Source};
use crate::statement::Statement;
use crate::text::TokenKind;

/// Follows what statements leave in their session, and finds those that need what another session cannot be given.
#[derive(Clone, Debug, Default)]
pub struct SessionTrack {
    /// How many statements there were.
    count: usize,
    /// Which of them set a state last, and where it came from.
    states: BTreeMap<SessionState, (usize, Source)>,
    /// The first that ran code out of sight.
    opaque: Option<usize>,
}

/// A state that a statement needs, and that another session cannot be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The state.
    pub state: SessionState,
    /// The statement that set it, from 1.
    pub set_by: usize,
    /// The statement that needs it, from 1.
    pub needed_by: usize,
}

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { state, set_by, needed_by } = self;
        write!(f, "statement {needed_by} needs {state}, which statement {set_by} left")
    }
}

impl SessionTrack {
    /// The first statement of a text that would fail, or do something else, if the text was interrupted before it.
    pub fn first_lost(statements: &[Statement<'_>]) -> Option<Lost> {
        let mut track = Self::default();
        for statement in statements {
            let session = statement.session();
            if let Some(lost) = track.lost(statement, &session, track.count) {
                return Some(lost);
            }
            track.add(&session);
        }
        None
    }

    /// What the next statement needs of the session in which the first `done` statements ran, if that is gone.
    pub fn lost(&self, statement: &Statement<'_>, session: &Session, done: usize) -> Option<Lost> {
        let lost = |(state, (set_by, source)): (&SessionState, &(usize, Source))| {
            let gone = *source == Source::Lost && *set_by <= done;
            gone.then(|| Lost { state: state.clone(), set_by: *set_by, needed_by: self.count + 1 })
        };
        // Nothing that only sets what it says depends on other settings.
        let settings =
            self.states.iter().filter(|(state, _)| !session.repeatable && is_setting(state));
        let known = session.needs.iter().filter_map(|need| self.states.get_key_value(need));
        let mut needed = settings.chain(known).chain(self.mentioned(statement, session));
        needed.find_map(lost).or_else(|| self.out_of_sight(session, done))
    }

    /// The temporary objects that a statement names, or may name where it cannot be seen.
    fn mentioned(
        &self,
        statement: &Statement<'_>,
        session: &Session,
    ) -> Vec<(&SessionState, &(usize, Source))> {
        let temporary: Vec<_> = self
            .states
            .iter()
            .filter(|(state, _)| matches!(state, SessionState::Temporary(_)))
            .collect();
        if temporary.is_empty() || session.heeds_absence {
            return Vec::new();
        }
        if session.opaque {
            return temporary;
        }
        let names = names(statement);
        let is_named = |state: &SessionState| match state {
            SessionState::Temporary(name) => names.contains(name),
            SessionState::Setting(_)
            | SessionState::Settings
            | SessionState::Variable(_)
            | SessionState::Prepared(_)
            | SessionState::Cursor(_)
            | SessionState::Generated
            | SessionState::Counted => false,
        };
        temporary.into_iter().filter(|(state, _)| is_named(state)).collect()
    }

    /// A variable that no statement in sight has set, where one out of sight may have.
    fn out_of_sight(&self, session: &Session, done: usize) -> Option<Lost> {
        let set_by = self.opaque.filter(|set_by| *set_by <= done)?;
        let unknown = session.needs.iter().find(|need| {
            matches!(need, SessionState::Variable(_)) && !self.states.contains_key(*need)
        })?;
        Some(Lost { state: unknown.clone(), set_by, needed_by: self.count + 1 })
    }

    /// Takes up the next statement.
    pub fn add(&mut self, session: &Session) {
        self.count += 1;
        if session.resets {
            self.states.clear();
        }
        if session.opaque {
            self.opaque.get_or_insert(self.count);
        }
        if session.counts {
            self.states.insert(SessionState::Counted, (self.count, Source::Lost));
            self.states.insert(SessionState::Generated, (self.count, Source::Lost));
        }
        for change in &session.changes {
            match change.source {
                Some(source) => {
                    self.states.insert(change.state.clone(), (self.count, source));
                }
                None => {
                    self.states.remove(&change.state);
                }
            }
        }
    }

    /// Says that the value of a state that the last statement set was not kept.
    pub fn lose(&mut self, state: &SessionState) {
        if let Some((_, source)) = self.states.get_mut(state) {
            *source = Source::Lost;
        }
    }
}

/// What every statement depends on.
fn is_setting(state: &SessionState) -> bool {
    match state {
        SessionState::Setting(_) | SessionState::Settings => true,
        SessionState::Variable(_)
        | SessionState::Temporary(_)
        | SessionState::Prepared(_)
        | SessionState::Cursor(_)
        | SessionState::Generated
        | SessionState::Counted => false,
    }
}

/// The names in a statement, those in its strings included: they may be run as well.
fn names(statement: &Statement<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for token in statement.tokens() {
        match token.kind() {
            TokenKind::Word => names.push(token.text().to_lowercase()),
            TokenKind::QuotedIdentifier => names.push(unquoted(token.text()).to_lowercase()),
            TokenKind::String => {
                let words = token.text().split(|c: char| !(c.is_alphanumeric() || c == '_'));
                names.extend(words.map(str::to_lowercase));
            }
            _ => {}
        }
    }
    names
}
