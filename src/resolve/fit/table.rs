//! Facts of tables that do not go together: what their type says, whether they are logged, what their foreign
//! keys do.
//!
//! Source: `ATPrepChangePersistence`, `ATAddForeignKeyConstraint`, `ATExecAddOf` and `ATSimplePermissions` in
//! src/backend/commands/tablecmds.c.

use super::text::Place;
use crate::diagnostic::Diagnostic;
use crate::model::{
    Constraint, ConstraintKind, Deferral, ForeignKey, Ident, ObjectId, ObjectKind, Persistence,
    QualifiedName, ReferentialAction, ReplicaIdentity, Table,
};
use crate::resolve::fold::Fold;
use crate::source::{AlterAction, ColumnAction};

impl Fold {
    pub(super) fn unfit_table(&self, table: &Table) -> Option<Diagnostic> {
        let method = table.access_method.as_deref().unwrap_or_default();
        let storage = table.storage.iter().map(|(n, v)| (&**n, &**v));
        let of = table.of_type.as_ref();
        let of = of.and_then(|of| self.relation_kind(of));
        if let Some((of, kind)) = of.filter(|(_, kind)| *kind != ObjectKind::Composite) {
            return self.cannot(
                format!(
                    "`{}` cannot be of type `{of}`, the rows of a {kind}",
                    table.name
                ),
                "create a composite type, or write LIKE",
            );
        }
        self.unfit_parameters(ObjectKind::Table, method, storage)
            .or_else(|| {
                let mut columns = table.columns.iter().filter(|c| !c.inherited);
                columns.find_map(|c| self.unfit_column_of(table, c, &table.columns))
            })
            .or_else(|| {
                let mut constraints = table.constraints.iter();
                constraints.find_map(|c| self.unfit_constraint(table, c))
            })
    }

    pub(super) fn unfit_table_change(
        &self,
        table: &Table,
        action: &AlterAction,
        all: &[AlterAction],
    ) -> Option<Diagnostic> {
        let name = &table.name;
        match action {
            AlterAction::AddColumn { .. }
            | AlterAction::DropColumn { .. }
            | AlterAction::RenameColumn { .. }
            | AlterAction::Column {
                action: ColumnAction::Type { .. },
                ..
            } if table.of_type.is_some()
                && !all.iter().any(|a| matches!(a, AlterAction::OfType(_))) =>
            {
                self.cannot(
                    format!("the columns of `{name}` are those of its type"),
                    "change the type with CASCADE, or say NOT OF before",
                )
            }
            AlterAction::AddColumn {
                column,
                constraints,
                ..
            } => self
                .unfit_column_of(table, column, &table.columns)
                .or_else(|| {
                    let changed = Table {
                        columns: [&table.columns[..], &[(**column).clone()]].concat(),
                        name: name.clone(),
                        persistence: table.persistence,
                        foreign: table.foreign.clone(),
                        ..Table::default()
                    };
                    let mut constraints = constraints.iter();
                    constraints.find_map(|c| self.unfit_constraint(&changed, c))
                }),
            AlterAction::AddConstraint(found) => {
                let brings = |a: &AlterAction| {
                    matches!(
                        a,
                        AlterAction::AddColumn { .. } | AlterAction::Column { .. }
                    )
                };
                // Columns that come or change in the same statement are not known by then.
                (!all.iter().any(brings)).then_some(())?;
                self.unfit_constraint(table, found)
            }
            AlterAction::AddConstraintUsingIndex { constraint, index } => {
                self.unfit_for_key(name, constraint, index)
            }
            AlterAction::ClusterOn(Some(index)) => self.unfit_for_cluster(name, index),
            AlterAction::ReplicaIdentity(ReplicaIdentity::Index(index)) => {
                self.unfit_for_identity(name, index)
            }
            AlterAction::ValidateConstraint(_) | AlterAction::AlterConstraint { .. } => {
                self.unfit_change_of_constraint(table, action)
            }
            AlterAction::SetLogged(logged) => self.unfit_persistence(table, *logged),
            AlterAction::OfType(Some(of)) => self.unfit_type_of(table, of),
            AlterAction::SetSchema(schema) if name.schema.as_ref() != Some(schema) => {
                self.taken_there(table, schema)
            }
            AlterAction::SetStorage(pairs) => {
                let method = table.access_method.as_deref().unwrap_or_default();
                let pairs = pairs.iter().map(|(n, v)| (&**n, &**v));
                self.unfit_parameters(ObjectKind::Table, method, pairs)
            }
            AlterAction::RenameColumn { to, .. } => self.is_system_name(to),
            AlterAction::Column {
                name: column,
                action,
            } => self.unfit_column_change(table, column, action, all),
            _ => None,
        }
    }

    /// A constraint of a table as it is, or will be.
    fn unfit_constraint(&self, table: &Table, constraint: &Constraint) -> Option<Diagnostic> {
        let foreign = self.unfit_foreign_constraint(table, constraint);
        if foreign.is_some() {
            return foreign;
        }
        match &constraint.kind {
            ConstraintKind::Check { expression } => {
                if constraint.deferral != Deferral::NotDeferrable {
                    return self.cannot(
                        "a check cannot be deferred".to_owned(),
                        "leave DEFERRABLE out, or use a constraint trigger",
                    );
                }
                let place = Place::of("a check");
                let expression = self.qualify(expression);
                let columns = self.known_columns(&table.columns);
                self.unfit_condition(&expression, place, |r, t| r.type_of_declared(&columns, t))
                    .or_else(|| self.unfit_over(&columns, &expression))
                    .or_else(|| self.reads_system_column(table, expression.text()))
            }
            ConstraintKind::ForeignKey(fk) => self.unfit_foreign_key(table, fk),
            _ => self.unfit_key(table, constraint),
        }
    }

    fn reads_system_column(&self, table: &Table, text: &str) -> Option<Diagnostic> {
        let references =
            crate::expr::references_of_expression(text, crate::dialect::Dialect::Postgres);
        let mut columns = references
            .iter()
            .filter(|r| r.kind == crate::expr::ReferenceKind::Column);
        let found = columns.find(|r| {
            let name = r.name.name.as_str();
            super::publication::SYSTEM.contains(&name)
                && name != "tableoid"
                && table.column(&r.name.name).is_none()
        })?;
        self.cannot(
            format!("a check cannot read `{}`, a system column", found.name),
            "check columns of the table",
        )
    }

    fn unfit_foreign_key(&self, table: &Table, fk: &ForeignKey) -> Option<Diagnostic> {
        let own = self.relation_name(&table.name);
        let told = |why: String, help: &str| {
            self.cannot(format!("a foreign key of `{own}` cannot be: {why}"), help)
        };
        let twice = |(n, c): (usize, &Ident)| fk.target_columns[..n].contains(c);
        if fk.target_columns.iter().enumerate().any(twice) {
            let why = "it names a column of its target twice".to_owned();
            return told(why, "name it once");
        }
        let mut set = fk.on_delete_columns.iter();
        if let Some(other) = set.find(|c| !fk.columns.contains(c)) {
            let why = format!("ON DELETE sets `{other}`, which is none of its columns");
            return told(why, "name columns of the key");
        }
        let sets = |action: ReferentialAction| {
            matches!(
                action,
                ReferentialAction::SetNull | ReferentialAction::SetDefault
            )
        };
        let generated = |c: &&Ident| table.column(c).is_some_and(|c| c.generated.is_some());
        if let Some(column) = fk.columns.iter().find(generated)
            && (sets(fk.on_delete)
                || sets(fk.on_update)
                || fk.on_update == ReferentialAction::Cascade)
        {
            let why = format!("`{column}` is generated, and cannot be set");
            return told(why, "leave the action out");
        }
        let target = self.relation_name(&fk.target);
        if target == own {
            return None;
        }
        let (target, kind) = self.relation_kind(&target)?;
        let Some(found) = self.catalog.tables.get(&target) else {
            let why = format!("`{target}` is a {kind}");
            return told(why, "refer to a table");
        };
        if table.persistence == Persistence::Permanent && found.persistence == Persistence::Unlogged
        {
            let why = format!("`{target}` is not logged, and `{own}` is");
            return told(why, "log both, or none");
        }
        None
    }

    fn unfit_change_of_constraint(
        &self,
        table: &Table,
        action: &AlterAction,
    ) -> Option<Diagnostic> {
        let (name, validates) = match action {
            AlterAction::ValidateConstraint(name) => (name, true),
            AlterAction::AlterConstraint { name, .. } => (name, false),
            _ => return None,
        };
        let found = table.constraint(name)?;
        let foreign = found.as_foreign_key().is_some();
        if foreign || validates && found.as_check().is_some() {
            return None;
        }
        match validates {
            true => self.cannot(
                format!(
                    "constraint `{name}` of `{}` is never left unlooked",
                    table.name
                ),
                "leave VALIDATE out",
            ),
            // Later versions know more of a check.
            false if self.version.major >= 18 => None,
            false => self.cannot(
                format!("constraint `{name}` of `{}` is no foreign key", table.name),
                "drop it, and add it anew",
            ),
        }
    }

    fn unfit_persistence(&self, table: &Table, logged: bool) -> Option<Diagnostic> {
        let name = &table.name;
        if !logged && let Some(publication) = self.is_published(name) {
            return self.cannot(
                format!("`{name}` has to be logged: publication `{publication}` has it"),
                "take it out of the publication before",
            );
        }
        let is = |t: &QualifiedName, persistence: Persistence| {
            let found = self.catalog.tables.get(t);
            t != name && found.is_some_and(|t| t.persistence == persistence)
        };
        let other = if logged {
            let mut targets = table.foreign_keys().map(|(_, fk)| &fk.target);
            targets.find(|t| is(t, Persistence::Unlogged))
        } else {
            let mut others = self.catalog.tables.values().filter(|t| {
                let mut targets = t.foreign_keys().map(|(_, fk)| &fk.target);
                targets.any(|target| target == name)
            });
            others
                .find(|t| is(&t.name, Persistence::Permanent))
                .map(|t| &t.name)
        }?;
        let (becomes, is) = match logged {
            true => ("logged", "is not"),
            false => ("unlogged", "is logged"),
        };
        self.cannot(
            format!(
                "`{name}` cannot become {becomes}: a foreign key ties it to `{other}`, which {is}"
            ),
            "change the other table before",
        )
    }

    /// The name of an index or sequence that would go along, and that something there has.
    fn taken_there(&self, table: &Table, schema: &Ident) -> Option<Diagnostic> {
        let keys = table.constraints.iter().filter(|c| c.has_index());
        let keys = keys.map(|c| c.name.clone());
        let indexes = table.indexes.iter().map(|i| i.name.clone());
        let sequences = self.sequences_of(&ObjectId::table(&table.name));
        let sequences = sequences.into_iter().map(|id| id.name.name);
        let all = keys.chain(indexes).chain(sequences);
        let mut there = all.map(|name| QualifiedName::new(schema.clone(), name));
        let name = there.find(|name| self.relations.contains_key(name))?;
        Some(self.taken("relation", &name.to_string()))
    }

    /// The columns of a table are those of a type, in their order.
    fn unfit_type_of(&self, table: &Table, of: &QualifiedName) -> Option<Diagnostic> {
        let full = self.names.data_type(of, &self.now.path)?;
        let found = self.catalog.composites.get(&full)?;
        let columns = table.columns.iter().map(|c| (&c.name, &c.data_type));
        let wanted = found.attributes.iter().map(|(name, of, _)| (name, of));
        if columns.eq(wanted) {
            return None;
        }
        self.cannot(
            format!(
                "`{}` does not have the columns of type `{full}`",
                table.name
            ),
            "give it the same names and types in the same order before",
        )
    }
}
