//! The thread on which parsers run, where they can do no harm.
//!
//! One for the process: a stack as deep as theirs costs more to set up than most statements take to parse, and the compiler
//! asks for one statement after another.

use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{Sender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Enough for the deepest tree that [`is_too_deep`](super::depth::is_too_deep) lets pass; only what is used of
/// it is ever taken from the system.
const STACK: usize = 64 << 20;

type Job = Box<dyn FnOnce() + Send>;

static PARSING: Mutex<Option<Sender<Job>>> = Mutex::new(None);

/// Runs a parser on the thread with the deep stack; nothing if it panics.
pub(super) fn guarded<T: Send + 'static>(parser: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (answer, answered) = sync_channel(1);
    let job = move || {
        // Whatever the parser was about to change is gone with its panic.
        let parsed = panic::catch_unwind(AssertUnwindSafe(parser)).ok();
        answer.send(parsed).ok();
    };
    send(Box::new(job))?;
    answered.recv().ok().flatten()
}

/// Hands a job to the thread, which is started if there is none.
fn send(job: Job) -> Option<()> {
    let mut parsing = PARSING.lock().unwrap_or_else(PoisonError::into_inner);
    let job = match parsing.as_ref() {
        Some(thread) => match thread.send(job) {
            Ok(()) => return Some(()),
            Err(refused) => refused.0,
        },
        None => job,
    };
    let (jobs, queue) = channel::<Job>();
    let work = move || queue.into_iter().for_each(|job| job());
    thread::Builder::new().name("parser".to_owned()).stack_size(STACK).spawn(work).ok()?;
    jobs.send(job).ok()?;
    *parsing = Some(jobs);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_answer_and_the_thread_goes_on() {
        let parser = |input: u8| move || 6_u8.checked_div(input).unwrap();
        assert_eq!([1, 0, 2].map(|input| guarded(parser(input))), [Some(6), None, Some(3)]);
    }

    #[test]
    fn there_is_one_thread() {
        let first = guarded(|| thread::current().id());
        assert!(first.is_some() && first == guarded(|| thread::current().id()));
    }
}
