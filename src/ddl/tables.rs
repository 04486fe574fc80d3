//! CREATE TABLE in all its forms, and what only ALTER TABLE can say of a table.

use super::Context;
use super::columns;
use super::constraints::{clause, is_inline};
use super::fragments::{block, generic_options, join, with_parameters};
use super::partitions::{self, Form};
use super::subject::has;
use crate::dialect::{Capability, Dialect};
use crate::model::{
    Column, Constraint, Persistence, QualifiedName, ReplicaIdentity, Table, VirtualTable,
};

/// The CREATE statement of a table with its columns and the constraints that can stand in it.
pub(super) fn create(cx: &Context<'_>, table: &Table) -> String {
    let dialect = cx.dialect;
    let name = dialect.quote_name(&table.name);
    let mut text = format!("CREATE {}TABLE {name}", prefix(table));
    let entries = entries(cx, table);
    match (
        partitions::form(cx, table),
        &table.partition_of,
        &table.of_type,
    ) {
        (Form::PartitionOf, Some(of), _) => {
            text.push_str(&format!(" PARTITION OF {}", dialect.quote_name(&of.parent)));
            if !entries.is_empty() {
                text.push_str(&format!(" {}", block(&entries)));
            }
            text.push_str(&format!("\n    {}", partitions::bound(&of.bound)));
        }
        (_, _, Some(of_type)) => {
            text.push_str(&format!(" OF {}", dialect.quote_name(of_type)));
            if !entries.is_empty() {
                text.push_str(&format!(" {}", block(&entries)));
            }
        }
        _ if entries.is_empty() => text.push_str(" ()"),
        _ => text.push_str(&format!(" {}", block(&entries))),
    }
    text + &tail(table, dialect)
}

/// `CREATE VIRTUAL TABLE`.
pub(super) fn create_virtual(table: &VirtualTable, dialect: Dialect) -> String {
    let name = dialect.quote_name(&table.name);
    let module = dialect.quote(&table.module);
    let mut text = format!("CREATE VIRTUAL TABLE {name} USING {module}");
    if !table.arguments.is_empty() {
        let arguments: Vec<_> = table
            .arguments
            .iter()
            .map(|a| a.text().to_owned())
            .collect();
        text.push_str(&format!(" {}", block(&arguments)));
    }
    text
}

fn prefix(table: &Table) -> &'static str {
    match (table.persistence, table.foreign.is_some()) {
        (_, true) => "FOREIGN ",
        (Persistence::Permanent, _) => "",
        (Persistence::Unlogged, _) => "UNLOGGED ",
        (Persistence::Temporary, _) => "TEMPORARY ",
    }
}

/// The lines between the parentheses: columns first, then constraints.
fn entries(cx: &Context<'_>, table: &Table) -> Vec<String> {
    let mut lines = match partitions::form(cx, table) {
        Form::PartitionOf => partitions::column_options(cx, table),
        Form::Attach => full_columns(cx, table, |_| true),
        Form::Plain if table.of_type.is_some() => typed_columns(table, cx.dialect),
        Form::Plain => full_columns(cx, table, |c| !c.inherited),
    };
    if partitions::form(cx, table) == Form::Attach {
        lines.extend(partitions::inherited_checks(cx, table).map(|c| clause(c, cx.dialect)));
    }
    let inline = |c: &&Constraint| is_inline(cx, table, c) && !is_column_key(table, c);
    lines.extend(
        table
            .constraints
            .iter()
            .filter(inline)
            .map(|c| clause(c, cx.dialect)),
    );
    lines
}

fn full_columns(cx: &Context<'_>, table: &Table, which: impl Fn(&Column) -> bool) -> Vec<String> {
    let columns = table.columns.iter().filter(|c| which(c));
    columns.map(|c| columns::definition(cx, table, c)).collect()
}

/// The columns of a typed table say only what the type does not.
fn typed_columns(table: &Table, dialect: Dialect) -> Vec<String> {
    let options = |column: &Column| {
        let constraints = columns::constraints(table, column, dialect);
        let name = dialect.quote(&column.name);
        (!constraints.is_empty()).then(|| format!("{name} WITH OPTIONS{constraints}"))
    };
    table.columns.iter().filter_map(options).collect()
}

/// SQLite's AUTOINCREMENT exists only on the key that stands at its column.
fn is_column_key(table: &Table, constraint: &Constraint) -> bool {
    constraint.is_primary_key() && table.columns.iter().any(|c| c.autoincrement)
}

/// What follows the parentheses, in the order of the grammar.
fn tail(table: &Table, dialect: Dialect) -> String {
    let mut text = String::new();
    if !table.inherits.is_empty() {
        let parents = join(table.inherits.iter().map(|p| dialect.quote_name(p)));
        text.push_str(&format!("\nINHERITS ({parents})"));
    }
    if let Some(by) = &table.partition_by {
        text.push_str(&format!("\n{}", partitions::partition_by(by, dialect)));
    }
    if let Some(foreign) = &table.foreign {
        let server = dialect.quote(&foreign.server);
        let options = generic_options(&foreign.options, dialect);
        return text + &format!("\nSERVER {server}{options}");
    }
    if let Some(method) = &table.access_method {
        text.push_str(&format!("\nUSING {}", dialect.quote(method)));
    }
    let storage = with_parameters(&table.storage, dialect);
    if !storage.is_empty() {
        text.push_str(&format!("\n{}", storage.trim_start()));
    }
    if let Some(tablespace) = &table.tablespace {
        text.push_str(&format!("\nTABLESPACE {}", dialect.quote(tablespace)));
    }
    let words = [
        (table.strict, "STRICT"),
        (table.without_rowid, "WITHOUT ROWID"),
    ];
    let words: Vec<_> = words
        .iter()
        .filter(|(on, _)| *on)
        .map(|(_, w)| *w)
        .collect();
    if !words.is_empty() {
        text.push_str(&format!(" {}", words.join(", ")));
    }
    text
}

/// What CREATE TABLE cannot say, as statements: attachment, column settings, replica identity and
/// clustering by a constraint, row-level security.
pub(super) fn alterations(cx: &Context<'_>, table: &Table) -> Vec<String> {
    let dialect = cx.dialect;
    if !has(dialect, Capability::AddConstraint) {
        return Vec::new();
    }
    let mut out = Vec::new();
    if partitions::form(cx, table) == Form::Attach {
        out.extend(partitions::attach(table, dialect));
    }
    let mut actions = Vec::new();
    if partitions::form(cx, table) == Form::Plain {
        for column in table.columns.iter().filter(|c| c.inherited) {
            let from = inherited_from(cx, table, column);
            actions.extend(columns::deviations(column, from, dialect));
        }
    }
    for column in &table.columns {
        actions.extend(columns::alterations(column, dialect));
    }
    match table.replica_identity {
        ReplicaIdentity::Full => actions.push("REPLICA IDENTITY FULL".to_owned()),
        ReplicaIdentity::Nothing => actions.push("REPLICA IDENTITY NOTHING".to_owned()),
        ReplicaIdentity::Default | ReplicaIdentity::Index(_) => {}
    }
    if table.row_security {
        actions.push("ENABLE ROW LEVEL SECURITY".to_owned());
    }
    if table.force_row_security {
        actions.push("FORCE ROW LEVEL SECURITY".to_owned());
    }
    let alter = alter(table, dialect);
    out.extend(actions.into_iter().map(|a| format!("{alter} {a}")));
    out
}

/// `ALTER TABLE name` or `ALTER FOREIGN TABLE name`.
pub(crate) fn alter(table: &Table, dialect: Dialect) -> String {
    let foreign = if table.foreign.is_some() {
        "FOREIGN "
    } else {
        ""
    };
    format!("ALTER {foreign}TABLE {}", dialect.quote_name(&table.name))
}

fn inherited_from<'a>(cx: &Context<'a>, table: &Table, column: &Column) -> Option<&'a Column> {
    let parent = |name: &QualifiedName| cx.catalog.tables.get(name)?.column(&column.name);
    table.inherits.iter().find_map(parent)
}

/// What marks an index or constraint as special for its table: CLUSTER ON, REPLICA IDENTITY.
pub(super) fn marks(table: &Table, index: &str, dialect: Dialect) -> Vec<String> {
    let alter = alter(table, dialect);
    let name = dialect.quote(index);
    let mut out = Vec::new();
    if matches!(&table.replica_identity, ReplicaIdentity::Index(i) if *i == *index) {
        out.push(format!("{alter} REPLICA IDENTITY USING INDEX {name}"));
    }
    if table.cluster_on.as_ref().is_some_and(|i| *i == *index) {
        out.push(format!("{alter} CLUSTER ON {name}"));
    }
    out
}
