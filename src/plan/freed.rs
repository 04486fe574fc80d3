//! What stays, and lets go of what it uses: tables and domains of functions, publications of columns.
//!
//! Invariant: what is taken from an object here is missing behind this round, so that the next one gives
//! it back; until then nothing else is changed about it.

use super::closure::Closing;
use super::fate::Fate;
use crate::dialect::Dialect;
use crate::model::{
    Domain, Expr, Ident, ObjectId, ObjectKind, ObjectRef, PublicationTable, QualifiedName, Table,
};

const DIALECT: Dialect = Dialect::Postgres;

impl<'a> Closing<'a, '_> {
    /// The defaults, generated columns and checks of a table that use what goes.
    pub(super) fn release_table(&mut self, table: &Table, on: &ObjectId) {
        let id = ObjectId::table(&table.name);
        let uses = |e: &Expr| self.texts.of_nothing(e).uses(on);
        let over = |e: &Expr| self.texts.of_columns(&table.name, e).uses(on);
        let after = self.pair.after.catalog.tables.get(&table.name);
        let stays = |column: &Ident| after.is_some_and(|t| t.column(column).is_some());
        // A column that goes does so too late for what goes early, and for the sequence of another table.
        let catalog = self.pair.before.catalog;
        let with = |owner: ObjectId| {
            let above = catalog.lineage(&table.name).any(|t| t.name == owner.name);
            let stays = matches!(self.fate(&owner), None | Some(Fate::Alter));
            owner == id || above && stays
        };
        let owner = self.pair.before.relation_of(on);
        let waits = !self.closure.early.contains(on) && owner.is_none_or(with);
        let mut touched = false;
        for column in &table.columns {
            if waits && !stays(&column.name) {
                continue;
            }
            if column.default.as_ref().is_some_and(uses) {
                touched = true;
                let of = self.closure.defaults.entry(table.name.clone()).or_default();
                of.insert(column.name.clone());
            }
            if column
                .generated
                .as_ref()
                .is_some_and(|g| over(&g.expression))
            {
                touched = true;
                let of = self
                    .closure
                    .generated
                    .entry(table.name.clone())
                    .or_default();
                of.insert(column.name.clone());
            }
        }
        let constraints: Vec<ObjectId> = table
            .constraints
            .iter()
            .filter(|c| c.expressions().into_iter().any(over))
            .map(|c| ObjectId::constraint(&table.name, &c.name))
            .collect();
        for constraint in constraints {
            self.replace(&constraint);
        }
        if touched {
            self.closure.fates.entry(id.clone()).or_insert(Fate::Alter);
            self.wait(id);
        }
    }

    /// An index of a partitioned table is valid when every partition has attached its own: those that go
    /// attach none, so they go first.
    pub(super) fn unindexed_partitions_go(&mut self, id: &ObjectId) {
        let relation = match self.pair.after.object(id) {
            Some(ObjectRef::Index(relation, _)) => relation,
            Some(ObjectRef::Constraint(table, constraint)) if constraint.has_index() => &table.name,
            _ => return,
        };
        let parent = self.pair.before.catalog.tables.get(relation);
        if parent.is_none_or(|t| t.partition_by.is_none()) {
            return;
        }
        let parent = ObjectId::table(relation);
        for partition in self.pair.before.dependents(&parent).to_vec() {
            let of = match self.pair.before.object(&partition) {
                Some(ObjectRef::Table(table)) => table.partition_of.as_ref(),
                _ => None,
            };
            if of.is_some_and(|of| of.parent == *relation)
                && self.fate(&partition) == Some(Fate::Drop)
            {
                self.goes(&partition);
            }
        }
    }

    /// Takes the default and the checks that use `on` from a domain; whether that is all that does.
    pub(super) fn free_domain(&mut self, id: &ObjectId, on: &ObjectId) -> bool {
        let Some(ObjectRef::Domain(domain)) = self.pair.before.object(id) else {
            return false;
        };
        if domain.base.name == on.name || on.kind == ObjectKind::Collation {
            return false;
        }
        let alter = format!("ALTER DOMAIN {}", DIALECT.quote_name(&domain.name));
        let statements: Vec<String> = self.domain_actions(domain, on);
        for action in statements {
            self.free(id, format!("{alter} {action}"));
        }
        true
    }

    fn domain_actions(&self, domain: &'a Domain, on: &ObjectId) -> Vec<String> {
        let mut actions = Vec::new();
        let default = domain.default.as_ref();
        if default.is_some_and(|d| self.texts.of_nothing(d).uses(on)) {
            actions.push("DROP DEFAULT".to_owned());
        }
        for check in &domain.checks {
            if self
                .texts
                .of_value(&domain.base, &check.expression)
                .uses(on)
            {
                actions.push(format!("DROP CONSTRAINT {}", DIALECT.quote(&check.name)));
            }
        }
        actions
    }

    /// Takes a table out of a publication.
    pub(super) fn unpublish(&mut self, publication: &ObjectId, table: &QualifiedName) {
        if matches!(self.fate(publication), Some(Fate::Drop | Fate::Replace)) {
            return;
        }
        let alter = format!(
            "ALTER PUBLICATION {}",
            DIALECT.quote(&publication.name.name)
        );
        let table = DIALECT.quote_name(table);
        self.free(publication, format!("{alter} DROP TABLE {table}"));
    }

    /// Whether a table of a publication names a column, in its list or its filter.
    pub(super) fn publishes(
        &self,
        published: &'a PublicationTable,
        table: &QualifiedName,
        column: &Ident,
    ) -> bool {
        let filter = published.filter.as_ref();
        published.name == *table
            && (published.columns.contains(column)
                || filter.is_some_and(|f| self.texts.of_columns(table, f).column(table, column)))
    }

    fn free(&mut self, id: &ObjectId, statement: String) {
        let of = self.closure.freed.entry(id.clone()).or_default();
        of.insert(statement);
        if self.fate(id) == Some(Fate::Alter) {
            self.closure.fates.remove(id);
        }
    }
}
