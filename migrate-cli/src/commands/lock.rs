//! `lock`

use crate::args::Lock;
use crate::error::{Exit, Outcome};
use crate::escape::value;
use crate::json;
use crate::session::{Access, Session};

pub(super) async fn lock(session: &mut Session<'_>, args: &Lock) -> Outcome {
    let access = if args.release { Access::Alter } else { Access::Read };
    let mut database = session.database(access).await?;
    let printer = &mut *session.printer;
    let holder = if args.release {
        printer.talk().say("checking whether the lease is still renewed");
        database.release_lock().await?
    } else {
        database.lock_holder().await?
    };
    if printer.is_json() {
        printer.json(&json::Lock::new(&database.address, holder.as_ref(), args.release));
    } else {
        match holder {
            None => printer.line("nobody holds the migration lock"),
            Some(holder) if args.release => {
                printer.line(format_args!("released the lease of {}", value(&holder.to_string())));
            }
            Some(holder) => {
                printer.line(format_args!(
                    "held by a {}: {}",
                    holder.kind.name(),
                    value(&holder.to_string())
                ));
            }
        }
    }
    database.close().await;
    Ok(Exit::DONE)
}
