//! The option `down`.

use migrate_sql::{Dialect, Direction, Kind};
use proc_macro2::Ident;
use syn::{Expr, ExprMacro, ExprPath, LitStr};

use crate::diag::Diag;
use crate::migration::check::{Check, NO_DOWN, SAY_DOWN};
use crate::name;
use crate::text::Text;
use crate::value;

/// How to undo a migration.
#[derive(Clone)]
pub(crate) enum Down {
    /// SQL: a literal, or a macro that expands to one.
    Sql(Expr),
    /// A function.
    Function(ExprPath),
    /// Derived SQL, for each dialect.
    Derived(Vec<(Dialect, String)>),
    Irreversible,
    Nothing,
}

impl Down {
    /// Returns its SQL, if it is a literal.
    pub(crate) fn text(&self) -> Option<Text> {
        match self {
            Self::Sql(sql) => Text::of(sql),
            Self::Function(_) | Self::Derived(_) | Self::Irreversible | Self::Nothing => None,
        }
    }

    /// Checks the SQL of `down`.
    pub(crate) fn check(&self, check: &mut Check<'_>, diag: &mut Diag) {
        match self {
            Self::Sql(_) | Self::Function(_) => {
                check.text(self.text().as_ref(), Direction::Down, diag);
            }
            Self::Derived(_) | Self::Irreversible | Self::Nothing => {}
        }
    }

    /// Derives the `down` of a migration that has none from its SQL.
    pub(crate) fn unsaid(
        kind: Kind,
        up: Option<&Text>,
        function: &Ident,
        check: &Check<'_>,
        diag: &mut Diag,
    ) -> Option<Self> {
        if kind == Kind::Data {
            return Some(Self::Nothing);
        }
        let Some(up) = up else {
            diag.error_with_help(function, NO_DOWN, SAY_DOWN);
            return None;
        };
        // rustc reports a file that cannot be read. If rustc can read more than we do, nothing is undone by mistake.
        let Some(sql) = &up.sql else { return Some(Self::Irreversible) };
        check.derive(up, sql, function, diag).map(Self::Derived)
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
                "not a valid `down`",
                "expected SQL in a string, the name of a function, or `irreversible`",
            );
            None
        }
    }
}

/// Returns whether a string can be SQL. Refuses a word that is meant for something else.
fn is_sql(text: &LitStr, diag: &mut Diag) -> bool {
    let word = text.value();
    if word == "irreversible" {
        diag.error_with_help(
            text,
            "expected SQL in `down`, found the word `irreversible`",
            "write `down = irreversible`",
        );
    } else if name::is_revision(&word) && word.bytes().any(|b| b.is_ascii_digit()) {
        diag.error_with_help(
            text,
            format_args!("expected SQL in `down`, found the revision `{word}`"),
            format_args!(
                "the parent goes into `after` (or `down_revision`): write `after = \"{word}\"`"
            ),
        );
    } else {
        return true;
    }
    false
}
