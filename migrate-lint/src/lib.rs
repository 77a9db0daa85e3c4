//! Rules about what SQL does to a database in use, beyond whether it is right.
//!
//! A [`Rule`] says what it finds, why that is dangerous and what to write instead; [`lint`] applies all that
//! are not switched off by [`Settings`] to one text. A rule sees the text alone, how it is run and which server
//! it is for, so what a migration makes itself is known to be empty and unused; what was there before is not.
//!
//! The parsers are here, too: [`validate`] adds what does not parse to those of [`migrate_sql::validate`], and [`parse`] lists
//! what no parser could read. No meaning rests on them, so an application's binary does without this crate.
//!
//! ```
//! use migrate_lint::{Settings, lint};
//! use migrate_sql::{Dialect, SqlContext};
//!
//! let sql = "DELETE FROM users";
//! let found = lint(sql, SqlContext::new(Dialect::Sqlite), &Settings::default())?;
//! assert_eq!(found[0].rule.id, "missing-where");
//! # Ok::<(), migrate_sql::SplitError>(())
//! ```

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "there are many kinds of tokens and statements, and most rules are about one or two"
)]

#[cfg(test)]
mod growth;
#[cfg(test)]
mod laws;
mod lint;
mod lock;
#[cfg(test)]
mod manual;
mod names;
pub mod parse;
mod registry;
mod rule;
mod rules;
mod script;
mod settings;
mod squawk;
mod syntax;

pub use crate::lint::lint;
pub use crate::registry::{rule, rules};
pub use crate::rule::{Finding, Group, Rule};
pub use crate::settings::{Settings, UnknownRule};
pub use crate::syntax::validate;
