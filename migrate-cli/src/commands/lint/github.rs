//! Findings as GitHub Actions annotations.

use migrate_core::Level;

use crate::inspect::Found;
use crate::report;

/// Returns the line that makes GitHub show the finding next to the code.
pub(super) fn annotation(found: &Found, name: &str) -> String {
    let command = match found.level {
        Level::Deny => "error",
        Level::Warn | Level::Allow => "warning",
    };
    let mut properties: Vec<String> = place(found)
        .into_iter()
        .map(|(key, value)| format!("{key}={}", property(&value)))
        .collect();
    properties.push(format!("title={}", property(found.code)));
    let mut said = report::message(found, name);
    for more in found.why.into_iter().chain(found.help.as_deref()) {
        said.extend(["\n", more]);
    }
    format!("::{command} {}::{}", properties.join(","), data(&said))
}

fn place(found: &Found) -> Vec<(&'static str, String)> {
    let excerpt = found.excerpt.as_ref();
    let Some((file, at)) = excerpt.and_then(|excerpt| excerpt.file) else {
        let origin = found.origin;
        return origin.map_or_else(Vec::new, |origin| {
            vec![("file", origin.file.to_owned()), ("line", origin.line.to_string())]
        });
    };
    let mut place = vec![
        ("file", file.to_owned()),
        ("line", at.line.to_string()),
        ("col", at.column.to_string()),
    ];
    if let Some(until) = excerpt.and_then(|excerpt| excerpt.file_until) {
        place.push(("endLine", until.line.to_string()));
        // GitHub's last column is inclusive.
        place.push(("endColumn", until.column.saturating_sub(1).max(1).to_string()));
    }
    place
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_value_is_escaped() {
        assert_eq!(data("100%\r\nof: a,b"), "100%25%0D%0Aof: a,b");
        assert_eq!(property("a:b,c\n"), "a%3Ab%2Cc%0A");
    }
}
