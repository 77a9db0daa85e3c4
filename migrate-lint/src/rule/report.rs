//! Where rules put what they find.

use std::ops::Range;

use crate::rule::Finding;
use crate::rule::Rule;
use crate::script::{ParsedScript, ParsedStatement};
use migrate_sql::Level;

/// Takes one rule's findings.
#[derive(Debug)]
pub(crate) struct Report<'r, 'a> {
    script: &'r ParsedScript<'a>,
    rule: &'static Rule,
    level: Level,
    found: &'r mut Vec<Finding>,
}

impl<'r, 'a> Report<'r, 'a> {
    pub(crate) fn new(
        script: &'r ParsedScript<'a>,
        rule: &'static Rule,
        level: Level,
        found: &'r mut Vec<Finding>,
    ) -> Self {
        Self { script, rule, level, found }
    }

    /// Reports a whole statement.
    pub(crate) fn statement(&mut self, read: &ParsedStatement<'_>, message: impl Into<String>) {
        self.span(read, 0..read.statement.text().len(), message);
    }

    /// Reports some bytes of a statement.
    pub(crate) fn span(
        &mut self,
        read: &ParsedStatement<'_>,
        span: Range<usize>,
        message: impl Into<String>,
    ) {
        self.instead(read, span, message, self.rule.rewrite);
    }

    /// Reports some bytes of a statement, with advice that fits it better than the rule's own.
    pub(crate) fn instead(
        &mut self,
        read: &ParsedStatement<'_>,
        span: Range<usize>,
        message: impl Into<String>,
        rewrite: impl Into<String>,
    ) {
        self.found.push(Finding {
            rule: self.rule,
            level: self.level,
            statement: self.script.number(read),
            offset: read.statement.offset() + span.start,
            length: span.len(),
            message: message.into(),
            rewrite: rewrite.into(),
        });
    }
}
