//! What the graph costs: building it, walking it, finding a revision in it.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use migrate_core::{Graph, Kind, Migration, NodeSet, RevisionId, Target};

const SIZES: [u64; 4] = [100, 1_000, 10_000, 100_000];

/// A number that its first six digits tell from the others.
fn id(number: u64) -> String {
    format!("{number:06}_1")
}

/// Half with default parents, half with declared ones; data migrations, forks, merges and dependencies among them;
/// in no order, as inventory gives them.
fn migrations(count: u64) -> Vec<Migration> {
    let build = |number: u64| {
        let migration = Migration::new(id(number));
        match number % 10 {
            2 | 7 => migration.after_ids([RevisionId::from(id(number - 1))]),
            3 => migration.after_ids([RevisionId::from(id(number - 2))]),
            4 => migration
                .after_ids([RevisionId::from(id(number - 1)), RevisionId::from(id(number - 2))]),
            5 => migration.kind(Kind::Data),
            6 => migration.depends_on(id(number - 1)),
            _ => migration,
        }
    };
    // A step prime to every size visits each number once.
    (0..count).map(|place| build(place * 7_919 % count)).collect()
}

fn benches(criterion: &mut Criterion) {
    build(criterion);
    use_it(criterion);
}

fn build(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("build");
    for size in SIZES {
        let all = migrations(size);
        group.throughput(Throughput::Elements(size));
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter_batched(|| all.clone(), Graph::new, BatchSize::PerIteration);
        });
    }
    group.finish();
}

#[expect(
    clippy::unwrap_used,
    reason = "the revisions are right by construction, or the bench has nothing to measure"
)]
fn use_it(criterion: &mut Criterion) {
    for size in SIZES {
        let graph = Graph::new(migrations(size)).unwrap();
        let applied = NodeSet::new();
        let prefix = Target::Revision(id(size / 2).chars().take(6).collect());
        let head = Target::Head;
        criterion.bench_function(&format!("ancestors/{size}"), |bencher| {
            bencher.iter(|| graph.ancestors(black_box(graph.heads())));
        });
        criterion.bench_function(&format!("resolve_prefix/{size}"), |bencher| {
            bencher.iter(|| black_box(&prefix).resolve(&graph, &applied));
        });
        criterion.bench_function(&format!("resolve_head/{size}"), |bencher| {
            bencher.iter(|| black_box(&head).resolve(&graph, &applied));
        });
    }
}

criterion_group! {
    name = graph;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(500));
    targets = benches
}
criterion_main!(graph);
