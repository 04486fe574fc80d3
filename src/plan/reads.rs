//! What the texts of the catalog before read, as the server notes it.
//!
//! Invariants: where a text is understood the answer is the server's, so that nothing else is dropped
//! and created again; where it is not, every word of it counts, so that nothing is left standing on
//! something that goes.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::dialect::Dialect;
use crate::expr::{Reader, Reads, mentions, mentions_column};
use crate::model::{
    Catalog, DataType, Expr, Ident, ObjectId, ObjectKind, ObjectRef, QualifiedName, Routine,
    RoutineBody,
};

/// What one text, or all texts of one object, read.
pub(super) struct Said<'t> {
    reads: Option<Rc<Reads>>,
    texts: Vec<&'t str>,
}

/// Answers what texts read; those of whole objects are read once.
pub(super) struct Texts<'c> {
    reader: Reader<'c>,
    known: RefCell<HashMap<ObjectId, Option<Rc<Reads>>>>,
}

impl<'c> Texts<'c> {
    pub(super) fn of(catalog: &'c Catalog) -> Self {
        Self {
            reader: Reader::new(catalog),
            known: RefCell::default(),
        }
    }

    /// What an object reads by its texts; `None` where it has none.
    pub(super) fn object(&self, id: &ObjectId, object: ObjectRef<'c>) -> Option<Said<'c>> {
        let texts = texts(object);
        if texts.is_empty() {
            return None;
        }
        let known = self.known.borrow().get(id).cloned();
        let reads = known.unwrap_or_else(|| {
            let reads = self.read(object).map(Rc::new);
            self.known.borrow_mut().insert(id.clone(), reads.clone());
            reads
        });
        Some(Said { reads, texts })
    }

    /// A text over the columns of a relation.
    pub(super) fn of_columns<'t>(&self, relation: &QualifiedName, text: &'t Expr) -> Said<'t> {
        Said {
            reads: self.reader.of_columns(relation, text.text()).map(Rc::new),
            texts: vec![text.text()],
        }
    }

    /// The check of a domain over a type.
    pub(super) fn of_value<'t>(&self, base: &DataType, text: &'t Expr) -> Said<'t> {
        Said {
            reads: self.reader.of_value(base, text.text()).map(Rc::new),
            texts: vec![text.text()],
        }
    }

    /// A text that reads no columns.
    pub(super) fn of_nothing<'t>(&self, text: &'t Expr) -> Said<'t> {
        Said {
            reads: self.reader.of_nothing(text.text()).map(Rc::new),
            texts: vec![text.text()],
        }
    }

    fn read(&self, object: ObjectRef<'_>) -> Option<Reads> {
        let reader = &self.reader;
        match object {
            ObjectRef::View(view) => reader.view(view),
            ObjectRef::Rule(relation, rule) => {
                let mut all = reader.action(relation, rule.action.text())?;
                if let Some(condition) = &rule.condition {
                    all.extend(reader.of_rows(relation, condition.text())?);
                }
                Some(all)
            }
            ObjectRef::Trigger(relation, trigger) => {
                reader.of_rows(relation, trigger.when.as_ref()?.text())
            }
            ObjectRef::Routine(routine) => self.routine(routine),
            ObjectRef::Policy(relation, _) | ObjectRef::Index(relation, _) => {
                self.over(relation, &texts(object))
            }
            ObjectRef::Constraint(table, _) => self.over(&table.name, &texts(object)),
            ObjectRef::Statistics(statistics) => self.over(&statistics.table, &texts(object)),
            ObjectRef::Publication(publication) => {
                let mut all = Reads::default();
                for table in &publication.tables {
                    if let Some(filter) = &table.filter {
                        all.extend(reader.of_columns(&table.name, filter.text())?);
                    }
                }
                Some(all)
            }
            _ => None,
        }
    }

    fn over(&self, relation: &QualifiedName, texts: &[&str]) -> Option<Reads> {
        let mut all = Reads::default();
        for text in texts {
            all.extend(self.reader.of_columns(relation, text)?);
        }
        Some(all)
    }

    fn routine(&self, routine: &Routine) -> Option<Reads> {
        let mut all = Reads::default();
        for default in routine.arguments.iter().filter_map(|a| a.default.as_ref()) {
            all.extend(self.reader.of_nothing(default.text())?);
        }
        if let RoutineBody::Standard(body) = &routine.body {
            all.extend(self.reader.body(routine, body.text())?);
        }
        Some(all)
    }
}

impl Said<'_> {
    pub(super) fn column(&self, relation: &QualifiedName, column: &Ident) -> bool {
        match &self.reads {
            Some(reads) => reads.columns.contains(&(relation.clone(), column.clone())),
            None => self.says(|text| mentions_column(text, column, Dialect::Postgres)),
        }
    }

    /// Whether it uses a relation or a routine; of other objects every word counts.
    pub(super) fn uses(&self, id: &ObjectId) -> bool {
        let named = || self.says(|text| mentions(text, &id.name.name, Dialect::Postgres));
        let Some(reads) = &self.reads else {
            return named();
        };
        match id.kind {
            ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView => {
                reads.relations.contains(&id.name)
            }
            ObjectKind::Function => {
                let mut same = reads.routines.iter().filter(|r| r.0 == id.name).peekable();
                // Where no overload could be chosen, it may be any.
                match same.peek() {
                    Some(_) => same.any(|r| Some(&r.1) == id.signature.as_ref()),
                    None => named(),
                }
            }
            _ => named(),
        }
    }

    /// Whether it may group by these columns, and use others of the relation for that.
    pub(super) fn groups_by(&self, relation: &QualifiedName, columns: &[Ident]) -> bool {
        self.says(|text| mentions(text, "group", Dialect::Postgres))
            && columns.iter().all(|c| self.column(relation, c))
    }

    fn says(&self, found: impl Fn(&str) -> bool) -> bool {
        self.texts.iter().any(|text| found(text))
    }
}

/// The texts of an object that the server keeps as what they read.
fn texts(object: ObjectRef<'_>) -> Vec<&str> {
    let exprs: Vec<&Expr> = match object {
        ObjectRef::View(view) => return vec![view.query.text()],
        ObjectRef::Rule(_, rule) => rule.condition.iter().chain([&rule.action]).collect(),
        ObjectRef::Policy(_, policy) => policy.using.iter().chain(&policy.with_check).collect(),
        ObjectRef::Trigger(_, trigger) => trigger.when.iter().collect(),
        ObjectRef::Routine(routine) => {
            let defaults = routine.arguments.iter().filter_map(|a| a.default.as_ref());
            let body = match &routine.body {
                RoutineBody::Standard(body) => Some(body),
                _ => None,
            };
            defaults.chain(body).collect()
        }
        ObjectRef::Index(_, index) => index.expressions().collect(),
        ObjectRef::Constraint(_, constraint) => constraint.expressions(),
        ObjectRef::Statistics(statistics) => statistics.elements.iter().collect(),
        ObjectRef::Publication(publication) => {
            let tables = publication.tables.iter();
            tables.filter_map(|t| t.filter.as_ref()).collect()
        }
        _ => Vec::new(),
    };
    exprs.into_iter().map(Expr::text).collect()
}
