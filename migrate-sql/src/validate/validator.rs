//! Statements looked at one by one.

use super::{Fault, similar};
use crate::effects::{EffectKind, Workspace};
use crate::migration::{Kind, SqlContext};
use crate::statement::{Reader, Statement, StatementKind};
use crate::text::Dialect;

/// Finds what [`validate`](crate::validate::validate()) finds, but for syntax, in statements that come one by one: those of a text that
/// is split already, or of a program that runs them as it goes.
///
/// # Examples
///
/// ```
/// use migrate_sql::{Dialect, SqlContext, Validator, split};
///
/// let mut validator = Validator::new(SqlContext::new(Dialect::Sqlite));
/// let statements = split("CREATE TABLE a (b INT); DELETE FROM c", Dialect::Sqlite)?;
/// assert_eq!(validator.fault(&statements[0], 1), None);
/// assert_eq!(validator.fault(&statements[1], 2).map(|fault| fault.code()), Some("mixed"));
/// # Ok::<(), migrate_sql::SplitError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Validator {
    context: SqlContext,
    may_mix: bool,
    workspace: Workspace,
}

impl Validator {
    /// Begins to look at the statements of one body.
    pub fn new(context: SqlContext) -> Self {
        Self { context, may_mix: false, workspace: Workspace::default() }
    }

    /// Says whether DDL and DML may be mixed, as `waive(mixed, …)` does.
    #[must_use]
    pub fn may_mix(mut self, may_mix: bool) -> Self {
        self.may_mix = may_mix;
        self
    }

    /// What is known of the body.
    pub fn context(&self) -> SqlContext {
        self.context
    }

    /// The most telling fault of the next statement, which is called by this number.
    pub fn fault(&mut self, statement: &Statement<'_>, number: usize) -> Option<Fault> {
        let class = statement.kind();
        let mixed = self.mixed(statement, number, class);
        hard(statement, number, class)
            .or_else(|| self.unknown_word(statement, number, class))
            .or(mixed)
            .or_else(|| self.needs_no_transaction(statement, number))
    }

    fn unknown_word(
        &self,
        statement: &Statement<'_>,
        number: usize,
        class: StatementKind,
    ) -> Option<Fault> {
        if !self.context.parse || class != StatementKind::Unknown {
            return None;
        }
        let (word, offset) = first_word(statement);
        Some(Fault::UnknownWord {
            statement: number,
            similar: similar::nearest(&word, self.context.dialect),
            word,
            offset: statement.offset() + offset,
        })
    }

    /// Whether DDL and DML are mixed. What the statement makes is remembered.
    fn mixed(
        &mut self,
        statement: &Statement<'_>,
        number: usize,
        class: StatementKind,
    ) -> Option<Fault> {
        if self.may_mix {
            return None;
        }
        let belongs = match (class, self.context.kind) {
            (StatementKind::Ddl, Kind::Data) => self.workspace.are_temporary(&statement.effects()),
            (StatementKind::Dml, Kind::Schema) => self.takes_over_rows(statement),
            _ => true,
        };
        let matters = self.context.kind == Kind::Data || self.context.dialect == Dialect::Sqlite;
        if class == StatementKind::Ddl && matters {
            self.workspace.replay(&statement.effects());
        }
        (!belongs).then(|| Fault::Mixed {
            statement: number,
            words: statement.words(),
            class,
            kind: self.context.kind,
            offset: statement.offset(),
        })
    }

    /// Whether SQLite's way to change a table is taken: it is made anew, and takes the rows of the old one.
    fn takes_over_rows(&self, statement: &Statement<'_>) -> bool {
        if statement.dialect() != Dialect::Sqlite || !statement.words().starts_with("INSERT") {
            return false;
        }
        let effects = statement.effects();
        let [into, from @ ..] = &*effects else { return false };
        into.action == EffectKind::Written
            && self.workspace.is_lasting(&into.name)
            && !from.is_empty()
            && from.iter().all(|read| read.action == EffectKind::Read)
    }

    fn needs_no_transaction(&self, statement: &Statement<'_>, number: usize) -> Option<Fault> {
        if !self.context.transaction {
            return None;
        }
        let words = statement.forbids_transaction()?;
        Some(Fault::NeedsNoTransaction { statement: number, words, offset: statement.offset() })
    }
}

/// What no server and no other migration would take either.
fn hard(statement: &Statement<'_>, number: usize, class: StatementKind) -> Option<Fault> {
    let offset = statement.offset();
    if class == StatementKind::TransactionControl {
        let words = statement.transaction_control()?;
        return Some(Fault::TransactionControl { statement: number, words, offset });
    }
    statement.copies_from_stdin().then_some(Fault::CopyFromStdin { statement: number, offset })
}

/// The first word as written, or what stands in its place, and the byte at which it begins.
fn first_word(statement: &Statement<'_>) -> (String, usize) {
    /// Longer than any word of SQL: the rest of a text would not help.
    const LONGEST: usize = 40;
    let mut words = Reader::new(statement);
    while words.eat_mark("(") {}
    words.next().map_or_else(
        || (statement.text().chars().take(LONGEST).collect(), 0),
        |token| (token.text().chars().take(LONGEST).collect(), token.start()),
    )
}
