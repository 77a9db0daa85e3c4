//! The expansion of a migration. Nothing here can fail.

use std::time::Duration;

use crate::dialect;
use crate::migration::model::{Anchor, Down, Form, Migration, Shape, Waiver};
use crate::name;
use crate::source::{File, Segment, Source};
use crate::warning::Warning;
use migrate_sql::{Dialect, Kind, Resumption, Transactions};
use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// Expands a migration without faults: the function, its anchor, its registration.
pub(crate) fn migration(
    anchor: &Anchor,
    migration: &Migration,
    warnings: &[Warning],
    item: &TokenStream,
) -> TokenStream {
    let allow = allow(&migration.shape);
    let anchor = impl_anchor(anchor);
    let declaration = declaration(migration);
    quote! {
        #allow
        #item
        const _: () = {
            type __M = crate::Migrations;
            use ::migrate_core::__private as __m;
            #anchor
            #(#warnings)*
            __m::inventory::submit! { #declaration }
        };
    }
}

/// Expands a migration with faults: the function stays for its callers, and the anchor for the revisions after it.
pub(crate) fn faulty(
    faults: Option<&TokenStream>,
    anchor: Option<&Anchor>,
    warnings: &[Warning],
    item: &TokenStream,
) -> TokenStream {
    let anchor = anchor.map(impl_anchor).map(|anchor| {
        quote! {
            const _: () = {
                type __M = crate::Migrations;
                #anchor
                #(#warnings)*
            };
        }
    });
    quote! {
        #faults
        #[allow(dead_code, reason = "it would be registered if it were without fault")]
        #item
        #anchor
    }
}

/// Allows lints about the signature, which is not the user's choice.
fn allow(shape: &Shape) -> Option<TokenStream> {
    (shape.form == Form::Code).then(|| {
        quote! { #[allow(clippy::unused_async, clippy::unnecessary_wraps, reason = "a migration has this signature")] }
    })
}

/// Expands to the function that represents the revision. Two of the same name collide, a missing one is not found, and the
/// statics of a cycle depend on each other: so rustc checks the graph. They are statics because these nest to any depth.
fn impl_anchor(anchor: &Anchor) -> TokenStream {
    let name = name::anchor(&anchor.rev);
    let parents = anchor.parents.iter().map(|parent| {
        let name = name::anchor(parent);
        quote_spanned! { parent.span()=> *__M::#name() }
    });
    let value = if anchor.parents.is_empty() {
        quote! { 0 }
    } else {
        quote! { #(#parents)^* }
    };
    // Located at the literal, where rustc shows a collision, but treated as generated code by its lints.
    let span = Span::call_site().located_at(anchor.rev.span());
    let signature =
        quote_spanned! { span=> pub const fn #name() -> &'static ::core::primitive::u8 };
    quote! {
        impl __M {
            #[doc(hidden)]
            #[allow(non_snake_case, reason = "named after the revision")]
            #signature {
                static N: ::core::primitive::u8 = #value;
                &N
            }
        }
    }
}

fn transactions(transactions: Transactions) -> TokenStream {
    match transactions {
        Transactions::ALL => quote! { __m::Transactions::ALL },
        Transactions::NONE => quote! { __m::Transactions::NONE },
        some => {
            let without = Dialect::ALL.into_iter().filter(|dialect| !some.on(*dialect));
            let without = without.map(|dialect| {
                let dialect = dialect::tokens(dialect);
                quote! { .with(#dialect, false) }
            });
            quote! { __m::Transactions::ALL #(#without)* }
        }
    }
}

fn declaration(migration: &Migration) -> TokenStream {
    let Migration { rev, transaction, description, function, parse, checked, .. } = migration;
    let after = option(migration.after.as_ref().map(|parents| quote! { &[#(#parents),*] }));
    let depends_on =
        option(migration.depends_on.as_ref().map(|revisions| quote! { &[#(#revisions),*] }));
    let branch = option(migration.branch.as_ref());
    let kind = match migration.kind {
        Kind::Schema => quote! { __m::Kind::Schema },
        Kind::Data => quote! { __m::Kind::Data },
    };
    let transaction = transactions(*transaction);
    let resume = match migration.resume {
        Resumption::Continue => quote! { __m::Resumption::Continue },
        Resumption::Rerun => quote! { __m::Resumption::Rerun },
    };
    let lock_timeout = option(migration.lock_timeout.map(duration));
    let statement_timeout = option(migration.statement_timeout.map(duration));
    let line = Literal::usize_unsuffixed(migration.line);
    let name = function.to_string();
    let up = up(migration);
    let up_source = option(migration.up_source.as_ref().map(source));
    let (down, down_source) =
        (down(&migration.down), option(migration.down_source.as_ref().map(source)));
    let waivers = migration.waivers.iter().filter_map(waiver);
    let code_checksum = option(migration.code_checksum.as_ref().map(|checksum| {
        let bytes = Literal::byte_string(checksum.as_bytes());
        quote! { *#bytes }
    }));
    quote! {
        __m::Declaration {
            krate: __M::INFO.name,
            dialects: __M::INFO.dialects,
            rev: #rev,
            after: #after,
            depends_on: #depends_on,
            branch: #branch,
            kind: #kind,
            transaction: #transaction,
            resume: #resume,
            lock_timeout: #lock_timeout,
            statement_timeout: #statement_timeout,
            description: #description,
            origin: __m::Origin { file: ::core::file!(), line: #line, function: #name },
            up: || #up,
            up_source: #up_source,
            down: || #down,
            down_source: #down_source,
            code_checksum: #code_checksum,
            waivers: &[#(#waivers),*],
            parse: #parse,
            checked: #checked,
        }
    }
}

fn up(migration: &Migration) -> TokenStream {
    let Migration { function, shape, .. } = migration;
    let sql = shape
        .sql
        .as_ref()
        .map_or_else(|| quote_spanned! { function.span()=> _ }, |sql| quote! { #sql });
    match shape.form {
        Form::Function => quote! { __m::sql::<#sql>(#function) },
        Form::PerDialect => quote! { __m::sql_for::<#sql>(#function) },
        Form::Code => quote! { __m::body::<__m::shape::Code>(#function) },
    }
}

fn down(down: &Down) -> TokenStream {
    match down {
        Down::Sql(sql) => quote! { __m::down(#sql) },
        Down::Function(path) => quote! { __m::down(#path) },
        Down::Derived(by_dialect) => {
            let by_dialect = by_dialect.iter().map(|(of, sql)| {
                let of = dialect::tokens(*of);
                quote! { (#of, #sql) }
            });
            quote! { __m::derived(&[#(#by_dialect),*]) }
        }
        Down::Irreversible => quote! { __m::Down::Irreversible },
        Down::Nothing => quote! { __m::Down::Nothing },
    }
}

/// Expands a waiver. One without a reason is a fault, so it never gets here.
fn waiver(waiver: &Waiver) -> Option<TokenStream> {
    let Waiver { rule, reason, .. } = waiver;
    reason.as_ref().map(|reason| quote! { __m::Waiver { rule: #rule, reason: #reason } })
}

fn source(source: &Source) -> TokenStream {
    let file = match &source.file {
        File::Invoking => quote! { ::core::file!() },
        File::Included(path) => quote! { #path },
    };
    let segments = source.segments.iter().map(segment);
    quote! { __m::SqlSource { file: #file, segments: &[#(#segments),*] } }
}

fn segment(segment: &Segment) -> TokenStream {
    let [offset, line, column] =
        [segment.offset, segment.line, segment.column].map(Literal::usize_unsuffixed);
    quote! { __m::Segment { offset: #offset, line: #line, column: #column } }
}

fn duration(duration: Duration) -> TokenStream {
    let seconds = Literal::u64_unsuffixed(duration.as_secs());
    let nanos = Literal::u32_unsuffixed(duration.subsec_nanos());
    quote! { __m::Duration::new(#seconds, #nanos) }
}

fn option(value: Option<impl ToTokens>) -> TokenStream {
    let Some(value) = value else { return quote! { ::core::option::Option::None } };
    quote! { ::core::option::Option::Some(#value) }
}
