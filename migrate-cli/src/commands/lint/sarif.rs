//! Findings as SARIF 2.1.0, the format that code hosts and editors read.

use std::collections::BTreeMap;

use migrate_core::{Level, Position};
use migrate_lint::Rule;
use serde_json::{Value, json};

use crate::inspect::Found;
use crate::report;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Returns the document; `name` returns a revision's name.
pub(super) fn log(found: &[Found], name: impl Fn(&Found) -> String) -> Value {
    // Faults have no rule: their message is the description.
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rules: Vec<Value> = Vec::new();
    for one in found {
        places.entry(one.code).or_insert_with(|| {
            rules.push(
                migrate_lint::rule(one.code).map_or_else(|| json!({"id": one.code}), describe),
            );
            rules.len() - 1
        });
    }
    let results: Vec<Value> =
        found.iter().map(|one| result(one, places.get(one.code).copied(), &name(one))).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "migrate",
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": rules,
                }
            },
            // Columns count characters, as Rust does.
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn describe(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.finds },
        "fullDescription": { "text": rule.why },
        "help": { "text": rule.rewrite },
        "defaultConfiguration": { "level": level(rule.level) },
        "properties": { "tags": [rule.group.name()] },
    })
}

fn result(found: &Found, rule: Option<usize>, name: &str) -> Value {
    let mut message = report::message(found, name);
    if let Some(help) = &found.help {
        message.extend(["\n", help]);
    }
    json!({
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": level(found.level),
        "message": { "text": message },
        "locations": [location(found, name)],
        // Stays the same when lines move.
        "partialFingerprints": { "revisionAndStatement/v1": fingerprint(found) },
    })
}

fn location(found: &Found, name: &str) -> Value {
    let excerpt = found.excerpt.as_ref();
    let place = match excerpt.and_then(|excerpt| excerpt.file) {
        Some((file, at)) => {
            Some((file, region(at, excerpt.and_then(|excerpt| excerpt.file_until))))
        }
        None => found.origin.map(|origin| (origin.file, json!({"startLine": origin.line}))),
    };
    let mut location = json!({ "logicalLocations": [{ "name": name, "kind": "revision" }] });
    if let (Some((file, region)), Some(location)) = (place, location.as_object_mut()) {
        let artifact = json!({ "uri": uri(file) });
        let physical = json!({ "artifactLocation": artifact, "region": region });
        location.insert("physicalLocation".to_owned(), physical);
    }
    location
}

fn region(from: Position, until: Option<Position>) -> Value {
    match until {
        Some(until) => json!({
            "startLine": from.line,
            "startColumn": from.column,
            "endLine": until.line,
            "endColumn": until.column,
        }),
        None => json!({ "startLine": from.line, "startColumn": from.column }),
    }
}

/// Returns a relative path as a URI.
fn uri(file: &str) -> String {
    let path = file.replace('\\', "/").replace('%', "%25").replace(' ', "%20");
    path.replace('#', "%23").replace('?', "%3F")
}

fn fingerprint(found: &Found) -> String {
    let direction = report::direction(found.direction);
    format!("{}:{direction}:{}:{}", found.key, found.statement.unwrap_or(0), found.code)
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Allow => "none",
    }
}
