//! What was measured of one number of migrations on one engine.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::peer::Action;

pub(crate) struct Times {
    pub(crate) count: usize,
    pub(crate) rounds: usize,
    /// Ours first, then the client, then the other peers.
    pub(crate) peers: Vec<String>,
    measured: BTreeMap<(usize, Action), Vec<Duration>>,
}

impl Times {
    pub(crate) fn new(count: usize, rounds: usize, peers: Vec<String>) -> Self {
        Self { count, rounds, peers, measured: BTreeMap::new() }
    }

    pub(crate) fn add(&mut self, peer: usize, action: Action, time: Duration) {
        self.measured.entry((peer, action)).or_default().push(time);
    }

    /// The median in milliseconds; the later of the two in the middle, where there are two.
    pub(crate) fn median(&self, peer: usize, action: Action) -> Option<f64> {
        let mut times = self.measured.get(&(peer, action))?.clone();
        times.sort_unstable();
        times.get(times.len() / 2).map(|time| time.as_secs_f64() * 1000.0)
    }

    /// Our time divided by a peer's.
    pub(crate) fn ratio(&self, peer: usize, action: Action) -> Option<f64> {
        Some(self.median(0, action)? / self.median(peer, action)?)
    }
}
