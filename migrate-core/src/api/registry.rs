//! Reads the migrations from the inventory, and sorts them. Nothing else reads the inventory.

use std::sync::LazyLock;

use crate::declare::declaration::Declaration;
use crate::declare::migration::Migration;
use crate::declare::set::Scope;
use crate::graph::{Graph, GraphError};

/// All migrations linked into the program, sorted by crate and revision, independent of the linker.
static LINKED: LazyLock<Vec<Migration>> = LazyLock::new(|| {
    let mut linked: Vec<Migration> =
        inventory::iter::<Declaration>.into_iter().map(Migration::from).collect();
    linked.sort_by(|a, b| a.key.cmp(&b.key));
    linked
});

/// Returns the graph of the migrations in `scope`.
///
/// # Errors
///
/// [`GraphError`], with all faults found.
pub(crate) fn graph(scope: &Scope) -> Result<Graph, GraphError> {
    match scope {
        Scope::Linked => Graph::new(LINKED.iter().cloned()),
        Scope::List(list) => Graph::new(list.iter().cloned()),
        Scope::Crate(info) => Graph::new(with_dependencies(info.name, &LINKED)),
    }
}

/// Returns the migrations of a crate and of all crates that its revisions depend on.
fn with_dependencies(name: &str, linked: &[Migration]) -> Vec<Migration> {
    let mut crates = vec![name.to_owned()];
    let mut next = 0;
    while let Some(name) = crates.get(next).cloned() {
        let of_crate = linked.iter().filter(|migration| migration.key.krate == name);
        for reference in of_crate.flat_map(|migration| migration.depends_on.iter().flatten()) {
            if let Some((other, _)) = reference.split_once('@')
                && !crates.iter().any(|known| known == other)
            {
                crates.push(other.to_owned());
            }
        }
        next += 1;
    }
    linked
        .iter()
        .filter(|migration| crates.iter().any(|name| migration.key.krate == *name))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_brings_those_it_depends_on() {
        let linked = [
            Migration::new("1").in_crate("shop").depends_on("billing@7"),
            Migration::new("7").in_crate("billing").depends_on("core@1"),
            Migration::new("1").in_crate("core"),
            Migration::new("1").in_crate("other").depends_on("shop@1"),
        ];
        let found: Vec<String> = with_dependencies("shop", &linked)
            .iter()
            .map(|migration| migration.key.to_string())
            .collect();
        assert_eq!(found, ["shop@1", "billing@7", "core@1"]);
    }
}
