//! What the sources declare, known before anything is folded: the basis of name lookup.

use std::collections::HashSet;

use crate::dialect::is_builtin_type;
use crate::model::{Ident, Object, QualifiedName};
use crate::source::{AlterAction, Declaration, SearchPath, Statement};

/// Every name that some declaration creates.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) schemas: HashSet<Ident>,
    pub(super) relations: HashSet<QualifiedName>,
    pub(super) types: HashSet<QualifiedName>,
    pub(super) routines: HashSet<QualifiedName>,
    pub(super) has_extensions: bool,
    pub(super) wrappers: HashSet<Ident>,
    pub(super) servers: HashSet<Ident>,
}

impl Names {
    pub(super) fn of(declarations: &[Declaration]) -> Self {
        let mut names = Self::default();
        for declaration in declarations {
            match &declaration.statement {
                Statement::Create { object, .. } => names.add(object, &declaration.search_path),
                Statement::Alter {
                    target, actions, ..
                } => {
                    for action in actions {
                        names.add_moved(&target.name, action, &declaration.search_path);
                    }
                }
                _ => {}
            }
        }
        names
    }

    fn add(&mut self, object: &Object, path: &SearchPath) {
        let here = |name: &QualifiedName| created(name, path);
        match object {
            // What else the platform keeps in a schema of its own is not ours to know.
            Object::Schema(o) if o.external => {}
            Object::Schema(o) => {
                self.schemas.insert(o.name.clone());
            }
            Object::Extension(_) => self.has_extensions = true,
            Object::Enum(o) => self.add_type(here(&o.name)),
            Object::Domain(o) => self.add_type(here(&o.name)),
            Object::Range(o) => self.add_type(here(&o.name)),
            Object::ShellType(o) => self.add_type(here(&o.name)),
            Object::Composite(o) => {
                self.add_relation(here(&o.name));
            }
            Object::Table(o) => self.add_relation(here(&o.name)),
            Object::VirtualTable(o) => self.add_relation(here(&o.name)),
            Object::View(o) => self.add_relation(here(&o.name)),
            Object::Sequence(o) => {
                self.relations.insert(here(&o.name));
            }
            Object::Routine(o) => {
                self.routines.insert(here(&o.name));
            }
            Object::Aggregate(o) => {
                self.routines.insert(here(&o.name));
            }
            Object::ForeignDataWrapper(o) => {
                self.wrappers.insert(o.name.clone());
            }
            Object::ForeignServer(o) => {
                self.servers.insert(o.name.clone());
            }
            Object::Opaque(o) if o.kind.ends_with("table") => self.add_relation(here(&o.name)),
            _ => {}
        }
    }

    /// A name that RENAME or SET SCHEMA makes.
    fn add_moved(&mut self, from: &QualifiedName, action: &AlterAction, path: &SearchPath) {
        let from = created(from, path);
        let to = match action {
            AlterAction::Rename(name) => from.sibling(name.clone()),
            AlterAction::SetSchema(schema) => QualifiedName::new(schema.clone(), from.name.clone()),
            _ => return,
        };
        if self.relations.contains(&from) {
            self.relations.insert(to.clone());
        }
        if self.types.contains(&from) {
            self.types.insert(to.clone());
        }
        if self.routines.contains(&from) {
            self.routines.insert(to);
        }
    }

    fn add_type(&mut self, name: QualifiedName) {
        self.types.insert(name);
    }

    /// A relation is also a type: its row.
    fn add_relation(&mut self, name: QualifiedName) {
        self.types.insert(name.clone());
        self.relations.insert(name);
    }

    /// The relation that a name stands for; the first schema of the path where there is none.
    pub(super) fn relation(&self, name: &QualifiedName, path: &SearchPath) -> QualifiedName {
        lookup(&self.relations, name, path).unwrap_or_else(|| created(name, path))
    }

    pub(super) fn routine(&self, name: &QualifiedName, path: &SearchPath) -> Option<QualifiedName> {
        lookup(&self.routines, name, path)
    }

    pub(super) fn data_type(
        &self,
        name: &QualifiedName,
        path: &SearchPath,
    ) -> Option<QualifiedName> {
        lookup(&self.types, name, path)
    }

    /// Whether names in the schema are looked up strictly: somebody declared it.
    pub(super) fn declares(&self, schema: &str) -> bool {
        schema == "public" || self.schemas.contains(schema)
    }
}

fn lookup(
    set: &HashSet<QualifiedName>,
    name: &QualifiedName,
    path: &SearchPath,
) -> Option<QualifiedName> {
    if name.schema.is_some() {
        return set.contains(name).then(|| name.clone());
    }
    path.iter()
        .map(|schema| QualifiedName::new(schema.clone(), name.name.clone()))
        .find(|candidate| set.contains(candidate))
        .or_else(|| set.contains(name).then(|| name.clone()))
}

/// Where CREATE puts a name: as qualified, else into the first schema of the path.
pub(super) fn created(name: &QualifiedName, path: &SearchPath) -> QualifiedName {
    match (&name.schema, path.first()) {
        (None, Some(first)) => QualifiedName::new(first.clone(), name.name.clone()),
        _ => name.clone(),
    }
}

/// Whether the name is a type of the server itself, pseudo-types and serials included.
pub(super) fn is_known_type(name: &str) -> bool {
    is_builtin_type(name)
        || matches!(
            name,
            "bpchar"
                | "serial"
                | "serial2"
                | "serial4"
                | "serial8"
                | "bigserial"
                | "smallserial"
                | "int2vector"
                | "pg_ddl_command"
                | "anyelement"
                | "regrole"
                | "pg_dependencies"
                | "pg_mcv_list"
                | "pg_ndistinct"
                | "_text"
                | "_int4"
        )
}
