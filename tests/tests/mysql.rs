//! The behaviour suite on MySQL and MariaDB.

migrate_tests::all_suites!(Mysql);
