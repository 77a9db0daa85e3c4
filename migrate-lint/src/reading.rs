//! A text as rules read it.

mod ability;
mod clause;
mod code;
mod columns;
mod saying;
mod tables;

pub(super) use self::{ability::Since, clause::Clause};

use std::cell::OnceCell;
use std::{collections::BTreeMap, ops::Range};

use crate::names::key;
use migrate_sql::outline::{Action, AlterTable, Name, ObjectKind};
use migrate_sql::{Class, Outline, Server, SplitError, Statement, Subject, split};

/// The statements of a text, with what each does.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    /// How the text is run.
    pub(super) subject: Subject,
    /// The server it is for, if that is said.
    pub(super) server: Option<Server>,
    /// Its statements, in order.
    pub(super) statements: Vec<Read<'a>>,
    /// The tables they make, by the last part of their names; and the statement's offset.
    made: BTreeMap<String, Vec<(usize, Name<'a>)>>,
    /// The statements that say each name, found when the first rule asks.
    said: OnceCell<BTreeMap<String, Vec<usize>>>,
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
        let statements: Vec<_> = split(sql, subject.dialect)?.into_iter().map(read).collect();
        let mut reading = Self {
            subject,
            server,
            statements: Vec::new(),
            made: BTreeMap::new(),
            said: OnceCell::new(),
        };
        for read in &statements {
            for name in reading.made_by(read) {
                let offset = read.statement.offset();
                reading.made.entry(key(&name)).or_default().push((offset, name));
            }
        }
        reading.statements = statements;
        Ok(reading)
    }

    /// The tables that a statement makes, or gives another name to after an earlier one made them.
    fn made_by(&self, read: &Read<'a>) -> Vec<Name<'a>> {
        match &read.outline {
            Outline::CreateTable(create) if !create.if_not_exists && !create.as_query => {
                vec![create.name.clone()]
            }
            Outline::Rename(rename) if rename.kind == ObjectKind::Table => {
                let new = rename.pairs.iter().filter(|(from, _)| self.is_new(read, from));
                new.map(|(_, to)| to.clone()).collect()
            }
            Outline::AlterTable(alter) if self.is_new(read, &alter.name) => {
                let renamed = alter.actions.iter().filter_map(|(action, _)| match action {
                    Action::RenameTo(to) => Some(to.clone()),
                    _ => None,
                });
                renamed.collect()
            }
            _ => Vec::new(),
        }
    }

    /// The statement's number, from 1.
    pub(super) fn number(&self, read: &Read<'_>) -> usize {
        self.statements.partition_point(|other| other.statement.offset() < read.statement.offset())
            + 1
    }

    /// Whether an earlier statement made this table, so that it is empty and nobody uses it.
    ///
    /// Not where it may have been there before: `IF NOT EXISTS` says nothing about the rows.
    pub(super) fn is_new(&self, read: &Read<'_>, table: &Name<'_>) -> bool {
        self.made.get(&key(table)).is_some_and(|made| {
            made.iter()
                .take_while(|(offset, _)| *offset < read.statement.offset())
                .any(|(_, name)| name.is_same(table))
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

#[cfg(test)]
mod tests {
    use super::*;
    use migrate_sql::Dialect;

    #[test]
    fn tables_are_new_behind_what_makes_them() {
        let sql = "ALTER TABLE a ADD b int; CREATE TABLE a (c int); ALTER TABLE s.A RENAME TO d; \
                   ALTER TABLE d ADD b int; CREATE TABLE IF NOT EXISTS e (f int); ALTER TABLE e ADD b int";
        let reading = Reading::new(sql, Subject::new(Dialect::Postgres), None).unwrap();
        let new: Vec<_> = reading
            .statements
            .iter()
            .filter_map(|read| match &read.outline {
                Outline::AlterTable(alter) => {
                    Some((alter.name.text(), reading.is_new(read, &alter.name)))
                }
                _ => None,
            })
            .collect();
        assert_eq!(new, [("a", false), ("s.A", true), ("d", true), ("e", false)]);
    }

    #[test]
    fn many_renames_take_no_time() {
        let sql = format!("CREATE TABLE a (b int); {}", "ALTER TABLE a RENAME TO a;".repeat(1_000));
        let reading = Reading::new(&sql, Subject::new(Dialect::Sqlite), None).unwrap();
        assert_eq!(reading.alterations().count(), 0);
    }
}
