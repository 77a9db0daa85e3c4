//! How a migration is undone.

use syn::{Expr, ExprMacro, ExprPath, LitStr};

use crate::diag::Diag;
use crate::name;
use crate::source::Source;
use crate::value;

/// How a migration is undone.
#[derive(Clone)]
pub(crate) enum Down {
    /// By SQL: a literal, or a macro that gives one.
    Sql(Expr),
    /// By a function.
    Function(ExprPath),
    Irreversible,
    Nothing,
}

impl Down {
    /// Where its SQL stands.
    pub(crate) fn source(&self) -> Option<Source> {
        match self {
            Self::Sql(sql) => Source::of(sql),
            Self::Function(_) | Self::Irreversible | Self::Nothing => None,
        }
    }
}

/// Reads the value of `down`.
pub(crate) fn read(value: Expr, diag: &mut Diag) -> Option<Down> {
    if let Some(sql) = value::string_of(&value) {
        return is_sql(sql, diag).then_some(Down::Sql(value));
    }
    match value {
        Expr::Path(path) if path.path.is_ident("irreversible") => Some(Down::Irreversible),
        Expr::Path(path) if !path.path.is_ident("None") => Some(Down::Function(path)),
        Expr::Macro(ExprMacro { .. }) => Some(Down::Sql(value)),
        other => {
            diag.error_with_help(
                other,
                "this does not say how the migration is undone",
                "expected SQL in a string, the name of a function, or `irreversible`",
            );
            None
        }
    }
}

/// Whether a string can be SQL; a word that is meant for something else is refused.
fn is_sql(text: &LitStr, diag: &mut Diag) -> bool {
    let word = text.value();
    if word == "irreversible" {
        diag.error_with_help(
            text,
            "`down` has `irreversible` where SQL belongs",
            "write `down = irreversible`",
        );
    } else if name::is_revision(&word) && word.bytes().any(|b| b.is_ascii_digit()) {
        diag.error_with_help(
            text,
            format_args!("`down` has the revision `{word}` where SQL belongs"),
            format_args!(
                "the parent goes into `after` (or `down_revision`): write `after = \"{word}\"`"
            ),
        );
    } else {
        return true;
    }
    false
}
