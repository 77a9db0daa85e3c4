//! The behaviour suite on SQLite.

migrate_tests::all_suites!(Sqlite);
