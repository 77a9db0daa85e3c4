//! `up`

use migrate_core::{Request, Target};

use crate::args::Up;
use crate::commands::{plan, script};
use crate::error::{Exit, Outcome};
use crate::json::{Applied, Notice, Ran};
use crate::observer;
use crate::session::{Access, Session, target};

pub(super) async fn up(session: &mut Session<'_>, args: &Up) -> Outcome {
    let revision = args.revision.as_deref().map(target).transpose()?;
    if let Some(range) = &args.sql {
        let range = script::range(range, revision)?;
        return script::print(
            session,
            &Request::Up(range.to.unwrap_or(Target::Head)),
            range.from.as_ref(),
        )
        .await;
    }
    let request = Request::Up(revision.unwrap_or(Target::Head));
    if args.plan {
        return plan::show(session, &request, Access::Read).await;
    }
    apply(session, &request, Access::Write).await
}

/// Runs a request that applies revisions.
pub(super) async fn apply(session: &mut Session<'_>, request: &Request, access: Access) -> Outcome {
    let mut database = session.database(access).await?;
    let report = database.run(request).await?;
    let nothing = observer::nothing(request);
    observer::summary_upwards(session.printer.talk(), &database, &report, nothing);
    if session.printer.is_json() {
        session.printer.json(&Applied {
            database: (&database.address).into(),
            applied: Ran::of(&database.graph, &report.done),
            notices: Notice::of(&database.graph, &report.notices, session.printer.talk()),
            pending_data: report.pending_data.len(),
        });
    }
    database.close().await;
    Ok(Exit::DONE)
}
