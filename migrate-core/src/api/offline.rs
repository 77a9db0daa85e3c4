//! Plans as SQL scripts, for people who run migrations with their own client.
//!
//! psql, mariadb and sqlite3 run a script as it is. It leaves the same schema and history as an online run, because it
//! consists of the messages that an online run sends.

mod client;
mod error;
mod printing;
mod session;

use migrate_sql::{Dialect, Direction};

pub use self::error::OfflineError;
use crate::db::{Db, DbError, DbErrorCause, States};
use crate::declare::body::CodeBody;
use crate::declare::migration::{Kind, Migration};
use crate::graph::target::{Resolved, Target};
use crate::graph::{Graph, NodeSet};
use crate::history::{History, HistoryRow, HistoryTable, Kept, State};
use crate::plan::{Context, Goal, Mode, Plan, Request, Scope, Step, Work, wanted};
use crate::run::message::{Composer, UNBOUND};
use crate::run::settings::Settings;
use crate::sql::script::Script;

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
