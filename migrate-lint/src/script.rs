//! A text as rules read it.

mod capability;
mod clause;
mod code;
mod columns;
mod saying;
mod tables;

pub(super) use self::{capability::Since, clause::Clause};

use std::cell::OnceCell;
use std::{collections::BTreeMap, ops::Range};

use migrate_sql::ddl::{Action, AlterTable, Name, ObjectKind};
use migrate_sql::{
    Ddl, EffectKind, Server, SplitError, SqlContext, Statement, StatementKind, Workspace, split,
};

/// The statements of a text, with what each does.
#[derive(Debug)]
pub(super) struct ParsedScript<'a> {
    /// How the text is run.
    pub(super) context: SqlContext,
    /// The server it is for, if that is said.
    pub(super) server: Option<Server>,
    /// Its statements, in order.
    pub(super) statements: Vec<ParsedStatement<'a>>,
    /// What they make, but for what comes with rows.
    workspace: Workspace,
    /// The statements that say each name, found when the first rule asks.
    said: OnceCell<BTreeMap<String, Vec<usize>>>,
}

/// One statement, read.
#[derive(Debug)]
pub(super) struct ParsedStatement<'a> {
    pub(super) statement: Statement<'a>,
    pub(super) kind: StatementKind,
    pub(super) ddl: Ddl<'a>,
}

impl ParsedStatement<'_> {
    /// Whether what it creates has rows from the beginning.
    fn fills(&self) -> bool {
        match &self.ddl {
            Ddl::CreateTable(create) => create.as_query,
            // `SELECT … INTO`
            Ddl::Other => true,
            _ => false,
        }
    }
}

impl<'a> ParsedScript<'a> {
    pub(super) fn new(
        sql: &'a str,
        context: SqlContext,
        server: Option<Server>,
    ) -> Result<Self, SplitError> {
        let read = |statement: Statement<'a>| ParsedStatement {
            kind: statement.kind(),
            ddl: statement.ddl(),
            statement,
        };
        let statements: Vec<_> = split(sql, context.dialect)?.into_iter().map(read).collect();
        let mut script = Self {
            context,
            server,
            statements: Vec::new(),
            workspace: Workspace::default(),
            said: OnceCell::new(),
        };
        for read in &statements {
            let mut effects = read.statement.effects();
            effects.retain(|effect| effect.action != EffectKind::Created || !read.fills());
            script.workspace.replay(&effects);
        }
        script.statements = statements;
        Ok(script)
    }

    /// The statement's number, from 1.
    pub(super) fn number(&self, read: &ParsedStatement<'_>) -> usize {
        self.statements.partition_point(|other| other.statement.offset() < read.statement.offset())
            + 1
    }

    /// Whether an earlier statement made this table, so that it is empty and nobody uses it.
    ///
    /// Not where it may have been there before: `IF NOT EXISTS` says nothing about the rows.
    pub(super) fn is_new(&self, read: &ParsedStatement<'_>, table: &Name<'_>) -> bool {
        self.is_made(read, ObjectKind::Table, table)
    }

    /// Whether an earlier statement certainly made what a name means here.
    pub(super) fn is_made(
        &self,
        read: &ParsedStatement<'_>,
        kind: ObjectKind,
        name: &Name<'_>,
    ) -> bool {
        self.workspace.made_before(self.number(read) - 1, kind, name)
    }

    /// The alterations of tables that were there before.
    pub(super) fn alterations(
        &self,
    ) -> impl Iterator<Item = (&ParsedStatement<'a>, &AlterTable<'a>)> {
        self.statements.iter().filter_map(|read| match &read.ddl {
            Ddl::AlterTable(alter) if !self.is_new(read, &alter.name) => Some((read, alter)),
            _ => None,
        })
    }

    /// What is done to tables that were there before, each change by itself with the bytes that say it.
    pub(super) fn changes(
        &self,
    ) -> impl Iterator<Item = (&ParsedStatement<'a>, &AlterTable<'a>, &Action<'a>, Range<usize>)>
    {
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
        let script = ParsedScript::new(sql, SqlContext::new(Dialect::Postgres), None).unwrap();
        let new: Vec<_> = script
            .statements
            .iter()
            .filter_map(|read| match &read.ddl {
                Ddl::AlterTable(alter) => {
                    Some((alter.name.text(), script.is_new(read, &alter.name)))
                }
                _ => None,
            })
            .collect();
        assert_eq!(new, [("a", false), ("s.A", true), ("d", true), ("e", false)]);
    }

    #[test]
    fn many_renames_take_no_time() {
        let sql = format!("CREATE TABLE a (b int); {}", "ALTER TABLE a RENAME TO a;".repeat(1_000));
        let script = ParsedScript::new(&sql, SqlContext::new(Dialect::Sqlite), None).unwrap();
        assert_eq!(script.alterations().count(), 0);
    }
}
