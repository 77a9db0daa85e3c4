//! Where squawk found something.

use std::ops::Range;

use crate::script::{ParsedScript, ParsedStatement};
use migrate_sql::ddl::{Action, Name, ObjectKind};
use migrate_sql::{Ddl, Dialect, Server, TokenKind, Tokens, tokens};

/// Some bytes of a statement.
#[derive(Debug)]
pub(super) struct Place<'r, 'a> {
    script: &'r ParsedScript<'a>,
    /// The statement.
    pub(super) read: &'r ParsedStatement<'a>,
    /// The bytes, from the statement's beginning.
    pub(super) span: Range<usize>,
}

impl<'r, 'a> Place<'r, 'a> {
    /// The statement that holds these bytes of the text, and which of its bytes they are.
    pub(super) fn new(script: &'r ParsedScript<'a>, bytes: Range<usize>) -> Option<Self> {
        let behind =
            script.statements.partition_point(|read| read.statement.offset() <= bytes.start);
        let read = script.statements.get(behind.checked_sub(1)?)?;
        let offset = read.statement.offset();
        let length = read.statement.text().len();
        let span = (bytes.start - offset).min(length)..(bytes.end - offset).min(length);
        Some(Self { script, read, span })
    }

    /// The server, if it is said.
    pub(super) const fn server(&self) -> Option<Server> {
        self.script.server
    }

    /// What the statement does to a table of which these bytes are a part.
    pub(super) fn action(&self) -> Option<(&'r Name<'a>, &'r Action<'a>, &'r Range<usize>)> {
        let Ddl::AlterTable(alter) = &self.read.ddl else { return None };
        let (action, span) =
            alter.actions.iter().find(|(_, span)| span.contains(&self.span.start))?;
        Some((&alter.name, action, span))
    }

    /// Whether all that the statement is about was made by those before it.
    pub(super) fn is_new(&self) -> bool {
        match &self.read.ddl {
            Ddl::AlterTable(alter) => self.is_made(alter.kind, &alter.name),
            Ddl::CreateIndex(index) => self.is_made(ObjectKind::Table, &index.table),
            Ddl::AlterEnum { name, .. } => self.is_made(ObjectKind::Type, name),
            Ddl::Drop(drop) => drop.names.iter().all(|name| self.is_made(drop.kind, name)),
            Ddl::Rename(rename) => {
                rename.pairs.iter().all(|(from, _)| self.is_made(rename.kind, from))
            }
            _ => false,
        }
    }

    fn is_made(&self, kind: ObjectKind, name: &Name<'_>) -> bool {
        self.script.is_made(self.read, kind, name)
    }

    /// The statements before this one that say a name.
    pub(super) fn earlier(
        &self,
        name: &Name<'_>,
    ) -> impl Iterator<Item = &'r ParsedStatement<'a>> + Clone {
        self.script.earlier(self.read, name)
    }

    /// The statements behind this one that say a name.
    pub(super) fn later(
        &self,
        name: &Name<'_>,
    ) -> impl Iterator<Item = &'r ParsedStatement<'a>> + Clone {
        self.script.later(self.read, name)
    }

    /// Whether the statement holds this word.
    pub(super) fn has_word(&self, word: &str) -> bool {
        self.read.statement.tokens().any(|token| token.is_word(word))
    }

    /// These bytes of the statement in one line, without comments.
    pub(super) fn line(&self, span: &Range<usize>) -> String {
        self.line_with(span, "", "")
    }

    /// The same with something put behind the first of a word.
    fn line_with(&self, span: &Range<usize>, word: &str, behind: &str) -> String {
        let mut line = String::new();
        let mut end = 0;
        let mut put = false;
        for token in self.tokens(span).filter(|token| token.kind() != TokenKind::Comment) {
            if token.start() > end && !line.is_empty() {
                line.push(' ');
            }
            line.push_str(token.text());
            end = token.end();
            if !put && token.is_word(word) {
                put = true;
                line.push(' ');
                line.push_str(behind);
            }
        }
        line
    }

    /// The whole statement in one line, with something put behind the first of a word.
    pub(super) fn statement_with(&self, word: &str, behind: &str) -> String {
        self.line_with(&(0..self.read.statement.text().len()), word, behind)
    }

    /// The first group in parentheses among these bytes.
    pub(super) fn group(&self, span: &Range<usize>) -> Option<String> {
        let mut depth = 0_usize;
        let mut start = None;
        for token in self.tokens(span) {
            if token.is_mark("(") {
                start = start.or(Some(token.start()));
                depth += 1;
            } else if token.is_mark(")") {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(self.line(&(span.start + start?..span.start + token.end())));
                }
            }
        }
        None
    }

    /// The tokens of some bytes, which begin and end with one; their offsets count from the first.
    fn tokens(&self, span: &Range<usize>) -> Tokens<'a> {
        let text = self.read.statement.text().get(span.clone()).unwrap_or_default();
        tokens(text, Dialect::Postgres)
    }
}
