//! What rests on an object that goes, and what the server does about it: RESTRICT refuses, CASCADE
//! takes it along.
//!
//! Invariants: only what the server would name is named. A text that is not understood rests on the
//! relations that stand in it, and on nothing else. What is part of an object goes with it and is none
//! of its dependents.
//!
//! Source: src/backend/catalog/dependency.c; the dependencies that are recorded by
//! src/backend/commands/ (tablecmds.c, trigger.c, policy.c) and src/backend/rewrite/rewriteDefine.c.

use super::fold::Fold;
use super::mentions::Holder;
use crate::dialect::Dialect;
use crate::expr::{Reader, Reads, ReferenceKind, references_of_query};
use crate::model::{
    Argument, ConstraintKind, DataType, Expr, Ident, ObjectId, ObjectKind, QualifiedName, Returns,
    Routine, RoutineBody, RoutineKind, Rule, Table, Trigger, View,
};

/// What goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Gone {
    Object(ObjectId),
    Column(QualifiedName, Ident),
}

/// What rests on it, and goes with it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rest {
    Object(ObjectId),
    Default(QualifiedName, Ident),
    Column(QualifiedName, Ident),
    /// A table in a publication.
    Published(Ident, QualifiedName),
}

impl Rest {
    /// As messages name it.
    pub(super) fn id(&self) -> ObjectId {
        match self {
            Self::Object(id) => id.clone(),
            Self::Default(table, column) | Self::Column(table, column) => {
                ObjectId::column(table, column)
            }
            Self::Published(publication, _) => {
                let name = QualifiedName::bare(publication.clone());
                ObjectId::new(ObjectKind::Publication, name)
            }
        }
    }
}

impl Gone {
    pub(super) fn name(&self) -> &Ident {
        match self {
            Self::Object(id) => &id.name.name,
            // Whoever reads a column names its relation; its own table is looked at as well.
            Self::Column(relation, _) => &relation.name,
        }
    }

    fn is_relation(&self, name: &QualifiedName) -> bool {
        matches!(self, Self::Object(id) if id.member.is_none()
            && (id.kind.is_relation() && id.kind != ObjectKind::Index) && id.name == *name)
    }

    /// Whether it is the type: one of its own, or the row type of a relation.
    fn is_type(&self, name: &QualifiedName) -> bool {
        let rows = |kind| {
            matches!(
                kind,
                ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView
            )
        };
        matches!(self, Self::Object(id) if (id.kind.is_type() || rows(id.kind)) && id.name == *name)
    }

    fn is_routine(&self, key: &(QualifiedName, Box<str>)) -> bool {
        let is = |kind| {
            matches!(
                kind,
                ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate
            )
        };
        matches!(self, Self::Object(id) if is(id.kind)
            && id.name == key.0 && id.signature.as_deref() == Some(&*key.1))
    }

    fn is_read(&self, reads: &Reads) -> bool {
        match self {
            Self::Column(relation, column) => {
                let key = (relation.clone(), column.clone());
                reads.columns.contains(&key)
            }
            Self::Object(id) => {
                reads.others.contains(id)
                    || reads.relations.iter().any(|r| self.is_relation(r))
                    || reads.types.iter().any(|t| self.is_type(t))
                    || reads.routines.iter().any(|r| self.is_routine(r))
            }
        }
    }
}

impl Fold {
    /// Everything that rests on what goes, in order; nothing in a dialect that keeps no such books.
    pub(super) fn rests(&mut self, gone: &Gone) -> Vec<Rest> {
        if self.dialect() != Dialect::Postgres {
            return Vec::new();
        }
        let holders = self.holders(gone);
        let looking = Looking {
            fold: self,
            reader: Reader::new(&self.catalog),
            gone,
        };
        let mut rests: Vec<Rest> = holders.iter().flat_map(|h| looking.holder(h)).collect();
        rests.extend(looking.publications());
        if let Gone::Object(id) = gone {
            rests.extend(self.sorted_by(id));
            rests.extend(self.aggregates_of(id));
            rests.extend(self.rare_rests(id));
        }
        rests.sort();
        rests.dedup();
        rests
    }
}

struct Looking<'f> {
    fold: &'f Fold,
    reader: Reader<'f>,
    gone: &'f Gone,
}

impl Looking<'_> {
    fn holder(&self, holder: &Holder) -> Vec<Rest> {
        let catalog = &self.fold.catalog;
        let rests = match holder {
            Holder::Table(name) => catalog.tables.get(name).map(|t| self.table(t)),
            Holder::View(name) => catalog.views.get(name).map(|v| self.view(v)),
            Holder::Routine(key) => catalog.routines.get(key).map(|r| self.routine(key, r)),
            Holder::Domain(name) => catalog.domains.get(name).map(|domain| {
                let id = ObjectId::new(ObjectKind::Domain, name.clone());
                let default = domain.default.as_ref().is_some_and(|d| self.default(d));
                let own = (default || self.is_of(&domain.base)).then_some(Rest::Object(id));
                let read = |e: &Expr| self.reads(self.reader.of_value(&domain.base, e.text()));
                let checks = domain.checks.iter().filter(|c| read(&c.expression));
                let checks = checks.map(|c| Rest::Object(ObjectId::constraint(name, &c.name)));
                own.into_iter().chain(checks).collect()
            }),
            Holder::Composite(name) => catalog.composites.get(name).map(|composite| {
                let of = composite
                    .attributes
                    .iter()
                    .filter(|(_, t, _)| self.is_of(t));
                of.map(|(attribute, ..)| Rest::Column(name.clone(), attribute.clone()))
                    .collect()
            }),
            Holder::Range(name) => catalog.ranges.get(name).map(|range| {
                let id = ObjectId::new(ObjectKind::Range, name.clone());
                let of = self.is_of(&range.subtype).then_some(Rest::Object(id));
                of.into_iter().collect()
            }),
        };
        rests.unwrap_or_default()
    }

    /// The column lists and filters that a column stands in.
    fn publications(&self) -> Vec<Rest> {
        let Gone::Column(relation, column) = self.gone else {
            return Vec::new();
        };
        let filtered = |e: &Expr| self.reads(self.reader.of_columns(relation, e.text()));
        let mut rests = Vec::new();
        for publication in self.fold.catalog.publications.values() {
            let mut named = publication.tables.iter().filter(|t| t.name == *relation);
            if named.any(|t| t.columns.contains(column) || t.filter.iter().any(filtered)) {
                rests.push(Rest::Published(publication.name.clone(), relation.clone()));
            }
        }
        rests
    }

    fn is_of(&self, data_type: &DataType) -> bool {
        self.gone.is_type(&data_type.name)
    }

    fn reads(&self, reads: Option<Reads>) -> bool {
        reads.is_some_and(|reads| self.gone.is_read(&reads))
    }

    /// Whether what goes is this relation, so that all of its parts go too.
    fn goes_along(&self, relation: &QualifiedName) -> bool {
        self.gone.is_relation(relation)
    }

    fn table(&self, table: &Table) -> Vec<Rest> {
        let name = &table.name;
        if self.goes_along(name) {
            return Vec::new();
        }
        if table.inherits.iter().any(|p| self.gone.is_relation(p))
            || table.of_type.as_ref().is_some_and(|t| self.gone.is_type(t))
        {
            return vec![Rest::Object(ObjectId::table(name))];
        }
        let mut rests = Vec::new();
        self.columns(table, &mut rests);
        self.constraints(table, &mut rests);
        self.parts(name, &table.triggers, &table.rules, &mut rests);
        let read = |e: &Expr| self.reads(self.reader.of_columns(name, e.text()));
        for index in &table.indexes {
            // A column takes the indexes of its own table along.
            let of_object = matches!(self.gone, Gone::Object(_));
            if of_object && index.expressions().any(read) {
                rests.push(Rest::Object(ObjectId::index(
                    &name.sibling(index.name.clone()),
                )));
            }
        }
        for policy in &table.policies {
            if policy.using.iter().chain(&policy.with_check).any(read) {
                let id = ObjectId::member(ObjectKind::Policy, name.clone(), policy.name.clone());
                rests.push(Rest::Object(id));
            }
        }
        rests
    }

    fn columns(&self, table: &Table, rests: &mut Vec<Rest>) {
        let name = &table.name;
        for column in &table.columns {
            let itself = matches!(self.gone, Gone::Column(r, c) if r == name && *c == column.name);
            if itself {
                continue;
            }
            let generated = column
                .generated
                .as_ref()
                .is_some_and(|g| self.reads(self.reader.of_columns(name, g.expression.text())));
            if generated || self.is_of(&column.data_type) {
                rests.push(Rest::Column(name.clone(), column.name.clone()));
            } else if column.default.as_ref().is_some_and(|d| self.default(d)) {
                rests.push(Rest::Default(name.clone(), column.name.clone()));
            }
        }
    }

    fn default(&self, default: &Expr) -> bool {
        self.reads(self.reader.of_nothing(default.text())) || self.is_named(default.text())
    }

    /// Whether the text names the relation that goes: a query that is not understood, or a sequence.
    fn is_named(&self, text: &str) -> bool {
        let references = references_of_query(text, Dialect::Postgres);
        let mut relations = references
            .into_iter()
            .filter(|r| r.kind == ReferenceKind::Relation);
        relations.any(|r| match r.name.schema {
            Some(_) => self.gone.is_relation(&r.name),
            None => self
                .gone
                .is_relation(&QualifiedName::new("public", r.name.name)),
        })
    }

    /// Whether the text names the sequence that goes, as `nextval` does, which no reading of columns tells.
    fn counts_by(&self, text: &str) -> bool {
        matches!(self.gone, Gone::Object(id) if id.kind == ObjectKind::Sequence)
            && self.is_named(text)
    }

    fn constraints(&self, table: &Table, rests: &mut Vec<Rest>) {
        for constraint in &table.constraints {
            let rests_on = match &constraint.kind {
                ConstraintKind::ForeignKey(key) => match self.gone {
                    Gone::Object(_) => self.gone.is_relation(&key.target),
                    Gone::Column(relation, column) => {
                        key.target == *relation
                            && key.target_columns.contains(column)
                            && !(table.name == *relation && key.columns.contains(column))
                    }
                },
                // The checks of a table go with its columns.
                ConstraintKind::Check { expression } => {
                    matches!(self.gone, Gone::Object(_))
                        && self.reads(self.reader.of_columns(&table.name, expression.text()))
                }
                _ => false,
            };
            if rests_on {
                let id = ObjectId::constraint(&table.name, &constraint.name);
                rests.push(Rest::Object(id));
            }
        }
    }

    fn parts(
        &self,
        relation: &QualifiedName,
        triggers: &[Trigger],
        rules: &[Rule],
        rests: &mut Vec<Rest>,
    ) {
        let of_rows = |e: &Expr| self.reads(self.reader.of_rows(relation, e.text()));
        for trigger in triggers {
            let function = (trigger.function.clone(), Box::from(""));
            let column = matches!(self.gone, Gone::Column(r, c)
                if r == relation && trigger.update_of.contains(c));
            if column || self.gone.is_routine(&function) || trigger.when.iter().any(of_rows) {
                let name = trigger.name.clone();
                let id = ObjectId::member(ObjectKind::Trigger, relation.clone(), name);
                rests.push(Rest::Object(id));
            }
        }
        for rule in rules {
            let acts = match self.reader.action(relation, rule.action.text()) {
                Some(reads) => self.gone.is_read(&reads) || self.counts_by(rule.action.text()),
                None => self.is_named(rule.action.text()),
            };
            if acts || rule.condition.iter().any(of_rows) {
                let id = ObjectId::member(ObjectKind::Rule, relation.clone(), rule.name.clone());
                rests.push(Rest::Object(id));
            }
        }
    }

    fn view(&self, view: &View) -> Vec<Rest> {
        if self.goes_along(&view.name) {
            return Vec::new();
        }
        let read = match self.reader.view(view) {
            Some(reads) => self.gone.is_read(&reads) || self.counts_by(view.query.text()),
            None => self.is_named(view.query.text()),
        };
        if read {
            let kind = match view.materialized {
                true => ObjectKind::MaterializedView,
                false => ObjectKind::View,
            };
            return vec![Rest::Object(ObjectId::new(kind, view.name.clone()))];
        }
        let mut rests = Vec::new();
        self.parts(&view.name, &view.triggers, &view.rules, &mut rests);
        rests
    }

    fn routine(&self, key: &(QualifiedName, Box<str>), routine: &Routine) -> Vec<Rest> {
        let returned = match &routine.returns {
            Some(Returns::Type(found) | Returns::SetOf(found)) => self.is_of(found),
            _ => false,
        };
        let argument = |a: &Argument| {
            let default = a.default.as_ref();
            self.is_of(&a.data_type) || default.is_some_and(|d| self.default(d))
        };
        let body = match &routine.body {
            RoutineBody::Standard(body) => {
                let reads = self.reader.body(routine, body.text());
                self.reads(reads) || self.counts_by(body.text())
            }
            _ => false,
        };
        if self.gone.is_routine(key)
            || !(returned || body || routine.arguments.iter().any(argument))
        {
            return Vec::new();
        }
        let kind = match routine.kind {
            RoutineKind::Function => ObjectKind::Function,
            RoutineKind::Procedure => ObjectKind::Procedure,
        };
        let id = ObjectId::overload(kind, key.0.clone(), key.1.clone());
        vec![Rest::Object(id)]
    }
}
