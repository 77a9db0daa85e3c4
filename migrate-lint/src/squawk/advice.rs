//! What to say of a place, in the words of the statement itself.

pub(super) mod column;
pub(super) mod constraint;
pub(super) mod index;
pub(super) mod object;

/// What a place holds and does, and what to write instead.
#[derive(Debug)]
pub(super) struct Advice {
    pub(super) message: String,
    pub(super) rewrite: String,
}

impl Advice {
    pub(super) fn new(message: impl Into<String>, rewrite: impl Into<String>) -> Self {
        Self { message: message.into(), rewrite: rewrite.into() }
    }
}

/// How a statement gets a migration that runs without a transaction.
const ALONE: &str = "in a migration of its own with `transaction = false`";
