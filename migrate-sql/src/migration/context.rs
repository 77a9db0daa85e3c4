//! What is known of a text besides its words.

use crate::migration::Kind;
use crate::text::Dialect;

/// A migration's text as the rules see it: what it is for, and how it is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SqlContext {
    /// The dialect it is read in.
    pub dialect: Dialect,
    /// What the migration changes.
    pub kind: Kind,
    /// Whether it does or undoes.
    pub direction: Direction,
    /// Whether it runs in a transaction, as far as the dialect allows.
    pub transaction: bool,
    /// Whether its text is to be parsed; where not, only its tokens are read.
    pub parse: bool,
}

/// Whether a text does or undoes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// It does.
    Up,
    /// It undoes.
    Down,
}

impl SqlContext {
    /// The `up` of a schema migration that runs in a transaction.
    pub const fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            kind: Kind::Schema,
            direction: Direction::Up,
            transaction: true,
            parse: true,
        }
    }

    /// Whether its statements are undone together when one fails: MySQL's DDL never is.
    pub fn is_atomic(&self) -> bool {
        self.transaction && !(self.dialect == Dialect::Mysql && self.kind == Kind::Schema)
    }
}
