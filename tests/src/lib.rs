//! Suites that cross crates and need real databases: the cases, and the tools for them.
#![expect(missing_docs, reason = "a case is named as its claim")]
#![expect(clippy::missing_panics_doc, reason = "a test's way to fail is to panic")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's way to fail is to panic"
)]
#![expect(clippy::cognitive_complexity, reason = "each assertion counts as a branch")]
#![expect(clippy::wildcard_enum_match_arm, reason = "whatever is not expected is a failure")]

mod client;
mod command;
mod database;
mod failure;
mod forms;
mod gate;
pub mod history;
mod migrations;
mod proxy;
mod schema;
pub mod suite;
mod unsaid;

pub use self::client::{Client, run_script};
pub use self::database::Database;
pub use self::gate::Gate;
pub use self::proxy::{Place, Proxy, Traffic};
pub use self::schema::schema_of;

migrate_core::migrations!();
