//! `create`

use migrate_core::{NodeSet, Resolved};

use crate::args::Create;
use crate::error::{CommandError, Exit, Outcome, Problem};
use crate::json::Created;
use crate::scaffold::{self, Lineage, Wanted};
use crate::session::{Session, target};

pub(super) fn create(session: &mut Session<'_>, args: &Create) -> Outcome {
    let home = session.home()?;
    let graph = session.graph_if_any()?;
    let lineage = Lineage::new(graph.as_deref(), session.program.crate_name());
    let parents = match (&args.after, &graph) {
        (None, _) => None,
        (Some(after), Some(graph)) => match target(after)?.resolve(graph, &NodeSet::new())? {
            Resolved::At(nodes) => Some(nodes),
            Resolved::Base(_) => Some(Vec::new()),
            Resolved::Relative(..) => return Err(no_place(after)),
        },
        (Some(after), None) if after == "base" => Some(Vec::new()),
        (Some(after), None) => return Err(no_place(after)),
    };
    let wanted = Wanted {
        text: args.text.clone(),
        kind: args.kind.into(),
        rev: args.rev.clone(),
        parents,
        branch: args.branch.clone(),
    };
    let revision =
        lineage.place(&wanted, session.resolved.config.create.ids, session.world.seed)?;
    let created = scaffold::write(home, session.resolved.config.create.dir.as_deref(), &revision)?;
    tell(session, &revision, &created);
    Ok(Exit::DONE)
}

fn no_place(after: &str) -> CommandError {
    Problem::usage("no-revision", format_args!("`{after}` is not a revision"))
        .hint("`migrate history` lists the revisions")
        .into()
}

/// Prints the path, relative to the current folder.
pub(super) fn tell(
    session: &mut Session<'_>,
    revision: &scaffold::NewRevision,
    created: &std::path::Path,
) {
    let path =
        created.strip_prefix(&session.world.directory).unwrap_or(created).display().to_string();
    session.printer.talk().say(format_args!("created revision {}", revision.id));
    if session.printer.is_json() {
        session.printer.json(&Created { revision: revision.id.clone(), path });
    } else {
        session.printer.line(path);
    }
}
