//! A table that stays: ALTER TABLE, its actions joined so that rows are rewritten once.

use std::collections::BTreeSet;

use super::closure::Closure;
use super::columns::{self, Circumstances};
use super::fate::Fate;
use super::numbers;
use super::using::Casting;

use crate::ddl::{self, Context, alter};
use crate::dialect::Dialect;
use crate::expr::mentions;
use crate::model::{
    Column, Constraint, Ident, ObjectId, Persistence, QualifiedName, ReplicaIdentity, Table,
};

/// What is done to a table.
#[derive(Clone, Debug, Default)]
pub(super) struct TableChange {
    /// Statements before that.
    pub(super) first: Vec<String>,
    /// Actions of one ALTER TABLE.
    pub(super) actions: Vec<String>,
    /// Behind that: it joins its parents.
    pub(super) then: Vec<String>,
    /// When its indexes and policies are there.
    pub(super) last: Vec<String>,
}

/// Whether ALTER TABLE leads from one to the other.
pub(super) fn can_alter(before: &Table, after: &Table) -> bool {
    let kind = |t: &Table| {
        (
            t.foreign.as_ref().map(|f| f.server.clone()),
            t.persistence == Persistence::Temporary,
            t.strict,
            t.without_rowid,
        )
    };
    kind(before) == kind(after)
        && before.partition_by == after.partition_by
        && other_key(before, after).is_none()
}

/// A column whose type cannot change, because rows are parted by it (`ATPrepAlterColumnType` in tablecmds.c).
pub(super) fn other_key<'t>(before: &Table, after: &'t Table) -> Option<&'t Column> {
    let by = before.partition_by.as_ref()?;
    let keyed = |column: &Column| {
        by.keys.iter().any(|key| {
            let text = key.expression.as_ref();
            key.column.as_ref() == Some(&column.name)
                || text.is_some_and(|e| mentions(e.text(), &column.name, Dialect::Postgres))
        })
    };
    let retyped = |new: &&Column| {
        let old = before.column(&new.name);
        old.is_some_and(|old| columns::is_retyped(old, new))
    };
    after.columns.iter().filter(retyped).find(|c| keyed(c))
}

/// How a table is altered. `inherited` says whether columns that come from a parent are left to it.
pub(super) fn change(
    cx: &Context<'_>,
    before: &Table,
    after: &Table,
    closure: &Closure,
    casting: Casting<'_>,
    inherited: bool,
) -> TableChange {
    let mut change = TableChange {
        then: joins(cx, before, after),
        ..TableChange::default()
    };
    // A table that changes its parents has to fit the new ones first.
    let inherited =
        inherited && before.inherits == after.inherits && before.partition_of == after.partition_of;
    let none = BTreeSet::new();
    let defaults = closure.defaults.get(&after.name).unwrap_or(&none);
    let generated = closure.generated.get(&after.name).unwrap_or(&none);
    let parents_do = |column: &Column| {
        let parent = |name: &QualifiedName| {
            let parent = cx.catalog.tables.get(name);
            parent.is_some_and(|t| t.column(&column.name).is_some())
        };
        let of = after.partition_of.iter().map(|p| &p.parent);
        let typed = after.of_type.is_some() && before.of_type == after.of_type;
        inherited && column.inherited && (typed || of.chain(&after.inherits).any(parent))
    };
    // What is computed goes before what it is computed from.
    let computed = before.columns.iter().filter(|c| c.generated.is_some());
    let stored = before.columns.iter().filter(|c| c.generated.is_none());
    for old in computed
        .chain(stored)
        .filter(|c| !generated.contains(&c.name))
    {
        match after.column(&old.name) {
            None if inherited && old.inherited => {}
            Some(new) if !columns::is_added_again(old, new, casting.version) || parents_do(new) => {
            }
            _ => {
                let name = cx.dialect.quote(&old.name);
                change.actions.push(format!("DROP COLUMN {name}"));
            }
        }
    }
    for new in after.columns.iter().filter(|c| !parents_do(c)) {
        let old = before.column(&new.name).filter(|old| {
            !generated.contains(&new.name) && !columns::is_added_again(old, new, casting.version)
        });
        let Some(old) = old else {
            add(cx, after, new, &mut change);
            continue;
        };
        let swapped = closure.swapped.contains_key(&old.data_type.name)
            && old.data_type.name == new.data_type.name;
        let circumstances = Circumstances {
            casting,
            default_gone: defaults.contains(&new.name),
            swapped,
            recollated: closure.is_recollated(old),
            foreign: after.foreign.is_some(),
        };
        change
            .actions
            .extend(columns::actions(after, old, new, circumstances));
        change.first.extend(columns::renamed_sequence(
            (before, old),
            (after, new),
            cx.dialect,
        ));
        change
            .first
            .extend(columns::into_bounds(after, old, new, cx.dialect));
        change
            .then
            .extend(columns::computed_anew(after, old, new, casting.version));
        change
            .then
            .extend(numbers::go_on(casting, closure, after, (old, new)));
    }
    let marks = marks(before, after, closure, cx.dialect);
    change.last.extend(marks);
    settings(cx, before, after, &mut change);
    change
}

/// The columns that go early, because something that they use goes.
pub(super) fn early(
    before: &Table,
    after: Option<&Table>,
    closure: &Closure,
    dialect: Dialect,
) -> Vec<String> {
    let mut out = Vec::new();
    // Its sequence may have the name of one that is created.
    for column in identities_lost(before, after) {
        out.push(format!(
            "ALTER COLUMN {} DROP IDENTITY",
            dialect.quote(&column.name)
        ));
    }
    for column in closure.defaults.get(&before.name).into_iter().flatten() {
        out.push(format!(
            "ALTER COLUMN {} DROP DEFAULT",
            dialect.quote(column)
        ));
    }
    let generated = closure.generated.get(&before.name).into_iter().flatten();
    // What is inherited goes with the parent's.
    let own = |name: &&Ident| before.column(name).is_some_and(|c| !c.inherited);
    for column in generated.filter(own) {
        out.push(format!("DROP COLUMN {}", dialect.quote(column)));
    }
    out
}

fn identities_lost<'a>(before: &'a Table, after: Option<&Table>) -> Vec<&'a Column> {
    let lost = |c: &&Column| {
        let new = after.and_then(|t| t.column(&c.name));
        c.identity.is_some() && new.is_some_and(|n| n.identity.is_none() && n.default.is_some())
    };
    before.columns.iter().filter(lost).collect()
}

/// A table leaves the parents that it has no longer, and those of which `goes` says that they go.
pub(super) fn leaves(
    before: &Table,
    after: &Table,
    goes: impl Fn(&QualifiedName) -> bool,
    dialect: Dialect,
) -> Vec<String> {
    let name = dialect.quote_name(&after.name);
    let mut out = Vec::new();
    if let Some(old) = before
        .partition_of
        .as_ref()
        .filter(|_| before.partition_of != after.partition_of)
    {
        let parent = dialect.quote_name(&old.parent);
        out.push(format!("ALTER TABLE {parent} DETACH PARTITION {name}"));
    }
    for parent in before
        .inherits
        .iter()
        .filter(|p| goes(p) || !after.inherits.contains(p))
    {
        let parent = dialect.quote_name(parent);
        out.push(format!("ALTER TABLE {name} NO INHERIT {parent}"));
    }
    out
}

/// A table joins its new parents.
fn joins(cx: &Context<'_>, before: &Table, after: &Table) -> Vec<String> {
    let dialect = cx.dialect;
    let name = dialect.quote_name(&after.name);
    let mut out = Vec::new();
    let of = after.partition_of.as_ref();
    let of = of.filter(|_| before.partition_of != after.partition_of);
    let inherits = after.inherits.iter();
    let inherits: Vec<&QualifiedName> = inherits.filter(|p| !before.inherits.contains(p)).collect();
    let parents = of
        .iter()
        .map(|of| &of.parent)
        .chain(inherits.iter().copied());
    let checks = parents.flat_map(|parent| cx.catalog.checks_for_children(parent));
    let mut checks: Vec<&Constraint> = checks.collect();
    checks.sort_by(|a, b| a.name.cmp(&b.name));
    checks.dedup_by(|a, b| a.name == b.name);
    for check in checks {
        // The server takes a child that has the checks of its parent, and no other.
        let own = before
            .constraint(&check.name)
            .or(after.constraint(&check.name));
        if own.is_none_or(|own| own.kind != check.kind) {
            let clause = ddl::constraint_clause(check, dialect);
            out.push(format!("{} ADD {clause}", ddl::alter_table(after, dialect)));
        }
    }
    if of.is_some() {
        out.extend(ddl::attach_partition(after, dialect));
    }
    for parent in inherits {
        let parent = dialect.quote_name(parent);
        out.push(format!("ALTER TABLE {name} INHERIT {parent}"));
    }
    out
}

fn add(cx: &Context<'_>, table: &Table, column: &Column, change: &mut TableChange) {
    let definition = ddl::column_definition(cx, table, column);
    change.actions.push(format!("ADD COLUMN {definition}"));
    change
        .actions
        .extend(ddl::column_alterations(column, cx.dialect));
}

/// Which index a table is clustered on and identified by.
fn marks(before: &Table, after: &Table, closure: &Closure, dialect: Dialect) -> Vec<String> {
    let table = ddl::alter_table(after, dialect);
    let mut last = Vec::new();
    // An index that is made is marked when it is there.
    let is_made = |index: &Ident| {
        let (name, table) = (after.name.sibling(index.clone()), &after.name);
        let ids = [ObjectId::index(&name), ObjectId::constraint(table, index)];
        let mut fates = ids.iter().filter_map(|id| closure.fates.get(id));
        fates.any(|fate| matches!(fate, Fate::Create | Fate::Replace))
    };
    let made = match &after.replica_identity {
        ReplicaIdentity::Index(index) => is_made(index),
        _ => false,
    };
    if before.replica_identity != after.replica_identity && !made {
        let words = match &after.replica_identity {
            ReplicaIdentity::Default => "DEFAULT".to_owned(),
            ReplicaIdentity::Full => "FULL".to_owned(),
            ReplicaIdentity::Nothing => "NOTHING".to_owned(),
            ReplicaIdentity::Index(index) => format!("USING INDEX {}", dialect.quote(index)),
        };
        last.push(format!("{table} REPLICA IDENTITY {words}"));
    }
    if before.cluster_on != after.cluster_on && !after.cluster_on.as_ref().is_some_and(is_made) {
        last.push(match &after.cluster_on {
            Some(index) => format!("{table} CLUSTER ON {}", dialect.quote(index)),
            None => format!("{table} SET WITHOUT CLUSTER"),
        });
    }
    last
}

fn settings(cx: &Context<'_>, before: &Table, after: &Table, change: &mut TableChange) {
    let dialect = cx.dialect;
    let actions = &mut change.actions;
    match (before.persistence, after.persistence) {
        (Persistence::Unlogged, Persistence::Permanent) => actions.push("SET LOGGED".to_owned()),
        (Persistence::Permanent, Persistence::Unlogged) => actions.push("SET UNLOGGED".to_owned()),
        _ => {}
    }
    actions.extend(alter::parameter_actions(
        &before.storage,
        &after.storage,
        dialect,
    ));
    if before.access_method != after.access_method {
        let method = after.access_method.as_ref().map_or("heap", Ident::as_str);
        actions.push(format!("SET ACCESS METHOD {}", dialect.quote(method)));
    }
    if before.tablespace != after.tablespace {
        let space = after
            .tablespace
            .as_ref()
            .map_or("pg_default", Ident::as_str);
        actions.push(format!("SET TABLESPACE {}", dialect.quote(space)));
    }
    if before.of_type != after.of_type {
        // A table of a type has the columns of the type, and no others.
        let table = ddl::alter_table(after, dialect);
        match &after.of_type {
            Some(name) => {
                let name = dialect.quote_name(name);
                change.then.push(format!("{table} OF {name}"));
            }
            None => change.first.push(format!("{table} NOT OF")),
        }
    }
    if let (Some(old), Some(new)) = (&before.foreign, &after.foreign) {
        actions.extend(alter::option_changes(&old.options, &new.options, dialect));
    }
    let table = ddl::alter_table(after, dialect);
    let last = &mut change.last;
    if before.row_security != after.row_security {
        let verb = if after.row_security {
            "ENABLE"
        } else {
            "DISABLE"
        };
        last.push(format!("{table} {verb} ROW LEVEL SECURITY"));
    }
    if before.force_row_security != after.force_row_security {
        let verb = if after.force_row_security {
            "FORCE"
        } else {
            "NO FORCE"
        };
        last.push(format!("{table} {verb} ROW LEVEL SECURITY"));
    }
}
