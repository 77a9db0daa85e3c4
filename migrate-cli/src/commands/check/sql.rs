//! Faults in the SQL of pending revisions that the compiler has not reported.

use migrate_core::{Dialect, Graph, Level, RevisionKey, Standing, Status};

use crate::error::CommandError;
use crate::inspect::{Found, Inspector, Levels};
use crate::json::Finding;
use crate::report;
use crate::session::Session;
use crate::titles::name;

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

/// Finds state that the code of these revisions would leave in a session of MySQL or MariaDB. The code is run without a
/// database; code that cannot run that way is reported.
pub(super) async fn leftovers(
    session: &mut Session<'_>,
    graph: &Graph,
    keys: &[RevisionKey],
) -> Result<Vec<Finding>, CommandError> {
    let settings = session.levels()?.settings;
    let inspector = Inspector::new(settings, vec![Dialect::Mysql], session.declared());
    let inspector = Inspector { runs_code: true, ..inspector };
    let mut findings = Vec::new();
    for key in keys {
        let Some(node) = graph.find(key) else { continue };
        let shown = name(graph, key);
        let inspected = inspector.leftovers(graph.migration(node)).await;
        findings.extend(inspected.found.iter().map(|found| Finding::in_sql(found, shown.clone())));
        for unseen in &inspected.unseen {
            let way = report::direction(unseen.direction);
            session.printer.talk().warn(format_args!(
                "cannot tell what `{way}` of `{shown}` leaves in its session: {}",
                unseen.reason
            ));
        }
    }
    Ok(findings)
}

/// Returns whether this is a finding of `check`. Warnings are not; an unused waiver is, because it may hide something later.
fn counts(found: &Found) -> bool {
    found.level == Level::Deny || found.code == "unused-waiver"
}
