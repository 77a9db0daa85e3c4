//! A place in which a parser can do no harm.

use std::{
    panic::{self, AssertUnwindSafe},
    thread,
};

/// Enough for the deepest tree that [`is_too_deep`](super::depth::is_too_deep) lets pass; only what is used of
/// it is ever taken from the system.
const STACK: usize = 64 << 20;

/// Runs a parser on a stack of its own; nothing if it panics.
pub(super) fn guarded<T: Send>(parser: impl FnOnce() -> T + Send) -> Option<T> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, parser);
        thread.ok()?.join().ok()
    })
}

/// Runs a parser on one thing after the other; nothing for those on which it panics.
pub(super) fn guarded_each<I: Sync, T: Send>(
    inputs: &[I],
    parser: impl Fn(&I) -> T + Sync,
) -> Vec<Option<T>> {
    // Whatever the parser was about to change is gone with its panic.
    let caught = |input| panic::catch_unwind(AssertUnwindSafe(|| parser(input))).ok();
    guarded(|| inputs.iter().map(caught).collect())
        .unwrap_or_else(|| inputs.iter().map(|_| None).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_answer() {
        let parser = |input: &u8| 6_u8.checked_div(*input).unwrap();
        assert_eq!(guarded_each(&[1, 0, 2], parser), [Some(6), None, Some(3)]);
        assert_eq!(guarded(|| parser(&0)), None);
    }
}
