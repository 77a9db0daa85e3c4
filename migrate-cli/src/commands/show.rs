//! `show`

use migrate_core::{
    Dialect, Direction, Down, Graph, Migration, NodeId, NodeSet, Resolved, Status, Target,
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
        let shown = Shown {
            revision: Revision::new(status, known.asked),
            up: up.sql(dialect)?,
            down: down.sql(dialect)?,
            down_derived: down.is_derived,
        };
        session.printer.json(&shown);
        return Ok(Exit::DONE);
    }
    print(session.printer, &known.graph, status);
    up.print(session.printer, &dialects)?;
    down.print(session.printer, &dialects)?;
    Ok(Exit::DONE)
}

/// Returns the crate's dialects; if it declares none, SQLite's SQL is shown.
fn declared(session: &Session<'_>) -> Vec<Dialect> {
    match session.resolved.config.dialects() {
        [] => vec![Dialect::Sqlite],
        dialects => dialects.to_vec(),
    }
}

/// Returns the single revision that a target means.
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
        [] => Err(Problem::new("no-revision", format_args!("`{target}` is not a revision"))
            .hint("`migrate history` lists the revisions")
            .into()),
        several => {
            let names: Vec<String> =
                several.iter().map(|node| format!("`{}`", graph.reference(*node))).collect();
            let problem = Problem::new(
                "ambiguous-target",
                format_args!("`{target}` is ambiguous: {}", names.join(", ")),
            );
            Err(problem.hint("name one of them").into())
        }
    }
}

fn print(printer: &mut Printer, graph: &Graph, status: &Status) {
    let revision = printer.revision(crate::titles::name(graph, &status.key));
    printer.line(format_args!("{revision} ({})", status.state.name()));
    printer.details(&details(graph, status));
}

/// `up` or `down` of a migration, to be shown.
struct Way<'a> {
    migration: &'a Migration,
    direction: Direction,
    is_derived: bool,
    /// The text to show if there is no SQL.
    without: &'static str,
}

impl<'a> Way<'a> {
    fn up(migration: &'a Migration) -> Self {
        Self { migration, direction: Direction::Up, is_derived: false, without: "code" }
    }

    fn down(migration: &'a Migration) -> Self {
        let down = migration.down_body();
        let without = match down {
            Down::Body(_) => "code",
            Down::Derived(_) => "not derived for this dialect",
            Down::Irreversible => "irreversible",
            Down::Nothing => "nothing to undo",
        };
        let is_derived = matches!(down, Down::Derived(_));
        Self { migration, direction: Direction::Down, is_derived, without }
    }

    fn heading(&self) -> &'static str {
        match self.direction {
            Direction::Up => "up",
            Direction::Down => "down",
        }
    }

    fn sql(&self, dialect: Dialect) -> Result<Option<String>, CommandError> {
        let sql = self.migration.sql(self.direction, dialect);
        sql.map_err(|error| {
            let (heading, key) = (self.heading(), self.migration.key());
            Problem::new(
                "panicked",
                format_args!("cannot get the SQL of `{heading}` of `{key}`: {error}"),
            )
            .into()
        })
    }

    /// Prints it once if it is the same in all dialects, otherwise once for each.
    fn print(&self, printer: &mut Printer, dialects: &[Dialect]) -> Result<(), CommandError> {
        let text = |dialect: &Dialect| Ok((dialect.name(), self.sql(*dialect)?));
        let mut texts = dialects.iter().map(text).collect::<Result<Vec<_>, CommandError>>()?;
        texts.dedup_by(|a, b| a.1 == b.1);
        let differ = texts.len() > 1;
        for (dialect, sql) in texts {
            let marks = [self.is_derived.then_some("derived"), differ.then_some(dialect)];
            let marks: Vec<&str> = marks.into_iter().flatten().collect();
            let heading = match marks.as_slice() {
                [] => self.heading().to_owned(),
                marks => format!("{} ({})", self.heading(), marks.join(", ")),
            };
            section(printer, &heading, sql.as_deref(), self.without);
        }
        Ok(())
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
