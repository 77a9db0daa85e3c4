//! The public interface.

pub(crate) mod config;
pub(crate) mod error;
pub(crate) mod migrator;
pub(crate) mod offline;
pub(crate) mod registry;
pub(crate) mod status;
