//! How the objects of a schema are spread over files.
//!
//! Invariants: every object has one file; what belongs to a relation stands in its file; the files
//! of one schema have names of their own on every file system.

use std::collections::BTreeMap;

use super::file_names::FileNames;
use crate::dialect::Dialect;
use crate::model::{Catalog, Ident, ObjectId, ObjectKind, QualifiedName};

/// How many files there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Split {
    /// One for everything.
    #[default]
    File,
    /// One a schema, and one for what stands outside of schemas.
    Schema,
    /// One a table, view and routine name, and one for each kind of the rest.
    Table,
}

/// Gives each object its file, without the file name's ending.
pub(super) struct Files<'a> {
    split: Split,
    catalog: &'a Catalog,
    default_schema: Option<&'static str>,
    /// Names that were given: by folder and object.
    given: BTreeMap<(&'static str, QualifiedName), String>,
    folders: BTreeMap<&'static str, FileNames>,
    /// The relation of each index.
    owners: BTreeMap<QualifiedName, QualifiedName>,
}

impl<'a> Files<'a> {
    pub(super) fn new(split: Split, catalog: &'a Catalog, dialect: Dialect) -> Self {
        let mut owners = BTreeMap::new();
        let tables = catalog.tables.iter().map(|(n, t)| (n, &t.indexes));
        let views = catalog.views.iter().map(|(n, v)| (n, &v.indexes));
        for (name, indexes) in tables.chain(views) {
            for index in indexes {
                owners.insert(name.sibling(index.name.clone()), name.clone());
            }
        }
        Self {
            split,
            catalog,
            default_schema: dialect.default_schema(),
            given: BTreeMap::new(),
            folders: BTreeMap::new(),
            owners,
        }
    }

    /// The path of the file that holds an object, relative and without an ending.
    pub(super) fn of(&mut self, id: &ObjectId) -> String {
        match self.split {
            Split::File => "schema".to_owned(),
            Split::Schema => self.of_schema(id),
            Split::Table => self.of_object(id),
        }
    }

    fn of_schema(&mut self, id: &ObjectId) -> String {
        let schema: Option<Ident> = match id.kind {
            ObjectKind::Kept | ObjectKind::DefaultPrivileges => None,
            ObjectKind::Schema => Some(id.name.name.clone()),
            _ => id.name.schema.clone(),
        };
        match schema {
            Some(schema) => {
                let name = QualifiedName::bare(schema);
                self.named("schemas", &name)
            }
            None => "database".to_owned(),
        }
    }

    fn of_object(&mut self, id: &ObjectId) -> String {
        let relation = self.owners.get(&id.name).unwrap_or(&id.name).clone();
        match id.kind {
            ObjectKind::Sequence => match self.owning_table(&id.name) {
                Some(table) => self.named("tables", &table),
                None => "sequences".to_owned(),
            },
            ObjectKind::Table
            | ObjectKind::VirtualTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Column
            | ObjectKind::Constraint
            | ObjectKind::Index
            | ObjectKind::Statistics
            | ObjectKind::Rule
            | ObjectKind::Trigger
            | ObjectKind::Policy => self.relation(&relation, id),
            ObjectKind::Function | ObjectKind::Procedure => self.named("functions", &id.name),
            kind => of_kind(kind).to_owned(),
        }
    }

    fn relation(&mut self, relation: &QualifiedName, id: &ObjectId) -> String {
        if id.kind == ObjectKind::Statistics
            && let Some(statistics) = self.catalog.statistics.get(&id.name)
        {
            let table = statistics.table.clone();
            return self.named("tables", &table);
        }
        if self.catalog.views.contains_key(relation) {
            self.named("views", relation)
        } else {
            self.named("tables", relation)
        }
    }

    fn owning_table(&self, sequence: &QualifiedName) -> Option<QualifiedName> {
        let sequence = self.catalog.sequences.get(sequence)?;
        let (table, _) = sequence.owned_by.as_ref()?;
        Some(table.clone())
    }

    fn named(&mut self, folder: &'static str, name: &QualifiedName) -> String {
        let key = (folder, name.clone());
        if let Some(given) = self.given.get(&key) {
            return given.clone();
        }
        let names = self.folders.entry(folder).or_default();
        let short = match &name.schema {
            Some(schema) if Some(&**schema) == self.default_schema => {
                QualifiedName::bare(name.name.clone())
            }
            _ => name.clone(),
        };
        let path = format!("{folder}/{}", names.of_name(&short));
        self.given.insert(key, path.clone());
        path
    }
}

/// The file of a kind that has few objects.
fn of_kind(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Schema | ObjectKind::Extension | ObjectKind::Language => "database",
        ObjectKind::ShellType
        | ObjectKind::Enum
        | ObjectKind::Domain
        | ObjectKind::Composite
        | ObjectKind::Range
        | ObjectKind::Collation => "types",
        ObjectKind::Aggregate => "aggregates",
        ObjectKind::Operator
        | ObjectKind::OperatorFamily
        | ObjectKind::OperatorClass
        | ObjectKind::AccessMethod
        | ObjectKind::Cast
        | ObjectKind::Conversion => "operators",
        ObjectKind::TextSearch => "text_search",
        ObjectKind::ForeignDataWrapper | ObjectKind::ForeignServer | ObjectKind::UserMapping => {
            "foreign_data"
        }
        ObjectKind::EventTrigger => "event_triggers",
        ObjectKind::Publication | ObjectKind::Subscription => "replication",
        // Behind everything else also where the files are run in the order of their names.
        ObjectKind::DefaultPrivileges => "zz_default_privileges",
        ObjectKind::Kept => "data",
        _ => "others",
    }
}
