//! Random plans: the same seed makes the same plan.

use fastrand::Rng;
use migrate_core::{Dialect, Kind, Migration};

use crate::adversary::piece::{self, Piece};
use crate::adversary::revision::{Revision, Statement};

/// The prefix of a random plan's name, before the seed.
pub(crate) const PREFIX: &str = "random-";

/// The last of the first revisions, which run without faults and create the tables for the others.
pub(crate) const FIRST: &str = "002";

/// The number of rows in `tally`: each counting piece has its own.
const TALLIES: u32 = 60;

/// A random plan.
#[derive(Clone, Debug)]
pub(crate) struct RandomPlan {
    pub(crate) revisions: Vec<Revision>,
    /// Obstacles before the first run: objects with the same names and other definitions.
    pub(crate) obstacles: Vec<Obstacle>,
}

/// An object that exists before the first run, and makes a statement fail until it is removed.
#[derive(Clone, Debug)]
pub(crate) struct Obstacle {
    /// The revision after which it is created; it needs tables of that one.
    pub(crate) put: String,
    pub(crate) remove: String,
}

impl RandomPlan {
    /// Returns the plan of this seed.
    pub(crate) fn of(seed: u64, dialect: Dialect) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut plan = Self { revisions: piece::base(dialect, TALLIES), obstacles: Vec::new() };
        let mut next = 1;
        for number in 0..rng.usize(2..=5) {
            let id = format!("{:03}", 101 + number);
            plan.add(&id, &mut rng, dialect, &mut next);
        }
        plan
    }

    /// Returns the migrations of the plan with this name.
    pub(crate) fn migrations(name: &str, dialect: Dialect) -> Option<Vec<Migration>> {
        let seed = name.strip_prefix(PREFIX)?.parse().ok()?;
        let plan = Self::of(seed, dialect);
        Some(plan.revisions.iter().map(Revision::migration).collect())
    }

    /// Returns whether all revisions except the first ones can be undone.
    pub(crate) fn is_reversible(&self) -> bool {
        self.revisions
            .iter()
            .filter(|revision| revision.id.as_str() > FIRST)
            .all(Revision::is_reversible)
    }

    fn add(&mut self, id: &str, rng: &mut Rng, dialect: Dialect, next: &mut u32) {
        let code = rng.u8(0..10) < 3;
        let transaction = match dialect {
            Dialect::Mysql => true,
            Dialect::Postgres | Dialect::Sqlite => rng.bool(),
        };
        let mut pieces = Vec::new();
        for _ in 0..rng.usize(1..=4) {
            let place = piece::Place { number: *next, transaction, code };
            *next += 1;
            pieces.push(piece::random(rng, dialect, place));
        }
        let schema = pieces.iter().any(|piece: &Piece| piece.schema) || rng.bool();
        self.obstacles.extend(pieces.iter().filter_map(|piece| piece.obstacle.clone()));
        let statements: Vec<Statement> =
            pieces.into_iter().flat_map(|piece| piece.statements).collect();
        self.revisions.push(Revision {
            id: id.to_owned(),
            kind: if schema { Kind::Schema } else { Kind::Data },
            transaction,
            code,
            statements,
        });
    }
}
