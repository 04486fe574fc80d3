//! The first migration: everything on the way up, nothing left on the way down.
//!
//! Invariants: the way up is the canonical DDL; the way down drops in reverse order without
//! CASCADE, so that it fails rather than take what it did not make; text is a function of catalog
//! and graph.

use std::collections::HashMap;
use std::sync::Arc;

use super::{RenderError, Report};
use crate::ddl::{self, Script};
use crate::dialect::{Capability, Dialect};
use crate::graph::Graph;
use crate::model::{
    Acl, Catalog, ObjectId, ObjectKind, ObjectRef, OperatorClass, OperatorFamily, QualifiedName,
};

/// The texts of a migration's two ways.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Migration {
    pub up: String,
    pub down: String,
}

/// What the first migration says about itself.
pub const SUMMARY: &str = "The whole schema, for an empty database";

/// From an empty database to the schema, and back.
pub fn initial(report: &Report<'_>) -> Result<Migration, RenderError> {
    // It becomes the way up: where nobody else holds it, it is not copied.
    let script = Arc::unwrap_or_clone(report.take_script());
    Ok(first(report.catalog, report.graph, report.dialect, script))
}

fn first(catalog: &Catalog, graph: &Graph, dialect: Dialect, script: Script) -> Migration {
    let mut down = String::from("-- Drops what the way up made, and its data.\n");
    for statement in Drops::new(catalog, graph, dialect, &script).run() {
        down.push('\n');
        down.push_str(&statement);
        down.push(';');
    }
    down.push('\n');
    let mut up = script.text;
    up.insert_str(0, &format!("-- {SUMMARY}.\n\n"));
    Migration { up, down }
}

struct Drops<'a> {
    catalog: &'a Catalog,
    dialect: Dialect,
    objects: HashMap<ObjectId, ObjectRef<'a>>,
    /// In the order of creation, once each.
    made: &'a [ObjectId],
    /// The place of each in that order.
    places: HashMap<&'a ObjectId, usize>,
    /// What each object needs, for the members of relations.
    needs: HashMap<&'a ObjectId, Vec<&'a ObjectId>>,
}

impl<'a> Drops<'a> {
    fn new(catalog: &'a Catalog, graph: &'a Graph, dialect: Dialect, script: &'a Script) -> Self {
        let mut needs: HashMap<_, Vec<_>> = HashMap::new();
        for (from, to) in graph.edges() {
            if is_member(from.kind) {
                needs.entry(from).or_default().push(to);
            }
        }
        Self {
            catalog,
            dialect,
            objects: catalog.objects().into_iter().collect(),
            made: &script.made,
            places: script.made.iter().zip(0..).collect(),
            needs,
        }
    }

    fn run(&self) -> impl Iterator<Item = String> {
        let keys = self.made.iter().rev().filter(|id| self.is_added_key(id));
        let others = self.made.iter().rev();
        let others = others.filter(|id| !self.is_added_key(id) && !self.goes_with_its_relation(id));
        keys.chain(others).flat_map(|id| self.drop(id))
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        let Some(object) = self.objects.get(id).copied() else {
            return Vec::new();
        };
        match object {
            // What every database has only loses what was granted on it.
            ObjectRef::Schema(schema) if schema.implicit => {
                ddl::privileges(object, &reversed(&schema.facets.acl), self.dialect)
            }
            ObjectRef::DefaultPrivileges(defaults) => {
                let mut defaults = defaults.clone();
                defaults.acl = reversed(&defaults.acl);
                ddl::default_privileges(&defaults, self.dialect)
            }
            // A base type and its functions need one another; only together can they go.
            ObjectRef::ShellType(base) if !base.options.is_empty() => {
                let drop = ddl::drop_statement(object, self.dialect);
                drop.map(|d| format!("{d} CASCADE")).into_iter().collect()
            }
            // The family that came with the class takes it along.
            ObjectRef::OperatorClass(class) if self.made_its_family(class) => {
                let family = OperatorFamily {
                    name: class.name.clone(),
                    method: class.method.clone(),
                    ..OperatorFamily::default()
                };
                let family = ObjectRef::OperatorFamily(&family);
                let drop = ddl::drop_statement(family, self.dialect);
                drop.into_iter().collect()
            }
            ObjectRef::Extension(extension) if extension.name == "plpgsql" => Vec::new(),
            _ => ddl::drop_statement(object, self.dialect)
                .into_iter()
                .collect(),
        }
    }

    /// CREATE OPERATOR CLASS makes a family of its own name where it is told none.
    fn made_its_family(&self, class: &OperatorClass) -> bool {
        let family = (class.name.clone(), class.method.clone());
        class.family.is_none() && !self.catalog.operator_families.contains_key(&family)
    }

    /// A foreign key that was added after its table: it may be part of a cycle, so it goes first.
    fn is_added_key(&self, id: &ObjectId) -> bool {
        let Some(ObjectRef::Constraint(_, constraint)) = self.objects.get(id) else {
            return false;
        };
        constraint.as_foreign_key().is_some()
            && Capability::AddConstraint.since(self.dialect).is_some()
    }

    /// Whether dropping its relation takes the object along. A trigger or policy that uses a
    /// function made after the table must go before that function does.
    fn goes_with_its_relation(&self, id: &ObjectId) -> bool {
        let Some(object) = self.objects.get(id) else {
            return true;
        };
        let relation = match object {
            ObjectRef::Constraint(table, _) => return !self.catalog.is_external(&table.name),
            ObjectRef::Sequence(sequence) => return sequence.owned_by.is_some(),
            ObjectRef::Routine(routine) => return self.belongs_to_base_type(&routine.name),
            ObjectRef::Index(relation, _)
            | ObjectRef::Rule(relation, _)
            | ObjectRef::Trigger(relation, _)
            | ObjectRef::Policy(relation, _) => *relation,
            _ => return false,
        };
        let place = |id: &ObjectId| self.places.get(id).copied();
        let Some(own) = self.relation_id(relation).as_ref().and_then(place) else {
            return false;
        };
        let needs = self.needs.get(id).map_or(&[][..], Vec::as_slice);
        let later = |need: &&ObjectId| {
            need.name != *relation && place(need).is_some_and(|needed| needed > own)
        };
        !needs.iter().any(later)
    }

    /// The input and output functions of a base type go with it.
    fn belongs_to_base_type(&self, function: &QualifiedName) -> bool {
        let full = function.to_string();
        self.catalog.shell_types.values().any(|base| {
            base.options
                .values()
                .any(|o| o.text() == full || o.text() == function.name.as_str())
        })
    }

    fn relation_id(&self, name: &QualifiedName) -> Option<ObjectId> {
        let kind = match self.catalog.relation(name)? {
            ObjectRef::View(view) if view.materialized => ObjectKind::MaterializedView,
            ObjectRef::View(_) => ObjectKind::View,
            _ => ObjectKind::Table,
        };
        Some(ObjectId::new(kind, name.clone()))
    }
}

/// Whether such an object is a part of a relation.
fn is_member(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Index | ObjectKind::Rule | ObjectKind::Trigger | ObjectKind::Policy
    )
}

/// What takes a change of privileges back.
fn reversed(acl: &Acl) -> Acl {
    Acl {
        granted: acl.revoked.clone(),
        revoked: acl.granted.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Column, Constraint, ConstraintKind, DataType, ForeignKey, Index, IndexElement, Table,
    };

    fn table(name: &str, target: &str) -> Table {
        let key = ForeignKey {
            columns: vec!["other".into()],
            target: QualifiedName::new("public", target),
            target_columns: vec!["id".into()],
            ..ForeignKey::default()
        };
        let column = |name: &str| Column {
            name: name.into(),
            data_type: DataType::builtin("bigint"),
            ..Column::default()
        };
        Table {
            name: QualifiedName::new("public", name),
            columns: vec![column("id"), column("other")],
            constraints: vec![
                Constraint::new(
                    format!("{name}_pkey"),
                    ConstraintKind::PrimaryKey {
                        columns: vec!["id".into()],
                        include: Vec::new(),
                        storage: crate::model::Parameters::new(),
                        tablespace: None,
                        without_overlaps: false,
                    },
                ),
                Constraint::new(format!("{name}_fkey"), ConstraintKind::ForeignKey(key)),
            ],
            indexes: vec![Index {
                name: format!("{name}_idx").into(),
                elements: vec![IndexElement::column("other")],
                ..Index::default()
            }],
            ..Table::default()
        }
    }

    #[test]
    fn a_cycle_of_foreign_keys_goes_down_first() {
        let mut catalog = Catalog::default();
        for table in [table("a", "b"), table("b", "a")] {
            catalog.tables.insert(table.name.clone(), table);
        }
        let name = QualifiedName::new("public", "a");
        let deferred = ObjectId::constraint(&name, &"a_fkey".into());
        let mut order: Vec<ObjectId> = catalog.objects().into_iter().map(|(id, _)| id).collect();
        order.retain(|id| *id != deferred);
        order.push(deferred.clone());
        let mut graph = Graph::new(order, &[]);
        graph.deferred.insert(deferred);
        let script = ddl::script(&catalog, &graph, Dialect::Postgres);
        let migration = first(&catalog, &graph, Dialect::Postgres, script);
        assert_eq!(
            migration.down,
            "-- Drops what the way up made, and its data.\n\n\
             ALTER TABLE public.a DROP CONSTRAINT a_fkey;\n\
             DROP TABLE public.b;\nDROP TABLE public.a;\n"
        );
        let up = migration.up;
        let add = up.find("ALTER TABLE public.a\n    ADD CONSTRAINT a_fkey");
        assert!(add > up.find("CREATE TABLE public.b"), "{up}");
        assert_eq!(up.matches("a_fkey").count(), 1, "{up}");
        assert!(up.contains("CONSTRAINT b_fkey FOREIGN KEY (other) REFERENCES public.a (id)"));
    }
}
