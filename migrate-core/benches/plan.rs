//! What it costs to plan: all pending, and nothing to do.
#![expect(clippy::expect_used, reason = "a benchmark that cannot run has failed")]

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use migrate_core::{Context, Dialect, Graph, History, Migration, Plan, Policies, Request, Target};

fn graph(revisions: usize) -> Graph {
    let migrations = (1..=revisions).map(|number| {
        Migration::new(format!("{number:06}"))
            .up(format!("CREATE TABLE t{number} (id BIGINT PRIMARY KEY, name TEXT NOT NULL); CREATE INDEX i{number} ON t{number} (name)"))
            .down(format!("DROP TABLE t{number}"))
    });
    Graph::new(migrations).expect("a graph")
}

fn plan(criterion: &mut Criterion) {
    let context = Context { dialect: Dialect::Postgres, policies: Policies::default() };
    let mut group = criterion.benchmark_group("plan");
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(3));
    for revisions in [100, 1_000, 10_000, 100_000] {
        let graph = graph(revisions);
        group.throughput(Throughput::Elements(revisions.try_into().unwrap_or(0)));
        group.bench_function(BenchmarkId::new("up_from_empty", revisions), |bencher| {
            let (request, history) = (Request::Up(Target::Head), History::default());
            bencher.iter(|| {
                Plan::new(black_box(&request), &graph, &history, context).expect("a plan")
            });
        });
    }
    group.finish();
}

criterion_group!(benches, plan);
criterion_main!(benches);
