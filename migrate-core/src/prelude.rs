//! What a file of migrations needs: `use migrate_core::prelude::*;`

pub use crate::db::Db;
pub use crate::declare::body::BoxError;
pub use crate::sql::{Dialect, IntoSql, Sql};
pub use migrate_macros::migration;

/// The result of a code migration. Any error will do; `?` makes it a [`BoxError`].
pub type Result<T, E = BoxError> = std::result::Result<T, E>;
