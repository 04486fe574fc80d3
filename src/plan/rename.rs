//! Renames, which come before everything else: what is planned then has one name on both sides.
//!
//! Invariant: schemas first, those that something moves into included, then what changes its schema, then what is in them, then parts; a name is
//! given when whoever has it has another, so that chains of renames lose nothing.

use std::collections::HashMap;

use std::collections::BTreeSet;

use super::Step;
use crate::ddl;
use crate::dialect::Dialect;
use crate::diff;
use crate::model::{
    Catalog, Change, Ident, ObjectId, ObjectKind, ObjectRef, Pair, QualifiedName, Table,
};

/// A rename as a step, and what the thing was called.
pub(super) struct Renaming {
    pub(super) step: Step,
    pub(super) was: ObjectId,
}

/// The renames that the authors of the catalog after ask for, and those that follow from them.
pub(super) fn all(pair: Pair<&Catalog>, dialect: Dialect) -> Vec<Renaming> {
    let changes = diff::renames(pair);
    if changes.is_empty() {
        return Vec::new();
    }
    let objects: HashMap<ObjectId, ObjectRef<'_>> = pair.before.objects().into_iter().collect();
    let naming = Naming {
        pair,
        objects,
        dialect,
        schemas: schemas(&changes),
    };
    let of = |rank: u8| changes.iter().filter(move |c| rank_of(&c.id) == rank);
    let mut out: Vec<Renaming> = of(0).filter_map(|c| naming.schema(c)).collect();
    let moved: Vec<(&Ident, Renaming)> = of(1)
        .filter_map(|c| Some((c.id.name.schema.as_ref()?, naming.moved(c)?)))
        .collect();
    let into: BTreeSet<&Ident> = moved.iter().map(|(schema, _)| *schema).collect();
    out.extend(into.into_iter().filter_map(|schema| naming.made(schema)));
    out.extend(moved.into_iter().map(|(_, renaming)| renaming));
    for rank in [1, 2] {
        let pending = of(rank).filter_map(|c| naming.pending(c)).collect();
        out.extend(in_order(pending));
    }
    out
}

fn rank_of(id: &ObjectId) -> u8 {
    match (&id.member, id.kind) {
        (Some(_), _) => 2,
        (None, ObjectKind::Schema) => 0,
        (None, _) => 1,
    }
}

/// The new names of schemas.
fn schemas(changes: &[Change]) -> HashMap<Ident, Ident> {
    let of = changes.iter().filter(|c| c.id.kind == ObjectKind::Schema);
    let names = of.filter_map(|c| {
        let was = c.was.as_ref()?;
        Some((was.name.name.clone(), c.id.name.name.clone()))
    });
    names.collect()
}

/// A rename that waits until its name is free.
struct Pending {
    renaming: Renaming,
    /// Where names must differ.
    place: QualifiedName,
    from: Ident,
    to: Ident,
}

/// Each when nothing that waits has the name that it gets.
fn in_order(mut pending: Vec<Pending>) -> Vec<Renaming> {
    let mut out = Vec::with_capacity(pending.len());
    while !pending.is_empty() {
        let has = |name: &Pending| {
            let mut others = pending.iter();
            others.any(|p| p.place == name.place && p.from == name.to)
        };
        let blocked: Vec<bool> = pending.iter().map(has).collect();
        if blocked.iter().all(|b| *b) {
            break;
        }
        let mut blocked = blocked.into_iter();
        let (waiting, ready): (Vec<Pending>, Vec<Pending>) = pending
            .into_iter()
            .partition(|_| blocked.next().unwrap_or(false));
        out.extend(ready.into_iter().map(|p| p.renaming));
        pending = waiting;
    }
    out
}

struct Naming<'a> {
    pair: Pair<&'a Catalog>,
    objects: HashMap<ObjectId, ObjectRef<'a>>,
    dialect: Dialect,
    schemas: HashMap<Ident, Ident>,
}

impl Naming<'_> {
    fn renaming(&self, change: &Change, sql: String) -> Option<Renaming> {
        Some(Renaming {
            step: Step::new(change.id.clone(), sql),
            was: change.was.clone()?,
        })
    }

    fn schema(&self, change: &Change) -> Option<Renaming> {
        let was = change.was.as_ref()?;
        let [from, to] = [&was.name.name, &change.id.name.name].map(|n| self.dialect.quote(n));
        self.renaming(change, format!("ALTER SCHEMA {from} RENAME TO {to}"))
    }

    /// A schema that is new, for what moves into it; what else is said of it comes later.
    fn made(&self, schema: &Ident) -> Option<Renaming> {
        let renamed = self.schemas.values().any(|new| new == schema);
        let found = self.pair.after.schemas.get(schema)?;
        if renamed || found.external || self.pair.before.schemas.contains_key(schema) {
            return None;
        }
        let id = ObjectId::new(ObjectKind::Schema, QualifiedName::bare(schema.clone()));
        let sql = format!("CREATE SCHEMA {}", self.dialect.quote(schema));
        Some(Renaming {
            step: Step::new(id.clone(), sql),
            was: id,
        })
    }

    /// An object that goes to another schema; indexes and owned sequences go along with their table.
    fn moved(&self, change: &Change) -> Option<Renaming> {
        let was = change.was.as_ref()?;
        let schema = was.name.schema.as_ref();
        let now = schema.map(|s| self.schemas.get(s).unwrap_or(s));
        if now == change.id.name.schema.as_ref() || was.kind == ObjectKind::Index {
            return None;
        }
        let object = self.objects.get(was)?;
        if let ObjectRef::Sequence(sequence) = object
            && sequence.owned_by.is_some()
        {
            return None;
        }
        let name = QualifiedName {
            schema: now.cloned(),
            name: was.name.name.clone(),
        };
        let subject = self.subject(*object, &name)?;
        let schema = self.dialect.quote(change.id.name.schema.as_ref()?);
        self.renaming(change, format!("ALTER {subject} SET SCHEMA {schema}"))
    }

    fn pending(&self, change: &Change) -> Option<Pending> {
        let was = change.was.as_ref()?;
        let (from, to, sql) = match (&was.member, &change.id.member) {
            (Some(from), Some(to)) => (
                from.clone(),
                to.clone(),
                self.member(change, was, from, to)?,
            ),
            _ => {
                let (from, to) = (was.name.name.clone(), change.id.name.name.clone());
                let name = change.id.name.sibling(from.clone());
                let subject = self.subject(*self.objects.get(was)?, &name)?;
                let quoted = self.dialect.quote(&to);
                (
                    from,
                    to.clone(),
                    format!("ALTER {subject} RENAME TO {quoted}"),
                )
            }
        };
        // Relations, indexes of constraints and types of a schema share their names.
        let indexed =
            matches!(self.objects.get(was), Some(ObjectRef::Constraint(_, c)) if c.has_index());
        let place = match was.member {
            Some(_) if !indexed => change.id.name.clone(),
            _ => change.id.name.sibling(""),
        };
        (from != to).then_some(Pending {
            renaming: self.renaming(change, sql)?,
            place,
            from,
            to,
        })
    }

    /// What ALTER calls an object that has the name at that time; `None` where no ALTER renames it.
    fn subject(&self, object: ObjectRef<'_>, name: &QualifiedName) -> Option<String> {
        use ObjectRef as O;
        let said = match object {
            O::Routine(routine) => {
                let mut routine = routine.clone();
                routine.name = name.clone();
                ddl::subject(O::Routine(&routine), self.dialect)?
            }
            O::Aggregate(aggregate) => {
                let mut aggregate = aggregate.clone();
                aggregate.name = name.clone();
                ddl::subject(O::Aggregate(&aggregate), self.dialect)?
            }
            O::Collation(_)
            | O::Enum(_)
            | O::Domain(_)
            | O::Composite(_)
            | O::Range(_)
            | O::Sequence(_)
            | O::Table(_)
            | O::View(_)
            | O::Index(..)
            | O::Statistics(_)
            | O::EventTrigger(_)
            | O::Publication(_)
            | O::Subscription(_) => {
                let words = ddl::subject(object, self.dialect)?.words;
                return Some(format!("{words} {}", self.dialect.quote_name(name)));
            }
            _ => return None,
        };
        Some(format!("{} {}", said.words, said.name))
    }

    fn member(&self, change: &Change, was: &ObjectId, from: &Ident, to: &Ident) -> Option<String> {
        let dialect = self.dialect;
        let on = dialect.quote_name(&change.id.name);
        let (old, new) = (dialect.quote(from), dialect.quote(to));
        let table = self.pair.before.tables.get(&was.name);
        Some(match was.kind {
            ObjectKind::Column => {
                // It is renamed with its parent's.
                if table
                    .and_then(|t| t.column(from))
                    .is_some_and(|c| c.inherited)
                {
                    return None;
                }
                let view = self.pair.before.views.get(&was.name);
                let words = match view {
                    None => "TABLE",
                    Some(view) if view.materialized => "MATERIALIZED VIEW",
                    Some(_) => "VIEW",
                };
                format!("ALTER {words} {on} RENAME COLUMN {old} TO {new}")
            }
            ObjectKind::Constraint => {
                let words = if table.is_some() { "TABLE" } else { "DOMAIN" };
                format!("ALTER {words} {on} RENAME CONSTRAINT {old} TO {new}")
            }
            ObjectKind::Enum => {
                let (old, new) = (dialect.literal(from), dialect.literal(to));
                format!("ALTER TYPE {on} RENAME VALUE {old} TO {new}")
            }
            ObjectKind::Composite => {
                let mut tables = self.pair.before.tables.values();
                let typed = tables.any(|t| t.of_type.as_ref() == Some(&was.name));
                let cascade = if typed { " CASCADE" } else { "" };
                format!("ALTER TYPE {on} RENAME ATTRIBUTE {old} TO {new}{cascade}")
            }
            ObjectKind::Trigger => format!("ALTER TRIGGER {old} ON {on} RENAME TO {new}"),
            ObjectKind::Policy => format!("ALTER POLICY {old} ON {on} RENAME TO {new}"),
            ObjectKind::Rule => format!("ALTER RULE {old} ON {on} RENAME TO {new}"),
            _ => return None,
        })
    }
}

/// A constraint or index that gets another name.
struct Renamed<'a> {
    table: &'a QualifiedName,
    from: Ident,
    to: &'a Ident,
    is_constraint: bool,
    /// Whether the name is that of a relation.
    is_relation: bool,
}

impl Renamed<'_> {
    fn step(&self, from: &Ident, to: &Ident, dialect: Dialect) -> Step {
        let full = self.table.sibling(to.clone());
        if self.is_constraint {
            let table = dialect.quote_name(self.table);
            let (from, name) = (dialect.quote(from), dialect.quote(to));
            return Step::new(
                ObjectId::constraint(self.table, to),
                format!("ALTER TABLE {table} RENAME CONSTRAINT {from} TO {name}"),
            );
        }
        let from = dialect.quote_name(&self.table.sibling(from.clone()));
        let to = dialect.quote(to);
        Step::new(
            ObjectId::index(&full),
            format!("ALTER INDEX {from} RENAME TO {to}"),
        )
    }
}

/// Parts of a table that are the same but for their names: they are renamed, not made again.
fn parts<'a>(before: &'a Table, after: &'a Table) -> Vec<Renamed<'a>> {
    let mut out = Vec::new();
    let gone = before.constraints.iter();
    for old in gone.filter(|c| after.constraint(&c.name).is_none()) {
        let mut same = after.constraints.iter().filter(|new| {
            let mut named = (*new).clone();
            named.name = old.name.clone();
            before.constraint(&new.name).is_none() && named == *old
        });
        if let (Some(new), None) = (same.next(), same.next()) {
            out.push(Renamed {
                table: &after.name,
                from: old.name.clone(),
                to: &new.name,
                is_constraint: true,
                is_relation: old.has_index(),
            });
        }
    }
    let gone = before.indexes.iter();
    for old in gone.filter(|i| after.index(&i.name).is_none()) {
        let mut same = after.indexes.iter().filter(|new| {
            let mut named = (*new).clone();
            named.name = old.name.clone();
            before.index(&new.name).is_none() && named == *old
        });
        if let (Some(new), None) = (same.next(), same.next()) {
            out.push(Renamed {
                table: &after.name,
                from: old.name.clone(),
                to: &new.name,
                is_constraint: false,
                is_relation: true,
            });
        }
    }
    out
}

/// Tables that are there on both sides, for [`parts`].
pub(super) fn of_tables(before: &Catalog, after: &Catalog, dialect: Dialect) -> Vec<Step> {
    if dialect != Dialect::Postgres {
        return Vec::new();
    }
    let both = before
        .tables
        .iter()
        .filter_map(|(name, old)| Some((old, after.tables.get(name)?)));
    let differ =
        both.filter(|(old, new)| old.constraints != new.constraints || old.indexes != new.indexes);
    let mut renamed: Vec<Renamed<'_>> = differ.flat_map(|(old, new)| parts(old, new)).collect();
    if renamed.is_empty() {
        return Vec::new();
    }
    let mut steps = make_way(before, &mut renamed, dialect);
    steps.extend(renamed.iter().map(|r| r.step(&r.from, r.to, dialect)));
    steps
}

/// Whatever has one of the new names gets another one first: it goes, or is renamed itself.
fn make_way(before: &Catalog, renamed: &mut [Renamed<'_>], dialect: Dialect) -> Vec<Step> {
    let mut wanted: BTreeSet<QualifiedName> = BTreeSet::new();
    for one in renamed.iter().filter(|r| r.is_relation) {
        wanted.insert(one.table.sibling(one.to.clone()));
    }
    let mut steps = Vec::new();
    for table in before.tables.values() {
        let constraints = table.constraints.iter().filter(|c| c.has_index());
        let constraints = constraints.map(|c| (&c.name, true));
        let indexes = table.indexes.iter().map(|i| (&i.name, false));
        for (name, is_constraint) in constraints.chain(indexes) {
            if !wanted.contains(&table.name.sibling(name.clone())) {
                continue;
            }
            let short: String = name.chars().take(50).collect();
            let other = Ident::new(format!("{short}_before"));
            let moved = Renamed {
                table: &table.name,
                from: name.clone(),
                to: &other,
                is_constraint,
                is_relation: true,
            };
            steps.push(moved.step(name, &other, dialect));
            for one in renamed.iter_mut().filter(|r| *r.table == table.name) {
                if one.from == *name && one.is_constraint == is_constraint {
                    one.from = other.clone();
                }
            }
        }
    }
    steps
}
