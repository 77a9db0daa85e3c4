//! Selects the revisions to check, and the dialects.

use std::sync::Arc;

use migrate_core::{Dialect, Graph, NodeId, NodeSet, State};
use migrate_lint::Settings;

use crate::args::Lint;
use crate::commands::lint::git;
use crate::commands::show;
use crate::error::CommandError;
use crate::inspect::Inspector;
use crate::session::{Access, Session, target};

/// The revisions, in order, and the check to run on them.
pub(super) struct Choice {
    pub(super) graph: Arc<Graph>,
    pub(super) nodes: Vec<NodeId>,
    pub(super) inspector: Inspector,
}

pub(super) async fn choose(session: &mut Session<'_>, args: &Lint) -> Result<Choice, CommandError> {
    let settings = session.levels()?.settings;
    let apart = |graph: &Graph, keep: &dyn Fn(NodeId) -> bool| {
        graph.order().iter().copied().filter(|node| keep(*node)).collect::<Vec<_>>()
    };
    let graph = session.graph()?;
    let nodes = if args.all {
        graph.order().to_vec()
    } else if let Some(since) = &args.since {
        let start = show::one(&graph, &NodeSet::new(), &target(since)?)?;
        let after = graph.descendants([start]);
        apart(&graph, &|node| node != start && after.contains(node))
    } else if let Some(reference) = &args.since_git {
        let new = git::new_files(session.home()?, reference)?;
        apart(&graph, &|node| new.declare(graph.migration(node)))
    } else {
        return pending(session, settings).await;
    };
    let (dialects, all_agree) = dialects(session)?;
    let inspector = Inspector::new(settings, dialects, session.declared());
    Ok(Choice { graph, nodes, inspector: Inspector { all_agree, runs_code: true, ..inspector } })
}

/// Selects the revisions that the database has not applied, in its dialect.
async fn pending(session: &mut Session<'_>, settings: Settings) -> Result<Choice, CommandError> {
    let mut database = session.database(Access::Read).await.map_err(with_way_on)?;
    let history = database.read_history().await?;
    let graph = Arc::clone(&database.graph);
    let is_applied = |node: &NodeId| {
        history.get(graph.migration(*node).key()).is_some_and(|row| row.state == State::Applied)
    };
    let nodes = graph.order().iter().copied().filter(|node| !is_applied(node)).collect();
    let dialect = database.dialect;
    database.close().await;
    let inspector = Inspector::new(settings, vec![dialect], session.declared());
    Ok(Choice { graph, nodes, inspector: Inspector { runs_code: true, ..inspector } })
}

/// Adds a hint about checking without a database.
fn with_way_on(error: CommandError) -> CommandError {
    match error {
        CommandError::Problem(problem) if problem.code == "no-database" => {
            problem.hint("or check every revision without a database: `migrate lint --all`").into()
        }
        CommandError::Problem(_) | CommandError::Core(_) => error,
    }
}

/// Returns the dialects of the flag, or the URL's, or those that the crate declares. If there are none, returns all, which
/// must agree.
fn dialects(session: &Session<'_>) -> Result<(Vec<Dialect>, bool), CommandError> {
    let asked = &session.global.dialect;
    if !asked.is_empty() {
        return Ok((asked.iter().map(|dialect| (*dialect).into()).collect(), false));
    }
    if let Some(dialect) = session.dialect()? {
        return Ok((vec![dialect], false));
    }
    let declared = session.declared();
    if declared.is_empty() {
        Ok((Dialect::ALL.to_vec(), true))
    } else {
        Ok((declared.to_vec(), false))
    }
}
