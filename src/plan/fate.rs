//! What becomes of each object.

use std::collections::{BTreeMap, BTreeSet};

use super::side::Side;
use crate::ddl::{Context, alter};
use crate::dialect::Dialect;
use crate::model::{Catalog, Extension, ObjectId, ObjectRef, Pair, QualifiedName, Table, View};
use crate::resolve::{partition_index_name, partition_key_name};

/// What a plan does with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Create,
    Drop,
    Alter,
    /// Dropped, and created again.
    Replace,
}

/// The fates of all objects that do not just stay.
pub(super) type Fates = BTreeMap<ObjectId, Fate>;

/// What the two catalogs alone say, before anything is drawn in by its dependencies.
pub(super) fn fates(pair: &Pair<Side<'_>>, dialect: Dialect) -> Fates {
    let mut fates = Fates::new();
    let cx = Context {
        catalog: pair.after.catalog,
        graph: &pair.after.graph,
        dialect,
    };
    for (id, before) in &pair.before.objects {
        if is_foreign(pair.before.catalog, id, *before) {
            continue;
        }
        let fate = match pair.after.object(id) {
            None if is_given(*before) => None,
            None if becomes_the_parents(pair.after.catalog, id, *before) => None,
            None => Some(Fate::Drop),
            Some(after) if same(*before, after) && !is_stranded(pair, *before, after) => None,
            Some(after) => Some(match (*before, after) {
                (ObjectRef::Table(b), ObjectRef::Table(a)) => match super::table::can_alter(b, a) {
                    true => Fate::Alter,
                    false => Fate::Replace,
                },
                _ if alter::alter(&cx, *before, after).is_some() => Fate::Alter,
                _ => Fate::Replace,
            }),
        };
        if let Some(fate) = fate {
            fates.insert(id.clone(), fate);
        }
    }
    for (id, after) in &pair.after.objects {
        let known = pair.before.objects.contains_key(id);
        if !known && !is_given(*after) && !is_foreign(pair.after.catalog, id, *after) {
            fates.insert(id.clone(), Fate::Create);
        }
    }
    fates
}

/// Objects that are not the same in both.
pub(super) fn differing(before: &Catalog, after: &Catalog) -> Vec<ObjectId> {
    let old: BTreeMap<ObjectId, ObjectRef<'_>> = before.objects().into_iter().collect();
    let new: BTreeMap<ObjectId, ObjectRef<'_>> = after.objects().into_iter().collect();
    let ids: BTreeSet<&ObjectId> = old.keys().chain(new.keys()).collect();
    let differs = |id: &&&ObjectId| match (old.get(*id), new.get(*id)) {
        (Some(b), Some(a)) => {
            !same(*b, *a) && !is_foreign(before, id, *b) && !is_foreign(after, id, *a)
        }
        (Some(b), None) => !is_given(*b) && !is_foreign(before, id, *b),
        (None, Some(a)) => !is_given(*a) && !is_foreign(after, id, *a),
        (None, None) => false,
    };
    ids.iter().filter(differs).map(|id| (*id).clone()).collect()
}

/// Whether the object belongs to others: it is neither made, changed nor dropped.
fn is_foreign(catalog: &Catalog, id: &ObjectId, object: ObjectRef<'_>) -> bool {
    match object {
        ObjectRef::Schema(schema) => schema.external,
        ObjectRef::DefaultPrivileges(_) => false,
        _ => catalog.is_external(&id.name),
    }
}

/// Whether it is what the server would make for a partition that its table becomes, or is: it takes what
/// is there.
fn becomes_the_parents(after: &Catalog, id: &ObjectId, object: ObjectRef<'_>) -> bool {
    let parent_of = |name: &QualifiedName| {
        let of = after.tables.get(name)?.partition_of.as_ref()?;
        after.tables.get(&of.parent)
    };
    match object {
        ObjectRef::Index(relation, index) => parent_of(relation).is_some_and(|parent| {
            // One that is ON ONLY its table takes nothing by itself.
            let of_all = parent.indexes.iter().filter(|i| !i.only);
            let mut same = of_all.filter(|i| i.does_the_same(index));
            let named = index.name == partition_index_name(relation, index, Dialect::Postgres);
            named && index.parent.is_none() && same.next().is_some()
        }),
        // Without them it could not be attached.
        ObjectRef::Constraint(table, constraint) if constraint.as_check().is_some() => {
            let new = after.tables.get(&table.name);
            let inherits = new.map_or(&[][..], |t| &t.inherits);
            let parents = inherits.iter().filter_map(|p| after.tables.get(p));
            let mut parents = parents.chain(parent_of(&table.name));
            parents.any(|parent| {
                let same = parent.constraint(&constraint.name);
                same.is_some_and(|c| c.kind == constraint.kind && !c.no_inherit)
            })
        }
        ObjectRef::Constraint(table, constraint) => parent_of(&table.name).is_some_and(|parent| {
            let mut same = parent
                .constraints
                .iter()
                .filter(|c| c.kind == constraint.kind);
            let named = partition_key_name(&table.name, constraint);
            let key = named.is_some_and(|name| id.member.as_ref() == Some(&name));
            let valid = constraint.as_foreign_key().is_some() && !constraint.not_valid;
            (key || valid) && same.any(|c| !c.only && c.deferral == constraint.deferral)
        }),
        _ => false,
    }
}

/// Whether every database has it, or a platform's.
fn is_given(object: ObjectRef<'_>) -> bool {
    match object {
        ObjectRef::Schema(schema) => schema.implicit,
        ObjectRef::Extension(extension) => extension.name == "plpgsql",
        _ => false,
    }
}

/// Equality of two objects of one identity, without their parts, which are objects of their own.
pub(super) fn same(before: ObjectRef<'_>, after: ObjectRef<'_>) -> bool {
    use ObjectRef as O;
    macro_rules! equal {
        ($($kind:ident),+) => {
            match (before, after) {
                $( (O::$kind(b), O::$kind(a)) => b == a, )+
                (O::Table(b), O::Table(a)) => same_table(b, a),
                (O::View(b), O::View(a)) => same_view(b, a),
                (O::Constraint(_, b), O::Constraint(_, a)) => b == a,
                (O::Index(r, b), O::Index(s, a)) => r == s && b == a,
                (O::Rule(r, b), O::Rule(s, a)) => r == s && b == a,
                (O::Trigger(r, b), O::Trigger(s, a)) => r == s && b == a,
                (O::Policy(r, b), O::Policy(s, a)) => r == s && b == a,
                (O::Schema(b), O::Schema(a)) => b.facets == a.facets,
                (O::Extension(b), O::Extension(a)) => same_extension(b, a),
                _ => false,
            }
        };
    }
    equal!(
        Language,
        Collation,
        ShellType,
        Enum,
        Domain,
        Composite,
        Range,
        Sequence,
        Routine,
        Aggregate,
        Operator,
        OperatorFamily,
        OperatorClass,
        AccessMethod,
        Cast,
        Conversion,
        TextSearch,
        ForeignDataWrapper,
        ForeignServer,
        UserMapping,
        VirtualTable,
        Statistics,
        EventTrigger,
        Publication,
        Subscription,
        DefaultPrivileges,
        Opaque
    )
}

/// Whether an extension that does not say where it is to be stands in a schema that goes.
fn is_stranded(pair: &Pair<Side<'_>>, before: ObjectRef<'_>, after: ObjectRef<'_>) -> bool {
    match (before, after) {
        (ObjectRef::Extension(b), ObjectRef::Extension(a)) => b.is_stranded(a, pair.after.catalog),
        _ => false,
    }
}

/// What the author does not say, the extension says itself.
fn same_extension(before: &Extension, after: &Extension) -> bool {
    let settled = |new: bool, same: bool| !new || same;
    before.name == after.name
        && settled(after.schema.is_some(), before.schema == after.schema)
        && settled(after.version.is_some(), before.version == after.version)
        && settled(after.comment.is_some(), before.comment == after.comment)
}

/// Tables without their parts; the order of columns is not part of what a table is.
pub(super) fn same_table(before: &Table, after: &Table) -> bool {
    let columns = before.columns.len() == after.columns.len()
        && before
            .columns
            .iter()
            .all(|b| after.column(&b.name).is_some_and(|a| a == b));
    columns && shell(before) == shell(after)
}

/// A table without columns and parts.
pub(super) fn shell(table: &Table) -> Table {
    Table {
        name: table.name.clone(),
        persistence: table.persistence,
        partition_by: table.partition_by.clone(),
        partition_of: table.partition_of.clone(),
        inherits: table.inherits.clone(),
        of_type: table.of_type.clone(),
        storage: table.storage.clone(),
        access_method: table.access_method.clone(),
        tablespace: table.tablespace.clone(),
        replica_identity: table.replica_identity.clone(),
        row_security: table.row_security,
        force_row_security: table.force_row_security,
        cluster_on: table.cluster_on.clone(),
        foreign: table.foreign.clone(),
        strict: table.strict,
        without_rowid: table.without_rowid,
        facets: table.facets.clone(),
        ..Table::default()
    }
}

fn same_view(before: &View, after: &View) -> bool {
    let mut now = before.clone();
    now.indexes = after.indexes.clone();
    now.triggers = after.triggers.clone();
    now.rules = after.rules.clone();
    now == *after
}
