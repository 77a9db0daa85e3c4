//! Asks for the name of the database before something is destroyed.

use migrate_core::{Report, Request};

use crate::announce::announce;
use crate::database::DatabaseHandle;
use crate::error::{CommandError, Problem};
use crate::session::Session;

/// A confirmation to ask for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Confirmation {
    /// What the command would do, after "this would".
    pub(super) would: &'static str,
    /// Whether to ask in every environment, rather than only in protected ones.
    pub(super) everywhere: bool,
}

/// Runs a request that may need a confirmation. The plan that was shown and confirmed is the plan that runs, or nothing runs. If
/// nobody is asked, the plan is made and announced under the lock, so that other runs cannot invalidate it.
pub(super) async fn run(
    session: &mut Session<'_>,
    database: &mut DatabaseHandle,
    request: &Request,
    confirmation: Confirmation,
) -> Result<Report, CommandError> {
    // A file that does not exist has no history that could change.
    if database.exists() && !must_confirm(session, database, confirmation) {
        if let Request::Down(_) | Request::DownFromHistory(_) = request {
            database.announcing.begin();
        }
        return database.run(request).await;
    }
    let plan = database.plan(request).await?;
    let several = database.graph.crates().nth(1).is_some();
    announce(session.printer.talk(), &plan, several);
    if !plan.is_empty() {
        confirm(session, database, confirmation).await?;
    }
    database.run_plan(&plan).await
}

/// Returns whether a confirmation is needed and was not given with the command.
fn must_confirm(
    session: &Session<'_>,
    database: &DatabaseHandle,
    confirmation: Confirmation,
) -> bool {
    let needed = session.resolved.is_protected() || confirmation.everywhere;
    let given = session.global.yes.as_deref().unwrap_or_default();
    needed && !names(database, given)
}

/// Returns whether an answer is the database's name.
fn names(database: &DatabaseHandle, answer: &str) -> bool {
    let path = database.address.database.as_str();
    !answer.is_empty() && (answer == last_part(path) || answer == path)
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Returns an error unless the user names the database, if the environment is protected or the command always asks.
pub(super) async fn confirm(
    session: &mut Session<'_>,
    database: &DatabaseHandle,
    confirmation: Confirmation,
) -> Result<(), CommandError> {
    let protected = session.resolved.is_protected();
    if !protected && !confirmation.everywhere {
        return Ok(());
    }
    let name = last_part(&database.address.database).to_owned();
    let environment = session.resolved.environment.as_ref().map_or("", |(name, _)| name).to_owned();
    let given = session.global.yes.clone().unwrap_or_default();
    if names(database, &given) {
        return Ok(());
    }
    let problem = |message: String| Problem::usage("not-confirmed", message);
    if !given.is_empty() {
        let whose = if protected { format!(" of `{environment}`") } else { String::new() };
        let message = format!("`--yes={given}` does not name the database{whose}");
        return Err(problem(message).hint(format!("its name is `{name}`")).into());
    }
    if !session.printer.can_ask() {
        let message = if protected {
            format!("`{environment}` is protected, and this would {}", confirmation.would)
        } else {
            format!("this would {}", confirmation.would)
        };
        return Err(problem(message)
            .hint(format!("to continue, name the database: `--yes={name}`"))
            .into());
    }
    let why = if protected {
        format!("`{environment}` is protected.")
    } else {
        format!("This would {}.", confirmation.would)
    };
    let question = format!("{why} To continue, type the database name, `{name}`:");
    if names(database, &session.printer.ask(&question).await) {
        return Ok(());
    }
    Err(Problem::new("not-confirmed", "cancelled: the name did not match").into())
}
