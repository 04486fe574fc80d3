//! The columns of relations: of tables as they are declared, of views as their queries make them.

use std::rc::Rc;

use super::query::Target;
use super::scope::Visible;
use super::typed::Typed;
use super::types::Type;
use super::world::{Output, World, qualified};
use super::{Analysis, Context};
use crate::expr::tree::At;
use crate::model::{Catalog, DataType, Ident, ObjectRef, QualifiedName, VirtualTable};

/// The columns of an SQLite virtual table: what its arguments name, what every table has, and those that
/// FTS5 takes commands in (SQLite manual, The FTS5 extension, sections 4.1 and 6).
fn virtual_columns(table: &VirtualTable) -> Vec<Output> {
    let declared = { table.arguments.iter() }.filter(|a| !a.text().contains('='));
    let declared = declared.filter_map(|a| a.text().split_whitespace().next());
    let hidden = [table.name.name.as_str(), "rowid", "rank"];
    let all = declared.chain(hidden).map(|name| Output {
        name: name.trim_matches('"').to_lowercase(),
        data_type: None,
    });
    all.collect()
}

impl World<'_> {
    /// The columns of a table or view; `None` where they are not known.
    pub(super) fn columns_of(&self, name: &QualifiedName) -> Option<Vec<Output>> {
        let catalog: &Catalog = self.catalog;
        match catalog.relation(name)? {
            ObjectRef::Table(table) => {
                let columns = table.columns.iter().map(|c| Output {
                    name: c.name.to_string(),
                    data_type: Some(self.declared_type(&c.data_type)),
                });
                Some(columns.collect())
            }
            ObjectRef::Composite(composite) => {
                let columns = composite.attributes.iter().map(|(name, of, _)| Output {
                    name: name.to_string(),
                    data_type: Some(self.declared_type(of)),
                });
                Some(columns.collect())
            }
            ObjectRef::View(view) => {
                let query = view.shell.as_ref().unwrap_or(&view.query);
                self.view_columns(name, query.text(), &view.columns)
            }
            ObjectRef::VirtualTable(table) => Some(virtual_columns(table)),
            _ => None,
        }
    }

    fn view_columns(
        &self,
        name: &QualifiedName,
        text: &str,
        names: &[Ident],
    ) -> Option<Vec<Output>> {
        if let Some(known) = self.views.borrow().get(name) {
            if self.open_views.borrow().contains(name) {
                self.open.set(true);
            }
            return known.as_ref().map(|columns| columns.to_vec());
        }
        if self.depth.get() > 24 {
            return None;
        }
        self.views.borrow_mut().insert(name.clone(), None);
        let around = self.open.replace(false);
        self.depth.set(self.depth.get() + 1);
        let outputs = crate::expr::tree::query(text)
            .and_then(|query| Context::empty(self).analysis().query(&query))
            .map(|(_, mut outputs)| {
                for (output, name) in outputs.iter_mut().zip(names) {
                    output.name = name.to_string();
                }
                Rc::new(outputs)
            });
        self.depth.set(self.depth.get() - 1);
        if self.open.get() {
            self.open_views.borrow_mut().insert(name.clone());
        }
        self.open.set(around || self.open.get());
        self.views
            .borrow_mut()
            .insert(name.clone(), outputs.clone());
        outputs.map(|columns| columns.to_vec())
    }

    /// The same with the types as declarations name them.
    pub(in crate::expr) fn outputs_of(
        &self,
        name: &QualifiedName,
    ) -> Option<Vec<(String, Option<DataType>)>> {
        let columns = self.columns_of(name)?.into_iter();
        let columns = columns.map(|c| (c.name, c.data_type.map(|of| of.data_type())));
        Some(columns.collect())
    }

    /// The columns of a composite type, or of a relation's row type.
    pub(super) fn columns_of_type(&self, of: &Type) -> Option<Vec<Output>> {
        self.columns_of(&qualified(&self.base(of).name)?)
    }
}

impl Analysis<'_, '_> {
    /// `*` and `t.*` as columns; `None` where a relation is not known.
    pub(super) fn expanded(&mut self, parts: &[String], at: At) -> Option<Vec<Target>> {
        let target = |c: &Visible| Target {
            typed: Typed::new(c.key.clone(), c.data_type.clone()),
            name: c.name.clone(),
        };
        if !parts.is_empty() {
            let (schema, alias) = match parts {
                [.., schema, alias] => (Some(schema.as_str()), alias),
                [alias] => (None, alias),
                [] => return None,
            };
            let entry = self
                .scopes
                .iter()
                .rev()
                .find_map(|s| s.entry(schema, alias))?;
            self.record_all(std::iter::once(entry));
            self.respell_unnamed(std::iter::once(entry), None);
            self.respell_row(entry, parts, at);
            self.spell_out(std::iter::once(entry), &[], parts, at);
            return Some(entry.columns.as_ref()?.iter().map(target).collect());
        }
        let scope = self.scopes.last()?;
        self.record_all(scope.entries.iter());
        self.respell_unnamed(scope.entries.iter(), None);
        let visible = scope.entries.iter().filter(|e| !e.hidden);
        self.spell_out(visible, &scope.merged, parts, at);
        let mut all: Vec<Target> = scope
            .merged
            .iter()
            .map(|(name, typed)| Target {
                typed: typed.clone(),
                name: name.clone(),
            })
            .collect();
        for entry in scope.entries.iter().filter(|e| !e.hidden) {
            let columns = entry.columns.as_ref()?.iter();
            all.extend(
                columns
                    .filter(|c| !entry.merged.contains(&c.name))
                    .map(target),
            );
        }
        Some(all)
    }
}
