//! What every page needs to know, computed once a report: file names, who reads what, findings.

use std::collections::{BTreeMap, BTreeSet};

use super::text::{code, inline, link};
use crate::diagnostic::Diagnostic;
use crate::model::{DataType, Ident, ObjectId, ObjectKind, QualifiedName};
use crate::render::Report;
use crate::render::file_names::FileNames;
use crate::render::grouping::Groups;
use crate::render::mermaid::Target;
use crate::render::relations::Relations;

/// What links lead to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::render) enum Links {
    /// Files beside one another, one a table.
    Files,
    /// Anchors of one Markdown file: `#t-public.users`.
    OneFile,
    /// Anchors of one page: `#t=public.users`.
    Anchors,
}

/// Where a page stands, for links from it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::render) enum Place {
    /// `docs/`
    Top,
    /// `docs/tables/`
    Table,
    /// `docs/groups/`
    Group,
}

impl Place {
    fn to(self, path: &str) -> String {
        match (self, path.strip_prefix("tables/")) {
            (Self::Top, _) => path.to_owned(),
            (Self::Table, Some(sibling)) => sibling.to_owned(),
            _ => format!("../{path}"),
        }
    }
}

/// The report and what was computed from it.
pub(in crate::render) struct Context<'a> {
    pub(in crate::render) report: &'a Report<'a>,
    pub(in crate::render) relations: Relations<'a>,
    pub(in crate::render) groups: Groups,
    pub(super) target: Target,
    pub(super) links: Links,
    /// Paths below `docs/` of the tables that have a page.
    pages: BTreeMap<&'a QualifiedName, String>,
    /// Page and anchor of types.
    types: BTreeMap<&'a QualifiedName, String>,
    /// Page and anchor of views and routines, by their identity.
    anchors: BTreeMap<ObjectId, String>,
    /// Tables by their indexes.
    indexes: BTreeMap<QualifiedName, &'a QualifiedName>,
    /// Findings by table, in order.
    findings: BTreeMap<&'a QualifiedName, Vec<&'a Diagnostic>>,
    /// Partitions by their partitioned table.
    pub(super) partitions: BTreeMap<&'a QualifiedName, Vec<&'a QualifiedName>>,
    /// Views, functions and triggers by the table they read.
    readers: BTreeMap<&'a QualifiedName, BTreeSet<&'a ObjectId>>,
}

impl<'a> Context<'a> {
    pub(in crate::render) fn new(report: &'a Report<'a>, target: Target, links: Links) -> Self {
        let catalog = report.catalog;
        let relations = Relations::new(catalog);
        let groups = Groups::new(catalog, &relations);
        let mut partitions: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for table in catalog.tables.values() {
            if let Some(of) = &table.partition_of {
                partitions.entry(&of.parent).or_default().push(&table.name);
            }
        }
        let mut context = Self {
            report,
            relations,
            groups,
            target,
            links,
            pages: BTreeMap::new(),
            types: BTreeMap::new(),
            anchors: BTreeMap::new(),
            indexes: BTreeMap::new(),
            findings: BTreeMap::new(),
            partitions,
            readers: BTreeMap::new(),
        };
        context.name_pages();
        context.name_anchors();
        context.collect_findings();
        context.collect_readers();
        context
    }

    fn name_pages(&mut self) {
        let mut files = FileNames::default();
        let own = self.relations.nodes.iter().filter(|node| node.own);
        let own = own.map(|node| node.name);
        for name in own.chain(self.report.catalog.virtual_tables.keys()) {
            let file = files.of_name(name);
            let path = match self.links {
                Links::Files => format!("tables/{file}.md"),
                Links::OneFile => format!("#t-{file}"),
                Links::Anchors => format!("#t={file}"),
            };
            self.pages.insert(name, path);
        }
    }

    fn name_anchors(&mut self) {
        let catalog = self.report.catalog;
        let path = match self.links {
            Links::Files => |file: &str, _: &str, anchor: &str| format!("{file}#{anchor}"),
            Links::OneFile => |_: &str, kind: &str, anchor: &str| format!("#{kind}-{anchor}"),
            Links::Anchors => |_: &str, kind: &str, anchor: &str| format!("#{kind}={anchor}"),
        };
        let mut anchors = FileNames::default();
        for name in catalog.enums.keys() {
            let anchor = anchors.of_name(name);
            self.types.insert(name, path("enums.md", "e", &anchor));
        }
        let mut anchors = FileNames::default();
        let others = catalog.domains.keys().chain(catalog.composites.keys());
        for name in others.chain(catalog.ranges.keys()) {
            let anchor = anchors.of_name(name);
            self.types.insert(name, path("types.md", "y", &anchor));
        }
        let mut views = FileNames::default();
        let mut functions = FileNames::default();
        for (id, _) in catalog.objects() {
            let path = match id.kind {
                ObjectKind::View | ObjectKind::MaterializedView => {
                    path("views.md", "v", &views.of_name(&id.name))
                }
                ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
                    // Overloads share a name: the second one gets an anchor with a hash.
                    path("functions.md", "f", &functions.of_name(&id.name))
                }
                _ => continue,
            };
            self.anchors.insert(id, path);
        }
    }

    fn collect_findings(&mut self) {
        let catalog = self.report.catalog;
        for table in catalog.tables.values() {
            for index in &table.indexes {
                let name = table.name.sibling(index.name.clone());
                self.indexes.insert(name, &table.name);
            }
        }
        for finding in self.report.findings {
            let Some(id) = &finding.object else { continue };
            let table = match id.kind {
                ObjectKind::Index => self.indexes.get(&id.name).copied(),
                _ => catalog.tables.get_key_value(&id.name).map(|(name, _)| name),
            };
            if let Some(table) = table {
                self.findings.entry(table).or_default().push(finding);
            }
        }
    }

    fn collect_readers(&mut self) {
        let catalog = self.report.catalog;
        for (from, to) in self.report.graph.edges() {
            let is_table = matches!(to.kind, ObjectKind::Table | ObjectKind::VirtualTable);
            let reads = matches!(
                from.kind,
                ObjectKind::View
                    | ObjectKind::MaterializedView
                    | ObjectKind::Function
                    | ObjectKind::Procedure
            );
            if (is_table || to.kind == ObjectKind::Column)
                && reads
                && let Some((table, _)) = catalog.tables.get_key_value(&to.name)
            {
                self.readers.entry(table).or_default().insert(from);
            }
        }
    }

    pub(in crate::render) fn table_of_index(
        &self,
        index: &QualifiedName,
    ) -> Option<&QualifiedName> {
        self.indexes.get(index).copied()
    }

    pub(in crate::render) fn findings(&self, table: &QualifiedName) -> &[&'a Diagnostic] {
        self.findings.get(table).map_or(&[], Vec::as_slice)
    }

    pub(super) fn readers(&self, table: &QualifiedName) -> Vec<&'a ObjectId> {
        let readers = self.readers.get(table);
        readers.map_or_else(Vec::new, |ids| ids.iter().copied().collect())
    }

    /// The path of a table's page below `docs/`.
    pub(in crate::render) fn page(&self, table: &QualifiedName) -> Option<&str> {
        self.pages.get(table).map(String::as_str)
    }

    /// The anchor of a type, view or routine on its page.
    pub(in crate::render) fn anchor_of(&self, path: Option<&String>) -> String {
        let anchor = path.and_then(|path| path.split_once('#'));
        anchor.map_or_else(String::new, |(_, anchor)| anchor.to_owned())
    }

    pub(super) fn type_path(&self, name: &QualifiedName) -> Option<&String> {
        self.types.get(name)
    }

    pub(in crate::render) fn object_path(&self, id: &ObjectId) -> Option<&String> {
        self.anchors.get(id)
    }

    /// A name as people read it: without the schema where it is the default one.
    pub(in crate::render) fn display(&self, name: &QualifiedName) -> String {
        match name.schema.as_deref() {
            schema if schema == self.report.dialect.default_schema() => name.name.to_string(),
            _ => name.to_string(),
        }
    }

    /// A table, linked where it has a page, as prose.
    pub(in crate::render) fn table_link(&self, name: &QualifiedName, place: Place) -> String {
        self.linked(&inline(&self.display(name)), self.page(name), place)
    }

    /// `users.id`, linked to the table.
    pub(in crate::render) fn column_link(
        &self,
        table: &QualifiedName,
        columns: &[Ident],
        place: Place,
    ) -> String {
        let text = self.column_text(table, columns);
        self.linked(&inline(&text), self.page(table), place)
    }

    /// `users.id`.
    pub(in crate::render) fn column_text(
        &self,
        table: &QualifiedName,
        columns: &[Ident],
    ) -> String {
        let table = self.display(table);
        match columns {
            [] => table,
            [one] => format!("{table}.{one}"),
            more => format!("{table} ({})", crate::render::relations::join(more)),
        }
    }

    /// A view, routine or table, linked.
    pub(in crate::render) fn object_link(&self, id: &ObjectId, place: Place) -> String {
        let text = inline(&self.display(&id.name));
        let path = self.object_path(id).map(String::as_str);
        self.linked(&text, path.or_else(|| self.page(&id.name)), place)
    }

    /// The way from a page to one of those that list something: `enums`, `history`.
    pub(super) fn list_path(&self, list: &str, place: Place) -> String {
        match self.links {
            Links::Files => place.to(&format!("{list}.md")),
            _ => format!("#{list}"),
        }
    }

    /// The way back to the first page, where there is more than one.
    pub(super) fn home(&self, place: Place) -> String {
        match self.links {
            Links::Files => link("Schema", &place.to("README.md")),
            _ => String::new(),
        }
    }

    /// The page of a table, or the place of a view.
    pub(super) fn relation_path(&self, name: &QualifiedName) -> Option<String> {
        let view = || {
            let kinds = [ObjectKind::View, ObjectKind::MaterializedView].into_iter();
            let mut ids = kinds.map(|kind| ObjectId::new(kind, name.clone()));
            ids.find_map(|id| self.object_path(&id).cloned())
        };
        self.page(name).map(str::to_owned).or_else(view)
    }

    /// A table or view, linked.
    pub(super) fn relation_link(&self, name: &QualifiedName, place: Place) -> String {
        let path = self.relation_path(name);
        self.linked(&inline(&self.display(name)), path.as_deref(), place)
    }

    /// A type as people write it, linked where the schema defines it.
    pub(super) fn type_link(&self, data_type: &DataType, place: Place) -> String {
        let text = inline(&self.report.dialect.short_type(data_type));
        self.linked(
            &text,
            self.type_path(&data_type.name).map(String::as_str),
            place,
        )
    }

    pub(super) fn linked(&self, text: &str, path: Option<&str>, place: Place) -> String {
        match path {
            Some(path) if self.links != Links::Files => link(text, path),
            Some(path) => link(text, &place.to(path)),
            None => text.to_owned(),
        }
    }
}

/// Names as code, comma separated.
pub(super) fn codes(names: &[Ident]) -> String {
    let names: Vec<String> = names.iter().map(|name| code(name)).collect();
    names.join(", ")
}
