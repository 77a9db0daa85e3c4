//! What a statement makes or removes, and what is to be seen of it afterwards.

use std::fmt;

use super::place::Place;

macro_rules! whats {
    ($($what:ident = $words:literal,)+) => {
        /// What is in a catalog.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum What {
            $($what,)+
        }

        impl What {
            /// What people call it.
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

/// Something that is in a catalog or is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Thing {
    pub(super) what: What,
    /// Its name; a primary key goes by its table's.
    pub(super) place: Place,
    /// The table that it is a part of, or the type.
    pub(super) of: Option<Place>,
}

impl Thing {
    pub(super) fn new(what: What, place: Place) -> Self {
        Self { what, place, of: None }
    }

    /// A part of a table.
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

/// What is to be seen once a statement took effect, and was not before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) thing: Thing,
    /// Whether it is to be there, or to be gone.
    pub(super) there: bool,
}

impl Fact {
    pub(super) fn there(thing: Thing) -> Self {
        Self { thing, there: true }
    }

    pub(super) fn gone(thing: Thing) -> Self {
        Self { thing, there: false }
    }

    /// Whether the other contradicts it: what a statement removes and makes anew tells nothing.
    fn contradicts(&self, other: &Self) -> bool {
        // Case matters in some engines, and nothing is lost where it is taken not to.
        let key = |fact: &Self| fact.thing.to_string().to_lowercase();
        self.there != other.there && key(self) == key(other)
    }
}

/// Those that no other contradicts.
pub(super) fn consistent(facts: &[Fact]) -> Vec<Fact> {
    let stands = |fact: &&Fact| !facts.iter().any(|other| fact.contradicts(other));
    facts.iter().filter(stands).cloned().collect()
}
