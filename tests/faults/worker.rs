//! The process that is killed: runs a plan as an application would, with a fault at one of its statements.

use std::error::Error;
use std::io::stdin;
use std::process::ExitCode;
use std::str::FromStr;
use std::time::Duration;

use migrate_core::{
    Answer, Connected, Connection, DatabaseUrl, Dialect, Event, Injection, LockMode, Migrator,
    Missing, Moment, Repair, Request, Settings, StopHandle, Target,
};
use rustix::process::{Signal, getpid, kill_process};
use tokio::signal::unix::{SignalKind, signal};

use crate::plan;

/// The first argument of such a process.
pub(crate) const COMMAND: &str = "worker";
/// The environment variable that holds the URL, which other users may not see.
pub(crate) const URL: &str = "FAULTS_URL";

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// A fault at a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// The process ends at once.
    Kill,
    /// The process stops until it gets a signal to continue.
    Stop,
    /// The process prints `held`, and continues when it can read a line or the end of its input.
    Hold,
    /// The server ends the connection.
    End,
    /// The server cancels the query.
    Cancel,
    /// The process gets a signal that asks it to end.
    Term,
}

impl Act {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Stop => "stop",
            Self::Hold => "hold",
            Self::End => "end",
            Self::Cancel => "cancel",
            Self::Term => "term",
        }
    }
}

/// The arguments of such a process.
struct Orders {
    url: String,
    plan: String,
    command: String,
    settings: Settings,
    at: usize,
    moment: Moment,
    act: Option<Act>,
    /// The target revision, or the revision to repair.
    to: Option<String>,
    answer: Option<Answer>,
}

pub(crate) fn main(arguments: impl Iterator<Item = String>) -> ExitCode {
    let orders = match Orders::read(arguments) {
        Ok(orders) => orders,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    match work(&orders) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let mut cause: Option<&dyn Error> = Some(error.as_ref());
            while let Some(error) = cause {
                eprintln!("error: {error}");
                cause = error.source();
            }
            for hint in error.downcast_ref().map(migrate_core::Error::hints).unwrap_or_default() {
                eprintln!("hint: {hint}");
            }
            ExitCode::FAILURE
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn work(orders: &Orders) -> Result<()> {
    let url = DatabaseUrl::from_str(&orders.url)?;
    let migrations = plan::named(&orders.plan, url.dialect());
    let migrator = Migrator::new(migrations)
        .settings(orders.settings.clone())
        .observer(|event: Event<'_>| tell(&event))
        .stop_with(stop_on_term()?);
    let mut connected = migrator.connect(&orders.url).await?;
    let fault = orders.fault(&url).await?;
    let counter = fault.counter();
    connected.interpose(fault);
    let outcome = connected.run(&orders.request()?).await;
    println!("statements {}", counter.get());
    outcome?;
    Connected::close(connected).await?;
    Ok(())
}

/// Stops the run in an orderly way when the process is asked to end.
fn stop_on_term() -> Result<StopHandle> {
    let mut asked = signal(SignalKind::terminate())?;
    let stop = StopHandle::new();
    let on_term = stop.clone();
    tokio::spawn(async move {
        while asked.recv().await.is_some() {
            on_term.stop();
        }
    });
    Ok(stop)
}

/// Prints the output that the other process reads.
#[expect(clippy::wildcard_enum_match_arm, reason = "the rest is nobody's concern here")]
fn tell(event: &Event<'_>) {
    match event {
        Event::Resuming { key, statement, .. } => println!("resuming {key} {statement}"),
        Event::Waiting { holder, .. } => println!("waiting {holder}"),
        Event::Retrying { key, reason, .. } => println!("retrying {key} {reason}"),
        Event::Done(done) => println!("done {}", done.key),
        _ => {}
    }
}

impl Orders {
    #[expect(clippy::disallowed_methods, reason = "the test's own variable, read by no other code")]
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut orders = Self {
            url: std::env::var(URL)?,
            plan: String::new(),
            command: String::new(),
            settings: Settings::default(),
            at: 0,
            moment: Moment::Before,
            act: None,
            to: None,
            answer: None,
        };
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("`{name}` lacks a value"))?;
            orders.take(&name, value)?;
        }
        Ok(orders)
    }

    fn take(&mut self, name: &str, value: String) -> Result<()> {
        match name {
            "--plan" => self.plan = value,
            "--do" => self.command = value,
            "--at" => self.at = value.parse()?,
            "--before" => self.moment = Moment::Before,
            "--inside" => self.moment = Moment::Inside(Duration::from_micros(value.parse()?)),
            "--after" => self.moment = Moment::After,
            "--act" => {
                let acts = [Act::Kill, Act::Stop, Act::Hold, Act::End, Act::Cancel, Act::Term];
                self.act = acts.into_iter().find(|act| act.word() == value);
            }
            "--wait" => self.settings.wait = Duration::from_secs(value.parse()?),
            "--lease" => self.settings.lease = Duration::from_secs(value.parse()?),
            "--lock-timeout" => {
                self.settings.timeouts.lock = Duration::from_secs(value.parse()?);
            }
            "--to" => self.to = Some(value),
            "--answer" => {
                self.answer = match value.as_str() {
                    "done" => Some(Answer::Done),
                    "not-done" => Some(Answer::NotDone),
                    _ => return Err(format!("nobody answers `{value}`").into()),
                };
            }
            "--lock" => {
                self.settings.lock = match value.as_str() {
                    "session" => LockMode::Session,
                    "lease" => LockMode::Lease,
                    "none" => LockMode::None,
                    _ => LockMode::Auto,
                }
            }
            _ => return Err(format!("unknown argument `{name}`").into()),
        }
        Ok(())
    }

    fn request(&self) -> Result<Request> {
        match self.command.as_str() {
            "up" => Ok(Request::Up(Target::Head)),
            "production" => Ok(Request::Production(self.target()?.unwrap_or(Target::Head))),
            "repair" => self.repair(),
            "down" => Ok(Request::Down(self.target()?.unwrap_or(Target::Base))),
            other => Err(format!("nobody can `{other}`").into()),
        }
    }

    fn target(&self) -> Result<Option<Target>> {
        Ok(self.to.as_deref().map(Target::from_str).transpose()?)
    }

    fn repair(&self) -> Result<Request> {
        let id = self.to.clone().ok_or("`repair` lacks its revision")?;
        let answer = self.answer.ok_or("`repair` lacks its answer")?;
        let key = plan::named(&self.plan, DatabaseUrl::from_str(&self.url)?.dialect())
            .into_iter()
            .map(|migration| migration.key().clone())
            .find(|key| key.id.as_str() == id)
            .ok_or("no such revision")?;
        Ok(Request::Repair(Repair::new(key, answer, "seen by the adversary")))
    }

    async fn fault(&self, url: &DatabaseUrl) -> Result<Injection> {
        let (at, moment) = (self.at, self.moment);
        Ok(match self.act {
            None => Injection::none(),
            Some(Act::Kill) => {
                Injection::new(at, moment, || Box::pin(async { send_itself(Signal::KILL) }))
            }
            Some(Act::Stop) => {
                Injection::new(at, moment, || Box::pin(async { send_itself(Signal::STOP) }))
            }
            Some(Act::Term) => {
                Injection::new(at, moment, || Box::pin(async { send_itself(Signal::TERM) }))
            }
            Some(Act::Cancel) => {
                let executioner = migrate_core::open(url, Missing::Fail).await?;
                Injection::new(at, moment, || Box::pin(cancel(executioner)))
            }
            Some(Act::Hold) => Injection::new(at, moment, || Box::pin(hold())),
            Some(Act::End) => {
                // Opened beforehand, so that statements sent in the meantime have no time to end.
                let executioner = migrate_core::open(url, Missing::Fail).await?;
                Injection::new(at, moment, || Box::pin(end(executioner)))
            }
        })
    }
}

fn send_itself(signal: Signal) {
    kill_process(getpid(), signal).expect("a process may signal itself");
}

async fn hold() {
    println!("held");
    let line = tokio::task::spawn_blocking(|| stdin().read_line(&mut String::new()));
    line.await.expect("a thread that reads").expect("standard input");
}

/// Ends the oldest session of the database, which is the one that migrates, and waits until it is gone.
async fn end(mut executioner: Connection) {
    let session = oldest_session(&mut executioner).await.expect("the session that migrates");
    let end = match executioner.dialect() {
        Dialect::Postgres => "SELECT pg_terminate_backend",
        Dialect::Mysql => "KILL CONNECTION ",
        Dialect::Sqlite => panic!("SQLite has no server"),
    };
    executioner.query(&format!("{end}({session})")).await.expect("an end");
    while oldest_session(&mut executioner).await == Some(session) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Cancels that session's query, as a human or a query killer would; the session may be between two statements.
async fn cancel(mut executioner: Connection) {
    let session = oldest_session(&mut executioner).await.expect("the session that migrates");
    let cancel = match executioner.dialect() {
        Dialect::Postgres => "SELECT pg_cancel_backend",
        Dialect::Mysql => "KILL QUERY ",
        Dialect::Sqlite => panic!("SQLite has no server"),
    };
    executioner.query(&format!("{cancel}({session})")).await.expect("a cancellation");
    drop(executioner.close().await);
}

async fn oldest_session(executioner: &mut Connection) -> Option<i64> {
    let oldest = match executioner.dialect() {
        Dialect::Postgres => {
            "SELECT pid::bigint FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
             AND backend_type = 'client backend' ORDER BY backend_start LIMIT 1"
        }
        Dialect::Mysql => {
            "SELECT id FROM information_schema.processlist WHERE db = database() AND id <> connection_id() \
             ORDER BY id LIMIT 1"
        }
        Dialect::Sqlite => panic!("SQLite has no server"),
    };
    let rows = executioner.query(oldest).await.expect("the sessions");
    rows.first().and_then(|row| row.at(0))
}
