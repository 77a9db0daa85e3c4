//! What the attribute registers: plain data, collected by inventory.

use std::borrow::Cow;
use std::time::Duration;

use migrate_sql::{Checksum, Transactions};

use crate::declare::body::{Body, Down};
use crate::declare::migration::{After, Kind, Migration, Origin, Resumption, Waiver};
use crate::declare::revision::{RevisionId, RevisionKey};
use crate::sql::{Dialect, SqlSource};

/// One annotated function. The macro writes it as a struct literal, so every field is public and constant.
#[derive(Debug)]
pub struct Declaration {
    /// `crate::Migrations::INFO.name`
    pub krate: &'static str,
    /// `crate::Migrations::INFO.dialects`
    pub dialects: &'static [Dialect],
    /// The id.
    pub rev: &'static str,
    /// The parents, if given.
    pub after: Option<&'static [&'static str]>,
    /// Revisions that must run first, if given. An empty list declares that there are none.
    pub depends_on: Option<&'static [&'static str]>,
    /// The label, if given.
    pub branch: Option<&'static str>,
    /// Schema or data.
    pub kind: Kind,
    /// Whether it runs in a transaction, per dialect.
    pub transaction: Transactions,
    /// What the next run does if a run ends part-way.
    pub resume: Resumption,
    /// How long a statement may wait for a lock.
    pub lock_timeout: Option<Duration>,
    /// How long a statement may run.
    pub statement_timeout: Option<Duration>,
    /// The first line of the docs, or the function's name.
    pub description: &'static str,
    /// The place of the function.
    pub origin: Origin,
    /// The body of `up`.
    pub up: fn() -> Body,
    /// The place of its SQL, if the macro saw it.
    pub up_source: Option<SqlSource>,
    /// How it is undone.
    pub down: fn() -> Down,
    /// The place of the SQL of `down`, if the macro saw it.
    pub down_source: Option<SqlSource>,
    /// The checksum of the function's tokens, for code.
    pub code_checksum: Option<[u8; 32]>,
    /// The rules that it waives.
    pub waivers: &'static [Waiver],
    /// Whether its SQL is parsed when it is checked.
    pub parse: bool,
    /// Whether the macro saw its SQL and checked it.
    pub checked: bool,
}

inventory::collect!(Declaration);

impl From<&'static Declaration> for Migration {
    fn from(declared: &'static Declaration) -> Self {
        Self {
            key: RevisionKey::new(declared.krate, declared.rev),
            dialects: Cow::Borrowed(declared.dialects),
            after: match declared.after {
                None => After::Default,
                Some(parents) => {
                    After::Revisions(parents.iter().copied().map(RevisionId::from).collect())
                }
            },
            depends_on: declared
                .depends_on
                .map(|revisions| revisions.iter().copied().map(Cow::Borrowed).collect()),
            branch: declared.branch.map(Cow::Borrowed),
            kind: declared.kind,
            transaction: declared.transaction,
            resume: declared.resume,
            lock_timeout: declared.lock_timeout,
            statement_timeout: declared.statement_timeout,
            description: Cow::Borrowed(declared.description),
            up: (declared.up)(),
            up_source: declared.up_source,
            down: (declared.down)(),
            down_source: declared.down_source,
            code_checksum: declared.code_checksum.map(Checksum::from_bytes),
            waivers: Cow::Borrowed(declared.waivers),
            parse: declared.parse,
            checked: declared.checked,
            origin: Some(declared.origin),
        }
    }
}
