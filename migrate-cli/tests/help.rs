//! The help of every command.

mod common;

use common::Project;

#[test]
fn every_command_has_its_help() {
    let project = Project::new(Vec::new());
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    let _bound = settings.bind_to_scope();
    insta::assert_snapshot!("migrate", project.run("--help").out);
    for command in [
        "up",
        "down",
        "production",
        "current",
        "history",
        "plan",
        "check",
        "lint",
        "create",
        "merge",
        "edit",
        "show",
        "heads",
        "branches",
        "stamp",
        "repair",
        "graph",
        "init",
        "lock",
        "completions",
    ] {
        let help = project.run(&format!("{command} --help"));
        assert_eq!((help.code, help.err.as_str()), (0, ""));
        // The global options are the same everywhere.
        let own = help.out.split("Global options:").next().unwrap_or_default();
        let after = help
            .out
            .split_once("Example")
            .map(|(_, after)| format!("Example{after}"))
            .unwrap_or_default();
        insta::assert_snapshot!(command, format!("{own}{after}"));
    }
}

#[test]
fn completions_are_printed() {
    let project = Project::new(Vec::new());
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = project.run(&format!("completions {shell}"));
        assert!(script.code == 0 && script.out.contains("migrate"), "{shell}");
    }
}
