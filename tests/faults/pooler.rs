//! PgBouncer in transaction mode, where a session serves another client after each transaction.

use migrate_core::{Connection, Dialect, Moment};
use migrate_tests::Database;

use crate::check::{Check, Outcome};
use crate::clean::Clean;
use crate::plan;
use crate::runner::Runner;
use crate::settings::{Form, told_by};
use crate::worker::Act;

const ENGINE: &str = "PgBouncer";

/// How often sixteen start at once.
const ROUNDS: usize = 3;

/// How long a killed lease owner blocks the next run, in seconds.
const LIFE: u64 = 1;

/// The pool size in `tests/with-pgbouncer`.
const SESSIONS: usize = 6;

pub(crate) fn checks(form: Form) -> Vec<Check> {
    match form {
        Form::Short => Vec::new(),
        Form::Full => vec![
            Check::new(ENGINE, "16 runners at once, an index built concurrently", || {
                crowd(plan::SHORT)
            }),
            Check::new(ENGINE, "16 runners at once, every kind of step", || crowd(plan::MIXED)),
            Check::new(ENGINE, "killed before each statement", || {
                killed_at_every_statement(Moment::Before)
            }),
            Check::new(ENGINE, "killed after each statement", || {
                killed_at_every_statement(Moment::After)
            }),
        ],
    }
}

/// Creates a database; returns it directly and through the pool.
async fn pooled() -> (Database, Database) {
    let database = Database::fresh(Dialect::Postgres).await;
    let pool = database.by_way_of(&told_by("tests/with-pgbouncer", "TEST_PGBOUNCER_URL"));
    (database, pool)
}

async fn crowd(plan: &'static str) -> Outcome {
    let clean = Clean::of(Database::fresh(Dialect::Postgres).await, plan).await;
    let mut outcome = Outcome::default();
    for round in 0..ROUNDS {
        let (database, pool) = pooled().await;
        let untouched = session(&mut pool.open().await).await;
        let case = format!("round {round}");
        let runners = vec![Runner::new(pool.url(), plan, "production"); 16];
        outcome.add(clean.share(&runners, &case).await);
        clean.compare(&database, &case, &mut outcome).await;
        for found in sessions(&pool).await {
            outcome.expect(&format!("{case}: what is left on a session"), found, untouched.clone());
        }
        database.drop().await;
    }
    outcome
}

async fn killed_at_every_statement(moment: Moment) -> Outcome {
    let (database, pool) = pooled().await;
    let production =
        |pool: &Database| Runner::new(pool.url(), plan::SHORT, "production").lease(LIFE);
    let clean = Clean::by(&production(&pool), database).await;
    let mut outcome = Outcome { resumed: Some(0), ..Outcome::default() };
    for at in 1..=clean.statements {
        let (database, pool) = pooled().await;
        let runner = production(&pool);
        let killed = runner.clone().fault(at, moment, Act::Kill).run().await;
        let case = format!("{moment:?} statement {at}: {}", killed.told());
        outcome.expect(&case, killed.was_killed(), true);
        outcome.add(clean.finish(&runner, &database, &case).await);
        database.drop().await;
    }
    outcome
}

/// Returns the state of each session of the pool: all are taken at once, each by a transaction.
async fn sessions(pool: &Database) -> Vec<Vec<String>> {
    let mut clients = Vec::new();
    for _ in 0..SESSIONS {
        let mut client = pool.open().await;
        client.query("BEGIN").await.expect("a session of its own");
        clients.push(client);
    }
    let mut found = Vec::new();
    for mut client in clients {
        found.push(session(&mut client).await);
        client.query("ROLLBACK").await.expect("an end");
        client.close().await.expect("a goodbye");
    }
    found
}

/// Returns the state that a session would pass on to its next client.
async fn session(client: &mut Connection) -> Vec<String> {
    let query = "SELECT name || ' = ' || setting FROM pg_settings WHERE source = 'session' \
        UNION ALL SELECT 'prepared ' || statement FROM pg_prepared_statements \
        UNION ALL SELECT 'lock ' || mode FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() \
        UNION ALL SELECT 'temporary ' || relname FROM pg_class WHERE relpersistence = 't' AND relkind = 'r' ORDER BY 1";
    let rows = client.query(query).await.expect("the session's state");
    rows.iter().filter_map(|row| row.at(0)).collect()
}
