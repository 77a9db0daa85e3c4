//! The settings of a run: waits, names, policies.

use std::time::Duration;

use migrate_sql::{Dialect, quote};

use crate::engine::url::DatabaseUrl;
use crate::history::HistoryTable;
use crate::plan::{Mode, Policies, Step, Work};

/// The settings of a run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The history table's name.
    pub history_table: String,
    /// The history table's schema. The default is the schema in which the connection creates tables: on PostgreSQL the first
    /// existing one of the `search_path`, on MySQL the database in use.
    pub history_schema: Option<String>,
    /// The role that migrations assume with `SET ROLE`.
    pub role: Option<String>,
    /// The kind of lock that keeps other runs out.
    pub lock: LockMode,
    /// How long a lease may go without renewal before another run takes it over, by that run's own clock.
    pub lease: Duration,
    /// How long to wait for another run to end.
    pub wait: Duration,
    /// How long a statement may wait for a lock, and run.
    pub timeouts: Timeouts,
    /// What is refused, and what is only reported.
    pub policies: Policies,
    /// The actor stored in history; the default is the database user.
    pub actor: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            history_table: HistoryTable::DEFAULT_NAME.to_owned(),
            history_schema: None,
            role: None,
            lock: LockMode::Auto,
            // Long enough for some lost renewals and a slow server, and short compared with the default wait of a minute.
            lease: Duration::from_secs(15),
            wait: Duration::from_mins(1),
            timeouts: Timeouts::default(),
            policies: Policies::default(),
            actor: None,
        }
    }
}

impl Settings {
    /// Returns the statement that assumes the role, if one is set and the engine has roles.
    pub(crate) fn take_role(&self, dialect: Dialect) -> Option<String> {
        match dialect {
            Dialect::Postgres | Dialect::Mysql => self
                .role
                .as_ref()
                .map(|role| format!("SET ROLE {}", quote::identifier(role, dialect))),
            Dialect::Sqlite => None,
        }
    }

    /// Returns these settings, with the timeouts of the URL where they are not set.
    #[must_use]
    pub fn of_url(mut self, url: &DatabaseUrl) -> Self {
        let usual = Timeouts::default();
        if let (Some(lock), true) = (url.lock_timeout(), self.timeouts.lock == usual.lock) {
            self.timeouts.lock = lock;
        }
        let is_usual = self.timeouts.statement == usual.statement;
        if let (Some(statement), true) = (url.statement_timeout(), is_usual) {
            self.timeouts.statement = statement;
        }
        self
    }

    /// Returns the history table for a database whose default schema is `schema`.
    pub fn history_table(&self, dialect: Dialect, schema: Option<String>) -> HistoryTable {
        HistoryTable::new(dialect, self.history_schema.clone().or(schema), &self.history_table)
            .with_actor(self.actor.clone())
            .with_role(self.role.clone())
    }
}

impl Settings {
    /// Returns the settings of each transaction on PostgreSQL, for a session that is not the run's own and must not be
    /// changed.
    pub(crate) fn for_transaction(&self) -> Vec<String> {
        let role = self
            .role
            .as_ref()
            .map(|role| format!("SET LOCAL ROLE {}", quote::identifier(role, Dialect::Postgres)));
        role.into_iter().chain(self.timeouts.for_transaction()).collect()
    }
}

/// The kind of lock that keeps other runs out. On SQLite it is always the file's own write lock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LockMode {
    /// A session lock, or a lease where a session lock is found not to work.
    #[default]
    Auto,
    /// A lock that ends with the session: an advisory lock of PostgreSQL, a named lock of MySQL.
    Session,
    /// A lease: a row that its holder renews periodically.
    Lease,
    /// No lock. Only the primary key of history ensures that each revision starts once.
    None,
}

impl LockMode {
    /// All modes.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Session, Self::Lease, Self::None];

    /// Returns the word for the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Session => "session",
            Self::Lease => "lease",
            Self::None => "none",
        }
    }

    /// Returns the mode with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// How long a statement may wait for a lock, and run. Zero means no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// How long a statement may wait for a lock.
    pub lock: Duration,
    /// How long a statement may run.
    pub statement: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { lock: Duration::from_secs(5), statement: Duration::ZERO }
    }
}

impl Timeouts {
    /// Returns the statements that set up a session for migrations, independent of defaults of role and server.
    pub(crate) fn for_session(self, dialect: Dialect) -> Vec<String> {
        match dialect {
            Dialect::Postgres => vec![
                lock_timeout("SET", self.lock),
                format!("SET statement_timeout = {}", self.statement.as_millis()),
                "SET idle_in_transaction_session_timeout = 0".to_owned(),
                NO_TRANSACTION_TIMEOUT.to_owned(),
                watch_client(false),
            ],
            Dialect::Mysql => vec![
                // The server's own modes: sqlx adds one, and an application's pool may add others.
                "SET SESSION autocommit = 1, sql_mode = @@GLOBAL.sql_mode".to_owned(),
                Self::mysql(self.lock, self.statement),
            ],
            Dialect::Sqlite => Vec::new(),
        }
    }

    /// Returns the same for one transaction of PostgreSQL.
    fn for_transaction(self) -> Vec<String> {
        vec![
            lock_timeout("SET LOCAL", self.lock),
            format!("SET LOCAL statement_timeout = {}", self.statement.as_millis()),
            "SET LOCAL idle_in_transaction_session_timeout = 0".to_owned(),
            watch_client(true),
        ]
    }

    /// Returns the statements that set a step's own timeouts. In a transaction they end with it.
    pub(crate) fn for_step(self, step: &Step, dialect: Dialect) -> Vec<String> {
        match dialect {
            Dialect::Postgres => {
                let set = if step.mode == Mode::Transaction { "SET LOCAL" } else { "SET" };
                // An attempt that ended during a statement without a limit has not reset its limit.
                let again = step.mode == Mode::Journaled && step.resume.is_some();
                let lock = step.lock_timeout().or(again.then_some(self.lock));
                let lock = lock.map(|lock| lock_timeout(set, lock));
                let statement = step.statement_timeout().map(|statement| {
                    format!("{set} statement_timeout = {}", statement.as_millis())
                });
                lock.into_iter().chain(statement).collect()
            }
            Dialect::Mysql
                if step.lock_timeout().is_some() || step.statement_timeout().is_some() =>
            {
                let (lock, statement) = (step.lock_timeout(), step.statement_timeout());
                vec![Self::mysql(lock.unwrap_or(self.lock), statement.unwrap_or(self.statement))]
            }
            Dialect::Mysql | Dialect::Sqlite => Vec::new(),
        }
    }

    /// Returns the statements that set a step's own timeouts in each of its transactions, if they cannot be set outside.
    pub(crate) fn for_step_transaction(step: &Step) -> Vec<String> {
        let lock = step.lock_timeout().map(|lock| lock_timeout("SET LOCAL", lock));
        let statement = step
            .statement_timeout()
            .map(|statement| format!("SET LOCAL statement_timeout = {}", statement.as_millis()));
        lock.into_iter().chain(statement).collect()
    }

    /// Returns the statements before and after one of PostgreSQL that must not be cancelled while it waits for a lock. `None`
    /// if the migration sets its own limit, as an option or in its SQL.
    pub(crate) fn without_limit(self, step: &Step, number: usize) -> Option<[String; 2]> {
        let Work::Sql(script) = &step.work else { return None };
        let must_wait = script.statements().nth(number).is_some_and(|s| s.must_wait());
        let said = step.lock_timeout().is_some()
            || script.statements().take(number).any(|before| {
                before.sets_session() && before.text().to_ascii_lowercase().contains("lock_timeout")
            });
        (must_wait && !said).then(|| self.around_waiting())
    }

    /// Returns the statements that remove the limit for waiting, and set it again.
    pub(crate) fn around_waiting(self) -> [String; 2] {
        [lock_timeout("SET", Duration::ZERO), lock_timeout("SET", self.lock)]
    }

    /// Returns the statements that reset the timeouts after a step that changed them.
    pub(crate) fn after_step(self, step: &Step, dialect: Dialect) -> Vec<String> {
        let changed = !self.for_step(step, dialect).is_empty();
        match dialect {
            Dialect::Postgres if changed && step.mode == Mode::Journaled => vec![
                lock_timeout("SET", self.lock),
                format!("SET statement_timeout = {}", self.statement.as_millis()),
            ],
            Dialect::Mysql if changed => vec![Self::mysql(self.lock, self.statement)],
            Dialect::Postgres | Dialect::Mysql | Dialect::Sqlite => Vec::new(),
        }
    }

    // Metadata locks have limits in whole seconds. MariaDB limits statements of every kind, MySQL only queries.
    fn mysql(lock: Duration, statement: Duration) -> String {
        const NO_LIMIT: u64 = 31_536_000;
        let lock = if lock.is_zero() {
            NO_LIMIT
        } else {
            lock.as_millis().div_ceil(1000).try_into().unwrap_or(NO_LIMIT)
        };
        format!(
            "SET SESSION lock_wait_timeout = {lock}, innodb_lock_wait_timeout = {lock} \
             /*M!100101 , max_statement_time = {} *//*!50708 , max_execution_time = {} */",
            statement.as_secs_f64(),
            statement.as_millis()
        )
    }
}

/// Turns off limits that only servers from version 17 and from version 14 have.
const NO_TRANSACTION_TIMEOUT: &str = "SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings \
    WHERE name IN ('transaction_timeout', 'idle_session_timeout')";

/// Returns the setting that makes PostgreSQL check its client: otherwise it finishes the statement of a client that is gone,
/// and holds the lock until then. Not available before version 14 and on some systems.
fn watch_client(local: bool) -> String {
    format!(
        "DO $$ BEGIN PERFORM pg_catalog.set_config('client_connection_check_interval', '5s', {local}); \
         EXCEPTION WHEN OTHERS THEN NULL; END $$"
    )
}

fn lock_timeout(set: &str, timeout: Duration) -> String {
    format!("{set} lock_timeout = {}", timeout.as_millis())
}
