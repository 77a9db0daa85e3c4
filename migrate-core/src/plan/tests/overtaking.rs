//! Schema revisions that would destroy what data revisions before them need.

use super::*;
use crate::db::Db;
use crate::declare::body::BoxError;
use crate::history::StatementJournal;

/// Expand, backfill, contract.
fn change() -> Vec<Migration> {
    vec![
        schema("010").up("CREATE TABLE users (id INT PRIMARY KEY, email TEXT)"),
        schema("011").up("ALTER TABLE users ADD COLUMN mail TEXT"),
        data("012").up("UPDATE users SET mail = email"),
        schema("013").up("ALTER TABLE users DROP COLUMN email"),
    ]
}

fn with(last: Migration) -> Database {
    let mut all = change();
    all.pop();
    all.push(last);
    Database::new(all)
}

fn overtaken(database: &mut Database, target: &str) -> Vec<(String, String)> {
    match database.up(target) {
        Ok(_) => Vec::new(),
        Err(PlanError::PendingData { revisions }) => revisions
            .into_iter()
            .map(|one| (one.schema.id.to_string(), one.data.id.to_string()))
            .collect(),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_contract_is_refused_while_its_backfill_is_pending() {
    let mut database = Database::new(change());
    assert_eq!(overtaken(&mut database, "head"), [("013".to_owned(), "012".to_owned())]);
    assert!(database.applied.is_empty());
    assert_eq!(database.up("011").unwrap(), ["010", "011"]);
    let error = database.up("head").unwrap_err();
    assert_eq!(
        error.to_string(),
        "`runtime@013` drops `users.email`, but data revision `runtime@012`, which comes before it, has not run"
    );
    let hint = error.hint().unwrap();
    for way_out in
        ["migrate production", "depends_on = \"012\"", "depends_on = []", "waive(pending_data"]
    {
        assert!(hint.contains(way_out), "{hint}");
    }
    assert_eq!(database.production("head").unwrap(), ["012", "013"]);
}

#[test]
fn rows_that_the_compiler_sends_to_data_revisions_are_not_skipped() {
    let all = [
        schema("001").up("CREATE TABLE users (id INT PRIMARY KEY, name TEXT NOT NULL)"),
        data("002").up("INSERT INTO users (id, name) VALUES (1, 'root')"),
        schema("003").up("ALTER TABLE users ADD COLUMN email TEXT"),
        data("004").up("UPDATE users SET email = name WHERE email IS NULL"),
        schema("005").up("ALTER TABLE users ALTER COLUMN email SET NOT NULL"),
    ];
    let mut database = Database::new(all);
    let both = ["002", "004"].map(|data| ("005".to_owned(), data.to_owned()));
    assert_eq!(overtaken(&mut database, "head"), both);
    assert_eq!(database.up("003").unwrap(), ["001", "003"]);
    assert_eq!(database.production("head").unwrap(), ["002", "004", "005"]);
}

#[test]
fn what_was_begun_is_finished() {
    let mut database = Database::new(change());
    database.applied = ["010", "011", "013"].map(|id| database.graph.with_id(id)[0]).to_vec();
    let mut rows: Vec<_> =
        database.history().rows().map(|(key, row)| (key.clone(), row.clone())).collect();
    for (key, row) in &mut rows {
        if key.id.as_str() == "013" {
            (row.state, row.journal) = (State::Started, Some(StatementJournal::default()));
        }
    }
    let context = Context { dialect: DIALECT, policies: Policies::default() };
    let request = Request::Up(Target::Head);
    let plan = Plan::new(&request, &database.graph, &History::new(rows), context).unwrap();
    assert_eq!(plan.steps.len(), 1);
}

#[test]
fn only_what_names_it_or_declares_it_is_independent() {
    let drop = || schema("013").up("ALTER TABLE users DROP COLUMN email");
    assert!(overtaken(&mut with(drop().independent()), "head").is_empty());
    assert!(overtaken(&mut with(drop().waive("pending_data", "why")), "head").is_empty());
    assert!(
        overtaken(&mut with(drop().waive("pending-data", "why").depends_on("010")), "head")
            .is_empty()
    );
    assert_eq!(overtaken(&mut with(drop().depends_on("010")), "head").len(), 1);
    let refused = with(drop().depends_on("012")).up("head").unwrap_err();
    assert_eq!(refused.code(), "needs-data");
}

#[test]
fn what_touches_nothing_of_it_runs() {
    for sql in [
        "CREATE TABLE other (id INT)",
        "ALTER TABLE users ADD COLUMN phone TEXT",
        "ALTER TABLE users DROP COLUMN name",
        "CREATE INDEX mails ON users (mail)",
    ] {
        assert!(overtaken(&mut with(schema("013").up(sql)), "head").is_empty(), "{sql}");
    }
    let later = [
        schema("010").up("CREATE TABLE users (id INT PRIMARY KEY, email TEXT)"),
        schema("011").up("ALTER TABLE users DROP COLUMN email"),
        data("012").up("UPDATE users SET email = ''"),
        schema("009").in_crate("auth").up("DROP TABLE users"),
    ];
    assert!(overtaken(&mut Database::new(later), "head").is_empty());
}

#[test]
fn data_by_code_may_touch_what_was_there() {
    let code = || async |_: &mut Db| Ok::<(), BoxError>(());
    let mut all = change();
    all[2] = data("012").up(code());
    assert_eq!(overtaken(&mut Database::new(all.clone()), "head").len(), 1);
    all[3] = schema("013").up("CREATE TABLE new (id INT)");
    all.push(schema("014").up("CREATE UNIQUE INDEX one ON new (id)"));
    assert!(overtaken(&mut Database::new(all), "head").is_empty(), "`new` is newer than 012");
}

#[test]
fn schema_by_code_is_told_and_runs() {
    let code = schema("013").up(async |_: &mut Db| Ok::<(), BoxError>(()));
    let plan = with(code).plan(&Request::Up(Target::Head)).unwrap();
    assert_eq!(plan.steps.len(), 3);
    assert!(
        matches!(&plan.notices[..], [Notice::UnseenChange { key, data }] if key.id.as_str() == "013" && data.len() == 1),
        "{:?}",
        plan.notices
    );
}

#[test]
fn a_branch_of_its_own_is_not_held_back() {
    let all = [
        schema("1").after([]).up("CREATE TABLE users (id INT, email TEXT)"),
        schema("2").after(["1"]).branch("billing"),
        data("3").branch("billing").up("UPDATE users SET email = ''"),
        schema("4").after(["1"]).up("DROP TABLE users"),
    ];
    assert!(overtaken(&mut Database::new(all), "4").is_empty());
}

#[test]
fn a_release_that_would_run_them_the_wrong_way_round_is_refused() {
    let all = [
        schema("p").after([]).up("CREATE TABLE users (id INT, email TEXT)"),
        data("z").after(["p"]).up("UPDATE users SET email = ''"),
        schema("a").after(["p"]).up("ALTER TABLE users DROP COLUMN email"),
    ];
    let refused = Database::new(all).production("head").unwrap_err();
    assert_eq!(refused.code(), "pending-data", "{refused}");
}

#[test]
fn what_overtook_is_found_afterwards() {
    let mut database = Database::new(change());
    database.applied = ["010", "011", "013"].map(|id| database.graph.with_id(id)[0]).to_vec();
    let found = overtakings(&database.graph, &database.history(), DIALECT);
    assert_eq!(found.len(), 1);
    assert!(found[0].applied && found[0].data.id.as_str() == "012");
    assert_eq!(database.up("head").unwrap(), Vec::<String>::new());
    assert_eq!(database.plan(&Request::Up(Target::Head)).unwrap().pending_data.len(), 1);
}
