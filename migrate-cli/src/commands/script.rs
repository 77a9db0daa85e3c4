//! `--sql`: what a command would run, as a script.

use migrate_core::{DatabaseUrl, Dialect, Offline, Request, Target, TargetRange};

use crate::error::{CommandError, Exit, Outcome, Problem};
use crate::json::Script;
use crate::session::Session;

/// The range of `--sql=A:B`; `-r` may give its end.
pub(super) fn range(text: &str, revision: Option<Target>) -> Result<TargetRange, CommandError> {
    let mut range: TargetRange = text.parse()?;
    match (&range.to, revision) {
        (Some(_), Some(_)) => {
            return Err(Problem::usage("usage", "both `--sql=A:B` and `-r` say where to go")
                .hint("leave one out")
                .into());
        }
        (None, Some(revision)) => range.to = Some(revision),
        (_, None) => {}
    }
    Ok(range)
}

/// Prints the script that does what `request` asks for. Never connects.
pub(super) async fn print(
    session: &mut Session<'_>,
    request: &Request,
    from: Option<&Target>,
) -> Outcome {
    let Some(dialect) = session.dialect()? else {
        let problem =
            Problem::usage("no-dialect", "it is not known which dialect the script is for");
        return Err(problem.hint("say `--dialect postgres`, `mysql` or `sqlite`").into());
    };
    let graph = session.graph()?;
    session.refuse_other(dialect)?;
    let schema = schema(session, dialect)?;
    let offline = Offline::new(&graph, &session.resolved.core, dialect, schema);
    let script = offline.script(request, from).await?;
    if session.printer.is_json() {
        session.printer.json(&Script { sql: script });
    } else {
        session.printer.raw(script);
    }
    Ok(Exit::DONE)
}

/// MySQL's history table is named with its database, if that is known.
fn schema(session: &Session<'_>, dialect: Dialect) -> Result<Option<String>, CommandError> {
    if dialect != Dialect::Mysql {
        return Ok(None);
    }
    let named = session.resolved.named_database(session.world)?;
    let name = |url: &DatabaseUrl| url.database().to_owned();
    let of_mysql =
        named.filter(|named| named.url.dialect() == dialect).map(|named| name(&named.url));
    Ok(of_mysql.filter(|name| !name.is_empty()))
}
