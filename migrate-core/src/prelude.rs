//! The imports of a file with migrations: `use migrate_core::prelude::*;`

pub use crate::db::Db;
pub use crate::declare::body::BoxError;
pub use crate::sql::{Dialect, IntoSql, Sql};
pub use migrate_macros::migration;

/// The result of a code migration. `?` converts any error to a [`BoxError`].
pub type Result<T, E = BoxError> = std::result::Result<T, E>;
