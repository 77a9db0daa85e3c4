//! How a run behaves: waits, names, policies. Plain values, filled in by the application or the CLI.

use std::time::Duration;

use migrate_sql::{Dialect, quote};

use crate::engine::url::DatabaseUrl;
use crate::history::HistoryTable;
use crate::plan::{Mode, Policies, Step, Work};

/// How a run behaves.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The history table's name.
    pub history_table: String,
    /// The schema it is kept in. Unless given, the one in which the connection creates: on PostgreSQL the first of the
    /// `search_path` that exists, on MySQL the database in use.
    pub history_schema: Option<String>,
    /// The role whose rights and ownership the migrations take, by `SET ROLE`.
    pub role: Option<String>,
    /// What keeps other runs out.
    pub lock: LockMode,
    /// How long the owner of a lease may be silent before others take it over, who measure it by their own clocks.
    pub lease: Duration,
    /// How long to wait for another run to end.
    pub wait: Duration,
    /// How long a statement may wait and run.
    pub timeouts: Timeouts,
    /// What is refused, and what is only said.
    pub policies: Policies,
    /// Who is written into history; the database user unless given.
    pub actor: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            history_table: HistoryTable::DEFAULT_NAME.to_owned(),
            history_schema: None,
            role: None,
            lock: LockMode::Auto,
            // Long enough for a few lost beats and a server that hesitates, short beside the usual wait of a minute.
            lease: Duration::from_secs(15),
            wait: Duration::from_mins(1),
            timeouts: Timeouts::default(),
            policies: Policies::default(),
            actor: None,
        }
    }
}

impl Settings {
    /// The statement that takes the role, where one is given and the engine has roles.
    pub(crate) fn take_role(&self, dialect: Dialect) -> Option<String> {
        match dialect {
            Dialect::Postgres | Dialect::Mysql => self
                .role
                .as_ref()
                .map(|role| format!("SET ROLE {}", quote::identifier(role, dialect))),
            Dialect::Sqlite => None,
        }
    }

    /// These settings with the time-outs of the URL, where they have none of their own.
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

    /// The history table these settings mean in a database whose own default schema is `schema`.
    pub fn history_table(&self, dialect: Dialect, schema: Option<String>) -> HistoryTable {
        HistoryTable::new(dialect, self.history_schema.clone().or(schema), &self.history_table)
            .with_actor(self.actor.clone())
            .with_role(self.role.clone())
    }
}

impl Settings {
    /// What each transaction sets for itself on PostgreSQL where the session is not the run's own, and must be left as
    /// it was found.
    pub(crate) fn for_transaction(&self) -> Vec<String> {
        let role = self
            .role
            .as_ref()
            .map(|role| format!("SET LOCAL ROLE {}", quote::identifier(role, Dialect::Postgres)));
        role.into_iter().chain(self.timeouts.for_transaction()).collect()
    }
}

/// What keeps other runs out while one goes on. SQLite needs none of it: there it is the file's own write lock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LockMode {
    /// The session's lock, and a lease where that is proved to be worth nothing.
    #[default]
    Auto,
    /// A lock that ends with the session: an advisory lock of PostgreSQL, a named lock of MySQL.
    Session,
    /// A row with an owner, who must show that he is alive.
    Lease,
    /// Nothing but the primary key of history, which lets every revision be begun once.
    None,
}

impl LockMode {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Session, Self::Lease, Self::None];

    /// The word of the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Session => "session",
            Self::Lease => "lease",
            Self::None => "none",
        }
    }

    /// The mode of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// How long the server lets a statement wait for a lock, and run. Zero is without limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Waiting for a lock.
    pub lock: Duration,
    /// Running at all.
    pub statement: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { lock: Duration::from_secs(5), statement: Duration::ZERO }
    }
}

impl Timeouts {
    /// The statements that set up a session for migrations. They leave nothing to what role or server defaults say.
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
                // The server's own modes: sqlx's handshake adds one, and an application's pool its own.
                "SET SESSION autocommit = 1, sql_mode = @@GLOBAL.sql_mode".to_owned(),
                Self::mysql(self.lock, self.statement),
            ],
            Dialect::Sqlite => Vec::new(),
        }
    }

    /// The same for one transaction of PostgreSQL.
    fn for_transaction(self) -> Vec<String> {
        vec![
            lock_timeout("SET LOCAL", self.lock),
            format!("SET LOCAL statement_timeout = {}", self.statement.as_millis()),
            "SET LOCAL idle_in_transaction_session_timeout = 0".to_owned(),
            watch_client(true),
        ]
    }

    /// What a step's own timeouts set before it; within a transaction they end with it.
    pub(crate) fn for_step(self, step: &Step, dialect: Dialect) -> Vec<String> {
        match dialect {
            Dialect::Postgres => {
                let set = if step.mode == Mode::Transaction { "SET LOCAL" } else { "SET" };
                // An attempt that ended within a statement that waits without limit has not put its own back.
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

    /// What a step's own timeouts set in each of its transactions, where nothing can be set outside them.
    pub(crate) fn for_step_transaction(step: &Step) -> Vec<String> {
        let lock = step.lock_timeout().map(|lock| lock_timeout("SET LOCAL", lock));
        let statement = step
            .statement_timeout()
            .map(|statement| format!("SET LOCAL statement_timeout = {}", statement.as_millis()));
        lock.into_iter().chain(statement).collect()
    }

    /// What stands before and after a statement of PostgreSQL's that must not be given up while it waits for a lock.
    /// Nothing where the migration says itself how long its statements wait, as an option or in its SQL.
    pub(crate) fn without_limit(self, step: &Step, number: usize) -> Option<[String; 2]> {
        let Work::Sql(script) = &step.work else { return None };
        let must_wait = script.statements().nth(number).is_some_and(|s| s.must_wait());
        let said = step.lock_timeout().is_some()
            || script.statements().take(number).any(|before| {
                before.sets_session() && before.text().to_ascii_lowercase().contains("lock_timeout")
            });
        (must_wait && !said).then(|| self.around_waiting())
    }

    /// Waits without limit, and back to the run's own.
    pub(crate) fn around_waiting(self) -> [String; 2] {
        [lock_timeout("SET", Duration::ZERO), lock_timeout("SET", self.lock)]
    }

    /// What puts the session back after a step that changed it.
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

    // Whole seconds are all that InnoDB's metadata locks know; only MariaDB limits statements of every
    // kind, and MySQL those that read.
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

/// Only servers from version 17 know the one, and from version 14 the other.
const NO_TRANSACTION_TIMEOUT: &str = "SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings \
    WHERE name IN ('transaction_timeout', 'idle_session_timeout')";

/// PostgreSQL goes on with a statement whose client is gone, and holds the lock as long, unless it looks after the client.
/// Before version 14, and where its system cannot tell, it does without.
fn watch_client(local: bool) -> String {
    format!(
        "DO $$ BEGIN PERFORM pg_catalog.set_config('client_connection_check_interval', '5s', {local}); \
         EXCEPTION WHEN OTHERS THEN NULL; END $$"
    )
}

fn lock_timeout(set: &str, timeout: Duration) -> String {
    format!("{set} lock_timeout = {}", timeout.as_millis())
}
