//! `stamp`

use migrate_core::Request;

use crate::args::Stamp;
use crate::commands::confirm::{self, Confirmation};
use crate::commands::{plan, script};
use crate::error::{Exit, Outcome, Problem};
use crate::json::Stamped;
use crate::observer;
use crate::session::{Access, Session, target};

pub(super) async fn stamp(session: &mut Session<'_>, args: &Stamp) -> Outcome {
    let request = Request::Stamp(target(&args.revision)?);
    if let Some(range) = &args.sql {
        let range = script::range(range, None)?;
        if range.to.is_some() {
            return Err(Problem::usage(
                "usage",
                "the revision sets the target, and `--sql=A:` only the start",
            )
            .into());
        }
        return script::print(session, &request, range.from.as_ref()).await;
    }
    if args.plan {
        return plan::show(session, &request, Access::Read).await;
    }
    let mut database = session.database(Access::Write).await?;
    let confirmation = Confirmation { would: "change its history", everywhere: false };
    let report = confirm::run(session, &mut database, &request, confirmation).await?;
    observer::summary(session.printer.talk(), &database, &report);
    if session.printer.is_json() {
        session.printer.json(&Stamped::of(&database.address, &database.graph, &report.done));
    }
    database.close().await;
    Ok(Exit::DONE)
}
