//! What holds for every text of PostgreSQL's.

use proptest::{collection::vec, prelude::*, sample::select};

use crate::lint::lint;
use crate::registry::rules;
use crate::settings::Settings;
use migrate_sql::{Dialect, Kind, Level, SqlContext, split};

/// Whole statements, so that many texts parse, and pieces, so that many do not.
const STATEMENTS: &[&str] = &[
    "CREATE TABLE a (b serial PRIMARY KEY, \"É\" json)",
    "CREATE TABLE IF NOT EXISTS a (b int)",
    "CREATE UNIQUE INDEX ON a (b, c, d, e)",
    "DROP TABLE a, b",
    "DROP INDEX a, s.b",
    "ALTER TABLE a ADD b int REFERENCES c DEFAULT random(), DROP COLUMN d /* é */ CASCADE",
    "ALTER TABLE a ADD CONSTRAINT é UNIQUE (b), ADD CHECK (b > 0), ADD PRIMARY KEY (b)",
    "ALTER TABLE a ALTER b TYPE text, ALTER b SET NOT NULL, VALIDATE CONSTRAINT c",
    "ALTER TABLE a RENAME TO b",
    "ALTER TABLE ONLY a RENAME b TO c",
    "ALTER TYPE a ADD VALUE 'é'",
    "INSERT INTO a VALUES ('é')",
    "UPDATE a SET b = 1, b = 2",
    "REINDEX TABLE a",
    "TRUNCATE a CASCADE",
    "GRANT ALL ON a TO PUBLIC WITH GRANT OPTION",
    "CREATE ROLE a SUPERUSER PASSWORD 'é'",
    "-- squawk-ignore-file\n",
    "/* squawk-ignore */",
    "(",
    "'",
    "ALTER TABLE",
];

fn text() -> impl Strategy<Value = String> {
    vec(select(STATEMENTS), 0..8).prop_map(|statements| statements.join("; "))
}

fn context() -> impl Strategy<Value = SqlContext> {
    let kind = select(&[Kind::Schema, Kind::Data]);
    (kind, any::<bool>()).prop_map(|(kind, transaction)| SqlContext {
        kind,
        transaction,
        ..SqlContext::new(Dialect::Postgres)
    })
}

proptest! {
    #[test]
    fn a_finding_is_a_place_in_its_statement(sql in text(), context in context()) {
        // Also those that come switched off.
        let settings = Settings::new(rules().iter().map(|rule| (rule.id, Level::Warn)), []).unwrap();
        let Ok(found) = lint(&sql, context, &settings) else { return Ok(()) };
        let statements = split(&sql, context.dialect).unwrap();
        for finding in found {
            let place = finding.offset..finding.offset + finding.length;
            prop_assert!(!sql.get(place.clone()).unwrap_or_default().is_empty(), "{finding:?}");
            let statement = &statements[finding.statement - 1];
            prop_assert!(statement.offset() <= place.start);
            prop_assert!(place.end <= statement.offset() + statement.text().len());
            prop_assert!(!finding.message.is_empty() && !finding.rewrite.is_empty());
        }
    }
}
