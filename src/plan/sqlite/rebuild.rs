//! A table built anew beside the old one, whose place it takes.
//!
//! Source: <https://www.sqlite.org/lang_altertable.html>, section 7: the new table is made, filled
//! and renamed, and the old one is never renamed, so that nothing that refers to it is rewritten.

use super::table::{Constant, constant};
use crate::ddl::{self, Context};
use crate::expr::mentions;
use crate::model::{Catalog, Column, Ident, ObjectId, ObjectRef, QualifiedName, Table};

/// The statements that give a table its new definition, without indexes and triggers.
pub(super) fn statements(
    cx: &Context<'_>,
    before: &Table,
    after: &Table,
    state: &Catalog,
) -> Vec<String> {
    let dialect = cx.dialect;
    let meanwhile = free_name(&after.name, [state, cx.catalog]);
    let made = Table {
        name: meanwhile.clone(),
        ..after.clone()
    };
    let mut out = Vec::new();
    out.extend(ddl::create_statement(cx, ObjectRef::Table(&made)));
    let (old, new) = (
        dialect.quote_name(&after.name),
        dialect.quote_name(&meanwhile),
    );
    let copied = copied(cx, before, after, state);
    if !copied.is_empty() {
        let list = |of: fn(&Copied) -> &str| copied.iter().map(of).collect::<Vec<_>>().join(", ");
        let (into, from) = (list(|c| &c.into), list(|c| &c.from));
        out.push(format!(
            "INSERT INTO {new} ({into})\n    SELECT {from} FROM {old}"
        ));
    }
    let counts = |t: &Table| t.columns.iter().any(|c| c.autoincrement);
    if counts(before) && counts(after) {
        // Keys that were given and deleted are never given again.
        let (old, new) = (
            dialect.literal(&after.name.name),
            dialect.literal(&meanwhile.name),
        );
        out.push(format!("DELETE FROM sqlite_sequence WHERE name = {new}"));
        out.push(format!(
            "INSERT INTO sqlite_sequence (name, seq)\n    SELECT {new}, seq FROM sqlite_sequence WHERE name = {old}"
        ));
    }
    out.push(format!("DROP TABLE {old}"));
    out.push(format!("ALTER TABLE {new} RENAME TO {old}"));
    out
}

/// A column of the new table, and what fills it.
struct Copied {
    into: String,
    from: String,
}

fn copied(cx: &Context<'_>, before: &Table, after: &Table, state: &Catalog) -> Vec<Copied> {
    let dialect = cx.dialect;
    let mut out = Vec::new();
    if let Some(rowid) = kept_rowid(before, after, state, cx) {
        out.push(Copied {
            into: rowid.to_owned(),
            from: rowid.to_owned(),
        });
    }
    for new in after.columns.iter().filter(|c| c.generated.is_none()) {
        let Some(old) = source(cx, before, after, new) else {
            continue;
        };
        let name = dialect.quote(&old.name);
        let default = new.default.as_ref().filter(|d| {
            let closes = new.not_null && !old.not_null;
            closes && constant(d, dialect) == Constant::Value
        });
        out.push(Copied {
            into: dialect.quote(&new.name).into_owned(),
            from: match default {
                Some(default) => format!("ifnull({name}, {})", default.text()),
                None => name.into_owned(),
            },
        });
    }
    out
}

/// The column that holds the values: under its former name where RENAME COLUMN is not there.
fn source<'t>(
    cx: &Context<'_>,
    before: &'t Table,
    after: &Table,
    column: &Column,
) -> Option<&'t Column> {
    before.column(&column.name).or_else(|| {
        let id = ObjectId::column(&after.name, &column.name);
        let was = cx.catalog.notes(&id)?.renamed_from.as_ref()?;
        let stays = after.column(was).is_some();
        before.column(was).filter(|_| !stays)
    })
}

/// Row identifiers that a virtual table refers to are kept; those that no column shows are not
/// copied otherwise.
fn kept_rowid(
    before: &Table,
    after: &Table,
    state: &Catalog,
    cx: &Context<'_>,
) -> Option<&'static str> {
    if before.without_rowid || after.without_rowid || shows_rowid(after) {
        return None;
    }
    let names = |catalog: &Catalog| {
        catalog.virtual_tables.values().any(|t| {
            let mut arguments = t.arguments.iter();
            arguments.any(|a| mentions(a.text(), &after.name.name, cx.dialect))
        })
    };
    if !names(state) && !names(cx.catalog) {
        return None;
    }
    let taken = |name: &str| {
        let mut columns = before.columns.iter().chain(&after.columns);
        columns.any(|c| c.name.eq_ignore_ascii_case(name))
    };
    ["rowid", "_rowid_", "oid"].into_iter().find(|n| !taken(n))
}

/// Whether the primary key is another name of the row identifier.
fn shows_rowid(table: &Table) -> bool {
    let [key] = table.primary_key_columns() else {
        return false;
    };
    let column = table.column(key);
    column.is_some_and(|c| c.data_type.name.name.eq_ignore_ascii_case("integer"))
}

/// A name that nothing has.
pub(super) fn free_name(name: &QualifiedName, catalogs: [&Catalog; 2]) -> QualifiedName {
    let taken = |candidate: &str| {
        catalogs.iter().any(|catalog| {
            let ids = catalog.objects().into_iter().map(|(id, _)| id.name.name);
            let mut names = ids;
            names.any(|n| n.eq_ignore_ascii_case(candidate))
        })
    };
    let mut candidate = format!("{}_new", name.name);
    while taken(&candidate) {
        candidate.push('_');
    }
    name.sibling(Ident::from(candidate))
}
