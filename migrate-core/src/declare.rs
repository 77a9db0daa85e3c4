//! The declaration of migrations, and what the attribute generates.

pub(crate) mod body;
pub(crate) mod declaration;
pub(crate) mod excerpt;
pub(crate) mod migration;
pub(crate) mod panicked;
pub(crate) mod revision;
pub(crate) mod set;
