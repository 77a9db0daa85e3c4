//! Counts accesses to graphs and sets of revisions, so that tests can measure how work grows. Only in tests.

use std::cell::Cell;

thread_local! {
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// Counts one.
pub(crate) fn count() {
    STEPS.with(|steps| steps.set(steps.get() + 1));
}

/// Returns the number of steps that `work` takes on this thread.
pub(crate) fn of<T>(work: impl FnOnce() -> T) -> u64 {
    let before = STEPS.with(Cell::get);
    drop(work());
    STEPS.with(Cell::get) - before
}

/// Fails if twice the input takes more than two and a half times the steps.
pub(crate) fn assert_linear<T>(what: &str, work: impl Fn(usize) -> T) {
    let [once, twice] = [400, 800].map(|size| of(|| work(size)));
    assert!(once >= 200, "{what}: only {once} steps were counted");
    assert!(twice * 2 <= once * 5, "{what}: {once} steps, and {twice} for twice as much");
}
