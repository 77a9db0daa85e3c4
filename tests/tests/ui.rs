//! What the compiler says about the macros: every refusal, and what must stay free of one.

use trybuild::TestCases;

#[test]
fn faults_are_reported_and_nothing_else() {
    let cases = TestCases::new();
    cases.pass("tests/ui/*/pass/*.rs");
    cases.compile_fail("tests/ui/*/fail/*.rs");
}
