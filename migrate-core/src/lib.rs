//! Database migrations as annotated functions.
//!
//! `#[migration]` registers a function at compile time; this crate orders what is registered into a revision graph and
//! applies it to PostgreSQL, MySQL, MariaDB or SQLite.
//!
//! ```
//! // src/lib.rs of a crate that holds migrations
//! mod r001_create_users {
//!     use migrate_core::prelude::*;
//!
//!     /// Create the users table.
//!     #[migration(rev = "001", down = "DROP TABLE users")]
//!     fn create_users() -> &'static str {
//!         "CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT NOT NULL)"
//!     }
//! }
//!
//! migrate_core::migrations!();
//! # fn main() {
//! let graph = migrate_core::Migrator::new(Migrations).graph().expect("no faults");
//! assert_eq!(graph.len(), 1);
//! # }
//! ```
//!
//! An application that runs them itself begins at [`Migrator`]; the command line is the crate `migrate-cli`.
//!
//! The stages, each a module that knows nothing of those after it: names and text; connection and [`Db`]; the registry;
//! [`Graph`] and [`Target`]; [`History`] and [`Plan`]; journal and lock; the executor; the engines. Deciding takes values
//! and gives values, and only what comes after the plan waits for a database.

mod backend;
mod body;
mod config;
mod connection;
mod db;
mod declaration;
mod error;
mod excerpt;
mod executor;
mod graph;
mod history;
mod journal;
mod lock;
mod message;
mod migration;
mod migrator;
mod observer;
mod offline;
mod plan;
pub mod prelude;
#[doc(hidden)]
pub mod private;
mod registry;
mod revision;
mod script;
mod set;
mod settings;
mod sql;
mod status;
mod target;
mod url;

#[doc(hidden)]
pub use self::private as __private;
pub use self::{
    backend::{Missing, open},
    body::{Body, BoxError, CodeBody, CodeFn, Down, IntoBody, SqlBody, shape},
    config::{
        Config, ConfigError, CreateConfig, EnvironmentConfig, HistoryConfig, Ids, LintConfig,
        PolicyConfig,
    },
    connection::{Connection, DatabaseError, ErrorKind, ErrorPlace, FromValue, Row, Value},
    db::{Db, DbError, DbErrorCause},
    error::Error,
    excerpt::Excerpt,
    executor::{Aftermath, RunError, StepCause, StepError},
    graph::{Graph, GraphError, GraphFault, NodeId, NodeSet, RevisionRef},
    history::{History, HistoryRow, HistoryTable, State, Waived},
    journal::HistoryError,
    lock::LockError,
    migration::{After, Kind, Migration, Origin, Waiver},
    migrator::{Connected, Migrator},
    observer::{Done, Event, Observer, Report},
    offline::{Offline, OfflineError, record},
    plan::{
        Action, Context, Mode, Notice, Plan, PlanError, Policies, Policy, Request, ScriptFault,
        Step, Waiting, Work,
    },
    revision::{RevisionId, RevisionKey},
    script::{Script, ScriptStatement},
    set::{CrateInfo, Linked, MigrationSet, Scope},
    settings::{Settings, Timeouts},
    sql::{Dialect, IntoSql, Position, Segment, Sql, SqlSource},
    status::{Current, Standing, Status, current, statuses},
    target::{Resolved, Target, TargetError, TargetRange},
    url::{DatabaseUrl, UrlError, redact},
};
pub use migrate_sql::{Checksum, Direction, Fault, Level, Server, Subject, quote};
pub use sqlx;

pub use migrate_macros::{migration, migrations};
