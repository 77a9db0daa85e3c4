//! `--sql`: prints what a command would run, as a script.

use migrate_core::{DatabaseUrl, Dialect, Offline, Request, Target, TargetRange};

use crate::error::{CommandError, Exit, Outcome, Problem};
use crate::json::Script;
use crate::session::Session;

/// Reads the range of `--sql=A:B`; `-r` may set its end.
pub(super) fn range(text: &str, revision: Option<Target>) -> Result<TargetRange, CommandError> {
    let mut range: TargetRange = text.parse()?;
    match (&range.to, revision) {
        (Some(_), Some(_)) => {
            return Err(Problem::usage("usage", "both `--sql=A:B` and `-r` set the target")
                .hint("omit one of them")
                .into());
        }
        (None, Some(revision)) => range.to = Some(revision),
        (_, None) => {}
    }
    Ok(range)
}

/// Prints the script for `request`. Never connects.
pub(super) async fn print(
    session: &mut Session<'_>,
    request: &Request,
    from: Option<&Target>,
) -> Outcome {
    let Some(dialect) = session.dialect()? else {
        let problem =
            Problem::usage("no-dialect", "cannot tell which dialect to write the script for");
        return Err(problem.hint("say `--dialect postgres`, `mysql` or `sqlite`").into());
    };
    let graph = session.graph()?;
    session.refuse_other(dialect)?;
    let url = url(session, dialect)?;
    let mut settings = session.resolved.core.clone();
    if let Some(url) = &url {
        settings = settings.of_url(url);
    }
    // MySQL's history table is qualified with its database, if that is known.
    let schema = url.as_ref().map(|url| url.database().to_owned());
    let schema = schema.filter(|name| dialect == Dialect::Mysql && !name.is_empty());
    let path = url.as_ref().and_then(DatabaseUrl::search_path).map(str::to_owned);
    let offline = Offline::new(&graph, &settings, dialect, schema).search_path(path);
    let script = offline.script(request, from).await?;
    if session.printer.is_json() {
        session.printer.json(&Script { sql: script });
    } else {
        session.printer.raw(script);
    }
    Ok(Exit::DONE)
}

/// Returns the database URL, if one is named and it has this dialect.
fn url(session: &Session<'_>, dialect: Dialect) -> Result<Option<DatabaseUrl>, CommandError> {
    let named = session.resolved.named_database(session.world)?;
    let url = named.map(|named| session.resolved.without_flags(&named.url));
    Ok(url.filter(|url| url.dialect() == dialect))
}
