//! Indexes that their method cannot have, keys that no operator class takes, and what an index is asked to
//! be that it is not: a constraint's, the order of a table, the identity of its rows.
//!
//! Source: `DefineIndex` and `ComputeIndexAttrs` in src/backend/commands/indexcmds.c, `transformIndexConstraint`
//! in src/backend/parser/parse_utilcmd.c, `ATExecReplicaIdentity` in src/backend/commands/tablecmds.c,
//! `check_index_is_clusterable` in src/backend/commands/cluster.c.

use super::text::Place;
use crate::diagnostic::Diagnostic;
use crate::dialect::{ClassFit, fit_of_class};
use crate::expr::Reader;
use crate::model::{
    Column, Constraint, ConstraintKind, DataType, Deferral, Ident, Index, IndexElement, ObjectKind,
    QualifiedName, SortOrder, Table,
};
use crate::resolve::fold::Fold;
use crate::source::AlterAction;

/// What an access method of the server can do.
struct Method {
    unique: bool,
    several: bool,
    include: bool,
    ordered: bool,
    clusters: bool,
    excludes: bool,
}

fn method(name: &str) -> Option<Method> {
    let (unique, several, include, ordered, clusters, excludes) = match name {
        "btree" => (true, true, true, true, true, true),
        "hash" => (false, false, false, false, false, true),
        "gist" => (false, true, true, false, true, true),
        "spgist" => (false, false, true, false, false, true),
        "gin" | "brin" => (false, true, false, false, false, false),
        _ => return None,
    };
    Some(Method {
        unique,
        several,
        include,
        ordered,
        clusters,
        excludes,
    })
}

impl Fold {
    pub(super) fn unfit_index(
        &self,
        relation: &QualifiedName,
        index: &Index,
    ) -> Option<Diagnostic> {
        let (name, kind) = self.relation_kind(relation)?;
        if !matches!(kind, ObjectKind::Table | ObjectKind::MaterializedView) {
            return self.cannot(
                format!("`{name}`, a {kind}, cannot have indexes"),
                "index the tables that it reads",
            );
        }
        let storage = index.storage.iter().map(|(n, v)| (&**n, &**v));
        self.unfit_foreign_index(&name)
            .or_else(|| self.unfit_method(index))
            .or_else(|| self.unfit_parameters(ObjectKind::Index, &index.method, storage))
            .or_else(|| {
                let of = |e: &IndexElement| self.type_of_key(&name, e);
                self.unfit_keys(
                    &index.method,
                    index.elements.iter(),
                    &of,
                    self.columns_of(&name),
                )
            })
            .or_else(|| {
                let predicate = self.qualify(index.predicate.as_ref()?);
                let place = Place::of("the predicate of an index");
                self.unfit_condition(&predicate, place, |r, t| r.type_of_columns(&name, t))
                    .or_else(|| self.unfit_computed(&predicate, place, self.columns_of(&name)))
            })
    }

    fn unfit_method(&self, index: &Index) -> Option<Diagnostic> {
        let word = &index.method;
        // Others come from extensions.
        let method = method(word)?;
        let ordered = |e: &IndexElement| e.order == SortOrder::Descending || e.nulls.is_some();
        let why = if index.unique && !method.unique {
            "be unique"
        } else if index.elements.len() > 1 && !method.several {
            "have several keys"
        } else if !index.include.is_empty() && !method.include {
            "include columns"
        } else if !method.ordered && index.elements.iter().any(ordered) {
            "be sorted"
        } else {
            return None;
        };
        self.cannot(
            format!("an index of method {word} cannot {why}"),
            "use btree, or leave that out",
        )
    }

    /// Keys whose type is known, and for which the method has no operator class, or not the one that is said.
    pub(super) fn unfit_keys<'e>(
        &self,
        method: &str,
        mut elements: impl Iterator<Item = &'e IndexElement>,
        type_of: &dyn Fn(&IndexElement) -> Option<DataType>,
        columns: &[Column],
    ) -> Option<Diagnostic> {
        elements.find_map(|element| {
            if let Some(text) = &element.expression {
                let text = self.qualify(text);
                let place = Place::of("an index");
                let unfit = self.unfit_text(&text, place);
                let unfit = unfit.or_else(|| self.unfit_computed(&text, place, columns));
                if unfit.is_some() {
                    return unfit;
                }
            }
            let data_type = type_of(element)?;
            self.unfit_collation(&data_type, element.collation.as_ref())
                .or_else(|| self.unfit_class(method, &data_type, element.opclass.as_ref()))
        })
    }

    fn columns_of(&self, relation: &QualifiedName) -> &[Column] {
        let table = self.catalog.tables.get(relation);
        table.map_or(&[], |t| &t.columns)
    }

    fn type_of_key(&self, relation: &QualifiedName, element: &IndexElement) -> Option<DataType> {
        let Some(column) = &element.column else {
            let text = self.qualify(element.expression.as_ref()?);
            return Reader::new(&self.catalog).type_of_columns(relation, text.text());
        };
        let table = self.catalog.tables.get(relation)?;
        Some(table.column(column)?.data_type.clone())
    }

    pub(super) fn unfit_collation(
        &self,
        data_type: &DataType,
        collation: Option<&QualifiedName>,
    ) -> Option<Diagnostic> {
        const COLLATED: [&str; 5] = ["text", "character varying", "character", "name", "citext"];
        let known = data_type.name.schema.is_none()
            && crate::dialect::is_builtin_type(&data_type.name.name);
        let collated = COLLATED.contains(&data_type.name.name.as_str());
        collation.filter(|_| known && !collated)?;
        let of = self.dialect().print_type(data_type);
        self.cannot(
            format!("values of type {of} are not sorted by a collation"),
            "leave COLLATE out",
        )
    }

    fn unfit_class(
        &self,
        method: &str,
        data_type: &DataType,
        class: Option<&QualifiedName>,
    ) -> Option<Diagnostic> {
        // Extensions bring classes, and so may the schema.
        let others = self.names.has_extensions() || !self.catalog.operator_classes.is_empty();
        if others || class.is_some_and(|c| c.schema.is_some() || self.is_mentioned(&c.name)) {
            return None;
        }
        let of = self.dialect().print_type(data_type);
        let name = class.map(|c| c.name.as_str());
        match fit_of_class(method, name, data_type) {
            ClassFit::Fits => None,
            // An extension that nobody declares may be there all the same.
            ClassFit::NoDefault if brought_by_extensions(method, data_type) => None,
            ClassFit::NoDefault => self.cannot(
                format!("an index of method {method} has no operator class for type {of}"),
                "use another method, or index an expression of another type",
            ),
            ClassFit::Unfit => self.cannot(
                format!(
                    "operator class {} does not take values of type {of}",
                    name.unwrap_or_default()
                ),
                "leave it out, or name one for the type",
            ),
        }
    }

    /// A key whose columns cannot be compared, or are named twice; an exclusion that no method can hold.
    pub(super) fn unfit_key(&self, table: &Table, constraint: &Constraint) -> Option<Diagnostic> {
        let name = self.relation_name(&table.name);
        let of = |e: &IndexElement| {
            let column = table.column(e.column.as_ref()?)?;
            Some(column.data_type.clone())
        };
        match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => {
                let twice = |(n, c): (usize, &Ident)| columns[..n].contains(c);
                if columns.iter().enumerate().any(twice) {
                    return self.cannot(
                        format!("a key of `{name}` names a column twice"),
                        "name it once",
                    );
                }
                let elements: Vec<IndexElement> =
                    columns.iter().cloned().map(IndexElement::column).collect();
                self.unfit_keys("btree", elements.iter(), &of, &[])
            }
            ConstraintKind::Exclusion {
                method: word,
                elements,
                predicate,
                ..
            } => {
                if method(word).is_some_and(|m| !m.excludes) {
                    return self.cannot(
                        format!("an index of method {word} cannot exclude rows"),
                        "use gist or btree",
                    );
                }
                self.unfit_keys(
                    word,
                    elements.iter().map(|e| &e.element),
                    &of,
                    &table.columns,
                )
                .or_else(|| {
                    let predicate = self.qualify(predicate.as_ref()?);
                    let place = Place::of("the predicate of a constraint");
                    self.unfit_condition(&predicate, place, |r, t| r.type_of_columns(&name, t))
                })
            }
            _ => None,
        }
    }

    /// The index of a constraint takes the constraint along to its new name.
    fn unfit_name_of_key(&self, name: &QualifiedName, action: &AlterAction) -> Option<Diagnostic> {
        let AlterAction::Rename(to) = action else {
            return None;
        };
        let tables = self.catalog.tables.values();
        let mut near = tables.filter(|t| t.name.schema == name.schema);
        let of = |t: &&Table| t.constraint(&name.name).is_some_and(|c| c.has_index());
        let table = near.find(of)?;
        table
            .constraint(to)
            .map(|_| self.has_constraint(&table.name, to))
    }

    pub(super) fn unfit_index_change(
        &self,
        name: &QualifiedName,
        action: &AlterAction,
    ) -> Option<Diagnostic> {
        let Some(owner) = self.index_owner.get(name) else {
            return self.unfit_name_of_key(name, action);
        };
        let table = self.catalog.tables.get(owner).map(|t| &t.indexes);
        let indexes = table.or(self.catalog.views.get(owner).map(|v| &v.indexes))?;
        let found = indexes.iter().find(|i| i.name == name.name)?;
        match action {
            AlterAction::SetStorage(pairs) => {
                let pairs = pairs.iter().map(|(n, v)| (&**n, &**v));
                self.unfit_parameters(ObjectKind::Index, &found.method, pairs)
            }
            AlterAction::Column { name: number, .. } => {
                let at: usize = number.parse().ok()?;
                let element = found.elements.get(at.checked_sub(1)?);
                let why = match element {
                    None => "there is no such key",
                    Some(e) if e.column.is_some() => "it is a column of the table",
                    Some(_) => return None,
                };
                self.cannot(
                    format!("key {at} of index `{name}` has no statistics of its own: {why}"),
                    "set the statistics of the column",
                )
            }
            _ => None,
        }
    }

    /// The index that is to be a constraint's: a unique one over columns, whole, in the usual order.
    pub(super) fn unfit_for_key(
        &self,
        table: &QualifiedName,
        constraint: &Constraint,
        index: &Ident,
    ) -> Option<Diagnostic> {
        let table = self.catalog.tables.get(&self.relation_name(table))?;
        let found = table.index(index)?;
        let usual = |e: &IndexElement| {
            e.order == SortOrder::Ascending && e.nulls.is_none() && e.opclass.is_none()
        };
        let why = if !found.unique {
            "it is not unique"
        } else if found.predicate.is_some() {
            "it has a predicate"
        } else if !found.elements.iter().all(usual) {
            "its keys are sorted otherwise"
        } else if constraint.is_primary_key() && found.nulls_not_distinct {
            "it compares nulls"
        } else {
            return None;
        };
        self.cannot(
            format!("index `{index}` cannot be a constraint's: {why}"),
            "create a unique index of columns alone",
        )
    }

    /// The index that a table is to be sorted by.
    pub(super) fn unfit_for_cluster(
        &self,
        relation: &QualifiedName,
        index: &Ident,
    ) -> Option<Diagnostic> {
        let (name, _) = self.relation_kind(relation)?;
        let table = self.catalog.tables.get(&name).map(|t| &t.indexes);
        let view = self.catalog.views.get(&name);
        if let Some(view) = view
            && !view.indexes.iter().any(|i| i.name == *index)
            && !self.is_mentioned(index)
        {
            return Some(self.not_yet("index", &name.sibling(index.clone())));
        }
        let mut indexes = table.or(view.map(|v| &v.indexes))?.iter();
        let found = indexes.find(|i| i.name == *index)?;
        let why = if found.predicate.is_some() {
            "it has not all rows"
        } else if method(&found.method).is_some_and(|m| !m.clusters) {
            "its method has no order"
        } else {
            return None;
        };
        self.cannot(
            format!("`{name}` cannot be sorted by index `{index}`: {why}"),
            "name another index",
        )
    }

    /// The index that is to tell the rows of a table apart.
    pub(super) fn unfit_for_identity(
        &self,
        table: &QualifiedName,
        index: &Ident,
    ) -> Option<Diagnostic> {
        let table = self.catalog.tables.get(&self.relation_name(table))?;
        let why = match (table.index(index), table.constraint(index)) {
            (Some(found), _) => why_no_identity(table, found),
            (None, Some(found)) => {
                let mut columns = found.columns().iter();
                let nullable = columns.find(|c| is_nullable(table, c));
                if found.deferral != Deferral::NotDeferrable {
                    Some("its constraint is deferrable".to_owned())
                } else if matches!(found.kind, ConstraintKind::Exclusion { .. }) {
                    Some("it is not unique".to_owned())
                } else {
                    nullable.map(|c| format!("column `{c}` may be null"))
                }
            }
            _ => None,
        };
        self.cannot(
            format!(
                "index `{index}` cannot tell the rows of `{}` apart: {}",
                table.name, why?
            ),
            "name a unique index over columns that are NOT NULL",
        )
    }
}

/// Whether btree_gin or btree_gist would bring a class for a type.
fn brought_by_extensions(method: &str, data_type: &DataType) -> bool {
    const NEITHER: [&str; 10] = [
        "box", "circle", "json", "jsonb", "line", "lseg", "path", "point", "polygon", "xml",
    ];
    matches!(method, "gin" | "gist") && !NEITHER.contains(&data_type.name.name.as_str())
}

fn is_nullable(table: &Table, column: &Ident) -> bool {
    table.column(column).is_some_and(|c| !c.not_null)
}

fn why_no_identity(table: &Table, index: &Index) -> Option<String> {
    if !index.unique {
        return Some("it is not unique".to_owned());
    }
    if index.predicate.is_some() {
        return Some("it has not all rows".to_owned());
    }
    let Some(columns) = index.plain_columns() else {
        return Some("it has expressions".to_owned());
    };
    let nullable = columns.into_iter().find(|c| is_nullable(table, c));
    nullable.map(|c| format!("column `{c}` may be null"))
}
