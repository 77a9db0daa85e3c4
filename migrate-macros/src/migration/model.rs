//! What makes a migration: only values that keep the rules get here.

mod down;
mod options;
mod shape;
mod value;

use std::time::Duration;

use migrate_sql::{Checksum, Kind};
use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::LitStr;
use syn::ext::IdentExt;

pub(crate) use self::down::Down;
pub(crate) use self::options::Options;
pub(crate) use self::shape::{Form, Shape};
use crate::diag::Diag;
use crate::migration::parse::Function;
use crate::source::Source;
use crate::{canonical, docs};

/// A revision's place among the others of its crate: all that rustc needs to check the graph.
///
/// It can be known although the rest of the migration is faulty; then others that name it stay without fault.
pub(crate) struct Anchor {
    pub(crate) rev: LitStr,
    /// The revisions of the same crate that must be there.
    pub(crate) parents: Vec<LitStr>,
}

impl Anchor {
    pub(crate) fn new(options: &Options, function: Option<&Function>) -> Option<Self> {
        // Among methods there is no place for it.
        if function.is_some_and(|function| function.signature.receiver().is_some()) {
            return None;
        }
        let rev = options.rev.clone()?;
        let named = options.after.iter().flatten().chain(&options.depends_on);
        // Another crate's are found when the graph is built; a revision after itself was reported.
        let parents =
            named.filter(|parent| !parent.value().contains('@') && parent.value() != rev.value());
        Some(Self { parents: parents.cloned().collect(), rev })
    }
}

/// A migration without fault.
pub(crate) struct Migration {
    pub(crate) rev: LitStr,
    pub(crate) after: Option<Vec<LitStr>>,
    pub(crate) depends_on: Vec<LitStr>,
    pub(crate) branch: Option<LitStr>,
    pub(crate) kind: Kind,
    pub(crate) transaction: bool,
    pub(crate) lock_timeout: Option<Duration>,
    pub(crate) statement_timeout: Option<Duration>,
    pub(crate) description: String,
    pub(crate) function: Ident,
    pub(crate) line: usize,
    pub(crate) shape: Shape,
    pub(crate) up_source: Option<Source>,
    pub(crate) down: Down,
    pub(crate) code_checksum: Option<Checksum>,
}

impl Migration {
    /// Checks all that the options and the function must keep together.
    pub(crate) fn new(
        options: Options,
        function: Option<&Function>,
        diag: &mut Diag,
    ) -> Option<Self> {
        options.check(diag);
        let function = function?;
        let shape = Shape::new(&function.signature, options.kind, diag);
        let down = options.down_of(&function.signature.ident, diag);
        let shape = shape?;
        let sql = shape.form != Form::Code;
        let name = &function.signature.ident;
        Some(Self {
            rev: options.rev?,
            after: options.after,
            depends_on: options.depends_on,
            branch: options.branch,
            kind: options.kind?,
            transaction: options.transaction,
            lock_timeout: options.lock_timeout,
            statement_timeout: options.statement_timeout,
            description: docs::first_line(&function.attributes)
                .unwrap_or_else(|| name.unraw().to_string()),
            line: name.span().start().line,
            up_source: if sql { Source::of_body(function.body.stream()) } else { None },
            code_checksum: (!sql).then(|| Checksum::of_code(&canonical::text(code(function)))),
            function: name.clone(),
            shape,
            down: down?,
        })
    }
}

fn code(function: &Function) -> TokenStream {
    let mut code = function.signature.to_token_stream();
    function.body.to_tokens(&mut code);
    code
}
