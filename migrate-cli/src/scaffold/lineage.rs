//! The place of a new revision in the graph.
//!
//! The graph itself decides: it is built with the new revision in it, so the result is the same as in the program later.

use migrate_core::{Error, Graph, Ids, Kind, Migration, NodeId, RevisionId, RevisionKey};

use crate::error::{CommandError, Problem};
use crate::scaffold::{ids, slug};

/// The requested properties of a new revision.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) text: String,
    pub(crate) kind: Kind,
    pub(crate) rev: Option<String>,
    /// Its parents, if they were given.
    pub(crate) parents: Option<Vec<NodeId>>,
    pub(crate) branch: Option<String>,
}

/// A revision to be written.
#[derive(Debug)]
pub(crate) struct NewRevision {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) kind: Kind,
    /// Its `after`, if that must be written.
    pub(crate) after: Option<Vec<String>>,
    /// Its `branch`, if it starts one or determines the default parent.
    pub(crate) branch: Option<String>,
    /// Whether it only joins other revisions.
    pub(crate) is_merge: bool,
}

impl NewRevision {
    /// Returns the name of its module.
    pub(crate) fn module(&self) -> String {
        let id = self.id.to_ascii_lowercase().replace('.', "_");
        match slug::slug(&self.text) {
            slug if slug.is_empty() => format!("r{id}"),
            slug => format!("r{id}_{slug}"),
        }
    }

    /// Returns the name of its function.
    pub(crate) fn function(&self) -> String {
        let slug = slug::slug(&self.text);
        if slug::is_name(&slug) { slug } else { self.module() }
    }
}

/// The existing revisions of the new revision's crate.
pub(crate) struct Lineage<'a> {
    graph: Option<&'a Graph>,
    krate: String,
}

impl<'a> Lineage<'a> {
    pub(crate) fn new(graph: Option<&'a Graph>, krate: Option<&str>) -> Self {
        let only = || graph.and_then(|graph| graph.crates().next()).unwrap_or_default().to_owned();
        Self { graph, krate: krate.map_or_else(only, str::to_owned) }
    }

    /// Determines the revision's id and place.
    pub(crate) fn place(
        &self,
        wanted: &Wanted,
        ids: Option<Ids>,
        seed: u64,
    ) -> Result<NewRevision, CommandError> {
        let taken = self.ids();
        let id = match &wanted.rev {
            Some(id) if taken.iter().any(|taken| taken.as_str() == id) => {
                return Err(Problem::usage(
                    "duplicate-revision",
                    format_args!("revision `{id}` already exists"),
                )
                .into());
            }
            Some(id) => id.clone(),
            None => ids::next(&taken, ids, seed),
        };
        let parents = match &wanted.parents {
            Some(parents) => parents.clone(),
            None => self.default_parents(wanted.branch.as_deref())?,
        };
        let parents = self.own(&parents)?;
        let (after, branch) = self.options(&id, wanted, &parents)?;
        let text = wanted.text.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(NewRevision { id, text, kind: wanted.kind, after, branch, is_merge: false })
    }

    /// Returns the minimal options that place the revision after `parents`, on its branch.
    fn options(
        &self,
        id: &str,
        wanted: &Wanted,
        parents: &[String],
    ) -> Result<(Option<Vec<String>>, Option<String>), CommandError> {
        let explicit = || Some(parents.to_vec());
        let branch = || wanted.branch.clone();
        let choices = [(None, None), (explicit(), None), (None, branch()), (explicit(), branch())];
        for (after, label) in choices {
            let found = self.try_out(id, wanted.kind, (after.as_deref(), label.as_deref()));
            if found.is_ok_and(|(found, on)| {
                found == parents && (wanted.branch.is_none() || on == wanted.branch)
            }) {
                return Ok((after, label));
            }
        }
        // It has no place: the graph's error says why.
        match self.try_out(id, wanted.kind, (Some(parents), wanted.branch.as_deref())) {
            Err(error) => Err(error),
            Ok(_) => Ok((explicit(), branch())),
        }
    }

    /// Returns the revision's parents and branch with these options.
    fn try_out(
        &self,
        id: &str,
        kind: Kind,
        (after, branch): (Option<&[String]>, Option<&str>),
    ) -> Result<(Vec<String>, Option<String>), CommandError> {
        let mut migration = Migration::new(id.to_owned()).in_crate(self.krate.clone()).kind(kind);
        if let Some(after) = after {
            migration = migration.after_ids(after.iter().cloned().map(RevisionId::from));
        }
        if let Some(branch) = branch {
            migration = migration.branch(branch.to_owned());
        }
        let key = migration.key().clone();
        let there = self
            .graph
            .into_iter()
            .flat_map(|graph| graph.order().iter().map(|node| graph.migration(*node).clone()));
        let graph = Graph::new(there.chain([migration])).map_err(Error::from)?;
        let node = graph.find(&key);
        let parents = node.map(|node| graph.parents(node)).unwrap_or_default();
        let names =
            parents.iter().map(|parent| graph.migration(*parent).id().to_string()).collect();
        Ok((names, node.and_then(|node| graph.branch(node)).map(str::to_owned)))
    }

    /// Returns the head, of the branch if one is named.
    fn default_parents(&self, branch: Option<&str>) -> Result<Vec<NodeId>, CommandError> {
        let Some(graph) = self.graph else { return Ok(Vec::new()) };
        let known = branch.filter(|branch| graph.labelled(branch).is_some());
        let mut heads = graph.heads_of(&self.krate);
        if let Some(branch) = known {
            heads.retain(|node| graph.branch(*node) == Some(branch));
        }
        if heads.len() < 2 {
            return Ok(heads);
        }
        let names: Vec<String> =
            heads.iter().map(|node| format!("`{}`", graph.reference(*node))).collect();
        let problem = Problem::new(
            "multiple-heads",
            format_args!("there are {} heads: {}", heads.len(), names.join(", ")),
        );
        let first =
            heads.first().map(|node| graph.reference(*node).to_string()).unwrap_or_default();
        Err(problem
            .hint("join them first: `migrate merge`")
            .hint(format!("or choose the parent: `--after {first}`"))
            .into())
    }

    /// Returns the ids of the parents, which must be of this crate.
    fn own(&self, parents: &[NodeId]) -> Result<Vec<String>, CommandError> {
        let Some(graph) = self.graph else { return Ok(Vec::new()) };
        let id = |node: &NodeId| -> Result<String, CommandError> {
            let RevisionKey { krate, id } = graph.migration(*node).key();
            if *krate == self.krate {
                return Ok(id.to_string());
            }
            let message = format!("`{krate}@{id}` is not a revision of `{}`", self.krate);
            Err(Problem::new("other-crate", message)
                .hint(format!("to run after it, write `depends_on = \"{krate}@{id}\"`"))
                .into())
        };
        // In the order of the graph, so that both can be compared.
        let mut sorted = parents.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        sorted.iter().map(id).collect()
    }

    fn migrations(&self) -> impl Iterator<Item = &Migration> {
        let nodes = self
            .graph
            .into_iter()
            .flat_map(|graph| graph.order().iter().map(|node| graph.migration(*node)));
        nodes.filter(|migration| migration.key().krate == self.krate)
    }

    fn ids(&self) -> Vec<RevisionId> {
        self.migrations().map(|migration| migration.id().clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(parents: Option<Vec<NodeId>>, branch: Option<&str>) -> Wanted {
        Wanted {
            text: "Add email".into(),
            kind: Kind::Schema,
            rev: None,
            parents,
            branch: branch.map(str::to_owned),
        }
    }

    fn placed(
        migrations: Vec<Migration>,
        after: Option<&'static str>,
        branch: Option<&str>,
    ) -> Result<NewRevision, CommandError> {
        let graph = Graph::new(migrations).expect("no faults");
        let parents =
            after.map(|id| vec![graph.find(&RevisionKey::new("runtime", id)).expect("known")]);
        Lineage::new(Some(&graph), None).place(&wanted(parents, branch), None, 7)
    }

    fn numbers() -> Vec<Migration> {
        vec![Migration::new("001"), Migration::new("002")]
    }

    #[test]
    fn the_first_is_001_and_says_nothing() {
        let revision =
            Lineage::new(None, Some("shop")).place(&wanted(None, None), None, 7).expect("placed");
        assert_eq!(
            (revision.id.as_str(), &revision.after, revision.module().as_str()),
            ("001", &None, "r001_add_email")
        );
    }

    #[test]
    fn the_default_parent_is_not_written() {
        let revision = placed(numbers(), None, None).expect("placed");
        assert_eq!((revision.id.as_str(), revision.after), ("003", None));
    }

    #[test]
    fn another_parent_is_written() {
        let revision = placed(numbers(), Some("001"), None).expect("placed");
        assert_eq!(revision.after, Some(vec!["001".to_owned()]));
    }

    #[test]
    fn a_new_branch_is_written_and_a_known_one_found() {
        let revision = placed(numbers(), Some("001"), Some("billing")).expect("placed");
        assert_eq!(
            (revision.after.as_deref(), revision.branch.as_deref()),
            (Some(&["001".to_owned()][..]), Some("billing"))
        );

        let mut migrations = numbers();
        migrations.push(Migration::new("003").after(["001"]).branch("billing"));
        let revision = placed(migrations, None, Some("billing")).expect("placed");
        assert_eq!(
            (revision.after, revision.branch.as_deref()),
            (Some(vec!["003".to_owned()]), None)
        );
    }

    #[test]
    fn several_heads_name_both_ways_out() {
        let mut migrations = numbers();
        migrations.push(Migration::new("003").after(["001"]));
        let Err(CommandError::Problem(problem)) = placed(migrations, None, None) else {
            panic!("several heads")
        };
        assert!(problem.message.contains("`002`, `003`"), "{}", problem.message);
        assert!(
            problem.hints.join(" ").contains("migrate merge")
                && problem.hints.join(" ").contains("--after")
        );
    }

    #[test]
    fn words_say_what_they_come_after() {
        let revision = placed(vec![Migration::new("abc").after([])], None, None).expect("placed");
        assert_eq!(revision.after, Some(vec!["abc".to_owned()]));
    }
}
