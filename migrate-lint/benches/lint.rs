//! What reading SQL costs: cutting it, knowing what it does, undoing it, and looking for dangers.

use std::{hint::black_box, time::Duration};

use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
    measurement::WallTime,
};
use migrate_lint::{Settings, lint};
use migrate_sql::{Dialect, SqlContext, reverse, split};

/// How many tables a migration makes: as most do, and as the first of an old project does.
const SIZES: [usize; 2] = [1, 1_000];

/// A table, an index, a foreign key and a change of another table, for each number.
fn migration(tables: usize) -> String {
    let table = |number: usize| {
        format!(
            "-- Orders of shop {number}.
             CREATE TABLE orders_{number} (id BIGINT PRIMARY KEY, status VARCHAR(20) NOT NULL DEFAULT 'open',
             total NUMERIC(10, 2) CHECK (total >= 0), placed_at TIMESTAMP, note TEXT);
             CREATE INDEX orders_{number}_open ON orders_{number} (status, placed_at);
             ALTER TABLE users_{number} ADD COLUMN last_order BIGINT;\n"
        )
    };
    (0..tables).map(table).collect()
}

fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sql");
    for tables in SIZES {
        let sql = migration(tables);
        group.throughput(Throughput::Bytes(u64::try_from(sql.len()).unwrap_or(u64::MAX)));
        for dialect in Dialect::ALL {
            read(&mut group, dialect, tables, &sql);
        }
    }
    group.finish();
}

fn read(group: &mut BenchmarkGroup<'_, WallTime>, dialect: Dialect, tables: usize, sql: &str) {
    let id = |what: &str| BenchmarkId::new(format!("{what}/{dialect}"), tables);
    group.bench_function(id("split"), |bencher| {
        bencher.iter(|| split(black_box(sql), dialect).map(|statements| statements.len()));
    });
    let statements = split(sql, dialect).unwrap_or_default();
    group.bench_function(id("kind_ddl"), |bencher| {
        bencher.iter(|| {
            for statement in black_box(&statements) {
                black_box((statement.kind(), statement.ddl()));
            }
        });
    });
    group.bench_function(id("reverse"), |bencher| {
        bencher.iter(|| reverse(black_box(sql), dialect));
    });
    let settings = Settings::default();
    group.bench_function(id("lint"), |bencher| {
        bencher.iter(|| lint(black_box(sql), SqlContext::new(dialect), &settings));
    });
}

criterion_group! {
    name = sql;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(500));
    targets = benches
}
criterion_main!(sql);
