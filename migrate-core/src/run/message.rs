//! The text that carries steps to a database, and the map back from the statement that failed to its step.
//!
//! Pure: online runs send these messages, offline scripts print them.

mod composer;
mod frame;

use crate::history::Claim;

pub(crate) use self::composer::Composer;
pub(crate) use self::frame::{BACK, HELD, TransactionFrame, UNBOUND};

/// What ends a statement. A statement's text ends with a token, so no comment of theirs can swallow it; and what SQLite
/// keeps of a statement is what was written, to the letter.
const END: &str = ";\n";

/// Statements that are sent in one go.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message {
    text: String,
    parts: Vec<Part>,
}

/// One statement of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// The step it belongs to, counted within the message's group.
    pub(crate) step: usize,
    pub(crate) role: Role,
    /// Where it begins in the text, in bytes.
    pub(crate) start: usize,
}

/// What a statement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Begins a transaction: a step's, or a statement's and its mark's.
    Begin,
    /// Sets what a step needs.
    Set,
    /// Writes the step's row, which no other runner can write too: it fails where the row is there, or is not as it must be.
    Record,
    /// The migration's own statement of this index.
    Statement(usize),
    /// Journaled how far the step came.
    Mark,
    /// Answers with the milliseconds the step took.
    Answer,
    /// Fails the transaction of a run that has lost the lock.
    Fence,
    /// Fails where a table that is written next has no transactions.
    Guard,
    /// Fails if code has ended the transaction that was to hold it.
    Held,
    /// Ends the transaction: from here on what it holds is done.
    Commit,
}

impl Message {
    /// The text to send.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The statements in order.
    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The statement that stands at the byte `offset` of the text.
    pub(crate) fn part_at(&self, offset: usize) -> Option<&Part> {
        self.parts.iter().rev().find(|part| part.start <= offset)
    }

    /// The statements' texts in order, without what parts them.
    pub(crate) fn statements(&self) -> impl Iterator<Item = &str> {
        let ends = self.parts.iter().skip(1).map(|part| part.start).chain([self.text.len()]);
        let text = |(part, end): (&Part, usize)| self.text.get(part.start..end).unwrap_or_default();
        self.parts
            .iter()
            .zip(ends)
            .map(text)
            .map(|statement| statement.strip_suffix(END).unwrap_or(statement))
    }

    /// Takes off the `COMMIT` at its end.
    pub(crate) fn split_commit(mut self) -> (Self, Option<Part>) {
        let commit = self.parts.pop_if(|last| last.role == Role::Commit);
        if let Some(commit) = &commit {
            self.text.truncate(commit.start);
        }
        (self, commit)
    }

    /// Messages of at most `bytes`, and of one statement at least.
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

    /// Messages that each hold one statement outside of a transaction, or whole transactions.
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

    /// What no other runner can do too.
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
