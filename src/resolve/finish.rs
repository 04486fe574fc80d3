//! What can be said only when everything is folded: references, what foreign keys leave out, order.

use super::Resolved;
use super::fold::Fold;
use crate::diagnostic::{Diagnostic, Facet, Severity, Span, nearest};
use crate::model::{
    AclItem, ConstraintKind, DataType, ForeignKey, Grantee, Ident, ObjectId, ObjectKind,
    Parameters, QualifiedName, Table,
};

impl Fold {
    pub(super) fn finish(mut self) -> Resolved {
        self.check_passed_over();
        self.settle_letter_case();
        self.complete_foreign_keys();
        self.check_named_tables();
        self.check_columns();
        self.check_marks();
        self.check_bounds();
        self.check_view_references();
        self.complete_partitioned_indexes();
        self.report_undeclared_schemas();
        self.forget_own_privileges();
        self.sort();
        if self.dialect().names_constraints() {
            self.forget_what_the_server_does();
            self.clear_default_parameters();
            self.unify_names_of_extensions();
        }
        let unknown = crate::expr::normalize(&mut self.catalog, self.version.dialect);
        self.report_unknown_names(unknown);
        self.forget_parts_of_partitions();
        self.give_room_back();
        self.diagnostics
            .sort_by_key(|d| d.primary.as_ref().map(|l| l.span));
        Resolved {
            catalog: self.catalog,
            source_map: self.map,
            diagnostics: self.diagnostics,
        }
    }

    /// Lists that grew one by one have room for as much again, and columns are most of a catalog.
    fn give_room_back(&mut self) {
        for table in self.catalog.tables.values_mut() {
            table.columns.shrink_to_fit();
            table.constraints.shrink_to_fit();
            table.indexes.shrink_to_fit();
            for index in &mut table.indexes {
                index.elements.shrink_to_fit();
            }
        }
    }

    /// Fills the target columns that a foreign key leaves to the primary key, and the types that a
    /// referencing column takes from its target.
    fn complete_foreign_keys(&mut self) {
        let names: Vec<QualifiedName> = self.catalog.tables.keys().cloned().collect();
        for name in &names {
            let keys: Vec<(usize, Ident, ForeignKey)> = self.catalog.tables[name]
                .constraints
                .iter()
                .enumerate()
                .filter_map(|(n, c)| c.as_foreign_key().map(|fk| (n, c.name.clone(), fk.clone())))
                .collect();
            for (n, constraint, fk) in keys {
                self.complete_foreign_key(name, n, &constraint, fk);
            }
        }
    }

    fn complete_foreign_key(
        &mut self,
        table: &QualifiedName,
        n: usize,
        constraint: &Ident,
        fk: ForeignKey,
    ) {
        let id = ObjectId::constraint(table, constraint);
        let Some(target) = self.catalog.tables.get(&fk.target) else {
            return self.check_foreign_target(&id, &fk);
        };
        let mut columns = fk.target_columns.clone();
        if columns.is_empty() {
            columns = target.primary_key_columns().to_vec();
        }
        let types: Vec<Option<DataType>> = columns
            .iter()
            .map(|c| target.column(c).map(|c| c.data_type.clone()))
            .collect();
        if columns.len() != fk.columns.len() && !columns.is_empty() {
            let headline = format!(
                "foreign key of `{table}` has {} columns, its target `{}` has {}",
                fk.columns.len(),
                fk.target,
                columns.len()
            );
            self.report(
                &id,
                "resolve/foreign-key",
                headline,
                "name as many columns on both sides",
            );
        } else if columns.is_empty() {
            let headline = format!(
                "foreign key of `{table}` names no columns of `{}`, which has no primary key",
                fk.target
            );
            self.report(
                &id,
                "resolve/foreign-key",
                headline,
                "name the referenced columns, or give the table a primary key",
            );
        }
        for (column, found) in columns.iter().zip(&types) {
            if found.is_none() {
                self.report_unknown(&id, &fk.target, column);
            }
        }
        if let Some(found) = self.catalog.tables.get_mut(table) {
            take_types(found, &fk.columns, &types);
            if let Some(ConstraintKind::ForeignKey(fk)) =
                found.constraints.get_mut(n).map(|c| &mut c.kind)
            {
                fk.target_columns = columns;
            }
        }
    }

    /// A target that nobody declares is an error in a declared schema, and external elsewhere.
    fn check_foreign_target(&mut self, id: &ObjectId, fk: &ForeignKey) {
        let headline = format!(
            "foreign key of `{}` references `{}`, which does not exist",
            id.name, fk.target
        );
        self.miss_table(id, &fk.target, headline);
    }

    pub(super) fn miss_table(&mut self, id: &ObjectId, name: &QualifiedName, headline: String) {
        let declared = match &name.schema {
            Some(schema) => self.names.declares(schema),
            None => true,
        };
        // What an earlier error has kept out is declared all the same.
        if !declared || self.names.relations.contains(name) {
            return;
        }
        let tables = self.catalog.tables.keys();
        let mut known: Vec<String> = tables.map(|n| n.name.to_string()).collect();
        known.sort();
        let near = nearest(&name.name, known.iter().map(String::as_str));
        let help = match near {
            Some(near) if near != name.name.as_str() => format!("did you mean `{near}`?"),
            _ => "declare the table, or its schema as external".to_owned(),
        };
        self.report_named(id, "target", "resolve/unknown-relation", headline, &help);
    }

    pub(super) fn report(
        &mut self,
        id: &ObjectId,
        rule: &'static str,
        headline: String,
        help: &str,
    ) {
        let span = self.map.of(id);
        self.report_at(span, id, rule, headline, help);
    }

    /// Says that something is wrong with what `id` names, where it names it if that is known.
    pub(super) fn report_named(
        &mut self,
        id: &ObjectId,
        name: &str,
        rule: &'static str,
        headline: String,
        help: &str,
    ) {
        let named = self.map.get(id, Facet::Part(name.into()));
        let span = named.or_else(|| self.map.of(id));
        self.report_at(span, id, rule, headline, help);
    }

    fn report_at(
        &mut self,
        span: Option<Span>,
        id: &ObjectId,
        rule: &'static str,
        headline: String,
        help: &str,
    ) {
        let span = span.or_else(|| self.map.of(&ObjectId::table(&id.name)));
        let mut diagnostic = Diagnostic::error(rule, headline)
            .about(id.clone())
            .help(help);
        if let Some(span) = span {
            diagnostic = diagnostic.at(span, "declared here");
        }
        self.diagnostics.push(diagnostic);
    }

    fn report_unknown(&mut self, id: &ObjectId, table: &QualifiedName, column: &Ident) {
        let known: Vec<String> = self
            .catalog
            .tables
            .get(table)
            .map(|t| t.columns.iter().map(|c| c.name.to_string()).collect())
            .unwrap_or_default();
        let help = match nearest(column, known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the columns of `{table}` are: {}", known.join(", ")),
        };
        let headline = format!("{id} names column `{column}` of `{table}`, which does not exist");
        self.report_named(id, column, "resolve/unknown-column", headline, &help);
    }

    /// Constraints, indexes and triggers name columns that their table has.
    fn check_columns(&mut self) {
        let mut unknown: Vec<(ObjectId, QualifiedName, Ident)> = Vec::new();
        for table in self.catalog.tables.values() {
            let has = |c: &Ident| table.columns.iter().any(|x| self.same_column(&x.name, c));
            for constraint in &table.constraints {
                let id = || ObjectId::constraint(&table.name, &constraint.name);
                let missing = constraint.columns().iter().filter(|c| !has(c));
                unknown.extend(missing.map(|c| (id(), table.name.clone(), c.clone())));
            }
            for index in &table.indexes {
                let id = || ObjectId::index(&table.name.sibling(index.name.clone()));
                let keys = index.elements.iter().filter_map(|e| e.column.as_ref());
                let missing = keys
                    .chain(&index.include)
                    .filter(|c| !has(c) && !is_system_column(c));
                unknown.extend(missing.map(|c| (id(), table.name.clone(), c.clone())));
            }
            let triggers = table.triggers.iter();
            for trigger in triggers.filter(|_| !self.catalog.is_external(&table.name)) {
                let name = trigger.name.clone();
                let id = || ObjectId::member(ObjectKind::Trigger, table.name.clone(), name.clone());
                let missing = trigger.update_of.iter().filter(|c| !has(c));
                unknown.extend(missing.map(|c| (id(), table.name.clone(), c.clone())));
            }
        }
        unknown.extend(self.columns_named_elsewhere());
        for (id, table, column) in unknown {
            self.report_unknown(&id, &table, &column);
        }
    }

    fn same_column(&self, a: &Ident, b: &Ident) -> bool {
        a == b || (!self.dialect().names_constraints() && a.eq_ignore_ascii_case(b))
    }

    /// An owner has every privilege, granted or not; only what was revoked says something.
    fn forget_own_privileges(&mut self) {
        let objects = self.catalog.objects().into_iter();
        let granted = objects.filter(|(_, o)| {
            let facets = o.facets();
            facets.is_some_and(|f| f.owner.is_some() && !f.acl.granted.is_empty())
        });
        let ids: Vec<ObjectId> = granted.map(|(id, _)| id).collect();
        for id in ids {
            if let Some(facets) = self.catalog.facets_mut(&id) {
                let owner = facets.owner.clone().map(Grantee::Role);
                let own = |who: &Grantee| Some(who) == owner.as_ref();
                let acl = &mut facets.acl;
                let granted = std::mem::take(&mut acl.granted);
                // What was taken, and given again, before somebody said whose it is.
                acl.revoked.retain(|item| {
                    let with_option = AclItem {
                        grant_option: true,
                        ..item.clone()
                    };
                    !granted.contains(item) && !granted.contains(&with_option)
                });
                acl.granted = granted;
                acl.granted
                    .retain(|item| !own(&item.grantee) || item.grant_option);
            }
        }
    }

    fn report_undeclared_schemas(&mut self) {
        for (schema, span) in std::mem::take(&mut self.undeclared_schemas) {
            if self.catalog.schemas.contains_key(&schema) {
                continue;
            }
            self.diagnostics.push(
                Diagnostic::new(
                    "resolve/undeclared-schema",
                    Severity::Warning,
                    format!("schema `{schema}` is not declared"),
                )
                .at(span, "first used here")
                .note("nothing will create it, so it must exist where this is applied")
                .help(format!(
                    "add `CREATE SCHEMA {schema};`, or declare it as external"
                )),
            );
        }
    }

    /// Lists without an order of their own are sorted, so that equality is plain equality.
    fn sort(&mut self) {
        for table in self.catalog.tables.values_mut() {
            table.constraints.sort_by(|a, b| {
                (a.rank(), &a.name, a.columns()).cmp(&(b.rank(), &b.name, b.columns()))
            });
            table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
            table.triggers.sort_by(|a, b| a.name.cmp(&b.name));
            table.rules.sort_by(|a, b| a.name.cmp(&b.name));
            table.policies.sort_by(|a, b| a.name.cmp(&b.name));
            // They grew one by one, and a large schema is mostly these.
            table.constraints.shrink_to_fit();
            table.indexes.shrink_to_fit();
        }
        for view in self.catalog.views.values_mut() {
            view.indexes.sort_by(|a, b| a.name.cmp(&b.name));
            view.triggers.sort_by(|a, b| a.name.cmp(&b.name));
            view.rules.sort_by(|a, b| a.name.cmp(&b.name));
        }
        for domain in self.catalog.domains.values_mut() {
            domain.checks.sort_by(|a, b| a.name.cmp(&b.name));
        }
        for publication in self.catalog.publications.values_mut() {
            forget_defaults(&mut publication.options);
            publication.tables.sort_by(|a, b| a.name.cmp(&b.name));
            publication.schemas.sort();
        }
    }
}

/// Gives columns that were declared without a type that of what they reference.
fn take_types(table: &mut Table, columns: &[Ident], types: &[Option<DataType>]) {
    for (column, found) in columns.iter().zip(types) {
        if let (Some(column), Some(found)) = (table.column_mut(column), found)
            && column.data_type.name.name.is_empty()
        {
            column.data_type = found.clone();
        }
    }
}

/// Options of a publication that say what goes without saying.
fn forget_defaults(options: &mut Parameters) {
    let everything = |text: &str| {
        let words: Vec<&str> = text.split(',').map(str::trim).collect();
        let all = ["insert", "update", "delete", "truncate"];
        all.iter().all(|w| words.contains(w))
    };
    if options.get("publish").is_some_and(everything) {
        options.remove("publish");
    }
    if options
        .get("publish_via_partition_root")
        .is_some_and(|v| matches!(v, "false" | "off" | "0"))
    {
        options.remove("publish_via_partition_root");
    }
}

fn is_system_column(name: &str) -> bool {
    matches!(
        name,
        "ctid" | "xmin" | "xmax" | "cmin" | "cmax" | "tableoid" | "oid" | "rowid"
    )
}
