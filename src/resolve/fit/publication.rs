//! What a publication cannot publish, or publishes already.
//!
//! Source: `check_publication_add_relation` in src/backend/catalog/pg_publication.c, `AlterPublication` and
//! `CheckPubRelationColumnList` in src/backend/commands/publicationcmds.c.

use super::text::Place;
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::expr::{ReferenceKind, references_of_expression};
use crate::model::{
    Ident, ObjectKind, Persistence, Publication, PublicationTable, QualifiedName, Table,
};
use crate::resolve::fold::Fold;
use crate::source::{AlterAction, Target};

/// The columns that every table has.
pub(super) const SYSTEM: [&str; 6] = ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"];

impl Fold {
    pub(super) fn unfit_publication(&self, publication: &Publication) -> Option<Diagnostic> {
        let options = publication.options.iter();
        self.unfit_publication_options(options.map(|(n, v)| (&**n, &**v)))
            .or_else(|| self.unfit_published(publication, !publication.schemas.is_empty()))
    }

    pub(super) fn unfit_publication_change(
        &self,
        target: &Target,
        action: &AlterAction,
    ) -> Option<Diagnostic> {
        let name = &target.name.name;
        let found = self.catalog.publications.get(name)?;
        match action {
            AlterAction::Rename(to) => {
                let taken = to != name && self.catalog.publications.contains_key(to);
                taken.then(|| self.taken("publication", to))
            }
            AlterAction::SetStorage(pairs) => {
                self.unfit_publication_options(pairs.iter().map(|(n, v)| (&**n, &**v)))
            }
            AlterAction::Publication { publication, .. } if found.all_tables => {
                let named = !publication.tables.is_empty() || !publication.schemas.is_empty();
                named.then_some(())?;
                self.cannot(
                    format!("publication `{name}` is for all tables"),
                    "drop it, and create it for some",
                )
            }
            AlterAction::Publication { verb, publication } => match &**verb {
                "ADD" => self.unfit_addition(found, publication),
                "DROP" => self.unfit_removal(found, publication),
                _ => self.unfit_published(publication, !publication.schemas.is_empty()),
            },
            _ => None,
        }
    }

    fn unfit_addition(&self, found: &Publication, added: &Publication) -> Option<Diagnostic> {
        let of = |name: &QualifiedName| found.tables.iter().any(|t| t.name == *name);
        for table in &added.tables {
            let name = self.relation_name(&table.name);
            if of(&name) {
                return self.cannot(
                    format!("publication `{}` has table `{name}` already", found.name),
                    "leave it out, or SET what it has",
                );
            }
        }
        let mut schemas = added.schemas.iter();
        if let Some(schema) = schemas.find(|s| found.schemas.contains(s)) {
            return self.cannot(
                format!("publication `{}` has schema `{schema}` already", found.name),
                "leave it out",
            );
        }
        let lists = found.tables.iter().any(|t| !t.columns.is_empty());
        if lists && !added.schemas.is_empty() {
            return self.no_columns_beside_schemas(&found.name);
        }
        self.unfit_published(
            added,
            !found.schemas.is_empty() || !added.schemas.is_empty(),
        )
    }

    fn unfit_removal(&self, found: &Publication, gone: &Publication) -> Option<Diagnostic> {
        for table in &gone.tables {
            let name = self.relation_name(&table.name);
            if !found.tables.iter().any(|t| t.name == name) {
                return self.not_published(&found.name, &name.to_string());
            }
        }
        let mut schemas = gone.schemas.iter();
        let missing = schemas.find(|s| !found.schemas.contains(s))?;
        self.not_published(&found.name, missing)
    }

    fn not_published(&self, publication: &Ident, what: &str) -> Option<Diagnostic> {
        self.cannot(
            format!("publication `{publication}` does not have `{what}`"),
            "leave it out",
        )
    }

    fn no_columns_beside_schemas(&self, publication: &Ident) -> Option<Diagnostic> {
        self.cannot(
            format!("publication `{publication}` has schemas, and tables of some columns"),
            "publish the tables whole, or each by its name",
        )
    }

    fn unfit_published(&self, publication: &Publication, schemas: bool) -> Option<Diagnostic> {
        publication.tables.iter().find_map(|published| {
            if schemas && !published.columns.is_empty() {
                return self.no_columns_beside_schemas(&publication.name);
            }
            self.unfit_published_table(published)
        })
    }

    fn unfit_published_table(&self, published: &PublicationTable) -> Option<Diagnostic> {
        let (name, kind) = self.relation_kind(&published.name)?;
        let table = self.catalog.tables.get(&name);
        let why = match table {
            None => Some(format!("it is a {kind}")),
            Some(t) if t.foreign.is_some() => Some("it is a foreign table".to_owned()),
            Some(t) if t.persistence != Persistence::Permanent => {
                Some("it is not logged".to_owned())
            }
            Some(_) => None,
        };
        if let Some(why) = why {
            return self.cannot(
                format!("`{name}` cannot be published: {why}"),
                "leave it out",
            );
        }
        self.unfit_published_columns(table?, published)
            .or_else(|| self.unfit_filter(table?, published))
    }

    fn unfit_published_columns(
        &self,
        table: &Table,
        published: &PublicationTable,
    ) -> Option<Diagnostic> {
        let columns = &published.columns;
        columns.iter().enumerate().find_map(|(n, column)| {
            let generated = |c: &Ident| table.column(c).is_some_and(|c| c.generated.is_some());
            let why = if columns[..n].contains(column) {
                "it is there twice"
            } else if SYSTEM.contains(&column.as_str()) {
                "it is a system column"
            } else if self.version.major < 18 && generated(column) {
                "it is generated"
            } else {
                return self.missing_column(&table.name, column, &Default::default());
            };
            self.cannot(
                format!(
                    "column `{column}` of `{}` cannot be published: {why}",
                    table.name
                ),
                "leave it out",
            )
        })
    }

    /// A filter reads columns, and calls what the server brings along.
    fn unfit_filter(&self, table: &Table, published: &PublicationTable) -> Option<Diagnostic> {
        let filter = self.qualify(published.filter.as_ref()?);
        let place = Place::of("the filter of a publication");
        let unfit = self.unfit_condition(&filter, place, |r, t| r.type_of_columns(&table.name, t));
        let unfit = unfit.or_else(|| self.unfit_computed(&filter, place, &[]));
        unfit.or_else(|| {
            let references = references_of_expression(filter.text(), Dialect::Postgres);
            references.iter().find_map(|r| {
                let own = r.kind == ReferenceKind::Function
                    && self.names.routine(&r.name, &self.now.path).is_some();
                let system = r.kind == ReferenceKind::Column
                    && SYSTEM.contains(&r.name.name.as_str())
                    && table.column(&r.name.name).is_none();
                let what = match (own, system) {
                    (true, _) => "a function that is not the server's own",
                    (_, true) => "a system column",
                    _ => return None,
                };
                self.cannot(
                    format!("the filter of a publication reads `{}`, {what}", r.name),
                    "filter by columns, operators and functions of the server",
                )
            })
        })
    }

    fn unfit_publication_options<'p>(
        &self,
        mut options: impl Iterator<Item = (&'p str, &'p str)>,
    ) -> Option<Diagnostic> {
        const COMMANDS: [&str; 4] = ["insert", "update", "delete", "truncate"];
        options.find_map(|(name, value)| {
            let plain = value.trim_matches('\'');
            let fits = match name {
                "publish" => {
                    let mut words = plain.split(',').map(str::trim).filter(|w| !w.is_empty());
                    words.all(|w| COMMANDS.contains(&w))
                }
                "publish_via_partition_root" => super::parameter::is_boolean(plain),
                "publish_generated_columns" => self.version.major >= 18,
                _ => false,
            };
            if fits {
                return None;
            }
            self.cannot(
                format!("a publication cannot have `{name} = {value}`"),
                "it has publish and publish_via_partition_root",
            )
        })
    }

    pub(super) fn taken(&self, kind: &str, name: &str) -> Diagnostic {
        Diagnostic::error(
            "resolve/duplicate",
            format!("{kind} `{name}` exists already"),
        )
        .at(self.now.span, "in this statement")
        .help("choose a name that is free, or rename or drop the other one first")
    }

    /// A table that its own publications would no longer find.
    pub(super) fn is_published(&self, table: &QualifiedName) -> Option<&Ident> {
        let mut publications = self.catalog.publications.values();
        let of = |p: &&Publication| p.tables.iter().any(|t| t.name == *table);
        publications.find(of).map(|p| &p.name)
    }

    pub(super) fn taken_statistics(
        &self,
        target: &Target,
        action: &AlterAction,
    ) -> Option<Diagnostic> {
        let AlterAction::Rename(to) = action else {
            return None;
        };
        let name = crate::resolve::names::created(&target.name, &self.now.path).sibling(to.clone());
        let taken = self.catalog.statistics.contains_key(&name);
        taken.then(|| self.taken("statistics", &name.to_string()))
    }

    pub(super) fn unfit_statistics(
        &self,
        statistics: &crate::model::Statistics,
    ) -> Option<Diagnostic> {
        let (name, kind) = self.relation_kind(&statistics.table)?;
        let told = |why: &str, help: &str| {
            self.cannot(
                format!("statistics `{}` cannot be: {why}", statistics.name),
                help,
            )
        };
        if !matches!(kind, ObjectKind::Table | ObjectKind::MaterializedView) {
            return told(&format!("`{name}` is a {kind}"), "name a table");
        }
        const KINDS: [&str; 3] = ["ndistinct", "dependencies", "mcv"];
        let mut kinds = statistics.kinds.iter();
        if let Some(unknown) = kinds.find(|k| !KINDS.contains(&&***k)) {
            let why = format!("there is no kind {unknown}");
            return told(&why, "the kinds are ndistinct, dependencies and mcv");
        }
        let elements = &statistics.elements;
        let plain = |text: &str| !text.contains('(');
        let (one, first) = (elements.len() == 1, elements.first()?.text());
        if one && plain(first) {
            return told("they are of one column", "name two at least");
        }
        if one && !statistics.kinds.is_empty() {
            return told(
                "those of one expression have no kind",
                "leave the kinds out",
            );
        }
        for (n, element) in elements.iter().enumerate() {
            if elements[..n].iter().any(|e| e.text() == element.text()) {
                return told("one element is there twice", "name it once");
            }
            if SYSTEM.contains(&element.text()) {
                return told("system columns have none", "leave them out");
            }
        }
        None
    }
}
