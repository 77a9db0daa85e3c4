//! `production`

use migrate_core::{Request, Target};

use crate::args::Production;
use crate::commands::{plan, up};
use crate::error::Outcome;
use crate::session::{Access, Session, target};

pub(super) async fn production(session: &mut Session<'_>, args: &Production) -> Outcome {
    let revision = args.revision.as_deref().map(target).transpose()?;
    let request = Request::Production(revision.unwrap_or(Target::Head));
    if args.plan {
        return plan::show(session, &request, Access::Release).await;
    }
    up::apply(session, &request, Access::Release).await
}
