//! What the primary key is for: find, list, update, delete, mark as deleted.

use serde::Serialize;

use super::super::columns::Field;
use super::super::escape::rust_str_inner;
use super::super::layout;
use super::super::table::{Context, in_format};
use super::{CLIENT, Statement, equals, joined, order, select, statement};
use crate::model::ObjectId;

#[derive(Debug, Serialize)]
pub(super) struct KeyFunctions {
    pub(super) composite: bool,
    pub(super) key_signature: String,
    pub(super) key_value: String,
    pub(super) argument: &'static str,
    pub(super) params: &'static str,
    pub(super) params_vec: &'static str,
    pub(super) find: Statement,
    pub(super) find_many: Option<Statement>,
    pub(super) list: Statement,
    pub(super) list_next: String,
    pub(super) update: Option<Statement>,
    pub(super) delete: Statement,
    pub(super) soft_delete: Option<Statement>,
    pub(super) restore: Option<Statement>,
}

pub(super) fn key_functions(context: &Context<'_>, key: &[&Field<'_>]) -> KeyFunctions {
    let names = context.names;
    let composite = key.len() > 1;
    let (argument, data_type) = if composite {
        ("key", format!("&{}", names.key))
    } else {
        ("id", key[0].data_type.argument())
    };
    let given = format!("{argument}: {data_type}");
    let by_key = equals(key);
    let arguments = |more: &[String]| [&[CLIENT.to_owned(), given.clone()], more].concat();
    let patch = [format!("patch: &{}Patch", names.row)];
    let find = layout::sql(8, true, &select(context, &[format!("WHERE {by_key}")]));
    let update = [
        format!("UPDATE {} SET {{set}} WHERE {by_key}", context.sql),
        "RETURNING {COLUMNS}".to_owned(),
    ];
    // This one does not go through `format!`.
    let table = rust_str_inner(&context.models.sql_name(&context.table.name));
    let delete = [
        format!("DELETE FROM {table}"),
        format!("WHERE {}", by_key.replace("{{", "{").replace("}}", "}")),
    ];
    let (list, list_next) = list(context, key, &data_type);
    let live = soft_delete(context);
    let marked = |value: &str, doc: &str, name: &str, state: &str| {
        let column = in_format(live.as_ref()?.0.sql.as_str());
        let set = if value.is_empty() {
            live.as_ref()?.1
        } else {
            value
        };
        let pieces = [
            format!("UPDATE {} SET {column} = {set}", context.sql),
            format!("WHERE {by_key} AND {column} {state}"),
            "RETURNING {COLUMNS}".to_owned(),
        ];
        let sql = layout::sql(8, true, &pieces);
        Some(statement(
            doc,
            name,
            &arguments(&[]),
            "Result<Option<Self>, Error>",
            sql,
        ))
    };
    let (cleared, unset, set) = match &live {
        Some((field, "true")) if !field.nullable => ("false", "= false", "= true"),
        _ => ("NULL", "IS NULL", "IS NOT NULL"),
    };
    KeyFunctions {
        composite,
        key_signature: format!("    pub fn key(&self) -> {} {{", key_type(context, key)),
        key_value: key_value(context, key),
        argument,
        params: if composite { "&key.params()" } else { "&[&id]" },
        params_vec: if composite {
            "key.params().to_vec()"
        } else {
            "vec![&id]"
        },
        find: statement(
            "The row with this key.",
            "find",
            &arguments(&[]),
            "Result<Option<Self>, Error>",
            find,
        ),
        find_many: find_many(context, key),
        list,
        list_next,
        update: context.has_patch.then(|| {
            let doc =
                "Applies `patch` to the row with this key; `None` where there is no such row.";
            let sql = layout::sql(8, true, &update);
            statement(
                doc,
                "update",
                &arguments(&patch),
                "Result<Option<Self>, Error>",
                sql,
            )
        }),
        delete: statement(
            "Deletes the row with this key; whether there was one.",
            "delete",
            &arguments(&[]),
            "Result<bool, Error>",
            layout::sql(8, false, &delete),
        ),
        soft_delete: marked(
            "",
            "Marks the row with this key as deleted; `None` where no unmarked row has it.",
            "soft_delete",
            unset,
        ),
        restore: marked(
            cleared,
            "Takes the mark of deletion off the row with this key.",
            "restore",
            set,
        ),
    }
}

fn key_type(context: &Context<'_>, key: &[&Field<'_>]) -> String {
    match key {
        [one] => one.data_type.name.clone(),
        _ => context.names.key.clone(),
    }
}

fn key_value(context: &Context<'_>, key: &[&Field<'_>]) -> String {
    if let [one] = key {
        return layout::own_field(8, "", &one.ident, !one.data_type.copy, "");
    }
    let fields: Vec<String> = key
        .iter()
        .map(|f| {
            layout::own_field(
                12,
                &format!("{}: ", f.ident),
                &f.ident,
                !f.data_type.copy,
                ",",
            )
        })
        .collect();
    format!(
        "        {} {{\n{}\n        }}",
        context.names.key,
        fields.join("\n")
    )
}

fn find_many(context: &Context<'_>, key: &[&Field<'_>]) -> Option<Statement> {
    let [one] = key else { return None };
    let any = one.any().filter(|_| one.data_type.hash)?;
    let condition = in_format(&format!("{} = ANY ({any})", one.sql));
    let name = &one.data_type.name;
    Some(statement(
        "The rows with these keys, by key.",
        "find_many",
        &[CLIENT.to_owned(), format!("ids: &[{name}]")],
        &format!("Result<HashMap<{name}, Self>, Error>"),
        layout::sql(8, true, &select(context, &[format!("WHERE {condition}")])),
    ))
}

/// The first page, and the SQL of the pages after it.
fn list(context: &Context<'_>, key: &[&Field<'_>], argument: &str) -> (Statement, String) {
    let limit = key.len() + 1;
    let order = order(context, key);
    let live = live_condition(context);
    let compared = match key {
        [one] => in_format(&format!("{} > {}", one.sql, one.placeholder(1))),
        _ => format!(
            "({}) > ({})",
            joined(key, |_, f| f.sql.clone()),
            joined(key, |i, f| f.placeholder(i + 1))
        ),
    };
    let first = live
        .iter()
        .map(|l| format!("WHERE {l}"))
        .collect::<Vec<_>>();
    let first = [first, vec![format!("ORDER BY {order} LIMIT $1")]].concat();
    let and_live = live.map(|l| format!(" AND {l}")).unwrap_or_default();
    let next = [
        format!("WHERE {compared}{and_live}"),
        format!("ORDER BY {order} LIMIT ${limit}"),
    ];
    let arguments = [
        CLIENT.to_owned(),
        format!("after: Option<{argument}>"),
        "limit: i64".to_owned(),
    ];
    let doc = if and_live.is_empty() {
        "Up to `limit` rows in the order of their keys, after the row with the key `after`."
    } else {
        "Up to `limit` rows that are not marked as deleted, by key, after the row with the key `after`."
    };
    let sql = layout::sql(16, true, &select(context, &first));
    let statement = statement(doc, "list", &arguments, "Result<Vec<Self>, Error>", sql);
    (statement, layout::sql(16, true, &select(context, &next)))
}

/// The column that marks deleted rows, and the value that marks one now.
fn soft_delete<'c, 'a>(context: &'c Context<'a>) -> Option<(&'c Field<'a>, &'static str)> {
    let notes = context
        .models
        .catalog()
        .notes(&ObjectId::table(&context.table.name))?;
    let column = notes.soft_delete.as_ref()?;
    let field = context.fields.iter().find(|f| &f.column.name == column)?;
    let data_type = context.models.types.base(&field.column.data_type);
    let now = match data_type.name.name.as_str() {
        _ if data_type.dimensions > 0 => return None,
        name if name.starts_with("timestamp") => "now()",
        "date" => "CURRENT_DATE",
        "boolean" => "true",
        _ => return None,
    };
    (field.nullable || now == "true").then_some((field, now))
}

pub(super) fn live_condition(context: &Context<'_>) -> Option<String> {
    let (field, value) = soft_delete(context)?;
    let test = if value == "true" && !field.nullable {
        "= false"
    } else {
        "IS NULL"
    };
    Some(format!("{} {test}", in_format(&field.sql)))
}
