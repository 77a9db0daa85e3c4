//! PostgreSQL

mod wording;

use std::cell::RefCell;

use squawk_syntax::{Parse, SourceFile};

use super::{GAP, PANICKED, TOO_DEEP, Verdict, depth, guard, judged};
use migrate_sql::{Statement, TokenKind};

thread_local! {
    /// The text that was parsed last, and its tree: what refuses a text and what judges it ask one after the other.
    ///
    /// Trees are as deep as their text: they must be read, and dropped, where the stack is deep enough.
    static LAST: RefCell<Option<(String, Parse<SourceFile>)>> = const { RefCell::new(None) };
}

/// Parses a text, unless it is nested too deeply, and lets the tree be read; nothing if either panics.
pub(crate) fn read_tree<T: Send + 'static>(
    sql: &str,
    statements: &[Statement<'_>],
    read: impl FnOnce(&Parse<SourceFile>) -> T + Send + 'static,
) -> Option<T> {
    if statements.iter().any(depth::is_too_deep) {
        return None;
    }
    let sql = sql.to_owned();
    guard::guarded(move || {
        let last = LAST.take().filter(|(text, _)| *text == sql);
        let (sql, tree) = last.unwrap_or_else(|| {
            let tree = SourceFile::parse(&sql);
            (sql, tree)
        });
        let answer = read(&tree);
        LAST.set(Some((sql, tree)));
        answer
    })
}

/// The first error of each statement that has one: its number, what is wrong, and where in the text.
pub(crate) fn errors(sql: &str, statements: &[Statement<'_>]) -> Vec<(usize, String, usize)> {
    let verdicts = verdicts(sql, statements);
    judged(statements, verdicts)
        .filter_map(|(number, statement, verdict)| match verdict {
            Verdict::Refused { offset, message } => {
                Some((number, message, statement.offset() + offset))
            }
            Verdict::Parsed | Verdict::Unread(_) => None,
        })
        .collect()
}

/// What becomes of each statement. Only if the text as a whole has errors, each is parsed alone, so that no
/// error is the consequence of another statement's.
pub(super) fn verdicts(sql: &str, statements: &[Statement<'_>]) -> Vec<Verdict> {
    if read_tree(sql, statements, |tree| tree.errors().is_empty()) == Some(true) {
        return vec![Verdict::Parsed; statements.len()];
    }
    statements.iter().map(verdict).collect()
}

fn verdict(statement: &Statement<'_>) -> Verdict {
    if depth::is_too_deep(statement) {
        return Verdict::Unread(TOO_DEEP);
    }
    let text = statement.text().to_owned();
    let first_error = move || {
        let errors = SourceFile::parse(&text).errors();
        let error = errors.first()?;
        Some((usize::from(error.range().start()), error.message().to_owned()))
    };
    match guard::guarded(first_error) {
        None => Verdict::Unread(PANICKED),
        Some(None) => Verdict::Parsed,
        Some(Some(_)) if is_gap(statement) => Verdict::Unread(GAP),
        Some(Some((at, message))) => {
            let (offset, message) = wording::of(statement, at, &message);
            Verdict::Refused { offset, message }
        }
    }
}

/// Whether it is one of the statements that PostgreSQL takes and the parser does not.
fn is_gap(statement: &Statement<'_>) -> bool {
    const GAPS: [&[&str]; 2] = [&["SET", "NAMES"], &["CREATE", "TRUSTED"]];
    GAPS.iter().any(|gap| {
        let words = statement.tokens().filter(|token| token.kind() != TokenKind::Comment);
        gap.iter().zip(words).all(|(word, token)| token.is_word(word))
    })
}
