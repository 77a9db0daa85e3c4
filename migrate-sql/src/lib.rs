//! SQL text for migrations: tokens, statements, what a statement does, checksums, quoting.
//!
//! Everything here is pure and works on text alone, in time linear in its length, and nothing panics:
//! the macros use it while a migration is compiled, the runner each time it starts.
//!
//! ```
//! use migrate_sql::{Dialect, Position, split};
//!
//! let sql = "-- people\nCREATE TABLE users (id INT);\n\nVACUUM users;";
//! let statements = split(sql, Dialect::Postgres)?;
//!
//! assert_eq!(statements[0].text(), "CREATE TABLE users (id INT)");
//! assert_eq!(statements[1].forbids_transaction(), Some("VACUUM"));
//! assert_eq!(Position::of(sql, statements[1].offset()).line, 4);
//! # Ok::<(), migrate_sql::SplitError>(())
//! ```

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "there are many kinds of tokens, and most questions are about one or two"
)]

pub mod ddl;
mod effects;
#[cfg(not(any(test, feature = "effort")))]
mod effort;
#[cfg(any(test, feature = "effort"))]
#[doc(hidden)]
pub mod effort;
#[cfg(test)]
mod growth;
pub mod impact;
mod migration;
mod reverse;
mod rule;
mod session;
mod statement;
mod text;
mod validate;

pub use crate::ddl::Ddl;
pub use crate::effects::{Effect, EffectKind, Workspace};
pub use crate::migration::{Direction, Kind, Resumption, SqlContext, Transactions};
pub use crate::reverse::{Underivable, reverse};
pub use crate::rule::{Level, UnknownLevel};
pub use crate::session::{Change, Lost, Session, SessionState, SessionTrack, Source, Traces};
pub use crate::statement::{Dynamic, SplitError, Statement, StatementKind, split};
pub use crate::text::{
    Checksum, Dialect, ParseChecksumError, Position, Product, Server, Token, TokenKind, Tokens,
    UnknownDialect, UnknownServer, quote, tokens,
};
pub use crate::validate::{Fault, Validator, validate};
