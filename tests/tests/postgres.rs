//! The suite on this engine.

migrate_tests::all_suites!(Postgres);
