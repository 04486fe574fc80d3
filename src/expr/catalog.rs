//! Keys: every expression and query of a resolved catalog in its normal form.
//!
//! The reader of files gives each expression a key of its text alone. Here, where the columns, types and
//! functions are known, PostgreSQL's get the key of what the server would keep (`expr/analysis/`); a text
//! that its grammar does not know keeps the one it has. Linear in the size of the schema: what a view
//! reads is looked up once, and a table's columns are listed only where an expression names some.

use super::analysis::{Context, UnknownColumn, World};
use super::builtin::builtins;
use super::places::{Role, Target, Values, each_expression, of_tables, others};
use crate::dialect::Dialect;
use crate::model::{Catalog, DataType, ObjectId, Table};
use crate::parallel;

/// An object whose text names a column that is not there.
pub type Unknown = (ObjectId, UnknownColumn);

/// Gives every expression its key, and says which names mean nothing; SQLite's expressions keep the keys
/// of their texts, which the database keeps too.
pub fn normalize(catalog: &mut Catalog, dialect: Dialect) -> Vec<Unknown> {
    if dialect != Dialect::Postgres {
        return Vec::new();
    }
    let (keys, unknown) = keys(catalog);
    let mut keys = keys.into_iter();
    each_expression(catalog, |target| {
        let Some(Some(key)) = keys.next() else {
            return;
        };
        match target {
            Target::Expression(expression) => expression.set_key(key),
            Target::View(view) => view.query.set_key(key),
        }
    });
    drop_null_defaults(catalog);
    super::keys_of_indexes::simplify(catalog);
    for (name, extension) in &mut catalog.extensions {
        let own = builtins().extensions.get(name.as_str());
        extension.comment = extension
            .comment
            .take()
            .filter(|c| Some(&**c) != own.copied());
    }
    unknown
}

/// The key that an expression has as a value of a type; `None` where the grammar does not know it.
pub fn value_key(catalog: &Catalog, text: &str, of: &DataType) -> Option<String> {
    Context::empty(&World::new(catalog)).value(text, of)
}

/// `DEFAULT NULL` is no default, but for a domain, whose own it hides (heap.c,
/// `AddRelationNewConstraints`).
fn drop_null_defaults(catalog: &mut Catalog) {
    let domains = &catalog.domains;
    for column in catalog.tables.values_mut().flat_map(|t| &mut t.columns) {
        let null = column
            .default
            .as_ref()
            .is_some_and(|d| d.key().starts_with("null::"));
        if null && !domains.contains_key(&column.data_type.name) {
            column.default = None;
        }
    }
}

/// Tables whose expressions are looked at by one thread, with one memory of the views they read.
const TABLES_A_PART: usize = 128;

/// Keys in the order of the expressions, and what was named and is not there.
type Keys = (Vec<Option<String>>, Vec<Unknown>);

fn keys(catalog: &Catalog) -> Keys {
    let tables: Vec<&Table> = catalog.tables.values().collect();
    let parts: Vec<&[&Table]> = tables.chunks(TABLES_A_PART).collect();
    let mut all = Keys::default();
    for (keys, unknown) in parallel::map(&parts, |part| keys_of(catalog, Some(part))) {
        all.0.extend(keys);
        all.1.extend(unknown);
    }
    let (keys, unknown) = keys_of(catalog, None);
    all.0.extend(keys);
    all.1.extend(unknown);
    all
}

/// Of some tables, or of everything else.
fn keys_of(catalog: &Catalog, tables: Option<&[&Table]>) -> Keys {
    let (world, values) = (World::new(catalog), Values::default());
    let (mut keys, mut unknown) = (Vec::new(), Vec::new());
    let mut visit = |place: &super::places::Place<'_, '_>,
                     id: &dyn Fn() -> ObjectId,
                     role: &Role<'_>,
                     text: &str| {
        let key = place.key(role, text);
        let found = world.take_unknown();
        if key.is_some() {
            unknown.extend(found.into_iter().map(|column| (id(), column)));
        }
        keys.push(key);
    };
    match tables {
        Some(tables) => of_tables(&world, &values, tables, &mut visit),
        None => others(&world, &values, &mut visit),
    }
    (keys, unknown)
}
