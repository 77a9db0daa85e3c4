//! Results as Markdown, and what the budgets say to them.

use migrate_core::Dialect;

use crate::peer::Action;
use crate::times::Times;

/// The peers that are measured where they are installed.
const OPTIONAL: [&str; 2] = [crate::alembic::NAME, crate::sqlx_cli::NAME];

/// An engine's table, with its budgets beneath.
pub(crate) fn markdown(engine: Dialect, races: &[Times]) -> String {
    let Some(peers) = races.first().map(|race| race.peers.as_slice()) else { return String::new() };
    let mut lines = vec![String::new(), format!("## {}", name(engine)), String::new()];
    let heads: Vec<String> = peers.iter().skip(1).map(|peer| format!(" {peer} | ÷ |")).collect();
    lines.push(format!("| action | migrations | rounds | ours |{}", heads.concat()));
    lines.push(format!("|---|--:|--:|--:|{}", "--:|--:|".repeat(peers.len().saturating_sub(1))));
    for action in Action::ALL {
        lines.extend(races.iter().map(|race| row(race, action)));
    }
    lines.push(String::new());
    for missing in OPTIONAL.iter().filter(|name| !peers.iter().any(|peer| peer == *name)) {
        lines.push(format!("- {missing}: not installed"));
    }
    lines.extend(races.last().into_iter().flat_map(|race| budgets(engine, race)));
    lines.push(String::new());
    lines.join("\n")
}

fn row(race: &Times, action: Action) -> String {
    let cells = (1..race.peers.len()).map(|peer| {
        match (race.median(peer, action), race.ratio(peer, action)) {
            (Some(time), Some(ratio)) => format!(" {time:.0} | {ratio:.2} |"),
            _ => " – | – |".to_owned(),
        }
    });
    let ours = race.median(0, action).unwrap_or_default();
    format!(
        "| {action} | {} | {} | {ours:.0} |{}",
        race.count,
        race.rounds,
        cells.collect::<String>()
    )
}

/// What the design allows, as multiples of the client's time.
fn budgets(engine: Dialect, race: &Times) -> Vec<String> {
    let most: &[(Action, f64)] = match engine {
        Dialect::Sqlite => &[(Action::Up, 1.2)],
        Dialect::Postgres => &[(Action::Up, 0.95), (Action::Nothing, 1.0)],
        Dialect::Mysql => &[(Action::Up, 1.05)],
    };
    most.iter()
        .filter_map(|&(action, most)| {
            let ratio = race.ratio(1, action)?;
            let verdict = if ratio <= most { "holds" } else { "missed" };
            let client = race.peers.get(1)?;
            Some(format!(
                "- budget, {action}, {}: ≤ {most:.2} × {client}: {verdict}, at {ratio:.2}",
                race.count
            ))
        })
        .collect()
}

fn name(engine: Dialect) -> &'static str {
    match engine {
        Dialect::Sqlite => "SQLite",
        Dialect::Postgres => "PostgreSQL",
        Dialect::Mysql => "MySQL, MariaDB",
    }
}
