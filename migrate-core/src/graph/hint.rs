//! What to do about each fault, and its name for programs.

use crate::graph::error::GraphFault;

impl GraphFault {
    /// Returns what to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Empty => Some("if they are in another crate, add `use my_migrations as _;` to the binary".to_owned()),
            Self::InvalidId { .. } => Some("an id may contain letters, digits, `_` and `.`".to_owned()),
            Self::ReservedId { .. } => Some("`head`, `heads`, `base` and `current` are reserved; choose another id".to_owned()),
            Self::Duplicate { .. } => Some("renumber the one that is not merged yet: set another `rev` and rename the file".to_owned()),
            Self::InvalidLabel { .. } => Some(
                "a label may contain letters, digits, `_`, `.` and `-`; it must not end like `-1`, and `head`, `heads`, \
                `base` and `current` are reserved"
                    .to_owned(),
            ),
            Self::LabelIsCrate { .. } | Self::LabelIsRevision { .. } => {
                Some("labels, crates and ids share one namespace; choose another label".to_owned())
            }
            Self::MissingParent { parent, .. } if parent.contains('@') => {
                Some(format!("name a revision of another crate in `depends_on = \"{parent}\"`"))
            }
            Self::MissingParent { similar, .. }
            | Self::MissingDependency { similar, .. }
            | Self::MissingCrate { similar: similar @ Some(_), .. } => did_you_mean(similar.as_deref()),
            Self::MissingCrate { krate, .. } => {
                Some(format!("if the crate is not linked, add `use {} as _;`", krate.replace('-', "_")))
            }
            Self::UndeclaredParent { .. } => {
                Some("write `after = \"…\"`, or `after = []` for a first revision".to_owned())
            }
            Self::UndeclaredBranch { .. } => Some("write `branch = \"…\"` or `after = \"…\"`".to_owned()),
            Self::DataParent { parent, .. } => Some(format!(
                "write `depends_on = \"{id}\"` to run after it, and name a schema revision in `after`",
                id = parent.key().id
            )),
            Self::SelfParent { .. } => Some("name the revision below it, or write `after = []` for a first revision".to_owned()),
            Self::SelfDependency { .. } => Some("remove it from `depends_on`".to_owned()),
            Self::Cycle { .. } => Some("change one `after` or `depends_on` among them".to_owned()),
            Self::LabelTwice { .. } => {
                Some("a label may start only one branch: rename it, or move it to the revision where the branches split".to_owned())
            }
        }
    }

    /// Returns the fault's name for programs, which stays when the words change.
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
