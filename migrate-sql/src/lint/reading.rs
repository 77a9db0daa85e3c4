//! A text as rules read it.

mod ability;
mod clause;
mod code;
mod columns;
mod tables;

pub(super) use self::{ability::Since, clause::Clause};

use std::ops::Range;

use crate::{
    Class, Outline, Server, SplitError, Statement, Subject,
    outline::{Action, AlterTable, Name},
    split,
};

/// The statements of a text, with what each does.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    /// How the text is run.
    pub(super) subject: Subject,
    /// The server it is for, if that is said.
    pub(super) server: Option<Server>,
    /// Its statements, in order.
    pub(super) statements: Vec<Read<'a>>,
}

/// One statement, read.
#[derive(Debug)]
pub(super) struct Read<'a> {
    pub(super) statement: Statement<'a>,
    pub(super) class: Class,
    pub(super) outline: Outline<'a>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        sql: &'a str,
        subject: Subject,
        server: Option<Server>,
    ) -> Result<Self, SplitError> {
        let read = |statement: Statement<'a>| Read {
            class: statement.class(),
            outline: statement.outline(),
            statement,
        };
        let statements = split(sql, subject.dialect)?.into_iter().map(read).collect();
        Ok(Self { subject, server, statements })
    }

    /// The statement's number, from 1.
    pub(super) fn number(&self, read: &Read<'_>) -> usize {
        self.statements.partition_point(|other| other.statement.offset() < read.statement.offset())
            + 1
    }

    /// The statements before this one.
    pub(super) fn before(&self, read: &Read<'_>) -> &[Read<'a>] {
        self.statements.get(..self.number(read) - 1).unwrap_or_default()
    }

    /// The statements behind this one.
    pub(super) fn after(&self, read: &Read<'_>) -> &[Read<'a>] {
        self.statements.get(self.number(read)..).unwrap_or_default()
    }

    /// Whether an earlier statement made this table, so that it is empty and nobody uses it.
    ///
    /// Not where it may have been there before: `IF NOT EXISTS` says nothing about the rows.
    pub(super) fn is_new(&self, read: &Read<'_>, table: &Name<'_>) -> bool {
        self.before(read).iter().any(|earlier| match &earlier.outline {
            Outline::CreateTable(create) => {
                !create.if_not_exists && !create.as_query && create.name.is_same(table)
            }
            Outline::Rename(rename) => rename
                .pairs
                .iter()
                .any(|(from, to)| to.is_same(table) && self.is_new(earlier, from)),
            Outline::AlterTable(alter) => {
                alter
                    .actions
                    .iter()
                    .any(|(action, _)| matches!(action, Action::RenameTo(to) if to.is_same(table)))
                    && self.is_new(earlier, &alter.name)
            }
            _ => false,
        })
    }

    /// The alterations of tables that were there before.
    pub(super) fn alterations(&self) -> impl Iterator<Item = (&Read<'a>, &AlterTable<'a>)> {
        self.statements.iter().filter_map(|read| match &read.outline {
            Outline::AlterTable(alter) if !self.is_new(read, &alter.name) => Some((read, alter)),
            _ => None,
        })
    }

    /// What is done to tables that were there before, each change by itself with the bytes that say it.
    pub(super) fn changes(
        &self,
    ) -> impl Iterator<Item = (&Read<'a>, &AlterTable<'a>, &Action<'a>, Range<usize>)> {
        self.alterations().flat_map(|(read, alter)| {
            alter.actions.iter().map(move |(action, span)| (read, alter, action, span.clone()))
        })
    }
}
