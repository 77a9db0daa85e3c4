//! A place in which a parser can do no harm.

use std::thread;

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
