//! Commands that write files.
#![expect(clippy::expect_used, reason = "helpers of tests")]

mod common;

use std::fs;

use common::{Project, merged, shop, table};
use migrate_core::Migration;

const LIB: &str = "migrate_core::migrations!();\n";

fn crate_of(migrations: Vec<Migration>) -> Project {
    let project = Project::new(migrations);
    fs::create_dir(project.path().join("src")).expect("created");
    fs::write(project.path().join("src/lib.rs"), LIB).expect("written");
    project
}

fn read(project: &Project, path: &str) -> String {
    fs::read_to_string(project.path().join(path)).expect("readable")
}

#[test]
fn the_first_revision_and_its_mod_line() {
    let project = crate_of(Vec::new());
    project.show("create 'create users'");
    assert_eq!(
        read(&project, "src/lib.rs"),
        "migrate_core::migrations!();\nmod r001_create_users;\n"
    );
    project.show("create 'create users'");
    assert_eq!(
        read(&project, "src/lib.rs"),
        "migrate_core::migrations!();\nmod r001_create_users;\n"
    );
    check!(project);
}

#[test]
fn numbers_go_on_and_json_names_the_path() {
    let project = crate_of(shop());
    project.show("create 'Add e-mail' --format json -q --no-autogenerate");
    project.show("create x --rev 004");
    project.show("create x --rev a-b");
    project.show("create x --after nix");
    check!(project);
}

#[test]
fn several_heads_ask_which() {
    let project =
        crate_of(vec![table("001", "a"), table("002", "b"), table("003", "c").after(["001"])]);
    project.show("create more");
    assert_eq!(project.run("create more --after 002").code, 0);
    assert!(read(&project, "src/r004_more.rs").contains("after = \"002\""));
    project.show("merge --rev 005");
    project.show_file("src/r005_merge_002_and_003.rs");
    let project = project.with(shop());
    project.show("merge");
    check!(project);
}

#[test]
fn random_ids_say_what_they_come_after() {
    let project = crate_of(shop()).config("[create]\nids = 'random'");
    let created = project.run("create 'add x' -q");
    assert!(read(&project, created.out.trim()).contains("after = \"004\""), "{created}");
}

#[test]
fn a_folder_of_ones_own_is_declared_by_path_or_by_its_module() {
    let project = crate_of(Vec::new()).config("[create]\ndir = 'src/revisions'");
    project.show("create 'create users'");
    assert_eq!(
        read(&project, "src/lib.rs"),
        "migrate_core::migrations!();\n#[path = \"revisions/r001_create_users.rs\"]\nmod r001_create_users;\n"
    );
    fs::write(project.path().join("src/revisions/mod.rs"), "//! Revisions.\n").expect("written");
    assert_eq!(project.run("create 'create b' --rev 002").code, 0);
    assert_eq!(read(&project, "src/revisions/mod.rs"), "//! Revisions.\nmod r002_create_b;\n");
    check!(project);
}

#[test]
fn both_files_or_none() {
    let project = crate_of(Vec::new());
    fs::write(project.path().join("src/lib.rs"), "fn f() {}\n").expect("written");
    project.show("create 'create users'");
    assert!(!project.path().join("src/r001_create_users.rs").exists());
    check!(project);
}

#[test]
fn check_finds_files_that_are_not_linked() {
    let project = crate_of(shop()).config("dialect = 'postgres'");
    fs::write(project.path().join("src/r005_lost.rs"), "#[migration(rev = \"005\")]\nfn f() {}\n")
        .expect("written");
    project.show("check");
    check!(project);
}

#[test]
fn edit_needs_a_file_and_an_editor() {
    let project = crate_of(merged());
    project.show("edit 001");
    project.show("edit nix");
    check!(project);
}

#[test]
fn init_in_an_empty_folder() {
    let project = Project::new(Vec::new());
    project.show("init --name shop-migrations --dialect postgres --dialect sqlite --git https://example.org/migrate");
    project.show_file("Cargo.toml");
    project.show_file("shop-migrations/Cargo.toml");
    project.show_file("shop-migrations/migrate.toml");
    project.show_file(".cargo/config.toml");
    project.show("init --name shop-migrations");
    project.show("init --name 2-fast");
    check!(project);
}

#[test]
fn init_in_a_workspace_keeps_what_is_there() {
    let project = Project::new(Vec::new());
    let manifest = "# ours\n[workspace]\nmembers = [\n    \"app\", # the program\n    \"lib\",\n]\n\n[profile.dev]\ndebug = 1\n";
    fs::write(project.path().join("Cargo.toml"), manifest).expect("written");
    fs::write(project.path().join(".gitignore"), "/target").expect("written");
    project.show("init db --git https://example.org/migrate");
    project.show_file("Cargo.toml");
    project.show_file(".gitignore");
    check!(project);
}

#[test]
fn init_makes_a_package_the_root_of_a_workspace() {
    let project = Project::new(Vec::new());
    fs::write(project.path().join("Cargo.toml"), "[package]\nname = \"app\"\nedition = \"2024\"\n")
        .expect("written");
    assert_eq!(project.run("init -q").code, 0);
    project.show_file("Cargo.toml");
    check!(project);
}
