//! Every case must be listed: one that no engine runs is not a test.

use std::fs;
use std::path::Path;

#[test]
fn every_case_of_the_suite_is_run() {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/suite");
    let list = fs::read_to_string(suite.with_extension("rs")).expect("the list of the cases");
    let mut unlisted = Vec::new();
    for entry in fs::read_dir(&suite).expect("the cases") {
        let path = entry.expect("a file of cases").path();
        let text = fs::read_to_string(&path).expect("cases");
        let cases = text.lines().filter_map(|line| line.strip_prefix("pub async fn "));
        let names = cases.filter_map(|line| line.split_once('(')).map(|(name, _)| name.to_owned());
        let is_listed =
            |name: &String| list.lines().any(|line| line.trim().trim_end_matches(',') == name);
        unlisted.extend(names.filter(|name| !is_listed(name)));
    }
    assert!(unlisted.is_empty(), "not in `suite.rs`: {unlisted:?}");
}
