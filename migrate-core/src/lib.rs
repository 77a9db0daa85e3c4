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
/// /// Forget who never came.
/// #[migration(rev = "002", kind = data, waive(missing_where, reason = "nobody has come yet"))]
/// fn forget_all() -> &'static str {
///     "DELETE FROM users"
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
/// The first line of the function's docs describes the migration; without docs the function's name does. The signature
/// says what kind of body it has: SQL (`fn() -> impl` [`IntoSql`]), SQL for each dialect (`fn(`[`Dialect`]`) -> impl IntoSql`)
/// or code (`async fn(&mut `[`Db`]`) -> Result<(), E>`).
///
/// | option | values | default |
/// |---|---|---|
/// | `rev` | a string of letters, digits, `_` and `.`, unique in the crate | required |
/// | `after`, or `down_revision` | `"001"`, `["003", "004"]` (a merge), `[]` (a base) | for a number: the greatest schema revision below it in its branch; any other id must say |
/// | `depends_on` | revisions that must run first without being parents: `"003"`, `["003", "billing@007"]`; `[]`: it needs none of the data revisions before it | none |
/// | `branch` | the label of the branch that begins here | inherited |
/// | `kind` | `schema`, `data` | `schema` |
/// | `down` | SQL in a string, a function of any form above, `irreversible` | derived, see below |
/// | `transaction` | `false`: outside a transaction, on the dialects where a statement needs it | `true` |
/// | `resume` | `rerun`: if a run ends part-way, the next one runs all of it again from the start; all of it must be safe to repeat | continue at the first statement that is not done |
/// | `lock_timeout`, `statement_timeout` | `"2s"`, `"500ms"` | the settings' |
/// | `waive` | `waive(rule_name, reason = "…")`, repeatable: a rule that is broken on purpose | none |
/// | `parse` | `false`: this migration's SQL is not parsed, only its tokens are read | `true` |
///
/// # What the compiler sees
///
/// SQL is checked when it is compiled if it is written down: as a literal, `concat!` of literals, `include_str!` or a `vec!`
/// of these, where `Sql::new`, `.into()` and the like change nothing. It must be all that the function returns. What `format!`
/// or any other code makes is unknown to the compiler, and is checked before it runs.
///
/// It is read in each `dialect` that `migrate.toml` names; where it names none, only what is wrong in all three counts. Errors
/// are: text that ends inside a literal, a comment or a body; transaction control; statements that no transaction can hold,
/// unless `transaction = false`; DDL in a data migration and DML in a schema migration, unless `waive(mixed, …)`; and, with the
/// feature `lint`, what does not parse, unless `parse = false`. With that feature the rules are applied as well, each with the
/// level that `[lint.rules]` gives it: `deny` is an error, `warn` a warning.
///
/// Stable Rust has one lint that a macro can call forth, so warnings read "use of deprecated macro `rule_name`", and
/// `#![allow(deprecated)]` in the crate silences them all; better waive the rule where it does not matter. A waiver of a rule
/// that finds nothing is a warning, too.
///
/// # How it is undone
///
/// A schema migration must say so by `down`, unless its SQL is seen and can be undone exactly in each of the crate's
/// dialects: then `down` is derived, and follows when the SQL is edited. A data migration that does not say it has nothing to
/// undo.
#[doc(inline)]
pub use migrate_macros::migration;

/// Declares `Migrations`, which stands for the migrations of this crate. It goes into the crate's root, once.
///
/// The revisions belong to the Cargo package's name in history, or to the one in `migrations!(name = "shop")`. A
/// `migrate.toml` beside the crate's `Cargo.toml` is embedded, and the crate is compiled again when it changes; what is broken
/// in its `dialect` and `[lint]` is reported here.
#[doc(inline)]
pub use migrate_macros::migrations;
