//! A revision of a random plan: statements, what each of them changes, and the migration that holds them.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use migrate_core::prelude::*;
use migrate_core::{Kind, Migration};

use crate::adversary::change::Change;

/// One statement of a random plan.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) sql: String,
    /// Its changes, in order.
    pub(crate) changes: Vec<Change>,
    /// The SQL that undoes it, if it needs any.
    pub(crate) down: Option<String>,
}

impl Statement {
    pub(crate) fn new(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), changes: Vec::new(), down: None }
    }

    pub(crate) fn changes(mut self, change: Change) -> Self {
        self.changes.push(change);
        self
    }

    pub(crate) fn down(mut self, sql: impl Into<String>) -> Self {
        self.down = Some(sql.into());
        self
    }
}

/// A revision of a random plan.
#[derive(Clone, Debug)]
pub(crate) struct Revision {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    /// Whether it may run in a transaction.
    pub(crate) transaction: bool,
    /// Whether code runs its statements, one by one.
    pub(crate) code: bool,
    pub(crate) statements: Vec<Statement>,
}

type Running<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

impl Revision {
    /// Returns the migration, as an application would write it.
    pub(crate) fn migration(&self) -> Migration {
        let ups: Vec<String> =
            self.statements.iter().map(|statement| statement.sql.clone()).collect();
        let downs: Vec<String> =
            self.undoing().filter_map(|statement| statement.down.clone()).collect();
        let migration = Migration::new(self.id.clone()).kind(self.kind).waive("mixed", "random");
        let migration = if self.transaction { migration } else { migration.transaction(false) };
        if self.code {
            migration.up(each(ups)).down(each(downs))
        } else if downs.is_empty() {
            migration.up(ups.join(";\n")).irreversible()
        } else {
            migration.up(ups.join(";\n")).down(downs.join(";\n"))
        }
    }

    /// Returns the statements that are undone, in that order.
    pub(crate) fn undoing(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter().rev().filter(|statement| statement.down.is_some())
    }

    /// Returns whether all its changes can be undone.
    pub(crate) fn is_reversible(&self) -> bool {
        self.statements
            .iter()
            .all(|statement| statement.changes.is_empty() || statement.down.is_some())
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, kind, transaction, code, statements } = self;
        let how = if *code { "code" } else { "SQL" };
        let sql: Vec<&str> = statements.iter().map(|statement| statement.sql.as_str()).collect();
        write!(f, "{id} {kind:?} {how} transaction={transaction}: {}", sql.join("; "))
    }
}

/// Returns code that runs each of these statements. Text before ` >> ` is a query, whose result is noted with the tag after it.
fn each(
    statements: Vec<String>,
) -> impl for<'a> Fn(&'a mut Db) -> Running<'a> + Send + Sync + 'static {
    let statements: Arc<[String]> = statements.into();
    code(move |db| {
        let statements = Arc::clone(&statements);
        Box::pin(async move {
            for sql in statements.iter() {
                match sql.split_once(" >> ") {
                    // The result is written, so that the time of the query matters.
                    Some((read, tag)) => {
                        let value: i64 = db.fetch_value(read).await?;
                        db.execute(&format!(
                            "INSERT INTO noted (tag, value) VALUES ('{tag}', '{value}')"
                        ))
                        .await?;
                    }
                    None => {
                        db.execute(sql).await?;
                    }
                }
            }
            Ok(())
        })
    })
}

/// Tells the compiler that the future lives as long as the connection is lent.
fn code<F>(body: F) -> F
where
    F: for<'a> Fn(&'a mut Db) -> Running<'a> + Send + Sync + 'static,
{
    body
}
