//! What a rule found.

use crate::rule::Rule;
use migrate_sql::Level;

/// A place in a text that a rule has something to say about.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How grave it is, by the settings.
    pub level: Level,
    /// The statement's number, from 1.
    pub statement: usize,
    /// The byte in the text at which the place begins.
    pub offset: usize,
    /// Its length in bytes.
    pub length: usize,
    /// What is there, and what it does.
    pub message: String,
    /// What to write instead: the rule's advice, or better the statement itself.
    pub rewrite: String,
}
