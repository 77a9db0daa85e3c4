//! A cluster of three: a runner on each node, and a runner that starts on another node just after.

use migrate_core::{Dialect, Missing, Moment, open};
use migrate_tests::Database;

use crate::check::{Check, Outcome};
use crate::clean::Clean;
use crate::plan;
use crate::runner::Runner;
use crate::settings::{Form, told_by};
use crate::worker::Act;

const ENGINE: &str = "Galera";

/// How often runners meet.
const ROUNDS: usize = 5;

/// How often a run is killed, each time at another statement.
const KILLS: usize = 20;

/// How long its lease blocks the next run, in seconds.
const LIFE: u64 = 2;

pub(crate) fn checks(form: Form) -> Vec<Check> {
    match form {
        Form::Short => Vec::new(),
        Form::Full => vec![
            Check::new(ENGINE, "a runner on each of three nodes at once", at_once),
            Check::new(ENGINE, "a runner on each node, one just after the other", in_turn),
            Check::new(ENGINE, "killed on one node, finished on another", taken_over),
        ],
    }
}

async fn at_once() -> Outcome {
    let cluster = Cluster::find().await;
    let mut outcome = Outcome::default();
    for round in 0..ROUNDS {
        outcome.add(cluster.at_once(round).await);
    }
    outcome
}

async fn in_turn() -> Outcome {
    let cluster = Cluster::find().await;
    let mut outcome = Outcome::default();
    for round in 0..ROUNDS {
        outcome.add(cluster.in_turn(round).await);
    }
    outcome
}

async fn taken_over() -> Outcome {
    let cluster = Cluster::find().await;
    let mut outcome = Outcome::default();
    for round in 0..KILLS {
        outcome.add(cluster.taken_over(round).await);
    }
    outcome
}

/// The nodes, and the result of an undisturbed run.
struct Cluster {
    servers: Vec<String>,
    clean: Clean,
}

impl Cluster {
    async fn find() -> Self {
        let urls = told_by("tests/with-galera", "TEST_GALERA_URLS");
        let servers: Vec<String> = urls.split_whitespace().map(str::to_owned).collect();
        let first = servers.first().expect("a first node").clone();
        let database = Database::fresh_on(Dialect::Mysql, first).await;
        Self { servers, clean: Clean::of(database, plan::MIXED).await }
    }

    /// Creates a database; returns it through each node.
    async fn database(&self) -> (Database, Vec<Database>) {
        let first = self.servers.first().expect("a first node").clone();
        let database = Database::fresh_on(Dialect::Mysql, first).await;
        let nodes: Vec<Database> =
            self.servers.iter().map(|server| database.by_way_of(server)).collect();
        for server in &self.servers {
            catch_up(server).await;
        }
        (database, nodes)
    }

    /// Expects every node to be like after an undisturbed run.
    async fn compare(&self, nodes: &[Database], case: &str, outcome: &mut Outcome) {
        for (number, node) in nodes.iter().enumerate() {
            catch_up(node.url()).await;
            let case = format!("{case}, node {}", number + 1);
            self.clean.compare(node, &case, outcome).await;
        }
    }

    async fn at_once(&self, round: usize) -> Outcome {
        let (database, nodes) = self.database().await;
        let runners: Vec<Runner> = nodes.iter().map(production).collect();
        let case = format!("round {round}");
        let mut outcome = self.clean.share(&runners, &case).await;
        self.compare(&nodes, &case, &mut outcome).await;
        database.drop().await;
        outcome
    }

    async fn in_turn(&self, round: usize) -> Outcome {
        let (database, nodes) = self.database().await;
        // Another order each time.
        let order = nodes.iter().cycle().skip(round).take(nodes.len());
        let runners: Vec<Runner> = order.map(production).collect();
        let mut outcome = Outcome { tried: runners.len() - 1, ..Outcome::default() };
        for (number, runner) in runners.iter().enumerate() {
            let ended = runner.run().await;
            let case = format!("round {round}, run {number}: {}", ended.told());
            outcome.expect(&case, ended.code(), Some(0));
            let done = ended.said.lines().filter(|line| line.starts_with("done ")).count();
            outcome.expect(&case, done > 0, number == 0);
        }
        self.compare(&nodes, &format!("round {round}"), &mut outcome).await;
        database.drop().await;
        outcome
    }

    async fn taken_over(&self, round: usize) -> Outcome {
        let (database, nodes) = self.database().await;
        let at = 1 + (round * 2 + 1) * self.clean.statements / (2 * KILLS);
        let mut order = nodes.iter().cycle().skip(round);
        let first = order.next().expect("a first node");
        let next = order.next().expect("another node");
        let killed = production(first).lease(LIFE).fault(at, Moment::After, Act::Kill).run().await;
        let case = format!("killed after statement {at}: {}", killed.told());
        let mut outcome = self.clean.finish(&production(next).lease(LIFE), next, &case).await;
        outcome.expect(&case, killed.was_killed(), true);
        self.compare(&nodes, &case, &mut outcome).await;
        database.drop().await;
        outcome
    }
}

fn production(node: &Database) -> Runner {
    Runner::new(node.url(), plan::MIXED, "production")
}

/// Waits until the node of this URL has applied all changes of the cluster.
async fn catch_up(url: &str) {
    let url = url.parse().expect("a node's URL");
    let mut connection = open(&url, Missing::Fail).await.expect("a node");
    connection.query("SET SESSION wsrep_sync_wait = 15").await.expect("a node of Galera");
    connection.query("SELECT 1").await.expect("a node that hears of the others");
    connection.close().await.expect("a goodbye");
}
