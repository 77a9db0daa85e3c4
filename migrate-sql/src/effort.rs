//! How much is done, counted for the tests that hold its growth.
//!
//! A step is a token that is read from a text, looked at again, or something else of which there may be as many as statements.

/// Counts a step, where somebody counts.
#[inline]
pub(crate) fn spend() {
    #[cfg(any(test, feature = "effort"))]
    counted::STEPS.with(|steps| steps.set(steps.get() + 1));
}

/// How many steps this thread takes to do something.
#[cfg(any(test, feature = "effort"))]
#[doc(hidden)]
pub fn of<T>(work: impl FnOnce() -> T) -> u64 {
    let before = counted::STEPS.with(std::cell::Cell::get);
    let _done = work();
    counted::STEPS.with(std::cell::Cell::get) - before
}

#[cfg(any(test, feature = "effort"))]
mod counted {
    use std::cell::Cell;

    thread_local! {
        pub(super) static STEPS: Cell<u64> = const { Cell::new(0) };
    }
}
