//! ALTER TYPE of composite types, and the tables of such a type, which follow it.
//!
//! Source: `ATTypedTableRecursion`, `find_typed_table_dependencies` and `find_composite_type_dependencies` in
//! src/backend/commands/tablecmds.c, `CheckAttributeType` in src/backend/catalog/heap.c.

use super::dependents::{Gone, Rest};
use super::fold::Fold;
use crate::diagnostic::Diagnostic;
use crate::model::{Column, CompositeType, DataType, Ident, ObjectId, ObjectKind, QualifiedName};
use crate::source::{AlterAction, AttributeChange, ColumnAction};

impl Fold {
    pub(super) fn alter_composite(&mut self, name: &QualifiedName, action: AlterAction) {
        let AlterAction::Attribute {
            mut change,
            cascade,
        } = action
        else {
            return self.unsupported("a composite type");
        };
        if let AttributeChange::Add(_, data_type, collation)
        | AttributeChange::Alter(_, data_type, collation) = &mut change
        {
            self.resolve_type(data_type, None);
            self.qualify_collation(collation);
        }
        let tables = self.tables_of_type(name);
        let against = self.against_attribute(name, &change).or_else(|| {
            let table = tables.first().filter(|_| !cascade && self.now.in_order)?;
            Some(format!(
                "`{table}` is a table of the type, and nothing says CASCADE"
            ))
        });
        if let Some(why) = against {
            let headline = format!("type `{name}` cannot be altered: {why}");
            self.refuse("resolve/unsupported-alter", headline).help =
                Some("leave the statement out, or let it fit what is there".to_owned());
            return;
        }
        if self.refuse_attribute(name, &change, cascade) {
            return;
        }
        self.change_typed_tables(&tables, &change);
        if let AttributeChange::Rename { from, to } = &change {
            self.respell_column(std::slice::from_ref(name), from, to);
        }
        if let Some(composite) = self.catalog.composites.get_mut(name) {
            change_attributes(composite, change);
        }
    }

    fn tables_of_type(&self, name: &QualifiedName) -> Vec<QualifiedName> {
        let typed = self.catalog.tables.values();
        let typed = typed.filter(|t| t.of_type.as_ref() == Some(name));
        typed.map(|t| t.name.clone()).collect()
    }

    /// What keeps an attribute from changing, whoever uses it.
    fn against_attribute(&self, name: &QualifiedName, change: &AttributeChange) -> Option<String> {
        let composite = self.catalog.composites.get(name)?;
        let has = |wanted: &Ident| composite.attributes.iter().any(|(n, ..)| n == wanted);
        let missing =
            |wanted: &Ident| (!has(wanted)).then(|| format!("it has no attribute `{wanted}`"));
        let taken =
            |wanted: &Ident| has(wanted).then(|| format!("it has an attribute `{wanted}` already"));
        match change {
            AttributeChange::Add(attribute, data_type, _) => {
                taken(attribute).or_else(|| self.against_member(name, data_type))
            }
            AttributeChange::Drop {
                if_exists: true, ..
            } => None,
            AttributeChange::Drop { name, .. } => missing(name),
            AttributeChange::Alter(attribute, data_type, _) => {
                missing(attribute).or_else(|| self.against_member(name, data_type))
            }
            AttributeChange::Rename { from, to } => missing(from).or_else(|| taken(to)),
        }
    }

    fn against_member(&self, name: &QualifiedName, data_type: &DataType) -> Option<String> {
        let own = self.is_made_of(&data_type.name, name, 0);
        own.then(|| "it would be a member of itself".to_owned())
    }

    /// Whether values of one type have values of another in them.
    fn is_made_of(&self, found: &QualifiedName, of: &QualifiedName, depth: usize) -> bool {
        if found == of || depth > 16 {
            return found == of;
        }
        let catalog = &self.catalog;
        let composite = catalog.composites.get(found).into_iter();
        let attributes = composite.flat_map(|c| c.attributes.iter().map(|(_, t, _)| t));
        let table = catalog.tables.get(found).into_iter();
        let columns = table.flat_map(|t| t.columns.iter().map(|c| &c.data_type));
        let base = catalog.domains.get(found).map(|d| &d.base);
        let mut all = attributes.chain(columns).chain(base);
        all.any(|t| self.is_made_of(&t.name, of, depth + 1))
    }

    fn change_typed_tables(&mut self, tables: &[QualifiedName], change: &AttributeChange) {
        for table in tables {
            match change {
                AttributeChange::Drop { name: column, .. } => self.take_column(table, column),
                AttributeChange::Rename { from, to } => self.rename_column(table, from, to),
                _ => {}
            }
            let Some(table) = self.catalog.tables.get_mut(table) else {
                continue;
            };
            match change {
                AttributeChange::Add(column, data_type, collation) => {
                    table.columns.push(Column {
                        name: column.clone(),
                        data_type: data_type.clone(),
                        collation: collation.clone(),
                        inherited: true,
                        ..Column::default()
                    });
                }
                AttributeChange::Alter(column, data_type, collation) => {
                    if let Some(column) = table.column_mut(column) {
                        column.data_type = data_type.clone();
                        column.collation = collation.clone();
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether something reads an attribute that goes or changes its type, or stores values of the type.
    /// With CASCADE what reads one that goes goes along.
    fn refuse_attribute(
        &mut self,
        name: &QualifiedName,
        change: &AttributeChange,
        cascade: bool,
    ) -> bool {
        let (attribute, done) = match change {
            AttributeChange::Drop { name, .. } => (name, "dropped"),
            AttributeChange::Alter(name, ..) => (name, "retyped"),
            _ => return false,
        };
        let gone = Gone::Column(name.clone(), attribute.clone());
        if cascade && done == "dropped" {
            self.release(&gone);
            return false;
        }
        let reading = self.rests(&gone);
        let mut rest = reading.first().map(Rest::id);
        if rest.is_none() && done == "retyped" {
            rest = self.column_storing(name);
        }
        let Some(rest) = rest else {
            return false;
        };
        let headline =
            format!("attribute `{attribute}` of `{name}` cannot be {done}, because {rest} uses it");
        let help = format!("drop {rest} before and create it again behind");
        self.refuse("resolve/dependents", headline).help = Some(help);
        true
    }

    /// A column with values of a type: its own, or of an array, a domain or a composite type of it.
    fn column_storing(&self, name: &QualifiedName) -> Option<ObjectId> {
        let mut types = vec![name.clone()];
        let mut at = 0;
        while let Some(of) = types.get(at).cloned() {
            let domains = self.catalog.domains.values();
            let domains = domains.filter(|d| d.base.name == of).map(|d| &d.name);
            let composites = self.catalog.composites.values();
            let composites = composites
                .filter(|c| c.attributes.iter().any(|(_, t, _)| t.name == of))
                .map(|c| &c.name);
            for found in domains.chain(composites) {
                if !types.contains(found) {
                    types.push(found.clone());
                }
            }
            at += 1;
        }
        self.catalog.tables.values().find_map(|table| {
            let mut columns = table.columns.iter();
            let found = columns.find(|c| types.contains(&c.data_type.name))?;
            Some(ObjectId::column(&table.name, &found.name))
        })
    }

    /// Why a table cannot be of a type, or a table of a type cannot change by itself.
    pub(super) fn against_type_of_table(
        &self,
        table: &QualifiedName,
        action: &AlterAction,
    ) -> Option<Diagnostic> {
        let found = self.catalog.tables.get(&self.relation_name(table))?;
        let why = match action {
            AlterAction::OfType(Some(of)) => {
                let of = self.catalog.composites.get(&self.relation_name(of))?;
                unlike(&of.attributes, &found.columns)?
            }
            AlterAction::AddColumn { .. }
            | AlterAction::DropColumn { .. }
            | AlterAction::RenameColumn { .. }
            | AlterAction::Inherit(_)
            | AlterAction::Column {
                action: ColumnAction::Type { .. },
                ..
            } => {
                let of = found.of_type.as_ref()?;
                format!("its columns are those of type `{of}`")
            }
            _ => return None,
        };
        let id = ObjectId::new(ObjectKind::Table, found.name.clone());
        let headline = format!("{id} cannot be altered: {why}");
        let diagnostic = Diagnostic::error("resolve/unsupported-alter", headline);
        let diagnostic = diagnostic.at(self.now.span, "in this statement");
        Some(diagnostic.help("alter the type with CASCADE, or say NOT OF before"))
    }
}

/// The first difference between the attributes of a type and the columns of a table that is to be of it.
fn unlike(
    attributes: &[(Ident, DataType, Option<QualifiedName>)],
    columns: &[Column],
) -> Option<String> {
    if attributes.len() != columns.len() {
        return Some("it has not as many columns as the type has attributes".to_owned());
    }
    let mut pairs = attributes.iter().zip(columns);
    let (attribute, column) = pairs.find(|((name, of, collation), column)| {
        *name != column.name || *of != column.data_type || *collation != column.collation
    })?;
    let (name, of) = (&attribute.0, attribute.1.signature_text());
    Some(format!("column `{}` is not `{name}` of {of}", column.name))
}

fn change_attributes(composite: &mut CompositeType, change: AttributeChange) {
    match change {
        AttributeChange::Add(name, data_type, collation) => {
            composite.attributes.push((name, data_type, collation));
        }
        AttributeChange::Drop { name, .. } => {
            composite.attributes.retain(|(n, _, _)| *n != name);
            composite.attribute_comments.remove(&name);
        }
        AttributeChange::Alter(name, data_type, collation) => {
            let attributes = composite.attributes.iter_mut();
            for found in attributes.filter(|(n, _, _)| *n == name) {
                found.1 = data_type.clone();
                found.2 = collation.clone();
            }
        }
        AttributeChange::Rename { from, to } => {
            let attributes = composite.attributes.iter_mut();
            for found in attributes.filter(|(n, _, _)| *n == from) {
                found.0 = to.clone();
            }
            if let Some(comment) = composite.attribute_comments.remove(&from) {
                composite.attribute_comments.insert(to, comment);
            }
        }
    }
}
