//! The row that a foreign key refers to.

use serde::Serialize;

use super::super::columns::{Field, Fields, target_columns};
use super::super::escape::{code, rust_ident};
use super::super::layout;
use super::super::names::{TableNames, Unique};
use super::super::table::{Context, doc_block};
use super::super::types::{RustType, Use};
use super::super::words::{role, snake};
use super::lookups::named_lookups;
use super::{CLIENT, FUNCTIONS};
use crate::model::{ForeignKey, Ident};

#[derive(Debug, Serialize)]
pub(super) struct Parent {
    doc: String,
    signature: String,
    body: String,
}

/// How the parent of a foreign key is found in its table.
enum Lookups {
    Key,
    KeyStruct,
    Unique(String),
}

pub(super) fn parents(
    context: &Context<'_>,
    taken: &mut Unique,
    uses: &mut Vec<Use>,
) -> Vec<Parent> {
    let mut all = Vec::new();
    for (constraint, fk) in context.table.foreign_keys() {
        let Some((names, found)) = target(context, fk) else {
            continue;
        };
        let fields = context.named(&fk.columns);
        let Some(body) = parent_body(context, fk, names, &found, &fields) else {
            continue;
        };
        let wanted = match fk.columns.as_slice() {
            [one] if context.table.primary_key_columns() != fk.columns.as_slice() => role(one),
            _ => snake(&names.row),
        };
        let name = taken.claim(&function_name(&wanted));
        uses.extend(RustType::of_models(&names.row).uses);
        if matches!(found, Lookups::KeyStruct) {
            uses.extend(RustType::of_models(&names.key).uses);
        }
        let output = format!("Result<Option<{}>, Error>", names.row);
        let output = if names.row == context.names.row {
            "Result<Option<Self>, Error>"
        } else {
            &output
        };
        let arguments = ["&self".to_owned(), CLIENT.to_owned()];
        let doc = format!(
            "The row of {} that {} refers to.",
            code(&context.models.sql_name(&fk.target)),
            code(&constraint.name)
        );
        all.push(Parent {
            doc: doc_block(4, "///", &[doc]),
            signature: layout::signature(4, &format!("pub async fn {name}"), &arguments, output),
            body,
        });
    }
    all
}

/// A name that no other function has and that is no keyword.
fn function_name(wanted: &str) -> String {
    let ident = rust_ident(wanted);
    let convention = ["from_", "into_"].iter().any(|p| wanted.starts_with(p));
    if ident != wanted || convention || FUNCTIONS.contains(&wanted) {
        format!("parent_{wanted}")
    } else {
        ident
    }
}

/// The table that a foreign key refers to, and the function that finds its row.
fn target<'a>(context: &Context<'a>, fk: &ForeignKey) -> Option<(&'a TableNames, Lookups)> {
    let models = context.models;
    let table = models.catalog().tables.get(&fk.target)?;
    let names = models.types.names.tables.get(&fk.target)?;
    let columns = target_columns(fk, table);
    let fields = Fields::new(models);
    for (own, theirs) in fk.columns.iter().zip(columns) {
        let own = fields.type_of(context.table, context.table.column(own)?);
        let theirs = fields.type_of(table, table.column(theirs)?);
        if own.name != theirs.name {
            return None;
        }
    }
    let key = table.primary_key_columns();
    if columns == key && key.len() == 1 {
        return Some((names, Lookups::Key));
    }
    let mut sorted: (Vec<&Ident>, Vec<&Ident>) = (columns.iter().collect(), key.iter().collect());
    sorted.0.sort();
    sorted.1.sort();
    if sorted.0 == sorted.1 {
        return Some((names, Lookups::KeyStruct));
    }
    let other = Context::new(models, table, names);
    let mut taken = Unique::new(FUNCTIONS.iter().copied());
    let mut all = named_lookups(&other, &mut taken).into_iter();
    let found = all.find(|(_, _, k)| k.columns.iter().copied().eq(columns.iter()))?;
    // Only one argument has a fixed width.
    (columns.len() == 1).then_some((names, Lookups::Unique(found.0)))
}

fn parent_body(
    context: &Context<'_>,
    fk: &ForeignKey,
    names: &TableNames,
    found: &Lookups,
    fields: &[&Field<'_>],
) -> Option<String> {
    let row = if names.row == context.names.row {
        "Self"
    } else {
        &names.row
    };
    let function = match found {
        Lookups::Key => format!("{row}::find"),
        Lookups::Unique(name) => format!("{row}::{name}"),
        Lookups::KeyStruct => return key_parent(context, fk, names, row, fields),
    };
    let [field] = fields else { return None };
    let by_reference = if field.data_type.copy { "" } else { "&" };
    if field.nullable {
        let value = layout::awaited(16, &function, "client, key");
        let some = if value.contains('\n') {
            format!("            Some(key) => {{\n{value}\n            }}")
        } else {
            layout::arm(12, &["Some(key)".to_owned()], value.trim_start())
        };
        return Some(format!(
            "        match {by_reference}self.{} {{\n{some}\n            None => Ok(None),\n        }}",
            field.ident
        ));
    }
    let value = format!("{by_reference}self.{}", field.ident);
    let line = format!("{function}(client, {value}).await");
    if layout::width(&line) <= 92 && layout::width(&value) <= 50 {
        return Some(format!("        {line}"));
    }
    let awaited = layout::awaited(8, &function, "client, key");
    Some(format!("        let key = {value};\n{awaited}"))
}

/// The parent of a foreign key over several columns, found by its key struct.
fn key_parent(
    context: &Context<'_>,
    fk: &ForeignKey,
    names: &TableNames,
    row: &str,
    fields: &[&Field<'_>],
) -> Option<String> {
    let table = context.models.catalog().tables.get(&fk.target)?;
    let theirs = Fields::new(context.models).of(table);
    let mut body = String::new();
    let mut literal = Vec::new();
    for name in table.primary_key_columns() {
        let at = target_columns(fk, table).iter().position(|c| c == name)?;
        let (own, target) = (
            fields.get(at)?,
            theirs.iter().find(|f| &f.column.name == name)?,
        );
        let clone = if own.data_type.copy { "" } else { ".clone()" };
        if own.nullable {
            let line = format!(
                "        let Some({}) = self.{}{clone} else {{",
                own.ident, own.ident
            );
            // rustfmt breaks such a line in ways that are not worth following.
            if layout::width(&line) > 100 || layout::width(&own.ident) > 45 {
                return None;
            }
            body.push_str(&format!(
                "{line}\n            return Ok(None);\n        }};\n"
            ));
            let shorthand = own.ident == target.ident;
            literal.push(if shorthand {
                own.ident.clone()
            } else {
                format!("{}: {}", target.ident, own.ident)
            });
        } else {
            let line = format!("{}: self.{}{clone}", target.ident, own.ident);
            if layout::width(&line) > 60 {
                return None;
            }
            literal.push(line);
        }
    }
    let key = format!("let key = {}", names.key);
    body.push_str(&layout::struct_literal(8, &key, &literal, ";"));
    body.push('\n');
    body.push_str(&layout::awaited(8, &format!("{row}::find"), "client, &key"));
    Some(body)
}
