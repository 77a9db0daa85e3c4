//! `show`

use migrate_core::{
    Body, Dialect, Down, Graph, Migration, NodeId, NodeSet, Resolved, Status, Target,
};

use crate::args::Show;
use crate::commands::history::{Known, details};
use crate::error::{CommandError, Exit, Outcome, Problem};
use crate::io::Printer;
use crate::json::{Revision, Shown};
use crate::session::{Session, target};

pub(super) async fn show(session: &mut Session<'_>, args: &Show) -> Outcome {
    let target = target(&args.revision)?;
    let known = Known::read(session).await?;
    let node = one(&known.graph, &known.applied(), &target)?;
    let migration = known.graph.migration(node);
    let Some(status) = known.all.iter().find(|status| status.key == *migration.key()) else {
        return Ok(Exit::DONE);
    };
    let dialect = match session.dialect()? {
        Some(dialect) => dialect,
        None => session.resolved.config.dialects().first().copied().unwrap_or(Dialect::Sqlite),
    };
    let (up, down) = (sql(migration.up_body(), dialect), down_sql(migration, dialect));
    if session.printer.is_json() {
        let (revision, down_derived) = (Revision::new(status, known.asked), is_derived(migration));
        session.printer.json(&Shown { revision, up, down, down_derived });
        return Ok(Exit::DONE);
    }
    print(session.printer, &known.graph, status);
    section(session.printer, "up", up.as_deref(), "code");
    let without = match migration.down_body() {
        Down::Body(_) | Down::Derived(_) => "code",
        Down::Irreversible => "irreversible",
        Down::Nothing => "nothing to undo",
    };
    let heading = if is_derived(migration) { "down (derived)" } else { "down" };
    section(session.printer, heading, down.as_deref(), without);
    Ok(Exit::DONE)
}

/// The one revision that a target means.
pub(super) fn one(
    graph: &Graph,
    applied: &NodeSet,
    target: &Target,
) -> Result<NodeId, CommandError> {
    let found = match target.resolve(graph, applied)? {
        Resolved::At(nodes) => nodes,
        Resolved::Base(_) | Resolved::Relative(..) => Vec::new(),
    };
    match found.as_slice() {
        [node] => Ok(*node),
        [] => Err(Problem::new("no-revision", format_args!("`{target}` is no revision"))
            .hint("`migrate history` shows them")
            .into()),
        several => {
            let names: Vec<String> =
                several.iter().map(|node| format!("`{}`", graph.reference(*node))).collect();
            let problem = Problem::new(
                "ambiguous-target",
                format_args!("`{target}` is any of {}", names.join(", ")),
            );
            Err(problem.hint("name one of them").into())
        }
    }
}

fn print(printer: &mut Printer, graph: &Graph, status: &Status) {
    let revision = printer.revision(crate::observer::name(graph, &status.key));
    printer.line(format_args!("{revision} ({})", status.state.name()));
    printer.details(&details(graph, status));
}

fn section(printer: &mut Printer, heading: &str, sql: Option<&str>, without: &str) {
    match sql {
        None => printer.line(format_args!("\n{heading}: {without}")),
        Some(sql) => {
            printer.line(format_args!("\n{heading}:"));
            for line in sql.trim_end().lines().skip_while(|line| line.trim().is_empty()) {
                printer.line(format!("    {line}").trim_end());
            }
        }
    }
}

fn sql(body: &Body, dialect: Dialect) -> Option<String> {
    match body {
        Body::Sql(body) => Some(body.render(dialect).text().to_owned()),
        Body::Code(_) => None,
    }
}

fn is_derived(migration: &Migration) -> bool {
    matches!(migration.down_body(), Down::Derived(_))
}

fn down_sql(migration: &Migration, dialect: Dialect) -> Option<String> {
    match migration.down_body() {
        Down::Body(body) | Down::Derived(body) => sql(body, dialect),
        Down::Irreversible | Down::Nothing => None,
    }
}
