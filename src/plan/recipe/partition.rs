//! Partitions that come and go: made apart from their parent and attached to it, detached concurrently.

use super::online::Work;
use crate::ddl;
use crate::dialect::TargetVersion;
use crate::expr::partition_condition;
use crate::model::{
    Catalog, Column, Ident, ObjectId, PartitionBound, PartitionOf, QualifiedName, Table,
};
use crate::plan::simulate;
use crate::plan::step::Step;

/// DETACH PARTITION CONCURRENTLY is there from this version on.
const DETACHES: u16 = 14;

/// CREATE TABLE ... PARTITION OF a table in use would keep its readers out.
pub(super) fn create(work: &mut Work<'_>, step: &Step, created: &Table) -> bool {
    let after = work.after(&created.name);
    let Some((after, of)) = after.and_then(|t| Some((t, t.partition_of.as_ref()?))) else {
        return false;
    };
    let parent = work.after(&of.parent);
    let known = work.is_online(&step.facts, &of.parent) && created.partition_of.is_some();
    let (Some(parent), true) = (parent, known && after.foreign.is_none()) else {
        return false;
    };
    let dialect = work.dialect();
    let bound = ddl::partition_bound(&of.bound);
    let name = dialect.quote_name(&after.name);
    let parts = step.sql.split_once(" PARTITION OF ");
    let Some((head, tail)) = parts.and_then(|(h, t)| Some((h, t.split_once(&bound)?.1))) else {
        return false;
    };
    let like = dialect.quote_name(&of.parent);
    let including = included(parent, work.version);
    let mut statements = vec![format!("{head} (LIKE {like}{including}){tail}")];
    let own = own_parts(parent, after, created, dialect);
    if !own.is_empty() {
        statements.push(super::actions::join(&format!("ALTER TABLE {name}"), &own));
    }
    let freed = keep_apart(work, after, of);
    statements.push(format!(
        "ALTER TABLE {like} ATTACH PARTITION {name} {bound}"
    ));
    statements.extend(freed);
    for sql in statements {
        work.stays(Step::new(step.object.clone(), sql));
    }
    true
}

/// What LIKE has to copy.
fn included(parent: &Table, version: TargetVersion) -> String {
    let any = |has: fn(&Column) -> bool| parent.columns.iter().any(has);
    let checks = parent.constraints.iter().any(|c| c.as_check().is_some());
    let words = [
        (any(|c| c.default.is_some()), "DEFAULTS"),
        (checks, "CONSTRAINTS"),
        (any(|c| c.generated.is_some()), "GENERATED"),
        (any(|c| c.storage.is_some()), "STORAGE"),
        (
            version.major >= 14 && any(|c| c.compression.is_some()),
            "COMPRESSION",
        ),
    ];
    let wanted = words.iter().filter(|(wanted, _)| *wanted);
    wanted
        .map(|(_, word)| format!(" INCLUDING {word}"))
        .collect()
}

/// What the partition has beside its parent's.
fn own_parts(
    parent: &Table,
    after: &Table,
    created: &Table,
    dialect: crate::dialect::Dialect,
) -> Vec<String> {
    let mut own = Vec::new();
    for column in &after.columns {
        let Some(given) = parent.column(&column.name) else {
            continue;
        };
        let name = dialect.quote(&column.name);
        if let Some(default) = column
            .default
            .as_ref()
            .filter(|d| given.default.as_ref() != Some(d))
        {
            let text = ddl::default_expression(default, dialect);
            own.push(format!("ALTER COLUMN {name} SET DEFAULT {text}"));
        }
        if column.not_null && !given.not_null {
            own.push(format!("ALTER COLUMN {name} SET NOT NULL"));
        }
    }
    let constraints = created.constraints.iter();
    own.extend(constraints.map(|c| format!("ADD {}", ddl::constraint_clause(c, dialect))));
    own
}

/// A default partition is read whole unless a check of its own says that it holds no row of the new
/// one. What is to be said when the partition is attached.
fn keep_apart(work: &mut Work<'_>, partition: &Table, of: &PartitionOf) -> Vec<String> {
    let Some((by, default)) = default_of(work.pair.before, &of.parent) else {
        return Vec::new();
    };
    let dialect = work.dialect();
    let Some(condition) = partition_condition(by, &of.bound, dialect) else {
        return Vec::new();
    };
    let hard = work.is_hard(&of.parent, |_| true) || work.is_hard(&default.name, |_| true);
    if hard || work.after(&default.name).is_none() {
        return Vec::new();
    }
    let name = work.temporary(&default.name, &partition.name.name, "apart");
    let (table, name) = (dialect.quote_name(&default.name), dialect.quote(&name));
    let id = ObjectId::table(&default.name);
    let check =
        format!("ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (NOT ({condition})) NOT VALID");
    work.early(&id, check);
    work.early(
        &id,
        format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}"),
    );
    vec![format!("ALTER TABLE {table} DROP CONSTRAINT {name}")]
}

fn default_of<'c>(
    catalog: &'c Catalog,
    parent: &QualifiedName,
) -> Option<(&'c crate::model::PartitionBy, &'c Table)> {
    let by = catalog.tables.get(parent)?.partition_by.as_ref()?;
    let is_default = |t: &&Table| {
        let of = t.partition_of.as_ref();
        of.is_some_and(|of| of.parent == *parent && of.bound == PartitionBound::Default)
    };
    Some((by, catalog.tables.values().find(is_default)?))
}

/// ATTACH PARTITION of a table that was there: what it would look at is looked at before.
pub(super) fn attach(
    work: &mut Work<'_>,
    step: &Step,
    parent: &QualifiedName,
    partition: &QualifiedName,
) -> bool {
    let (Some(old), Some(new)) = (
        work.pair.before.tables.get(partition),
        work.after(partition),
    ) else {
        return false;
    };
    let parents = (work.pair.before.tables.get(parent), work.after(parent));
    let ((Some(before), Some(after)), Some(of)) = (parents, &new.partition_of) else {
        return false;
    };
    let unchanged = !work.is_hard(partition, |_| true) && !work.is_hard(parent, |_| true);
    if !work.is_online(&step.facts, parent) || !unchanged || before.partition_by.is_none() {
        return false;
    }
    let mut last = Vec::new();
    let by = after.partition_by.as_ref();
    let dialect = work.dialect();
    let table = dialect.quote_name(partition);
    let id = ObjectId::table(partition);
    if let Some(condition) = by.and_then(|by| partition_condition(by, &of.bound, dialect)) {
        let name = work.temporary(partition, &partition.name, "bound");
        let name = dialect.quote(&name);
        let check =
            format!("ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID");
        work.early(&id, check);
        work.early(
            &id,
            format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}"),
        );
        last.push(format!("ALTER TABLE {table} DROP CONSTRAINT {name}"));
    }
    // What the parent gets in the same plan it gives to all of its partitions.
    let stays = |t: &Table| {
        let mut kept = t.clone();
        kept.indexes.retain(|i| after.index(&i.name).is_some());
        kept.constraints
            .retain(|c| after.constraint(&c.name).is_some());
        kept
    };
    super::fitting::fit(work, &apart(work, old), &stays(before));
    last.extend(keep_apart(work, new, of));
    work.stays(step.clone());
    for sql in last {
        work.stays(Step::new(id.clone(), sql));
    }
    true
}

/// A table as it is when it has left the parent that it has now: with the keys and indexes that it had
/// of it.
fn apart(work: &Work<'_>, table: &Table) -> Table {
    let Some(of) = &table.partition_of else {
        return table.clone();
    };
    let dialect = work.dialect();
    let (parent, name) = (
        dialect.quote_name(&of.parent),
        dialect.quote_name(&table.name),
    );
    let sql = format!("ALTER TABLE {parent} DETACH PARTITION {name}");
    let leaving = [Step::new(ObjectId::table(&table.name), sql)];
    let (mut state, _) = simulate::run(work.pair.before.clone(), &leaving, work.version);
    state
        .tables
        .remove(&table.name)
        .unwrap_or_else(|| table.clone())
}

/// DETACH PARTITION, which would keep the parent's readers out: concurrently, and without the check that
/// this leaves behind.
pub(super) fn detach(
    work: &mut Work<'_>,
    step: &Step,
    parent: &QualifiedName,
    partition: &QualifiedName,
) -> bool {
    if !can_detach(work, parent, partition) || !work.is_online(&step.facts, parent) {
        return false;
    }
    let sql = format!("{} CONCURRENTLY", step.sql);
    let detached = Step::new(step.object.clone(), sql);
    let alone = std::slice::from_ref(&detached);
    let (state, wrong) = simulate::run(work.pair.before.clone(), alone, work.version);
    let names = |catalog: &Catalog| -> Vec<Ident> {
        let table = catalog.tables.get(partition);
        let checks = table.into_iter().flat_map(|t| &t.constraints);
        let checks = checks.filter(|c| c.as_check().is_some());
        checks.map(|c| c.name.clone()).collect()
    };
    let known = |name: &Ident| {
        let inherited = work.pair.before.tables.get(parent);
        let wanted = work.after(partition);
        let has = |t: Option<&Table>| t.is_some_and(|t| t.constraint(name).is_some());
        has(inherited) || has(wanted) || has(work.pair.before.tables.get(partition))
    };
    if !wrong.is_empty() {
        return false;
    }
    let left: Vec<Ident> = names(&state).into_iter().filter(|n| !known(n)).collect();
    work.alone(detached);
    let dialect = work.dialect();
    let table = dialect.quote_name(partition);
    for name in left {
        // The server leaves none where another check says the same.
        let name = dialect.quote(&name);
        let sql = format!("ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}");
        work.stays(Step::new(ObjectId::table(partition), sql));
    }
    true
}

/// Whether the parent has no default partition, is no foreign key's target, and has a bound that the
/// server writes down as a condition.
fn can_detach(work: &Work<'_>, parent: &QualifiedName, partition: &QualifiedName) -> bool {
    let before = work.pair.before;
    let mut keys = before.tables.values().flat_map(Table::foreign_keys);
    let part = before.tables.get(partition);
    let of = part.and_then(|t| t.partition_of.as_ref());
    let hashed = of.is_none_or(|of| matches!(of.bound, PartitionBound::Hash { .. }));
    work.version.major >= DETACHES
        && !hashed
        && of.is_some_and(|of| of.parent == *parent)
        && default_of(before, parent).is_none()
        && !keys.any(|(_, fk)| fk.target == *parent || fk.target == *partition)
}

/// DROP TABLE of a partition: detached first, when all else is done, unless others take its place.
pub(super) fn drop(work: &mut Work<'_>, step: &Step, table: &QualifiedName) -> bool {
    let before = work.pair.before.tables.get(table);
    let Some(of) = before.and_then(|t| t.partition_of.as_ref()) else {
        return false;
    };
    let parent = &of.parent;
    let stays = work.after(parent).is_some_and(|t| t.partition_by.is_some());
    let bounds = |catalog: &Catalog, name: &QualifiedName| {
        catalog
            .tables
            .get(name)
            .and_then(|t| t.partition_of.clone())
    };
    let mut others = work.partitions(parent).into_iter();
    let replaced = others.any(|t| bounds(work.pair.before, &t.name) != t.partition_of);
    let named_again = work.after(table).is_some();
    // They went first, for an index that would stay invalid with them.
    let indexed = work.after(parent).is_some_and(|after| {
        let before = work.pair.before.tables.get(parent);
        let known = |name: &Ident| {
            before.is_some_and(|t| t.index(name).is_some() || t.constraint(name).is_some())
        };
        after.indexes.iter().any(|i| !known(&i.name))
            || after
                .constraints
                .iter()
                .any(|c| c.has_index() && !known(&c.name))
    });
    if !stays
        || indexed
        || replaced
        || named_again
        || !can_detach(work, parent, table)
        || !work.is_online(&step.facts, parent)
    {
        return false;
    }
    let dialect = work.dialect();
    let (parent, name) = (dialect.quote_name(parent), dialect.quote_name(table));
    let detach = format!("ALTER TABLE {parent} DETACH PARTITION {name} CONCURRENTLY");
    work.late(&step.object, detach, false, true);
    work.late(&step.object, step.sql.clone(), true, true);
    true
}
