use std::fs;

use std::path::Path;

use super::*;
use crate::args::UrlText;
use crate::environment::CONFIG_FILE;
use crate::error::Exit;
use crate::flag::{FLAG_VARIABLE, handed_on};
use crate::rendered;

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

fn refused(global: &Global, world: &Environment, config: &str) -> String {
    let resolved = resolved(global, world, config);
    let error = resolved.named_database(world).expect_err("no database");
    assert_eq!(error.exit(), Exit::USAGE);
    rendered::text(&error, false)
}

fn by_flag(url: &str) -> Global {
    Global { database_url: Some(UrlText(url.to_owned())), ..Global::default() }
}

fn in_environment(name: &str) -> Global {
    Global { env: Some(name.to_owned()), ..Global::default() }
}

fn section(name: &str) -> UrlSource {
    UrlSource::EnvironmentSection(name.to_owned())
}

#[test]
fn the_nearest_source_of_a_url_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let flag = by_flag("postgres://h/flag");
    let (plain, staged, bare) =
        (Global::default(), in_environment("stage"), in_environment("bare"));
    let variable = world(path, &[("DATABASE_URL", "postgres://h/env")]);
    let nothing = world(path, &[]);

    assert_eq!(named(&plain, &nothing, ""), None);
    assert_eq!(named(&plain, &nothing, CONFIG), Some(expect(UrlSource::Config, "config")));
    let file = path.join(".env");
    fs::write(&file, "export A=1\nDATABASE_URL=\"postgres://h/dotenv\"\n").expect("written");
    assert_eq!(named(&plain, &nothing, CONFIG), Some(expect(UrlSource::DotEnv(file), "dotenv")));
    assert_eq!(named(&staged, &nothing, CONFIG), Some(expect(section("stage"), "stage")));
    assert_eq!(named(&bare, &variable, CONFIG), Some(expect(UrlSource::Environment, "env")));
    assert_eq!(named(&flag, &variable, CONFIG), Some(expect(UrlSource::Flag, "flag")));
    let both = Global { env: Some("stage".into()), ..flag };
    assert_eq!(named(&both, &variable, CONFIG), Some(expect(UrlSource::Flag, "flag")));
}

#[test]
fn an_environment_is_never_overruled_by_an_exported_url() {
    let live = "postgres://u:Zebra77@live/shop";
    let exported = world(Path::new("/p"), &[("DATABASE_URL", live)]);
    let by_variable = world(Path::new("/p"), &[("DATABASE_URL", live), ("MIGRATE_ENV", "stage")]);
    for (global, world) in [(in_environment("stage"), &exported), (Global::default(), &by_variable)]
    {
        let told = refused(&global, world, CONFIG);
        for part in [
            "`[env.stage]`",
            "postgres://h/stage",
            "`DATABASE_URL`",
            "postgres://u:***@live/shop",
            "--database-url",
        ] {
            assert!(told.contains(part), "{told}");
        }
        assert!(!told.contains("Zebra77"), "{told}");
    }
    let same = world(Path::new("/p"), &[("DATABASE_URL", "postgresql://h/stage")]);
    assert_eq!(
        named(&in_environment("stage"), &same, CONFIG),
        Some(expect(section("stage"), "stage"))
    );
}

#[test]
fn what_the_launcher_hands_on_is_the_flags() {
    let staged = in_environment("stage");
    let [exported, flag] = handed_on("postgres://h/flag");
    let of = |pairs: &[(&str, String)]| {
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        world(Path::new("/p"), &pairs)
    };
    let by_flag = Some(expect(UrlSource::Flag, "flag"));
    assert_eq!(named(&staged, &of(&[exported.clone(), flag.clone()]), CONFIG), by_flag);
    // Cargo's `[env]` comes between, but the process is the same.
    let changed = ("DATABASE_URL", "postgres://h/env".to_owned());
    assert_eq!(named(&staged, &of(&[changed.clone(), flag]), CONFIG), by_flag);
    // A program comes between.
    let flag = (FLAG_VARIABLE, "0 postgres://h/flag".to_owned());
    assert_eq!(named(&staged, &of(&[exported, flag.clone()]), CONFIG), by_flag);
    let told = refused(&Global::default(), &of(&[changed, flag]), CONFIG);
    assert!(told.contains("[env]"), "{told}");
}

#[test]
fn what_is_set_but_empty_names_no_database_and_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let plain = Global::default();
    for empty in ["", " ", "\t\n"] {
        let exported = world(path, &[("DATABASE_URL", empty)]);
        assert!(refused(&plain, &exported, CONFIG).contains("`DATABASE_URL` is set but empty"));
        assert!(refused(&in_environment("stage"), &exported, CONFIG).contains("empty"));
        // The flag always counts.
        let flag = by_flag("postgres://h/flag");
        assert_eq!(named(&flag, &exported, CONFIG), Some(expect(UrlSource::Flag, "flag")));
    }
    let nothing = world(path, &[]);
    assert!(
        refused(&by_flag(" "), &nothing, "")
            .contains("`--database-url`: the database URL is empty")
    );
    assert!(refused(&plain, &nothing, "url = ''").contains("`url` in `migrate.toml`"));
    let section = "[env.stage]\nurl = ' '";
    assert!(refused(&in_environment("stage"), &nothing, section).contains("`[env.stage]`"));
    fs::write(path.join(".env"), "DATABASE_URL=\n").expect("written");
    let told = refused(&plain, &nothing, CONFIG);
    assert!(told.contains(".env") && told.contains("empty"), "{told}");

    let unnamed = world(path, &[("MIGRATE_ENV", "")]);
    let config = Config::parse(CONFIG).expect("valid");
    assert!(Resolved::new(&plain, &unnamed, config).is_err());
}

#[test]
fn a_variable_that_is_not_utf8_is_told() {
    let mut world = world(Path::new("/p"), &[]);
    world.unreadable.insert("DATABASE_URL".to_owned());
    assert!(
        refused(&Global::default(), &world, CONFIG).contains("`DATABASE_URL` is not valid UTF-8")
    );
    world.unreadable.insert("MIGRATE_ENV".to_owned());
    let config = Config::parse(CONFIG).expect("valid");
    assert!(Resolved::new(&Global::default(), &world, config).is_err());
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
    for memory in ["sqlite::memory:", "sqlite:file.db?mode=memory"] {
        assert_eq!(sqlite_file(&memory.parse().expect("a URL"), &world), None, "{memory}");
    }
}

#[test]
fn the_schema_of_history_is_the_flags_or_the_variables_or_the_files() {
    let config = "[history]\nschema = 'file'";
    let nothing = world(Path::new("/p"), &[]);
    let variable = world(Path::new("/p"), &[("MIGRATE_HISTORY_SCHEMA", "variable")]);
    let flag = Global { history_schema: Some("flag".to_owned()), ..Global::default() };
    let schema = |global: &Global, world: &Environment, config: &str| {
        resolved(global, world, config).core.history_schema
    };
    assert_eq!(schema(&flag, &variable, config).as_deref(), Some("flag"));
    assert_eq!(schema(&Global::default(), &variable, config).as_deref(), Some("variable"));
    assert_eq!(schema(&Global::default(), &nothing, config).as_deref(), Some("file"));
    assert_eq!(schema(&Global::default(), &nothing, ""), None);
    let empty = world(Path::new("/p"), &[("MIGRATE_HISTORY_SCHEMA", " ")]);
    assert!(Resolved::new(&Global::default(), &empty, Config::default()).is_err());
    let empty = Global { history_schema: Some(String::new()), ..Global::default() };
    assert!(Resolved::new(&empty, &nothing, Config::default()).is_err());
}

#[test]
fn time_outs_of_flags_come_before_those_of_the_url() {
    let url: DatabaseUrl =
        "postgres://h/d?statement_timeout=9s&lock_timeout=9s".parse().expect("a URL");
    let zero = Some(std::time::Duration::ZERO);
    let flags = Global { statement_timeout: zero, ..Global::default() };
    let resolved = resolved(&flags, &world(Path::new("/p"), &[]), "");
    let settings = resolved.core.clone().of_url(&resolved.without_flags(&url));
    assert_eq!(settings.timeouts.statement.as_secs(), 0);
    assert_eq!(settings.timeouts.lock.as_secs(), 9);
}

#[test]
fn what_libpq_would_heed_and_we_cannot_is_refused() {
    let at = |url: &str, pair| {
        let world = world(Path::new("/p"), &[("DATABASE_URL", url), pair]);
        resolved(&Global::default(), &world, "").named_database(&world).is_ok()
    };
    let whole = "postgres://u@h/d";
    for pair in [
        ("PGSSLMODE", "verify_full"),
        ("PGCHANNELBINDING", "require"),
        ("PGTARGETSESSIONATTRS", "read-write"),
        ("PGREQUIREAUTH", "scram-sha-256"),
    ] {
        assert!(!at(whole, pair), "{pair:?}");
        assert!(at("mysql://u@h/d", pair), "{pair:?}");
    }
    assert!(at(whole, ("PGSERVICE", "shop")) && !at("postgres:///d", ("PGSERVICE", "shop")));
    assert!(at(whole, ("PGSSLMODE", "require")) && at(whole, ("PGCHANNELBINDING", "prefer")));
    assert!(at("postgres://u@h/d?sslmode=require", ("PGSSLMODE", "verify_full")));
}
