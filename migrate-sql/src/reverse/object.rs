//! `CREATE` of what is neither table nor index.

use super::{
    Undone, arguments,
    made::Made,
    mention::Names,
    reason::{self, Reason},
    table::dropping,
    title::Title,
    undo_log::UndoLog,
};
use crate::ddl::{Create, Name, ObjectKind};
use crate::statement::Statement;
use crate::text::Dialect;

pub(super) fn undo(create: &Create<'_>, statement: &Statement<'_>, log: &mut UndoLog) -> Undone {
    let owner = create.on.as_ref().and_then(|on| log.relation(&Title::of(on)));
    if let Some(owner) = owner {
        log.react(owner);
        let replaces = create.or_replace && statement.dialect() != Dialect::Postgres;
        if !replaces && log.covers(owner, statement) {
            if !create.if_not_exists {
                log.adopt(made(create, statement)?, owner);
            }
            return Ok(());
        }
    }
    if create.if_not_exists {
        return Err(reason::IF_NOT_EXISTS);
    }
    if create.or_replace {
        return Err(reason::OR_REPLACE);
    }
    log.make(made(create, statement)?, owner);
    Ok(())
}

fn made(create: &Create<'_>, statement: &Statement<'_>) -> Result<Made, Reason> {
    let dialect = statement.dialect();
    let kind = create.kind;
    if !is_simple(kind, dialect) {
        return Err(format!("`CREATE {}` is not undone by itself", kind.words()).into());
    }
    does_more(create, statement).map_or(Ok(()), |more| Err(Reason::Borrowed(more)))?;
    let title = title(create, statement)?;
    let (behind, arguments) = behind(create, dialect)?;
    let names = match kind {
        ObjectKind::Extension | ObjectKind::Cast => Names::Unknown,
        _ => Names::of(&title),
    };
    let before = dropping(kind, create.temporary, &title, dialect);
    Ok(Made { kind, title, arguments, before, behind, names })
}

/// Whether `DROP` and its name are all it takes, or what its arguments or its table add.
const fn is_simple(kind: ObjectKind, dialect: Dialect) -> bool {
    use ObjectKind as Kind;
    match dialect {
        Dialect::Postgres => !matches!(
            kind,
            Kind::Database
                | Kind::Event
                | Kind::Language
                | Kind::Operator
                | Kind::OperatorClass
                | Kind::OperatorFamily
                | Kind::Package
                | Kind::Routine
                | Kind::Subscription
                | Kind::Tablespace
                | Kind::Transform
        ),
        Dialect::Mysql => matches!(
            kind,
            Kind::Event
                | Kind::Function
                | Kind::Procedure
                | Kind::Role
                | Kind::Sequence
                | Kind::Server
                | Kind::Trigger
                | Kind::User
                | Kind::View
        ),
        Dialect::Sqlite => matches!(kind, Kind::Table | Kind::Trigger | Kind::View),
    }
}

/// What it makes or does besides the object that it names.
fn does_more(create: &Create<'_>, statement: &Statement<'_>) -> Option<&'static str> {
    let says = |words: &[&str]| statement.code().skip(1).any(|token| token.is_any_word(words));
    match create.kind {
        ObjectKind::Schema if says(&["CREATE", "GRANT"]) => Some("it makes more than the schema"),
        ObjectKind::Extension if says(&["CASCADE"]) => {
            Some("`CASCADE` may have made other extensions")
        }
        ObjectKind::Event if says(&["AT", "ENDS"]) => {
            Some("the event drops itself when it has ended")
        }
        ObjectKind::Type if is_followed_by(create, statement, "(") => {
            Some("the functions of a base type need it, and it needs them")
        }
        ObjectKind::User | ObjectKind::Role
            if statement.dialect() == Dialect::Mysql && has_top_level_comma(statement) =>
        {
            Some("it makes several")
        }
        _ => None,
    }
}

fn is_followed_by(create: &Create<'_>, statement: &Statement<'_>, mark: &str) -> bool {
    let end = create.name.as_ref().map_or(0, Name::end);
    statement.code().find(|token| token.start() >= end).is_some_and(|token| token.is_mark(mark))
}

fn has_top_level_comma(statement: &Statement<'_>) -> bool {
    let mut depth = 0_usize;
    statement.code().any(|token| {
        depth += usize::from(token.is_mark("("));
        depth = depth.saturating_sub(usize::from(token.is_mark(")")));
        depth == 0 && token.is_mark(",")
    })
}

fn title(create: &Create<'_>, statement: &Statement<'_>) -> Result<Title, Reason> {
    let named_by_others = match create.kind {
        ObjectKind::Cast => Some(cast(statement)),
        ObjectKind::UserMapping => Some(user_mapping(statement)),
        _ => None,
    };
    if let Some(text) = named_by_others {
        return text.map(Title::verbatim).ok_or(reason::UNKNOWN);
    }
    let name =
        create.name.as_ref().ok_or_else(|| reason::unnamed(&create.kind.words().to_lowercase()))?;
    let account = matches!(create.kind, ObjectKind::User | ObjectKind::Role);
    if account && statement.dialect() == Dialect::Mysql {
        let end = host_end(statement, name.end());
        let text = statement.text().get(name.offset()..end).unwrap_or_default();
        return Ok(Title::verbatim(text.to_owned()));
    }
    Ok(Title::of(name))
}

/// `(source AS target)`
fn cast(statement: &Statement<'_>) -> Option<String> {
    let mut tokens = statement.code();
    let open = tokens.find(|token| token.is_mark("("))?;
    let mut depth = 1_usize;
    let close = tokens.find(|token| {
        depth += usize::from(token.is_mark("("));
        depth = depth.saturating_sub(usize::from(token.is_mark(")")));
        depth == 0
    })?;
    statement.text().get(open.start()..close.end()).map(ToOwned::to_owned)
}

/// `FOR user SERVER server`
fn user_mapping(statement: &Statement<'_>) -> Option<String> {
    let mut tokens = statement.code();
    let start = tokens.find(|token| token.is_word("FOR"))?;
    let _user = tokens.next()?;
    tokens.next()?.is_word("SERVER").then_some(())?;
    let end = tokens.next()?;
    statement.text().get(start.start()..end.end()).map(ToOwned::to_owned)
}

/// Where the host of a MySQL account ends, which is read as a parameter, or as an operator and a name.
fn host_end(statement: &Statement<'_>, name: usize) -> usize {
    let mut after = statement.code().skip_while(|t| t.start() < name);
    match after.next() {
        Some(token) if token.text() == "@" => after.next().map_or(name, |host| host.end()),
        Some(token) if token.text().starts_with('@') => token.end(),
        _ => name,
    }
}

/// What `DROP` says behind the name; and a routine's arguments, to compare them.
fn behind(create: &Create<'_>, dialect: Dialect) -> Result<(String, Option<String>), Reason> {
    match (create.kind, create.signature, &create.on) {
        _ if dialect != Dialect::Postgres => Ok((String::new(), None)),
        (kind, Some(signature), _) => {
            if kind == ObjectKind::Aggregate && arguments::has_assignments(signature) {
                return Err("its arguments are said in the old way".into());
            }
            let behind = arguments::without_defaults(signature);
            Ok((behind, Some(arguments::folded(signature))))
        }
        (_, None, Some(table)) => Ok((format!(" ON {}", table.text()), None)),
        (ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Rule, None, None) => {
            Err(reason::UNKNOWN)
        }
        (_, None, None) => Ok((String::new(), None)),
    }
}
