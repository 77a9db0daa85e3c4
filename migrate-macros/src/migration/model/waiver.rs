//! `waive(rule, reason = "…")`

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Error, LitStr, Token};

use crate::diag::Diag;
use crate::option::{self, Argument, Value};
use crate::rule::{self, MIXED};
use crate::value;

/// Names of faults. Unlike rules, they cannot be waived: the database would refuse the SQL anyway.
const FAULTS: &[&str] = &[
    "incomplete",
    "transaction-control",
    "copy-from-stdin",
    "needs-no-transaction",
    "unknown-word",
    "syntax",
];

/// A rule that is suppressed for a migration.
pub(crate) struct Waiver {
    /// The rule's name, with hyphens.
    pub(crate) rule: String,
    /// The rule's name, as written.
    pub(crate) tokens: TokenStream,
    /// `None` if it is missing or invalid.
    pub(crate) reason: Option<LitStr>,
}

/// Reads one `waive`. One with an invalid reason counts: its rule is meant to be suppressed.
pub(super) fn read(option: &Ident, value: Value, before: &mut Vec<Waiver>, diag: &mut Diag) {
    let list = match value {
        Value::List(list) if !list.is_empty() => list,
        Value::Reported => return,
        Value::List(_) | Value::Expression(_) | Value::Missing => {
            let help = "write `waive(rule_name, reason = \"…\")`";
            return diag.error_with_help(option, "`waive` must name a rule", help);
        }
    };
    let (tokens, rest) = match rule.parse2(list) {
        Ok(parts) => parts,
        Err(fault) => return diag.push(fault),
    };
    let rule = name_of(&tokens);
    let reason = reason(&tokens, &rule, rest, diag);
    let waiver = Waiver { rule, tokens, reason };
    if waiver.is_valid(before, diag) {
        before.push(waiver);
    }
}

/// Reads the rule's tokens, and those after the comma.
fn rule(input: ParseStream<'_>) -> Result<(TokenStream, TokenStream), Error> {
    let mut name = TokenStream::new();
    if input.peek(LitStr) {
        input.parse::<LitStr>()?.to_tokens(&mut name);
    } else {
        if !input.peek(Ident::peek_any) {
            return Err(input.error("expected the name of a rule"));
        }
        input.call(Ident::parse_any)?.to_tokens(&mut name);
        // The spelling of settings and findings.
        while input.peek(Token![-]) {
            input.parse::<Token![-]>()?.to_tokens(&mut name);
            input.call(Ident::parse_any)?.to_tokens(&mut name);
        }
    }
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    Ok((name, input.parse()?))
}

fn name_of(tokens: &TokenStream) -> String {
    let text = syn::parse2::<LitStr>(tokens.clone()).map(|text| text.value());
    let text = text.unwrap_or_else(|_| tokens.to_string());
    text.replace([' ', '\n'], "").replace('_', "-")
}

/// Reads the reason from the options after the rule.
fn reason(tokens: &TokenStream, rule: &str, rest: TokenStream, diag: &mut Diag) -> Option<LitStr> {
    let arguments = option::parse(rest, diag);
    let (mut said, mut reason) = (arguments.unread, None);
    for Argument { name, value } in arguments.list {
        if name != "reason" {
            option::unknown(&name, &["reason"], diag);
        } else if said {
            option::twice(&name, diag);
        } else if let Some(value) = option::expression(&name, value, diag) {
            reason = value::string(&name, &value, diag).cloned();
        }
        said = true;
    }
    let help = format!("write `waive({}, reason = \"…\")`", rule.replace('-', "_"));
    match &reason {
        Some(text) if text.value().trim().is_empty() => {
            diag.error_with_help(text, format_args!("the reason to waive `{rule}` is empty"), help);
            return None;
        }
        None if !said => {
            let message = format_args!("`waive` needs a reason for `{rule}`");
            diag.error_with_help(tokens, message, help);
        }
        Some(_) | None => {}
    }
    reason
}

impl Waiver {
    fn is_valid(&self, before: &[Self], diag: &mut Diag) -> bool {
        let Self { rule, tokens, .. } = self;
        if FAULTS.contains(&rule.as_str()) {
            let message = format_args!("`{rule}` cannot be waived: the SQL would fail");
            match rule.as_str() {
                "syntax" | "unknown-word" => diag.error_with_help(
                    tokens,
                    message,
                    "if the server accepts it, set `parse = false`",
                ),
                _ => diag.error_with_help(
                    tokens,
                    message,
                    format_args!("rules can be waived, and `{MIXED}`"),
                ),
            }
        } else if !rule::is_known(rule) {
            diag.error(tokens, format_args!("unknown rule `{rule}`{}", rule::help(rule)));
        } else if before.iter().any(|other| other.rule == *rule) {
            diag.error(tokens, format_args!("`{rule}` is waived twice"));
        } else {
            return true;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(lists: &[&str]) -> (Vec<(String, Option<String>)>, Option<String>) {
        let (mut waivers, mut diag) = (Vec::new(), Diag::default());
        let option: Ident = syn::parse_str("waive").unwrap();
        for list in lists {
            read(&option, Value::List(list.parse().unwrap()), &mut waivers, &mut diag);
        }
        let waivers = waivers.into_iter();
        let waivers = waivers.map(|one| (one.rule, one.reason.map(|reason| reason.value())));
        (waivers.collect(), diag.finish().map(|faults| faults.to_string()))
    }

    #[test]
    fn a_rule_is_named_with_underscores_hyphens_or_in_quotes() {
        for name in ["missing_where", "missing-where", "\"missing-where\""] {
            let (waivers, faults) = read_all(&[&format!("{name}, reason = \"all of them\"")]);
            assert_eq!(waivers, [("missing-where".to_owned(), Some("all of them".to_owned()))]);
            assert_eq!(faults, None);
        }
    }

    #[test]
    fn a_waiver_without_its_reason_still_silences() {
        for list in ["mixed", "mixed,", "mixed, reason = \" \"", "mixed, reason = 1"] {
            let (waivers, faults) = read_all(&[list]);
            assert_eq!(waivers, [("mixed".to_owned(), None)], "{list}");
            assert_eq!(faults.unwrap().matches("compile_error").count(), 1, "{list}");
        }
    }
}
