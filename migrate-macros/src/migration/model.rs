//! The model of a migration: only valid values can exist.

mod down;
mod options;
mod shape;
mod transaction;
mod value;
mod waiver;

use std::time::Duration;

use migrate_sql::{Checksum, Direction, Kind, Resumption, Transactions};
use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::LitStr;
use syn::ext::IdentExt;

pub(crate) use self::down::Down;
pub(crate) use self::options::{Options, Turns};
pub(crate) use self::shape::{Form, Shape};
pub(crate) use self::waiver::Waiver;
use crate::config::Config;
use crate::diag::Diag;
use crate::migration::check::{Check, Checked};
use crate::migration::parse::Function;
use crate::source::Source;
use crate::text::Text;
use crate::warning::Warning;
use crate::{canonical, docs};

/// A revision's place among the others of its crate, for rustc to check the graph.
///
/// It can exist even if the rest of the migration is invalid, so that other revisions that name it have no errors.
pub(crate) struct Anchor {
    pub(crate) rev: LitStr,
    /// The revisions of the same crate that must exist.
    pub(crate) parents: Vec<LitStr>,
}

impl Anchor {
    pub(crate) fn new(options: &Options, function: Option<&Function>) -> Option<Self> {
        // It cannot be placed among methods.
        if function.is_some_and(|function| function.signature.receiver().is_some()) {
            return None;
        }
        let rev = options.rev.clone()?;
        let named = options.after.iter().chain(&options.depends_on).flatten();
        // Those of another crate are checked when the graph is built; a revision after itself was already reported.
        let parents =
            named.filter(|parent| !parent.value().contains('@') && parent.value() != rev.value());
        Some(Self { parents: parents.cloned().collect(), rev })
    }
}

/// A valid migration.
pub(crate) struct Migration {
    pub(crate) rev: LitStr,
    pub(crate) after: Option<Vec<LitStr>>,
    pub(crate) depends_on: Option<Vec<LitStr>>,
    pub(crate) branch: Option<LitStr>,
    pub(crate) kind: Kind,
    pub(crate) transaction: Transactions,
    pub(crate) resume: Resumption,
    pub(crate) lock_timeout: Option<Duration>,
    pub(crate) statement_timeout: Option<Duration>,
    pub(crate) description: String,
    pub(crate) function: Ident,
    pub(crate) line: usize,
    pub(crate) shape: Shape,
    pub(crate) up_source: Option<Source>,
    pub(crate) down: Down,
    pub(crate) down_source: Option<Source>,
    pub(crate) code_checksum: Option<Checksum>,
    pub(crate) waivers: Vec<Waiver>,
    pub(crate) parse: bool,
    /// Whether all of its SQL is already checked, so that nothing is left to check when it runs.
    pub(crate) checked: bool,
}

impl Migration {
    /// Checks that options and function fit together, and checks the SQL as far as it is seen. Returns the warnings even if
    /// there is a fault.
    pub(crate) fn new(
        options: Options,
        function: Option<&Function>,
        diag: &mut Diag,
    ) -> (Option<Self>, Vec<Warning>) {
        options.check(diag);
        let Some(function) = function else { return (None, Vec::new()) };
        let shape = Shape::new(&function.signature, options.kind, diag);
        let config = Config::of_crate();
        options.check_resume(shape.as_ref().map(|shape| shape.form), &config.dialects, diag);
        let mut check = Check::new(&config, options.subject(), &options.waivers);
        let bodies = Bodies::new(&options, shape.as_ref(), function, &mut check, diag);
        let Checked { warnings, complete } = check.finish();
        (Self::of(options, function, shape, bodies, complete), warnings)
    }

    /// Returns the migration, if no part of it is missing.
    fn of(
        options: Options,
        function: &Function,
        shape: Option<Shape>,
        bodies: Bodies,
        checked: bool,
    ) -> Option<Self> {
        let shape = shape?;
        let name = &function.signature.ident;
        let code = (shape.form == Form::Code).then(|| canonical::text(code(function)));
        Some(Self {
            rev: options.rev?,
            after: options.after,
            depends_on: options.depends_on,
            branch: options.branch,
            kind: options.kind?,
            transaction: options.transaction?,
            resume: options.resume?,
            lock_timeout: options.lock_timeout,
            statement_timeout: options.statement_timeout,
            description: docs::first_line(&function.attributes)
                .unwrap_or_else(|| name.unraw().to_string()),
            line: name.span().start().line,
            up_source: bodies.up.and_then(|text| text.source),
            code_checksum: code.map(|code| Checksum::of_code(&code)),
            function: name.clone(),
            shape,
            down_source: bodies.down.as_ref().and_then(Down::text).and_then(|text| text.source),
            down: bodies.down?,
            waivers: options.waivers,
            parse: options.parse?,
            checked,
        })
    }
}

/// The `up` and `down` of a migration.
struct Bodies {
    /// The SQL of `up`, if it is seen.
    up: Option<Text>,
    down: Option<Down>,
}

impl Bodies {
    /// Finds and checks both.
    fn new(
        options: &Options,
        shape: Option<&Shape>,
        function: &Function,
        check: &mut Check<'_>,
        diag: &mut Diag,
    ) -> Self {
        let code = shape.is_some_and(|shape| shape.form == Form::Code);
        let up = if code { None } else { Text::of_body(function.body.stream()) };
        let sound = check.text(up.as_ref(), Direction::Up, diag);
        let down = match (&options.down, options.kind) {
            (Some(down), _) => {
                down.check(check, diag);
                Some(down.clone())
            }
            (None, Some(kind)) if sound && !options.says_down() => {
                Down::unsaid(kind, up.as_ref(), &function.signature.ident, check, diag)
            }
            (None, _) => None,
        };
        Self { up, down }
    }
}

fn code(function: &Function) -> TokenStream {
    let mut code = function.signature.to_token_stream();
    function.body.to_tokens(&mut code);
    code
}
