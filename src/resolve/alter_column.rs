//! ALTER COLUMN.

use super::alter_table::change_options as change_foreign_options;
use super::dependents::{Gone, Rest};
use super::fold::Fold;
use crate::expr::{Conversion, conversion};
use crate::model::{
    Column, Expr, Generated, Ident, Identity, ObjectId, ObjectKind, Pair, QualifiedName,
};
use crate::source::ColumnAction;

/// What a change of a parent's column does to those of its children.
#[derive(Clone, Copy)]
enum Inherited {
    Type,
    NotNull,
    Default,
    Expression,
}

impl Inherited {
    fn of(action: &ColumnAction) -> Option<Self> {
        Some(match action {
            ColumnAction::Type { .. } => Self::Type,
            ColumnAction::NotNull(_) | ColumnAction::NotNullNotValid => Self::NotNull,
            ColumnAction::Default(_) => Self::Default,
            ColumnAction::SetExpression(_) => Self::Expression,
            _ => return None,
        })
    }
}

impl Fold {
    pub(super) fn alter_column(
        &mut self,
        table: &QualifiedName,
        column: &Ident,
        action: ColumnAction,
    ) {
        let Some(mut changed) = self
            .catalog
            .tables
            .get(table)
            .and_then(|t| t.column(column))
            .cloned()
        else {
            self.refuse_unknown_column(table, column);
            return;
        };
        let passed_on = Inherited::of(&action);
        if matches!(passed_on, Some(Inherited::Type)) && self.refuse_retype(table, column) {
            return;
        }
        if matches!(action, ColumnAction::NotNull(false)) && self.refuse_nullable(table, &changed) {
            return;
        }
        let was = changed.clone();
        let cast = match &action {
            ColumnAction::Type { using, .. } => Some(using.is_some()),
            _ => None,
        };
        self.change_column(table, &mut changed, action);
        if let Some(using) = cast
            && (self.refuse_cast(table, &was, &changed, using)
                || self.refuse_unequal_keys(table, column, &changed.data_type))
        {
            return;
        }
        let mut tables = vec![table.clone()];
        if passed_on.is_some() && !self.now.only {
            tables.extend(self.children(table));
        }
        for (n, name) in tables.iter().enumerate() {
            let found = self
                .catalog
                .tables
                .get_mut(name)
                .and_then(|t| t.column_mut(column));
            match found {
                Some(found) if n == 0 => *found = changed.clone(),
                Some(found) => match passed_on {
                    Some(Inherited::Type) => {
                        found.data_type = changed.data_type.clone();
                        found.collation = changed.collation.clone();
                    }
                    Some(Inherited::NotNull) => found.not_null = changed.not_null,
                    Some(Inherited::Default) => found.default = changed.default.clone(),
                    Some(Inherited::Expression) => found.generated = changed.generated.clone(),
                    None => {}
                },
                None => {}
            }
        }
        if matches!(passed_on, Some(Inherited::Type)) {
            self.rebuild_indexes(table, column);
        }
    }

    /// Whether something reads a column that the server does not make anew by itself: it rebuilds
    /// indexes and constraints (`RememberAllDependentForRebuilding` in tablecmds.c).
    fn refuse_retype(&mut self, table: &QualifiedName, column: &Ident) -> bool {
        if let Some(parent) = self.inherited_from(table, column) {
            self.refuse_inherited(table, column, &parent, "retyped");
            return true;
        }
        let rebuilt = |id: &ObjectId| matches!(id.kind, ObjectKind::Constraint);
        let mut tables = self.children(table);
        tables.push(table.clone());
        let found = tables.into_iter().find_map(|table| {
            let rests = self.rests(&Gone::Column(table, column.clone()));
            rests.iter().map(Rest::id).find(|id| !rebuilt(id))
        });
        let Some(rest) = found else {
            return false;
        };
        let column = ObjectId::column(table, column);
        let headline = format!("the type of {column} cannot be changed, because {rest} uses it");
        let help = format!("drop {rest} before and create it again behind");
        self.refuse("resolve/dependents", headline).help = Some(help);
        true
    }

    /// Whether the server would have to be told how rows, or the default, get the type
    /// (`ATPrepAlterColumnType` and `ATExecAlterColumnType` in tablecmds.c).
    fn refuse_cast(
        &mut self,
        table: &QualifiedName,
        was: &Column,
        new: &Column,
        using: bool,
    ) -> bool {
        let foreign = self
            .catalog
            .tables
            .get(table)
            .is_some_and(|t| t.foreign.is_some());
        let types = (&was.data_type, &new.data_type);
        let catalogs = Pair::new(&self.catalog, &self.catalog);
        let found = conversion(catalogs, types, self.version);
        let dialect = self.version.dialect;
        let [from, to] = [types.0, types.1].map(|t| dialect.print_type(t));
        let column = ObjectId::column(table, &was.name);
        if matches!(found, Conversion::Assignment | Conversion::Unknown) || foreign {
            return false;
        }
        if !using {
            let quoted = dialect.quote(&was.name);
            let (headline, help) = match found {
                Conversion::Explicit => (
                    format!(
                        "{column} does not become {to} by itself: the cast from {from} has to be written"
                    ),
                    format!("write `USING {quoted}::{to}`"),
                ),
                _ => (
                    format!("{column} cannot become {to}: there is no cast from {from}"),
                    format!("write `USING` with an expression over {quoted} that gives the values"),
                ),
            };
            self.refuse("resolve/no-cast", headline).help = Some(help);
            return true;
        }
        // The default is cast as by assignment, whatever USING says.
        let literal = |d: &Expr| d.text().starts_with('\'') && was.generated.is_none();
        if was.default.as_ref().is_some_and(literal) {
            let headline = format!("the default of {column} cannot become {to} by itself");
            let help = "write DROP DEFAULT before it, and SET DEFAULT behind it";
            self.refuse("resolve/no-cast", headline).help = Some(help.to_owned());
            return true;
        }
        false
    }

    fn change_column(&mut self, table: &QualifiedName, column: &mut Column, action: ColumnAction) {
        match action {
            ColumnAction::Type {
                mut data_type,
                mut collation,
                using: _,
            } => {
                self.qualify_collation(&mut collation);
                let name = column.name.clone();
                self.resolve_type(&mut data_type, Some(&name));
                column.data_type = data_type;
                column.collation = collation;
                // ATExecAlterColumnType takes both from the new type.
                column.storage = None;
                column.compression = None;
            }
            ColumnAction::Default(default) => {
                column.default = default.map(|d| self.resolve_default(&d))
            }
            ColumnAction::NotNull(not_null) => column.not_null = not_null,
            ColumnAction::NotNullNotValid => column.not_null = true,
            ColumnAction::AddIdentity(identity) => self.add_identity(table, column, identity),
            ColumnAction::SetIdentity {
                always,
                options,
                given,
            } => {
                let Some(identity) = &mut column.identity else {
                    let headline = format!(
                        "column `{}` of `{table}` is no identity column",
                        column.name
                    );
                    self.refuse("resolve/unsupported-alter", headline);
                    return;
                };
                identity.always = always.unwrap_or(identity.always);
                let (old, of) = (&identity.options, &column.data_type);
                if let Some(new) = super::fit::altered_sequence(old, of, &options, &given) {
                    identity.options = new;
                }
            }
            ColumnAction::DropIdentity { .. } => {
                let sequence = crate::dialect::identity_sequence(table, column);
                let sequence = ObjectId::new(ObjectKind::Sequence, sequence);
                let itself = ObjectId::column(table, &column.name);
                let rests = self.rests(&Gone::Object(sequence.clone())).into_iter();
                let other = rests.map(|r| r.id()).find(|rest| *rest != itself);
                if let Some(rest) = other.filter(|_| column.identity.is_some()) {
                    return self.refuse_drop(&sequence, &rest, 0);
                }
                if let Some(identity) = column.identity.take() {
                    let made = || crate::dialect::sequence_name(table, &column.name);
                    let sequence = identity.sequence.unwrap_or_else(made);
                    self.relations.remove(&sequence);
                }
            }
            ColumnAction::SetExpression(expression) => {
                let stored = column.generated.as_ref().is_none_or(|g| g.stored);
                let expression = self.qualify(&expression);
                column.generated = Some(Generated { expression, stored });
            }
            ColumnAction::DropExpression { .. } => column.generated = None,
            ColumnAction::Statistics(target) => column.statistics_target = target,
            ColumnAction::Storage(storage) => {
                let default = crate::dialect::default_storage(&column.data_type);
                let known = column.data_type.name.schema.is_none();
                column.storage = storage.filter(|s| !(known && s.eq_ignore_ascii_case(default)));
            }
            ColumnAction::Compression(method) => column.compression = method,
            ColumnAction::SetOptions(pairs) => column.options.extend(pairs),
            ColumnAction::ResetOptions(keys) => column.options.retain(|k, _| !keys.contains(k)),
            ColumnAction::ForeignOptions(options) => {
                change_foreign_options(&mut column.foreign_options, options);
            }
        }
    }

    fn add_identity(&mut self, table: &QualifiedName, column: &mut Column, identity: Identity) {
        if column.identity.is_some() {
            let headline = format!(
                "column `{}` of `{table}` is an identity column already",
                column.name
            );
            self.refuse("resolve/duplicate", headline);
            return;
        }
        column.identity = Some(Box::new(identity));
        self.settle_identity(table, column);
    }
}
