//! The rules that can be named.

/// The one fault that can be waived.
pub(crate) const MIXED: &str = "mixed";
/// What a plan refuses, and a schema revision can waive: earlier data revisions that are pending.
pub(crate) const PENDING_DATA: &str = "pending-data";

/// Whether there is such a rule. Without the rules themselves, whoever has them must say.
#[cfg(feature = "lint")]
pub(crate) fn is_known(id: &str) -> bool {
    [MIXED, PENDING_DATA].contains(&id) || migrate_lint::rule(id).is_some()
}

/// Whether there is such a rule. Without the rules themselves, whoever has them must say.
#[cfg(not(feature = "lint"))]
pub(crate) fn is_known(_: &str) -> bool {
    true
}

/// What may be meant by a name that is no rule's, as a line of its own; nothing if nothing is near.
#[cfg(feature = "lint")]
pub(crate) fn help(name: &str) -> String {
    let in_group = |rule: &&migrate_lint::Rule| rule.group.name() == name;
    let group: Vec<_> = migrate_lint::rules().iter().filter(in_group).map(|rule| rule.id).collect();
    if !group.is_empty() {
        return format!("\nhelp: it is a group; name one of its rules: `{}`", group.join("`, `"));
    }
    let mut known: Vec<_> = migrate_lint::rules().iter().map(|rule| rule.id).collect();
    known.extend([MIXED, PENDING_DATA]);
    crate::similar::nearest(name, &known)
        .map(|near| format!("\nhelp: did you mean `{near}`?"))
        .unwrap_or_default()
}

/// What may be meant by a name that is no rule's: nobody knows here.
#[cfg(not(feature = "lint"))]
pub(crate) fn help(_: &str) -> String {
    String::new()
}
