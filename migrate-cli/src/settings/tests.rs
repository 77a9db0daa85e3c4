use std::fs;

use super::*;

fn world(folder: &Path, variables: &[(&str, &str)]) -> Environment {
    Environment {
        variables: variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        directory: folder.to_owned(),
        ..Environment::default()
    }
}

fn resolved(global: &Global, world: &Environment, config: &str) -> Resolved {
    Resolved::new(global, world, Config::parse(config).expect("valid")).expect("settings")
}

fn named(global: &Global, world: &Environment, config: &str) -> Option<(String, UrlSource)> {
    let found = resolved(global, world, config).named_database(world).expect("a URL");
    found.map(|database| (database.url.expose().to_owned(), database.source))
}

const CONFIG: &str = "url = 'postgres://h/config'\n[env.stage]\nurl = 'postgres://h/stage'\nprotected = true\n[env.bare]";

fn expect(source: UrlSource, name: &str) -> (String, UrlSource) {
    (format!("postgres://h/{name}"), source)
}

#[test]
fn the_nearest_source_of_a_url_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let flag =
        Global { database_url: Some("postgres://h/flag".to_owned().into()), ..Global::default() };
    let (plain, staged) =
        (Global::default(), Global { env: Some("stage".into()), ..Global::default() });
    let variable = world(path, &[("DATABASE_URL", "postgres://h/env")]);
    let nothing = world(path, &[("DATABASE_URL", "")]);

    assert_eq!(named(&plain, &nothing, ""), None);
    assert_eq!(named(&plain, &nothing, CONFIG), Some(expect(UrlSource::Config, "config")));
    fs::write(path.join(".env"), "export A=1\nDATABASE_URL=\"postgres://h/dotenv\"\n")
        .expect("written");
    assert_eq!(named(&plain, &nothing, CONFIG), Some(expect(UrlSource::DotEnv, "dotenv")));
    assert_eq!(
        named(&staged, &nothing, CONFIG),
        Some(expect(UrlSource::EnvironmentSection, "stage"))
    );
    assert_eq!(named(&staged, &variable, CONFIG), Some(expect(UrlSource::Environment, "env")));
    assert_eq!(named(&flag, &variable, CONFIG), Some(expect(UrlSource::Flag, "flag")));
}

#[test]
fn the_environment_is_chosen_by_flag_or_variable() {
    let world = world(Path::new("/p"), &[("MIGRATE_ENV", "stage")]);
    assert!(resolved(&Global::default(), &world, CONFIG).is_protected());
    let bare = Global { env: Some("bare".into()), ..Global::default() };
    assert!(!resolved(&bare, &world, CONFIG).is_protected());
    let unknown = Global { env: Some("stag".into()), ..Global::default() };
    assert!(Resolved::new(&unknown, &world, Config::parse(CONFIG).expect("valid")).is_err());
}

#[test]
fn the_default_is_a_file_where_sqlite_is_allowed() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(CONFIG_FILE), "").expect("written");
    let below = folder.path().join("src");
    let world = world(&below, &[]);
    let default = |global: &Global, config: &str| {
        resolved(global, &world, config)
            .default_database(&world)
            .expect("a URL")
            .map(|found| found.url)
    };
    let file = folder.path().join("migrate.db");
    let found = default(&Global::default(), "").expect("a default");
    assert_eq!(sqlite_file(&found, &world), Some(file));
    assert_eq!(default(&Global::default(), "dialect = 'postgres'"), None);
    let bare = Global { env: Some("bare".into()), ..Global::default() };
    assert_eq!(default(&bare, "[env.bare]"), None);
}

#[test]
fn relative_files_are_found_from_where_the_command_was_typed() {
    let world = world(Path::new("/p/a b"), &[("DATABASE_URL", "sqlite:x.db?mode=rwc")]);
    let found = resolved(&Global::default(), &world, "")
        .named_database(&world)
        .expect("a URL")
        .expect("named");
    assert_eq!(found.url.expose(), "sqlite:/p/a b/x.db?mode=rwc");
    for memory in ["sqlite::memory:", "sqlite:", "sqlite:file.db?mode=memory"] {
        assert_eq!(sqlite_file(&memory.parse().expect("a URL"), &world), None, "{memory}");
    }
}
