//! Whatever the text: no parser takes us down, and every fault stands in the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use migrate_lint::{Settings, validate, lint, parse};
use migrate_sql::{Dialect, Fault, SqlContext};

fuzz_target!(init: {
    // A parser may panic: that is caught, and only a panic that comes through counts.
    drop(std::panic::take_hook());
    std::panic::set_hook(Box::new(|_| {}));
}, |sql: &str| {
    for dialect in Dialect::ALL {
        let context = SqlContext::new(dialect);
        let faults = validate(sql, context);
        assert!(faults.iter().all(|fault| fault.offset() <= sql.len()));
        assert!(faults.is_sorted_by_key(Fault::offset) || dialect == Dialect::Postgres);
        for unknown in parse::unknown(sql, dialect) {
            assert!(unknown.offset <= sql.len() && !unknown.message.is_empty());
        }
        let _ = lint(sql, context, &Settings::default());
    }
});
