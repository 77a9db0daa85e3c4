//! Applied revisions that were edited since.

use crate::body::Body;
use crate::graph::Graph;
use crate::history::{History, HistoryRow, State};
use crate::migration::{Migration, Origin};
use crate::plan::verify;
use crate::revision::RevisionKey;
use crate::sql::Dialect;

/// An applied revision that is no longer what was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edited {
    /// The revision.
    pub key: RevisionKey,
    /// Whether it is code, of which history keeps no text.
    pub code: bool,
    /// Where it is declared.
    pub origin: Option<Origin>,
    /// The SQL that was applied, as far as history was asked and has kept it.
    pub then: Option<String>,
    /// The SQL as it is; nothing for code.
    pub now: Option<String>,
}

/// The applied revisions of the graph whose checksums are no longer what they were. Pure: what the text was is not known
/// to `history`, see [`Connected::edited`](crate::Connected::edited).
pub fn edited(graph: &Graph, history: &History, dialect: Dialect) -> Vec<Edited> {
    let edited = |(key, row): (&RevisionKey, &HistoryRow)| {
        let migration = graph.migration(graph.find(key)?);
        is_edited(migration, row, dialect).then(|| Edited {
            key: key.clone(),
            code: matches!(migration.up, Body::Code(_)),
            origin: migration.origin,
            then: None,
            now: match &migration.up {
                Body::Sql(sql) => Some(sql.render(dialect).into_text().into_owned()),
                Body::Code(_) => None,
            },
        })
    };
    // A half-done revision may be edited: that is how its failure is mended.
    let applied = verify::ours(graph, history).filter(|(_, row)| row.state == State::Applied);
    applied.filter_map(edited).collect()
}

/// Checksums of another algorithm say nothing.
fn is_edited(migration: &Migration, row: &HistoryRow, dialect: Dialect) -> bool {
    let (Some(then), Some(algorithm)) = (&row.checksum, &row.checksum_algorithm) else {
        return false;
    };
    match migration.checksum(dialect) {
        Some((now, by)) => by == algorithm && now.to_string() != *then,
        None => false,
    }
}
