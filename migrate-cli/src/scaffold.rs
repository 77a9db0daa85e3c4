//! Writes files: revisions and whole crates.

#[cfg(feature = "commands")]
mod ids;
mod init;
#[cfg(feature = "commands")]
mod lineage;
#[cfg(feature = "commands")]
mod modules;
mod replace;
mod slug;
#[cfg(feature = "commands")]
mod template;
#[cfg(feature = "commands")]
mod write;

pub(crate) use self::init::init;
#[cfg(feature = "commands")]
pub(crate) use self::{
    lineage::{Lineage, NewRevision, Wanted},
    write::{unlinked_files, write},
};
