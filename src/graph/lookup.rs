//! From names in declarations to the objects of a catalog.

use std::collections::HashMap;

use crate::dialect::{Dialect, identity_sequence};
use crate::model::{DataType, Ident, Index, ObjectId, ObjectKind, ObjectRef, QualifiedName, Table};

/// Objects by name; values are positions in the list of objects.
pub(super) struct Lookup<'a> {
    pub(super) dialect: Dialect,
    default_schema: Option<Ident>,
    by_id: HashMap<&'a ObjectId, usize>,
    relations: HashMap<&'a QualifiedName, usize>,
    types: HashMap<&'a QualifiedName, usize>,
    routines: HashMap<&'a QualifiedName, Vec<usize>>,
    /// Unique indexes that a foreign key may rest on, by table.
    pub(super) unique_indexes: HashMap<&'a QualifiedName, Vec<usize>>,
    partitioned: HashMap<&'a QualifiedName, &'a Table>,
    /// Operator classes that are the default of a type, by type and method.
    default_classes: HashMap<(&'a QualifiedName, &'a Ident), usize>,
    tables: HashMap<&'a QualifiedName, &'a Table>,
    /// The tables that have sequences behind identity columns, which are no objects of their own.
    identities: HashMap<QualifiedName, usize>,
    /// The tables that own sequences.
    owners: HashMap<usize, &'a QualifiedName>,
    /// The tables that partitions are partitions of.
    partition_of: HashMap<&'a QualifiedName, &'a QualifiedName>,
    /// Partitions, by the table they are partitions of.
    pub(super) partitions: HashMap<&'a QualifiedName, Vec<usize>>,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(objects: &'a [(ObjectId, ObjectRef<'a>)], dialect: Dialect) -> Self {
        let mut lookup = Self {
            dialect,
            default_schema: dialect.default_schema().map(Ident::new),
            by_id: HashMap::with_capacity(objects.len()),
            relations: HashMap::new(),
            types: HashMap::new(),
            routines: HashMap::new(),
            unique_indexes: HashMap::new(),
            partitions: HashMap::new(),
            partitioned: HashMap::new(),
            partition_of: HashMap::new(),
            default_classes: HashMap::new(),
            tables: HashMap::new(),
            owners: HashMap::new(),
            identities: HashMap::new(),
        };
        for (n, (id, object)) in objects.iter().enumerate() {
            lookup.by_id.insert(id, n);
            match id.kind {
                ObjectKind::Table
                | ObjectKind::VirtualTable
                | ObjectKind::View
                | ObjectKind::MaterializedView
                | ObjectKind::Composite => {
                    lookup.relations.insert(&id.name, n);
                    lookup.types.insert(&id.name, n);
                }
                ObjectKind::Sequence => {
                    lookup.relations.insert(&id.name, n);
                }
                ObjectKind::Opaque
                    if id
                        .signature
                        .as_deref()
                        .is_some_and(|s| s.ends_with("table")) =>
                {
                    lookup.relations.entry(&id.name).or_insert(n);
                    lookup.types.entry(&id.name).or_insert(n);
                }
                kind if kind.is_type() => {
                    lookup.types.insert(&id.name, n);
                }
                ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
                    lookup.routines.entry(&id.name).or_default().push(n);
                }
                _ => {}
            }
            if let ObjectRef::Table(table) = object
                && let Some(partition) = &table.partition_of
            {
                lookup.partition_of.insert(&table.name, &partition.parent);
                lookup
                    .partitions
                    .entry(&partition.parent)
                    .or_default()
                    .push(n);
            }
            if let ObjectRef::Table(table) = object
                && table.partition_by.is_some()
            {
                lookup.partitioned.insert(&table.name, table);
            }
            if let ObjectRef::OperatorClass(class) = object
                && class.default
            {
                let key = (&class.data_type.name, &class.method);
                lookup.default_classes.insert(key, n);
            }
            if let ObjectRef::Table(table) = object {
                lookup.tables.insert(&table.name, table);
                let identities = table.columns.iter().filter(|c| c.identity.is_some());
                let names = identities.map(|c| (identity_sequence(&table.name, c), n));
                lookup.identities.extend(names);
            }
            if let ObjectRef::Sequence(sequence) = object
                && let Some((table, _)) = &sequence.owned_by
            {
                lookup.owners.insert(n, table);
            }
            if let ObjectRef::Index(relation, index) = object
                && index.unique
            {
                lookup.unique_indexes.entry(relation).or_default().push(n);
            }
        }
        lookup
    }

    /// Indexes of the parent that would take this one of a partition for a part of theirs, were it
    /// there before them.
    pub(super) fn takers(&self, partition: &QualifiedName, index: &Index) -> Vec<usize> {
        let parent = self.partition_of.get(partition);
        let parent = parent.and_then(|p| self.partitioned.get(*p));
        let indexes = parent.into_iter().flat_map(|p| {
            let equal = p.indexes.iter().filter(|i| i.does_the_same(index));
            equal.map(|i| ObjectId::index(&p.name.sibling(i.name.clone())))
        });
        indexes.filter_map(|id| self.id(&id)).collect()
    }

    /// The operator class that is the default of a column's type.
    pub(super) fn default_class(
        &self,
        relation: &QualifiedName,
        column: &Ident,
        method: &Ident,
    ) -> Option<usize> {
        if self.default_classes.is_empty() {
            return None;
        }
        let column = self.tables.get(relation)?.column(column)?;
        let key = (&column.data_type.name, method);
        self.default_classes.get(&key).copied()
    }

    pub(super) fn id(&self, id: &ObjectId) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    pub(super) fn relation(&self, name: &QualifiedName) -> Option<usize> {
        let found = |n: &QualifiedName| self.relations.get(n).or_else(|| self.identities.get(n));
        self.with_default(name, |n| found(n).copied())
    }

    /// The table that a sequence goes with.
    pub(super) fn owner(&self, sequence: usize) -> Option<usize> {
        let owner = self.owners.get(&sequence)?;
        self.relations.get(*owner).copied()
    }

    /// The type itself, not an array of it.
    pub(super) fn data_type(&self, data_type: &DataType) -> Option<usize> {
        self.type_name(&data_type.name)
    }

    pub(super) fn type_name(&self, name: &QualifiedName) -> Option<usize> {
        self.with_default(name, |n| self.types.get(n).copied())
    }

    /// Every overload of a name.
    pub(super) fn routines(&self, name: &QualifiedName) -> &[usize] {
        let found = self.with_default(name, |n| self.routines.get(n));
        found.map_or(&[], Vec::as_slice)
    }

    fn with_default<T>(
        &self,
        name: &QualifiedName,
        get: impl Fn(&QualifiedName) -> Option<T>,
    ) -> Option<T> {
        get(name).or_else(|| {
            let schema = self
                .default_schema
                .clone()
                .filter(|_| name.schema.is_none())?;
            get(&QualifiedName {
                schema: Some(schema),
                name: name.name.clone(),
            })
        })
    }
}
