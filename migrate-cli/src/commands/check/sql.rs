//! What is wrong in the SQL of pending revisions, as far as the compiler has not said it.

use migrate_core::{Dialect, Graph, Level, Standing, Status};

use crate::error::CommandError;
use crate::inspect::{Found, Inspector, Levels};
use crate::json::Finding;
use crate::observer::name;
use crate::session::Session;

pub(super) async fn find(
    session: &Session<'_>,
    graph: &Graph,
    all: &[Status],
    dialect: Dialect,
) -> Result<Vec<Finding>, CommandError> {
    let Levels { settings, of_environment } = session.levels()?;
    let inspector = Inspector::new(settings, vec![dialect], session.declared());
    let mut findings = Vec::new();
    for status in all.iter().filter(|status| status.state == Standing::Pending) {
        let Some(node) = graph.find(&status.key) else { continue };
        let migration = graph.migration(node);
        if migration.is_checked() && !of_environment {
            continue;
        }
        let found = inspector.migration(migration).await.found.into_iter().filter(counts);
        let found = found.chain(inspector.unread(migration));
        findings.extend(found.map(|found| Finding::in_sql(&found, name(graph, &status.key))));
    }
    Ok(findings)
}

/// What is only warned of stops nothing; a waiver that nothing needs may hide something tomorrow.
fn counts(found: &Found) -> bool {
    found.level == Level::Deny || found.code == "unused-waiver"
}
