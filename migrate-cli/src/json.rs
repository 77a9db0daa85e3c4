//! The documents of `--format json`. Programs read them: keys are only added.

use migrate_core::{Action, Address, Done, Graph, Holder, Plan, Status, Waived, Work};
use serde::Serialize;

use crate::inspect::Found;
use crate::io::Talk;
use crate::report;
use crate::titles::name;

#[derive(Debug, Serialize)]
pub(crate) struct History {
    pub(crate) revisions: Vec<Revision>,
}

#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are the document's keys")]
pub(crate) struct Revision {
    revision: String,
    #[serde(rename = "crate")]
    krate: String,
    kind: &'static str,
    after: Vec<String>,
    depends_on: Vec<String>,
    branch: Option<String>,
    description: String,
    /// `None` if no database was queried.
    state: Option<&'static str>,
    checksum: Option<String>,
    applied_at: Option<String>,
    duration_ms: Option<u64>,
    file: Option<String>,
    line: Option<u32>,
    waivers: Vec<Waiver>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Waiver {
    rule: String,
    reason: String,
}

impl Revision {
    /// `asked` says whether a database was queried.
    pub(crate) fn new(status: &Status, asked: bool) -> Self {
        let in_row = status.row.as_ref().and_then(|row| row.checksum.clone());
        Self {
            revision: status.key.id.to_string(),
            krate: status.key.krate.to_string(),
            kind: status.kind.name(),
            after: status.after.iter().map(|key| key.id.to_string()).collect(),
            depends_on: status
                .depends_on
                .iter()
                .map(|key| {
                    if key.krate == status.key.krate { key.id.to_string() } else { key.to_string() }
                })
                .collect(),
            branch: status.branch.clone(),
            description: status.description.clone(),
            state: asked.then(|| status.state.name()),
            checksum: in_row.or_else(|| status.checksum.map(|checksum| checksum.to_string())),
            applied_at: status.applied_at().map(str::to_owned),
            duration_ms: status
                .duration()
                .and_then(|duration| u64::try_from(duration.as_millis()).ok()),
            file: status.origin.map(|origin| origin.file.to_owned()),
            line: status.origin.map(|origin| origin.line),
            waivers: status.waivers.iter().cloned().map(Waiver::from).collect(),
        }
    }
}

impl From<Waived> for Waiver {
    fn from(waived: Waived) -> Self {
        Self { rule: waived.rule, reason: waived.reason }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Current {
    pub(crate) heads: Vec<String>,
    pub(crate) pending: usize,
    pub(crate) pending_data: usize,
}

/// The database that a command wrote to.
#[derive(Debug, Serialize)]
pub(crate) struct Database {
    /// `None` for a file.
    host: Option<String>,
    name: String,
}

impl From<&Address> for Database {
    fn from(address: &Address) -> Self {
        Self { host: address.host.clone(), name: address.database.clone() }
    }
}

#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are the document's keys")]
pub(crate) struct Applied {
    pub(crate) database: Database,
    pub(crate) applied: Vec<Ran>,
    pub(crate) notices: Vec<Notice>,
    /// Data revisions that are still pending.
    pub(crate) pending_data: usize,
}

#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are the document's keys")]
pub(crate) struct Reverted {
    pub(crate) database: Database,
    pub(crate) reverted: Vec<Ran>,
    pub(crate) notices: Vec<Notice>,
}

/// A notice.
#[derive(Debug, Serialize)]
pub(crate) struct Notice {
    code: &'static str,
    message: String,
    revision: String,
}

impl Notice {
    pub(crate) fn of(graph: &Graph, notices: &[migrate_core::Notice], talk: &Talk) -> Vec<Self> {
        let notice = |notice: &migrate_core::Notice| Self {
            code: notice.code(),
            message: talk.plain(&notice.to_string()),
            revision: name(graph, notice.revision()),
        };
        notices.iter().map(notice).collect()
    }
}

#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are the document's keys")]
pub(crate) struct Stamped {
    database: Database,
    pub(crate) stamped: Vec<String>,
    pub(crate) unstamped: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Ran {
    revision: String,
    kind: &'static str,
    statements: usize,
    duration_ms: u64,
}

impl Ran {
    pub(crate) fn of(graph: &Graph, done: &[Done]) -> Vec<Self> {
        let ran = |done: &Done| Self {
            revision: name(graph, &done.key),
            kind: done.kind.name(),
            statements: done.statements,
            duration_ms: u64::try_from(done.duration.as_millis()).unwrap_or(u64::MAX),
        };
        done.iter().map(ran).collect()
    }
}

impl Stamped {
    pub(crate) fn of(database: &Address, graph: &Graph, done: &[Done]) -> Self {
        let with = |action: Action| {
            done.iter()
                .filter(|done| done.action == action)
                .map(|done| name(graph, &done.key))
                .collect()
        };
        Self {
            database: database.into(),
            stamped: with(Action::Stamp),
            unstamped: with(Action::Unstamp),
        }
    }
}

#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are the document's keys")]
pub(crate) struct Steps {
    steps: Vec<Step>,
    notices: Vec<Notice>,
    /// Data revisions that are still pending after these steps.
    pending_data: usize,
}

#[derive(Debug, Serialize)]
struct Step {
    action: &'static str,
    revision: String,
    kind: &'static str,
    description: String,
    /// `None` for code, whose number is unknown.
    statements: Option<usize>,
    transaction: bool,
    sql: Option<String>,
}

impl Steps {
    pub(crate) fn of(graph: &Graph, plan: &Plan, talk: &Talk) -> Self {
        let step = |step: &migrate_core::Step| Step {
            action: step.action.name(),
            revision: name(graph, step.key()),
            kind: step.kind().name(),
            description: step.migration.summary().to_owned(),
            statements: (!matches!(step.work, Work::Code(_))).then(|| step.statements()),
            transaction: step.mode == migrate_core::Mode::Transaction,
            sql: match &step.work {
                Work::Sql(script) => Some(script.text().to_owned()),
                Work::Code(_) | Work::Nothing | _ => None,
            },
        };
        Self {
            steps: plan.steps.iter().map(step).collect(),
            notices: Notice::of(graph, &plan.notices, talk),
            pending_data: plan.pending_data.len(),
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Findings {
    pub(crate) ok: bool,
    pub(crate) findings: Vec<Finding>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Linted {
    pub(crate) ok: bool,
    pub(crate) findings: Vec<Finding>,
    /// The revisions whose SQL is unknown before it runs.
    pub(crate) unseen: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Rules {
    pub(crate) rules: Vec<Rule>,
}

#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are the document's keys")]
pub(crate) struct Rule {
    pub(crate) rule: &'static str,
    pub(crate) group: &'static str,
    pub(crate) level: &'static str,
    pub(crate) dialects: Vec<&'static str>,
    pub(crate) finds: &'static str,
    pub(crate) why: &'static str,
    pub(crate) rewrite: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Finding {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) revision: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) hint: Option<String>,
    /// For an edited revision: the lines that changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) diff: Option<String>,
    /// For a finding in SQL: `warn` or `deny`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) level: Option<&'static str>,
    /// Why it is dangerous.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<&'static str>,
}

impl Finding {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            revision: None,
            location: None,
            hint: None,
            diff: None,
            level: None,
            why: None,
        }
    }

    /// Creates a finding in the SQL of the revision with this name.
    pub(crate) fn in_sql(found: &Found, name: String) -> Self {
        Self {
            code: found.code,
            message: report::message(found, &name),
            revision: Some(name),
            location: report::location(found),
            hint: found.help.clone(),
            diff: None,
            level: Some(found.level.name()),
            why: found.why,
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Repairs {
    pub(crate) ok: bool,
    pub(crate) repairs: Vec<RepairNeed>,
}

/// A revision that needs a decision.
#[derive(Debug, Default, Serialize)]
pub(crate) struct RepairNeed {
    pub(crate) code: &'static str,
    pub(crate) revision: String,
    pub(crate) location: Option<String>,
    pub(crate) state: Option<&'static str>,
    pub(crate) statements_done: Option<usize>,
    /// `None` for code, whose number is unknown.
    pub(crate) statements_total: Option<usize>,
    /// The statement whose outcome is unknown, from 1.
    pub(crate) statement: Option<usize>,
    pub(crate) sql: Option<String>,
    /// What the catalog shows of it: `done`, `begun`, `not-done`.
    pub(crate) effect: Option<&'static str>,
    pub(crate) seen: Vec<String>,
    /// The holder of the migration lock, which may be working on it; then the statement is unknown.
    pub(crate) run: Option<String>,
    pub(crate) diff: Option<String>,
    pub(crate) hint: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Repaired {
    pub(crate) database: Database,
    pub(crate) repaired: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Heads {
    pub(crate) heads: Vec<Head>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Head {
    pub(crate) revision: String,
    pub(crate) branch: Option<String>,
    pub(crate) description: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Branches {
    pub(crate) branches: Vec<Branch>,
    pub(crate) branch_points: Vec<BranchPoint>,
}

#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are the document's keys")]
pub(crate) struct Branch {
    pub(crate) branch: String,
    pub(crate) start: String,
    pub(crate) heads: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct BranchPoint {
    pub(crate) revision: String,
    pub(crate) children: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Shown {
    #[serde(flatten)]
    pub(crate) revision: Revision,
    pub(crate) up: Option<String>,
    pub(crate) down: Option<String>,
    /// Whether `down` was derived from `up`.
    pub(crate) down_derived: bool,
}

#[derive(Debug, Serialize)]
pub(crate) struct Lock {
    database: Database,
    /// `None` if it is free.
    held: Option<Held>,
    /// `None` unless a lease was released.
    freed: Option<Held>,
}

#[derive(Debug, Serialize)]
struct Held {
    by: &'static str,
    pid: Option<i64>,
    user: Option<String>,
    application: Option<String>,
    host: Option<String>,
    since: Option<String>,
    state: Option<String>,
    beats: Option<i64>,
}

impl Lock {
    pub(crate) fn new(database: &Address, holder: Option<&Holder>, released: bool) -> Self {
        let database = database.into();
        let held = holder.map(|holder| Held {
            by: holder.kind.name(),
            pid: holder.pid,
            user: holder.user.clone(),
            application: holder.application.clone(),
            host: holder.host.clone(),
            since: holder.since.clone(),
            state: holder.state.clone(),
            beats: holder.beats,
        });
        let (held, freed) = if released { (None, held) } else { (held, None) };
        Self { database, held, freed }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Script {
    pub(crate) sql: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Created {
    pub(crate) revision: String,
    pub(crate) path: String,
}
