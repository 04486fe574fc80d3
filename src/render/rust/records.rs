//! The structs of a table: its key, a row, a row to insert, a change.

use serde::Serialize;

use super::columns::{Field, Insert};
use super::escape::{code, doc, rust_str};
use super::layout;
use super::table::{Context, doc_block};
use crate::model::ObjectId;

/// A key newtype or struct that this module declares.
#[derive(Debug, Serialize)]
pub(super) struct KeyView {
    derive: String,
    /// The newtype, or nothing for a struct.
    newtype: Option<String>,
    fields: Vec<FieldView>,
    /// The parameters of a key struct.
    params: Option<String>,
    count: usize,
}

#[derive(Debug, Serialize)]
pub(super) struct StructView {
    pub(super) doc: String,
    pub(super) fields: Vec<FieldView>,
    /// `field: row.try_get("column")?,`
    pub(super) reads: Vec<String>,
}

/// A field of a struct, every part on lines of its own.
#[derive(Debug, Serialize)]
pub(super) struct FieldView {
    doc: String,
    attributes: Vec<String>,
    line: String,
}

#[derive(Debug, Serialize)]
pub(super) struct NewView {
    fields: Vec<FieldView>,
    /// Whether every field may be left out, so that `Default` stands in for a constructor.
    all_optional: bool,
    signature: String,
    literal: String,
    cells: String,
    cells_signature: String,
}

#[derive(Debug, Serialize)]
pub(super) struct PatchView {
    fields: Vec<FieldView>,
    assignments: Vec<String>,
}

/// "A row of `tasks`." and the comment.
pub(super) fn title(context: &Context<'_>, what: &str) -> Vec<String> {
    let table = context.table;
    let mut lines = vec![format!(
        "{what} {}.",
        code(&context.models.sql_name(&table.name))
    )];
    if let Some(comment) = &table.facets.comment {
        lines.push(String::new());
        lines.extend(doc(comment));
    }
    let notes = context
        .models
        .catalog()
        .notes(&ObjectId::table(&table.name));
    if let Some(deprecated) = notes.and_then(|n| n.deprecated.as_ref()) {
        lines.push(String::new());
        lines.push("Deprecated:".to_owned());
        lines.extend(doc(deprecated));
    }
    lines
}

pub(super) fn read(field: &Field<'_>) -> String {
    layout::read(12, &field.ident, &rust_str(&field.column.name))
}

/// The column as its definition reads, and what it refers to.
fn definition(context: &Context<'_>, field: &Field<'_>) -> String {
    let column = field.column;
    let mut sql = context.models.types.print(&column.data_type);
    if column.not_null && !field.key {
        sql.push_str(" NOT NULL");
    }
    if let Some(default) = &column.default {
        sql.push_str(&format!(" DEFAULT {}", default.text()));
    }
    if let Some(identity) = &column.identity {
        let kind = if identity.always {
            "ALWAYS"
        } else {
            "BY DEFAULT"
        };
        sql.push_str(&format!(" GENERATED {kind} AS IDENTITY"));
    }
    if let Some(generated) = &column.generated {
        let kind = if generated.stored {
            "STORED"
        } else {
            "VIRTUAL"
        };
        sql.push_str(&format!(
            " GENERATED ALWAYS AS ({}) {kind}",
            generated.expression.text()
        ));
    }
    let mut text = code(&sql);
    if field.key {
        text.push_str(", primary key");
    }
    for (_, fk) in context.table.foreign_keys() {
        if fk.columns.as_slice() == std::slice::from_ref(&column.name) {
            text.push_str(&format!(
                ", references {}",
                code(&context.models.sql_name(&fk.target))
            ));
        }
    }
    text + "."
}

pub(super) fn row_field(context: &Context<'_>, field: &Field<'_>) -> FieldView {
    let mut lines = field.column.comment.as_deref().map(doc).unwrap_or_default();
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(definition(context, field));
    let hidden = field.sensitive.then_some("skip_serializing");
    FieldView {
        doc: doc_block(4, "///", &lines),
        attributes: serde_attribute(field, hidden),
        line: layout::field(4, &field.ident, &field.row_type()),
    }
}

/// `#[serde(...)]`: JSON has the column's own name.
fn serde_attribute(field: &Field<'_>, more: impl IntoIterator<Item = &'static str>) -> Vec<String> {
    let mut items = Vec::new();
    if field.ident.trim_start_matches("r#") != field.column.name.as_str() {
        items.push(format!("rename = {}", rust_str(&field.column.name)));
    }
    items.extend(more.into_iter().map(str::to_owned));
    if items.is_empty() {
        Vec::new()
    } else {
        vec![layout::attribute(4, "serde", &items)]
    }
}

pub(super) fn key_view(context: &Context<'_>) -> KeyView {
    let key = context.key();
    let copy = key.iter().all(|f| f.data_type.copy);
    let hash = key.iter().all(|f| f.data_type.hash);
    let ord = key.iter().all(|f| f.data_type.ord);
    let single = key.len() == 1;
    let chosen = [
        ("Debug", true),
        ("Clone", true),
        ("Copy", copy),
        ("PartialEq", true),
        ("Eq", hash),
        ("PartialOrd", ord && hash),
        ("Ord", ord && hash),
        ("Hash", hash),
        ("Serialize", true),
        ("Deserialize", true),
        ("ToSql", single),
        ("FromSql", single),
    ];
    let traits: Vec<&str> = chosen
        .iter()
        .filter(|(_, on)| *on)
        .map(|(t, _)| *t)
        .collect();
    let newtype = single.then(|| {
        let inner = context.models.types.resolve(&key[0].column.data_type);
        layout::newtype(&context.names.key, &inner.name)
    });
    let fields = key.iter().filter(|_| !single).map(|f| FieldView {
        doc: String::new(),
        attributes: serde_attribute(f, None),
        line: layout::field(4, &f.ident, &f.data_type.name),
    });
    let params: Vec<String> = key.iter().map(|f| format!("&self.{}", f.ident)).collect();
    KeyView {
        derive: layout::derive(&traits),
        newtype,
        fields: fields.collect(),
        params: (!single).then(|| layout::array(8, "", &params, "")),
        count: key.len(),
    }
}

pub(super) fn new_view(context: &Context<'_>) -> Option<NewView> {
    let fields: Vec<&Field<'_>> = context.inserted().collect();
    if fields.is_empty() {
        return None;
    }
    let required: Vec<&&Field<'_>> = fields
        .iter()
        .filter(|f| f.insert == Insert::Required)
        .collect();
    let arguments: Vec<String> = required.iter().map(|f| constructor_argument(f)).collect();
    let values: Vec<String> = fields.iter().map(|f| constructor_value(f)).collect();
    let cells: Vec<String> = fields.iter().map(|f| cell(f)).collect();
    Some(NewView {
        fields: fields.iter().map(|f| new_field(f)).collect(),
        all_optional: required.is_empty(),
        signature: layout::signature(4, "pub fn new", &arguments, "Self"),
        literal: layout::struct_literal(8, "Self", &values, ""),
        cells_signature: format!("    fn cells(&self) -> [Cell<'_>; {}] {{", fields.len()),
        cells: layout::array_of_calls(8, &cells),
    })
}

fn constructor_argument(field: &Field<'_>) -> String {
    if field.data_type.name == "String" {
        format!("{}: impl Into<String>", field.ident)
    } else {
        format!("{}: {}", field.ident, field.data_type.name)
    }
}

fn constructor_value(field: &Field<'_>) -> String {
    match field.insert {
        Insert::Required if field.data_type.name == "String" => {
            format!("{0}: {0}.into()", field.ident)
        }
        Insert::Required => field.ident.clone(),
        _ => format!("{}: None", field.ident),
    }
}

/// The parameter of one column of an insert.
fn cell(field: &Field<'_>) -> String {
    let defaulted = field.insert == Insert::Defaulted;
    let name = format!("&self.{}", field.ident);
    match (&field.data_type.write, defaulted) {
        (None, false) => format!("value({name})"),
        (None, true) => format!("or_default({name})"),
        (Some(cast), defaulted) => {
            let function = if defaulted {
                "or_default_as"
            } else {
                "value_as"
            };
            let call = layout::call(12, function, &[name, rust_str(cast)], "");
            call.trim_start().to_owned()
        }
    }
}

fn new_field(field: &Field<'_>) -> FieldView {
    let lines = match (&field.column.default, field.insert) {
        (Some(default), Insert::Defaulted) if field.nullable => {
            vec![format!(
                "Default: {}; `Some(None)` is NULL.",
                code(default.text())
            )]
        }
        (Some(default), Insert::Defaulted) => vec![format!("Default: {}.", code(default.text()))],
        (None, Insert::Defaulted) => vec!["Default: made by the server.".to_owned()],
        _ => Vec::new(),
    };
    let mut serde = Vec::new();
    match field.insert {
        Insert::Defaulted if field.nullable => {
            serde.extend(["default", "deserialize_with = \"present\""]);
        }
        Insert::Defaulted | Insert::Nullable => serde.push("default"),
        Insert::Required | Insert::Never => {}
    }
    if field.sensitive {
        serde.push("skip_serializing");
    }
    FieldView {
        doc: doc_block(4, "///", &lines),
        attributes: serde_attribute(field, serde),
        line: layout::field(4, &field.ident, &field.insert_type()),
    }
}

pub(super) fn patch_view(context: &Context<'_>) -> PatchView {
    let mut view = PatchView {
        fields: Vec::new(),
        assignments: Vec::new(),
    };
    for field in context.patched() {
        let mut serde = Vec::new();
        if field.nullable {
            serde.push("deserialize_with = \"present\"");
        }
        serde.push(if field.sensitive {
            "skip_serializing"
        } else {
            "skip_serializing_if = \"Option::is_none\""
        });
        view.fields.push(FieldView {
            doc: String::new(),
            attributes: serde_attribute(field, serde),
            line: layout::field(4, &field.ident, &field.patch_type()),
        });
        let mut arguments = vec![rust_str(&field.sql), format!("&self.{}", field.ident)];
        let function = match &field.data_type.write {
            Some(cast) => {
                arguments.push(rust_str(cast));
                "set.push_as"
            }
            None => "set.push",
        };
        view.assignments
            .push(layout::call(8, function, &arguments, ";"));
    }
    view
}
