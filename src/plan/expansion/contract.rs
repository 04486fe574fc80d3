//! The second act: what the new column needs is built beside readers and writers, and then it takes the
//! old one's place in one transaction.

use super::Expansion;
use crate::dialect::{Dialect, TargetVersion};
use crate::expr::rename_column_in_text;
use crate::model::{
    Catalog, Constraint, ConstraintKind, Ident, Index, ObjectId, Pair, QualifiedName, Table,
};
use crate::plan::recipe::index_of;
use crate::plan::settle::tell_steps;
use crate::plan::{Options, Plan, Step, plan_with, settle, simulate, statements};

/// The way from a catalog in which a column is two to one in which it is one again. The columns that go
/// with what the others hold are returned as well.
pub fn contract(
    pair: Pair<&Catalog>,
    expansions: &[Expansion],
    version: TargetVersion,
    options: &Options,
) -> (Plan, Vec<ObjectId>) {
    let mut prepared = pair.before.clone();
    let mut swaps = Vec::new();
    let mut gone = Vec::new();
    for expansion in expansions {
        let mut second = Second {
            e: expansion,
            pair,
            version,
            taken: Vec::new(),
            swap: Vec::new(),
        };
        gone.extend(second.go(&mut prepared));
        swaps.extend(second.swap);
    }
    let mut plan = plan_with(Pair::new(pair.before, &prepared), version, options);
    let (state, wrong) = simulate::run(prepared.clone(), &swaps, version);
    plan.diagnostics.extend(wrong);
    let rest = statements(Pair::new(&state, pair.after), version);
    plan.diagnostics.extend(rest.plan.diagnostics);
    plan.remaining.extend(rest.plan.remaining);
    let mut last = swaps;
    last.extend(rest.steps);
    let told = tell_steps(&prepared, &last, version);
    let first = plan.steps.last().map_or(0, |s| s.group + 1);
    for (step, told) in last.iter_mut().zip(told) {
        step.facts = told.facts;
        step.group = first;
    }
    plan.steps.extend(last);
    settle::renumber(&mut plan.steps);
    (plan, gone)
}

/// One column's second act.
struct Second<'a> {
    e: &'a Expansion,
    pair: Pair<&'a Catalog>,
    version: TargetVersion,
    taken: Vec<Ident>,
    swap: Vec<Step>,
}

impl Second<'_> {
    fn dialect(&self) -> Dialect {
        self.version.dialect
    }

    fn push(&mut self, sql: String) {
        let id = ObjectId::table(&self.e.table);
        self.swap.push(Step::new(id, sql));
    }

    /// Adds to `prepared` what is built first, and says what the last transaction does.
    fn go(&mut self, prepared: &mut Catalog) -> Option<ObjectId> {
        let dialect = self.dialect();
        let e = self.e;
        let wanted = self.pair.after.tables.get(&e.table)?.clone();
        let old = self.pair.before.tables.get(&e.table)?.clone();
        let table = dialect.quote_name(&e.table);
        let made = e.made_name(dialect);
        let (function, trigger) = (dialect.quote_name(&made), dialect.quote(&made.name));
        self.push(format!("DROP TRIGGER {trigger} ON {table}"));
        self.push(format!("DROP FUNCTION {function}()"));
        for sql in super::dependents::drops(self.pair.before, e, dialect) {
            self.push(sql);
        }
        let mut gone = e.from.clone();
        if e.is_swapped() {
            gone = self.free(&old, &format!("{}_old", e.from));
            let [from, into, aside] =
                [&e.from, &e.into, &gone].map(|n| dialect.quote(n).into_owned());
            self.push(format!(
                "ALTER TABLE {table} RENAME COLUMN {from} TO {aside}"
            ));
            self.push(format!(
                "ALTER TABLE {table} RENAME COLUMN {into} TO {from}"
            ));
        }
        self.sequences(&wanted);
        self.inbound(prepared, &wanted);
        self.own(prepared, &wanted, &old);
        let not_null = wanted.column(&e.name).is_some_and(|c| c.not_null);
        let now = prepared.tables.get_mut(&e.table)?;
        if let Some(column) = now.column_mut(&e.into) {
            column.not_null = not_null;
        }
        now.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        now.constraints
            .sort_by(|a, b| (a.rank(), &a.name).cmp(&(b.rank(), &b.name)));
        Some(ObjectId::column(&e.table, &gone))
    }

    /// A name that nothing of the table has.
    fn free(&mut self, table: &Table, base: &str) -> Ident {
        let short: String = base.chars().take(50).collect();
        let names = (0_u32..).map(|n| match n {
            0 => Ident::from(short.clone()),
            n => Ident::from(format!("{short}{n}")),
        });
        let taken = |name: &Ident| {
            table.column(name).is_some()
                || table.index(name).is_some()
                || table.constraint(name).is_some()
                || self.taken.contains(name)
        };
        let mut free = names.filter(|name| !taken(name));
        let name = free.next().unwrap_or_default();
        self.taken.push(name.clone());
        name
    }

    /// A sequence goes with the column that owns it.
    fn sequences(&mut self, wanted: &Table) {
        let dialect = self.dialect();
        let e = self.e;
        let owned = (e.table.clone(), e.from.clone());
        let wants = (wanted.name.clone(), e.name.clone());
        let before = self.pair.before.sequences.values();
        let kept = before
            .filter(|s| s.owned_by.as_ref() == Some(&owned))
            .filter(|s| {
                let after = self.pair.after.sequences.get(&s.name);
                after.is_some_and(|s| s.owned_by.as_ref() == Some(&wants))
            });
        let of = format!(
            "{}.{}",
            dialect.quote_name(&e.table),
            dialect.quote(&e.name)
        );
        let statements: Vec<String> = kept
            .map(|s| {
                format!(
                    "ALTER SEQUENCE {} OWNED BY {of}",
                    dialect.quote_name(&s.name)
                )
            })
            .collect();
        for sql in statements {
            self.push(sql);
        }
    }

    /// Foreign keys of other tables get twins that refer to the new column.
    fn inbound(&mut self, prepared: &mut Catalog, wanted: &Table) {
        let e = self.e;
        let after = self.pair.after;
        for other in after.tables.values().filter(|t| t.name != e.table) {
            let Some(old) = self.pair.before.tables.get(&other.name).cloned() else {
                continue;
            };
            for (constraint, fk) in other.foreign_keys() {
                if fk.target != wanted.name || !fk.target_columns.contains(&e.name) {
                    continue;
                }
                let name = self.free(&old, &format!("{}_new", constraint.name));
                let mut twin = constraint.clone();
                twin.name = name.clone();
                twin.comment = None;
                if let ConstraintKind::ForeignKey(fk) = &mut twin.kind {
                    replace(&mut fk.target_columns, &e.name, &e.into);
                }
                if let Some(table) = prepared.tables.get_mut(&other.name) {
                    table.constraints.push(twin);
                    table
                        .constraints
                        .sort_by(|a, b| (a.rank(), &a.name).cmp(&(b.rank(), &b.name)));
                }
                self.replaced(&other.name, &old, &constraint.name, &name);
            }
        }
    }

    /// A constraint takes the place of the one whose name it is to have.
    fn replaced(&mut self, table: &QualifiedName, old: &Table, name: &Ident, twin: &Ident) {
        let dialect = self.dialect();
        let (table, [name_text, twin]) = (
            dialect.quote_name(table),
            [name, twin].map(|n| dialect.quote(n).into_owned()),
        );
        if old.constraint(name).is_some() {
            self.push(format!("ALTER TABLE {table} DROP CONSTRAINT {name_text}"));
        }
        self.push(format!(
            "ALTER TABLE {table} RENAME CONSTRAINT {twin} TO {name_text}"
        ));
    }

    /// Indexes, keys, checks and foreign keys of the column get twins on the new one.
    fn own(&mut self, prepared: &mut Catalog, wanted: &Table, old: &Table) {
        let dialect = self.dialect();
        let e = self.e;
        let quoted = dialect.quote_name(&e.table);
        let Some(now) = prepared.tables.get_mut(&e.table) else {
            return;
        };
        for index in &wanted.indexes {
            let keyed = |i: &Index| i.plain_columns().is_some_and(|c| c.contains(&&e.name));
            if !keyed(index) || index.predicate.is_some() {
                continue;
            }
            let name = self.free(old, &format!("{}_new", index.name));
            now.indexes.push(twin_index(index, name.clone(), e));
            let twin = dialect.quote_name(&e.table.sibling(name));
            if old.index(&index.name).is_some() {
                let full = dialect.quote_name(&e.table.sibling(index.name.clone()));
                self.push(format!("DROP INDEX {full}"));
            }
            let name = dialect.quote(&index.name);
            self.push(format!("ALTER INDEX {twin} RENAME TO {name}"));
        }
        for constraint in &wanted.constraints {
            let Some(mut twin) = twin_constraint(constraint, e, dialect) else {
                continue;
            };
            let name = self.free(old, &format!("{}_new", constraint.name));
            twin.name = name.clone();
            if !constraint.has_index() {
                now.constraints.push(twin);
                self.replaced(&e.table, old, &constraint.name, &name);
                continue;
            }
            now.indexes.push(index_of(&twin, name.clone()));
            let add =
                crate::plan::recipe::using_index(constraint, &constraint.name, &name, dialect);
            let drop = format!("DROP CONSTRAINT {}", dialect.quote(&constraint.name));
            match old.constraint(&constraint.name).is_some() {
                true => self.push(format!("ALTER TABLE {quoted}\n    {drop},\n    {add}")),
                false => self.push(format!("ALTER TABLE {quoted} {add}")),
            }
        }
    }
}

fn replace(columns: &mut [Ident], from: &Ident, to: &Ident) {
    for column in columns.iter_mut().filter(|c| *c == from) {
        *column = to.clone();
    }
}

fn twin_index(index: &Index, name: Ident, e: &Expansion) -> Index {
    let mut twin = Index {
        name,
        comment: None,
        ..index.clone()
    };
    for element in &mut twin.elements {
        if element.column.as_ref() == Some(&e.name) {
            element.column = Some(e.into.clone());
        }
    }
    replace(&mut twin.include, &e.name, &e.into);
    twin
}

/// The same constraint of the new column; `None` where it is not about the column.
fn twin_constraint(constraint: &Constraint, e: &Expansion, dialect: Dialect) -> Option<Constraint> {
    let mut twin = constraint.clone();
    twin.comment = None;
    twin.index_comment = None;
    match &mut twin.kind {
        ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => {
            columns
                .contains(&e.name)
                .then(|| replace(columns, &e.name, &e.into))?;
        }
        ConstraintKind::ForeignKey(fk) => {
            let own = fk.columns.contains(&e.name) && fk.target != e.table;
            own.then(|| replace(&mut fk.columns, &e.name, &e.into))?;
        }
        ConstraintKind::Check { expression } => {
            let text = rename_column_in_text(expression.text(), &e.name, &e.into, dialect)?;
            *expression = crate::expr::expression(&text, dialect);
        }
        ConstraintKind::Exclusion { .. } => return None,
    }
    Some(twin)
}
