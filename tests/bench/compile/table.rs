//! Results as Markdown, and what the budgets say to them.

use std::time::Duration;

use crate::{Times, ours};

pub(crate) fn markdown(all: &[Times]) -> String {
    let mut lines = vec![
        "# `cargo check` of a crate of migrations\n".to_owned(),
        "Seconds, medians; the ratio is ours divided by the peer's.\n".to_owned(),
        "| peer | migrations | with all dependencies | the crate alone | ÷ | one migration edited | ÷ |".to_owned(),
        "|---|--:|--:|--:|--:|--:|--:|".to_owned(),
    ];
    lines.extend(all.iter().map(|times| row(times, all)));
    lines.push(String::new());
    lines.extend(
        all.iter()
            .filter(|times| times.peer == ours::CHECKED.name)
            .flat_map(|ours| verdicts(ours, all)),
    );
    lines.push(String::new());
    lines.join("\n")
}

fn row(times: &Times, all: &[Times]) -> String {
    let ours = of(all, ours::CHECKED.name, times.count);
    let (alone, edited) = (median(&times.crate_alone), median(&times.one_edited));
    let ratio = |of: fn(&Times) -> f64, own: f64| ours.map_or(f64::NAN, |ours| of(ours) / own);
    format!(
        "| {} | {} | {} | {alone:.2} | {:.2} | {edited:.2} | {:.2} |",
        times.peer,
        times.count,
        times.everything.map_or_else(String::new, |time| format!("{:.1}", time.as_secs_f64())),
        ratio(|ours| median(&ours.crate_alone), alone),
        ratio(|ours| median(&ours.one_edited), edited),
    )
}

/// What the checks add to each migration, and the budgets for 500.
fn verdicts(ours: &Times, all: &[Times]) -> Vec<String> {
    let Some(unchecked) = of(all, ours::UNCHECKED.name, ours.count) else { return Vec::new() };
    let mut lines = Vec::new();
    for (name, most) in [(ours::CHECKED.name, 1.0), (ours::CHECKED_SLOWLY.name, 3.0)] {
        let Some(checked) = of(all, name, ours.count) else { continue };
        let added = median(&checked.one_edited) - median(&unchecked.one_edited);
        let each = added * 1000.0 / f64::from(u32::try_from(ours.count).unwrap_or(u32::MAX));
        lines.push(format!(
            "- {name}, {} migrations: the checks add {each:.2} ms to each, {}",
            ours.count,
            verdict(each, most)
        ));
    }
    if ours.count >= 500 {
        let (edited, alone) = (median(&ours.one_edited), median(&ours.crate_alone));
        lines.push(format!(
            "- one of {} edited: {edited:.2} s, {}",
            ours.count,
            verdict(edited, 1.0)
        ));
        lines.push(format!("- all {}: {alone:.2} s, {}", ours.count, verdict(alone, 5.0)));
    }
    lines
}

fn verdict(measured: f64, most: f64) -> String {
    let word = if measured <= most { "holds" } else { "missed" };
    format!("budget {most:.0}: {word}")
}

fn of<'a>(all: &'a [Times], peer: &str, count: usize) -> Option<&'a Times> {
    all.iter().find(|times| times.peer == peer && times.count == count)
}

fn median(times: &[Duration]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).map_or(f64::NAN, Duration::as_secs_f64)
}
