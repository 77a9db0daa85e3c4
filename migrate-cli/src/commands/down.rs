//! `down`

use migrate_core::{Request, Target};

use crate::args::Down;
use crate::commands::confirm::{self, Confirmation};
use crate::commands::{plan, script};
use crate::error::{Exit, Outcome};
use crate::json::{Notice, Ran, Reverted};
use crate::observer;
use crate::session::{Access, Session, target};

pub(super) async fn down(session: &mut Session<'_>, args: &Down) -> Outcome {
    let revision = args.revision.as_deref().map(target).transpose()?;
    if let Some(range) = &args.sql {
        let range = script::range(range, revision)?;
        return script::print(
            session,
            &Request::Down(range.to.unwrap_or(Target::Base)),
            range.from.as_ref(),
        )
        .await;
    }
    let request = if args.from_history {
        Request::DownFromHistory(args.number.map(usize::from))
    } else {
        Request::Down(revision.unwrap_or_else(|| steps(args.number)))
    };
    if args.plan {
        return plan::show(session, &request, Access::Read).await;
    }
    let mut database = session.database(Access::Alter).await?;
    let confirmation = Confirmation { would: "destroy data", everywhere: args.from_history };
    let report = confirm::run(session, &mut database, &request, confirmation).await?;
    observer::summary(session.printer.talk(), &database, &report);
    if session.printer.is_json() {
        session.printer.json(&Reverted {
            database: (&database.address).into(),
            reverted: Ran::of(&database.graph, &report.done),
            notices: Notice::of(&database.graph, &report.notices, session.printer.talk()),
        });
    }
    database.close().await;
    Ok(Exit::DONE)
}

/// Returns the target of `-n`; plain `down` undoes one revision.
fn steps(number: Option<u16>) -> Target {
    Target::Relative(-i32::from(number.unwrap_or(1)))
}
