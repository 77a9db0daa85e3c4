//! A run that ends at a statement, by a kill or by the server: the next run recovers.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use migrate_core::{Dialect, Moment};
use migrate_tests::{Database, history};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::check::{Check, Outcome};
use crate::dump::Dump;
use crate::plan;
use crate::runner::{Ended, Runner};
use crate::settings::Form;
use crate::worker::Act;

/// The number of databases in use at once.
const AT_ONCE: usize = 4;

/// The time between sending a message and the end of its run: the server is at its first statements, or nearly done.
const DELAYS: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_micros(200),
    Duration::from_micros(700),
    Duration::from_millis(2),
    Duration::from_millis(6),
];

/// A way in which runs end.
#[derive(Clone, Copy)]
struct Way {
    words: &'static str,
    /// The moment, for the statement with this number.
    moment: fn(usize) -> Moment,
    act: Act,
    /// Whether the next run is killed as well.
    twice: bool,
}

const BEFORE: Way =
    Way { words: "killed before", moment: |_| Moment::Before, act: Act::Kill, twice: false };
const INSIDE: Way = Way { words: "killed inside", moment: inside, act: Act::Kill, twice: false };
const AFTER: Way =
    Way { words: "killed after", moment: |_| Moment::After, act: Act::Kill, twice: false };
const TWICE: Way = Way { words: "killed before and, resuming, again", twice: true, ..BEFORE };
const ENDED_BEFORE: Way =
    Way { words: "connection ended by the server before", act: Act::End, ..BEFORE };
const ENDED_INSIDE: Way =
    Way { words: "connection ended by the server inside", act: Act::End, ..INSIDE };

fn inside(at: usize) -> Moment {
    Moment::Inside(DELAYS.get(at % DELAYS.len()).copied().unwrap_or_default())
}

/// A plan on an engine, in one direction.
#[derive(Clone, Copy, Debug)]
struct Course {
    dialect: Dialect,
    plan: &'static str,
    /// `production`, or `down`, before which everything is applied.
    command: &'static str,
}

pub(crate) fn checks(form: Form) -> Vec<Check> {
    let engines = [Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql];
    engines.into_iter().flat_map(|dialect| checks_on(dialect, form)).collect()
}

fn checks_on(dialect: Dialect, form: Form) -> Vec<Check> {
    let (ways, plan): (&[Way], _) = match (form, dialect) {
        (Form::Short, _) => (&[BEFORE], plan::SHORT),
        // There is no server.
        (Form::Full, Dialect::Sqlite) => (&[BEFORE, INSIDE, AFTER, TWICE], plan::MIXED),
        (Form::Full, Dialect::Postgres | Dialect::Mysql) => {
            (&[BEFORE, INSIDE, AFTER, TWICE, ENDED_BEFORE, ENDED_INSIDE], plan::MIXED)
        }
    };
    let commands = ["production", "down"];
    let courses = commands.into_iter().map(|command| Course { dialect, plan, command });
    let rows = courses.flat_map(|course| ways.iter().map(move |way| (course, *way)));
    rows.map(|(course, way)| {
        let name = format!("{} each statement of `{}`", way.words, course.command);
        Check::new(engine(dialect), name, move || at_every_statement(course, way))
    })
    .collect()
}

/// Returns the name in the table.
pub(crate) const fn engine(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "SQLite",
        Dialect::Postgres => "PostgreSQL",
        Dialect::Mysql => "MariaDB",
    }
}

async fn at_every_statement(course: Course, way: Way) -> Outcome {
    let (clean, statements) = course.clean().await;
    let clean = Arc::new(clean);
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut attempts = JoinSet::new();
    for at in statements {
        let (clean, places) = (Arc::clone(&clean), Arc::clone(&places));
        attempts.spawn(async move {
            let _place = places.acquire_owned().await.expect("an open semaphore");
            (at, course.attempt(way, at, &clean).await)
        });
    }
    let mut outcome = Outcome { resumed: Some(0), ..Outcome::default() };
    // A check that cannot continue panics, and then so does this one.
    let mut attempts = attempts.join_all().await;
    attempts.sort_by_key(|(at, _)| *at);
    for (_, attempt) in attempts {
        outcome.add(attempt);
    }
    outcome
}

impl Course {
    fn runner(self, database: &Database) -> Runner {
        Runner::new(database.url(), self.plan, self.command)
    }

    /// Creates a database in which the run can start.
    async fn begin(self) -> Database {
        let database = Database::fresh(self.dialect).await;
        if self.command == "down" {
            let up = Runner::new(database.url(), self.plan, "production").run().await;
            assert_eq!(up.code(), Some(0), "{self:?} cannot begin: {}", up.told());
            nobody_left(&database).await;
        }
        database
    }

    /// Returns the state after a run without faults, and its statements, from 1.
    async fn clean(self) -> (Dump, Range<usize>) {
        let database = self.begin().await;
        let ended = self.runner(&database).run().await;
        assert_eq!(ended.code(), Some(0), "{self:?} fails without any fault: {}", ended.told());
        let log = history::log(&database).await;
        let failure = log.iter().find(|event| event.starts_with("failure "));
        assert_eq!(failure, None, "{self:?} fails by itself, and goes on");
        let dump = Dump::of(&database).await;
        database.drop().await;
        (dump, 1..ended.statements() + 1)
    }

    async fn attempt(self, way: Way, at: usize, clean: &Dump) -> Outcome {
        let database = self.begin().await;
        let mut outcome = Outcome { tried: 1, resumed: Some(0), ..Outcome::default() };
        let mut differ = |what: String| {
            outcome.differences.push(format!("{self:?} {} statement {at}: {what}", way.words));
        };
        let moment = (way.moment)(at);
        let ended = self.runner(&database).fault(at, moment, way.act).run().await;
        if !has_met(&ended, way.act, moment) {
            differ(format!("the fault was not met: {}", ended.told()));
        }
        // A supervisor starts the next run at once, while the server may still execute the statements of the dead one.
        if !matches!(moment, Moment::Inside(_)) {
            nobody_left(&database).await;
        }
        let mut resumed = false;
        if way.twice {
            // Resuming takes fewer statements if the first kill came late, so not every second kill happens.
            let again = self.runner(&database).fault(3 + at % 17, moment, way.act).run().await;
            resumed |= again.has_resumed();
        }
        let next = self.runner(&database).run().await;
        resumed |= next.has_resumed();
        if next.code() == Some(0) {
            if let Some(difference) = Dump::of(&database).await.difference(clean) {
                differ(difference);
            }
        } else {
            differ(format!("the next run fails: {}", next.told()));
        }
        outcome.resumed = Some(usize::from(resumed));
        nobody_left(&database).await;
        database.drop().await;
        outcome
    }
}

/// A killed process does not end by itself, and one whose connection is gone reports that, unless the last answer was there
/// before the end.
fn has_met(ended: &Ended, act: Act, moment: Moment) -> bool {
    match act {
        Act::Kill => ended.was_killed(),
        Act::End => ended.code() == Some(1) || matches!(moment, Moment::Inside(_)),
        Act::Stop | Act::Hold | Act::Cancel | Act::Term => true,
    }
}

/// Waits until no other session uses the database.
pub(crate) async fn nobody_left(database: &Database) {
    let others = match database.dialect() {
        Dialect::Postgres => {
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
             AND backend_type = 'client backend'"
        }
        Dialect::Mysql => {
            "SELECT count(*) FROM information_schema.processlist WHERE db = database() AND id <> connection_id()"
        }
        Dialect::Sqlite => return,
    };
    while database.value::<i64>(others).await > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
