//! For every unfinished state, a command is printed that resolves it.

use std::collections::BTreeSet;

use migrate_core::prelude::*;
use migrate_core::{
    Answer, Checksum, DbErrorCause, Kind, Migration, Migrator, PlanError, Repair, RepairFault,
    RevisionKey, State, StepCause, Target,
};

use crate::command::{Ran, command};
use crate::history::{applied, states};
use crate::migrations::{data, done, mixed, table};
use crate::{Database, failure};

/// `up` and `down` of revision 2, each of which can be run again.
const UP: [&str; 3] = [
    "CREATE TABLE IF NOT EXISTS a (id BIGINT)",
    "CREATE TABLE IF NOT EXISTS b (id BIGINT)",
    "CREATE TABLE IF NOT EXISTS c (id BIGINT)",
];
const DOWN: [&str; 3] =
    ["DROP TABLE IF EXISTS c", "DROP TABLE IF EXISTS b", "DROP TABLE IF EXISTS a"];
const FILL: [&str; 3] =
    ["DELETE FROM t1 WHERE id > 1", "DELETE FROM t1 WHERE id > 2", "DELETE FROM t1 WHERE id > 3"];

async fn code_up(db: &mut Db) -> Result<()> {
    for sql in UP {
        db.execute(sql).await?;
    }
    Ok(())
}

async fn code_down(db: &mut Db) -> Result<()> {
    for sql in DOWN {
        db.execute(sql).await?;
    }
    Ok(())
}

/// The kind of revision 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Schema,
    Data,
    Code,
}

impl What {
    fn set(self) -> Vec<Migration> {
        let second = match self {
            Self::Schema => Migration::new("2").up(UP.join(";\n")).down(DOWN.join(";\n")),
            Self::Data => {
                let sql = FILL.join(";\n");
                Migration::new("2").kind(Kind::Data).up(sql.clone()).down(sql)
            }
            Self::Code => Migration::new("2").up(code_up).down(code_down).transaction(false),
        };
        vec![table("1"), second]
    }

    fn statements(self, state: &str) -> [&'static str; 3] {
        match (self, state) {
            (Self::Data, _) => FILL,
            (Self::Schema | Self::Code, "reverting") => DOWN,
            (Self::Schema | Self::Code, _) => UP,
        }
    }

    /// The command that resumes it.
    fn command(self, state: &str) -> &'static str {
        match (self, state) {
            (_, "reverting") => "down",
            (Self::Data, _) => "production",
            (Self::Schema | Self::Code, _) => "up",
        }
    }
}

/// Journals, with the number of statements done: `1` and `2` are the revision's, `x` is another one.
const JOURNALS: [(&str, usize); 8] =
    [("none", 0), ("", 0), ("1", 1), ("1 2", 1), ("1 2!", 1), ("x", 1), ("1 x", 1), ("x!", 0)];

/// A possible state of revision 2.
#[derive(Clone, Copy, Debug)]
struct Left {
    what: What,
    state: &'static str,
    journal: &'static str,
    done: usize,
}

impl Left {
    async fn make(&self, database: &Database) {
        let mut migrator = database.connect(self.what.set()).await;
        migrator.stamp("2".parse().expect("a target")).await.expect("stamp");
        migrator.close().await.expect("a goodbye");
        let statements = self.what.statements(self.state);
        let hash = |sql: &str| -> String {
            Checksum::of_sql(sql, database.dialect()).to_string().chars().take(16).collect()
        };
        let words = self.journal.split_whitespace().map(|word| {
            let first = word.replace('1', &hash(statements[0]));
            // A hash may contain the letters of the placeholders.
            if first == word {
                word.replace('2', &hash(statements[1])).replace('x', "0123456789abcdef")
            } else {
                first
            }
        });
        let journal = match self.journal {
            "none" => "NULL".to_owned(),
            _ => format!("'{}'", words.collect::<Vec<_>>().join(" ")),
        };
        let total = if self.what == What::Code { 0 } else { 3 };
        database
            .query(&format!(
                "UPDATE _migrate_history SET state = '{}', statements_done = {}, statements_total = {total}, \
                 journal = {journal} WHERE revision = '2'",
                self.state, self.done
            ))
            .await;
    }

    /// Runs the command that resumes it.
    async fn go_on(&self, database: &Database) -> Ran {
        command(database, &self.what.set(), self.what.command(self.state)).await
    }
}

async fn is_finished(database: &Database) -> bool {
    states(database).await.iter().all(|(_, state)| state == "applied")
}

/// The commands that are printed in this state, by the command that resumes it and by what they name.
async fn printed(database: &Database, left: &Left, set: &[Migration]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in [left.what.command(left.state), "repair"] {
        left.make(database).await;
        found.extend(command(database, set, line).await.commands());
    }
    // A printed command may print further ones.
    if found.iter().any(|line| line.starts_with("down --from-history")) {
        left.make(database).await;
        let name = database.url().rsplit('/').next().unwrap_or_default().to_owned();
        let line = format!("down --from-history --yes={name}");
        found.extend(command(database, set, &line).await.commands());
    }
    found
}

/// Runs the printed command, and the commands after it.
async fn lead_out(database: &Database, left: &Left, set: &[Migration]) {
    let lines = printed(database, left, set).await;
    for word in ["--rerun", "--done", "--not-done"] {
        let is_named = lines.iter().any(|line| line.starts_with("repair 2") && line.contains(word));
        assert!(is_named, "{left:?}: no `{word}` in {lines:?}");
    }
    for line in lines.iter().filter(|line| line.starts_with("repair 2 ")) {
        left.make(database).await;
        let repaired = command(database, set, line).await;
        assert_eq!(repaired.code, 0, "{left:?}: `{line}`: {repaired:?}");
        if is_finished(database).await {
            continue;
        }
        let ran = left.go_on(database).await;
        let is_of_all = line.contains("--rerun") || line.contains("--whole");
        let finished = is_finished(database).await;
        if is_of_all {
            assert!(finished, "{left:?}: `{line}`: {ran:?}");
        } else {
            // The program's text may still differ from what was done.
            let names = |word: &str| ran.commands().iter().any(|line| line.contains(word));
            assert!(finished || names("--rerun"), "{left:?}: `{line}`: {ran:?}");
        }
    }
}

async fn lead_out_of_all(database: &Database, what: What) {
    command(database, &[table("1")], "up").await;
    for state in ["started", "failed", "reverting"] {
        for (journal, done) in JOURNALS {
            let left = Left { what, state, journal, done };
            left.make(database).await;
            let ran = left.go_on(database).await;
            if is_finished(database).await {
                assert_eq!(ran.code, 0, "{left:?}: {ran:?}");
            } else {
                lead_out(database, &left, &what.set()).await;
            }
            // The program may no longer contain it.
            if journal == "1 2" || journal == "none" {
                lead_out(database, &left, &[table("1")]).await;
            }
        }
    }
}

pub async fn every_unfinished_state_of_schema_has_commands_that_lead_out_of_it(
    database: &Database,
) {
    lead_out_of_all(database, What::Schema).await;
}

pub async fn every_unfinished_state_of_data_has_commands_that_lead_out_of_it(database: &Database) {
    lead_out_of_all(database, What::Data).await;
}

pub async fn every_unfinished_state_of_code_has_commands_that_lead_out_of_it(database: &Database) {
    lead_out_of_all(database, What::Code).await;
}

/// Code whose calls depend on the data.
async fn checks_then_acts(db: &mut Db) -> Result<()> {
    let rows: i64 = db.fetch_value("SELECT count(*) FROM t1").await?;
    if rows == 0 {
        db.execute("INSERT INTO t1 VALUES (1)").await?;
    }
    db.execute("DELETE FROM t1 WHERE id = 7").await?;
    if *db.state::<bool>()? { Err("no further".into()) } else { Ok(()) }
}

fn journaled(code: Migration) -> Vec<Migration> {
    vec![table("1"), code.transaction(false)]
}

async fn fail_then_diverge(database: &Database, set: Vec<Migration>) -> migrate_core::StepError {
    let first = Migrator::new(set.clone()).with(true);
    database.attach(first).await.up(Target::Head).await.expect_err("no further");
    let second = Migrator::new(set).with(false);
    failure::step(database.attach(second).await.up(Target::Head).await.expect_err("diverged"))
}

pub async fn code_that_diverges_says_where_and_names_both_ways_out(database: &Database) {
    let set = || journaled(mixed("2").up(checks_then_acts));
    let failed = fail_then_diverge(database, set()).await;
    let StepCause::Call(call) = &failed.cause else { panic!("{failed:?}") };
    assert!(matches!(call.cause, DbErrorCause::Diverged { statement: 1, .. }), "{call:?}");
    let words = call.to_string();
    for part in
        ["call 1", "it was `INSERT INTO t1 VALUES (1)`", "is `DELETE FROM t1 WHERE id = 7` now"]
    {
        assert!(words.contains(part), "{words}");
    }
    let hint = failed.hint();
    for way in ["repair 2 --rerun", "resume = rerun", "repair 2 --done --whole"] {
        assert!(hint.contains(way), "{hint}");
    }
    let mut migrator = database.attach(Migrator::new(set()).with(false)).await;
    let rerun = Repair::new(RevisionKey::new("runtime", "2"), Answer::Rerun, "it checks first");
    migrator.repair(rerun).await.expect("repaired");
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["2"]);
    assert_eq!(database.column::<i64>("SELECT id FROM t1").await, [1]);
}

async fn ends_early(db: &mut Db) -> Result<()> {
    if *db.state::<bool>()? {
        db.execute("INSERT INTO t1 VALUES (1)").await?;
        return Err("no further".into());
    }
    Ok(())
}

pub async fn code_that_ends_early_says_what_it_did_not_come_to(database: &Database) {
    let set = journaled(mixed("2").up(ends_early));
    let failed = fail_then_diverge(database, set).await;
    let StepCause::Call(call) = &failed.cause else { panic!("{failed:?}") };
    let words = call.to_string();
    assert!(words.contains("it was `INSERT INTO t1 VALUES (1)`, and now the code ends"), "{words}");
    assert_eq!(applied(database).await, ["1"]);
}

pub async fn an_answer_given_twice_is_not_about_more_the_second_time(database: &Database) {
    command(database, &What::Schema.set(), "up").await;
    let left = Left { what: What::Schema, state: "started", journal: "1 2", done: 1 };
    left.make(database).await;
    let mut migrator = database.connect(What::Schema.set()).await;
    let say = |whole: bool| {
        let repair = Repair::new(RevisionKey::new("runtime", "2"), Answer::Done, "seen");
        if whole { repair.whole() } else { repair }
    };
    migrator.repair(say(false)).await.expect("statement 2 is done");
    let refused = failure::plan(migrator.repair(say(false)).await.expect_err("said already"));
    assert!(
        matches!(refused, PlanError::Repair { fault: RepairFault::NoDoubt, .. }),
        "{refused:?}"
    );
    assert!(refused.hint().expect("a hint").contains("--whole"));
    assert_eq!(applied(database).await, ["1"]);
    migrator.repair(say(true)).await.expect("all of it is done");
    assert_eq!(applied(database).await, ["1", "2"]);
}

/// It is not the last that was applied, and `down` resumes it nevertheless.
pub async fn half_undone_is_what_down_goes_on_with(database: &Database) {
    let set = || {
        vec![
            table("1"),
            data("2", "DELETE FROM t1").down("DELETE FROM t1").after(["1"]),
            table("3").after(["1"]),
        ]
    };
    let mut migrator = database.connect(set()).await;
    migrator.production(Target::Head).await.expect("production");
    database
        .query(
            "UPDATE _migrate_history SET state = 'reverting', statements_done = 0, journal = '' \
             WHERE revision = '2'",
        )
        .await;
    let refused = failure::plan(migrator.up(Target::Head).await.expect_err("half undone"));
    assert!(
        matches!(refused, PlanError::Unfinished { state: State::Reverting, .. }),
        "{refused:?}"
    );
    assert!(refused.hint().expect("a hint").contains("`migrate down`"));
    let ran = command(database, &set(), "down").await;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(applied(database).await, ["1", "3"]);
}
