//! What to do about each fault, and its name for programs.

use crate::graph::error::GraphFault;

impl GraphFault {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Empty => Some("no migrations are linked in; add `use my_migrations as _;` to the binary".to_owned()),
            Self::InvalidId { .. } => Some("an id has letters, digits, `_` and `.` only".to_owned()),
            Self::ReservedId { .. } => Some("choose another id than `head`, `heads`, `base` and `current`".to_owned()),
            Self::Duplicate { .. } => Some("give each migration of the crate its own `rev`".to_owned()),
            Self::InvalidLabel { .. } => Some(
                "a label has letters, digits, `_`, `.` and `-`, does not end like `-1`, and is not `head`, `heads`, \
                 `base` or `current`"
                    .to_owned(),
            ),
            Self::LabelIsCrate { .. } | Self::LabelIsRevision { .. } => {
                Some("labels, crates and ids share one namespace; choose another label".to_owned())
            }
            Self::MissingParent { parent, .. } if parent.contains('@') => {
                Some(format!("a revision of another crate belongs into `depends_on = \"{parent}\"`"))
            }
            Self::MissingParent { similar, .. }
            | Self::MissingDependency { similar, .. }
            | Self::MissingCrate { similar: similar @ Some(_), .. } => did_you_mean(similar.as_deref()),
            Self::MissingCrate { krate, .. } => {
                Some(format!("if its migrations are not linked in, add `use {} as _;`", krate.replace('-', "_")))
            }
            Self::UndeclaredParent { .. } => {
                Some("only a number has a default parent; write `after = \"…\"`, or `after = []` for a base".to_owned())
            }
            Self::UndeclaredBranch { .. } => Some("write `branch = \"…\"` or `after = \"…\"`".to_owned()),
            Self::DataParent { parent, .. } => Some(format!(
                "write `depends_on = \"{id}\"` to wait for it, and name a schema revision in `after`",
                id = parent.key().id
            )),
            Self::SelfParent { .. } => Some("name the revision below it, or write `after = []` for a base".to_owned()),
            Self::SelfDependency { .. } => Some("take it out of `depends_on`".to_owned()),
            Self::Cycle { .. } => Some("take out one `after` or `depends_on` among them".to_owned()),
            Self::LabelTwice { .. } => {
                Some("a label names one branch: choose another one, or declare it where they part".to_owned())
            }
        }
    }

    /// The fault's name for programs, which stays when the words change.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "no-migrations",
            Self::InvalidId { .. } => "invalid-revision",
            Self::ReservedId { .. } => "reserved-revision",
            Self::Duplicate { .. } => "duplicate-revision",
            Self::InvalidLabel { .. } => "invalid-label",
            Self::LabelIsCrate { .. } => "label-is-crate",
            Self::LabelIsRevision { .. } => "label-is-revision",
            Self::MissingParent { .. } => "missing-parent",
            Self::MissingDependency { .. } => "missing-dependency",
            Self::MissingCrate { .. } => "missing-crate",
            Self::UndeclaredParent { .. } => "undeclared-parent",
            Self::UndeclaredBranch { .. } => "undeclared-branch",
            Self::DataParent { .. } => "data-parent",
            Self::SelfParent { .. } => "self-parent",
            Self::SelfDependency { .. } => "self-dependency",
            Self::Cycle { .. } => "cycle",
            Self::LabelTwice { .. } => "label-twice",
        }
    }
}

pub(crate) fn did_you_mean(similar: Option<&str>) -> Option<String> {
    similar.map(|name| format!("did you mean `{name}`?"))
}
