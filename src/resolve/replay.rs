//! Statements over a catalog that is there already, as a migration runs over a database.
//!
//! Invariant: every statement sees what those before it left, and nothing of what follows.

use super::Resolved;
use super::fold::Fold;
use super::identity::identity_sequences;
use super::names::{Names, multiranges};
use crate::dialect::TargetVersion;
use crate::model::{Catalog, ObjectKind, QualifiedName, Table};
use crate::source::{Declaration, Statement};

/// Folds statements over a catalog, in their order.
///
/// What the server would refuse is among the diagnostics; the catalog is what the statements before
/// and after it make.
pub fn replay(
    catalog: Catalog,
    declarations: Vec<Declaration>,
    version: TargetVersion,
) -> Resolved {
    let mut replay = Replay::new(catalog, &declarations, version);
    for declaration in declarations {
        replay.apply(declaration);
    }
    replay.finish()
}

/// A catalog that statements change one by one.
pub struct Replay {
    fold: Fold,
}

impl Replay {
    /// Begins with a catalog; `declarations` are all that will follow.
    pub fn new(catalog: Catalog, declarations: &[Declaration], version: TargetVersion) -> Self {
        let mut fold = Fold::new(declarations, version);
        fold.names.add_catalog(&catalog);
        fold.names.add_moves(declarations);
        fold.catalog = catalog;
        fold.enter_names();
        Self { fold }
    }

    pub fn apply(&mut self, mut declaration: Declaration) {
        declaration.in_order = true;
        // What is not there is passed over.
        let passed = super::alters_if_exists(&declaration);
        if !self.fold.runs(&declaration) || passed && !self.fold.alters_what_is_there(&declaration)
        {
            return self.fold.apply(declaration);
        }
        let missing = self.fold.missing(&declaration);
        match missing.or_else(|| self.fold.missing_use(&declaration)) {
            None => self.fold.apply(declaration),
            Some(diagnostic) => self.fold.diagnostics.push(diagnostic),
        }
    }

    /// Whether a statement runs as the catalog stands.
    pub fn runs(&self, declaration: &Declaration) -> bool {
        self.fold.runs(declaration)
    }

    /// The catalog as it stands; what is completed at the end (the columns that a foreign key leaves
    /// out) may be missing.
    pub fn catalog(&self) -> &Catalog {
        &self.fold.catalog
    }

    pub fn finish(self) -> Resolved {
        self.fold.finish()
    }
}

impl Names {
    /// Every name that the catalog has.
    fn add_catalog(&mut self, catalog: &Catalog) {
        let ours = catalog.schemas.values().filter(|s| !s.external);
        self.schemas.extend(ours.map(|s| s.name.clone()));
        self.wrappers
            .extend(catalog.foreign_data_wrappers.keys().cloned());
        self.servers.extend(catalog.foreign_servers.keys().cloned());
        self.extensions.extend(catalog.extensions.keys().cloned());
        let types = catalog
            .enums
            .keys()
            .chain(catalog.domains.keys())
            .chain(catalog.ranges.keys())
            .chain(catalog.shell_types.keys());
        self.types.extend(types.cloned());
        self.types.extend(multiranges(catalog));
        self.add_others(catalog);
        let relations = catalog
            .tables
            .keys()
            .chain(catalog.views.keys())
            .chain(catalog.virtual_tables.keys())
            .chain(catalog.composites.keys());
        for name in relations {
            self.types.insert(name.clone());
            self.relations.insert(name.clone());
        }
        self.relations.extend(catalog.sequences.keys().cloned());
        let routines = catalog.routines.keys().chain(catalog.aggregates.keys());
        self.routines.extend(routines.map(|(name, _)| name.clone()));
        for (kind, name) in catalog.opaque.keys() {
            if kind.ends_with("table") {
                self.types.insert(name.clone());
                self.relations.insert(name.clone());
            }
        }
    }
}

impl Fold {
    /// Whether an ALTER finds its object.
    fn alters_what_is_there(&mut self, declaration: &Declaration) -> bool {
        self.now.path = declaration.search_path.clone();
        self.now.span = declaration.span;
        match &declaration.statement {
            Statement::Alter { target, .. } => self.missing_altered(target, true).is_none(),
            _ => true,
        }
    }

    /// Takes note of every name in use, as if the catalog had been folded here.
    fn enter_names(&mut self) {
        let catalog = std::mem::take(&mut self.catalog);
        for table in catalog.tables.values() {
            self.enter_table(table);
        }
        for view in catalog.views.values() {
            let kind = match view.materialized {
                true => ObjectKind::MaterializedView,
                false => ObjectKind::View,
            };
            self.relations.insert(view.name.clone(), kind);
            for index in &view.indexes {
                self.enter_index(&view.name, index.name.as_str());
            }
        }
        let kinds = [
            (
                ObjectKind::Sequence,
                catalog.sequences.keys().collect::<Vec<_>>(),
            ),
            (ObjectKind::Composite, catalog.composites.keys().collect()),
            (
                ObjectKind::VirtualTable,
                catalog.virtual_tables.keys().collect(),
            ),
        ];
        for (kind, names) in kinds {
            let names = names.into_iter().map(|n| (n.clone(), kind));
            self.relations.extend(names);
        }
        self.catalog = catalog;
    }

    fn enter_table(&mut self, table: &Table) {
        let name = &table.name;
        self.relations.insert(name.clone(), ObjectKind::Table);
        for constraint in &table.constraints {
            let full = name.sibling(constraint.name.clone());
            if constraint.has_index() && self.dialect().names_constraints() {
                self.relations.insert(full.clone(), ObjectKind::Index);
            }
            self.constraint_names.insert(full);
        }
        for index in &table.indexes {
            self.enter_index(name, index.name.as_str());
        }
        for sequence in identity_sequences(table) {
            self.relations.insert(sequence.name, ObjectKind::Sequence);
        }
        let parents = table.partition_of.iter().map(|p| &p.parent);
        for parent in parents.chain(&table.inherits) {
            self.parents.insert(parent.clone());
        }
    }

    fn enter_index(&mut self, relation: &QualifiedName, index: &str) {
        let full = relation.sibling(index);
        self.relations.insert(full.clone(), ObjectKind::Index);
        self.index_owner.insert(full, relation.clone());
    }
}
