//! The objects that a statement creates or drops, and the facts that show it.

use std::fmt;

use super::place::Place;

macro_rules! whats {
    ($($what:ident = $words:literal,)+) => {
        /// A kind of object in a catalog.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum What {
            $($what,)+
        }

        impl What {
            /// Returns its name for messages.
            const fn words(self) -> &'static str {
                match self {
                    $(Self::$what => $words,)+
                }
            }
        }
    };
}

whats! {
    Check = "check constraint",
    Column = "column",
    Constraint = "constraint",
    Database = "database",
    Domain = "domain",
    EnumValue = "value",
    Event = "event",
    EventTrigger = "event trigger",
    Extension = "extension",
    ForeignKey = "foreign key",
    ForeignTable = "foreign table",
    Function = "function",
    Index = "index",
    MaterializedView = "materialized view",
    Package = "package",
    Partition = "partition",
    Policy = "policy",
    PrimaryKey = "primary key",
    Procedure = "procedure",
    Publication = "publication",
    Role = "role",
    Rule = "rule",
    Schema = "schema",
    Sequence = "sequence",
    Subscription = "subscription",
    Table = "table",
    Tablespace = "tablespace",
    Trigger = "trigger",
    Type = "type",
    View = "view",
}

/// An object that may exist in a catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Thing {
    pub(super) what: What,
    /// Its name; a primary key has its table's name.
    pub(super) place: Place,
    /// The table or type that it is a part of.
    pub(super) of: Option<Place>,
}

impl Thing {
    pub(super) fn new(what: What, place: Place) -> Self {
        Self { what, place, of: None }
    }

    /// Creates a part of a table.
    pub(super) fn part(what: What, name: String, of: &Place) -> Self {
        Self { what, place: Place::bare(name), of: Some(of.clone()) }
    }

    pub(super) fn primary_key(of: &Place) -> Self {
        Self { what: What::PrimaryKey, place: of.clone(), of: Some(of.clone()) }
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.what.words();
        match &self.of {
            Some(of) if self.what == What::PrimaryKey => write!(f, "{words} of `{}`", of.text()),
            Some(of) => write!(f, "{words} `{}` of `{}`", self.place.text(), of.text()),
            None => write!(f, "{words} `{}`", self.place.text()),
        }
    }
}

/// A fact that is true after a statement was applied, and was not before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) thing: Thing,
    /// Whether the object should exist, or be gone.
    pub(super) there: bool,
}

impl Fact {
    pub(super) fn there(thing: Thing) -> Self {
        Self { thing, there: true }
    }

    pub(super) fn gone(thing: Thing) -> Self {
        Self { thing, there: false }
    }

    /// Returns whether the other contradicts it: an object that a statement drops and creates again tells nothing.
    fn contradicts(&self, other: &Self) -> bool {
        // Case matters on some engines; ignoring it is always safe.
        let key = |fact: &Self| fact.thing.to_string().to_lowercase();
        self.there != other.there && key(self) == key(other)
    }
}

/// Returns the facts that no other contradicts.
pub(super) fn consistent(facts: &[Fact]) -> Vec<Fact> {
    let stands = |fact: &&Fact| !facts.iter().any(|other| fact.contradicts(other));
    facts.iter().filter(stands).cloned().collect()
}
