//! The files that `create` writes compile, are formatted, and can be applied as they are.
//!
//! The files in `created/` are modules of this test, and `create` must write exactly the same files.

use std::fs;
use std::process::Command;

use common::Project;
use migrate_cli::{Environment, Io, Program};
use migrate_core::{Kind, Migration};

mod common;

migrate_core::migrations!();

#[rustfmt::skip]
#[path = "created/r001_create_users.rs"]
mod r001_create_users;
#[rustfmt::skip]
#[path = "created/r002_type.rs"]
mod r002_type;
#[rustfmt::skip]
#[path = "created/r003_lower_case_e_mails_of_everybody_who_ever_bought.rs"]
mod r003_lower_case_e_mails_of_everybody_who_ever_bought;
#[rustfmt::skip]
#[path = "created/r004_billing.rs"]
mod r004_billing;
#[rustfmt::skip]
#[path = "created/r005_merge_002_and_004.rs"]
mod r005_merge_002_and_004;
#[rustfmt::skip]
#[path = "created/rv6_2_2fa.rs"]
mod rv6_2_2fa;

const COMMANDS: &[&str] = &[
    "create 'create users'",
    "create type",
    "create 'Lower-case e-mails of everybody who ever bought anything' --kind data",
    "create billing --branch billing --after 001",
    "merge",
    "create 2FA --rev V6.2",
];

/// Returns the revisions that exist before a command.
fn before(command: usize) -> Vec<Migration> {
    let all = [
        Migration::new("001"),
        Migration::new("002"),
        Migration::new("003").kind(Kind::Data),
        Migration::new("004").after(["001"]).branch("billing"),
        Migration::new("005").after(["002", "004"]),
    ];
    all.into_iter().take(command).collect()
}

#[test]
fn create_writes_what_this_test_was_compiled_with() {
    let mut project = Project::new(Vec::new());
    fs::create_dir(project.path().join("src")).expect("created");
    fs::write(project.path().join("src/lib.rs"), "migrate_core::migrations!();\n")
        .expect("written");
    let kept = format!("{}/tests/created", env!("CARGO_MANIFEST_DIR"));
    for (index, command) in COMMANDS.iter().enumerate() {
        project = project.with(before(index));
        let ran = project.run(command);
        assert_eq!(ran.code, 0, "{ran}");
        let path = project.path().join(ran.out.trim());
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let written = fs::read_to_string(&path).expect("readable");
        let kept = format!("{kept}/{name}");
        if std::env::vars().any(|(name, _)| name == "BLESS") {
            fs::write(&kept, &written).expect("written");
        }
        assert_eq!(
            fs::read_to_string(&kept).ok(),
            Some(written),
            "run with `BLESS=1` to keep {name}"
        );
        let formatted =
            Command::new("rustfmt").args(["--check", "--edition", "2024"]).arg(&path).output();
        let formatted = formatted.expect("rustfmt is part of the toolchain");
        assert!(formatted.status.success(), "{}", String::from_utf8_lossy(&formatted.stdout));
    }
    let lib = Command::new("rustfmt")
        .args(["--check", "--edition", "2024"])
        .arg(project.path().join("src/lib.rs"))
        .output();
    assert!(lib.expect("rustfmt is part of the toolchain").status.success());
}

#[test]
fn what_is_created_is_applied_only_when_it_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = Environment { directory: folder.path().to_owned(), ..Environment::default() };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let url = format!("sqlite:{}", folder.path().join("new.db").display());
    let up = ["production", "-r", "heads"].as_slice();
    for (command, code) in [(up, 1), (&["stamp", "heads"], 0), (&["down", "-r", "base"], 0)] {
        let io = Io {
            out: Box::new(std::io::sink()),
            err: Box::new(std::io::sink()),
            input: Box::new(std::io::empty()),
        };
        let words =
            ["migrate"].into_iter().chain(command.iter().copied()).chain(["--database-url", &url]);
        let exit = runtime.block_on(migrate_cli::run(&Program::new(Migrations), words, &world, io));
        assert_eq!(exit.code(), code, "{command:?}");
    }
}
