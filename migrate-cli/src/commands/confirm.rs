//! Whoever may destroy something names the database first.

use migrate_core::{Report, Request};

use crate::announce::announce;
use crate::error::{CommandError, Problem};
use crate::handle::Handle;
use crate::session::Session;

/// What is to be confirmed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deed {
    /// What it would do, after "this would".
    pub(super) would: &'static str,
    /// Whether it is asked for in every environment, and not only in those that are protected.
    pub(super) everywhere: bool,
}

/// Runs a request that somebody may have to confirm. What is shown and confirmed is what runs, or nothing does. Where nobody is
/// asked, the plan is made and announced under the lock, so that what another run did meanwhile makes no difference.
pub(super) async fn run(
    session: &mut Session<'_>,
    database: &mut Handle,
    request: &Request,
    deed: Deed,
) -> Result<Report, CommandError> {
    // A file that is not there has no history that could change.
    if database.exists() && !must_confirm(session, database, deed) {
        if let Request::Down(_) | Request::DownFromHistory(_) = request {
            database.announcing.begin();
        }
        return database.run(request).await;
    }
    let plan = database.plan(request).await?;
    let several = database.graph.crates().nth(1).is_some();
    announce(session.printer.talk(), &plan, several);
    if !plan.is_empty() {
        confirm(session, database, deed).await?;
    }
    database.run_plan(&plan).await
}

/// Whether there is a word to be given, and none was given with the command.
fn must_confirm(session: &Session<'_>, database: &Handle, deed: Deed) -> bool {
    let needed = session.resolved.is_protected() || deed.everywhere;
    let given = session.global.yes.as_deref().unwrap_or_default();
    needed && !names(database, given)
}

/// Whether an answer is the database's name.
fn names(database: &Handle, answer: &str) -> bool {
    let path = database.address.database.as_str();
    !answer.is_empty() && (answer == last_part(path) || answer == path)
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Goes on only for somebody who names the database: where the environment is protected, or the deed asks for it.
pub(super) async fn confirm(
    session: &mut Session<'_>,
    database: &Handle,
    deed: Deed,
) -> Result<(), CommandError> {
    let protected = session.resolved.is_protected();
    if !protected && !deed.everywhere {
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
        return Err(problem(message).hint(format!("it is `{name}`")).into());
    }
    if !session.printer.can_ask() {
        let message = if protected {
            format!("`{environment}` is protected, and this would {}", deed.would)
        } else {
            format!("this would {}", deed.would)
        };
        return Err(problem(message)
            .hint(format!("to go on, name the database: `--yes={name}`"))
            .into());
    }
    let why = if protected {
        format!("`{environment}` is protected.")
    } else {
        format!("This would {}.", deed.would)
    };
    let question = format!("{why} To go on, type the database's name, `{name}`:");
    if names(database, &session.printer.ask(&question).await) {
        return Ok(());
    }
    Err(Problem::new("not-confirmed", "nothing was done: the answer was not the database's name")
        .into())
}
