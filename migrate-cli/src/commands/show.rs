//! `show`

use migrate_core::{
    Body, Derived, Dialect, Down, Graph, Migration, NodeId, NodeSet, Resolved, SqlBody, Status,
    Target,
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
            down_derived: down.is_derived(),
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

/// Where the SQL of one way comes from.
#[derive(Clone, Copy)]
enum Text<'a> {
    Written(&'a SqlBody),
    Derived(&'a Derived),
    None,
}

impl<'a> Text<'a> {
    fn of(body: &'a Body) -> Self {
        match body {
            Body::Sql(sql) => Self::Written(sql),
            Body::Code(_) => Self::None,
        }
    }
}

/// Up or down, as it is shown.
struct Way<'a> {
    heading: &'static str,
    text: Text<'a>,
    /// What there is where there is no SQL.
    without: &'static str,
}

impl<'a> Way<'a> {
    fn up(migration: &'a Migration) -> Self {
        Self { heading: "up", text: Text::of(migration.up_body()), without: "code" }
    }

    fn down(migration: &'a Migration) -> Self {
        let (text, without) = match migration.down_body() {
            Down::Body(body) => (Text::of(body), "code"),
            Down::Derived(derived) => (Text::Derived(derived), "not derived for this dialect"),
            Down::Irreversible => (Text::None, "irreversible"),
            Down::Nothing => (Text::None, "nothing to undo"),
        };
        Self { heading: "down", text, without }
    }

    fn is_derived(&self) -> bool {
        matches!(self.text, Text::Derived(_))
    }

    fn sql(&self, dialect: Dialect) -> Option<String> {
        match self.text {
            Text::Written(body) => Some(body.render(dialect).text().to_owned()),
            Text::Derived(derived) => derived.text(dialect).map(str::to_owned),
            Text::None => None,
        }
    }

    /// Prints it once where it is the same in all dialects, else once for each.
    fn print(&self, printer: &mut Printer, dialects: &[Dialect]) {
        let mut texts: Vec<(&str, Option<String>)> =
            dialects.iter().map(|dialect| (dialect.name(), self.sql(*dialect))).collect();
        texts.dedup_by(|a, b| a.1 == b.1);
        let differ = texts.len() > 1;
        for (dialect, sql) in texts {
            let marks = [self.is_derived().then_some("derived"), differ.then_some(dialect)];
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
