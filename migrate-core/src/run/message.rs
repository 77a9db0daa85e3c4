//! Messages: the SQL text of steps, and the mapping from a failed statement back to its step.
//!
//! Online runs send these messages, offline scripts print them.

mod composer;
mod frame;

use crate::history::Claim;

pub(crate) use self::composer::Composer;
pub(crate) use self::frame::{BACK, HELD, TransactionFrame, UNBOUND};

/// The end of a statement. The text of a statement ends with a token, so no comment can hide this end; and SQLite stores
/// exactly the text as it was written.
const END: &str = ";\n";

/// Statements that are sent together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message {
    text: String,
    parts: Vec<Part>,
}

/// One statement of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// The index, in the message's group, of the step it belongs to.
    pub(crate) step: usize,
    pub(crate) role: Role,
    /// The byte offset in the text at which it begins.
    pub(crate) start: usize,
}

/// The purpose of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Begins a transaction: of a step, or of a statement and its journal entry.
    Begin,
    /// Sets what a step needs.
    Set,
    /// Writes the step's row. Fails if another run was faster: if the row exists, or is not as expected.
    Record,
    /// The migration's own statement with this index.
    Statement(usize),
    /// Records the progress of the step.
    Mark,
    /// Returns the duration of the step in milliseconds.
    Answer,
    /// Makes the transaction of a run that has lost the lock fail.
    Fence,
    /// Fails if a table that is written next has no transactions.
    Guard,
    /// Fails if code has ended the transaction it runs in.
    Held,
    /// Commits the transaction.
    Commit,
}

impl Message {
    /// Returns the text to send.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the statements in order.
    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Returns the statement at the byte `offset` of the text.
    pub(crate) fn part_at(&self, offset: usize) -> Option<&Part> {
        self.parts.iter().rev().find(|part| part.start <= offset)
    }

    /// Returns the texts of the statements in order, without separators.
    pub(crate) fn statements(&self) -> impl Iterator<Item = &str> {
        let ends = self.parts.iter().skip(1).map(|part| part.start).chain([self.text.len()]);
        let text = |(part, end): (&Part, usize)| self.text.get(part.start..end).unwrap_or_default();
        self.parts
            .iter()
            .zip(ends)
            .map(text)
            .map(|statement| statement.strip_suffix(END).unwrap_or(statement))
    }

    /// Removes the `COMMIT` at its end.
    pub(crate) fn split_commit(mut self) -> (Self, Option<Part>) {
        let commit = self.parts.pop_if(|last| last.role == Role::Commit);
        if let Some(commit) = &commit {
            self.text.truncate(commit.start);
        }
        (self, commit)
    }

    /// Splits it into messages of at most `bytes`, but of at least one statement.
    pub(crate) fn cut(self, bytes: usize) -> Vec<Self> {
        let ends = self.parts.iter().skip(1).map(|part| part.start).chain([self.text.len()]);
        let mut messages: Vec<Self> = Vec::new();
        for (part, end) in self.parts.iter().zip(ends) {
            let text = self.text.get(part.start..end).unwrap_or_default();
            if messages.last().is_none_or(|last| last.text.len() + text.len() > bytes) {
                messages.push(Self::default());
            }
            if let Some(last) = messages.last_mut() {
                last.take(part, text);
            }
        }
        messages
    }

    /// Splits it into messages that each contain one statement outside of a transaction, or whole transactions.
    pub(crate) fn cut_outside_transactions(self) -> Vec<Self> {
        let mut messages: Vec<Self> = Vec::new();
        let (mut inside, mut joins) = (false, false);
        let ends = self.parts.iter().skip(1).map(|part| part.start).chain([self.text.len()]);
        for (part, end) in self.parts.iter().zip(ends) {
            inside |= part.role == Role::Begin;
            let text = self.text.get(part.start..end).unwrap_or_default();
            match messages.last_mut() {
                Some(last) if joins && inside => last.take(part, text),
                _ => {
                    let mut message = Self::default();
                    message.take(part, text);
                    messages.push(message);
                }
            }
            inside &= part.role != Role::Commit;
            joins = inside;
        }
        messages
    }

    fn take(&mut self, part: &Part, text: &str) {
        self.parts.push(Part { start: self.text.len(), ..*part });
        self.text.push_str(text);
    }

    fn mark(&mut self, step: usize, statements: &[String]) {
        for statement in statements {
            self.push(step, Role::Mark, statement);
        }
    }

    /// Adds statements that fail if another run was faster.
    fn record(&mut self, step: usize, statements: &[String]) {
        for statement in statements {
            self.push(step, Role::Record, statement);
        }
    }

    fn claim(&mut self, step: usize, claim: &Claim) {
        self.record(step, &claim.row);
        self.push(step, Role::Mark, &claim.log);
    }

    fn push(&mut self, step: usize, role: Role, statement: &str) {
        self.parts.push(Part { step, role, start: self.text.len() });
        self.text.push_str(statement);
        self.text.push_str(END);
    }
}
