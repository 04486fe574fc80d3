//! Rows by a unique key, and the rows of each of many parents.

use serde::Serialize;

use super::super::columns::Field;
use super::super::escape::code;
use super::super::layout;
use super::super::names::Unique;
use super::super::table::{Context, doc_block, in_format};
use super::super::types::Use;
use super::super::words::{plural, role};
use super::keys::live_condition;
use super::{CLIENT, equals, order, select, short};
use crate::model::{Constraint, ConstraintKind, Deferral, Ident, Table};

/// Names that an argument cannot have, because the function's body uses them.
static ARGUMENTS: &[&str] = &[
    "client", "many", "one", "sql", "params", "new", "patch", "group",
];

#[derive(Debug, Serialize)]
pub(super) struct Lookup {
    pub(super) doc: String,
    pub(super) signature: String,
    /// A statement that makes the parameters, where they are too many for the call.
    pub(super) params_let: Option<String>,
    pub(super) params: String,
    pub(super) sql: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Group {
    doc: String,
    signature: String,
    sql: String,
    grouped: String,
}

/// A key other than the primary one: its columns, and whether an insert can name it in
/// `ON CONFLICT`.
pub(super) struct UniqueKey<'t> {
    pub(super) name: &'t Ident,
    pub(super) columns: Vec<&'t Ident>,
    pub(super) arbiter: bool,
}

/// The unique constraints and indexes over plain columns, no two over the same columns.
pub(super) fn unique_keys(table: &Table) -> Vec<UniqueKey<'_>> {
    let mut keys: Vec<UniqueKey<'_>> = Vec::new();
    let same = |a: &[&Ident], b: &[&Ident]| {
        let (mut a, mut b) = (a.to_vec(), b.to_vec());
        a.sort();
        b.sort();
        a == b
    };
    let primary: Vec<&Ident> = table.primary_key_columns().iter().collect();
    let constraints = table
        .constraints
        .iter()
        .filter(|c| is_plain_unique(c))
        .map(|c| UniqueKey {
            name: &c.name,
            columns: c.columns().iter().collect(),
            arbiter: c.deferral == Deferral::NotDeferrable,
        });
    let indexes = table
        .indexes
        .iter()
        .filter(|i| i.unique && i.predicate.is_none() && !i.only);
    let indexes = indexes.filter_map(|i| {
        Some(UniqueKey {
            name: &i.name,
            columns: i.plain_columns()?,
            arbiter: true,
        })
    });
    for key in constraints.chain(indexes) {
        let known =
            same(&key.columns, &primary) || keys.iter().any(|k| same(&k.columns, &key.columns));
        if !known {
            keys.push(key);
        }
    }
    keys
}

fn is_plain_unique(constraint: &Constraint) -> bool {
    match &constraint.kind {
        ConstraintKind::Unique {
            without_overlaps, ..
        } => !without_overlaps,
        _ => false,
    }
}

pub(super) fn and_name(fields: &[&Field<'_>]) -> String {
    fields
        .iter()
        .map(|f| f.stem.as_str())
        .collect::<Vec<_>>()
        .join("_and_")
}

/// The lookups of a table with their names, which other tables' parents call too.
pub(super) fn named_lookups<'c, 'a>(
    context: &'c Context<'a>,
    taken: &mut Unique,
) -> Vec<(String, Vec<&'c Field<'a>>, UniqueKey<'a>)> {
    let mut all = Vec::new();
    for key in unique_keys(context.table) {
        let columns: Vec<Ident> = key.columns.iter().map(|c| (*c).clone()).collect();
        let fields = context.named(&columns);
        if !fields.is_empty() {
            all.push((
                taken.claim(&short(&format!("find_by_{}", and_name(&fields)))),
                fields,
                key,
            ));
        }
    }
    all
}

pub(super) fn lookups(context: &Context<'_>, taken: &mut Unique) -> Vec<Lookup> {
    let mut all = Vec::new();
    for (name, fields, key) in named_lookups(context, taken) {
        let idents = arguments_of(&fields);
        let mut arguments = vec![CLIENT.to_owned()];
        for (ident, field) in idents.iter().zip(&fields) {
            arguments.push(format!("{ident}: {}", field.data_type.argument()));
        }
        let params: Vec<String> = idents.iter().map(|i| format!("&{i}")).collect();
        let columns: Vec<String> = fields.iter().map(|f| code(&f.sql)).collect();
        let doc = format!(
            "The row with this {} ({}).",
            columns.join(" and "),
            code(key.name)
        );
        let head = format!("pub async fn {name}");
        let inline = format!("&[{}]", params.join(", "));
        let short = inline.len() <= 28;
        let head_of_let = format!("let params: [Param<'_>; {}] = ", params.len());
        all.push(Lookup {
            doc: doc_block(4, "///", &[doc]),
            signature: layout::signature(4, &head, &arguments, "Result<Option<Self>, Error>"),
            params_let: (!short).then(|| layout::array(8, &head_of_let, &params, ";")),
            params: if short { inline } else { "&params".to_owned() },
            sql: layout::sql(
                8,
                true,
                &select(context, &[format!("WHERE {}", equals(&fields))]),
            ),
        });
    }
    all
}

/// Names for arguments: the fields', where they are short and free.
fn arguments_of(fields: &[&Field<'_>]) -> Vec<String> {
    let mut taken = Unique::new(ARGUMENTS.iter().copied());
    let name = |field: &&Field<'_>| {
        let fits = field.ident.len() <= 30 && !ARGUMENTS.contains(&field.ident.as_str());
        taken.claim(if fits { &field.ident } else { "value" })
    };
    fields.iter().map(name).collect()
}

pub(super) fn groups(context: &Context<'_>, taken: &mut Unique, uses: &mut Vec<Use>) -> Vec<Group> {
    let key = context.key();
    let mut all = Vec::new();
    let mut seen: Vec<&Ident> = Vec::new();
    for (_, fk) in context.table.foreign_keys() {
        let [column] = fk.columns.as_slice() else {
            continue;
        };
        let fields = context.named(&fk.columns);
        let Some(field) = fields.first() else {
            continue;
        };
        let alone = context.table.primary_key_columns() == fk.columns.as_slice();
        let any = field
            .any()
            .filter(|_| field.data_type.hash && !alone && !seen.contains(&column));
        let Some(any) = any else { continue };
        seen.push(column);
        let name = taken.claim(&short(&format!("list_by_{}", plural(&role(column)))));
        let condition = in_format(&format!("{} = ANY ({any})", field.sql));
        let live = live_condition(context)
            .map(|l| format!(" AND {l}"))
            .unwrap_or_default();
        let mut rest = vec![format!("WHERE {condition}{live}")];
        if !key.is_empty() {
            rest.push(format!("ORDER BY {}", order(context, &key)));
        }
        let data_type = &field.data_type.name;
        let sorted = if key.is_empty() {
            ""
        } else {
            ", in the order of their keys"
        };
        let doc = format!("The rows of each of these {}{sorted}.", code(&field.sql));
        uses.extend(field.data_type.uses.iter().cloned());
        all.push(Group {
            doc: doc_block(4, "///", &[doc]),
            signature: layout::signature(
                4,
                &format!("pub async fn {name}"),
                &[CLIENT.to_owned(), format!("keys: &[{data_type}]")],
                &format!("Result<HashMap<{data_type}, Vec<Self>>, Error>"),
            ),
            sql: layout::sql(8, true, &select(context, &rest)),
            grouped: layout::grouped(8, &field.ident),
        });
    }
    all
}
