//! A migration: its place in the graph and its bodies.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use migrate_sql::{Checksum, Direction, SqlContext, Transactions, Validator};
pub use migrate_sql::{Kind, Resumption};

use crate::declare::body::{self, Body, Down, IntoBody};
use crate::declare::panicked::Panicked;
use crate::declare::revision::{RevisionId, RevisionKey};
use crate::sql::{Dialect, SqlSource};

/// The parents of a revision, as declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// Not given: the greatest schema revision below it, if its id is a number.
    Default,
    /// These revisions: none for a base, several for a merge.
    Revisions(Vec<RevisionId>),
}

/// The place in the sources where a migration is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file, relative to the folder the compiler ran in.
    pub file: &'static str,
    /// The function's line, from 1.
    pub line: u32,
    /// The function's name.
    pub function: &'static str,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A rule that a migration waives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The rule's name, with hyphens.
    pub rule: &'static str,
    /// The reason.
    pub reason: &'static str,
}

impl Waiver {
    /// Returns whether it waives the rule with this name; `_` counts as `-`.
    pub fn is_of(&self, rule: &str) -> bool {
        let hyphen = |byte: u8| if byte == b'_' { b'-' } else { byte };
        self.rule.bytes().map(hyphen).eq(rule.bytes().map(hyphen))
    }
}

/// One revision, registered by the attribute or built at run time.
///
/// ```
/// use migrate_core::Migration;
///
/// let migration = Migration::new("001").after([]).up("CREATE TABLE t (id BIGINT)").down("DROP TABLE t");
/// assert_eq!(migration.id().as_str(), "001");
/// ```
#[derive(Clone, Debug)]
pub struct Migration {
    pub(crate) key: RevisionKey,
    pub(crate) dialects: Cow<'static, [Dialect]>,
    pub(crate) after: After,
    /// `None` if not given; an empty list declares that there are none.
    pub(crate) depends_on: Option<Vec<Cow<'static, str>>>,
    pub(crate) branch: Option<Cow<'static, str>>,
    pub(crate) kind: Kind,
    pub(crate) transaction: Transactions,
    pub(crate) resume: Resumption,
    pub(crate) lock_timeout: Option<Duration>,
    pub(crate) statement_timeout: Option<Duration>,
    pub(crate) description: Cow<'static, str>,
    pub(crate) up: Body,
    pub(crate) up_source: Option<SqlSource>,
    pub(crate) down: Down,
    pub(crate) down_source: Option<SqlSource>,
    pub(crate) code_checksum: Option<Checksum>,
    pub(crate) waivers: Cow<'static, [Waiver]>,
    pub(crate) parse: bool,
    pub(crate) checked: bool,
    pub(crate) origin: Option<Origin>,
}

/// The rule that a schema revision waives to run before earlier data revisions.
pub const PENDING_DATA: &str = "pending-data";

/// The default crate name of migrations that are built at run time.
const RUNTIME_CRATE: &str = "runtime";

impl Migration {
    /// Creates a schema revision that does nothing and has nothing to undo.
    ///
    /// [`Graph::new`](crate::Graph::new) checks the id, with everything else.
    #[must_use]
    pub fn new(rev: impl Into<RevisionId>) -> Self {
        Self {
            key: RevisionKey::new(RUNTIME_CRATE, rev),
            dialects: Cow::Borrowed(&[]),
            after: After::Default,
            depends_on: None,
            branch: None,
            kind: Kind::Schema,
            transaction: Transactions::ALL,
            resume: Resumption::Continue,
            lock_timeout: None,
            statement_timeout: None,
            description: Cow::Borrowed(""),
            up: "".into_body(),
            up_source: None,
            down: Down::Nothing,
            down_source: None,
            code_checksum: None,
            waivers: Cow::Borrowed(&[]),
            parse: true,
            checked: false,
            origin: None,
        }
    }

    /// Sets the crate it belongs to; the default is `runtime`.
    #[must_use]
    pub fn in_crate(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.key.krate = name.into();
        self
    }

    /// Sets the dialects that it supports: other databases are refused. The default is all.
    #[must_use]
    pub fn dialects(mut self, dialects: impl IntoIterator<Item = Dialect>) -> Self {
        self.dialects = dialects.into_iter().collect();
        self
    }

    /// Sets the parents: none for a base, several for a merge.
    #[must_use]
    pub fn after<const N: usize>(mut self, parents: [&'static str; N]) -> Self {
        self.after = After::Revisions(parents.map(RevisionId::from).to_vec());
        self
    }

    /// Sets the parents, from ids that are computed at run time.
    #[must_use]
    pub fn after_ids(mut self, parents: impl IntoIterator<Item = RevisionId>) -> Self {
        self.after = After::Revisions(parents.into_iter().collect());
        self
    }

    /// Adds a revision that must run first without being a parent: `002`, or `crate@002`.
    #[must_use]
    pub fn depends_on(mut self, revision: impl Into<Cow<'static, str>>) -> Self {
        self.depends_on.get_or_insert_default().push(revision.into());
        self
    }

    /// Declares, like `depends_on = []`, that it does not depend on the data revisions before it.
    #[must_use]
    pub fn independent(mut self) -> Self {
        self.depends_on.get_or_insert_default();
        self
    }

    /// Sets the label of the branch that begins here.
    #[must_use]
    pub fn branch(mut self, label: impl Into<Cow<'static, str>>) -> Self {
        self.branch = Some(label.into());
        self
    }

    /// Sets whether it changes the schema or the data.
    #[must_use]
    pub fn kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// Sets whether `up` and `down` run in a transaction, on every dialect.
    #[must_use]
    pub fn transaction(mut self, transaction: bool) -> Self {
        self.transaction = Transactions::of(transaction);
        self
    }

    /// Sets whether `up` and `down` run in a transaction, on one dialect.
    #[must_use]
    pub fn transaction_on(mut self, dialect: Dialect, transaction: bool) -> Self {
        self.transaction = self.transaction.with(dialect, transaction);
        self
    }

    /// Sets what the next run does if a run ends part-way, where the migration does not run in one transaction. `Rerun`
    /// declares that all of it, up and down, is safe to run again from the start.
    #[must_use]
    pub fn resume(mut self, resume: Resumption) -> Self {
        self.resume = resume;
        self
    }

    /// Sets how long a statement may wait for a database lock.
    #[must_use]
    pub fn lock_timeout(mut self, timeout: Duration) -> Self {
        self.lock_timeout = Some(timeout);
        self
    }

    /// Sets how long a statement may run.
    #[must_use]
    pub fn statement_timeout(mut self, timeout: Duration) -> Self {
        self.statement_timeout = Some(timeout);
        self
    }

    /// Sets its description, in one line.
    #[must_use]
    pub fn description(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.description = text.into();
        self
    }

    /// Sets its body.
    #[must_use]
    pub fn up<Shape>(mut self, body: impl IntoBody<Shape>) -> Self {
        self.up = body.into_body();
        self
    }

    /// Sets how it is undone.
    #[must_use]
    pub fn down<Shape>(mut self, body: impl IntoBody<Shape>) -> Self {
        self.down = Down::Body(body.into_body());
        self
    }

    /// Declares it as irreversible.
    #[must_use]
    pub fn irreversible(mut self) -> Self {
        self.down = Down::Irreversible;
        self
    }

    /// Waives a rule: `mixed`, or one of the linter's.
    #[must_use]
    pub fn waive(mut self, rule: &'static str, reason: &'static str) -> Self {
        self.waivers.to_mut().push(Waiver { rule, reason });
        self
    }

    /// Sets whether its SQL is parsed when it is checked. With `false`, only its tokens are read.
    #[must_use]
    pub fn parse(mut self, parse: bool) -> Self {
        self.parse = parse;
        self
    }

    /// Returns the same migration, which does not share its rendered SQL with others.
    #[must_use]
    pub(crate) fn apart(self) -> Self {
        let (up, down) = body::apart(&self.up, &self.down);
        Self { up, down, ..self }
    }

    /// Forgets its rendered SQL, so that it is rendered again.
    pub(crate) fn forget_rendered(&self) {
        body::forget(&self.up, &self.down);
    }

    /// Returns the rules that it waives.
    pub fn waivers(&self) -> &[Waiver] {
        &self.waivers
    }

    /// Returns whether it waives the rule with this name.
    pub fn waives(&self, rule: &str) -> bool {
        self.waivers.iter().any(|waiver| waiver.is_of(rule))
    }

    /// Returns whether it runs again from the start after a run ended part-way.
    pub(crate) fn reruns(&self) -> bool {
        self.resume == Resumption::Rerun
    }

    /// Returns whether it may run while data revisions before it are pending, whatever it does to their tables.
    pub(crate) fn ignores_pending_data(&self) -> bool {
        self.depends_on.as_ref().is_some_and(Vec::is_empty) || self.waives(PENDING_DATA)
    }

    /// Returns the context of its SQL.
    pub fn context(&self, dialect: Dialect, direction: Direction) -> SqlContext {
        SqlContext {
            kind: self.kind,
            direction,
            transaction: self.transaction.on(dialect),
            parse: self.parse,
            ..SqlContext::new(dialect)
        }
    }

    /// Returns the validator of its SQL.
    pub(crate) fn validator(&self, dialect: Dialect, direction: Direction) -> Validator {
        Validator::new(self.context(dialect, direction)).may_mix(self.waives("mixed"))
    }

    /// Returns whether its SQL is parsed when it is checked.
    pub fn is_parsed(&self) -> bool {
        self.parse
    }

    /// Returns whether the compiler saw its SQL and checked it.
    pub fn is_checked(&self) -> bool {
        self.checked
    }

    /// Returns the dialects that it supports; empty for all.
    pub fn written_for(&self) -> &[Dialect] {
        &self.dialects
    }

    /// Returns the crate and the id.
    pub fn key(&self) -> &RevisionKey {
        &self.key
    }

    /// Returns the id.
    pub fn id(&self) -> &RevisionId {
        &self.key.id
    }

    /// Returns whether it changes the schema or the data.
    pub fn changes(&self) -> Kind {
        self.kind
    }

    /// Returns its description: the first line of the function's docs, or the function's name.
    pub fn summary(&self) -> &str {
        &self.description
    }

    /// Returns where it is declared; `None` if it was built at run time.
    pub fn origin(&self) -> Option<Origin> {
        self.origin
    }

    /// Returns the body of `up`.
    pub fn up_body(&self) -> &Body {
        &self.up
    }

    /// Returns how it is undone.
    pub fn down_body(&self) -> &Down {
        &self.down
    }

    /// Returns the SQL of `up` or `down` in `dialect`; `None` for code, and where there is nothing to undo.
    ///
    /// # Errors
    ///
    /// [`Panicked`], if the function that returns it panicked.
    pub fn sql(&self, direction: Direction, dialect: Dialect) -> Result<Option<String>, Panicked> {
        match (direction, &self.down) {
            (Direction::Up, _) => self.up.text(dialect),
            (Direction::Down, Down::Body(body)) => body.text(dialect),
            (Direction::Down, Down::Derived(derived)) => {
                Ok(derived.text(dialect).map(str::to_owned))
            }
            (Direction::Down, Down::Irreversible | Down::Nothing) => Ok(None),
        }
    }

    /// Returns the checksum of `up` in `dialect` and the name of the algorithm; `None` for code built at run time.
    ///
    /// # Errors
    ///
    /// [`Panicked`], if the function that returns its SQL panicked.
    pub fn checksum(&self, dialect: Dialect) -> Result<Option<(Checksum, &'static str)>, Panicked> {
        let of_code = |checksum| (checksum, Checksum::ALGORITHM_CODE);
        Ok(match &self.up {
            Body::Sql(body) => {
                let sql = body.render(dialect)?;
                Some((Checksum::of_sql(sql.text(), dialect), Checksum::ALGORITHM))
            }
            Body::Code(_) => self.code_checksum.map(of_code),
        })
    }
}
