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
    let dialects = match session.dialect()? {
        Some(dialect) => vec![dialect],
        None => declared(session),
    };
    let (up, down) = (Way::up(migration), Way::down(migration));
    if session.printer.is_json() {
        let dialect = dialects.first().copied().unwrap_or(Dialect::Sqlite);
        session.printer.json(&Shown {
            revision: Revision::new(status, known.asked),
            up: up.sql(dialect),
            down: down.sql(dialect),
            down_derived: down.derived,
        });
        return Ok(Exit::DONE);
    }
    print(session.printer, &known.graph, status);
    up.print(session.printer, &dialects);
    down.print(session.printer, &dialects);
    Ok(Exit::DONE)
}

/// What the crate is written for; without a word about it, SQLite's is shown.
fn declared(session: &Session<'_>) -> Vec<Dialect> {
    match session.resolved.config.dialects() {
        [] => vec![Dialect::Sqlite],
        dialects => dialects.to_vec(),
    }
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

/// Up or down, as it is shown.
struct Way<'a> {
    heading: &'static str,
    body: Option<&'a Body>,
    derived: bool,
    /// What there is where there is no SQL.
    without: &'static str,
}

impl<'a> Way<'a> {
    fn up(migration: &'a Migration) -> Self {
        let body = Some(migration.up_body());
        Self { heading: "up", body, derived: false, without: "code" }
    }

    fn down(migration: &'a Migration) -> Self {
        let (body, derived, without) = match migration.down_body() {
            Down::Body(body) => (Some(body), false, "code"),
            Down::Derived(body) => (Some(body), true, "code"),
            Down::Irreversible => (None, false, "irreversible"),
            Down::Nothing => (None, false, "nothing to undo"),
        };
        Self { heading: "down", body, derived, without }
    }

    fn sql(&self, dialect: Dialect) -> Option<String> {
        match self.body? {
            Body::Sql(body) => Some(body.render(dialect).text().to_owned()),
            Body::Code(_) => None,
        }
    }

    /// Prints it once where it is the same in all dialects, else once for each.
    fn print(&self, printer: &mut Printer, dialects: &[Dialect]) {
        let mut texts: Vec<(&str, Option<String>)> =
            dialects.iter().map(|dialect| (dialect.name(), self.sql(*dialect))).collect();
        texts.dedup_by(|a, b| a.1 == b.1);
        let differ = texts.len() > 1;
        for (dialect, sql) in texts {
            let marks = [self.derived.then_some("derived"), differ.then_some(dialect)];
            let marks: Vec<&str> = marks.into_iter().flatten().collect();
            let heading = match marks.as_slice() {
                [] => self.heading.to_owned(),
                marks => format!("{} ({})", self.heading, marks.join(", ")),
            };
            section(printer, &heading, sql.as_deref(), self.without);
        }
    }
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
