//! sea-orm-migration, a type for each migration.

use crate::project::Peer;
use crate::revisions;

pub(crate) const PEER: Peer =
    Peer { name: "sea-orm-migration", folder: "sea-orm", manifest, files };

fn manifest() -> String {
    "[dependencies]\nsea-orm-migration = { version = \"1.1\", default-features = false, features = [\"sqlx-postgres\", \"runtime-tokio-rustls\"] }\n\n[profile.dev.build-override]\nopt-level = 1\n".to_owned()
}

fn files(count: usize) -> Vec<(String, String)> {
    let mut files: Vec<_> = (1..=count)
        .map(|number| (format!("src/m{}.rs", revisions::id(number)), migration(number)))
        .collect();
    files.push(("src/lib.rs".to_owned(), library(count)));
    files
}

fn migration(number: usize) -> String {
    let [table, index] = revisions::up(number);
    format!(
        r#"use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {{
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {{
        let connection = manager.get_connection();
        connection.execute_unprepared("{table}").await?;
        connection.execute_unprepared("{index}").await?;
        Ok(())
    }}

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {{
        manager.get_connection().execute_unprepared("DROP TABLE t{}").await?;
        Ok(())
    }}
}}
"#,
        revisions::id(number)
    )
}

fn library(count: usize) -> String {
    let lines = |line: fn(String) -> String| {
        (1..=count).map(revisions::id).map(line).collect::<Vec<_>>().join("\n")
    };
    let modules = lines(|id| format!("mod m{id};"));
    let list = lines(|id| format!("            Box::new(m{id}::Migration),"));
    format!(
        "pub use sea_orm_migration::prelude::*;\n\n{modules}\n\npub struct Migrator;\n\n#[async_trait::async_trait]\nimpl MigratorTrait for Migrator {{\n    fn migrations() -> Vec<Box<dyn MigrationTrait>> {{\n        vec![\n{list}\n        ]\n    }}\n}}\n"
    )
}
