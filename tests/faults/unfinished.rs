//! Databases that an earlier version left with an unfinished revision: this version resumes it, or refuses with a message.
//!
//! Each file in `unfinished/` was dumped by the engine's own client after the version of layout 1 was killed there. Its name
//! tells the engine, the plan, the direction, the revision and how many statements were done. Where it failed, what was in its
//! way was removed by hand afterwards. The plans must therefore
//! keep the revisions that the files hold.

use migrate_core::Dialect;
use migrate_tests::{Database, run_script};

use crate::check::{Check, Outcome};
use crate::clean::Clean;
use crate::dump::Dump;
use crate::kill::{engine, nobody_left};
use crate::runner::Runner;
use crate::settings::Form;

/// A database as an earlier version left it.
#[derive(Clone, Copy)]
struct Left {
    dialect: Dialect,
    plan: &'static str,
    request: &'static str,
    name: &'static str,
    dump: &'static str,
}

/// A [`Left`] whose parts are also the parts of its file's name.
macro_rules! left {
    ($dialect:ident, $engine:literal, $plan:literal, $request:literal, $place:literal) => {
        Left {
            dialect: Dialect::$dialect,
            plan: $plan,
            request: $request,
            name: $place,
            dump: include_str!(concat!(
                "unfinished/",
                $engine,
                "-",
                $plan,
                "-",
                $request,
                "-",
                $place,
                ".sql"
            )),
        }
    };
}

const ALL: [Left; 18] = [
    left!(Sqlite, "sqlite", "short", "production", "003-after-1"),
    left!(Sqlite, "sqlite", "short", "production", "003-after-2"),
    left!(Sqlite, "sqlite", "short", "production", "003-failed-after-2"),
    left!(Postgres, "postgres", "short", "production", "003-failed-after-2"),
    left!(Postgres, "postgres", "short", "production", "003-after-0"),
    left!(Postgres, "postgres", "short", "production", "003-after-0-taken-effect"),
    left!(Postgres, "postgres", "short", "production", "003-after-1"),
    left!(Postgres, "postgres", "mixed", "production", "007-after-2"),
    left!(Postgres, "postgres", "mixed", "production", "007-after-4"),
    left!(Postgres, "postgres", "mixed", "production", "009-after-0"),
    left!(Postgres, "postgres", "mixed", "down", "009-after-0"),
    left!(Mysql, "mysql", "short", "production", "002-failed-after-1"),
    left!(Mysql, "mysql", "short", "production", "002-after-1"),
    left!(Mysql, "mysql", "short", "production", "002-after-2-taken-effect"),
    left!(Mysql, "mysql", "short", "production", "002-after-4"),
    left!(Mysql, "mysql", "mixed", "production", "006-after-4"),
    left!(Mysql, "mysql", "mixed", "down", "007-after-1"),
    left!(Mysql, "mysql", "mixed", "down", "004-after-4"),
];

pub(crate) fn checks(_form: Form) -> Vec<Check> {
    [Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql]
        .map(|dialect| {
            let name = "left unfinished by an earlier version";
            Check::new(engine(dialect), name, move || all_of(dialect))
        })
        .into()
}

async fn all_of(dialect: Dialect) -> Outcome {
    let mut outcome = Outcome { resumed: Some(0), ..Outcome::default() };
    for left in ALL.into_iter().filter(|left| left.dialect == dialect) {
        outcome.add(left.finish().await);
    }
    outcome
}

impl Left {
    async fn finish(self) -> Outcome {
        let case = format!("{} of {}, {}", self.request, self.plan, self.name);
        let clean = self.clean().await;
        let database = Database::fresh(self.dialect).await;
        let loaded = run_script(&database, self.dump);
        assert!(loaded.success, "{case}: the file cannot be loaded: {}", loaded.said);
        let before = Dump::of(&database).await;
        let runner = Runner::new(database.url(), self.plan, self.request);
        let ended = runner.run().await;
        let mut outcome = Outcome { tried: 1, resumed: Some(0), ..Outcome::default() };
        if ended.code() == Some(0) {
            outcome.resumed = Some(usize::from(ended.has_resumed()));
            clean.compare(&database, &case, &mut outcome).await;
        } else if !ended.complained.contains("hint: ") {
            outcome.differences.push(format!("{case}: refused without advice: {}", ended.told()));
        } else if let Some(difference) = Dump::of(&database).await.difference(&before) {
            outcome.differences.push(format!("{case}: refused, and changed: {difference}"));
        }
        nobody_left(&database).await;
        database.drop().await;
        outcome
    }

    /// Returns the result of the same request, undisturbed.
    async fn clean(self) -> Clean {
        let database = Database::fresh(self.dialect).await;
        if self.request == "down" {
            let up = Runner::new(database.url(), self.plan, "production").run().await;
            assert_eq!(up.code(), Some(0), "cannot begin: {}", up.told());
        }
        Clean::by(&Runner::new(database.url(), self.plan, self.request), database).await
    }
}
