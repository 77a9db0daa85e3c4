//! Whole commands beside their peers: `up`, nothing to do, and `down`, on each engine.
//!
//! What is measured is the wall clock of a process, from its start to its end. Peers take turns, so that whatever else
//! the machine does meets all of them, and each turn has an empty database of its own. Ratios are printed, and nothing
//! passes or fails: what one disk makes of them says little about the next.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark's result is what it prints"
)]

mod alembic;
mod client;
mod ours;
mod peer;
mod revisions;
mod settings;
mod sqlx_cli;
mod table;
mod times;

use migrate_core::Dialect;
use migrate_tests::Database;
use tempfile::TempDir;

use self::peer::{Action, Peer, Result};
use self::settings::Settings;
use self::times::Times;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let settings = Settings::read()?;
    println!("# Whole commands beside their peers\n");
    println!("Medians of wall-clock milliseconds; a ratio is our time divided by the peer's.");
    for engine in &settings.engines {
        let mut races = Vec::new();
        for count in &settings.counts {
            races.push(race(*engine, *count, &settings).await?);
        }
        print!("{}", table::markdown(*engine, &races));
    }
    Ok(())
}

/// Lets all peers go through the same `count` migrations, in turns.
async fn race(engine: Dialect, count: usize, settings: &Settings) -> Result<Times> {
    let projects = tempfile::tempdir()?;
    let peers = peers(engine, count, &projects).await?;
    let rounds = settings.rounds(engine, count);
    let mut times =
        Times::new(count, rounds, peers.iter().map(|peer| peer.name().to_owned()).collect());
    for round in 1..=rounds {
        for (index, peer) in peers.iter().enumerate() {
            eprintln!("{engine}, {count} migrations, round {round} of {rounds}: {}", peer.name());
            take_turn(peer.as_ref(), engine, count, |action, time| times.add(index, action, time))
                .await?;
        }
    }
    Ok(times)
}

async fn peers(engine: Dialect, count: usize, projects: &TempDir) -> Result<Vec<Box<dyn Peer>>> {
    let mut peers: Vec<Box<dyn Peer>> = vec![Box::new(ours::Program::new(count)?)];
    let script = ours::Script::new(engine, count).await?;
    if engine == Dialect::Mysql {
        // What the budget speaks of: the client, sending the same statements and the same marks.
        peers.push(Box::new(script));
    } else {
        peers.push(Box::new(client::Plain::new(engine, count)));
        peers.push(Box::new(script));
    }
    if let Some(alembic) = alembic::Project::new(&projects.path().join("alembic"), count)? {
        peers.push(Box::new(alembic));
    }
    if let Some(sqlx) = sqlx_cli::Project::new(&projects.path().join("sqlx"), count)? {
        peers.push(Box::new(sqlx));
    }
    Ok(peers)
}

/// Takes an empty database up, asks for what is done already, and goes down again.
async fn take_turn(
    peer: &dyn Peer,
    engine: Dialect,
    count: usize,
    mut tell: impl FnMut(Action, std::time::Duration),
) -> Result<()> {
    let database = Database::fresh(engine).await;
    for action in Action::ALL {
        if let Some(work) = peer.work(&database, action) {
            tell(action, work.measure(&database)?);
        }
        // A peer that fails early must not win.
        let tables = database.tables().await;
        let made = tables.iter().filter(|table| table.starts_with('t')).count();
        let expected = if action == Action::Down { 0 } else { count };
        if made != expected {
            return Err(
                format!("{}, {action}: {made} tables instead of {expected}", peer.name()).into()
            );
        }
    }
    database.drop().await;
    Ok(())
}
