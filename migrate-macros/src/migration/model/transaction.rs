//! `transaction = false`, and `transaction(postgres = false)` for one dialect

use migrate_sql::{Dialect, Transactions};
use proc_macro2::Ident;

use crate::diag::Diag;
use crate::migration::model::value;
use crate::option::{self, Argument, Value};

/// Reads where a migration runs in a transaction; returns `None` if that is invalid.
pub(super) fn read(name: &Ident, value: Value, diag: &mut Diag) -> Option<Transactions> {
    let list = match value {
        Value::List(list) if !list.is_empty() => list,
        Value::List(_) => {
            let help =
                "write `transaction = false`, or `transaction(postgres = false)` for one dialect";
            diag.error_with_help(name, "`transaction(…)` must name a dialect", help);
            return None;
        }
        Value::Expression(_) | Value::Missing | Value::Reported => {
            let value = option::expression(name, value, diag)?;
            return value::boolean(name, &value, diag).map(Transactions::of);
        }
    };
    let arguments = option::parse(list, diag);
    let mut transactions = Some(Transactions::ALL).filter(|_| !arguments.unread);
    for Argument { name, value } in arguments.list {
        let said = one(&name, value, diag);
        let with = |all: Transactions| said.map(|(dialect, said)| all.with(dialect, said));
        transactions = transactions.and_then(with);
    }
    transactions
}

fn one(name: &Ident, value: Value, diag: &mut Diag) -> Option<(Dialect, bool)> {
    let Some(dialect) = Dialect::ALL.into_iter().find(|dialect| name == dialect.name()) else {
        option::unknown(name, &Dialect::ALL.map(Dialect::name), diag);
        return None;
    };
    let value = option::expression(name, value, diag)?;
    value::boolean(name, &value, diag).map(|said| (dialect, said))
}
