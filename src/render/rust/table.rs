//! The view model of one table's module: its structs and what they import.

use serde::Serialize;

use super::columns::{Field, Fields, Insert};
use super::escape::{braces, rust_str_inner, wrapped};
use super::functions::{Functions, functions};
use super::imports::imports;
use super::names::TableNames;
use super::records::{
    KeyView, NewView, PatchView, StructView, key_view, new_view, patch_view, read, row_field, title,
};
use super::validate::{Rules, rules};
use super::{Models, layout};
use crate::model::Table;

/// One module, as the template lays it out.
#[derive(Debug, Serialize)]
pub(super) struct TableView {
    pub(super) banner: &'static str,
    doc: String,
    imports: String,
    names: TableNames,
    /// The constant of the columns to read; absent for a table without columns.
    columns: Option<String>,
    /// The constant of the columns to insert.
    insert_columns: Option<String>,
    key: Option<KeyView>,
    row: StructView,
    new: Option<NewView>,
    patch: Option<PatchView>,
    rules: Rules,
    functions: Functions,
}

/// What a table's views are made from.
pub(super) struct Context<'a> {
    pub(super) models: &'a Models<'a>,
    pub(super) table: &'a Table,
    pub(super) names: &'a TableNames,
    pub(super) fields: Vec<Field<'a>>,
    /// The table in SQL, escaped for a literal that goes through `format!`.
    pub(super) sql: String,
    pub(super) has_patch: bool,
}

impl<'a> Context<'a> {
    pub(super) fn new(models: &'a Models<'a>, table: &'a Table, names: &'a TableNames) -> Self {
        let fields = Fields::new(models).of(table);
        let has_key = fields.iter().any(|f| f.key);
        Self {
            models,
            table,
            names,
            has_patch: has_key && fields.iter().any(is_patched),
            fields,
            sql: in_format(&models.sql_name(&table.name)),
        }
    }

    /// The fields of the primary key, in the key's order.
    pub(super) fn key(&self) -> Vec<&Field<'a>> {
        self.named(self.table.primary_key_columns())
    }

    /// The fields of these columns; none where one is missing.
    pub(super) fn named(&self, columns: &[crate::model::Ident]) -> Vec<&Field<'a>> {
        let find = |name| self.fields.iter().find(|f| &f.column.name == name);
        columns
            .iter()
            .map(find)
            .collect::<Option<_>>()
            .unwrap_or_default()
    }

    pub(super) fn inserted(&self) -> impl Iterator<Item = &Field<'a>> {
        self.fields.iter().filter(|f| f.insert != Insert::Never)
    }

    pub(super) fn patched(&self) -> impl Iterator<Item = &Field<'a>> {
        self.fields.iter().filter(|f| is_patched(f))
    }

    /// Whether the key type is declared here, not in the module of a table that it refers to.
    pub(super) fn declares_key(&self) -> bool {
        match self.key().as_slice() {
            [] => false,
            [one] => one.data_type.name == self.names.key,
            _ => true,
        }
    }
}

fn is_patched(field: &Field<'_>) -> bool {
    !field.key
        && field.column.generated.is_none()
        && !field.column.identity.as_ref().is_some_and(|i| i.always)
}

/// SQL in a literal that `format!` reads.
pub(super) fn in_format(sql: &str) -> String {
    rust_str_inner(&braces(sql))
}

/// `///` lines, broken between words where they are long; an empty text for no lines.
pub(super) fn doc_block(indent: usize, slashes: &str, lines: &[String]) -> String {
    let pad = " ".repeat(indent);
    let wrapped = lines.iter().flat_map(|l| wrapped(l, 96 - indent));
    let line = |l: String| format!("{pad}{slashes} {l}").trim_end().to_owned();
    wrapped.map(line).collect::<Vec<_>>().join("\n")
}

pub(super) fn table_view(context: &Context<'_>) -> TableView {
    let names = context.names;
    let rules = rules(context);
    let functions = functions(context);
    let new = (!context.fields.is_empty())
        .then(|| new_view(context))
        .flatten();
    let columns: Vec<String> = context
        .fields
        .iter()
        .map(|f| in_literal(&f.selected()))
        .collect();
    let inserted: Vec<String> = context.inserted().map(|f| in_literal(&f.sql)).collect();
    let constant = |head: &str, items: Vec<String>| {
        (!items.is_empty()).then(|| layout::list_constant(head, &items))
    };
    TableView {
        banner: super::BANNER,
        doc: doc_block(0, "//!", &title(context, "Table")),
        imports: imports(context, &rules, &functions, new.is_some()),
        names: names.clone(),
        columns: constant("pub const COLUMNS: &str", columns),
        insert_columns: constant("const INSERT_COLUMNS: &str", inserted),
        key: context.declares_key().then(|| key_view(context)),
        row: StructView {
            doc: doc_block(0, "///", &title(context, "A row of")),
            fields: context
                .fields
                .iter()
                .map(|f| row_field(context, f))
                .collect(),
            reads: context.fields.iter().map(read).collect(),
        },
        new,
        patch: context.has_patch.then(|| patch_view(context)),
        rules,
        functions,
    }
}

fn in_literal(sql: &str) -> String {
    rust_str_inner(sql)
}

/// The types that the module of a table declares.
pub(super) fn exports(context: &Context<'_>) -> Vec<String> {
    let names = context.names;
    let mut exports = vec![names.row.clone()];
    if context.declares_key() {
        exports.push(names.key.clone());
    }
    if context.inserted().next().is_some() {
        exports.push(names.new.clone());
    }
    if context.has_patch {
        exports.push(names.patch.clone());
    }
    exports
}
