//! Everything generated code may name, and what the suites look at that no user sees. Not public API: it changes
//! without notice.

pub use core::time::Duration;

pub use inventory;
pub use migrate_sql::Transactions;

pub use crate::declare::body::{Body, Down, shape};
pub use crate::declare::declaration::Declaration;
pub use crate::declare::migration::{Kind, Origin, Resumption, Waiver};
pub use crate::declare::set::{CrateInfo, MigrationSet, Scope};
pub use crate::history::statement_hash;
pub use crate::run::probe::{Verdict, note, probe, still_running};
pub use crate::sql::{Dialect, Segment, SqlSource};

use crate::declare::body::{Derived, IntoBody};
use crate::sql::IntoSql;

/// Makes a body of a function; `S` is written out, so that rustc shows the result's type where it is not SQL.
pub fn sql<S: IntoSql + 'static>(body: fn() -> S) -> Body {
    body.into_body()
}

/// Makes a body of a function that is told the dialect.
pub fn sql_for<S: IntoSql + 'static>(body: fn(Dialect) -> S) -> Body {
    body.into_body()
}

/// Makes a body of whatever form the function has.
pub fn body<Shape>(body: impl IntoBody<Shape>) -> Body {
    body.into_body()
}

/// Makes a `down` of the SQL that was derived for each dialect.
pub fn derived(by_dialect: &'static [(Dialect, &'static str)]) -> Down {
    Down::Derived(Derived::new(by_dialect))
}

/// Makes a `down` of whatever form the function has.
pub fn down<Shape>(body: impl IntoBody<Shape>) -> Down {
    Down::Body(body.into_body())
}
