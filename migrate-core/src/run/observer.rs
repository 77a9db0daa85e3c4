//! What a run tells while it goes on.

use std::time::Duration;

use crate::declare::migration::Kind;
use crate::declare::revision::RevisionKey;
use crate::engine::holder::Holder;
use crate::plan::{Action, Plan};
use crate::run::blocker::Blocker;

/// Something that happened during a run.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The plan is made, under the lock: this is what will be run.
    Planned(&'a Plan),
    /// Another runner holds the lock.
    Waiting {
        /// Who it is.
        holder: &'a Holder,
        /// How long this run waits at most.
        deadline: Duration,
    },
    /// A step that an earlier run left unfinished is gone on with.
    Resuming {
        /// The revision.
        key: &'a RevisionKey,
        /// The statement it goes on with, from 1.
        statement: usize,
        /// How many there are; nothing for code, of which it is not known.
        total: Option<usize>,
    },
    /// The server does not take connections yet, and is waited for.
    Connecting {
        /// Why it was not had.
        reason: &'a str,
        /// How long it is waited for at most.
        deadline: Duration,
    },
    /// Other sessions keep the statement in flight waiting. Told again when they are others.
    Blocked {
        /// Who they are, the oldest first.
        blockers: &'a [Blocker],
    },
    /// A step rolled back whole because of another session, and will be tried again.
    Retrying {
        /// The revision.
        key: &'a RevisionKey,
        /// What the server said.
        reason: &'a str,
        /// How long the run pauses before.
        pause: Duration,
        /// Who was in the way, as far as it was seen.
        blockers: &'a [Blocker],
    },
    /// A group of steps is sent.
    Sending {
        /// Its revisions, in order.
        revisions: &'a [RevisionKey],
    },
    /// A step is done, and on disk.
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
    /// What was done with it.
    pub action: Action,
    /// Its description.
    pub description: String,
    /// Statements that were run.
    pub statements: usize,
    /// How long it took, by the database's clock.
    pub duration: Duration,
}

/// Whoever wants to know how a run goes. Called while the lock is held, so it must not dawdle.
pub trait Observer: Send {
    /// Takes notice of `event`.
    fn on(&mut self, event: Event<'_>);
}

/// Nobody.
impl Observer for () {
    fn on(&mut self, _: Event<'_>) {}
}

/// Any function of events.
impl<F: FnMut(Event<'_>) + Send> Observer for F {
    fn on(&mut self, event: Event<'_>) {
        self(event);
    }
}

/// What a run has done: also part of the error when it fails.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// The steps that are done, in order.
    pub done: Vec<Done>,
    /// What the plan had to say.
    pub notices: Vec<crate::plan::Notice>,
    /// The data revisions that are still pending.
    pub pending_data: Vec<RevisionKey>,
}
