//! What sorts by a collation, and is indexed by an operator class.

use super::dependents::Rest;
use super::fold::Fold;
use crate::diagnostic::Diagnostic;
use crate::model::{
    Constraint, ConstraintKind, Ident, Index, IndexElement, Object, ObjectId, ObjectKind,
    QualifiedName, Table,
};
use crate::source::{AlterAction, ColumnAction};

impl Fold {
    /// What rests on a collation or an operator class.
    pub(super) fn sorted_by(&self, id: &ObjectId) -> Vec<Rest> {
        let of: fn(&IndexElement) -> Option<&QualifiedName> = match id.kind {
            ObjectKind::Collation => |e| e.collation.as_ref(),
            ObjectKind::OperatorClass => |e| e.opclass.as_ref(),
            _ => return Vec::new(),
        };
        let is = |name: Option<&QualifiedName>| name == Some(&id.name);
        let collates = id.kind == ObjectKind::Collation;
        let mut rests = Vec::new();
        for table in self.catalog.tables.values() {
            let columns = table.columns.iter().filter(|_| collates);
            let columns = columns.filter(|c| is(c.collation.as_ref()));
            rests.extend(columns.map(|c| Rest::Column(table.name.clone(), c.name.clone())));
            rests.extend(indexed(table, |e| is(of(e))));
        }
        let domains = self.catalog.domains.values().filter(|_| collates);
        let domains = domains.filter(|d| is(d.collation.as_ref()));
        let domains = domains.map(|d| ObjectId::new(ObjectKind::Domain, d.name.clone()));
        rests.extend(domains.map(Rest::Object));
        if id.kind == ObjectKind::OperatorClass {
            rests.extend(self.sorted_by_default(id));
        }
        rests
    }

    /// What has the operator class without naming it, because it is its type's.
    fn sorted_by_default(&self, id: &ObjectId) -> Vec<Rest> {
        let mut classes = self.catalog.operator_classes.values();
        let Some(class) = classes.find(|c| c.default && c.name == id.name) else {
            return Vec::new();
        };
        let mut rests = Vec::new();
        for table in self.catalog.tables.values() {
            let typed = |name: &Ident| {
                let column = table.column(name);
                column.is_some_and(|c| c.data_type == class.data_type)
            };
            let plain =
                |e: &IndexElement| e.opclass.is_none() && e.column.as_ref().is_some_and(typed);
            let indexes = { table.indexes.iter() }
                .filter(|i| i.method == class.method && i.elements.iter().any(plain));
            let indexes = indexes.map(|i| ObjectId::index(&table.name.sibling(i.name.clone())));
            let keys = { table.constraints.iter() }.filter(|c| {
                class.method == "btree" && c.has_index() && c.columns().iter().any(typed)
            });
            let keys = keys.map(|c| ObjectId::constraint(&table.name, &c.name));
            rests.extend(indexes.chain(keys).map(Rest::Object));
        }
        rests
    }

    /// The collation that a new object has before it is there.
    pub(super) fn missing_collation_of(&self, object: &Object) -> Option<Diagnostic> {
        match object {
            Object::Table(table) => {
                let mut columns = table.columns.iter();
                columns.find_map(|c| self.missing_collation(c.collation.as_ref()))
            }
            Object::Domain(domain) => self.missing_collation(domain.collation.as_ref()),
            Object::Index(_, index) => {
                let mut elements = index.elements.iter();
                elements.find_map(|e| self.missing_collation(e.collation.as_ref()))
            }
            _ => None,
        }
    }

    /// The same of an action.
    pub(super) fn missing_collation_in(&self, action: &AlterAction) -> Option<Diagnostic> {
        let collation = match action {
            AlterAction::AddColumn { column, .. } => column.collation.as_ref(),
            AlterAction::Column {
                action: ColumnAction::Type { collation, .. },
                ..
            } => collation.as_ref(),
            _ => None,
        };
        self.missing_collation(collation)
    }

    /// The class that an index is to have because it is the type's, and that comes later.
    pub(super) fn missing_class(&self, table: &Table, index: &Index) -> Option<Diagnostic> {
        let plain = index.elements.iter().filter(|e| e.opclass.is_none());
        let columns = plain.filter_map(|e| table.column(e.column.as_ref()?));
        columns
            .flat_map(|column| {
                let of_type = move |(method, data_type, _): &&(Ident, Ident, QualifiedName)| {
                    *method == index.method && *data_type == column.data_type.name.name
                };
                self.names.default_classes.iter().filter(of_type)
            })
            .find_map(|(method, _, class)| {
                let classes = &self.catalog.operator_classes;
                let known = classes.get(&(class.clone(), method.clone()));
                let there = known.is_some_and(|c| c.default);
                (!there).then(|| self.not_yet("operator class", class))
            })
    }

    /// What has the collation or operator class by its old name.
    pub(super) fn follow_sorted(
        &mut self,
        kind: ObjectKind,
        old: &QualifiedName,
        new: &QualifiedName,
    ) {
        let follow = |name: &mut Option<QualifiedName>| {
            if name.as_ref() == Some(old) {
                *name = Some(new.clone());
            }
        };
        let element = |e: &mut IndexElement| match kind {
            ObjectKind::Collation => follow(&mut e.collation),
            _ => follow(&mut e.opclass),
        };
        let collates = kind == ObjectKind::Collation;
        for table in self.catalog.tables.values_mut() {
            let columns = table.columns.iter_mut().filter(|_| collates);
            columns.for_each(|c| follow(&mut c.collation));
            let indexes = table.indexes.iter_mut();
            indexes.flat_map(|i| &mut i.elements).for_each(element);
            for constraint in &mut table.constraints {
                if let ConstraintKind::Exclusion { elements, .. } = &mut constraint.kind {
                    elements
                        .iter_mut()
                        .map(|e| &mut e.element)
                        .for_each(element);
                }
            }
        }
        let domains = self.catalog.domains.values_mut().filter(|_| collates);
        domains.for_each(|d| follow(&mut d.collation));
    }

    fn missing_collation(&self, name: Option<&QualifiedName>) -> Option<Diagnostic> {
        let name = name?;
        let kind = ObjectKind::Collation;
        let full = match &name.schema {
            Some(_) => name.clone(),
            None => self.names.named(kind, "", name, &self.now.path)?,
        };
        let known = self.names.has(kind, "", &full);
        let there = self.catalog.collations.contains_key(&full);
        (known && !there).then(|| self.not_yet("collation", &full))
    }
}

/// The indexes and exclusion constraints of a table that have such an element.
fn indexed(table: &Table, is: impl Fn(&IndexElement) -> bool) -> Vec<Rest> {
    let indexes = table.indexes.iter().filter(|i| i.elements.iter().any(&is));
    let indexes = indexes.map(|i| ObjectId::index(&table.name.sibling(i.name.clone())));
    let excludes = |c: &&Constraint| match &c.kind {
        ConstraintKind::Exclusion { elements, .. } => elements.iter().any(|e| is(&e.element)),
        _ => false,
    };
    let constraints = table.constraints.iter().filter(excludes);
    let constraints = constraints.map(|c| ObjectId::constraint(&table.name, &c.name));
    indexes.chain(constraints).map(Rest::Object).collect()
}
