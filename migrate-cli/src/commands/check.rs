//! `check`

mod sql;

use std::path::Path;

use migrate_core::{
    Body, Error, Graph, GraphFault, Kind, PlanError, Policies, Policy, Standing, State, Status,
    statuses,
};

use crate::error::{CommandError, Exit, Outcome};
use crate::io::{ERROR, HINT, Printer, paint};
use crate::json::{Finding, Findings};
use crate::observer::{count, name};
use crate::scaffold::unlinked_files;
use crate::session::Session;

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
        let verdict =
            if ok { "nothing is wrong".to_owned() } else { count(findings.len(), "finding") };
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
        session.printer.talk().say("no database is named: only the revisions are checked");
        return Ok(findings);
    };
    if database.exists() {
        let history = database.read_history().await?;
        let all = statuses(graph, &history, Some(database.dialect));
        findings.extend(all.iter().filter_map(|status| of_status(session, graph, status)));
        findings.extend(sql::find(session, graph, &all, database.dialect).await?);
    } else {
        session.printer.talk().say("only the revisions are checked");
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
    Finding {
        code: fault.code(),
        message: fault.to_string(),
        revision: None,
        location: None,
        hint: fault.hint(),
        level: None,
        why: None,
    }
}

/// Several heads on one line of a crate; labelled branches may each have their own.
fn several_heads(graph: &Graph) -> Option<Finding> {
    let heads = graph.heads();
    let line = |node: &migrate_core::NodeId| {
        (graph.migration(*node).key().krate.clone(), graph.branch(*node))
    };
    let is_alone = |node: &&migrate_core::NodeId| {
        heads.iter().filter(|other| line(other) == line(node)).count() == 1
    };
    let many: Vec<String> = heads
        .iter()
        .filter(|node| !is_alone(node))
        .map(|node| format!("`{}`", graph.reference(*node)))
        .collect();
    (!many.is_empty()).then(|| Finding {
        code: "multiple-heads",
        message: format!("there are {} heads: {}", many.len(), many.join(", ")),
        revision: None,
        location: None,
        hint: Some("`migrate merge` joins them into one".to_owned()),
        level: None,
        why: None,
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
        code: "unlinked-file",
        message: format!("a migration that is not part of the program is in `{}`", shown(&file)),
        revision: None,
        location: Some(shown(&file)),
        hint: Some(format!(
            "add `mod {};` where the other revisions have theirs",
            file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
        )),
        level: None,
        why: None,
    };
    Ok(files.into_iter().map(finding).collect())
}

fn of_status(session: &Session<'_>, graph: &Graph, status: &Status) -> Option<Finding> {
    let policies = session.resolved.core.policies;
    let shown = name(graph, &status.key);
    let (code, message, hint) = match status.state {
        Standing::Pending if status.kind == Kind::Schema => {
            ("pending", format!("`{shown}` is not applied"), "run `migrate up`".to_owned())
        }
        Standing::Failed => {
            let error = unfinished(status)?;
            (error.code(), error.to_string(), error.hint().unwrap_or_default())
        }
        Standing::Unknown if policies.ahead != Policy::Off => (
            "unknown-revision",
            format!("the database has applied `{shown}`, which this program does not know"),
            "run the newer program that knows it".to_owned(),
        ),
        Standing::Applied if is_changed(graph, status, policies) => (
            "changed",
            format!("`{shown}` was edited after it was applied"),
            "undo the edit, and make the change in a new revision".to_owned(),
        ),
        Standing::Applied | Standing::Pending | Standing::Unknown | _ => return None,
    };
    Some(Finding {
        code,
        message: session.printer.talk().plain(&message),
        revision: Some(shown),
        location: status.origin.map(|origin| origin.to_string()),
        hint: Some(hint),
        level: None,
        why: None,
    })
}

/// What a run would say of a revision that was begun and not finished.
fn unfinished(status: &Status) -> Option<PlanError> {
    let row = status.row.as_ref()?;
    Some(PlanError::unfinished(&status.key, row))
}

/// Whether an applied revision is another now, as far as policy calls that wrong.
fn is_changed(graph: &Graph, status: &Status, policies: Policies) -> bool {
    let Some(migration) = graph.find(&status.key).map(|node| graph.migration(node)) else {
        return false;
    };
    let policy = match migration.up_body() {
        Body::Code(_) => policies.checksum_code,
        Body::Sql(_) => policies.checksum,
    };
    let Some(row) = status.row.as_ref().filter(|row| row.state == State::Applied) else {
        return false;
    };
    let (Some(then), Some(now)) = (&row.checksum, status.checksum) else { return false };
    // Checksums of another algorithm say nothing.
    let algorithm = match migration.up_body() {
        Body::Code(_) => migrate_core::Checksum::ALGORITHM_CODE,
        Body::Sql(_) => migrate_core::Checksum::ALGORITHM,
    };
    policy == Policy::Error
        && row.checksum_algorithm.as_deref() == Some(algorithm)
        && *then != now.to_string()
}

fn print(printer: &mut Printer, finding: &Finding) {
    let code = paint(finding.code, ERROR, printer.color);
    let unsaid =
        finding.location.as_ref().filter(|place| !finding.message.contains(place.as_str()));
    let place = unsaid.map(|place| format!(" ({place})")).unwrap_or_default();
    printer.line(format_args!("{code}: {}{place}", finding.message));
    if let Some(hint) = &finding.hint {
        printer.line(format_args!("  {} {hint}", paint("hint:", HINT, printer.color)));
    }
}
