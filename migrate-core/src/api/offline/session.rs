//! The client's session: how a script sets it up, and restores it after a step.

use migrate_sql::{Dialect, quote};

use crate::api::offline::Offline;
use crate::history::{first, names};
use crate::run::executor::postgres_start;

impl Offline<'_> {
    pub(super) fn head(&self) -> String {
        let dialect = self.table.dialect();
        let mut head = match dialect {
            Dialect::Postgres => "\\set ON_ERROR_STOP on\n".to_owned(),
            Dialect::Sqlite => ".bail on\n".to_owned(),
            Dialect::Mysql => String::new(),
        };
        for statement in self.session() {
            head.extend([&statement, ";\n"]);
        }
        if self.finds_schema() {
            let begins = self.search_path.as_deref().and_then(first);
            head.extend([&self.table.refuse_other_histories(begins.as_deref()), ";\n"]);
            head.push_str("SELECT pg_catalog.current_schema() AS migrate_schema \\gset\n");
        }
        for statement in self.table.create() {
            self.print_statement(&mut head, &statement);
        }
        head
    }

    /// Returns whether the schema for history is only known when the script runs.
    pub(super) fn finds_schema(&self) -> bool {
        self.table.dialect() == Dialect::Postgres && self.settings.history_schema.is_none()
    }

    /// Returns the statements that set up the client's session.
    fn session(&self) -> Vec<String> {
        let dialect = self.table.dialect();
        let encoding = match dialect {
            Dialect::Postgres => Some("SET client_encoding = 'UTF8'".to_owned()),
            Dialect::Mysql => Some("SET NAMES utf8mb4".to_owned()),
            Dialect::Sqlite => None,
        };
        let settings = self.settings.timeouts.for_session(dialect);
        let path = self.search_path.as_deref().filter(|_| dialect == Dialect::Postgres);
        let path = path.map(|path| {
            let names = names(path).into_iter().map(|name| quote::identifier(&name, dialect));
            format!("SET search_path = {}", names.collect::<Vec<_>>().join(", "))
        });
        encoding
            .into_iter()
            .chain(path)
            .chain(settings)
            .chain(self.settings.take_role(dialect))
            .collect()
    }

    /// Returns the statements that reset settings which a step may have changed. A script cannot query the earlier
    /// values, so it resets them to those of a new session.
    pub(super) fn reset(&self) -> Vec<String> {
        let back = match self.table.dialect() {
            Dialect::Postgres => postgres_start(),
            Dialect::Mysql => {
                let defaults = "SET SESSION foreign_key_checks = DEFAULT, unique_checks = DEFAULT, time_zone = DEFAULT";
                let used = self
                    .schema
                    .as_ref()
                    .map(|schema| format!("USE {}", quote::identifier(schema, Dialect::Mysql)));
                used.into_iter().chain([defaults.to_owned()]).collect()
            }
            Dialect::Sqlite => [
                "ignore_check_constraints",
                "legacy_alter_table",
                "query_only",
                "recursive_triggers",
            ]
            .map(|pragma| format!("PRAGMA {pragma} = OFF"))
            .to_vec(),
        };
        back.into_iter().chain(self.session()).collect()
    }
}
