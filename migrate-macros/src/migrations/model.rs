//! The options of `migrations!()`, and the settings it finds.

use migrate_sql::Dialect;
use proc_macro2::Ident;
use syn::{Expr, LitStr};

use crate::config::Config;
use crate::diag::Diag;
use crate::option::{self, Argument, Arguments};
use crate::{name, value};

const KNOWN: &[&str] = &["name"];

/// The declaration of a crate's migrations.
pub(crate) struct Migrations {
    /// The name in history, if it differs from the package's.
    pub(crate) name: Option<LitStr>,
    /// Whether there is a settings file to embed.
    pub(crate) config: bool,
    /// The dialects that the settings name.
    pub(crate) dialects: Vec<Dialect>,
}

impl Migrations {
    pub(crate) fn new(arguments: Arguments, config: &Config, diag: &mut Diag) -> Self {
        let dialects = config.dialects.declared().to_vec();
        let mut migrations = Self { name: None, config: config.is_there, dialects };
        let mut said = false;
        for Argument { name, value } in arguments.list {
            if name != "name" {
                option::unknown(&name, KNOWN, diag);
            } else if said {
                option::twice(&name, diag);
            } else if let Some(value) = option::expression(&name, value, diag) {
                migrations.name = crate_name(&name, &value, diag);
            }
            said |= name == "name";
        }
        migrations
    }
}

fn crate_name(option: &Ident, value: &Expr, diag: &mut Diag) -> Option<LitStr> {
    let text = value::string(option, value, diag)?;
    if name::is_crate(&text.value()) {
        return Some(text.clone());
    }
    diag.error_with_help(
        text,
        format_args!("`{}` is not a valid crate name", text.value()),
        "use letters, digits, `_` and `-`",
    );
    None
}
