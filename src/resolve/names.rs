//! What the sources declare, known before anything is folded: the basis of name lookup.

use std::collections::HashSet;

use crate::dialect::{
    Dialect, extension_of_type, identity_sequence, is_builtin_type, known_extension,
    required_extension, serial_integer,
};
use crate::model::{Catalog, Column, Ident, Object, ObjectKind, QualifiedName, RangeType};
use crate::source::{AlterAction, Declaration, SearchPath, Statement};

/// Every name that some declaration creates.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) schemas: HashSet<Ident>,
    pub(super) relations: HashSet<QualifiedName>,
    pub(super) types: HashSet<QualifiedName>,
    pub(super) routines: HashSet<QualifiedName>,
    /// Collations, operator classes, text search objects, with the word for their kind.
    others: HashSet<(ObjectKind, &'static str, QualifiedName)>,
    /// The classes that index a type by themselves: the method, the type, the class.
    pub(super) default_classes: Vec<(Ident, Ident, QualifiedName)>,
    pub(super) extensions: HashSet<Ident>,
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
                        if let AlterAction::AddColumn { column, .. } = action {
                            let table = created(&target.name, &declaration.search_path);
                            names.add_sequences(&table, [&**column]);
                        }
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
            Object::Extension(o) => {
                self.extensions.insert(o.name.clone());
            }
            Object::Enum(o) => self.add_type(here(&o.name)),
            Object::Domain(o) => self.add_type(here(&o.name)),
            Object::Range(o) => {
                let range = here(&o.name);
                self.add_type(multirange_of(o, &range));
                self.add_type(range);
            }
            Object::ShellType(o) => self.add_type(here(&o.name)),
            Object::Composite(o) => {
                self.add_relation(here(&o.name));
            }
            Object::Table(o) => {
                let table = here(&o.name);
                self.add_sequences(&table, o.columns.iter());
                self.add_relation(table);
            }
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
            Object::Collation(o) => {
                let key = (ObjectKind::Collation, "", here(&o.name));
                self.others.insert(key);
            }
            Object::OperatorClass(o) => {
                let key = (ObjectKind::OperatorClass, "", here(&o.name));
                self.others.insert(key);
                if o.default {
                    let data_type = o.data_type.name.name.clone();
                    let class = (o.method.clone(), data_type, here(&o.name));
                    self.default_classes.push(class);
                }
            }
            Object::TextSearch(o) => {
                let key = (ObjectKind::TextSearch, o.kind.as_sql(), here(&o.name));
                self.others.insert(key);
            }
            Object::Opaque(o) if o.kind.ends_with("table") => self.add_relation(here(&o.name)),
            _ => {}
        }
    }

    pub(super) fn has_extensions(&self) -> bool {
        !self.extensions.is_empty()
    }

    /// Whether one of the extensions brings a type of the name, or may.
    pub(super) fn brings_type(&self, name: &str) -> bool {
        let by = extension_of_type(name);
        let brings = |extension: &Ident| {
            let known = known_extension(extension).filter(|e| !e.brings_relations);
            let needed = required_extension(extension);
            known.is_none() || by.is_some_and(|by| *extension == *by || needed == Some(by))
        };
        self.extensions.iter().any(brings)
    }

    /// What a catalog has of what is none of the other kinds.
    pub(super) fn add_others(&mut self, catalog: &Catalog) {
        let collations = catalog.collations.keys();
        let collations = collations.map(|n| (ObjectKind::Collation, "", n.clone()));
        let classes = catalog.operator_classes.keys();
        let classes = classes.map(|(n, _)| (ObjectKind::OperatorClass, "", n.clone()));
        let text_search = catalog.text_search.keys();
        let text_search =
            text_search.map(|(kind, n)| (ObjectKind::TextSearch, kind.as_sql(), n.clone()));
        self.others
            .extend(collations.chain(classes).chain(text_search));
    }

    /// The names that RENAME and SET SCHEMA make of those that are known by now.
    pub(super) fn add_moves(&mut self, declarations: &[Declaration]) {
        for declaration in declarations {
            if let Statement::Alter {
                target, actions, ..
            } = &declaration.statement
            {
                for action in actions {
                    self.add_moved(&target.name, action, &declaration.search_path);
                }
            }
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
            self.routines.insert(to.clone());
        }
        let same = self.others.iter().filter(|(_, _, name)| *name == from);
        let same: Vec<_> = same.map(|(kind, word, _)| (*kind, *word)).collect();
        let moved = same
            .into_iter()
            .map(|(kind, word)| (kind, word, to.clone()));
        self.others.extend(moved);
    }

    /// The sequences that columns bring.
    fn add_sequences<'c>(
        &mut self,
        table: &QualifiedName,
        columns: impl IntoIterator<Item = &'c Column>,
    ) {
        let numbers = |c: &&Column| c.identity.is_some() || serial_integer(&c.data_type).is_some();
        let numbered = columns.into_iter().filter(numbers);
        let names = numbered.map(|c| identity_sequence(table, c));
        self.relations.extend(names);
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

    /// The same of what is none of these.
    pub(super) fn named(
        &self,
        kind: ObjectKind,
        word: &'static str,
        name: &QualifiedName,
        path: &SearchPath,
    ) -> Option<QualifiedName> {
        if self.others.is_empty() {
            return None;
        }
        let declared = |n: &QualifiedName| self.others.contains(&(kind, word, n.clone()));
        let schemas = path.iter().cloned();
        let mut names = schemas.map(|schema| QualifiedName::new(schema, name.name.clone()));
        names.find(declared)
    }

    /// Whether somebody declares it, by its full name.
    pub(super) fn has(&self, kind: ObjectKind, word: &'static str, name: &QualifiedName) -> bool {
        self.others.contains(&(kind, word, name.clone()))
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

/// The multirange types of the ranges of a catalog.
pub(super) fn multiranges(catalog: &Catalog) -> impl Iterator<Item = QualifiedName> {
    let ranges = catalog.ranges.values();
    ranges.map(|range| multirange_of(range, &range.name))
}

/// The type of several ranges that the server makes beside the range type (typecmds.c,
/// `makeMultirangeTypeName`), where it is not named.
pub(super) fn multirange_of(range: &RangeType, name: &QualifiedName) -> QualifiedName {
    let said = range.options.get("multirange_type_name");
    let said = said.and_then(|said| crate::expr::name_of(said.text(), Dialect::Postgres));
    match said {
        Some(said) if said.schema.is_some() => said,
        Some(said) => name.sibling(said.name),
        None => name.sibling(multirange_name(&name.name)),
    }
}

/// `intmultirange` of `intrange`, else `x_multirange` of `x`.
pub(super) fn multirange_name(range: &str) -> String {
    match range.split_once("range") {
        Some((before, after)) => format!("{before}multirange{after}"),
        None => format!("{range}_multirange"),
    }
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
