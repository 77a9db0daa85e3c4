//! Plans as SQL scripts, for people who run migrations with their own client.
//!
//! psql, mariadb and sqlite3 run a script as it is. It leaves the same schema and history as an online run, because it
//! consists of the messages that an online run sends.

mod client;

use std::borrow::Cow;

use migrate_sql::{Dialect, Direction, Position, quote};

use crate::db::{Db, DbError, DbErrorCause, States};
use crate::declare::body::{BoxError, CodeBody};
use crate::declare::migration::{Kind, Migration};
use crate::declare::revision::RevisionKey;
use crate::graph::target::{Resolved, Target, TargetError};
use crate::graph::{Graph, NodeSet};
use crate::history::{History, HistoryRow, HistoryTable, Kept, State, first, names};
use crate::plan::{Context, Goal, Mode, Plan, PlanError, Request, Scope, Step, Work, wanted};
use crate::run::executor::postgres_start;
use crate::run::message::{Composer, Message, Role, UNBOUND};
use crate::run::settings::Settings;
use crate::sql::script::Script;

/// A script that cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OfflineError {
    /// The request cannot be planned.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The start of the range cannot be resolved.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The start of the range is required for `down`.
    #[error("`down --sql` needs a range, for example `--sql=005:003`")]
    NoStart,
    /// The start of the range depends on what is applied, which is not known without a database.
    #[error("a script cannot start from `{from}`, because that depends on what is applied")]
    StartUnknown {
        /// The target as written.
        from: String,
    },
    /// A code migration reads from the database.
    #[error("`{key}` reads from the database, which is not possible in a script")]
    Reads {
        /// The revision.
        key: RevisionKey,
    },
    /// The client that runs scripts would misread a part of a statement.
    #[error("`{key}` cannot be run by {client}: statement {statement}, line {}, column {}: {why}", .place.line, .place.column)]
    Misread {
        /// The revision.
        key: RevisionKey,
        /// The client.
        client: &'static str,
        /// The statement, from 1.
        statement: usize,
        /// The place in the statement.
        place: Position,
        /// How the client would misread it.
        why: &'static str,
    },
    /// A code migration failed while its statements were recorded.
    #[error("`{key}` failed while its statements were recorded for the script")]
    Code {
        /// The revision.
        key: RevisionKey,
        /// Its error.
        source: BoxError,
    },
}

impl OfflineError {
    /// Returns what to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Plan(PlanError::PendingData { revisions }) => revisions.first().map(|one| {
                format!(
                    "run `{data}` first, and write the script from there: `up --sql={data}:{schema}`",
                    data = one.data.id,
                    schema = one.schema.id
                )
            }),
            Self::Plan(error) => error.hint(),
            Self::Target(error) => error.hint(),
            Self::NoStart => Some("start with the revision that is applied, and end with the target".to_owned()),
            Self::StartUnknown { .. } => Some("name a revision, or `base`".to_owned()),
            Self::Reads { key } => Some(format!(
                "run it online, or write one script up to the revision before it and another one from `{}` on",
                key.id
            )),
            Self::Misread { .. } => {
                Some("rewrite the statement, or apply the revision online".to_owned())
            }
            Self::Code { .. } => None,
        }
    }

    /// Returns a short name for programs, which stays when the words change.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Plan(error) => error.code(),
            Self::Target(error) => error.code(),
            Self::NoStart => "no-start",
            Self::StartUnknown { .. } => "start-unknown",
            Self::Reads { .. } => "reads-offline",
            Self::Misread { .. } => "misread",
            Self::Code { .. } => "code",
        }
    }

    /// Returns the revision that the error is about, if it is about one.
    pub fn revision(&self) -> Option<&RevisionKey> {
        match self {
            Self::Plan(error) => error.revision(),
            Self::Reads { key } | Self::Misread { key, .. } | Self::Code { key, .. } => Some(key),
            Self::Target(_) | Self::NoStart | Self::StartUnknown { .. } => None,
        }
    }
}

/// Writes plans as SQL scripts.
#[derive(Debug)]
pub struct Offline<'a> {
    graph: &'a Graph,
    settings: &'a Settings,
    table: HistoryTable,
    /// MySQL's database in use, if it is known.
    schema: Option<String>,
    /// PostgreSQL's search path, if the URL sets it.
    search_path: Option<String>,
}

/// Placeholder for the schema in which the script's session creates tables. No name contains this character.
const SESSIONS_SCHEMA: &str = "\u{fffe}";

impl<'a> Offline<'a> {
    /// Creates a writer of scripts in `dialect`. `schema` names MySQL's database in use, where history is kept unless
    /// another one is configured.
    pub fn new(
        graph: &'a Graph,
        settings: &'a Settings,
        dialect: Dialect,
        schema: Option<String>,
    ) -> Self {
        let place = match dialect {
            // It is only known when the script runs.
            Dialect::Postgres => Some(SESSIONS_SCHEMA.to_owned()),
            Dialect::Mysql | Dialect::Sqlite => schema.clone(),
        };
        let table = settings.history_table(dialect, place);
        Self { graph, settings, table, schema, search_path: None }
    }

    /// Makes the script set PostgreSQL's `search_path`, as a URL does for a run.
    #[must_use]
    pub fn search_path(mut self, path: Option<String>) -> Self {
        self.search_path = path;
        self
    }

    /// Writes the script for `request` in a database that is at `from`, or at base if that is `None`.
    ///
    /// # Errors
    ///
    /// [`OfflineError`], if there is no plan, or a code migration needs a database.
    pub async fn script(
        &self,
        request: &Request,
        from: Option<&Target>,
    ) -> Result<String, OfflineError> {
        if from.is_none() && matches!(request, Request::Down(_)) {
            return Err(OfflineError::NoStart);
        }
        let history = match from {
            Some(from) => self.history_at(from, request)?,
            None => History::default(),
        };
        let context = Context { dialect: self.table.dialect(), policies: self.settings.policies };
        let plan = Plan::new(request, self.graph, &history, context)?;
        let mut script = self.head();
        for steps in plan.steps.chunk_by(|a, b| self.share_transaction(a, b)) {
            self.open(&mut script, steps);
            for step in steps {
                self.step(&mut script, step).await?;
            }
            self.close(&mut script, steps);
        }
        Ok(script)
    }

    /// Returns the history that a database at `from` would have.
    fn history_at(&self, from: &Target, request: &Request) -> Result<History, OfflineError> {
        let unknown = || OfflineError::StartUnknown { from: from.to_string() };
        if from.depends_on_history() {
            return Err(unknown());
        }
        let within = from.members(self.graph)?;
        let applied: NodeSet = match (from.resolve(self.graph, &NodeSet::new())?, &within) {
            // Before the first revision of a branch or crate, everything that it needs is applied.
            (Resolved::Base(gone), Some(members)) => {
                let below = self.graph.ancestors(members.iter());
                below.iter().filter(|node| !gone.contains(*node)).collect()
            }
            (Resolved::Base(_), None) => NodeSet::new(),
            (Resolved::Relative(..), _) => return Err(unknown()),
            (Resolved::At(nodes), _) => {
                // A release has also run the data revisions before that place.
                let scope = match request {
                    Request::Up(_) | Request::Production(_) => Scope::All,
                    Request::Down(_)
                    | Request::DownFromHistory(_)
                    | Request::Stamp(_)
                    | Request::Repair(_) => Scope::Schema,
                };
                wanted(self.graph, &Goal { nodes, target: from, within }, scope)
            }
        };
        let rows = applied.iter().map(|node| {
            let migration = self.graph.migration(node);
            let sequence =
                i64::try_from(self.graph.rank(node)).unwrap_or(i64::MAX).saturating_add(1);
            (migration.key.clone(), assumed(migration.kind, sequence))
        });
        Ok(History::new(rows))
    }

    fn head(&self) -> String {
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
    fn finds_schema(&self) -> bool {
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
    fn reset(&self) -> Vec<String> {
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

    /// Returns whether two steps share a transaction: on SQLite, where foreign keys are switched between transactions,
    /// adjacent steps of one kind do.
    fn share_transaction(&self, a: &Step, b: &Step) -> bool {
        let alike = a.kind() == b.kind() && a.mode == b.mode;
        self.table.dialect() == Dialect::Sqlite && alike && a.mode == Mode::Transaction
    }

    fn open(&self, script: &mut String, steps: &[Step]) {
        if self.table.dialect() != Dialect::Sqlite {
            return;
        }
        let schema = steps.iter().any(|step| step.kind() == Kind::Schema);
        let switch = if schema { "OFF" } else { "ON" };
        script.extend(["\nPRAGMA foreign_keys = ", switch, ";\n"]);
        if steps.iter().all(|step| step.mode == Mode::Transaction) {
            script.push_str("BEGIN IMMEDIATE;\n");
        }
    }

    fn close(&self, script: &mut String, steps: &[Step]) {
        if self.table.dialect() == Dialect::Sqlite
            && steps.iter().all(|step| step.mode == Mode::Transaction)
        {
            script.push_str("\nCOMMIT;\n");
        }
    }

    async fn step(&self, script: &mut String, step: &Step) -> Result<(), OfflineError> {
        let composer = Composer {
            table: &self.table,
            timeouts: self.settings.timeouts,
            last_sequence: None,
            frame: &UNBOUND,
        };
        // A line break in a description must not turn the rest of it into SQL.
        let description = step.migration.summary().replace(['\n', '\r'], " ");
        script.extend([
            "\n-- ",
            step.action.name(),
            " ",
            &step.key().to_string(),
            " ",
            &description,
            "\n",
        ]);
        let ran = match &step.work {
            Work::Sql(body) => {
                self.print(script, &composer.together(std::slice::from_ref(step)), step)?;
                Some(body.clone())
            }
            Work::Nothing => {
                self.print(script, &composer.together(std::slice::from_ref(step)), step)?;
                None
            }
            Work::Code(body) => {
                let (before, after) = composer.around_code(step);
                let recorded = self.record(step, body).await?;
                self.print(script, &before, step)?;
                self.print_code(script, &recorded, step)?;
                self.print(script, &after, step)?;
                Some(recorded)
            }
        };
        if let Some(ran) = ran.filter(Script::leaves_traces) {
            // Named objects are dropped first, in the database in which they were created.
            for statement in ran.traces().undo_left().into_iter().chain(self.reset()) {
                self.print_statement(script, &statement);
            }
        }
        Ok(())
    }

    /// Returns the statements that a code migration would run.
    async fn record(&self, step: &Step, body: &CodeBody) -> Result<Script, OfflineError> {
        let (dialect, direction) = (self.table.dialect(), step.direction());
        let text = record(&step.migration, body, dialect, direction).await?;
        Script::new(text, &mut step.migration.validator(dialect, direction))
            .map_err(|fault| OfflineError::Code { key: step.key().clone(), source: fault.into() })
    }

    fn print(
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
    fn print_code(
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
    fn print_statement(&self, script: &mut String, statement: &str) {
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

/// Returns the SQL that the code of a migration would run, if it runs without a database.
///
/// # Errors
///
/// [`OfflineError::Reads`] and [`OfflineError::Code`].
pub async fn record(
    migration: &Migration,
    body: &CodeBody,
    dialect: Dialect,
    direction: Direction,
) -> Result<String, OfflineError> {
    let key = || migration.key().clone();
    let mut db = Db::recording(migration.validator(dialect, direction), States::default());
    let outcome = body.run(&mut db).await;
    let reads = |failure: &DbError| matches!(failure.cause, DbErrorCause::ReadsOffline);
    if db.take_failure().as_ref().is_some_and(reads) {
        return Err(OfflineError::Reads { key: key() });
    }
    outcome.map_err(|source| OfflineError::Code { key: key(), source })?;
    Ok(db.into_recorded().join("\n;\n"))
}

fn assumed(kind: Kind, sequence: i64) -> HistoryRow {
    HistoryRow {
        kind,
        sequence,
        description: String::new(),
        checksum: None,
        checksum_algorithm: None,
        state: State::Applied,
        statements_done: 0,
        statements_total: 0,
        journal: None,
        kept: Kept::default(),
        started_at: String::new(),
        duration: None,
        applied_by: String::new(),
        tool_version: String::new(),
        waivers: Vec::new(),
        undo: None,
        sql_down: None,
    }
}
