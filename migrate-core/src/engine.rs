//! The engines PostgreSQL, MySQL/MariaDB and SQLite, and the connections to them.

pub(crate) mod backend;
pub(crate) mod connection;
pub(crate) mod connector;
pub(crate) mod holder;
pub(crate) mod process;
pub(crate) mod url;
