//! What a migration is, and what the attribute makes of a function.

pub(crate) mod body;
pub(crate) mod declaration;
pub(crate) mod excerpt;
pub(crate) mod migration;
pub(crate) mod panicked;
pub(crate) mod revision;
pub(crate) mod set;
