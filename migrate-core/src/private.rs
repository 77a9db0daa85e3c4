//! Items for generated code and for the test suites. Not public API: it changes without notice.

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

/// Creates a body from a function. `S` is explicit, so that rustc shows the result's type where it is not SQL.
pub fn sql<S: IntoSql + 'static>(body: fn() -> S) -> Body {
    body.into_body()
}

/// Creates a body from a function that takes the dialect.
pub fn sql_for<S: IntoSql + 'static>(body: fn(Dialect) -> S) -> Body {
    body.into_body()
}

/// Creates a body from a function of any form.
pub fn body<Shape>(body: impl IntoBody<Shape>) -> Body {
    body.into_body()
}

/// Creates a `down` from the SQL that was derived for each dialect.
pub fn derived(by_dialect: &'static [(Dialect, &'static str)]) -> Down {
    Down::Derived(Derived::new(by_dialect))
}

/// Creates a `down` from a function of any form.
pub fn down<Shape>(body: impl IntoBody<Shape>) -> Down {
    Down::Body(body.into_body())
}
