//! Lease owners that die, stop renewing and come back, or have a clock that is a minute ahead.

use migrate_core::{Dialect, Moment};
use migrate_tests::Database;
use rustix::process::Signal;

use crate::check::{Check, Outcome};
use crate::clean::Clean;
use crate::kill::{engine, nobody_left};
use crate::plan;
use crate::runner::Runner;
use crate::settings::Form;
use crate::stall::stopped;
use crate::worker::Act;

/// How long an owner may go without renewing, in seconds.
const LIFE: u64 = 2;

/// Waiting for a lease to expire takes seconds, so only some of the statements are tried.
const EVERY: usize = 4;

pub(crate) fn checks(form: Form) -> Vec<Check> {
    if form == Form::Short {
        return Vec::new();
    }
    let rows = |dialect| {
        let name = engine(dialect);
        [
            Check::new(name, "a lease's owner killed in the middle", move || killed(dialect)),
            Check::new(name, "a lease's owner silent, fenced off when it is back", move || {
                silent(dialect)
            }),
            Check::new(name, "a lease's owner whose clock is a minute off", move || ahead(dialect)),
        ]
    };
    [Dialect::Postgres, Dialect::Mysql].into_iter().flat_map(rows).collect()
}

fn runner(database: &Database) -> Runner {
    Runner::new(database.url(), plan::SHORT, "production").lock("lease").lease(LIFE)
}

/// Returns the undisturbed result, and some of the statements of a run with a lease.
async fn places(dialect: Dialect) -> (Clean, Vec<usize>) {
    let database = Database::fresh(dialect).await;
    let clean = Clean::by(&runner(&database), database).await;
    let places = (1..=clean.statements).step_by(EVERY).collect();
    (clean, places)
}

async fn drop_left(database: Database) {
    nobody_left(&database).await;
    database.drop().await;
}

async fn killed(dialect: Dialect) -> Outcome {
    let (clean, places) = places(dialect).await;
    let mut outcome = Outcome::default();
    for at in places {
        let database = Database::fresh(dialect).await;
        let case = format!("killed before statement {at}");
        let owner = runner(&database).fault(at, Moment::Before, Act::Kill).run().await;
        if !owner.was_killed() {
            outcome.differences.push(format!("{case}: it was not: {}", owner.told()));
        }
        outcome.add(clean.finish(&runner(&database), &database, &case).await);
        drop_left(database).await;
    }
    outcome
}

/// An owner that is stopped counts as gone. If it left a transaction open, the next run may have to wait for that; if it had
/// nothing left to write, it succeeds.
async fn silent(dialect: Dialect) -> Outcome {
    let (clean, places) = places(dialect).await;
    let (mut outcome, mut fenced_off) = (Outcome::default(), 0);
    for at in places {
        let database = Database::fresh(dialect).await;
        let owner = runner(&database).fault(at, Moment::Before, Act::Stop).start();
        stopped(&owner).await;
        let other = runner(&database).wait(5 * LIFE).run().await;
        owner.signal(Signal::CONT);
        let owner = owner.end().await;
        let lost = owner.code() == Some(1) && owner.complained.contains("taken over");
        if other.code() == Some(0) && lost {
            fenced_off += 1;
        }
        let case = format!("silent before statement {at}");
        outcome.add(clean.finish(&runner(&database), &database, &case).await);
        drop_left(database).await;
    }
    if fenced_off == 0 {
        outcome.differences.push("no owner was fenced off".to_owned());
    }
    outcome.note = format!("{fenced_off} fenced off");
    outcome
}

async fn ahead(dialect: Dialect) -> Outcome {
    let (clean, places) = places(dialect).await;
    let middle = places.get(places.len() / 2).copied().unwrap_or_default();
    let mut outcome = Outcome::default();
    for offset in ["+60s", "-60s"] {
        let database = Database::fresh(dialect).await;
        let case = format!("the owner's clock is {offset} off");
        let owner = runner(&database).under(["faketime", "-f", offset]);
        let mut owner = owner.fault(middle, Moment::Before, Act::Hold).start();
        assert!(owner.says("held").await, "{case}: it never came to statement {middle}");
        // Longer than a lease lives without renewal: this one is renewed.
        let other = runner(&database).wait(3 * LIFE).run().await;
        if other.code() != Some(1) || !other.has_waited() {
            outcome.differences.push(format!("{case}: the other does not wait: {}", other.told()));
        }
        owner.let_go();
        let owner = owner.end().await;
        if owner.code() != Some(0) {
            outcome.differences.push(format!("{case}: it does not end well: {}", owner.told()));
        }
        outcome.add(clean.finish(&runner(&database), &database, &case).await);
        drop_left(database).await;
    }
    outcome
}
