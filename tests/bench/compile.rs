//! What migrations cost at compile time: `cargo check` of a crate that holds them, beside its peers.
//!
//! Each peer has crates of the same migrations and a target folder of its own. Three things are measured: everything from
//! an empty target folder, dependencies included, once; the crate alone from scratch; and the crate after one migration
//! was edited. Peers take turns. Ratios are printed, and nothing passes or fails.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark's result is what it prints"
)]

#[path = "compile/ours.rs"]
mod ours;
#[path = "compile/project.rs"]
mod project;
#[expect(dead_code, reason = "what is applied is not undone here")]
mod revisions;
#[path = "compile/sea_orm.rs"]
mod sea_orm;
#[path = "compile/sqlx.rs"]
mod sqlx;
#[path = "compile/table.rs"]
mod table;

use std::env;
use std::error::Error;
use std::path::Path;
use std::time::Duration;

use self::project::{Peer, Project};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What was measured of one peer with one number of migrations.
struct Times {
    peer: &'static str,
    count: usize,
    /// Everything, from an empty folder; of the first count only.
    everything: Option<Duration>,
    crate_alone: Vec<Duration>,
    one_edited: Vec<Duration>,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let sea_orm = arguments.iter().any(|argument| argument == "--sea-orm");
    let (counts, rounds): (&[usize], usize) = if quick { (&[100], 1) } else { (&[100, 500], 5) };
    let folder = tempfile::tempdir()?;
    let mut all = Vec::new();
    for (index, count) in counts.iter().enumerate() {
        let mut races = Vec::new();
        for peer in peers(sea_orm) {
            races.push(race(peer, *count, index == 0, folder.path())?);
        }
        take_turns(&mut races, rounds)?;
        all.extend(races.into_iter().map(|(_, times)| times));
    }
    print!("{}", table::markdown(&all));
    Ok(())
}

fn peers(sea_orm: bool) -> Vec<Peer> {
    let mut peers = vec![ours::CHECKED, ours::CHECKED_SLOWLY, ours::UNCHECKED, sqlx::PEER];
    if sea_orm {
        peers.push(sea_orm::PEER);
    }
    peers
}

/// Writes the crate and compiles what it depends on.
fn race(peer: Peer, count: usize, first: bool, folder: &Path) -> Result<(Project, Times)> {
    eprintln!("{}, {count} migrations: dependencies", peer.name);
    let project = Project::write(peer, count, folder)?;
    let everything = project.check()?;
    let times = Times {
        peer: project.peer.name,
        count,
        everything: first.then_some(everything),
        crate_alone: Vec::new(),
        one_edited: Vec::new(),
    };
    Ok((project, times))
}

fn take_turns(races: &mut [(Project, Times)], rounds: usize) -> Result<()> {
    for round in 1..=rounds {
        for (project, times) in &mut *races {
            eprintln!("{}, {} migrations, round {round} of {rounds}", times.peer, times.count);
            project.forget()?;
            times.crate_alone.push(project.check()?);
            project.edit(round)?;
            times.one_edited.push(project.check()?);
        }
    }
    Ok(())
}
