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
//! Applications that run migrations themselves start with [`Migrator`]. The command line is the crate `migrate-cli`.
//!
//! The stages, each a module that knows nothing of those after it: names and text; connection and [`Db`]; the registry;
//! [`Graph`] and [`Target`]; [`History`] and [`Plan`]; journal and lock; the executor; the engines. Deciding takes values
//! and gives values, and only what comes after the plan waits for a database.

mod api;
mod db;
mod declare;
mod engine;
mod graph;
mod history;
mod plan;
pub mod prelude;
#[doc(hidden)]
pub mod private;
mod run;
mod sql;

#[cfg(feature = "faults")]
#[doc(hidden)]
pub use self::engine::connection::{Counter, Injection, Moment};
#[doc(hidden)]
pub use self::private as __private;
pub use self::{
    api::config::{
        Config, ConfigError, CreateConfig, EnvironmentConfig, HistoryConfig, Ids, LintConfig,
        PolicyConfig,
    },
    api::error::Error,
    api::migrator::{Connected, Migrator},
    api::offline::{Offline, OfflineError, record},
    api::status::{Current, Standing, Status, current, statuses},
    db::{Db, DbError, DbErrorCause},
    declare::body::{Body, BoxError, CodeBody, CodeFn, Derived, Down, IntoBody, SqlBody, shape},
    declare::excerpt::Excerpt,
    declare::migration::{After, Kind, Migration, Origin, PENDING_DATA, Resumption, Waiver},
    declare::panicked::Panicked,
    declare::revision::{RevisionId, RevisionKey},
    declare::set::{CrateInfo, Linked, MigrationSet, Scope},
    engine::backend::{Missing, address, open},
    engine::connection::{Connection, DatabaseError, ErrorKind, ErrorPlace, FromValue, Row, Value},
    engine::holder::{Holder, HolderKind},
    engine::url::{Address, DatabaseUrl, UrlError, WrittenUrl, redact},
    graph::target::{Resolved, Target, TargetError, TargetRange},
    graph::{Graph, GraphError, GraphFault, NodeId, NodeSet, RevisionRef},
    history::store::HistoryError,
    history::{
        History, HistoryRow, HistoryTable, PlaceError, State, StatementJournal, Undo, Waived,
    },
    plan::{
        Action, Answer, Context, Edited, Effect, InFlight, Mode, NotKept, Notice, OtherDialect,
        Overtaking, Plan, PlanError, Policies, Policy, Repair, RepairFault, Request, ScriptFault,
        Step, UNWRITTEN, Unfinished, Waiting, WayOn, WhyNot, Work, edited, out_of_order,
        overtakings,
    },
    run::blocker::Blocker,
    run::executor::{Aftermath, RunError, StepCause, StepError, Undecided},
    run::lock::LockError,
    run::observer::{Done, Event, Observer, Report},
    run::settings::{LockMode, Settings, Timeouts},
    run::stop::StopHandle,
    sql::script::{Script, ScriptStatement},
    sql::{Dialect, IntoSql, Position, Segment, Sql, SqlSource},
};
pub use migrate_sql::{
    Checksum, Direction, Fault, Level, Lost, Server, SessionState, SqlContext, quote,
};
pub use sqlx;

/// Registers a function as a migration.
///
/// ```
/// # mod users {
/// use migrate_core::prelude::*;
///
/// /// Create the users table.
/// #[migration(rev = "001")]
/// fn create_users() -> &'static str {
///     "CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT NOT NULL)"
/// }
///
/// /// Delete inactive users.
/// #[migration(rev = "002", kind = data)]
/// fn delete_inactive() -> &'static str {
///     "DELETE FROM users WHERE name = ''"
/// }
///
/// #[migration(rev = "003", after = "001", down = drop_email)]
/// async fn add_email(db: &mut Db) -> Result<()> {
///     db.execute("ALTER TABLE users ADD COLUMN email TEXT").await?;
///     Ok(())
/// }
///
/// fn drop_email() -> &'static str {
///     "ALTER TABLE users DROP COLUMN email"
/// }
/// # }
/// # migrate_core::migrations!();
/// # fn main() {
/// # let graph = migrate_core::Migrator::new(Migrations).graph().expect("no faults");
/// # assert_eq!(graph.len(), 3);
/// # }
/// ```
///
/// The description of the migration is the first line of the function's docs, or the function's name. The signature
/// determines the kind of body: SQL (`fn() -> impl` [`IntoSql`]), SQL for each dialect (`fn(`[`Dialect`]`) -> impl IntoSql`)
/// or code (`async fn(&mut `[`Db`]`) -> Result<(), E>`).
///
/// | option | values | default |
/// |---|---|---|
/// | `rev` | a string of letters, digits, `_` and `.`, unique in the crate | required |
/// | `after`, or `down_revision` | `"001"`, `["003", "004"]` (a merge), `[]` (a base) | for a number: the greatest schema revision below it in its branch; for other ids: required |
/// | `depends_on` | revisions that must run first, though they are not parents: `"003"`, `["003", "billing@007"]`; `[]`: it does not depend on the data revisions before it | none |
/// | `branch` | the label of the branch that begins here | inherited |
/// | `kind` | `schema`, `data` | `schema` |
/// | `down` | SQL in a string, a function of any form above, `irreversible` | derived, see below |
/// | `transaction` | `false`: outside a transaction, on the dialects where a statement needs that | `true` |
/// | `resume` | `rerun`: if a run ends part-way, the next one runs all of it again from the start; all of it must be safe to repeat | continue at the first statement that is not done |
/// | `lock_timeout`, `statement_timeout` | `"2s"`, `"500ms"` | from the settings |
/// | `waive` | `waive(rule_name, reason = "…")`, repeatable: suppresses a rule, with a reason | none |
/// | `parse` | `false`: this migration's SQL is not parsed, only its tokens are read | `true` |
///
/// # What the compiler sees
///
/// SQL is checked at compile time if it is a literal, a `concat!` of literals, `include_str!`, or a `vec!` of these, with
/// or without `Sql::new`, `.into()` and the like, and the function contains nothing else. SQL from `format!` or any other
/// code is not known to the compiler, and is checked before it runs.
///
/// It is checked for each `dialect` in `migrate.toml`; without one, only findings that hold for all three are reported.
/// Errors are: an unterminated literal, comment or body; transaction control; statements that cannot run in a transaction,
/// unless `transaction = false`; DDL in a data migration and DML in a schema migration, unless `waive(mixed, …)`; and, with
/// the feature `lint`, SQL that does not parse, unless `parse = false`. With that feature the rules are applied as well, each
/// with its level in `[lint.rules]`: `deny` is an error, `warn` a warning.
///
/// Warnings are reported as deprecations, the only warning that a macro can emit on stable Rust: "use of deprecated macro
/// `rule_name`". `#![allow(deprecated)]` in the crate silences all of them; it is better to waive the rule where it does not
/// matter. A waiver of a rule that finds nothing is also a warning.
///
/// # Undoing
///
/// A schema migration needs a `down`, unless its SQL is known to the compiler and can be reversed exactly in each of the
/// crate's dialects: then `down` is derived, and changes with the SQL. A data migration without `down` is only removed from
/// history when you go down.
#[doc(inline)]
pub use migrate_macros::migration;

/// Declares `Migrations`, which stands for the migrations of this crate. Call it once, in the crate's root.
///
/// In history, the revisions belong to the Cargo package's name, or to the one in `migrations!(name = "shop")`. A
/// `migrate.toml` next to the crate's `Cargo.toml` is embedded, and the crate is compiled again when it changes. Errors in its
/// `dialect` and `[lint]` are reported here.
#[doc(inline)]
pub use migrate_macros::migrations;
