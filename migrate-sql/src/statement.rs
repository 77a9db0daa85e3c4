//! One statement, and what it does to its transaction and its session.

mod commits;
mod dynamic;
mod forbids;
mod harmless;
mod kind;
mod reader;
mod reads;
pub(crate) mod setting;
mod split;
mod traces;
pub(crate) mod transaction;
mod words;

pub use self::dynamic::Dynamic;
pub use self::kind::StatementKind;
pub(crate) use self::kind::With;
pub(crate) use self::reader::Reader;
pub use self::split::{SplitError, split};
use crate::text::TokenList;
use crate::text::{Dialect, Token};

/// One statement of a text; [`split`](crate::statement::split()) makes it.
///
/// The questions it answers are about what its words say: what a routine does that it calls, or the text
/// that it executes as a string, is out of sight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement<'a> {
    offset: usize,
    dialect: Dialect,
    tokens: TokenList<'a>,
    /// Those of them that a server executes.
    code: TokenList<'a>,
}

impl<'a> Statement<'a> {
    pub(crate) fn new(offset: usize, dialect: Dialect, tokens: TokenList<'a>) -> Self {
        Self { offset, dialect, code: tokens.code(), tokens }
    }

    /// From its first token to its last, without a terminator.
    pub const fn text(&self) -> &'a str {
        self.tokens.text()
    }

    /// The byte offset of [`text`](Self::text) in what was split.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// The dialect it was read in.
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Its tokens; their offsets count from the beginning of the statement.
    ///
    /// ```
    /// # use migrate_sql::{Dialect, split};
    /// let statements = split("; SELECT 1", Dialect::Sqlite)?;
    /// assert_eq!(statements[0].tokens().count(), 2);
    /// # Ok::<(), migrate_sql::SplitError>(())
    /// ```
    pub fn tokens(&self) -> impl DoubleEndedIterator<Item = Token<'a>> + Clone + use<'_, 'a> {
        self.tokens.iter()
    }

    /// Its tokens without comments and hints; what a conditional comment holds is among them.
    pub fn code(&self) -> impl DoubleEndedIterator<Item = Token<'a>> + Clone + use<'_, 'a> {
        self.code.iter()
    }

    /// The same, to be kept.
    pub(crate) fn code_list(&self) -> TokenList<'a> {
        self.code.clone()
    }

    /// What kind of statement it is.
    pub fn kind(&self) -> StatementKind {
        StatementKind::of(self)
    }

    /// Its first words, those that say what it is, in capitals and without any name.
    ///
    /// ```
    /// # use migrate_sql::{Dialect, split};
    /// let words = |sql| split(sql, Dialect::Postgres).unwrap()[0].words();
    /// assert_eq!(words("create unique index a on b (c)"), "CREATE UNIQUE INDEX");
    /// assert_eq!(words("INSERT INTO a VALUES (1)"), "INSERT");
    /// assert_eq!(words("WITH a AS (SELECT 1) DELETE FROM b"), "WITH ... DELETE");
    /// ```
    pub fn words(&self) -> String {
        words::of(self)
    }

    /// The words with which it begins, ends or divides a transaction, if it does.
    ///
    /// For MySQL that includes locking tables, `SET autocommit`, and what stands inside a compound
    /// statement outside of a routine. PostgreSQL's `SET TRANSACTION` does none of the three.
    ///
    /// ```
    /// # use migrate_sql::{Dialect, split};
    /// let control = |sql| split(sql, Dialect::Postgres).unwrap()[0].transaction_control();
    /// assert_eq!(control("commit work"), Some("COMMIT"));
    /// assert_eq!(control("PREPARE TRANSACTION 'a'"), Some("PREPARE TRANSACTION"));
    /// assert_eq!(control("PREPARE a AS SELECT 1"), None);
    /// ```
    pub fn transaction_control(&self) -> Option<&'static str> {
        transaction::control(self)
    }

    /// Whether it is a PostgreSQL `COPY … FROM STDIN`, which waits for rows that no migration can send.
    ///
    /// ```
    /// # use migrate_sql::{Dialect, split};
    /// let statements = split("COPY t (a) FROM stdin WITH (FORMAT csv)", Dialect::Postgres)?;
    /// assert!(statements[0].copies_from_stdin());
    /// # Ok::<(), migrate_sql::SplitError>(())
    /// ```
    pub fn copies_from_stdin(&self) -> bool {
        setting::copies_from_stdin(self)
    }

    /// What of it cannot run inside a transaction, or would do nothing there.
    ///
    /// MySQL has no such statement: see [`commits_implicitly`](Self::commits_implicitly). What depends on
    /// the schema, like `REINDEX` of a partitioned table, is not seen.
    ///
    /// ```
    /// # use migrate_sql::{Dialect, split};
    /// let statements = split("create unique index concurrently a on t (b)", Dialect::Postgres)?;
    /// assert_eq!(statements[0].forbids_transaction(), Some("CREATE INDEX CONCURRENTLY"));
    /// # Ok::<(), migrate_sql::SplitError>(())
    /// ```
    pub fn forbids_transaction(&self) -> Option<&'static str> {
        match self.dialect {
            Dialect::Postgres => forbids::postgres(Reader::new(self)),
            Dialect::Mysql => None,
            Dialect::Sqlite => forbids::sqlite(Reader::new(self)),
        }
    }

    /// Whether MySQL or MariaDB commits the open transaction because of it; never true elsewhere.
    ///
    /// A compound statement outside of a routine counts as one that does.
    ///
    /// ```
    /// # use migrate_sql::{Dialect, split};
    /// let statements = split("CREATE TABLE a (b INT); INSERT INTO a VALUES (1)", Dialect::Mysql)?;
    /// assert!(statements[0].commits_implicitly());
    /// assert!(!statements[1].commits_implicitly());
    /// # Ok::<(), migrate_sql::SplitError>(())
    /// ```
    pub fn commits_implicitly(&self) -> bool {
        self.dialect == Dialect::Mysql && commits::mysql(Reader::new(self))
    }

    /// What is known of the text that it prepares or executes, where it is one of MySQL's statements that do.
    ///
    /// ```
    /// # use migrate_sql::{Dialect, Dynamic, split};
    /// let statements = split("EXECUTE IMMEDIATE 'DELETE FROM a'", Dialect::Mysql)?;
    /// assert_eq!(statements[0].dynamic(), Some(Dynamic::Immediate { harmless: true }));
    /// # Ok::<(), migrate_sql::SplitError>(())
    /// ```
    pub fn dynamic(&self) -> Option<Dynamic> {
        dynamic::of(self)
    }

    /// Whether it leaves settings of the session behind, which the next migration would inherit.
    ///
    /// ```
    /// # use migrate_sql::{Dialect, split};
    /// let statements = split("SET search_path = a; SET LOCAL search_path = a", Dialect::Postgres)?;
    /// assert!(statements[0].sets_session());
    /// assert!(!statements[1].sets_session());
    /// # Ok::<(), migrate_sql::SplitError>(())
    /// ```
    pub fn sets_session(&self) -> bool {
        match self.dialect {
            Dialect::Postgres => setting::postgres(Reader::new(self)),
            Dialect::Mysql => setting::mysql(Reader::new(self)),
            Dialect::Sqlite => setting::sqlite(Reader::new(self)),
        }
    }

    /// Whether the session may be another one after it: other settings, temporary objects, prepared statements, locks of the
    /// session, user variables, or whatever an unknown function did.
    ///
    /// ```
    /// # use migrate_sql::{Dialect, split};
    /// let statements = split("CREATE TEMP TABLE a (b int); INSERT INTO a VALUES (1)", Dialect::Postgres)?;
    /// assert!(statements[0].leaves_traces());
    /// assert!(!statements[1].leaves_traces());
    /// # Ok::<(), migrate_sql::SplitError>(())
    /// ```
    pub fn leaves_traces(&self) -> bool {
        traces::leaves(self)
    }

    /// Whether it is known to change nothing, so that it can be run again. A query that calls a function which is not
    /// known to only read may change anything.
    ///
    /// ```
    /// # use migrate_sql::{Dialect, split};
    /// let reads = |sql| split(sql, Dialect::Postgres).unwrap()[0].only_reads();
    /// assert!(reads("SELECT count(*) FROM a"));
    /// assert!(!reads("SELECT nextval('a')"));
    /// assert!(!reads("INSERT INTO a VALUES (1) RETURNING b"));
    /// ```
    pub fn only_reads(&self) -> bool {
        reads::only(self)
    }
}

#[cfg(test)]
mod tests;
