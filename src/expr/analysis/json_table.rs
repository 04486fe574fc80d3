//! JSON_TABLE: a relation whose columns are paths into a document.
//!
//! Source: src/backend/parser/parse_jsontable.c.

use super::Analysis;
use super::scope::Entry;
use super::types::Type;
use crate::expr::tree::{JsonColumn, JsonTable};

/// The names of columns and their types.
type Columns = Vec<(String, Option<Type>)>;

impl Analysis<'_, '_> {
    pub(super) fn json_table(&mut self, table: &JsonTable) -> Option<String> {
        let label = format!("r{}", self.next_relation());
        let document = Type::new("jsonb");
        let source = self.parts(&table.source, &document)?;
        let mut columns = Columns::new();
        let keys = self.json_columns(&table.columns, &mut columns)?;
        let shown = table.alias.name.as_deref().unwrap_or("json_table");
        for (column, name) in columns.iter_mut().zip(&table.alias.columns) {
            column.0.clone_from(name);
        }
        self.enter(Entry::of_columns(&label, shown, columns.into_iter()))?;
        let on_error = match table.on_error.as_str() {
            "" => String::new(),
            behaviour => format!(" {behaviour} on error"),
        };
        Some(format!("json_table({source} {keys}{on_error}) {label}"))
    }

    fn json_columns(&mut self, list: &[JsonColumn], columns: &mut Columns) -> Option<String> {
        let mut keys = Vec::new();
        for column in list {
            keys.push(match column {
                JsonColumn::Ordinality(name) => {
                    columns.push((name.clone(), Some(Type::new("integer"))));
                    format!("{name} ordinality")
                }
                JsonColumn::Value(name, of, parts) => {
                    let of = self.world.written_type(of);
                    let path = self.parts(parts, &of)?;
                    let key = format!("{name} {} {path}", of.full());
                    columns.push((name.clone(), Some(of)));
                    key
                }
                JsonColumn::Nested(path, inner) => {
                    let path = self.parts(path, &Type::new("jsonpath"))?;
                    format!("nested {path} {}", self.json_columns(inner, columns)?)
                }
            });
        }
        Some(format!("columns ({})", keys.join(", ")))
    }
}
