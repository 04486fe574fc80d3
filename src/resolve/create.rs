//! CREATE of everything but tables.

use std::collections::btree_map::Entry;

use super::fold::Fold;
use super::implicit;
use crate::diagnostic::Facet;
use crate::dialect::Dialect;
use crate::expr::{Reader, ReferenceKind, query, references_of_query};
use crate::model::{
    DataType, Domain, Ident, Index, Object, ObjectId, ObjectKind, QualifiedName, Query, Routine,
    RoutineKind, Sequence, View,
};
use crate::source::LikeClause;

/// How an existing object of the same name is met.
#[derive(Clone, Copy)]
pub(super) struct Meeting {
    pub(super) or_replace: bool,
    pub(super) if_not_exists: bool,
}

impl Fold {
    pub(super) fn create(
        &mut self,
        object: Object,
        or_replace: bool,
        if_not_exists: bool,
        like: Vec<LikeClause>,
    ) -> Option<ObjectId> {
        let meeting = Meeting {
            or_replace,
            if_not_exists,
        };
        let before = self.replaceable();
        let id = self.create_object(object, meeting, &like);
        if let Some(id) = &id
            && or_replace
        {
            self.refuse_elsewhere(id, "replaced");
        }
        if let Some(id) = &id
            && (!or_replace || self.replaceable() != before)
        {
            self.hand_over(id);
        }
        id
    }

    /// How many there are of what OR REPLACE may leave as they were: owner and privileges stay theirs.
    fn replaceable(&self) -> usize {
        let catalog = &self.catalog;
        catalog.views.len() + catalog.routines.len() + catalog.aggregates.len()
    }

    /// A fresh object belongs to whoever runs the statement, and has what default privileges give.
    fn hand_over(&mut self, id: &ObjectId) {
        if let Some(role) = self.now.role.clone()
            && id.kind != ObjectKind::Extension
            && self
                .catalog
                .facets_mut(id)
                .is_some_and(|f| f.owner.is_none())
        {
            self.set_owner(id, Some(role));
        }
        if self.catalog.default_privileges.is_empty() {
            return;
        }
        self.apply_default_privileges(id);
        for sequence in self.sequences_of(id) {
            self.apply_default_privileges(&sequence);
        }
    }

    fn create_object(
        &mut self,
        object: Object,
        meeting: Meeting,
        like: &[LikeClause],
    ) -> Option<ObjectId> {
        let Meeting {
            or_replace,
            if_not_exists,
        } = meeting;
        match object {
            Object::Table(table) => self.create_table(*table, if_not_exists, like),
            Object::View(view) => self.create_view(*view, meeting),
            Object::Index(relation, index) => self.create_index(&relation, *index, if_not_exists),
            Object::Sequence(sequence) => self.create_sequence(sequence, if_not_exists),
            Object::Domain(domain) => self.create_domain(domain),
            Object::Routine(routine) => self.create_routine(*routine, meeting),
            Object::Trigger(relation, trigger) => self.create_trigger(&relation, *trigger, meeting),
            Object::Policy(table, policy) => self.create_policy(&table, *policy),
            Object::Rule(relation, rule) => self.create_rule(&relation, *rule, or_replace),
            other => self.create_simple(other, meeting),
        }
    }

    /// Whether the object may be inserted; reports what is declared twice.
    pub(super) fn is_free(&mut self, taken: bool, id: &ObjectId, meeting: Meeting) -> bool {
        if !taken || meeting.or_replace {
            self.place(id);
            return true;
        }
        if !meeting.if_not_exists {
            self.refuse_duplicate(id);
        }
        false
    }

    /// Takes a name in `pg_class`; a name in use is reported unless IF NOT EXISTS was said.
    pub(super) fn take_relation(
        &mut self,
        name: &QualifiedName,
        kind: ObjectKind,
        if_not_exists: bool,
    ) -> bool {
        let id = ObjectId::new(kind, name.clone());
        if kind != ObjectKind::Index {
            self.complete_shell(name);
        }
        match self.relations.get(name).copied() {
            None if kind != ObjectKind::Index && self.has_namesake(kind, name) => false,
            None => {
                self.relations.insert(name.clone(), kind);
                self.place(&id);
                true
            }
            Some(_) if if_not_exists => false,
            Some(other) if other == kind => {
                self.refuse_duplicate(&id);
                false
            }
            Some(other) => {
                let first = self.map.of(&ObjectId::new(other, name.clone()));
                let diagnostic = self.refuse(
                    "resolve/duplicate",
                    format!("{kind} `{name}` has the name of {} {other}", article(other)),
                );
                diagnostic.note = Some(
                    "tables, views, indexes, sequences and composite types share one namespace"
                        .into(),
                );
                diagnostic.help = Some("rename one of the two".into());
                if let Some(first) = first {
                    let with_label = diagnostic.clone().and_at(first, "first declared here");
                    *diagnostic = with_label;
                }
                false
            }
        }
    }

    /// What a view that reads itself is made with: its columns as they are.
    fn shell_of(&self, view: &View) -> Option<Query> {
        let dialect = self.dialect();
        let references = references_of_query(view.query.text(), dialect);
        let mut relations = references
            .iter()
            .filter(|r| r.kind == ReferenceKind::Relation);
        if !relations.any(|r| self.relation_name(&r.name) == view.name) {
            return None;
        }
        let old = self.catalog.views.get(&view.name)?;
        if let Some(shell) = &old.shell {
            return Some(shell.clone());
        }
        let columns = Reader::new(&self.catalog).columns_of_query(old.query.text())?;
        let column = |(name, of): &(String, String)| {
            format!(
                "NULL::{of} AS {}",
                dialect.quote(&Ident::from(name.as_str()))
            )
        };
        let columns: Vec<String> = columns.iter().map(column).collect();
        Some(query(&format!("SELECT {}", columns.join(", ")), dialect))
    }

    fn create_view(&mut self, mut view: View, meeting: Meeting) -> Option<ObjectId> {
        view.name = self.created_name(&view.name);
        let kind = if view.materialized {
            ObjectKind::MaterializedView
        } else {
            ObjectKind::View
        };
        let id = ObjectId::new(kind, view.name.clone());
        view.query = self.qualify_query(&view.query);
        if meeting.or_replace && self.relations.get(&view.name) == Some(&kind) {
            let shell = self.shell_of(&view);
            // What hangs on the view stays: triggers, rules, comment, grants, owner.
            if let Some(old) = self.catalog.views.get_mut(&view.name) {
                let fresh = std::mem::take(&mut view);
                old.query = fresh.query;
                old.shell = shell;
                old.columns = fresh.columns;
                old.options = fresh.options;
                old.check_option = fresh.check_option;
                old.recursive = fresh.recursive;
            }
            return Some(id);
        }
        if !self.take_relation(&view.name, kind, meeting.if_not_exists) {
            return None;
        }
        self.catalog.views.insert(view.name.clone(), view);
        Some(id)
    }

    fn create_index(
        &mut self,
        relation: &QualifiedName,
        mut index: Index,
        if_not_exists: bool,
    ) -> Option<ObjectId> {
        let relation = self.relation_name(relation);
        if index.name.is_empty() {
            index.name = Ident::from(implicit::index_name(self, &relation, &index));
        }
        for element in &mut index.elements {
            self.resolve_element(element);
        }
        if let Some(predicate) = &index.predicate {
            index.predicate = Some(self.qualify(predicate));
        }
        let name = relation.sibling(index.name.clone());
        if !self.take_relation(&name, ObjectKind::Index, if_not_exists) {
            return None;
        }
        self.index_owner.insert(name.clone(), relation.clone());
        self.note_made(&relation, &index.name);
        // `ON ONLY` says nothing where there are no partitions (indexcmds.c, `DefineIndex`).
        if self.now.in_order && index.only {
            index.only = !self.partitions_of(&relation).is_empty();
        }
        if self.catalog.tables.contains_key(&relation) {
            self.take_equal_indexes(&relation, &index);
        }
        if let Some(table) = self.catalog.tables.get_mut(&relation) {
            table.indexes.push(index);
        } else if let Some(view) = self.catalog.views.get_mut(&relation) {
            view.indexes.push(index);
        } else {
            // The relation is opaque or belongs to others: the index is kept all the same.
            self.relations.remove(&name);
            let diagnostic = self.refuse(
                "resolve/unmodelled-relation",
                format!(
                    "index `{}` stands on `{relation}`, which is not modelled",
                    index.name
                ),
            );
            diagnostic.help = Some("declare the table itself, with its columns".into());
            return None;
        }
        Some(ObjectId::index(&name))
    }

    fn create_sequence(&mut self, mut sequence: Sequence, if_not_exists: bool) -> Option<ObjectId> {
        sequence.name = self.created_name(&sequence.name);
        if !self.take_relation(&sequence.name, ObjectKind::Sequence, if_not_exists) {
            return None;
        }
        super::defaults::clear_default_options(&mut sequence.options, &DataType::builtin("bigint"));
        if let Some((table, _)) = &mut sequence.owned_by {
            *table = self.names.relation(table, &self.now.path);
        }
        let id = ObjectId::new(ObjectKind::Sequence, sequence.name.clone());
        self.catalog
            .sequences
            .insert(sequence.name.clone(), sequence);
        Some(id)
    }

    fn create_domain(&mut self, mut domain: Domain) -> Option<ObjectId> {
        domain.name = self.created_name(&domain.name);
        self.resolve_type(&mut domain.base, None);
        self.qualify_collation(&mut domain.collation);
        let id = ObjectId::new(ObjectKind::Domain, domain.name.clone());
        self.complete_shell(&domain.name);
        if self.locate_type(&domain.name).is_some() {
            self.refuse_duplicate(&id);
            return None;
        }
        if self.has_namesake(id.kind, &id.name) {
            return None;
        }
        for n in 0..domain.checks.len() {
            domain.checks[n].expression = self.qualify(&domain.checks[n].expression);
            if domain.checks[n].name.is_empty() {
                let taken = |name: &str| domain.checks.iter().any(|c| c.name == name);
                let name = crate::dialect::constraint_name(&domain.name.name, &[], "check", taken);
                domain.checks[n].name = Ident::from(name);
            }
        }
        if let Some(default) = &domain.default {
            domain.default = Some(self.resolve_default(default));
        }
        self.place(&id);
        self.catalog.domains.insert(domain.name.clone(), domain);
        Some(id)
    }

    fn create_routine(&mut self, mut routine: Routine, meeting: Meeting) -> Option<ObjectId> {
        routine.name = self.created_name(&routine.name);
        for argument in &mut routine.arguments {
            self.resolve_type(&mut argument.data_type, None);
            if let Some(default) = &argument.default {
                argument.default = Some(self.qualify(default));
            }
        }
        if let Some(crate::model::Returns::Type(t) | crate::model::Returns::SetOf(t)) =
            &mut routine.returns
        {
            self.resolve_type(t, None);
        }
        super::defaults::clear_default_costs(&mut routine);
        if self.dialect() == Dialect::Postgres && self.refuse_routine(&routine, meeting) {
            return None;
        }
        let signature: Box<str> = routine.signature().into();
        self.take_signature(&routine.name, &signature);
        let kind = match routine.kind {
            RoutineKind::Function => ObjectKind::Function,
            RoutineKind::Procedure => ObjectKind::Procedure,
        };
        let id = ObjectId::overload(kind, routine.name.clone(), signature.clone());
        match self
            .catalog
            .routines
            .entry((routine.name.clone(), signature))
        {
            Entry::Vacant(entry) => {
                entry.insert(routine);
                self.place(&id);
            }
            Entry::Occupied(mut entry) if meeting.or_replace => {
                routine.facets = std::mem::take(&mut entry.get_mut().facets);
                entry.insert(routine);
            }
            Entry::Occupied(_) if meeting.if_not_exists => return None,
            Entry::Occupied(_) => {
                self.refuse_duplicate(&id);
                return None;
            }
        }
        Some(id)
    }

    /// Kinds that only have to be named and put in their place.
    fn create_simple(&mut self, object: Object, meeting: Meeting) -> Option<ObjectId> {
        let object = self.resolve_simple(object);
        if let Object::Opaque(opaque) = &object
            && let Some(made) = self.table_of_query(opaque)
        {
            self.relations.remove(&opaque.name);
            let id = self.create_table(made.table, made.if_not_exists, &[])?;
            if let Some(row) = made.rows {
                self.keep_in_place(row);
            }
            return Some(id);
        }
        let id = object.id()?;
        if self.is_shell_of_other(&object) {
            return None;
        }
        let shell = self.shell_of_type(&object, &id);
        let in_pg_class = matches!(id.kind, ObjectKind::Composite | ObjectKind::VirtualTable);
        if in_pg_class && !self.take_relation(&id.name, id.kind, meeting.if_not_exists) {
            return None;
        }
        let free = in_pg_class || {
            let taken = self.catalog.holds(&object)
                || (id.kind.is_type() && self.locate_type(&id.name).is_some());
            self.is_free_type(taken, &id, meeting)
        };
        if !free || (id.kind.is_type() && !in_pg_class && self.has_namesake(id.kind, &id.name)) {
            return None;
        }
        self.map.insert(id.clone(), Facet::Whole, self.now.span);
        let anew = id.kind == ObjectKind::Schema && !self.catalog.holds(&object);
        self.catalog.insert(object);
        if let (Some(said), Some(facets)) = (shell, self.catalog.facets_mut(&id)) {
            *facets = said;
        }
        if anew && Some(&*id.name.name) == self.dialect().default_schema() {
            self.close_default_schema(&id.name.name);
        }
        Some(id)
    }
}

fn article(kind: ObjectKind) -> &'static str {
    if kind == ObjectKind::Index { "an" } else { "a" }
}
