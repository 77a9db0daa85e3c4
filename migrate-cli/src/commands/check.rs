//! `check`

mod data;
mod sql;

use std::collections::BTreeMap;
use std::path::Path;

use migrate_core::{
    Dialect, Edited, Error, Graph, GraphFault, Holder, Kind, Notice, PlanError, Policy,
    RevisionKey, Standing, Status, out_of_order, statuses,
};

use crate::error::{CommandError, Exit, Outcome};
use crate::escape::value;
use crate::io::Printer;
use crate::json::{Finding, Findings};
use crate::report;
use crate::scaffold::unlinked_files;
use crate::session::Session;
use crate::settings::UrlSource;
use crate::titles::{count, name};

pub(super) async fn check(session: &mut Session<'_>) -> Outcome {
    let findings = match session.graph() {
        Ok(graph) => find(session, &graph).await?,
        Err(CommandError::Core(error)) if matches!(*error, Error::Graph(_)) => faults(&error),
        Err(other) => return Err(other),
    };
    let ok = findings.is_empty();
    if session.printer.is_json() {
        session.printer.json(&Findings { ok, findings });
    } else {
        for finding in &findings {
            print(session.printer, finding);
        }
        let verdict = if ok { "no findings".to_owned() } else { count(findings.len(), "finding") };
        session.printer.talk().say(verdict);
    }
    Ok(if ok { Exit::DONE } else { Exit::NO })
}

async fn find(session: &mut Session<'_>, graph: &Graph) -> Result<Vec<Finding>, CommandError> {
    let mut findings: Vec<Finding> = several_heads(graph).into_iter().collect();
    if let Ok(home) = session.home() {
        findings.extend(unlinked(session, home, graph)?);
    }
    let Some(mut database) = session.database_if_any().await? else {
        session.printer.talk().say("no database is named: checking only the revisions");
        let all = graph.order().iter().map(|node| graph.migration(*node).key().clone());
        let all: Vec<RevisionKey> = all.collect();
        if session.declared().contains(&Dialect::Mysql) {
            findings.extend(sql::leftovers(session, graph, &all).await?);
        }
        return Ok(findings);
    };
    if !database.exists() && database.database.source == UrlSource::Default {
        session.printer.talk().say("checking only the revisions");
    } else {
        let history = database.read_history().await?;
        let all = statuses(graph, &history, Some(database.dialect));
        let run = database.at_work(&all).await?;
        let finding = |status| of_status(session, graph, status, run.as_ref());
        findings.extend(all.iter().filter_map(finding));
        let edited = database.edited().await?;
        findings.extend(edited.iter().filter_map(|edited| of_edited(session, graph, edited)));
        let policy = session.resolved.core.policies.out_of_order;
        let late = out_of_order(graph, &history);
        findings.extend(late.iter().filter_map(|notice| judge(session, graph, notice, policy)));
        let of_data = data::find(session, graph, &history, database.dialect);
        for finding in findings.iter_mut().filter(|finding| finding.code == "pending") {
            let is_same = |other: &&Finding| other.revision == finding.revision;
            if of_data
                .iter()
                .filter(|other| other.code == "pending-data")
                .any(|other| is_same(&other))
            {
                // `up` refuses it.
                finding.hint = Some("run `migrate production`".to_owned());
            }
        }
        findings.extend(of_data);
        findings.extend(sql::find(session, graph, &all, database.dialect).await?);
        if database.dialect == Dialect::Mysql {
            let pending = all.iter().filter(|status| status.state == Standing::Pending);
            let pending: Vec<RevisionKey> = pending.map(|status| status.key.clone()).collect();
            findings.extend(sql::leftovers(session, graph, &pending).await?);
        }
    }
    database.close().await;
    Ok(findings)
}

fn faults(error: &Error) -> Vec<Finding> {
    if let Error::Graph(error) = error {
        error.faults().iter().map(of_fault).collect()
    } else {
        Vec::new()
    }
}

fn of_fault(fault: &GraphFault) -> Finding {
    Finding { hint: fault.hint(), ..Finding::new(fault.code(), fault.to_string()) }
}

/// Finds several heads on one line of a crate; each labelled branch may have its own head.
fn several_heads(graph: &Graph) -> Option<Finding> {
    let heads = graph.heads();
    let line = |node: &migrate_core::NodeId| {
        (graph.migration(*node).key().krate.clone(), graph.branch(*node))
    };
    let mut on_line: BTreeMap<_, usize> = BTreeMap::new();
    for node in &heads {
        *on_line.entry(line(node)).or_default() += 1;
    }
    let is_alone = |node: &migrate_core::NodeId| on_line.get(&line(node)) == Some(&1);
    let many: Vec<String> = heads
        .iter()
        .filter(|node| !is_alone(node))
        .map(|node| format!("`{}`", graph.reference(*node)))
        .collect();
    (!many.is_empty()).then(|| Finding {
        hint: Some("join them with `migrate merge`".to_owned()),
        ..Finding::new(
            "multiple-heads",
            format!("there are {} heads: {}", many.len(), many.join(", ")),
        )
    })
}

fn unlinked(
    session: &Session<'_>,
    home: &Path,
    graph: &Graph,
) -> Result<Vec<Finding>, CommandError> {
    let folder = home.join(session.resolved.config.create.dir.as_deref().unwrap_or("src"));
    let files = unlinked_files(&folder, graph)?;
    let shown = |file: &Path| {
        file.strip_prefix(&session.world.directory).unwrap_or(file).display().to_string()
    };
    let finding = |file: std::path::PathBuf| Finding {
        location: Some(shown(&file)),
        hint: Some(format!(
            "add `mod {};` next to those of the other revisions",
            file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
        )),
        ..Finding::new(
            "unlinked-file",
            format!("`{}` contains a migration that is not part of the program", shown(&file)),
        )
    };
    Ok(files.into_iter().map(finding).collect())
}

fn of_status(
    session: &Session<'_>,
    graph: &Graph,
    status: &Status,
    run: Option<&Holder>,
) -> Option<Finding> {
    let policies = session.resolved.core.policies;
    let shown = name(graph, &status.key);
    let (code, message, hint) = match status.state {
        Standing::Pending if status.kind == Kind::Schema => {
            ("pending", format!("`{shown}` is not applied"), "run `migrate up`".to_owned())
        }
        Standing::Failed => {
            let error = unfinished(status)?;
            let hint = run.map(report::at_work).or_else(|| error.hint()).unwrap_or_default();
            (error.code(), error.to_string(), hint)
        }
        Standing::Unknown if policies.ahead != Policy::Off => (
            "unknown-revision",
            format!("the database has applied `{shown}`, which this program does not know"),
            "run the newer version of the program, or undo it with `migrate down --from-history`"
                .to_owned(),
        ),
        Standing::Applied | Standing::Pending | Standing::Unknown | _ => return None,
    };
    Some(Finding {
        revision: Some(shown),
        location: status.origin.map(|origin| origin.to_string()),
        hint: Some(hint),
        ..Finding::new(code, session.printer.talk().plain(&message))
    })
}

/// Returns a run's error about an unfinished revision.
fn unfinished(status: &Status) -> Option<PlanError> {
    let row = status.row.as_ref()?;
    Some(PlanError::unfinished(&status.key, row))
}

/// Returns a finding about an edited revision, if policy forbids it.
fn of_edited(session: &Session<'_>, graph: &Graph, edited: &Edited) -> Option<Finding> {
    let policy = edited.policy(session.resolved.core.policies);
    judge(session, graph, &edited.notice(), policy).map(|finding| Finding {
        location: edited.origin.map(|origin| origin.to_string()),
        hint: PlanError::Changed { revisions: vec![edited.clone()] }.hint(),
        diff: report::diff(edited),
        ..finding
    })
}

/// Returns a finding, prints a warning or does nothing, depending on policy.
fn judge(session: &Session<'_>, graph: &Graph, notice: &Notice, policy: Policy) -> Option<Finding> {
    match policy {
        Policy::Off => None,
        Policy::Warn => {
            session.printer.talk().warn(notice);
            None
        }
        Policy::Error => Some(Finding {
            hint: Some("forbidden by `[policy]` in `migrate.toml`".to_owned()),
            revision: Some(name(graph, notice.revision())),
            ..Finding::new(notice.code(), session.printer.talk().plain(&notice.to_string()))
        }),
    }
}

fn print(printer: &mut Printer, finding: &Finding) {
    let unsaid =
        finding.location.as_ref().filter(|place| !finding.message.contains(place.as_str()));
    let place = unsaid.map(|place| format!(" ({place})")).unwrap_or_default();
    let message = format!("{}{place}", value(&finding.message));
    let diff = finding.diff.as_deref().unwrap_or_default();
    let details: Vec<String> = diff.lines().map(str::to_owned).collect();
    let hint = finding.hint.as_deref().map(value);
    printer.finding(finding.code, message, &details, hint.as_deref());
}
