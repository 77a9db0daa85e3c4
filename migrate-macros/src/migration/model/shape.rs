//! The forms a migration's function may have.

use migrate_sql::Kind;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{FnArg, ReturnType, Safety, Signature, Type, TypePath, TypeReference};

use crate::diag::Diag;

const SQL_HELP: &str = "write `fn …() -> &'static str`, or `fn …(dialect: Dialect) -> String` for SQL that differs between dialects";
const CODE_HELP: &str = "write `async fn …(db: &mut Db) -> Result<()>`";

/// What a function is called with, and whether it gives SQL or runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `fn() -> impl IntoSql`
    Function,
    /// `fn(Dialect) -> impl IntoSql`
    PerDialect,
    /// `async fn(&mut Db) -> Result<(), E>`
    Code,
}

/// A function's form, and the tokens to show if rustc finds that the types do not fit.
pub(crate) struct Shape {
    pub(crate) form: Form,
    /// The type of the result of a function that gives SQL, if it can be named elsewhere.
    pub(crate) sql: Option<Type>,
}

impl Shape {
    /// Tells the form by the signature; which types they are only rustc knows.
    pub(crate) fn new(signature: &Signature, kind: Option<Kind>, diag: &mut Diag) -> Option<Self> {
        let plain = refuse_qualifiers(signature, diag);
        let shape = match (&signature.asyncness, signature.receiver()) {
            (_, Some(_)) => None,
            (Some(_), None) => code(signature, kind, diag),
            (None, None) => sql(signature, diag),
        };
        shape.filter(|_| plain)
    }
}

/// Refuses what no migration can have.
fn refuse_qualifiers(signature: &Signature, diag: &mut Diag) -> bool {
    let unsafety = match &signature.safety {
        Safety::Unsafe(token) => Some(token.to_token_stream()),
        Safety::Safe(token) => Some(token.to_token_stream()),
        Safety::Default => None,
    };
    let generics = Some(&signature.generics).filter(|generics| !generics.params.is_empty());
    let clause = signature.generics.where_clause.as_ref();
    let refused = [
        (signature.receiver().map(ToTokens::to_token_stream), "a migration cannot be a method"),
        (unsafety, "a migration cannot be `unsafe`"),
        (
            signature.abi.as_ref().map(ToTokens::to_token_stream),
            "a migration cannot have an ABI of its own",
        ),
        (generics.map(ToTokens::to_token_stream), "a migration cannot be generic"),
        (clause.map(ToTokens::to_token_stream), "a migration cannot be generic"),
        (
            signature.variadic.as_ref().map(ToTokens::to_token_stream),
            "a migration cannot be variadic",
        ),
    ];
    let faults = refused.into_iter().filter_map(|(tokens, message)| Some((tokens?, message)));
    let mut plain = true;
    for (tokens, message) in faults {
        diag.error(tokens, message);
        plain = false;
    }
    plain
}

/// The form of an `async fn`.
fn code(signature: &Signature, kind: Option<Kind>, diag: &mut Diag) -> Option<Shape> {
    let returned = returned(signature);
    if returned.is_none() {
        diag.error_with_help(
            &signature.ident,
            "a migration that runs code must return a `Result`",
            CODE_HELP,
        );
    }
    let arguments = arguments(signature);
    let [argument] = *arguments else {
        diag.error_with_help(
            shown(signature),
            "a migration that runs code takes one argument, `&mut Db`",
            CODE_HELP,
        );
        return None;
    };
    let target = match argument {
        Type::Reference(TypeReference { mutability: Some(_), elem, .. }) => Some(elem),
        _ => None,
    };
    if target.is_some_and(|target| is_named(target, "Batch")) {
        refuse_batch(argument, kind, diag);
        return None;
    }
    // An alias of `Db` is refused as well: rustc's words for a wrong type would lead nobody to the right one.
    if !target.is_some_and(|target| is_named(target, "Db")) {
        diag.error_with_help(argument, "a migration that runs code takes `&mut Db`", CODE_HELP);
        return None;
    }
    returned.map(|_| Shape { form: Form::Code, sql: None })
}

fn refuse_batch(argument: &Type, kind: Option<Kind>, diag: &mut Diag) {
    if kind == Some(Kind::Schema) {
        diag.error_with_help(
            argument,
            "`Batch` in a schema migration",
            "only `kind = data` changes rows",
        );
    } else {
        diag.error_with_help(
            argument,
            "batches are not supported by this version",
            "take `&mut Db`, and change the rows in one statement or in a loop",
        );
    }
}

/// The form of a function that gives SQL.
fn sql(signature: &Signature, diag: &mut Diag) -> Option<Shape> {
    let returned = returned(signature);
    if returned.is_none() {
        diag.error_with_help(
            &signature.ident,
            "a migration that is no `async fn` must return its SQL",
            SQL_HELP,
        );
    }
    let form = match *arguments(signature) {
        [] => Form::Function,
        [dialect] if is_named(dialect, "Dialect") => Form::PerDialect,
        [Type::Reference(TypeReference { elem, .. })] if is_named(elem, "Db") => {
            diag.error_with_help(
                signature.fn_token,
                "a migration that runs code must be `async`",
                CODE_HELP,
            );
            return None;
        }
        _ => {
            diag.error_with_help(
                shown(signature),
                "a function that gives SQL takes nothing, or the dialect by value",
                SQL_HELP,
            );
            return None;
        }
    };
    // `impl Trait` has no name; rustc then shows the function.
    let sql = returned?.clone();
    Some(Shape { form, sql: (!has_impl(&sql)).then_some(sql) })
}

/// The type a function returns, unless it is `()`.
fn returned(signature: &Signature) -> Option<&Type> {
    match &signature.output {
        ReturnType::Type(_, returned) if !is_unit(returned) => Some(returned),
        ReturnType::Type(..) | ReturnType::Default => None,
    }
}

fn is_unit(returned: &Type) -> bool {
    matches!(returned, Type::Tuple(tuple) if tuple.elems.is_empty())
}

fn has_impl(returned: &Type) -> bool {
    let mut tokens = returned.to_token_stream().into_iter();
    tokens.any(|token| matches!(token, TokenTree::Ident(word) if word == "impl"))
}

/// The types of the arguments; of a method only those after `self`.
fn arguments(signature: &Signature) -> Vec<&Type> {
    let typed = signature.inputs.iter().filter_map(|argument| match argument {
        FnArg::Typed(argument) => Some(&*argument.ty),
        FnArg::Receiver(_) => None,
    });
    typed.collect()
}

/// What to show of arguments that are too many or too few.
fn shown(signature: &Signature) -> TokenStream {
    if signature.inputs.is_empty() {
        signature.ident.to_token_stream()
    } else {
        signature.inputs.to_token_stream()
    }
}

/// Whether a type is a path that ends with `name`.
fn is_named(named: &Type, name: &str) -> bool {
    let Type::Path(TypePath { path, .. }) = named else { return false };
    path.segments.last().is_some_and(|last| last.ident == name)
}
