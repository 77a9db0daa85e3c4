//! The behaviour suite on PostgreSQL.

migrate_tests::all_suites!(Postgres);
