//! The database of a command: never a different one than meant, and always printed before it is changed.

mod common;

use std::fs;

use common::{Project, shop};

fn url(project: &Project, name: &str) -> String {
    format!("sqlite:{}", project.path().join(name).display())
}

#[test]
fn what_writes_says_which_database_it_is() {
    let project = Project::new(shop());
    fs::write(project.path().join(".env"), "DATABASE_URL=sqlite:shop.db\n").expect("written");
    project.show("up -r +1");
    project.show("down --format json -q");
    project.show("stamp 002 --format json");
    project.show("current");
    project.show("lock --release");
    check!(project);
}

#[test]
fn a_file_that_is_not_there_is_not_made_by_what_only_alters() {
    let project = Project::new(shop());
    let down = project.run(&format!("down --database-url {}", url(&project, "none.db")));
    assert!(down.err.contains("does not exist yet"), "{down}");
    assert!(!project.path().join("none.db").exists());
}

#[test]
fn two_databases_are_refused_and_none_is_touched() {
    let project = Project::new(shop());
    let (stage, live) = (url(&project, "stage.db"), url(&project, "live.db"));
    let config = format!("[env.stage]\nurl = '{stage}'\n[env.bare]");
    let project = project.config(&config).variable("DATABASE_URL", &live);
    for line in
        ["up --env stage", "production --env stage", "down --env stage", "stamp 001 --env stage"]
    {
        let ran = project.run(line);
        assert_eq!(ran.code, 2, "{ran}");
        assert!(ran.err.contains("stage.db") && ran.err.contains("live.db"), "{ran}");
    }
    assert!(!project.path().join("stage.db").exists() && !project.path().join("live.db").exists());
    let other = url(&project, "other.db");
    let ran = project.run(&format!("up --env stage --database-url {other}"));
    assert!(ran.code == 0 && project.path().join("other.db").exists(), "{ran}");
    let ran = project.run("up --env bare");
    assert!(ran.code == 0 && project.path().join("live.db").exists(), "{ran}");
    assert!(ran.err.contains("live.db, from `DATABASE_URL`"), "{ran}");
}

#[test]
fn nothing_is_migrated_where_the_url_is_empty_or_unreadable() {
    for project in [
        Project::new(shop()).variable("DATABASE_URL", ""),
        Project::new(shop()).variable("DATABASE_URL", "  "),
        Project::new(shop()).unreadable("DATABASE_URL"),
        Project::new(shop()).config("url = ''"),
        Project::new(shop()).config("[env.stage]\nurl = ''").variable("MIGRATE_ENV", "stage"),
        Project::new(shop()).variable("MIGRATE_ENV", ""),
        Project::new(shop()).variable("DATABASE_URL", "sqlite:"),
        Project::new(shop()).variable("DATABASE_URL", "sqlite://"),
        Project::new(shop()).variable("DATABASE_URL", "sqlite::memory:"),
        Project::new(shop()).variable("DATABASE_URL", "sqlite:a.db?mode=memory"),
    ] {
        for line in ["up", "production", "stamp head"] {
            let ran = project.run(line);
            assert_eq!(ran.code, 2, "{ran}");
        }
        assert_eq!(fs::read_dir(project.path()).expect("a folder").count(), 0);
    }
    for text in ["DATABASE_URL=\n", "DATABASE_URL: sqlite:a.db\n", "DATABASE_URL=$nobody\n"] {
        let project = Project::new(shop());
        fs::write(project.path().join(".env"), text).expect("written");
        let ran = project.run("up");
        assert_eq!(ran.code, 2, "{ran}");
        assert!(ran.err.contains(".env"), "{ran}");
        assert!(!project.path().join("migrate.db").exists());
    }
}

#[test]
fn a_file_is_not_created_where_the_url_says_that_it_must_be_there() {
    let project = Project::new(shop());
    let ran = project.run(&format!("up --database-url {}?mode=rw", url(&project, "none.db")));
    assert_eq!(ran.code, 1, "{ran}");
    assert!(!project.path().join("none.db").exists(), "{ran}");
}
