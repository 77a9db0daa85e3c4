//! Whoever may destroy something names the database first.

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
    let path = database.address.database.as_str();
    let name = path.rsplit('/').next().unwrap_or(path).to_owned();
    let is_named = |answer: &str| !answer.is_empty() && (answer == name || answer == path);
    let environment = session.resolved.environment.as_ref().map_or("", |(name, _)| name).to_owned();
    let given = session.global.yes.clone().unwrap_or_default();
    if is_named(&given) {
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
    if is_named(&session.printer.ask(&question).await) {
        return Ok(());
    }
    Err(Problem::new("not-confirmed", "nothing was done: the answer was not the database's name")
        .into())
}
