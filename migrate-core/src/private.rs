//! Everything generated code may name. Not public API: it changes without notice.

pub use core::time::Duration;

pub use inventory;

pub use crate::body::{Body, Down, shape};
pub use crate::declaration::Declaration;
pub use crate::migration::{Kind, Origin};
pub use crate::set::{CrateInfo, MigrationSet, Scope};
pub use crate::sql::{Segment, SqlSource};

use crate::body::IntoBody;
use crate::sql::{Dialect, IntoSql};

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

/// Makes a `down` of whatever form the function has.
pub fn down<Shape>(body: impl IntoBody<Shape>) -> Down {
    Down::Body(body.into_body())
}
