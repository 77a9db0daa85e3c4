//! The forms that a migration's function can have.

use migrate_sql::Kind;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{FnArg, ReturnType, Safety, Signature, Type, TypePath, TypeReference};

use crate::diag::Diag;

const SQL_HELP: &str = "write `fn …() -> &'static str`, or `fn …(dialect: Dialect) -> String` for SQL that differs between dialects";
const CODE_HELP: &str = "write `async fn …(db: &mut Db) -> Result<()>`";

/// A function's arguments, and whether it returns SQL or runs code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `fn() -> impl IntoSql`
    Function,
    /// `fn(Dialect) -> impl IntoSql`
    PerDialect,
    /// `async fn(&mut Db) -> Result<(), E>`
    Code,
}

/// A function's form, and the tokens to show if rustc finds that the types do not match.
pub(crate) struct Shape {
    pub(crate) form: Form,
    /// The return type of a function that returns SQL, if it can be named elsewhere.
    pub(crate) sql: Option<Type>,
}

impl Shape {
    /// Determines the form from the signature; only rustc knows the actual types.
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

/// Refuses qualifiers that a migration cannot have.
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
        (signature.abi.as_ref().map(ToTokens::to_token_stream), "a migration cannot set an ABI"),
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

/// Determines the form of an `async fn`.
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
    // An alias of `Db` is refused as well: rustc's message for a wrong type would not lead to the right one.
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
            "batches are not supported yet",
            "take `&mut Db`, and change the rows in one statement or in a loop",
        );
    }
}

/// Determines the form of a function that returns SQL.
fn sql(signature: &Signature, diag: &mut Diag) -> Option<Shape> {
    let returned = returned(signature);
    if returned.is_none() {
        diag.error_with_help(
            &signature.ident,
            "a migration that is not an `async fn` must return its SQL",
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
                "a function that returns SQL takes no arguments, or the dialect by value",
                SQL_HELP,
            );
            return None;
        }
    };
    // `impl Trait` has no name; rustc then shows the function.
    let sql = returned?.clone();
    Some(Shape { form, sql: (!has_impl(&sql)).then_some(sql) })
}

/// Returns a function's return type, unless it is `()`.
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

/// Returns the types of the arguments; for a method, only those after `self`.
fn arguments(signature: &Signature) -> Vec<&Type> {
    let typed = signature.inputs.iter().filter_map(|argument| match argument {
        FnArg::Typed(argument) => Some(&*argument.ty),
        FnArg::Receiver(_) => None,
    });
    typed.collect()
}

/// Returns the tokens to show if there are too many or too few arguments.
fn shown(signature: &Signature) -> TokenStream {
    if signature.inputs.is_empty() {
        signature.ident.to_token_stream()
    } else {
        signature.inputs.to_token_stream()
    }
}

/// Returns whether a type is a path that ends with `name`.
fn is_named(named: &Type, name: &str) -> bool {
    let Type::Path(TypePath { path, .. }) = named else { return false };
    path.segments.last().is_some_and(|last| last.ident == name)
}
