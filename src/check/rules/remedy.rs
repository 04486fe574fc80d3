//! SQL and YAML for the help of findings: what a person can paste.

use crate::check::Context;
use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect::{Dialect, constraint_name};
use crate::model::{Ident, QualifiedName, Table};

/// Columns as SQL: `a, "B"`.
pub(super) fn column_list<S: AsRef<str>>(dialect: Dialect, columns: &[S]) -> String {
    let quoted: Vec<_> = columns.iter().map(|c| dialect.quote(c.as_ref())).collect();
    quoted.join(", ")
}

/// Columns in a sentence: `a`, `b` and `c`.
pub(super) fn in_words<S: AsRef<str>>(names: &[S]) -> String {
    let quoted: Vec<String> = names.iter().map(|n| format!("`{}`", n.as_ref())).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

/// A name for a new index, free in the schema.
fn index_name(cx: &Context<'_>, table: &Table, columns: &[Ident]) -> QualifiedName {
    let columns: Vec<&str> = columns.iter().map(Ident::as_str).collect();
    let taken = |name: &str| {
        let name = table.name.sibling(name);
        cx.relations.relation_of_index(&name).is_some() || cx.catalog.relation(&name).is_some()
    };
    let name = constraint_name(&table.name.name, &columns, "idx", taken);
    table.name.sibling(name)
}

/// `CREATE INDEX a_b_idx ON a (b);`
pub(super) fn create_index(cx: &Context<'_>, table: &Table, columns: &[Ident]) -> String {
    let name = index_name(cx, table, columns);
    format!(
        "CREATE INDEX {} ON {} ({});",
        cx.dialect.quote(&name.name),
        cx.dialect.quote_name(&table.name),
        column_list(cx.dialect, columns)
    )
}

/// `ALTER TABLE a ADD b;`
pub(super) fn alter_table(cx: &Context<'_>, table: &Table, action: &str) -> String {
    format!(
        "ALTER TABLE {} {action};",
        cx.dialect.quote_name(&table.name)
    )
}

/// A list of names as YAML flow: `[a, b]`.
pub(super) fn yaml_list<S: AsRef<str>>(names: &[S]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    format!("[{}]", names.join(", "))
}

/// A finding one level lower: for what is less certain than the rule usually is.
pub(super) fn lowered(mut finding: Diagnostic) -> Diagnostic {
    finding.severity = match finding.severity {
        Severity::Error => Severity::Warning,
        Severity::Warning | Severity::Info => Severity::Info,
    };
    finding
}
