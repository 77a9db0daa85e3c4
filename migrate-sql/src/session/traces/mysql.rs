//! MySQL and MariaDB: no server of today lists a session's temporary tables, and few list the rest.

use super::{Trace, Traces};
use crate::ddl::Ident;
use crate::statement::{Reader, Statement};
use crate::text::{Dialect, Token, TokenKind, quote};

pub(super) fn note(traces: &mut Traces, statement: &Statement<'_>) {
    let mut words = Reader::new(statement);
    let first = words.keyword();
    let tokens: Vec<Token<'_>> = Reader::new(statement).collect();
    if first == "CREATE" && makes_routine(words) {
        // What it holds runs when it is called.
        return mention_tables(traces, &tokens);
    }
    traces.calls |= tokens.iter().any(|token| token.is_any_word(&["CALL", "EXECUTE"]));
    let sets = !matches!(
        first.as_str(),
        "DELETE" | "DO" | "EXECUTE" | "INSERT" | "REPLACE" | "SELECT" | "UPDATE" | "WITH"
    );
    if first == "SET" {
        for setting in settings(&tokens) {
            traces.add(Trace::Setting(setting));
        }
    }
    let mut scan = Scan { traces, sets, into: false };
    for at in 0..tokens.len() {
        if let Some(rest) = tokens.get(at..) {
            scan.read(rest);
        }
    }
}

fn makes_routine(mut words: Reader<'_>) -> bool {
    const ROUTINES: &[&str] = &["EVENT", "FUNCTION", "PACKAGE", "PROCEDURE", "TRIGGER"];
    const ENDS: &[&str] = &["TABLE", "INDEX", "VIEW", "TEMPORARY", "USER", "DATABASE", "SCHEMA"];
    let kind = words.find(|token| token.is_any_word(ROUTINES) || token.is_any_word(ENDS));
    kind.is_some_and(|token| token.is_any_word(ROUTINES))
}

/// The settings of the session that a `SET` assigns.
fn settings(tokens: &[Token<'_>]) -> Vec<String> {
    /// Those without a value to go back to; a run asks for what it needs of them.
    const WITHOUT_DEFAULT: &[&str] =
        &["error_count", "identity", "last_insert_id", "rand_seed1", "rand_seed2", "warning_count"];
    let mut depth = 0_usize;
    let outside = |token: &Token<'_>| {
        match token.kind() {
            TokenKind::OpenParen => depth += 1,
            TokenKind::CloseParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.is_mark(",")
    };
    let assignments = tokens.get(1..).unwrap_or_default().split(outside);
    let settings = assignments.filter_map(setting);
    settings.filter(|name| !WITHOUT_DEFAULT.contains(&name.as_str())).collect()
}

/// `[SESSION] name = …`, `@@session.name = …` or `SESSION TRANSACTION …`.
fn setting(assignment: &[Token<'_>]) -> Option<String> {
    let mut tokens = assignment.iter();
    let mut first = tokens.next()?;
    let scoped = first.is_any_word(&["LOCAL", "SESSION"]);
    if scoped {
        first = tokens.next()?;
    }
    if scoped && first.is_word("TRANSACTION") {
        return Some("transaction".to_owned());
    }
    let assigned = tokens.next().is_some_and(|token| token.is_mark("=") || token.is_mark(":="));
    let text = match first.kind() {
        TokenKind::Word | TokenKind::QuotedIdentifier => name(Some(first))?,
        TokenKind::Parameter => {
            let text = first.text().strip_prefix("@@")?.to_ascii_lowercase();
            let text =
                text.strip_prefix("session.").or(text.strip_prefix("local.")).unwrap_or(&text);
            text.to_owned()
        }
        _ => return None,
    };
    let of_session = !text.starts_with("global.") && !text.starts_with("persist");
    (assigned && of_session).then(|| text.to_ascii_lowercase())
}

/// The temporary tables that a routine's text makes.
fn mention_tables(traces: &mut Traces, tokens: &[Token<'_>]) {
    for at in 0..tokens.len() {
        let made =
            tokens.get(at..).filter(|rest| rest.first().is_some_and(|it| it.is_word("CREATE")));
        let place = made.and_then(created).and_then(|name| place(name, traces.database.as_deref()));
        if let Some(place) = place {
            traces.mention(place);
        }
    }
}

/// The same of a body that a server keeps, in the database of its routine.
pub(super) fn note_body(traces: &mut Traces, database: &str, body: &str) {
    let own = traces.database.replace(database.to_owned());
    let tokens: Vec<Token<'_>> = Reader::of(body, Dialect::Mysql).collect();
    mention_tables(traces, &tokens);
    traces.database = own;
}

struct Scan<'t> {
    traces: &'t mut Traces,
    /// Whether a variable that is followed by `=`, or stands alone, is set and not read.
    sets: bool,
    /// Whether what comes is a list of variables behind `INTO`.
    into: bool,
}

impl Scan<'_> {
    /// Reads what begins at the first of `tokens`.
    fn read(&mut self, tokens: &[Token<'_>]) {
        let Some(first) = tokens.first() else { return };
        match first.kind() {
            TokenKind::Word => self.word(first, tokens),
            TokenKind::Parameter | TokenKind::Operator => self.variable(first, tokens),
            // SQL that is run as text, perhaps.
            TokenKind::String => self.text(first),
            TokenKind::Punctuation | TokenKind::QuotedIdentifier => {}
            _ => self.into = false,
        }
    }

    fn word(&mut self, first: &Token<'_>, tokens: &[Token<'_>]) {
        self.into = first.is_word("INTO");
        match first.text().to_ascii_uppercase().as_str() {
            "CREATE" => {
                let place =
                    created(tokens).and_then(|name| place(name, self.traces.database.as_deref()));
                self.traces.add_some(place);
            }
            "DROP" => self.dropped(tokens),
            "RENAME" => self.renamed(tokens),
            "USE" => self.used(tokens),
            "PREPARE" => {
                let prepared = name(tokens.get(1)).map(Trace::Prepared);
                if tokens.get(2).is_some_and(|token| token.is_word("FROM")) {
                    self.traces.add_some(prepared);
                }
            }
            "DEALLOCATE" => self.deallocated(tokens.get(2)),
            "GET_LOCK" => self.traces.add_some(argument(tokens).map(Trace::Lock)),
            "RELEASE_LOCK" => {
                let released = argument(tokens);
                self.traces.undone(
                    |trace| matches!(trace, Trace::Lock(name) if Some(name) == released.as_ref()),
                );
            }
            "RELEASE_ALL_LOCKS" => self.traces.undone(|trace| matches!(trace, Trace::Lock(_))),
            "HANDLER" => self.handler(tokens),
            _ => {}
        }
    }

    fn deallocated(&mut self, token: Option<&Token<'_>>) {
        let gone = name(token);
        self.traces.undone(
            |trace| matches!(trace, Trace::Prepared(name) if same(Some(name), gone.as_ref())),
        );
    }

    /// `DROP [TEMPORARY] TABLE [IF EXISTS] a, b.c` or `DROP PREPARE a`.
    fn dropped(&mut self, tokens: &[Token<'_>]) {
        if tokens.get(1).is_some_and(|token| token.is_word("PREPARE")) {
            return self.deallocated(tokens.get(2));
        }
        let is_part = |token: &&Token<'_>| token.kind() != TokenKind::Terminator;
        for token in tokens.iter().skip(1).take_while(is_part) {
            let gone = name(Some(token));
            self.traces.undone(
                |trace| matches!(trace, Trace::Table { name, .. } if same(Some(name), gone.as_ref())),
            );
        }
    }

    /// A temporary table by another name.
    fn renamed(&mut self, tokens: &[Token<'_>]) {
        if self.traces.found.iter().any(|found| matches!(found.trace, Trace::Table { .. })) {
            let fillers = |token: &Token<'_>| {
                token.is_any_word(&["TO", "AS", "TABLE", "TABLES"]) || token.is_mark("=")
            };
            let mut to = tokens.iter().skip(1).position(|token| !fillers(token)).unwrap_or(0) + 1;
            if let Some(more) = tokens.iter().skip(to).position(|token| token.is_word("TO")) {
                to += more + 1;
            }
            let rest = tokens.get(to..).unwrap_or_default();
            let place = place(rest, self.traces.database.as_deref());
            self.traces.add_some(place);
        }
    }

    fn used(&mut self, tokens: &[Token<'_>]) {
        // `USE INDEX` and the like are hints.
        let hint = tokens.get(1).is_none_or(|token| token.is_any_word(&["INDEX", "KEY"]));
        if !hint && self.sets {
            self.traces.database = name(tokens.get(1));
        }
    }

    /// `HANDLER a OPEN [[AS] b]` and `HANDLER a CLOSE`.
    fn handler(&mut self, tokens: &[Token<'_>]) {
        let Some(opened) = tokens.iter().position(|token| token.is_any_word(&["OPEN", "CLOSE"]))
        else {
            return;
        };
        let own = name(opened.checked_sub(1).and_then(|at| tokens.get(at)));
        if tokens.get(opened).is_some_and(|token| token.is_word("CLOSE")) {
            self.traces.undone(
                |trace| matches!(trace, Trace::Handler(name) if same(Some(name), own.as_ref())),
            );
            return;
        }
        let alias = tokens.iter().skip(opened + 1).find(|token| !token.is_word("AS"));
        let alias = name(alias.filter(|token| token.kind() != TokenKind::Terminator));
        self.traces.add_some(alias.or(own).map(Trace::Handler));
    }

    fn variable(&mut self, first: &Token<'_>, tokens: &[Token<'_>]) {
        let text = first.text();
        let (found, after) = match text.strip_prefix('@') {
            Some(name) if !name.is_empty() && !name.starts_with('@') => (Some(name.to_owned()), 1),
            _ if text.ends_with('@') => (name(tokens.get(1)), 2),
            _ => (None, 1),
        };
        let Some(found) = found else {
            self.into &= first.kind() == TokenKind::Parameter;
            return;
        };
        let mark = |mark: &str| tokens.get(after).is_some_and(|token| token.is_mark(mark));
        let assigned = mark(":=") || (self.sets && mark("=")) || self.into;
        let trace = Trace::Variable(found.to_lowercase());
        if assigned && tokens.get(after + 1).is_some_and(|token| token.is_word("NULL")) {
            self.traces.undone(|known| *known == trace);
        } else if assigned || (self.sets && !mark("=")) {
            self.traces.add(trace);
        } else {
            self.traces.mention(trace);
        }
    }

    /// Temporary tables made by SQL in a text.
    fn text(&mut self, token: &Token<'_>) {
        self.into = false;
        let Some(inside) = token.inside() else { return };
        if !inside.to_ascii_uppercase().contains("TEMPORARY") {
            return;
        }
        let inner: Vec<Token<'_>> = Reader::of(inside, Dialect::Mysql).collect();
        for at in 0..inner.len() {
            if let Some([first, ..]) = inner.get(at..)
                && first.is_word("CREATE")
            {
                self.word(first, inner.get(at..).unwrap_or_default());
            }
        }
    }
}

impl Traces {
    fn add_some(&mut self, trace: Option<Trace>) {
        if let Some(trace) = trace {
            self.add(trace);
        }
    }
}

/// What comes behind `CREATE [OR REPLACE] TEMPORARY TABLE [IF NOT EXISTS]`.
fn created<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
    let mut at = 1;
    let mut eat = |words: &[&str]| {
        let found = tokens.get(at).is_some_and(|token| token.is_any_word(words));
        at += usize::from(found);
        found
    };
    eat(&["OR"]);
    eat(&["REPLACE"]);
    let temporary = eat(&["TEMPORARY"]) && eat(&["SEQUENCE", "TABLE"]);
    eat(&["IF"]);
    eat(&["NOT"]);
    eat(&["EXISTS"]);
    tokens.get(at..).filter(|_| temporary)
}

/// The name that a token is, without quotes.
fn name(token: Option<&Token<'_>>) -> Option<String> {
    Ident::of(token?, Dialect::Mysql).map(|ident| ident.value().into_owned())
}

fn same(one: Option<&String>, other: Option<&String>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one.eq_ignore_ascii_case(other))
}

/// `table` or `database.table`.
fn place(tokens: &[Token<'_>], used: Option<&str>) -> Option<Trace> {
    let first = name(tokens.first())?;
    let dot = tokens.get(1).is_some_and(|token| token.is_mark("."));
    let second = if dot { name(tokens.get(2)) } else { None };
    Some(match second {
        Some(name) => Trace::Table { database: Some(first), name },
        None => Trace::Table { database: used.map(str::to_owned), name: first },
    })
}

/// The SQL of a call's first argument.
fn argument(tokens: &[Token<'_>]) -> Option<String> {
    let mut depth = 0_usize;
    let mut text = String::new();
    for token in tokens.iter().skip(1) {
        match token.kind() {
            TokenKind::OpenParen => depth += 1,
            TokenKind::CloseParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        let ends = (depth == 1 && token.is_mark(",")) || depth == 0;
        if ends {
            break;
        }
        if depth > 1 || token.kind() != TokenKind::OpenParen {
            // No blank before a parenthesis, or a function would be no function.
            if text.ends_with(|c: char| c.is_alphanumeric()) && token.kind() == TokenKind::Word {
                text.push(' ');
            }
            text.push_str(token.text());
        }
    }
    (!text.is_empty()).then_some(text)
}

pub(super) fn undo(trace: &Trace, times: usize) -> Vec<String> {
    let quoted = |name: &str| quote::identifier(name, Dialect::Mysql);
    match trace {
        Trace::Lock(name) => vec![format!("DO RELEASE_LOCK({name})"); times],
        Trace::Handler(name) => vec![format!("HANDLER {} CLOSE", quoted(name))],
        // `DEALLOCATE` of none is an error, and to prepare again is not.
        Trace::Prepared(name) => vec![
            format!("PREPARE {} FROM 'DO 0'", quoted(name)),
            format!("DEALLOCATE PREPARE {}", quoted(name)),
        ],
        Trace::Table { database, name } => {
            let database = database.as_deref().map(|database| format!("{}.", quoted(database)));
            let database = database.unwrap_or_default();
            vec![format!("DROP TEMPORARY TABLE IF EXISTS {database}{}", quoted(name))]
        }
        Trace::Variable(name) => vec![format!("SET @{} = NULL", quoted(name))],
        // What a server begins with, unless it was told otherwise.
        Trace::Setting(name) if name == "transaction" => {
            vec!["SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE".to_owned()]
        }
        Trace::Setting(name) => {
            let parts: Vec<String> = name.split('.').map(quoted).collect();
            vec![format!("SET SESSION {} = DEFAULT", parts.join("."))]
        }
        Trace::Temporary { .. } | Trace::Attached(_) | Trace::Pragma(_) => Vec::new(),
    }
}
