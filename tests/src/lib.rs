//! Suites that cross crates and need real databases: what a case is given, and the cases themselves.
#![expect(clippy::missing_panics_doc, reason = "a test's way to fail is to panic")]
#![expect(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test's way to fail is to panic")]

mod database;
pub mod suite;

pub use self::database::Database;
