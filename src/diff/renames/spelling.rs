//! New spellings of names, in places that hold a name and in texts.

use std::collections::HashMap;

use super::Renames;
use crate::dialect::Dialect;
use crate::expr::{ReferenceKind, replace_references};
use crate::model::{DataType, Expr, Ident, IndexElement, ObjectKind, QualifiedName, Query};

/// The columns of one table that are renamed.
pub(super) type Columns = HashMap<Ident, Ident>;

/// What names are now.
pub(super) struct Spelling<'a> {
    pub(super) renames: &'a Renames,
    pub(super) dialect: Dialect,
    /// Relations and types.
    named: HashMap<&'a QualifiedName, &'a QualifiedName>,
    routines: HashMap<&'a QualifiedName, &'a QualifiedName>,
    /// Both without their schemas, for texts that leave them out.
    bare: HashMap<&'a Ident, (&'a QualifiedName, &'a QualifiedName)>,
    bare_routines: HashMap<&'a Ident, (&'a QualifiedName, &'a QualifiedName)>,
}

impl<'a> Spelling<'a> {
    pub(super) fn new(renames: &'a Renames, dialect: Dialect) -> Self {
        let mut spelling = Self {
            renames,
            dialect,
            named: HashMap::new(),
            routines: HashMap::new(),
            bare: HashMap::new(),
            bare_routines: HashMap::new(),
        };
        for ((kind, old), new) in &renames.objects {
            match kind {
                ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
                    spelling.routines.insert(old, new);
                    spelling.bare_routines.insert(&old.name, (old, new));
                }
                kind if kind.is_relation() || kind.is_type() || *kind == ObjectKind::Collation => {
                    spelling.named.insert(old, new);
                    spelling.bare.insert(&old.name, (old, new));
                }
                _ => {}
            }
        }
        spelling
    }

    /// A relation or a type.
    pub(super) fn name(&self, name: &mut QualifiedName) {
        *name = match self.named.get(name) {
            Some(new) => (*new).clone(),
            None => self.renames.in_new_schema(name),
        };
    }

    pub(super) fn routine(&self, name: &mut QualifiedName) {
        *name = match self.routines.get(name) {
            Some(new) => (*new).clone(),
            None => self.renames.in_new_schema(name),
        };
    }

    pub(super) fn data_type(&self, data_type: &mut DataType) {
        self.name(&mut data_type.name);
    }

    pub(super) fn element(&self, element: &mut IndexElement, columns: &Columns) {
        if let Some(column) = &mut element.column {
            rename(column, columns);
        }
        if let Some(expression) = &mut element.expression {
            self.expression(expression, columns);
        }
        element.collation.iter_mut().for_each(|n| self.name(n));
        element.opclass.iter_mut().for_each(|n| self.name(n));
    }

    pub(super) fn expression(&self, expression: &mut Expr, columns: &Columns) {
        let (text, key) = (expression.text(), expression.key());
        let (new_text, new_key) = (self.text(text, columns), self.text(key, columns));
        if new_text.is_some() || new_key.is_some() {
            let text = new_text.unwrap_or_else(|| text.to_owned());
            let key = new_key.unwrap_or_else(|| key.to_owned());
            *expression = Expr::new(text, key);
        }
    }

    /// The columns of a query keep their names, whatever becomes of those they are read from.
    pub(super) fn query(&self, query: &mut Query) {
        let none = Columns::new();
        let (text, key) = (query.text(), query.key());
        let (new_text, new_key) = (self.text(text, &none), self.text(key, &none));
        if new_text.is_some() || new_key.is_some() {
            let text = new_text.unwrap_or_else(|| text.to_owned());
            let key = new_key.unwrap_or_else(|| key.to_owned());
            *query = Query::new(text, key);
        }
    }

    fn text(&self, text: &str, columns: &Columns) -> Option<String> {
        replace_references(text, self.dialect, |kind, name| match kind {
            ReferenceKind::Column => self.column_reference(name, columns),
            ReferenceKind::Function => self.reference(name, &self.routines, &self.bare_routines),
            ReferenceKind::Relation | ReferenceKind::Type => {
                self.reference(name, &self.named, &self.bare)
            }
        })
    }

    fn reference(
        &self,
        name: &QualifiedName,
        among: &HashMap<&QualifiedName, &QualifiedName>,
        bare: &HashMap<&Ident, (&QualifiedName, &QualifiedName)>,
    ) -> Option<String> {
        if name.schema.is_some() {
            let new = match among.get(name) {
                Some(new) => (*new).clone(),
                None => self.renames.in_new_schema(name),
            };
            return (new != *name).then(|| self.dialect.quote_name(&new));
        }
        let (old, new) = bare.get(&name.name)?;
        Some(match old.schema == new.schema {
            true => self.dialect.quote(&new.name).into_owned(),
            false => self.dialect.quote_name(new),
        })
    }

    /// A column, behind the name of its table or alone.
    fn column_reference(&self, name: &QualifiedName, columns: &Columns) -> Option<String> {
        let column = columns.get(&name.name);
        let table = name.schema.as_ref().and_then(|table| {
            let (_, new) = self.bare.get(table)?;
            Some(&new.name)
        });
        if column.is_none() && table.is_none() {
            return None;
        }
        let column = self
            .dialect
            .quote(column.unwrap_or(&name.name))
            .into_owned();
        Some(match table.or(name.schema.as_ref()) {
            Some(table) => format!("{}.{column}", self.dialect.quote(table)),
            None => column,
        })
    }
}

pub(super) fn rename(column: &mut Ident, columns: &Columns) {
    if let Some(new) = columns.get(column) {
        *column = new.clone();
    }
}
