//! Types: those that overflow, lose a time zone, pad, or round money.

pub(in crate::check) mod bigint_key;
pub(in crate::check) mod float_money;
pub(in crate::check) mod no_char;
pub(in crate::check) mod no_money;
pub(in crate::check) mod no_timetz;
pub(in crate::check) mod prefer_identity;
pub(in crate::check) mod prefer_jsonb;
pub(in crate::check) mod prefer_timestamptz;

use crate::check::Context;
use crate::diagnostic::{Diagnostic, Facet};
use crate::dialect::Dialect;
use crate::model::{Column, DataType, ObjectId, ObjectKind};

/// Whether the server numbers the column: identity, or the next value of a sequence.
fn is_numbered(column: &Column) -> bool {
    column.identity.is_some() || sequence_of_default(column).is_some()
}

/// The name within `nextval('name')`, as its author wrote it.
fn sequence_of_default(column: &Column) -> Option<&str> {
    let text = column.default.as_ref()?.text();
    let literal = text.strip_prefix("pg_catalog.").unwrap_or(text);
    let literal = literal.strip_prefix("nextval('")?;
    literal.split_once('\'').map(|(name, _)| name)
}

/// Every place of the schema's own where that built-in type of PostgreSQL is chosen: columns and
/// the base types of domains. Foreign tables are left out, because the other side chose.
fn chosen<'a>(cx: &Context<'a>, name: &str) -> Vec<(ObjectId, &'a DataType)> {
    if cx.dialect != Dialect::Postgres {
        return Vec::new();
    }
    let is_it = |t: &DataType| t.name.schema.is_none() && t.name.name == *name;
    let columns = cx.columns().filter(|(table, _)| table.foreign.is_none());
    let columns = columns.filter(|(_, column)| is_it(&column.data_type));
    let columns = columns.map(|(table, column)| {
        let id = ObjectId::column(&table.name, &column.name);
        (id, &column.data_type)
    });
    let catalog = cx.catalog;
    let domains = catalog.domains.iter();
    let domains = domains.filter(|(name, o)| is_it(&o.base) && !catalog.is_external(name));
    let domains = domains.map(|(name, domain)| {
        let id = ObjectId::new(ObjectKind::Domain, name.clone());
        (id, &domain.base)
    });
    columns.chain(domains).collect()
}

/// A finding for each place whose type, or the type of whose elements, is `name`.
fn findings_of_type(
    cx: &Context<'_>,
    name: &str,
    because: &str,
    help: impl Fn(&DataType) -> String,
    out: &mut Vec<Diagnostic>,
) {
    for (id, data_type) in chosen(cx, name) {
        let printed = cx.dialect.print_type(data_type);
        let headline = format!("{id} is of the type {printed}");
        let finding = cx
            .finding_at(id, Facet::Type, headline, "")
            .note(because)
            .help(help(data_type));
        out.push(finding);
    }
}
