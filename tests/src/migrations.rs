//! Migrations for cases.

use migrate_core::__private::{self, Declaration};
use migrate_core::{Down, Kind, Migration, Origin, Report, Resumption};

/// Returns a revision that creates the table `t` + its id, and drops it.
pub(crate) fn table(rev: &str) -> Migration {
    Migration::new(rev.to_owned())
        .up(format!("CREATE TABLE t{rev} (id BIGINT PRIMARY KEY)"))
        .down(format!("DROP TABLE t{rev}"))
}

/// Returns such revisions, one after the other.
pub(crate) fn tables<const N: usize>(revs: [&str; N]) -> Vec<Migration> {
    revs.map(table).to_vec()
}

/// Returns the names of the tables that these revisions create.
pub(crate) fn names<const N: usize>(revs: [&str; N]) -> Vec<String> {
    revs.map(|rev| format!("t{rev}")).to_vec()
}

/// Returns a revision that may change both schema and rows, because the case is about something else.
pub(crate) fn mixed(rev: &str) -> Migration {
    Migration::new(rev.to_owned()).waive("mixed", "the case is about something else")
}

/// Returns a revision that changes rows.
pub(crate) fn data(rev: &str, sql: &'static str) -> Migration {
    Migration::new(rev.to_owned()).kind(Kind::Data).up(sql)
}

/// Returns the ids of the revisions that a run has done, in order.
pub(crate) fn done(report: &Report) -> Vec<&str> {
    report.done.iter().map(|done| done.key.id.as_str()).collect()
}

/// The attribute's declaration of a function that does nothing, as revision 2.
pub(crate) const DECLARATION: Declaration = Declaration {
    krate: "runtime",
    dialects: &[],
    rev: "2",
    after: None,
    depends_on: None,
    branch: None,
    kind: Kind::Schema,
    transaction: __private::Transactions::ALL,
    resume: Resumption::Continue,
    lock_timeout: None,
    statement_timeout: None,
    description: "",
    origin: Origin { file: "src/r002.rs", line: 1, function: "nothing" },
    up: || __private::body(""),
    up_source: None,
    down: || Down::Nothing,
    down_source: None,
    code_checksum: None,
    waivers: &[],
    parse: true,
    checked: true,
};
