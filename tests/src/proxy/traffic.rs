//! Counts the traffic, and decides where a connection ends.

use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::watch;

use crate::proxy::message::Sort;

/// The messages of clients after their login. A run that waits long opens further connections, to look for blockers: their
/// messages are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Connections that were opened since the count started.
    pub connections: usize,
    /// Messages that need an answer, on the connections that existed before.
    pub commands: usize,
    /// How often a client sent something and then waited, on the same connections.
    pub round_trips: usize,
}

/// Where within a command the connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The server sees nothing of it.
    Before,
    /// The server sees half of it.
    Inside,
    /// The server sees all of it, and the client no answer.
    After,
}

impl Place {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Before, Self::Inside, Self::After];
}

/// How the connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Both sides see their connection close.
    Cut,
    /// Nothing is passed on, in either direction, while the server lives.
    Hold,
}

/// What a command does to the connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verdict {
    pub(super) place: Place,
    pub(super) end: End,
}

/// The state that all connections share.
#[derive(Debug, Default)]
pub(super) struct Watch {
    state: Mutex<State>,
    /// How the connections have ended.
    over: watch::Sender<Option<End>>,
}

#[derive(Debug, Default)]
struct State {
    traffic: Traffic,
    /// Connections before the count was started.
    counted: usize,
    one_way: Duration,
    /// The command at which the connections end.
    end: Option<(usize, Verdict)>,
    starting: usize,
}

impl State {
    fn restart_count(&mut self) {
        self.counted += self.traffic.connections;
        self.traffic = Traffic::default();
    }
}

impl Watch {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("a count that nobody died over")
    }

    pub(super) fn traffic(&self) -> Traffic {
        self.state().traffic
    }

    pub(super) fn restart_count(&self) {
        self.state().restart_count();
    }

    pub(super) fn lengthen(&self, one_way: Duration) {
        self.state().one_way = one_way;
    }

    pub(super) fn one_way(&self) -> Duration {
        self.state().one_way
    }

    pub(super) fn be_starting(&self, connections: usize) {
        self.state().starting = connections;
    }

    pub(super) fn end_at(&self, command: usize, place: Place, end: End) {
        let mut state = self.state();
        state.restart_count();
        state.end = Some((command, Verdict { place, end }));
    }

    /// Counts a connection and returns its number, or `None` if the client is told that the server is starting.
    pub(super) fn connected(&self) -> Option<usize> {
        let mut state = self.state();
        state.traffic.connections += 1;
        let is_starting = state.starting > 0;
        state.starting = state.starting.saturating_sub(1);
        (!is_starting).then_some(state.counted + state.traffic.connections)
    }

    /// Counts a message of a client; `waits` says whether the client waits for an answer to an earlier one.
    pub(super) fn sent(&self, connection: usize, sort: Sort, waits: bool) -> Option<Verdict> {
        let mut state = self.state();
        if sort != Sort::Command || connection > state.counted {
            return None;
        }
        state.traffic.commands += 1;
        state.traffic.round_trips += usize::from(!waits);
        match state.end {
            Some((command, verdict)) if command == state.traffic.commands => Some(verdict),
            Some(_) | None => None,
        }
    }

    pub(super) fn is_over(&self) -> Option<End> {
        *self.over.borrow()
    }

    pub(super) fn end(&self, end: End) {
        self.over.send_replace(Some(end));
    }

    pub(super) fn has_ended(&self) -> bool {
        self.is_over().is_some()
    }

    pub(super) async fn ended(&self) {
        self.over.subscribe().wait_for(Option::is_some).await.expect("a way that is still watched");
    }

    pub(super) async fn is_cut(&self) {
        let is_cut = |end: &Option<End>| *end == Some(End::Cut);
        self.over.subscribe().wait_for(is_cut).await.expect("a way that is still watched");
    }
}
