//! What `migrate` passes on to the binary of the migrations crate.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

const URL: &str = "postgres://shop:Zebra77@db/shop";

/// In cargo's place: tells of a workspace, builds a program, and runs it.
const CARGO: &str = r#"#!/bin/sh
case "$1" in
metadata)
  echo '{"workspace_root":"FOLDER","target_directory":"FOLDER","packages":[{"name":"m","manifest_path":"FOLDER/Cargo.toml","default_run":null,
    "features":{},"metadata":{"migrate":{}},"targets":[{"name":"shop-migrate","kind":["bin"]}]}]}'
  ;;
build)
  echo '{"reason":"compiler-artifact","target":{"name":"shop-migrate"},"executable":"FOLDER/shop-migrate"}'
  ;;
run)
  while [ "$1" != -- ]; do shift; done
  shift
  exec FOLDER/shop-migrate "$@"
  ;;
esac
"#;

/// The program: says how it was run. The last line is what everybody on the machine sees.
const PROGRAM: &str = r#"#!/bin/sh
echo "url: $DATABASE_URL"
echo "flag: $_MIGRATE_DATABASE_URL_FLAG"
echo "arguments: $*"
tr '\0' ' ' </proc/$$/cmdline 2>/dev/null || ps -o args= -p $$
"#;

#[test]
fn the_url_is_passed_by_the_environment_and_never_by_an_argument() {
    let folder = tempfile::tempdir().expect("a folder");
    let cargo = folder.path().join("cargo");
    let script = CARGO.replace("FOLDER", &folder.path().display().to_string());
    fs::write(&cargo, script).expect("a program");
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).expect("a mode");
    let program = folder.path().join("shop-migrate");
    fs::write(&program, PROGRAM).expect("a program");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a mode");
    let by_flag = ["--database-url", URL, "up", "-r", "+1"];
    let by_flags = ["up", "-r", "+1", &format!("--database-url={URL}")];
    let plain = ["up", "-r", "+1"];
    let ways = [(&by_flag[..], ""), (&by_flags, ""), (&plain, URL)];
    // Started by itself, and by cargo where the user sets how cargo runs programs.
    let starts = [None, Some("CARGO_TARGET_X_RUNNER")];
    for ((arguments, variable), set) in
        ways.into_iter().flat_map(|way| starts.map(|set| (way, set)))
    {
        let mut command = Command::new(env!("CARGO_BIN_EXE_migrate"));
        command.envs(set.map(|name| (name, "x")));
        command.args(arguments).env("CARGO", &cargo).env("DATABASE_URL", variable);
        command.env("_MIGRATE_DATABASE_URL_FLAG", variable);
        let output = command.current_dir(folder.path()).output().expect("`migrate`");
        let said = String::from_utf8_lossy(&output.stdout);
        let mut lines = said.lines();
        assert_eq!(lines.next(), Some(format!("url: {URL}").as_str()), "{output:?}");
        // Only a flag is passed on as one, whatever was inherited.
        let flag = lines.next().expect("a line");
        assert_eq!(flag.ends_with(URL), variable.is_empty(), "{output:?}");
        let rest: Vec<&str> = lines.collect();
        assert!(rest.len() >= 2 && rest[0] == "arguments: up -r +1", "{rest:?}");
        assert!(!rest.concat().contains("Zebra77"), "{rest:?}");
    }
}
