//! Keys of indexes that say more than they mean: a column in parentheses, the operator class that goes
//! without saying.
//!
//! Source: src/backend/commands/indexcmds.c (`ComputeIndexAttrs`).

use super::analysis::{Context, World};
use crate::dialect::is_default_operator_class;
use crate::model::{Catalog, Ident, Index, IndexElement, QualifiedName};

/// What an element comes down to.
struct Simpler {
    relation: QualifiedName,
    index: Ident,
    at: usize,
    element: IndexElement,
}

/// Gives the elements of all indexes their simplest form.
pub(super) fn simplify(catalog: &mut Catalog) {
    let found = simpler(catalog);
    for simpler in found {
        let indexes = match catalog.tables.get_mut(&simpler.relation) {
            Some(table) => Some(&mut table.indexes),
            None => { catalog.views.get_mut(&simpler.relation) }.map(|view| &mut view.indexes),
        };
        let mut indexes = indexes.into_iter().flatten();
        let index = indexes.find(|i| i.name == simpler.index);
        if let Some(element) = index.and_then(|i| i.elements.get_mut(simpler.at)) {
            *element = simpler.element;
        }
    }
}

fn simpler(catalog: &Catalog) -> Vec<Simpler> {
    let world = World::new(catalog);
    let tables = catalog.tables.values().map(|t| (&t.name, &t.indexes));
    let views = catalog.views.values().map(|v| (&v.name, &v.indexes));
    let mut found = Vec::new();
    for (relation, indexes) in tables.chain(views) {
        let computed = |i: &&Index| i.elements.iter().any(|e| e.expression.is_some());
        let mut indexes = indexes.iter().filter(computed).peekable();
        if indexes.peek().is_none() {
            continue;
        }
        let context = Context::table(&world, relation);
        for index in indexes {
            for (at, element) in index.elements.iter().enumerate() {
                let simple = simple(&context, element, &index.method);
                found.extend(simple.map(|element| Simpler {
                    relation: relation.clone(),
                    index: index.name.clone(),
                    at,
                    element,
                }));
            }
        }
    }
    found
}

fn simple(context: &Context<'_, '_>, element: &IndexElement, method: &str) -> Option<IndexElement> {
    let text = element.expression.as_ref()?.text();
    if let Some((column, collation)) = context.plain_column(text)
        && (collation.is_empty() || element.collation.is_none())
    {
        let collation = match collation.as_slice() {
            [] => element.collation.clone(),
            [.., schema, name] if schema != "pg_catalog" => {
                Some(QualifiedName::new(schema.as_str(), name.as_str()))
            }
            [.., name] => Some(QualifiedName::bare(name.as_str())),
        };
        return Some(IndexElement {
            column: Some(Ident::new(column)),
            expression: None,
            collation,
            ..element.clone()
        });
    }
    let class = element.opclass.as_ref()?;
    let builtin = matches!(class.schema.as_deref(), None | Some("pg_catalog"));
    let plain = builtin && element.opclass_parameters.is_empty();
    let of = context.type_of(text).filter(|_| plain)?;
    is_default_operator_class(method, &class.name, &of).then(|| IndexElement {
        opclass: None,
        ..element.clone()
    })
}
