//! A proposal in third normal form, printed as YAML.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::declared::Declared;
use crate::check::normal_form::{AttributeSet, Component, Synthesis, is_lossless, synthesise};
use crate::check::{Context, words};
use crate::model::{Column, Table};

/// Beyond this many symbols the chase is not run, and no proposal made.
const MAX_TABLEAU: usize = 20_000;

/// The tables that the columns belong into, as YAML to paste; `None` where one table is left, or
/// the proposal is not proved to be lossless.
pub(super) fn proposal(cx: &Context<'_>, declared: &Declared<'_>) -> Option<String> {
    let width = declared.table.columns.len();
    let dependencies = declared.dependencies();
    let synthesis = synthesise(&dependencies, width, &declared.superkey);
    let parts = synthesis.attribute_sets();
    let small = width.saturating_mul(parts.len()) <= MAX_TABLEAU;
    if parts.len() < 2 || !small || !is_lossless(width, &dependencies, &parts) {
        return None;
    }
    let printer = Printer {
        cx,
        table: declared.table,
        synthesis: &synthesis,
        names: names(cx, declared.table, &synthesis),
    };
    Some(format!(
        "third normal form, without loss of rows or dependencies:\n\n{}",
        printer.print()
    ))
}

/// Names for the components: the table's own for the first one, those of existing tables where
/// the key is a foreign key, else made of the key.
fn names(cx: &Context<'_>, table: &Table, synthesis: &Synthesis) -> Vec<(String, bool)> {
    let mut taken: BTreeSet<String> = BTreeSet::from([table.name.name.to_string()]);
    let mut names = vec![(table.name.name.to_string(), false)];
    for component in &synthesis.components[1..] {
        if let Some(existing) = existing(table, component)
            && taken.insert(existing.clone())
        {
            names.push((existing, true));
            continue;
        }
        let in_schema = |name: &str| {
            let tables = cx.relations.tables_named(name).iter();
            tables
                .into_iter()
                .any(|t| t.name.schema == table.name.schema)
        };
        let wanted = made_name(table, component);
        let mut name = wanted.clone();
        if taken.contains(&name) || in_schema(&name) {
            // `orders_by_order_no`: what the rows of the table have in common for that key.
            let key = component
                .keys
                .first()
                .map_or_else(Vec::new, |key| names_of(table, key));
            name = format!("{}_by_{}", table.name.name, key.join("_"));
        }
        let mut n = 2;
        while taken.contains(&name) || in_schema(&name) {
            name = format!("{wanted}_{n}");
            n += 1;
        }
        taken.insert(name.clone());
        names.push((name, false));
    }
    names
}

/// The table that the key of a component references already.
fn existing(table: &Table, component: &Component) -> Option<String> {
    let key = names_of(table, component.keys.first()?);
    let same = |columns: &[crate::model::Ident]| {
        columns.len() == key.len() && columns.iter().all(|c| key.contains(&c.as_str()))
    };
    let (_, found) = table.foreign_keys().find(|(_, fk)| same(&fk.columns))?;
    (found.target != table.name).then(|| found.target.name.to_string())
}

/// `customers` for the key `customer_id`.
fn made_name(table: &Table, component: &Component) -> String {
    let key = component
        .keys
        .first()
        .map_or_else(Vec::new, |key| names_of(table, key));
    let mut parts: Vec<String> = Vec::new();
    for column in key {
        let mut tokens = words::tokens(column);
        let is_ending = |word: &String| {
            matches!(
                word.as_str(),
                "id" | "code" | "no" | "nr" | "number" | "key" | "sku" | "uuid"
            )
        };
        if tokens.len() > 1 && tokens.last().is_some_and(is_ending) {
            tokens.pop();
        }
        parts.push(tokens.join("_"));
    }
    let mut name = parts.join("_");
    let own = words::tokens(&table.name.name);
    if own.last().is_some_and(|word| words::is_plural(word)) {
        let (head, last) = name
            .rsplit_once('_')
            .map_or(("", name.as_str()), |(h, l)| (h, l));
        let last = words::plural(last);
        name = if head.is_empty() {
            last
        } else {
            format!("{head}_{last}")
        };
    }
    if name.is_empty() {
        format!("{}_2", table.name.name)
    } else {
        name
    }
}

fn names_of<'a>(table: &'a Table, set: &AttributeSet) -> Vec<&'a str> {
    set.iter()
        .filter_map(|n| table.columns.get(n))
        .map(|c| c.name.as_str())
        .collect()
}

struct Printer<'a> {
    cx: &'a Context<'a>,
    table: &'a Table,
    synthesis: &'a Synthesis,
    /// By component, and whether the table is there already.
    names: Vec<(String, bool)>,
}

impl Printer<'_> {
    fn print(&self) -> String {
        let mut out = String::from("tables:\n");
        for number in 0..self.synthesis.components.len() {
            self.component(&mut out, number);
        }
        out
    }

    fn component(&self, out: &mut String, number: usize) {
        let component = &self.synthesis.components[number];
        let (name, exists) = &self.names[number];
        let key = component.keys.first().cloned().unwrap_or_default();
        // Its own key has another name there, and is there already.
        let shown = match exists {
            true => component.attributes.difference(&key),
            false => component.attributes.clone(),
        };
        if shown.is_empty() {
            return;
        }
        let comment = if *exists {
            "  # is there already: what it may lack"
        } else {
            ""
        };
        let _ = writeln!(out, "  {}:{comment}\n    columns:", scalar(name));
        let references = self.single_references(number);
        for column in shown.iter() {
            let definition = match references.get(&column) {
                Some(target) => self.reference(column, target, &key),
                None => scalar(&self.short_form(column, number, &key)),
            };
            let name = &self.table.columns[column].name;
            let _ = writeln!(out, "      {}: {definition}", scalar(name));
        }
        if !exists {
            self.keys(out, component, &key);
        }
        self.composite_references(out, number);
    }

    /// The columns that alone reference another component, with its number.
    fn single_references(&self, number: usize) -> BTreeMap<usize, usize> {
        let own = self
            .synthesis
            .references
            .iter()
            .filter(|r| r.from == number);
        let single = own.filter(|r| r.attributes.len() == 1);
        single
            .filter_map(|r| Some((r.attributes.iter().next()?, r.to)))
            .collect()
    }

    fn reference(&self, column: usize, target: &usize, key: &AttributeSet) -> String {
        let column = &self.table.columns[column];
        let target = &self.names[*target];
        let fk = self
            .table
            .foreign_keys()
            .find(|(_, fk)| fk.columns == [column.name.clone()]);
        let referenced = match fk {
            Some((_, fk)) if target.1 => fk.target_columns.first().unwrap_or(&column.name),
            _ => &column.name,
        };
        let referenced = format!("{}.{referenced}", target.0);
        let mut text = format!("{{ references: {}", in_flow(&referenced));
        if column.not_null {
            text.push_str(", nullable: false");
        }
        if names_of(self.table, key) == [column.name.as_str()] {
            text.push_str(", primary_key: true");
        }
        text.push_str(" }");
        text
    }

    /// `bigint not null`: an SQL column definition.
    fn short_form(&self, number: usize, component: usize, key: &AttributeSet) -> String {
        let column: &Column = &self.table.columns[number];
        let mut text = self.cx.dialect.print_type(&column.data_type);
        let is_key = key.len() == 1 && key.contains(number);
        if let (Some(identity), 0) = (&column.identity, component) {
            let when = if identity.always {
                "always"
            } else {
                "by default"
            };
            let _ = write!(text, " generated {when} as identity");
        }
        if let Some(generated) = &column.generated {
            let _ = write!(
                text,
                " generated always as ({}) stored",
                generated.expression.text()
            );
        } else if let (Some(default), true) = (&column.default, component == 0 || !is_key) {
            let _ = write!(text, " default {}", default.text());
        }
        if is_key {
            text.push_str(" primary key");
        } else if column.not_null {
            text.push_str(" not null");
        }
        text
    }

    fn keys(&self, out: &mut String, component: &Component, key: &AttributeSet) {
        if key.len() > 1 {
            let _ = writeln!(out, "    primary_key: {}", self.list(key));
        }
        let others: Vec<String> = component
            .keys
            .iter()
            .skip(1)
            .map(|key| self.list(key))
            .collect();
        if !others.is_empty() {
            let _ = writeln!(out, "    unique: [{}]", others.join(", "));
        }
    }

    fn list(&self, set: &AttributeSet) -> String {
        let names: Vec<String> = names_of(self.table, set).into_iter().map(in_flow).collect();
        format!("[{}]", names.join(", "))
    }

    fn composite_references(&self, out: &mut String, number: usize) {
        let own = self
            .synthesis
            .references
            .iter()
            .filter(|r| r.from == number);
        let composite: Vec<_> = own.filter(|r| r.attributes.len() > 1).collect();
        if !composite.is_empty() {
            out.push_str("    foreign_keys:\n");
        }
        for reference in composite {
            let columns = names_of(self.table, &reference.attributes).join(", ");
            let target = in_flow(&format!("{}({columns})", self.names[reference.to].0));
            let columns = self.list(&reference.attributes);
            let _ = writeln!(
                out,
                "      - {{ columns: {columns}, references: {target} }}"
            );
        }
    }
}

/// A text as YAML: quoted where it would be read as something else.
fn scalar(text: &str) -> String {
    let special = text.starts_with(|c: char| "-?:,[]{}#&*!|>'\"%@` ".contains(c))
        || text.contains(": ")
        || text.contains(" #")
        || text.ends_with([':', ' '])
        || text.contains('\n')
        || matches!(
            text,
            "" | "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "~"
        )
        || text.parse::<f64>().is_ok();
    if special {
        quoted(text)
    } else {
        text.to_owned()
    }
}

/// The same within `[...]` and `{...}`, where more characters mean something.
fn in_flow(text: &str) -> String {
    if text.contains([',', '[', ']', '{', '}']) {
        quoted(text)
    } else {
        scalar(text)
    }
}

fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_quoted_where_they_must() {
        assert_eq!(
            scalar("text not null default 'a'"),
            "text not null default 'a'"
        );
        assert_eq!(scalar("text default 'a: b'"), "\"text default 'a: b'\"");
        assert_eq!(scalar("no"), "\"no\"");
    }
}
