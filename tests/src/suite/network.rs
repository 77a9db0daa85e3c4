//! Distant servers and broken connections: round trips are counted, and runs are cut off at every message.

use migrate_core::{Connected, Migration, Migrator, Report, Target};

use crate::history::lasting;
use crate::migrations::{data, done, table};
use crate::schema::schema_of;
use crate::{Database, Place, Proxy, Traffic};

/// Returns the traffic of `production` of `set` after connecting.
async fn traffic(database: &Database, set: Vec<Migration>) -> (Traffic, Report) {
    let proxy = Proxy::before(database).await;
    let mut migrator = connect(&proxy, set).await;
    proxy.restart_count();
    let report = migrator.production(Target::Heads).await.expect("production");
    (proxy.traffic(), report)
}

async fn connect(proxy: &Proxy, set: Vec<Migration>) -> Connected {
    Migrator::new(set).connect(proxy.url()).await.expect("a connection through the proxy")
}

fn numbered(count: usize) -> Vec<Migration> {
    (1..=count).map(|number| table(&format!("{number:03}"))).collect()
}

pub async fn nothing_to_do_is_one_round_trip(database: &Database) {
    let set = numbered(3);
    let (_, first) = traffic(database, set.clone()).await;
    assert_eq!(first.done.len(), 3);
    let (traffic, second) = traffic(database, set).await;
    assert!(second.done.is_empty());
    assert_eq!(traffic, Traffic { connections: 0, commands: 1, round_trips: 1 });
}

pub async fn plain_revisions_share_round_trips(database: &Database) {
    let (one, _) = traffic(database, numbered(1)).await;
    let (another, _) = traffic(database, numbered(2)).await;
    let (hundred, report) = traffic(database, numbered(102)).await;
    assert_eq!(report.done.len(), 100);
    // The first run costs more: it also creates history's tables.
    assert!(one.round_trips >= another.round_trips, "{one:?} {another:?}");
    // Fifty are sent together, so a hundred cost one message more than one.
    assert_eq!(hundred.round_trips, another.round_trips + 1, "{another:?} {hundred:?}");
}

/// Returns revisions that change rows and schema, alone and together.
fn short_plan() -> Vec<Migration> {
    vec![table("1"), data("2", "INSERT INTO t1 VALUES (1)"), table("3"), table("4").depends_on("2")]
}

async fn state(database: &Database) -> (Vec<String>, Vec<String>, Vec<i64>) {
    let rows = database.column("SELECT id FROM t1 ORDER BY id").await;
    (schema_of(database).await, lasting(database).await, rows)
}

pub async fn a_run_cut_off_at_any_message_is_finished_by_the_next(database: &Database) {
    let ids = ["1", "2", "3", "4"];
    let mut clean = database.connect(short_plan()).await;
    assert_eq!(done(&clean.production(Target::Heads).await.expect("production")), ids);
    let expected = state(database).await;
    for place in Place::ALL {
        for command in 1.. {
            let broken = Database::fresh(database.dialect()).await;
            let proxy = Proxy::before(&broken).await;
            let mut migrator = connect(&proxy, short_plan()).await;
            proxy.cut_at(command, place);
            let outcome = migrator.production(Target::Heads).await;
            let case = format!("{place:?} command {command}: {outcome:?}");
            let mut next = broken.connect(short_plan()).await;
            next.production(Target::Heads)
                .await
                .unwrap_or_else(|error| panic!("{case}: {error:?}"));
            assert_eq!(state(&broken).await, expected, "{case}");
            let is_through = !proxy.has_ended();
            next.close().await.expect("a goodbye");
            broken.drop().await;
            if is_through {
                assert!(command > 3, "{case}");
                outcome.expect("a run that nothing cut");
                break;
            }
        }
    }
}
