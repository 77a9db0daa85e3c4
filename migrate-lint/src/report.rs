//! Where rules put what they find.

use std::ops::Range;

use crate::finding::Finding;
use crate::reading::{Read, Reading};
use crate::rule::Rule;
use migrate_sql::Level;

/// Takes one rule's findings.
#[derive(Debug)]
pub(super) struct Report<'r, 'a> {
    reading: &'r Reading<'a>,
    rule: &'static Rule,
    level: Level,
    found: &'r mut Vec<Finding>,
}

impl<'r, 'a> Report<'r, 'a> {
    pub(super) fn new(
        reading: &'r Reading<'a>,
        rule: &'static Rule,
        level: Level,
        found: &'r mut Vec<Finding>,
    ) -> Self {
        Self { reading, rule, level, found }
    }

    /// Reports a whole statement.
    pub(super) fn statement(&mut self, read: &Read<'_>, message: impl Into<String>) {
        self.span(read, 0..read.statement.text().len(), message);
    }

    /// Reports some bytes of a statement.
    pub(super) fn span(&mut self, read: &Read<'_>, span: Range<usize>, message: impl Into<String>) {
        self.instead(read, span, message, self.rule.rewrite);
    }

    /// Reports some bytes of a statement, with advice that fits it better than the rule's own.
    pub(super) fn instead(
        &mut self,
        read: &Read<'_>,
        span: Range<usize>,
        message: impl Into<String>,
        rewrite: impl Into<String>,
    ) {
        self.found.push(Finding {
            rule: self.rule,
            level: self.level,
            statement: self.reading.number(read),
            offset: read.statement.offset() + span.start,
            length: span.len(),
            message: message.into(),
            rewrite: rewrite.into(),
        });
    }
}
