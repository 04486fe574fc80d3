//! The first act: the schema with both columns in it.

use super::{Expansion, texts};
use crate::dialect::{Dialect, TargetVersion};
use crate::expr::mentions;
use crate::facts::Facts;
use crate::model::{
    Catalog, Column, Constraint, Ident, ObjectId, ObjectKind, Pair, QualifiedName, Table,
};
use crate::plan::using::Casting;
use crate::plan::{Plan, Step, simulate};

/// A schema in which some columns are two.
#[derive(Clone, Debug, Default)]
pub struct Expanded {
    pub catalog: Catalog,
    /// Those of the columns that are two from now on.
    pub new: Vec<Expansion>,
}

/// What a plan from `before` goes to: `after`, with the columns that are pending, and those whose change is
/// to go in two acts, as two. Those that are `ending` become one.
pub fn expanded(
    before: &Catalog,
    after: &Catalog,
    pending: &[Expansion],
    ending: &[Expansion],
    version: TargetVersion,
) -> Expanded {
    let mut found = Expanded {
        catalog: after.clone(),
        new: Vec::new(),
    };
    if version.dialect != Dialect::Postgres {
        return found;
    }
    let casting = Casting::new(Pair::new(before, after), version);
    let asked = after
        .notes
        .iter()
        .filter(|(id, n)| n.expands && id.kind == ObjectKind::Column);
    for (id, notes) in asked {
        let Some(column) = &id.member else { continue };
        let mut all = pending.iter().chain(ending);
        let known = all.any(|p| p.table == id.name && p.name == *column);
        if !known {
            let former = notes.renamed_from.as_ref();
            found
                .new
                .extend(asked_for(casting, &id.name, column, former));
        }
    }
    for expansion in pending.iter().chain(&found.new.clone()) {
        apply(&mut found.catalog, before, expansion, version);
    }
    found
}

fn asked_for(
    casting: Casting<'_>,
    table: &QualifiedName,
    column: &Ident,
    former: Option<&Ident>,
) -> Option<Expansion> {
    let tables = casting.catalogs.map(|c| c.tables.get(table));
    let (old, new) = (tables.before?, tables.after?);
    let wanted = new.column(column).filter(|c| c.generated.is_none())?;
    let expansion = |from: &Ident, into: Ident| Expansion {
        table: table.clone(),
        from: from.clone(),
        into,
        name: column.clone(),
    };
    if let Some(is) = old.column(column) {
        let free = |name: &Ident| old.column(name).is_none() && new.column(name).is_none();
        let mut names = (0..).map(|n: u32| match n {
            0 => Ident::from(format!("{column}_new")),
            n => Ident::from(format!("{column}_new{n}")),
        });
        let into = names.find(free)?;
        // The trigger has to cast both ways.
        let (before, after) = (&is.data_type, &wanted.data_type);
        let casts = casting.has_cast(before, after) && casting.has_cast(after, before);
        let said = casting.said(&ObjectId::column(table, column)).is_some();
        return (before != after && casts && !said).then(|| expansion(column, into));
    }
    let former = former.filter(|f| old.column(f).is_some() && new.column(f).is_none())?;
    Some(expansion(former, column.clone()))
}

/// Adds the objects of an expansion to the schema that comes out of it in the end.
fn apply(target: &mut Catalog, before: &Catalog, e: &Expansion, version: TargetVersion) {
    let dialect = version.dialect;
    let Some(old_table) = before.tables.get(&e.table) else {
        return;
    };
    let Some(table) = target.tables.get_mut(&e.table) else {
        return;
    };
    let at = table.columns.iter().position(|c| c.name == e.name);
    let (Some(at), Some(old)) = (at, old_table.column(&e.from)) else {
        return;
    };
    let wanted = table.columns[at].clone();
    let added = Column {
        name: e.into.clone(),
        data_type: wanted.data_type.clone(),
        collation: wanted.collation.clone(),
        comment: wanted.comment.clone().filter(|_| !e.is_swapped()),
        ..Column::default()
    };
    table.columns[at] = Column {
        comment: match e.is_swapped() {
            true => wanted.comment.clone(),
            false => old.comment.clone(),
        },
        ..old.clone()
    };
    table.columns.push(added.clone());
    if !e.is_swapped() {
        keep_parts(table, old_table, e, dialect);
        keep_others(target, before, e, dialect);
    }
    let id = ObjectId::column(&e.table, &e.name);
    if let Some(notes) = target.notes.get_mut(&id) {
        notes.renamed_from = None;
    }
    let casting = Casting::new(Pair::new(before, target), version);
    let statements = texts::writes(e, (old, &added), casting);
    let made = e.made_name(dialect);
    let id = ObjectId::new(ObjectKind::Function, made);
    let steps = statements.map(|sql| Step::new(id.clone(), sql));
    let (catalog, wrong) = simulate::run(target.clone(), &steps, version);
    if wrong.is_empty() {
        let notes = std::mem::take(&mut target.notes);
        *target = Catalog { notes, ..catalog };
    }
}

fn speaks(constraint: &Constraint, column: &Ident, dialect: Dialect) -> bool {
    let check = constraint.as_check();
    constraint.columns().contains(column)
        || check.is_some_and(|e| mentions(e.text(), column, dialect))
}

/// Until the second act what rests on the old name stays as it is, and what is to rest on the new one
/// waits.
fn keep_parts(table: &mut Table, old: &Table, e: &Expansion, dialect: Dialect) {
    table.constraints.retain(|c| !speaks(c, &e.name, dialect));
    let kept = old
        .constraints
        .iter()
        .filter(|c| speaks(c, &e.from, dialect));
    table.constraints.extend(kept.cloned());
    let of = |index: &crate::model::Index, column: &Ident| {
        let text = crate::ddl::create_index(&e.table, index, dialect);
        mentions(&text, column, dialect)
    };
    table.indexes.retain(|i| !of(i, &e.name));
    let kept = old.indexes.iter().filter(|i| of(i, &e.from));
    table.indexes.extend(kept.cloned());
    let texts = |p: &crate::model::Policy, column: &Ident| {
        let mut texts = p.using.iter().chain(&p.with_check);
        texts.any(|t| mentions(t.text(), column, dialect))
    };
    table.policies.retain(|p| !texts(p, &e.name));
    let kept = old.policies.iter().filter(|p| texts(p, &e.from));
    table.policies.extend(kept.cloned());
    table
        .constraints
        .sort_by(|a, b| (a.rank(), &a.name).cmp(&(b.rank(), &b.name)));
    table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
    table.policies.sort_by(|a, b| a.name.cmp(&b.name));
}

fn keep_others(target: &mut Catalog, before: &Catalog, e: &Expansion, dialect: Dialect) {
    for (name, view) in &before.views {
        let text = view.query.text();
        let reads = mentions(text, &e.from, dialect) && mentions(text, &e.table.name, dialect);
        if let Some(there) = target.views.get_mut(name).filter(|_| reads) {
            there.query = view.query.clone();
        }
    }
    let refers = |c: &Constraint, column: &Ident| {
        let fk = c.as_foreign_key();
        fk.is_some_and(|fk| fk.target == e.table && fk.target_columns.contains(column))
    };
    for (name, table) in &mut target.tables {
        let Some(old) = before.tables.get(name).filter(|_| *name != e.table) else {
            continue;
        };
        for constraint in &mut table.constraints {
            let was = old
                .constraint(&constraint.name)
                .filter(|c| refers(c, &e.from));
            if let Some(was) = was.filter(|_| refers(constraint, &e.name)) {
                *constraint = was.clone();
            }
        }
    }
}

/// Adds to a plan of the first act what fills the new columns, outside of transactions.
pub fn fill(plan: &mut Plan, after: &Catalog, new: &[Expansion], version: TargetVersion) {
    for e in new {
        let Some(table) = after.tables.get(&e.table) else {
            continue;
        };
        let (Some(old), Some(new)) = (table.column(&e.from), table.column(&e.into)) else {
            continue;
        };
        let group = plan.steps.last().map_or(0, |s| s.group + 1);
        plan.steps.push(Step {
            object: ObjectId::column(&e.table, &e.into),
            sql: texts::fills(
                e,
                (old, new),
                Casting::new(Pair::new(after, after), version),
            ),
            facts: Facts {
                transactional: false,
                statement_timeout: Some(0),
                ..Facts::default()
            },
            group,
        });
    }
}
