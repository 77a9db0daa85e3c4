//! Schemas, databases and roles with names that do harm if they are not quoted, and names that a server would truncate.

use migrate_core::{Dialect, Migrator, Settings, Target, quote};

use crate::Database;
use crate::migrations::table;
use crate::suite::quoting::described;

pub async fn a_history_table_whose_log_would_have_no_name_of_its_own_is_refused(
    database: &Database,
) {
    let mut settings = Settings::default();
    settings.history_table = "h".repeat(61);
    let migrator = Migrator::new(vec![table("1")]).settings(settings);
    let error = migrator.connect(database.url()).await.expect_err("a name that is too long");
    assert!(error.to_string().contains("too long"), "{error}");
    assert!(database.all_tables().await.is_empty());
}

pub async fn history_is_kept_in_a_schema_of_a_hostile_name(database: &Database) {
    let dialect = database.dialect();
    for (number, hostile) in ["a'\"`\\; --", "$$ /*", "é %s {} ?"].into_iter().enumerate() {
        let schema = format!("{}{number}{hostile}", database.name());
        let quoted = quote::identifier(&schema, dialect);
        database.query(&format!("CREATE SCHEMA {quoted}")).await;
        let mut settings = Settings::default();
        settings.history_schema = Some(schema.clone());
        let mut migrator = database.attach(Migrator::new(described("a")).settings(settings)).await;
        migrator.production(Target::Head).await.expect("production");
        assert!(migrator.up(Target::Head).await.expect("up").done.is_empty());
        migrator.down(Target::Base).await.expect("down");
        migrator.close().await.expect("a goodbye");
        let of_dialect = if dialect == Dialect::Postgres { " CASCADE" } else { "" };
        database.query(&format!("DROP SCHEMA {quoted}{of_dialect}")).await;
    }
}

/// MySQL's connection goes back to it after each migration that may have left it, and PostgreSQL's to its role.
pub async fn sessions_go_back_to_databases_and_roles_of_hostile_names(database: &Database) {
    let dialect = database.dialect();
    let hostile = format!("{}'\"`\\; --é", database.name());
    let quoted = quote::identifier(&hostile, dialect);
    let mut connection = database.open().await;
    let (before, after) = match dialect {
        Dialect::Mysql => (
            vec![format!("CREATE DATABASE {quoted}"), format!("USE {quoted}")],
            vec![format!("DROP DATABASE {quoted}")],
        ),
        Dialect::Postgres | Dialect::Sqlite => (
            vec![format!("CREATE ROLE {quoted} SUPERUSER"), format!("SET ROLE {quoted}")],
            vec![
                "RESET ROLE".to_owned(),
                format!("DROP OWNED BY {quoted}"),
                format!("DROP ROLE {quoted}"),
            ],
        ),
    };
    for statement in before {
        connection.query(&statement).await.expect("a statement");
    }
    let all = migrate_core::Request::Production(Target::Head);
    Migrator::new(described("a")).run_on(&mut connection, &all).await.expect("production");
    let place =
        if dialect == Dialect::Mysql { "SELECT database()" } else { "SELECT current_user::text" };
    let rows = connection.query(place).await.expect("a place");
    assert_eq!(rows[0].at::<String>(0).as_deref(), Some(hostile.as_str()));
    let back = migrate_core::Request::Down(Target::Base);
    Migrator::new(described("a")).run_on(&mut connection, &back).await.expect("down");
    for statement in after {
        connection.query(&statement).await.expect("a statement");
    }
}
