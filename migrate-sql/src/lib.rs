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

mod checksum;
mod class;
mod dialect;
#[cfg(not(any(test, feature = "effort")))]
mod effort;
#[cfg(any(test, feature = "effort"))]
#[doc(hidden)]
pub mod effort;
mod fault;
#[cfg(test)]
mod growth;
pub mod impact;
mod kind;
mod level;
mod lexer;
mod object;
pub mod outline;
mod position;
pub mod quote;
mod resumption;
mod reverse;
mod server;
mod session;
mod split;
mod statement;
mod subject;
mod token;
mod token_list;
mod traces;
mod transactions;

pub use crate::{
    checksum::{Checksum, ParseChecksumError},
    class::Class,
    dialect::{Dialect, UnknownDialect},
    fault::{Fault, Watch, faults},
    kind::Kind,
    level::{Level, UnknownLevel},
    lexer::{Tokens, tokens},
    object::{Effect, Object},
    outline::Outline,
    position::Position,
    resumption::Resumption,
    reverse::{Underivable, reverse},
    server::{Product, Server, UnknownServer},
    session::{Change, Lost, Session, SessionState, SessionTrack, Source},
    split::{SplitError, split},
    statement::{Dynamic, Statement},
    subject::{Direction, Subject},
    token::{Token, TokenKind},
    traces::Traces,
    transactions::Transactions,
};
