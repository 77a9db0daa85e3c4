//! `merge`

use migrate_core::{Graph, Kind, NodeId, NodeSet};

use crate::args::Merge;
use crate::commands::{create, show};
use crate::error::{CommandError, Exit, Outcome, Problem};
use crate::scaffold::{self, Lineage, Wanted};
use crate::session::{Session, target};

pub(super) fn merge(session: &mut Session<'_>, args: &Merge) -> Outcome {
    let home = session.home()?;
    let graph = session.graph()?;
    let krate = session.program.crate_name();
    let parents = match args.revisions.as_slice() {
        [] => krate.map_or_else(|| graph.heads(), |krate| graph.heads_of(krate)),
        named => named.iter().map(|name| parent(&graph, name)).collect::<Result<_, _>>()?,
    };
    if parents.len() < 2 {
        let message = match parents.first() {
            Some(head) if args.revisions.is_empty() => {
                format!("there is one head, `{}`: nothing to join", graph.reference(*head))
            }
            _ => "a merge joins two revisions or more".to_owned(),
        };
        return Err(Problem::new("nothing-to-merge", message).into());
    }
    let names: Vec<String> =
        parents.iter().map(|node| graph.migration(*node).id().to_string()).collect();
    let text = args.message.clone().unwrap_or_else(|| format!("merge {}", names.join(" and ")));
    let wanted = Wanted {
        text,
        kind: Kind::Schema,
        rev: args.rev.clone(),
        parents: Some(parents),
        branch: None,
    };
    let lineage = Lineage::new(Some(&graph), krate);
    let mut revision =
        lineage.place(&wanted, session.resolved.config.create.ids, session.world.seed)?;
    revision.is_merge = true;
    let created = scaffold::write(home, session.resolved.config.create.dir.as_deref(), &revision)?;
    create::tell(session, &revision, &created);
    Ok(Exit::DONE)
}

fn parent(graph: &Graph, name: &str) -> Result<NodeId, CommandError> {
    show::one(graph, &NodeSet::new(), &target(name)?)
}
