//! Kinds of objects, and `CREATE` of those that have no tree of their own.

use super::{
    Ddl, Name,
    cursor::Cursor,
    index,
    table::{self, Head},
};
use crate::text::Dialect;

/// An object as it is created.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Create<'a> {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name; an extension's, a cast's and others' may be missing or no name.
    pub name: Option<Name<'a>>,
    /// Whether it ends with the session.
    pub temporary: bool,
    /// Whether nothing happens if it is there already.
    pub if_not_exists: bool,
    /// Whether it replaces one that is there already.
    pub or_replace: bool,
    /// A function's arguments, in their parentheses.
    pub signature: Option<&'a str>,
    /// The table it belongs to, of a trigger, rule or policy.
    pub on: Option<Name<'a>>,
    /// Whether it is an enum type.
    pub is_enum: bool,
    /// Whether MySQL is told by whom it is defined.
    pub definer: bool,
}

macro_rules! object_kinds {
    ($($kind:ident = [$($word:literal),+] $doc:literal,)+) => {
        /// What an object of the schema is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ObjectKind {
            $(#[doc = $doc] $kind,)+
        }

        /// The words of each kind; those that begin with another's words come before it.
        const WORDS: &[(ObjectKind, &[&str])] = &[$((ObjectKind::$kind, &[$($word),+]),)+];

        impl ObjectKind {
            /// The words that name it in SQL.
            pub const fn words(self) -> &'static str {
                match self {
                    $(Self::$kind => object_kinds!(@join $($word),+),)+
                }
            }
        }
    };
    (@join $first:literal $(, $next:literal)*) => { concat!($first $(, " ", $next)*) };
}

object_kinds! {
    AccessMethod = ["ACCESS", "METHOD"] "`ACCESS METHOD`",
    Aggregate = ["AGGREGATE"] "`AGGREGATE`",
    Cast = ["CAST"] "`CAST`",
    Collation = ["COLLATION"] "`COLLATION`",
    Conversion = ["CONVERSION"] "`CONVERSION`",
    Database = ["DATABASE"] "`DATABASE`",
    Domain = ["DOMAIN"] "`DOMAIN`",
    EventTrigger = ["EVENT", "TRIGGER"] "`EVENT TRIGGER`",
    Event = ["EVENT"] "MySQL's `EVENT`",
    Extension = ["EXTENSION"] "`EXTENSION`",
    ForeignDataWrapper = ["FOREIGN", "DATA", "WRAPPER"] "`FOREIGN DATA WRAPPER`",
    ForeignTable = ["FOREIGN", "TABLE"] "`FOREIGN TABLE`",
    Function = ["FUNCTION"] "`FUNCTION`",
    Group = ["GROUP"] "`GROUP`",
    Index = ["INDEX"] "`INDEX`",
    Language = ["LANGUAGE"] "`LANGUAGE`",
    MaterializedView = ["MATERIALIZED", "VIEW"] "`MATERIALIZED VIEW`",
    OperatorClass = ["OPERATOR", "CLASS"] "`OPERATOR CLASS`",
    OperatorFamily = ["OPERATOR", "FAMILY"] "`OPERATOR FAMILY`",
    Operator = ["OPERATOR"] "`OPERATOR`",
    Package = ["PACKAGE"] "MariaDB's `PACKAGE`",
    Policy = ["POLICY"] "`POLICY`",
    Procedure = ["PROCEDURE"] "`PROCEDURE`",
    Publication = ["PUBLICATION"] "`PUBLICATION`",
    Role = ["ROLE"] "`ROLE`",
    Routine = ["ROUTINE"] "`ROUTINE`",
    Rule = ["RULE"] "`RULE`",
    Schema = ["SCHEMA"] "`SCHEMA`; MySQL's is a database",
    Sequence = ["SEQUENCE"] "`SEQUENCE`",
    Server = ["SERVER"] "`SERVER`",
    Statistics = ["STATISTICS"] "`STATISTICS`",
    Subscription = ["SUBSCRIPTION"] "`SUBSCRIPTION`",
    Table = ["TABLE"] "`TABLE`",
    Tablespace = ["TABLESPACE"] "`TABLESPACE`",
    TextSearchConfiguration = ["TEXT", "SEARCH", "CONFIGURATION"] "`TEXT SEARCH CONFIGURATION`",
    TextSearchDictionary = ["TEXT", "SEARCH", "DICTIONARY"] "`TEXT SEARCH DICTIONARY`",
    TextSearchParser = ["TEXT", "SEARCH", "PARSER"] "`TEXT SEARCH PARSER`",
    TextSearchTemplate = ["TEXT", "SEARCH", "TEMPLATE"] "`TEXT SEARCH TEMPLATE`",
    Transform = ["TRANSFORM"] "`TRANSFORM`",
    Trigger = ["TRIGGER"] "`TRIGGER`",
    Type = ["TYPE"] "`TYPE`",
    UserMapping = ["USER", "MAPPING"] "`USER MAPPING`",
    User = ["USER"] "`USER`",
    View = ["VIEW"] "`VIEW`",
}

impl ObjectKind {
    /// Whether it has columns, or is altered as if it had.
    pub const fn is_relation(self) -> bool {
        matches!(
            self,
            Self::Table
                | Self::ForeignTable
                | Self::View
                | Self::MaterializedView
                | Self::Index
                | Self::Sequence
        )
    }

    /// Whether it takes arguments, by which it is told apart from others of its name.
    pub const fn is_routine(self) -> bool {
        matches!(self, Self::Function | Self::Procedure | Self::Aggregate | Self::Routine)
    }
}

/// Takes the words of a kind.
pub(crate) fn kind(cursor: &mut Cursor<'_>) -> Option<ObjectKind> {
    WORDS.iter().find(|(_, words)| cursor.eat_all(words)).map(|(kind, _)| *kind)
}

/// Takes a routine's arguments.
pub(crate) fn signature<'a>(cursor: &mut Cursor<'a>, kind: ObjectKind) -> Option<&'a str> {
    if !kind.is_routine() || !cursor.is_mark("(") {
        return None;
    }
    let start = cursor.offset();
    cursor.skip();
    Some(cursor.text_from(start))
}

/// Takes `ON` and the table, of what belongs to one.
pub(crate) fn table<'a>(cursor: &mut Cursor<'a>, kind: ObjectKind) -> Option<Name<'a>> {
    let of_table = match kind {
        ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Rule => true,
        ObjectKind::Index => cursor.dialect == Dialect::Mysql,
        _ => false,
    };
    (of_table && cursor.eat("ON")).then(|| cursor.name()).flatten()
}

/// Reads on behind `CREATE`.
pub(super) fn create<'a>(cursor: &mut Cursor<'a>) -> Option<Ddl<'a>> {
    let or_replace = cursor.eat_all(&["OR", "REPLACE"]);
    let definer = modifiers(cursor);
    let mut head = Head { or_replace, ..Head::default() };
    cursor.eat_any(&["GLOBAL", "LOCAL"]);
    head.temporary = cursor.eat_any(&["TEMP", "TEMPORARY"]);
    if cursor.eat("UNLOGGED") || cursor.is_word("TABLE") {
        return cursor
            .eat("TABLE")
            .then(|| table::create(cursor, head))
            .flatten()
            .map(Ddl::CreateTable);
    }
    if cursor.eat_all(&["FOREIGN", "TABLE"]) {
        head.foreign = true;
        return table::create(cursor, head).map(Ddl::CreateTable);
    }
    let unique = cursor.eat("UNIQUE");
    cursor.eat_any(&["FULLTEXT", "SPATIAL"]);
    if cursor.eat("INDEX") {
        return index::create(cursor, unique, or_replace).map(Ddl::CreateIndex);
    }
    cursor.eat_any(&["RECURSIVE", "CONSTRAINT", "TRUSTED", "PROCEDURAL", "DEFAULT"]);
    if cursor.dialect == Dialect::Mysql {
        cursor.eat("AGGREGATE");
    }
    if cursor.eat_all(&["VIRTUAL", "TABLE"]) {
        return virtual_table(cursor, head);
    }
    let kind = kind(cursor)?;
    let if_not_exists = cursor.eat_if_not_exists();
    let name = if is_nameless(kind, cursor) { None } else { cursor.name() };
    let signature = signature(cursor, kind);
    let is_enum = kind == ObjectKind::Type && cursor.clone().eat_all(&["AS", "ENUM"]);
    let on = owner(cursor, kind);
    Some(Ddl::Create(Create {
        kind,
        name,
        temporary: head.temporary,
        if_not_exists,
        or_replace,
        signature,
        on,
        is_enum,
        definer,
    }))
}

/// Whether no name comes next, or none that a name's rules hold for.
fn is_nameless(kind: ObjectKind, cursor: &Cursor<'_>) -> bool {
    match kind {
        ObjectKind::Cast
        | ObjectKind::Transform
        | ObjectKind::UserMapping
        | ObjectKind::Operator => true,
        ObjectKind::Schema => cursor.is_word("AUTHORIZATION"),
        ObjectKind::Statistics => cursor.is_word("ON") || cursor.is_mark("("),
        _ => false,
    }
}

/// What MySQL says between `CREATE` and the kind; says whether there is a definer.
fn modifiers(cursor: &mut Cursor<'_>) -> bool {
    let mut definer = false;
    loop {
        if cursor.eat("ALGORITHM") || cursor.eat("DEFINER") {
            definer |= cursor.text_from(0).to_ascii_uppercase().ends_with("DEFINER");
            cursor.eat_mark("=");
            cursor.skip();
            // A host is read as a parameter, or as an operator and a name.
            if cursor.eat_mark("@")
                || cursor.peek().is_some_and(|token| token.text().starts_with('@'))
            {
                cursor.skip();
            }
            cursor.group();
        } else if cursor.eat_all(&["SQL", "SECURITY"]) {
            cursor.skip();
        } else {
            return definer;
        }
    }
}

fn virtual_table<'a>(cursor: &mut Cursor<'a>, head: Head) -> Option<Ddl<'a>> {
    let if_not_exists = cursor.eat_if_not_exists();
    Some(Ddl::Create(Create {
        kind: ObjectKind::Table,
        name: Some(cursor.name()?),
        temporary: head.temporary,
        if_not_exists,
        or_replace: head.or_replace,
        signature: None,
        on: None,
        is_enum: false,
        definer: false,
    }))
}

/// The table a trigger, rule or policy belongs to.
fn owner<'a>(cursor: &Cursor<'a>, kind: ObjectKind) -> Option<Name<'a>> {
    let word = match kind {
        ObjectKind::Trigger | ObjectKind::Policy => "ON",
        // `ON` names a rule's event, `TO` its table.
        ObjectKind::Rule => "TO",
        _ => return None,
    };
    let mut ahead = cursor.clone();
    ahead.eat_until(word).then(|| ahead.name()).flatten()
}

#[cfg(test)]
mod tests {
    use crate::ddl::{Ddl, ObjectKind};
    use crate::statement::split;
    use crate::text::Dialect;

    #[test]
    fn a_definer_may_have_a_host() {
        for definer in
            ["root", "`root`@`localhost`", "'root'@'%'", "root@localhost", "CURRENT_USER()"]
        {
            let sql = format!("CREATE DEFINER = {definer} SQL SECURITY INVOKER VIEW a AS SELECT 1");
            let statements = split(&sql, Dialect::Mysql).unwrap();
            let Ddl::Create(create) = statements[0].ddl() else { panic!("{sql}") };
            assert!(create.definer && create.kind == ObjectKind::View, "{sql}");
        }
    }
}
