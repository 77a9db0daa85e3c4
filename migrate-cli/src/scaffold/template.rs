//! The text of a new revision's file, formatted like rustfmt.

use migrate_core::{Kind, UNWRITTEN};

use crate::scaffold::lineage::NewRevision;

/// The length above which rustfmt breaks an attribute's arguments.
const ATTRIBUTE: usize = 70;

/// Returns the text of a revision's file. It compiles as it is, and is not applied before its SQL is written. It has no
/// `down`: that is derived, or the compiler asks for it.
pub(super) fn revision(revision: &NewRevision) -> String {
    let body = if revision.is_merge { "" } else { UNWRITTEN };
    format!(
        "use migrate_core::prelude::*;\n\n/// {}\n{}\nfn {}() -> &'static str {{\n    \"{body}\"\n}}\n",
        revision.text,
        attribute(revision),
        revision.function(),
    )
}

fn attribute(revision: &NewRevision) -> String {
    let list = |ids: &[String]| match ids {
        [id] => format!("\"{id}\""),
        ids => {
            format!("[{}]", ids.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(", "))
        }
    };
    let mut options = vec![format!("rev = \"{}\"", revision.id)];
    if revision.kind == Kind::Data {
        options.push("kind = data".to_owned());
    }
    options.extend(revision.after.as_ref().map(|after| format!("after = {}", list(after))));
    options.extend(revision.branch.as_ref().map(|branch| format!("branch = \"{branch}\"")));
    let line = options.join(", ");
    if line.len() <= ATTRIBUTE {
        return format!("#[migration({line})]");
    }
    format!("#[migration(\n    {}\n)]", options.join(",\n    "))
}
