//! Rules that a value can be held against without the database: lengths, lists of values, bounds.
//!
//! Invariants: a rule never refuses what the database takes: a CHECK is used only where its whole
//! text, or a part that AND joins, is of a form known here; NULL passes, as it does in SQL.

use serde::Serialize;

use super::check_text::{DEPTH, Rule, Source};
use super::columns::Field;
use super::escape::rust_str;
use super::layout;
use super::names::Unique;
use super::table::Context;
use super::types::{Shape, Use};
use super::words::constant;
use crate::expr::Lexer;

#[derive(Debug, Default, Serialize)]
pub(super) struct Rules {
    /// Lists of values, as constants.
    constants: Vec<String>,
    /// Calls on the fields of an insert.
    new: Vec<String>,
    /// Calls on the fields of a patch.
    patch: Vec<String>,
    #[serde(skip)]
    pub(super) uses: Vec<Use>,
}

/// The rules of every column of a table.
pub(super) fn rules(context: &Context<'_>) -> Rules {
    let mut found: Vec<(&Field<'_>, Rule)> = Vec::new();
    for field in &context.fields {
        let data_type = context.models.types.base(&field.column.data_type);
        let limited = ["character varying", "character"]
            .iter()
            .any(|n| data_type.is(n));
        let max = data_type.modifiers.first().and_then(|m| m.parse().ok());
        if let (true, Some(max)) = (limited, max) {
            found.push((field, Rule::MaxChars(max)));
        }
    }
    let checks = context.table.constraints.iter().filter(|c| !c.not_valid);
    for expression in checks.filter_map(|c| c.as_check()) {
        found.extend(of_check(context, expression.text()));
    }
    let mut rules = Rules::default();
    let mut constants = Unique::new(["COLUMNS", "INSERT_COLUMNS", "MAX_PARAMS"]);
    // A list that two checks repeat is one list.
    let mut seen: Vec<(&str, Rule)> = Vec::new();
    for (field, rule) in found {
        let known = (field.ident.as_str(), rule.clone());
        if fits(field, &rule) && !seen.contains(&known) {
            seen.push(known);
            add(context, &mut rules, &mut constants, field, &rule);
        }
    }
    if !rules.new.is_empty() || !rules.patch.is_empty() {
        for (path, name) in [("super", "Violation"), ("super::support", "Checks")] {
            rules.uses.push(Use {
                path,
                name: name.to_owned(),
            });
        }
    }
    rules
}

/// Whether the field's Rust type can be held against the rule.
fn fits(field: &Field<'_>, rule: &Rule) -> bool {
    let shape = field.data_type.shape;
    match rule {
        Rule::Bound(_, bound) => match shape {
            Shape::Integer(name) => in_range(name, bound),
            Shape::Float(_) => true,
            // An `i64` holds the digits.
            Shape::Decimal => bound.len() <= 18,
            _ => false,
        },
        _ => shape == Shape::Text && field.data_type.name == "String",
    }
}

fn in_range(name: &str, bound: &str) -> bool {
    match name {
        "i16" => bound.parse::<i16>().is_ok(),
        "i32" => bound.parse::<i32>().is_ok(),
        _ => bound.parse::<i64>().is_ok(),
    }
}

fn add(
    context: &Context<'_>,
    rules: &mut Rules,
    constants: &mut Unique,
    field: &Field<'_>,
    rule: &Rule,
) {
    let mut arguments = vec![
        rust_str(&field.column.name),
        format!("&self.{}", field.ident),
    ];
    let method = match rule {
        Rule::MaxChars(max) => {
            arguments.push(max.to_string());
            "max_chars"
        }
        Rule::MinChars(min) => {
            arguments.push(min.to_string());
            "min_chars"
        }
        Rule::NotBlank => "not_blank",
        Rule::OneOf(values) => {
            let name = constants.claim(&format!("{}_VALUES", constant(&field.stem)));
            let values: Vec<String> = values.iter().map(|v| rust_str(v)).collect();
            let head = format!("pub const {name}: &[&str] = &");
            rules.constants.push(layout::array(0, &head, &values, ";"));
            arguments.push(name);
            "one_of"
        }
        Rule::Bound(method, bound) => {
            arguments.push(literal(field, bound));
            if field.data_type.shape == Shape::Decimal {
                rules.uses.push(Use {
                    path: "rust_decimal",
                    name: "Decimal".to_owned(),
                });
            }
            method
        }
    };
    let call = layout::call(8, &format!("checks.{method}"), &arguments, ";");
    if context.inserted().any(|f| f.ident == field.ident) {
        rules.new.push(call.clone());
    }
    if context.has_patch && context.patched().any(|f| f.ident == field.ident) {
        rules.patch.push(call);
    }
}

/// A bound as a literal of the field's type.
fn literal(field: &Field<'_>, bound: &str) -> String {
    match field.data_type.shape {
        Shape::Integer(name) => format!("{bound}_{name}"),
        Shape::Float(name) if bound.contains('.') => format!("{bound}_{name}"),
        Shape::Float(name) => format!("{bound}.0_{name}"),
        _ => match bound.split_once('.') {
            Some((whole, part)) => {
                let digits = format!("{whole}{part}");
                let negative = digits.starts_with('-');
                let digits = digits.trim_start_matches(['-', '0']);
                let digits = if digits.is_empty() { "0" } else { digits };
                let sign = if negative { "-" } else { "" };
                format!("Decimal::new({sign}{digits}, {})", part.len())
            }
            None => format!("Decimal::from({bound}_i64)"),
        },
    }
}

/// The rules that a CHECK states, of those forms that are known.
fn of_check<'c, 'a>(context: &'c Context<'a>, text: &str) -> Vec<(&'c Field<'a>, Rule)> {
    let Ok(tokens) = Lexer::tokens(text, context.models.types.dialect) else {
        return Vec::new();
    };
    let source = Source {
        text,
        tokens: &tokens,
    };
    let mut rules = Vec::new();
    for part in source.conjuncts(DEPTH) {
        if let Some((column, found)) = part.rules()
            && let Some(field) = context
                .fields
                .iter()
                .find(|f| f.column.name == column.as_str())
        {
            rules.extend(found.into_iter().map(|rule| (field, rule)));
        }
    }
    rules
}
