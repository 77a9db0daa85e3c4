//! The rules that settings and waivers can name.

/// The only fault that can be waived.
pub(crate) const MIXED: &str = "mixed";
/// The waivable refusal of a plan: a schema revision has earlier data revisions that are pending.
pub(crate) const PENDING_DATA: &str = "pending-data";

/// Returns whether the rule exists; without the feature `lint`, every name is accepted.
#[cfg(feature = "lint")]
pub(crate) fn is_known(id: &str) -> bool {
    [MIXED, PENDING_DATA].contains(&id) || migrate_lint::rule(id).is_some()
}

/// Returns whether the rule exists; without the feature `lint`, every name is accepted.
#[cfg(not(feature = "lint"))]
pub(crate) fn is_known(_: &str) -> bool {
    true
}

/// Returns a line with the rule that an unknown name may mean, or an empty text if none is similar.
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

/// Returns an empty text: without the rules, nothing is known about similar names.
#[cfg(not(feature = "lint"))]
pub(crate) fn help(_: &str) -> String {
    String::new()
}
