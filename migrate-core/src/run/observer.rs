//! Progress events of a run.

use std::time::Duration;

use crate::declare::migration::Kind;
use crate::declare::revision::RevisionKey;
use crate::engine::holder::Holder;
use crate::plan::{Action, Plan};
use crate::run::blocker::Blocker;

/// A progress event of a run.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The plan was made while the lock is held: this is what will run.
    Planned(&'a Plan),
    /// Another run holds the lock.
    Waiting {
        /// The run that holds it.
        holder: &'a Holder,
        /// The longest time that this run waits.
        deadline: Duration,
    },
    /// A step that an earlier run left unfinished is being resumed.
    Resuming {
        /// The revision.
        key: &'a RevisionKey,
        /// The statement it resumes at, from 1.
        statement: usize,
        /// The number of statements; `None` for code, where it is not known.
        total: Option<usize>,
    },
    /// The server does not accept connections yet, and the run waits for it.
    Connecting {
        /// Why the connection failed.
        reason: &'a str,
        /// The longest time that the run waits.
        deadline: Duration,
    },
    /// Other sessions block the running statement. Sent again when the set of them changes.
    Blocked {
        /// The blocking sessions, the oldest first.
        blockers: &'a [Blocker],
    },
    /// A step was rolled back because of another session, and will be retried.
    Retrying {
        /// The revision.
        key: &'a RevisionKey,
        /// The server's message.
        reason: &'a str,
        /// The pause before the next attempt.
        pause: Duration,
        /// The sessions that blocked it, as far as they are known.
        blockers: &'a [Blocker],
    },
    /// A group of steps is being sent.
    Sending {
        /// Its revisions, in order.
        revisions: &'a [RevisionKey],
    },
    /// A step is done and committed.
    Done(&'a Done),
}

/// One step of a run that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Done {
    /// The revision.
    pub key: RevisionKey,
    /// Its kind.
    pub kind: Kind,
    /// The action.
    pub action: Action,
    /// Its description.
    pub description: String,
    /// The number of statements that ran.
    pub statements: usize,
    /// How long it took, by the database's clock.
    pub duration: Duration,
}

/// Receives progress events. Called while the lock is held, so return quickly.
pub trait Observer: Send {
    /// Receives an event.
    fn on(&mut self, event: Event<'_>);
}

/// Ignores all events.
impl Observer for () {
    fn on(&mut self, _: Event<'_>) {}
}

/// Calls the function with each event.
impl<F: FnMut(Event<'_>) + Send> Observer for F {
    fn on(&mut self, event: Event<'_>) {
        self(event);
    }
}

/// What a run has done. Also part of the error when it fails.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// The steps that are done, in order.
    pub done: Vec<Done>,
    /// The plan's notices.
    pub notices: Vec<crate::plan::Notice>,
    /// The data revisions that are still pending.
    pub pending_data: Vec<RevisionKey>,
}
