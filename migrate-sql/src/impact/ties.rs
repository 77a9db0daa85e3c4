//! What hangs together in a schema, so that touching one thing touches another.

use std::collections::BTreeSet;

use super::{columns::Columns, relation::Relation, touched::Touched};
use crate::ddl::{Action, ConstraintKind, CreateTable, Ddl, Name, ObjectKind};
use crate::statement::{Statement, split};
use crate::text::Dialect;

/// Views, triggers, foreign keys and partitions, gathered from the SQL of schema migrations.
#[derive(Clone, Debug, Default)]
pub struct Ties {
    /// What stands for other tables: views, and tables with triggers or rules.
    fronts: BTreeSet<Relation>,
    /// Functions that migrations made, which may touch anything.
    functions: BTreeSet<String>,
    /// Child and parent of foreign keys: removing a parent's row may change the child's.
    references: Vec<(Relation, Relation)>,
    /// Parts and the tables whose rows they hold.
    parts: Vec<(Relation, Relation)>,
}

impl Ties {
    /// Adds what the SQL of a migration ties.
    pub fn read(&mut self, sql: &str, dialect: Dialect) {
        for statement in split(sql, dialect).unwrap_or_default() {
            self.statement(&statement);
        }
    }

    fn statement(&mut self, statement: &Statement<'_>) {
        match statement.ddl() {
            Ddl::CreateTable(table) => self.table(&table, statement),
            Ddl::Create(create) => match (create.kind, &create.name, &create.on) {
                (ObjectKind::View | ObjectKind::MaterializedView, Some(name), _) => {
                    self.fronts.insert(Relation::of(name));
                }
                (ObjectKind::Trigger | ObjectKind::Rule, _, Some(table)) => {
                    self.fronts.insert(Relation::of(table));
                }
                (kind, Some(name), _) if kind.is_routine() => {
                    self.functions.insert(name.value().to_lowercase());
                }
                _ => {}
            },
            Ddl::AlterTable(table) => {
                for (action, _) in &table.actions {
                    match action {
                        Action::AttachPartition(part) => self.part(part, &table.name),
                        Action::AddConstraint(constraint) => {
                            self.reference(&table.name, &constraint.kind);
                        }
                        Action::AddColumn { column, .. } => {
                            if let Some(references) = &column.references {
                                self.refer(&table.name, &references.table);
                            }
                        }
                        _ => {}
                    }
                }
            }
            Ddl::CreateIndex(_)
            | Ddl::AlterEnum { .. }
            | Ddl::Rename(_)
            | Ddl::Drop(_)
            | Ddl::Other => {}
        }
    }

    fn table(&mut self, table: &CreateTable<'_>, statement: &Statement<'_>) {
        if let Some(whole) = &table.partition_of {
            self.part(&table.name, whole);
        }
        for constraint in &table.constraints {
            self.reference(&table.name, &constraint.kind);
        }
        for references in table.columns.iter().filter_map(|column| column.references.as_ref()) {
            self.refer(&table.name, &references.table);
        }
        if statement.tokens().any(|token| token.is_word("INHERITS")) {
            // Whose rows they are is not read: either may be touched by the other's name.
            self.fronts.insert(Relation::of(&table.name));
        }
    }

    fn reference(&mut self, child: &Name<'_>, kind: &ConstraintKind<'_>) {
        if let ConstraintKind::ForeignKey(references) = kind {
            self.refer(child, &references.table);
        }
    }

    fn refer(&mut self, child: &Name<'_>, parent: &Name<'_>) {
        self.references.push((Relation::of(child), Relation::of(parent)));
    }

    fn part(&mut self, part: &Name<'_>, whole: &Name<'_>) {
        self.parts.push((Relation::of(part), Relation::of(whole)));
    }
}

impl Touched {
    /// Adds what is touched because it is tied to what is named.
    pub fn follow(&mut self, ties: &Ties) {
        let named =
            |relation: &Relation| self.relations.iter().any(|(one, _)| one.may_be(relation));
        self.anything |= ties.fronts.iter().any(named) || !self.calls.is_disjoint(&ties.functions);
        let mut next = 0;
        while let Some((relation, columns)) = self.relations.get(next).cloned() {
            next += 1;
            let whole =
                columns == Columns::All && self.written.iter().any(|one| one.may_be(&relation));
            let mut reached: Vec<Relation> = Vec::new();
            for (child, parent) in &ties.references {
                if whole && parent.may_be(&relation) {
                    reached.push(child.clone());
                }
            }
            for (part, all) in &ties.parts {
                if part.may_be(&relation) {
                    reached.push(all.clone());
                }
                if all.may_be(&relation) {
                    reached.push(part.clone());
                }
            }
            for other in reached {
                let known = |(one, columns): &(Relation, Columns)| {
                    *one == other && *columns == Columns::All
                };
                if !self.relations.iter().any(known) {
                    self.written.insert(other.clone());
                    self.relations.push((other, Columns::All));
                }
            }
        }
    }
}
