//! How a migration is undone.

use migrate_sql::{Dialect, Direction, Kind};
use proc_macro2::Ident;
use syn::{Expr, ExprMacro, ExprPath, LitStr};

use crate::diag::Diag;
use crate::migration::check::{Check, NO_DOWN, SAY_DOWN};
use crate::name;
use crate::text::Text;
use crate::value;

/// How a migration is undone.
#[derive(Clone)]
pub(crate) enum Down {
    /// By SQL: a literal, or a macro that gives one.
    Sql(Expr),
    /// By a function.
    Function(ExprPath),
    /// By SQL that was derived, for each dialect.
    Derived(Vec<(Dialect, String)>),
    Irreversible,
    Nothing,
}

impl Down {
    /// Its SQL, where it is written down.
    pub(crate) fn text(&self) -> Option<Text> {
        match self {
            Self::Sql(sql) => Text::of(sql),
            Self::Function(_) | Self::Derived(_) | Self::Irreversible | Self::Nothing => None,
        }
    }

    /// Checks the SQL that undoes.
    pub(crate) fn check(&self, check: &mut Check<'_>, diag: &mut Diag) {
        match self {
            Self::Sql(_) | Self::Function(_) => {
                check.text(self.text().as_ref(), Direction::Down, diag);
            }
            Self::Derived(_) | Self::Irreversible | Self::Nothing => {}
        }
    }

    /// What undoes a migration that does not say so: what can be derived from its SQL.
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
        // A file that cannot be read is rustc's to report. If it reads more than we do, nothing is undone by mistake.
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
