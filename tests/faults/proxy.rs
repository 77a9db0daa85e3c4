//! A slow or broken connection to the server: round trips are counted, and runs are cut off at every message.

use std::time::{Duration, Instant};

use migrate_core::prelude::*;
use migrate_core::{Migration, Migrator, Target};
use migrate_tests::{Database, Place, Proxy, Traffic};

use crate::check::{Check, Outcome};
use crate::clean::Clean;
use crate::kill::engine;
use crate::plan;
use crate::runner::Runner;
use crate::settings::Form;

/// The additional latency of a round trip through the proxy.
const FAR: Duration = Duration::from_millis(20);

/// The maximum number of round trips of a run, including everything besides its migrations.
struct Errand {
    name: &'static str,
    migrations: fn(Dialect) -> Vec<Migration>,
    /// Beyond what one plain migration costs; nothing where that is what is measured.
    beyond: fn(Dialect) -> usize,
}

const ERRANDS: [Errand; 6] = [
    Errand { name: "1 plain migration", migrations: |_| plain(1), beyond: |_| 0 },
    Errand { name: "10 plain migrations", migrations: |_| plain(10), beyond: |_| 0 },
    Errand { name: "50 plain migrations", migrations: |_| plain(50), beyond: |_| 0 },
    Errand { name: "100 plain migrations", migrations: |_| plain(100), beyond: |_| 1 },
    // A message before it, one for each statement, and one behind it; what it may have set is looked at. Where DDL
    // commits by itself, each statement is marked before it is run.
    Errand {
        name: "a code migration of 2 statements",
        migrations: |_| vec![by_code()],
        beyond: |dialect| if dialect == Dialect::Mysql { 11 } else { 8 },
    },
    Errand {
        name: "a migration of 3 statements that commit alone",
        migrations: alone,
        beyond: |dialect| if dialect == Dialect::Mysql { 0 } else { 12 },
    },
];

pub(crate) fn checks(form: Form) -> Vec<Check> {
    if form == Form::Short {
        return Vec::new();
    }
    let mut checks = Vec::new();
    for dialect in [Dialect::Postgres, Dialect::Mysql] {
        checks.push(Check::new(engine(dialect), "round trips, nothing to do", move || {
            nothing_to_do(dialect)
        }));
        for errand in ERRANDS {
            let name = format!("round trips, {}", errand.name);
            checks.push(Check::new(engine(dialect), name, move || count(dialect, errand)));
        }
        for place in Place::ALL {
            let name = format!("cut off {} each message", word(place));
            checks.push(Check::new(engine(dialect), name, move || cut(dialect, place)));
        }
    }
    checks
}

const fn word(place: Place) -> &'static str {
    match place {
        Place::Before => "before",
        Place::Inside => "inside",
        Place::After => "behind",
    }
}

fn plain(count: usize) -> Vec<Migration> {
    (1..=count)
        .map(|number| {
            Migration::new(format!("{number:03}"))
                .up(format!("CREATE TABLE t{number:03} (id BIGINT PRIMARY KEY)"))
                .down(format!("DROP TABLE t{number:03}"))
        })
        .collect()
}

async fn two_statements(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO base (id) VALUES (1)").await?;
    db.execute("INSERT INTO base (id) VALUES (2)").await?;
    Ok(())
}

fn by_code() -> Migration {
    Migration::new("001").up(two_statements).waive("mixed", "only rows, and no data migration")
}

fn alone(dialect: Dialect) -> Vec<Migration> {
    let migration = Migration::new("001");
    vec![match dialect {
        Dialect::Mysql => migration
            .up("CREATE INDEX a ON base (id); CREATE INDEX b ON base (id, id2); CREATE INDEX c ON base (id2)"),
        Dialect::Postgres | Dialect::Sqlite => migration
            .up("CREATE INDEX CONCURRENTLY a ON base (id); CREATE INDEX CONCURRENTLY b ON base (id, id2);
                 CREATE INDEX CONCURRENTLY c ON base (id2)")
            .transaction(false),
    }]
}

/// Creates a database with a history and a table, like most databases.
async fn settled(dialect: Dialect) -> Database {
    let database = Database::fresh(dialect).await;
    let base = Migration::new("000")
        .up("CREATE TABLE base (id BIGINT NOT NULL, id2 BIGINT NOT NULL DEFAULT 0)");
    database.connect(vec![base.down("DROP TABLE base")]).await.up(Target::Head).await.expect("up");
    database
}

/// Returns the traffic of a run after connecting, and its duration with latency.
async fn far(database: &Database, mut set: Vec<Migration>) -> (Traffic, Duration) {
    let base = Migration::new("000")
        .up("CREATE TABLE base (id BIGINT NOT NULL, id2 BIGINT NOT NULL DEFAULT 0)");
    set.insert(0, base.down("DROP TABLE base"));
    let proxy = Proxy::before(database).await;
    proxy.lengthen(FAR);
    let mut migrator = Migrator::new(set).connect(proxy.url()).await.expect("a connection");
    proxy.restart_count();
    let begun = Instant::now();
    migrator.up(Target::Head).await.expect("up");
    (proxy.traffic(), begun.elapsed())
}

async fn nothing_to_do(dialect: Dialect) -> Outcome {
    let database = settled(dialect).await;
    let (traffic, elapsed) = far(&database, Vec::new()).await;
    database.drop().await;
    let mut outcome = told(traffic, elapsed);
    outcome.expect("round trips", traffic.round_trips, 1);
    outcome
}

async fn count(dialect: Dialect, errand: Errand) -> Outcome {
    let database = settled(dialect).await;
    let (one, _) = far(&database, plain(1)).await;
    database.drop().await;
    let database = settled(dialect).await;
    let (traffic, elapsed) = far(&database, (errand.migrations)(dialect)).await;
    database.drop().await;
    let mut outcome = told(traffic, elapsed);
    let most = one.round_trips + (errand.beyond)(dialect);
    let found = format!("{} round trips, of {most} at most", traffic.round_trips);
    outcome.expect(&found, traffic.round_trips <= most, true);
    outcome
}

/// Checks that the duration matches the counted round trips.
fn told(traffic: Traffic, elapsed: Duration) -> Outcome {
    let Traffic { connections, round_trips, .. } = traffic;
    let more =
        if connections > 0 { format!(", {connections} more connections") } else { String::new() };
    let note = format!("{round_trips} round trips, {} ms at 20 ms each{more}", elapsed.as_millis());
    let mut outcome = Outcome { tried: 1, note, ..Outcome::default() };
    let least = FAR * u32::try_from(round_trips).unwrap_or(u32::MAX);
    if connections == 0 {
        outcome.expect("as long as its round trips", elapsed >= least, true);
    }
    outcome
}

async fn cut(dialect: Dialect, place: Place) -> Outcome {
    let clean = Clean::of(Database::fresh(dialect).await, plan::MIXED).await;
    let mut outcome = Outcome { resumed: Some(0), ..Outcome::default() };
    for command in 1.. {
        let database = Database::fresh(dialect).await;
        let proxy = Proxy::before(&database).await;
        let migrations = plan::named(plan::MIXED, dialect);
        let migrator = Migrator::new(migrations).connect(proxy.url()).await;
        let mut migrator = migrator.expect("a connection through the proxy");
        proxy.cut_at(command, place);
        let ended = migrator.production(Target::Head).await;
        let case = format!(
            "command {command}: {}",
            ended.as_ref().map_or_else(ToString::to_string, |_| "done".to_owned())
        );
        if !proxy.has_ended() {
            outcome.expect(&case, ended.is_ok(), true);
            database.drop().await;
            break;
        }
        let next = Runner::new(database.url(), plan::MIXED, "production");
        outcome.add(clean.finish(&next, &database, &case).await);
        database.drop().await;
    }
    outcome
}
