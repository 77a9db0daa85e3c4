//! `repair`

mod needs;

use migrate_core::{Answer, Repair, Request, RevisionKey};

use self::needs::{Need, details};
use crate::args::RepairArgs;
use crate::commands::confirm::{Confirmation, confirm};
use crate::commands::show;
use crate::database::DatabaseHandle;
use crate::error::{CommandError, Exit, Outcome, Problem};
use crate::json::{Repaired, Repairs};
use crate::observer;
use crate::report;
use crate::session::{Access, Session, target};
use crate::titles::name;

pub(super) async fn repair(session: &mut Session<'_>, args: &RepairArgs) -> Outcome {
    let answer = args.answer();
    let access = if answer.is_some() { Access::Alter } else { Access::Read };
    let mut database = session.database(access).await?;
    let outcome = match answer {
        None => overview(session, &mut database, args.revision.as_deref()).await,
        Some((None, _)) => Err(Problem::usage("usage", "`--accept` needs a revision")
            .hint("`migrate repair` lists the edited revisions")
            .into()),
        Some((Some(revision), answer)) => {
            let key = find(&mut database, revision).await?;
            let reason = args.reason.clone().unwrap_or_default();
            let repair = Repair::new(key, answer, reason);
            let repair = if args.whole { repair.whole() } else { repair };
            settle(session, &mut database, repair).await
        }
    };
    database.close().await;
    outcome
}

/// Lists revisions that need a decision, and changes nothing.
async fn overview(
    session: &mut Session<'_>,
    database: &mut DatabaseHandle,
    revision: Option<&str>,
) -> Outcome {
    let only = match revision {
        Some(revision) => Some(find(database, revision).await?),
        None => None,
    };
    let unfinished = database.unfinished().await?.into_iter().map(Need::Unfinished);
    let edited = database.edited().await?.into_iter().map(Need::Edited);
    let is_asked_for = |need: &Need| only.as_ref().is_none_or(|key| need.key() == key);
    let needs: Vec<Need> = unfinished.chain(edited).filter(is_asked_for).collect();
    let ok = needs.is_empty();
    if session.printer.is_json() {
        let repairs = needs.iter().map(|need| need.document(&database.graph)).collect();
        session.printer.json(&Repairs { ok, repairs });
    } else {
        for need in &needs {
            need.print(session.printer, &database.graph);
        }
        let verdict = match needs.len() {
            0 => "nothing needs repair".to_owned(),
            1 => "1 revision needs a decision".to_owned(),
            number => format!("{number} revisions need a decision"),
        };
        session.printer.talk().say(verdict);
    }
    Ok(if ok { Exit::DONE } else { Exit::NO })
}

/// Records a decision in history.
async fn settle(
    session: &mut Session<'_>,
    database: &mut DatabaseHandle,
    repair: Repair,
) -> Outcome {
    let request = Request::Repair(repair.clone());
    // An impossible repair is refused before the question, and what is shown is what is written.
    let plan = database.plan(&request).await?;
    show_states(session, database, &repair).await?;
    confirm(session, database, Confirmation { would: "change its history", everywhere: false })
        .await?;
    let report = database.run_plan(&plan).await?;
    observer::summary(session.printer.talk(), database, &report);
    if session.printer.is_json() {
        let repaired = report.done.iter().map(|done| name(&database.graph, &done.key)).collect();
        session.printer.json(&Repaired { database: (&database.address).into(), repaired });
    }
    Ok(Exit::DONE)
}

/// Shows what the decision is about: the edit, or the statement and what the catalog shows of it.
async fn show_states(
    session: &Session<'_>,
    database: &mut DatabaseHandle,
    repair: &Repair,
) -> Result<(), CommandError> {
    let talk = session.printer.talk();
    let lines = if repair.answer == Answer::Accept {
        let edited = database.edited().await?;
        let mut edited = edited.iter().filter(|edited| edited.key == repair.key);
        edited.next().map(|edited| report::changes(edited, talk.color))
    } else {
        let unfinished = database.unfinished().await?;
        let mut unfinished = unfinished.iter().filter(|one| one.key == repair.key);
        unfinished.next().map(details).filter(|lines| !lines.is_empty())
    };
    if let Some(lines) = lines {
        talk.say(lines.join("\n"));
    }
    Ok(())
}

/// Finds the revision with this name, including one that only history knows.
async fn find(database: &mut DatabaseHandle, text: &str) -> Result<RevisionKey, CommandError> {
    let history = database.read_history().await?;
    let graph = &database.graph;
    let crates: Vec<&str> = graph.crates().collect();
    let is_named = |key: &&RevisionKey| {
        crates.contains(&&*key.krate) && (key.id.as_str() == text || key.to_string() == text)
    };
    let named: Vec<&RevisionKey> = history.rows().map(|(key, _)| key).filter(is_named).collect();
    if let [key] = named.as_slice() {
        return Ok((*key).clone());
    }
    let applied = history.rows().filter_map(|(key, _)| graph.find(key)).collect();
    let node = show::one(graph, &applied, &target(text)?)?;
    Ok(graph.migration(node).key().clone())
}
