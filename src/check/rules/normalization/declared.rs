//! The functional dependencies of a table: those that its author declares, those of its keys, and
//! those of generated columns.

use std::collections::BTreeMap;

use crate::check::access_path::access_paths;
use crate::check::normal_form::{Analysis, AttributeSet, Dependencies, Dependency};
use crate::check::rules::remedy::in_words;
use crate::check::{Context, access_path::AccessPath};
use crate::diagnostic::{Diagnostic, Facet};
use crate::expr::{ReferenceKind, references_of_expression};
use crate::model::{FunctionalDependency, Ident, ObjectId, ObjectKind, Table};

/// A table whose author declares dependencies. Attributes are the numbers of its columns.
pub(super) struct Declared<'a> {
    pub(super) table: &'a Table,
    pub(super) notes: &'a [FunctionalDependency],
    /// By entry of the notes; `None` where it names a column that is not there.
    pub(super) declared: Vec<Option<Dependency>>,
    /// Of keys and generated columns.
    pub(super) given: Vec<Dependency>,
    /// Generated columns: nothing is reported about them, they are computed and cannot differ.
    generated: AttributeSet,
    /// The primary key, else another key, else all columns.
    pub(super) superkey: AttributeSet,
}

/// Every table with declared dependencies.
pub(super) fn tables<'a>(cx: &Context<'a>) -> Vec<Declared<'a>> {
    let catalog = cx.catalog;
    let with = catalog
        .notes
        .iter()
        .filter(|(id, notes)| id.kind == ObjectKind::Table && !notes.dependencies.is_empty());
    with.filter(|(id, _)| !catalog.is_external(&id.name))
        .filter_map(|(id, notes)| Some((cx.table(&id.name)?, notes)))
        .map(|(table, notes)| Declared::new(cx, table, &notes.dependencies))
        .collect()
}

impl<'a> Declared<'a> {
    fn new(cx: &Context<'_>, table: &'a Table, notes: &'a [FunctionalDependency]) -> Self {
        let numbers: BTreeMap<&str, usize> = (0..)
            .zip(&table.columns)
            .map(|(n, c)| (c.name.as_str(), n))
            .collect();
        let set = |names: &[Ident]| {
            let members = names.iter().map(|n| numbers.get(n.as_str()).copied());
            members.collect::<Option<AttributeSet>>()
        };
        // What is denormalized on purpose depends on the key only, as far as we are concerned.
        let denormalized: AttributeSet = super::denormalized(cx, table)
            .into_iter()
            .filter_map(|name| numbers.get(name.as_str()).copied())
            .collect();
        let declared = notes.iter().map(|d| {
            let to = set(&d.to)?.difference(&denormalized);
            Some(Dependency {
                from: set(&d.from)?,
                to,
            })
        });
        let declared = declared.collect();
        let mut this = Self {
            table,
            notes,
            declared,
            given: Vec::new(),
            generated: AttributeSet::new(),
            superkey: AttributeSet::all(table.columns.len()),
        };
        this.add_keys(&set);
        this.add_generated(cx, &numbers);
        this
    }

    /// The first key determines every column, and every further one the first.
    fn add_keys(&mut self, set: &impl Fn(&[Ident]) -> Option<AttributeSet>) {
        let mut first: Option<AttributeSet> = None;
        for path in access_paths(self.table)
            .iter()
            .filter(|p| tells_rows_apart(p))
        {
            let columns: Option<Vec<Ident>> = path
                .plain_columns()
                .map(|list| list.into_iter().cloned().collect());
            let Some(key) = columns.and_then(|list| set(&list)) else {
                continue;
            };
            let to = match &first {
                Some(first) => first.clone(),
                None => AttributeSet::all(self.table.columns.len()),
            };
            if first.is_none() {
                first = Some(key.clone());
                self.superkey = key.clone();
            }
            self.given.push(Dependency { from: key, to });
        }
    }

    fn add_generated(&mut self, cx: &Context<'_>, numbers: &BTreeMap<&str, usize>) {
        for (number, column) in self.table.columns.iter().enumerate() {
            let Some(generated) = &column.generated else {
                continue;
            };
            let from = references_of_expression(generated.expression.text(), cx.dialect)
                .iter()
                .filter(|r| r.kind == ReferenceKind::Column)
                .filter_map(|r| numbers.get(r.name.name.as_str()).copied())
                .collect();
            self.given.push(Dependency {
                from,
                to: AttributeSet::from_iter([number]),
            });
            self.generated.insert(number);
        }
    }

    /// The declared dependencies that name columns of the table, with those that are given.
    pub(super) fn dependencies(&self) -> Dependencies {
        let declared = self.declared.iter().flatten();
        Dependencies::new(declared.chain(&self.given).cloned().collect())
    }

    pub(super) fn analysis(&self) -> Analysis {
        Analysis::new(
            self.table.columns.len(),
            &self.dependencies(),
            self.generated.clone(),
        )
    }

    /// The columns of a set, in their order.
    pub(super) fn names(&self, set: &AttributeSet) -> Vec<&'a str> {
        let columns = &self.table.columns;
        set.iter()
            .filter_map(|n| columns.get(n))
            .map(|c| c.name.as_str())
            .collect()
    }

    pub(super) fn in_words(&self, set: &AttributeSet) -> String {
        if set.is_empty() {
            return "nothing".to_owned();
        }
        in_words(&self.names(set))
    }

    /// What to do about one dependency alone.
    pub(super) fn own_table(&self, dependency: &Dependency) -> String {
        format!(
            "keep {} in a table of their own whose key is ({})",
            self.in_words(&dependency.from.union(&dependency.to)),
            self.names(&dependency.from).join(", ")
        )
    }

    /// A finding about one dependency, shown at the declaration that it follows from.
    pub(super) fn finding(
        &self,
        cx: &Context<'_>,
        dependency: &Dependency,
        headline: String,
    ) -> Diagnostic {
        let says = |d: &Option<Dependency>, exactly: bool| {
            d.as_ref().is_some_and(|d| {
                d.to.intersects(&dependency.to) && (!exactly || d.from == dependency.from)
            })
        };
        let place = [true, false]
            .into_iter()
            .find_map(|exactly| self.declared.iter().position(|d| says(d, exactly)));
        let facet = match place.and_then(|n| u16::try_from(n).ok()) {
            Some(n) => Facet::Dependency(n),
            None => Facet::Name,
        };
        let id = ObjectId::table(&self.table.name);
        let mut finding = cx.finding_at(id, facet, headline, "");
        finding.discriminator = format!(
            "{} -> {}",
            self.names(&dependency.from).join(", "),
            self.names(&dependency.to).join(", ")
        );
        finding
    }
}

/// Whether the index keeps every row apart from every other: unique over plain columns, for all
/// rows, and no null among them that would be equal to nothing.
fn tells_rows_apart(path: &AccessPath<'_>) -> bool {
    let required = |c: &&Ident| {
        path.table.column(c).is_some_and(|c| c.not_null)
            || path.table.primary_key_columns().contains(c)
    };
    path.unique
        && path.predicate.is_none()
        && path
            .plain_columns()
            .is_some_and(|columns| path.nulls_not_distinct || columns.iter().all(required))
}
