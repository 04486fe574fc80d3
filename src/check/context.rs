//! What a rule sees: the catalog, where its objects are declared, and the rule's own settings.

use std::ops::Deref;

use super::{Relations, Ruling, Suppression};
use crate::diagnostic::{Diagnostic, Facet, SourceMap, Span};
use crate::dialect::{Dialect, TargetVersion};
use crate::graph::Graph;
use crate::model::{Catalog, Column, Notes, ObjectId, ObjectKind, QualifiedName, Table};

/// The view of one rule on one run.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub catalog: &'a Catalog,
    pub graph: &'a Graph,
    pub source_map: &'a SourceMap,
    pub dialect: Dialect,
    pub version: TargetVersion,
    pub relations: &'a Relations<'a>,
    pub(super) ruling: Ruling<'a>,
    pub(super) suppressions: &'a [Suppression],
}

impl<'a> Context<'a> {
    /// The tables that this schema owns: those of external schemas are left out.
    pub fn tables(&self) -> impl Iterator<Item = &'a Table> + use<'a> {
        let catalog = self.catalog;
        catalog
            .tables
            .iter()
            .filter(|(name, _)| !catalog.is_external(name))
            .map(|(_, table)| table)
    }

    /// Every column of [`Self::tables`] that is declared there, not inherited, with its table.
    pub fn columns(&self) -> impl Iterator<Item = (&'a Table, &'a Column)> + use<'a> {
        self.tables()
            .flat_map(|t| t.columns.iter().map(move |c| (t, c)))
            .filter(|(_, column)| !column.inherited)
    }

    /// The table of a name, external ones included.
    pub fn table(&self, name: &QualifiedName) -> Option<&'a Table> {
        self.catalog.tables.get(name)
    }

    /// What the author says about a column.
    pub fn column_notes(&self, table: &Table, column: &Column) -> Option<&'a Notes> {
        self.catalog
            .notes(&ObjectId::column(&table.name, &column.name))
    }

    /// What was allowed and what became of it; empty but for the rules of the `meta` group.
    pub(super) fn suppressions(&self) -> &'a [Suppression] {
        self.suppressions
    }

    /// A finding about an object, shown at its name.
    pub fn finding(&self, object: ObjectId, headline: impl Into<String>) -> Diagnostic {
        self.finding_at(object, Facet::Name, headline, "")
    }

    /// A finding about an object, shown at one of its facets with a short text beside it.
    ///
    /// The rule may change the severity for what is graver or lighter than usual; a level that the
    /// user configured wins over both.
    pub fn finding_at(
        &self,
        object: ObjectId,
        facet: Facet,
        headline: impl Into<String>,
        label: impl Into<String>,
    ) -> Diagnostic {
        let mut diagnostic = self.finding_anywhere(headline);
        if let Some(span) = self.span(&object, facet) {
            diagnostic = diagnostic.at(span, label);
        }
        diagnostic.about(object)
    }

    /// The position of a facet of an object, else of the object, else of what it is a part of.
    pub fn span(&self, object: &ObjectId, facet: Facet) -> Option<Span> {
        self.source_map
            .get(object, facet)
            .or_else(|| self.source_map.get(object, Facet::Name))
            .or_else(|| self.span_of_columns(object))
            .or_else(|| self.source_map.of(object))
            .or_else(|| self.span_of_relation(object))
    }

    /// A constraint that is written within its table, without a position of its own, stands at its
    /// first column: the whole table would be no place to look at.
    fn span_of_columns(&self, object: &ObjectId) -> Option<Span> {
        if object.kind != ObjectKind::Constraint {
            return None;
        }
        let table = self.table(&object.name)?;
        let whole = |id: &ObjectId| self.source_map.get(id, Facet::Whole);
        let own = whole(object);
        if own.is_some() && own != whole(&ObjectId::table(&table.name)) {
            return None;
        }
        let constraint = table.constraint(object.member.as_ref()?)?;
        let column = constraint.columns().first()?;
        self.source_map.of(&ObjectId::column(&table.name, column))
    }

    fn span_of_relation(&self, object: &ObjectId) -> Option<Span> {
        let relation = match object.kind {
            ObjectKind::Index => self.relations.relation_of_index(&object.name)?,
            _ => &object.name,
        };
        [
            ObjectKind::Table,
            ObjectKind::View,
            ObjectKind::MaterializedView,
            ObjectKind::Domain,
        ]
        .into_iter()
        .find_map(|kind| self.source_map.of(&ObjectId::new(kind, relation.clone())))
    }
}

/// Its settings are a rule's own as well.
impl<'a> Deref for Context<'a> {
    type Target = Ruling<'a>;

    fn deref(&self) -> &Ruling<'a> {
        &self.ruling
    }
}
