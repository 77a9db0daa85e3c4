//! Prints statements so that the client sends them unchanged.

use std::borrow::Cow;

use migrate_sql::{Dialect, quote};

use crate::api::offline::{Offline, OfflineError, SESSIONS_SCHEMA, client};
use crate::plan::Step;
use crate::run::message::{Message, Role};
use crate::sql::script::Script;

impl Offline<'_> {
    pub(super) fn print(
        &self,
        script: &mut String,
        message: &Message,
        step: &Step,
    ) -> Result<(), OfflineError> {
        for (part, statement) in message.parts().iter().zip(message.statements()) {
            match part.role {
                Role::Statement(number) => self.print_own(script, statement, (step, number))?,
                Role::Begin
                | Role::Set
                | Role::Record
                | Role::Mark
                | Role::Guard
                | Role::Held
                | Role::Answer
                | Role::Fence
                | Role::Commit => self.print_own(script, statement, (step, 0))?,
            }
        }
        Ok(())
    }

    /// Prints the statements that code would run.
    pub(super) fn print_code(
        &self,
        script: &mut String,
        recorded: &Script,
        step: &Step,
    ) -> Result<(), OfflineError> {
        for (number, statement) in recorded.statements().enumerate() {
            let waits = statement.must_wait() && step.lock_timeout().is_none();
            let [wait, back] = self.settings.timeouts.around_waiting();
            if waits {
                self.print_statement(script, &wait);
            }
            self.print_own(script, statement.text(), (step, number))?;
            if waits {
                self.print_statement(script, &back);
            }
        }
        Ok(())
    }

    /// Prints a statement so that the client sends it unchanged.
    fn print_own(
        &self,
        script: &mut String,
        statement: &str,
        (step, number): (&Step, usize),
    ) -> Result<(), OfflineError> {
        let dialect = self.table.dialect();
        let worded =
            client::worded(statement, dialect).map_err(|misread| OfflineError::Misread {
                key: step.key().clone(),
                client: client::name(dialect),
                statement: number + 1,
                place: misread.place,
                why: misread.why,
            })?;
        self.print_statement(script, &worded);
        Ok(())
    }

    /// Replaces the placeholder of the schema with psql's variable, which is set when the script runs.
    fn in_sessions_schema<'s>(&self, statement: &'s str) -> Cow<'s, str> {
        if !self.finds_schema() {
            return Cow::Borrowed(statement);
        }
        let place = quote::identifier(SESSIONS_SCHEMA, Dialect::Postgres);
        Cow::Owned(statement.replace(&place, ":\"migrate_schema\""))
    }

    /// Prints a statement. The mariadb client ends a statement at every `;`, unless another delimiter is set.
    pub(super) fn print_statement(&self, script: &mut String, statement: &str) {
        let statement = &self.in_sessions_schema(statement);
        if self.table.dialect() == Dialect::Mysql && statement.contains(';') {
            let mut end = "$$".to_owned();
            while statement.contains(&end) {
                end.push('$');
            }
            script.extend(["DELIMITER ", &end, "\n", statement, "\n", &end, "\nDELIMITER ;\n"]);
        } else {
            script.push_str(statement);
            script.push_str(";\n");
        }
    }
}
