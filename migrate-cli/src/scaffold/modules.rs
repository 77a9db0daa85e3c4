//! Edits `mod` lines in a Rust file as text: the rest of the file stays unchanged.

use migrate_core::RevisionId;

/// Returns the text with a `mod` line for `module` among those of the `siblings`, or `None` if there is no place for it.
///
/// Without siblings the line goes below `migrations!()`.
pub(super) fn with_module(text: &str, module: &str, siblings: &[String]) -> Option<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let after = match place_among(&lines, module, siblings) {
        Some(after) => after,
        None => below_migrations(&lines)?,
    };
    let mut changed = String::with_capacity(text.len() + module.len() + 8);
    let (before, behind) = lines.split_at_checked(after)?;
    changed.extend(before.iter().copied());
    if !changed.is_empty() && !changed.ends_with('\n') {
        changed.push('\n');
    }
    changed.push_str(&line(module));
    // rustfmt does not require it, but an empty line before other items is easier to read.
    if behind.first().is_some_and(|next| !next.trim().is_empty() && declared(next).is_none()) {
        changed.push('\n');
    }
    changed.extend(behind.iter().copied());
    Some(changed)
}

pub(super) fn line(module: &str) -> String {
    format!("mod {module};\n")
}

/// Returns the module that a line declares.
pub(super) fn declared(line: &str) -> Option<&str> {
    let line = line.trim_end();
    let line =
        line.strip_prefix("pub ").or_else(|| line.strip_prefix("pub(crate) ")).unwrap_or(line);
    let name = line.strip_prefix("mod ")?.split("//").next()?.trim().strip_suffix(';')?;
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_').then_some(name)
}

/// Returns the line to insert after, in the last group of siblings, sorted as rustfmt sorts.
fn place_among(lines: &[&str], module: &str, siblings: &[String]) -> Option<usize> {
    let is_sibling = |index: usize| {
        let name = lines.get(index).and_then(|line| declared(line))?;
        let attributed = index > 0
            && lines.get(index - 1).is_some_and(|before| before.trim_start().starts_with("#["));
        (!attributed && siblings.iter().any(|sibling| sibling == name)).then_some(name)
    };
    let last = (0..lines.len()).rev().find(|index| is_sibling(*index).is_some())?;
    let mut after = last + 1;
    while let Some(before) = after.checked_sub(1).and_then(is_sibling) {
        if RevisionId::from(before.to_owned()) <= RevisionId::from(module.to_owned()) {
            break;
        }
        after -= 1;
    }
    Some(after)
}

/// Returns the last line of the call of `migrations!`, which may have several.
fn below_migrations(lines: &[&str]) -> Option<usize> {
    let call = lines.iter().position(|line| {
        let line = line.trim_start();
        !line.starts_with("//") && line.contains("migrations!")
    })?;
    let end = lines.iter().skip(call).position(|line| line.trim_end().ends_with([';', '}']))?;
    Some(call + end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(text: &str, module: &str, siblings: &[&str]) -> String {
        let siblings: Vec<String> = siblings.iter().map(|name| (*name).to_owned()).collect();
        with_module(text, module, &siblings).expect("a place")
    }

    #[test]
    fn the_first_goes_below_the_declaration() {
        assert_eq!(
            added("migrate_core::migrations!();\n", "r001_a", &[]),
            "migrate_core::migrations!();\nmod r001_a;\n"
        );
        assert_eq!(
            added(
                "//! migrations!\nmigrate_core::migrations!(\n    name = \"shop\",\n);\nfn f() {}",
                "r001_a",
                &[]
            ),
            "//! migrations!\nmigrate_core::migrations!(\n    name = \"shop\",\n);\nmod r001_a;\n\nfn f() {}"
        );
    }

    #[test]
    fn others_are_sorted_in() {
        let text = "migrations!();\nmod r009_a;\nmod r010_b;\n\n#[cfg(test)]\nmod tests;\n";
        let there = &["r009_a", "r010_b"];
        assert_eq!(
            added(text, "r011_c", there),
            text.replace("r010_b;\n", "r010_b;\nmod r011_c;\n")
        );
        assert_eq!(
            added(text, "r008_c", there),
            text.replace("mod r009_a", "mod r008_c;\nmod r009_a")
        );
    }

    #[test]
    fn without_the_declaration_there_is_no_place() {
        assert_eq!(with_module("fn f() {}", "r001_a", &[]), None);
    }
}
