//! The options of `#[migration]`: checks each by itself, and then all together.

use std::collections::BTreeMap;
use std::time::Duration;

use migrate_sql::{Dialect, Direction, Kind, Resumption, SqlContext, Transactions};
use proc_macro2::{Ident, Span};
use syn::{Expr, LitStr};

use crate::config::Dialects;
use crate::diag::Diag;
use crate::migration::model::down::{self, Down};
use crate::migration::model::shape::Form;
use crate::migration::model::waiver::{self, Waiver};
use crate::migration::model::{transaction, value};
use crate::name;
use crate::option::{self, Argument, Arguments};

const KNOWN: &[&str] = &[
    "rev",
    "after",
    "down_revision",
    "depends_on",
    "branch",
    "kind",
    "down",
    "transaction",
    "resume",
    "lock_timeout",
    "statement_timeout",
    "waive",
    "parse",
];

/// The options; each is set only if its own value is valid.
pub(crate) struct Options {
    pub(crate) rev: Option<LitStr>,
    pub(crate) after: Option<Vec<LitStr>>,
    /// An empty list means that it depends on nothing, including the data revisions before it.
    pub(crate) depends_on: Option<Vec<LitStr>>,
    pub(crate) branch: Option<LitStr>,
    /// `None` only if the option is invalid.
    pub(crate) kind: Option<Kind>,
    pub(crate) down: Option<Down>,
    /// `None` only if the option is invalid.
    pub(crate) transaction: Option<Transactions>,
    /// `None` only if the option is invalid.
    pub(crate) resume: Option<Resumption>,
    pub(crate) lock_timeout: Option<Duration>,
    pub(crate) statement_timeout: Option<Duration>,
    pub(crate) waivers: Vec<Waiver>,
    /// `None` only if the option is invalid.
    pub(crate) parse: Option<bool>,
    /// Each option that is present, valid or not, so that no message asks to write it again.
    said: BTreeMap<String, Ident>,
    /// Whether something unreadable is present: it may be the option that seems to be missing.
    unread: bool,
}

/// How to read a migration's SQL, in each dialect.
#[derive(Clone, Copy)]
pub(crate) struct Turns {
    subject: SqlContext,
    transactions: Transactions,
}

impl Turns {
    pub(crate) fn of(self, dialect: Dialect) -> SqlContext {
        SqlContext { dialect, transaction: self.transactions.on(dialect), ..self.subject }
    }

    pub(crate) fn going(self, direction: Direction) -> Self {
        Self { subject: SqlContext { direction, ..self.subject }, ..self }
    }
}

impl Options {
    pub(crate) fn new(arguments: Arguments, diag: &mut Diag) -> Self {
        let mut options = Self {
            rev: None,
            after: None,
            depends_on: None,
            branch: None,
            kind: Some(Kind::Schema),
            down: None,
            transaction: Some(Transactions::ALL),
            resume: Some(Resumption::Continue),
            lock_timeout: None,
            statement_timeout: None,
            waivers: Vec::new(),
            parse: Some(true),
            said: BTreeMap::new(),
            unread: arguments.unread,
        };
        for Argument { name, value } in arguments.list {
            if name == "waive" {
                waiver::read(&name, value, &mut options.waivers, diag);
            } else if name == "transaction" {
                if options.is_new(&name, diag) {
                    options.transaction = transaction::read(&name, value, diag);
                }
            } else if options.is_new(&name, diag) {
                // `batch` is refused whatever it is set to.
                let value =
                    if name == "batch" { None } else { option::expression(&name, value, diag) };
                if let Some(value) = value {
                    options.set(&name, value, diag);
                }
            }
        }
        options
    }

    /// Records that an option is present. Refuses unknown and repeated options.
    fn is_new(&mut self, name: &Ident, diag: &mut Diag) -> bool {
        let word = name.to_string();
        if word != "batch" && !KNOWN.contains(&word.as_str()) {
            option::unknown(name, KNOWN, diag);
            self.unread = true;
            return false;
        }
        let before = self.said.insert(word, name.clone());
        if before.is_some() {
            option::twice(name, diag);
        }
        before.is_none()
    }

    fn set(&mut self, name: &Ident, value: Expr, diag: &mut Diag) {
        match name.to_string().as_str() {
            "rev" => self.rev = value::revision(name, &value, diag),
            "after" | "down_revision" => self.after = value::parents(name, &value, diag),
            "depends_on" => self.depends_on = value::dependencies(name, &value, diag),
            "branch" => self.branch = value::revision(name, &value, diag),
            "kind" => self.kind = value::kind(name, &value, diag),
            "down" => self.down = down::read(value, diag),
            "resume" => self.resume = value::resumption(name, &value, diag),
            "lock_timeout" => self.lock_timeout = value::duration(name, &value, diag),
            "statement_timeout" => self.statement_timeout = value::duration(name, &value, diag),
            "parse" => self.parse = value::boolean(name, &value, diag),
            _ => {}
        }
    }

    /// Returns how to read the SQL, or `None` if an option about that is invalid or may be.
    pub(crate) fn subject(&self) -> Option<Turns> {
        if self.unread {
            return None;
        }
        let (kind, transactions, parse) = (self.kind?, self.transaction?, self.parse?);
        let subject = SqlContext { kind, parse, ..SqlContext::new(Dialect::Postgres) };
        Some(Turns { subject, transactions })
    }

    /// Checks the rules between options.
    pub(crate) fn check(&self, diag: &mut Diag) {
        self.check_rev(diag);
        self.check_parents(diag);
        if let Some(batch) = self.said.get("batch") {
            match self.kind {
                Some(Kind::Schema) => diag.error_with_help(
                    batch,
                    "`batch` on a schema migration",
                    "only `kind = data` changes rows",
                ),
                Some(Kind::Data) => diag.error_with_help(
                    batch,
                    "batches are not supported yet",
                    "change the rows in one statement, or in a loop of an `async fn(db: &mut Db)`",
                ),
                None => {}
            }
        }
    }

    /// Refuses `resume` on a migration that is one transaction on every dialect, because it is never left unfinished.
    pub(crate) fn check_resume(&self, form: Option<Form>, dialects: &Dialects, diag: &mut Diag) {
        let (Some(name), Some(Resumption::Rerun)) = (self.said.get("resume"), self.resume) else {
            return;
        };
        let mysql = dialects.all().contains(&Dialect::Mysql);
        let code_on_rows = form == Some(Form::Code) && self.kind == Some(Kind::Data);
        if self.transaction == Some(Transactions::ALL) && (!mysql || code_on_rows) {
            diag.error_with_help(
                name,
                "`resume` has no effect here: the migration runs in one transaction, so it is never left unfinished",
                "remove it, or set `transaction = false`",
            );
        }
    }

    fn check_rev(&self, diag: &mut Diag) {
        if !self.unread && !self.said.contains_key("rev") {
            diag.error_at(
                Span::call_site(),
                "a migration must have a `rev`\nhelp: write `#[migration(rev = \"001\", …)]`",
            );
        }
    }

    fn check_parents(&self, diag: &mut Diag) {
        if let (Some(_), Some(alias)) = (self.said.get("after"), self.said.get("down_revision")) {
            diag.error_with_help(
                alias,
                "`down_revision` and `after` are the same",
                "keep one of them",
            );
        }
        let Some(rev) = &self.rev else { return };
        for parent in self.after.iter().chain(&self.depends_on).flatten() {
            if parent.value() == rev.value() {
                diag.error(
                    parent,
                    format_args!("revision `{}` cannot come after itself", rev.value()),
                );
            }
        }
        let silent = !self.said.contains_key("after") && !self.said.contains_key("down_revision");
        if silent && !name::is_number(&rev.value()) {
            diag.error_with_help(
                rev,
                format_args!("a revision id that is not a number needs `after`: only numbers have a default parent"),
                "write `after = \"…\"`, or `after = []` for a revision without parents",
            );
        }
    }

    /// Returns whether `down` is present in any form.
    pub(crate) fn says_down(&self) -> bool {
        self.said.contains_key("down")
    }
}
