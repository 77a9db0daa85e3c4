//! Finds revisions by name.

use crate::graph::target::TargetError;
use crate::graph::target::scope::Scope;
use crate::graph::{Graph, NodeId, similar};

/// Finds a revision by its id, by the label of the branch that begins with it, or by a unique prefix of its id.
pub(super) fn revision(graph: &Graph, name: &str, scope: &Scope) -> Result<NodeId, TargetError> {
    if let Some(node) = only(graph, name, graph.with_id(name), scope)? {
        return Ok(node);
    }
    if let Some(node) = graph.labelled(name).filter(|&node| scope.reaches(node)) {
        return Ok(node);
    }
    only(graph, name, graph.with_prefix(name), scope)?.ok_or_else(|| TargetError::Unknown {
        name: name.to_owned(),
        scope: scope.name().map(str::to_owned),
        similar: similar_revision(graph, name, scope),
    })
}

/// Finds the crate with this name, or the branch or revision with this name and its descendants.
pub(super) fn scope(graph: &Graph, name: &str) -> Result<Scope, TargetError> {
    if graph.crates().any(|krate| krate == name) {
        return Ok(Scope::of_crate(graph, name));
    }
    match revision(graph, name, &Scope::everything()) {
        Ok(node) => Ok(Scope::below(graph, name, node)),
        Err(TargetError::Unknown { .. }) => Err(TargetError::UnknownScope {
            name: name.to_owned(),
            similar: similar(name, graph.crates().chain(graph.labels().map(|(label, _)| label)))
                .map(str::to_owned)
                .or_else(|| similar_revision(graph, name, &Scope::everything())),
        }),
        Err(other) => Err(other),
    }
}

/// Returns the only one of `found` that is in the scope.
fn only(
    graph: &Graph,
    name: &str,
    mut found: Vec<NodeId>,
    scope: &Scope,
) -> Result<Option<NodeId>, TargetError> {
    found.retain(|&node| scope.reaches(node));
    match found.as_slice() {
        [] => Ok(None),
        [node] => Ok(Some(*node)),
        several => Err(TargetError::Ambiguous {
            written: name.to_owned(),
            candidates: several.iter().map(|&node| graph.reference(node)).collect(),
        }),
    }
}

fn similar_revision(graph: &Graph, name: &str, scope: &Scope) -> Option<String> {
    const WORDS: [&str; 4] = ["head", "heads", "base", "current"];
    let named = graph.order().iter().map(|&node| (graph.migration(node).id().as_str(), node));
    let named = named.chain(graph.labels()).filter(|&(_, node)| scope.reaches(node));
    // A crate name is only valid before the `@`.
    let crates: Vec<String> = match scope.name() {
        None => graph.crates().map(|krate| format!("{krate}@head")).collect(),
        Some(_) => Vec::new(),
    };
    let of_crate = crates
        .iter()
        .find(|written| written.strip_suffix("@head") == Some(name))
        .map(String::as_str);
    of_crate
        .or_else(|| similar(name, named.map(|(known, _)| known).chain(WORDS)))
        .map(str::to_owned)
}
