//! Files that the tool writes: revisions and whole crates.

mod ids;
mod init;
mod lineage;
mod modules;
mod slug;
mod template;
mod write;

pub(crate) use self::init::init;
pub(crate) use self::lineage::{Lineage, NewRevision, Wanted};
pub(crate) use self::write::{unlinked_files, write};
