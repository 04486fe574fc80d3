//! ALTER of everything but tables, and what all kinds share.

use super::fit::altered_sequence;
use super::fold::Fold;
use super::passes::in_passes;
use super::understood::retyped;
use crate::dialect::Dialect;
use crate::model::{ConstraintKind, Facets, Ident, ObjectId, ObjectKind, QualifiedName};
use crate::source::{AlterAction, Target};

impl Fold {
    pub(super) fn alter(
        &mut self,
        target: &Target,
        if_exists: bool,
        actions: Vec<AlterAction>,
    ) -> Option<ObjectId> {
        let found = self
            .locate(target)
            .or_else(|| self.locate_given_index(target));
        let Some(mut id) = found else {
            match self.missing_target(target) {
                Some(diagnostic) if !if_exists => self.diagnostics.push(diagnostic),
                Some(_) => {}
                None => self.keep_for_others("alter", target),
            }
            return None;
        };
        if self.refuse_other_kind(target, &id, false) {
            return None;
        }
        let retyped = match id.kind {
            ObjectKind::Table if self.now.in_order => retyped(&actions),
            _ => Vec::new(),
        };
        if !retyped.is_empty() {
            self.keep_understood(&id.name, &retyped);
        }
        for action in in_passes(actions) {
            if !self.may_alter(&id, &action) {
                continue;
            }
            let Some(action) = self.alter_shared(&mut id, action) else {
                continue;
            };
            match id.kind {
                ObjectKind::Table => self.alter_table(&id.name, action),
                ObjectKind::View | ObjectKind::MaterializedView => {
                    self.alter_view(&id.name, action)
                }
                ObjectKind::Index => self.alter_index(&id.name, action),
                ObjectKind::Sequence => self.alter_sequence(&id.name, action),
                ObjectKind::Policy => self.alter_policy(&id, action),
                ObjectKind::Enum => self.alter_enum(&id.name, action),
                ObjectKind::Domain => self.alter_domain(&id.name, action),
                ObjectKind::Composite => self.alter_composite(&id.name, action),
                _ => self.alter_rare(&id, action),
            }
        }
        if !retyped.is_empty() {
            self.refuse_misunderstood(&id.name);
        }
        Some(id)
    }

    /// Owner, name and schema; what is left is for the kind.
    fn alter_shared(&mut self, id: &mut ObjectId, action: AlterAction) -> Option<AlterAction> {
        match action {
            AlterAction::Owner(to)
                if self.is_owned_otherwise(id, &to)
                    && self.refuse_owned(id, "go to another owner") => {}
            AlterAction::Owner(owner) => {
                // Whoever runs the statements is who owns what has no owner.
                let executor = matches!(owner.as_str(), "current_user" | "current_role");
                let role = self.now.role.clone();
                // It has `public` from the start (version 15).
                let given = id.kind == ObjectKind::Schema
                    && id.name.name == "public"
                    && owner == Dialect::DEFAULT_SCHEMA_OWNER;
                let owner = (!given).then_some(owner);
                self.set_owner(id, if executor { role } else { owner });
            }
            AlterAction::Rename(to) => self.rename(id, to),
            AlterAction::SetSchema(schema) => self.set_schema(id, schema),
            AlterAction::Nothing => {}
            other => return Some(other),
        }
        None
    }

    pub(super) fn set_owner(&mut self, id: &ObjectId, owner: Option<Ident>) {
        let unnamed = self.born_owner(id).unwrap_or(Ident::new("current_user"));
        let hand_over = |facets: &mut Facets| {
            let from = facets.owner.as_ref().unwrap_or(&unnamed);
            let to = owner.as_ref().unwrap_or(&unnamed);
            facets.acl.change_hands(from, to);
        };
        for sequence in self.catalog.sequences.values_mut() {
            // The sequences of a table's columns change hands with it.
            let table = sequence.owned_by.as_ref().map(|(table, _)| table);
            if table == Some(&id.name) {
                hand_over(&mut sequence.facets);
                sequence.facets.owner = owner.clone();
            }
        }
        if let Some(facets) = self.catalog.facets_mut(id) {
            hand_over(facets);
            facets.owner = owner;
        }
    }

    pub(super) fn unsupported(&mut self, what: &str) {
        let headline = format!("this action does not apply to {what}");
        self.refuse("resolve/unsupported-alter", headline);
    }

    fn alter_view(&mut self, name: &QualifiedName, action: AlterAction) {
        if let AlterAction::ClusterOn(Some(index)) = &action {
            let id = ObjectId::new(ObjectKind::MaterializedView, name.clone());
            self.place_named(&id, index);
        }
        let Some(view) = self.catalog.views.get_mut(name) else {
            return;
        };
        match action {
            AlterAction::SetStorage(pairs) => {
                for (name, value) in pairs {
                    match &*name {
                        "check_option" => view.check_option = Some(value),
                        _ => drop(view.options.insert(name, value)),
                    }
                }
            }
            AlterAction::ResetStorage(keys) => {
                view.options.retain(|k, _| !keys.contains(k));
                let checks = keys.iter().any(|k| &**k == "check_option");
                view.check_option = view.check_option.take().filter(|_| !checks);
            }
            AlterAction::ClusterOn(index) => view.cluster_on = index,
            AlterAction::SetTablespace(space) => view.tablespace = Some(space),
            AlterAction::SetAccessMethod(method) => view.access_method = Some(method),
            AlterAction::Column {
                name,
                action: crate::source::ColumnAction::Default(default),
            } => match default {
                Some(default) => {
                    view.defaults.insert(name, default);
                }
                None => {
                    view.defaults.remove(&name);
                }
            },
            AlterAction::Column {
                name,
                action: crate::source::ColumnAction::Statistics(target),
            } if view.materialized => match target {
                Some(target) => {
                    view.column_statistics.insert(name, target);
                }
                None => {
                    view.column_statistics.remove(&name);
                }
            },
            AlterAction::Column { .. } => self.unsupported("a column of a view"),
            AlterAction::RenameColumn { from, to } => self.rename_view_column(name, &from, to),
            _ => self.unsupported("a view"),
        }
    }

    fn alter_index(&mut self, name: &QualifiedName, action: AlterAction) {
        if let AlterAction::AttachPartition { partition, .. } = action {
            return self.attach_index(name, &partition);
        }
        let owner = self.index_owner.get(name).cloned();
        let Some(index) = owner.and_then(|o| self.index_mut(&o, &name.name)) else {
            // The index of a constraint: its parameters are the constraint's.
            return self.alter_constraint_index(name, action);
        };
        match action {
            AlterAction::SetStorage(pairs) => index.storage.extend(pairs),
            AlterAction::ResetStorage(keys) => index.storage.retain(|k, _| !keys.contains(k)),
            AlterAction::SetTablespace(space) => index.tablespace = Some(space),
            AlterAction::Column {
                name,
                action: crate::source::ColumnAction::Statistics(target),
            } => {
                let number = name.parse().unwrap_or(0);
                match target {
                    Some(target) => index.statistics.insert(number, target),
                    None => index.statistics.remove(&number),
                };
            }
            AlterAction::DependsOnExtension { .. } => {}
            _ => self.unsupported("an index"),
        }
    }

    pub(super) fn index_mut(
        &mut self,
        owner: &QualifiedName,
        index: &Ident,
    ) -> Option<&mut crate::model::Index> {
        if let Some(table) = self.catalog.tables.get_mut(owner) {
            return table.indexes.iter_mut().find(|i| i.name == *index);
        }
        let view = self.catalog.views.get_mut(owner)?;
        view.indexes.iter_mut().find(|i| i.name == *index)
    }

    fn alter_constraint_index(&mut self, name: &QualifiedName, action: AlterAction) {
        let mut constraints = self
            .catalog
            .tables
            .values_mut()
            .filter(|t| t.name.schema == name.schema)
            .flat_map(|t| &mut t.constraints);
        let Some(constraint) = constraints.find(|c| c.name == name.name && c.has_index()) else {
            return;
        };
        let (ConstraintKind::PrimaryKey {
            storage,
            tablespace,
            ..
        }
        | ConstraintKind::Unique {
            storage,
            tablespace,
            ..
        }
        | ConstraintKind::Exclusion {
            storage,
            tablespace,
            ..
        }) = &mut constraint.kind
        else {
            return;
        };
        match action {
            AlterAction::SetStorage(pairs) => storage.extend(pairs),
            AlterAction::ResetStorage(keys) => storage.retain(|k, _| !keys.contains(k)),
            AlterAction::SetTablespace(space) => *tablespace = Some(space),
            _ => {}
        }
    }

    /// `ALTER INDEX parent ATTACH PARTITION child`. A constraint's index follows its constraint, or
    /// serves an index of the parent, which the server finds by itself.
    fn attach_index(&mut self, parent: &QualifiedName, child: &QualifiedName) {
        let child = self.relation_name(child);
        let owner = self.index_owner.get(&child).cloned();
        match owner.and_then(|o| self.index_mut(&o, &child.name)) {
            Some(index) => index.parent = Some(parent.clone()),
            None => *self.attached_keys.entry(parent.clone()).or_default() += 1,
        }
    }

    fn alter_sequence(&mut self, name: &QualifiedName, action: AlterAction) {
        let owner = match &action {
            AlterAction::OwnedBy(Some((table, column))) => {
                Some((self.names.relation(table, &self.now.path), column.clone()))
            }
            _ => None,
        };
        let Some(sequence) = self.catalog.sequences.get_mut(name) else {
            return self.alter_identity_sequence(name, action);
        };
        match action {
            AlterAction::OwnedBy(_) => sequence.owned_by = owner,
            AlterAction::Sequence { options, given } => {
                let bigint = crate::model::DataType::builtin("bigint");
                let old = &sequence.options;
                if let Some(new) = altered_sequence(old, &bigint, &options, &given) {
                    sequence.options = new;
                }
            }
            AlterAction::SetLogged(logged) => {
                sequence.persistence = if logged {
                    crate::model::Persistence::Permanent
                } else {
                    crate::model::Persistence::Unlogged
                };
            }
            _ => self.unsupported("a sequence"),
        }
    }

    fn alter_policy(&mut self, id: &ObjectId, action: AlterAction) {
        let AlterAction::Policy {
            roles,
            using,
            with_check,
        } = action
        else {
            return self.unsupported("a policy");
        };
        let (using, with_check) = (
            using.map(|e| self.qualify(&e)),
            with_check.map(|e| self.qualify(&e)),
        );
        let table = self.catalog.tables.get_mut(&id.name);
        let member = id.member.clone().unwrap_or_default();
        let Some(policy) = table.and_then(|t| t.policies.iter_mut().find(|p| p.name == member))
        else {
            return;
        };
        if let Some(roles) = roles {
            policy.roles = roles;
        }
        policy.using = using.or(policy.using.take());
        policy.with_check = with_check.or(policy.with_check.take());
    }

    /// Keeps a statement about an object of an extension or of the server: nobody here declares
    /// the object, and what is said of it must not be lost.
    pub(super) fn keep_for_others(&mut self, verb: &str, target: &Target) {
        let Some(text) = self.now.text.clone() else {
            return;
        };
        let kind = format!("{verb} on {}", target.kind);
        let key = (Box::from(kind.as_str()), target.name.clone());
        if self.is_taken_back(&key, &text) {
            return;
        }
        let entry = self.catalog.opaque.entry(key);
        let found = entry.or_insert_with(|| crate::model::Opaque {
            kind: kind.into(),
            name: target.name.clone(),
            statements: Vec::new(),
            depends_on: Vec::new(),
        });
        if !found.statements.contains(&text) {
            found.statements.push(text);
        }
    }

    /// Whether a statement only takes back what another one said of the same object before.
    fn is_taken_back(&mut self, key: &(Box<str>, QualifiedName), text: &str) -> bool {
        let Some(found) = self.catalog.opaque.get_mut(key) else {
            return false;
        };
        let before = found.statements.len();
        found
            .statements
            .retain(|s| !crate::model::is_undone_by(s, text));
        let taken = found.statements.len() < before;
        if found.statements.is_empty() {
            self.catalog.opaque.remove(key);
        }
        taken
    }

    /// A verbatim ALTER: it belongs to the opaque object that it changes, or stands alone.
    pub(super) fn alter_opaque(&mut self, kind: &str, name: QualifiedName, text: Box<str>) {
        let name = super::names::created(&name, &self.now.path);
        let key = (Box::from(kind), name.clone());
        if let Some(found) = self.catalog.opaque.get_mut(&key) {
            found.statements.push(text);
            return;
        }
        let opaque = crate::model::Opaque {
            kind: kind.into(),
            name,
            statements: vec![text],
            depends_on: Vec::new(),
        };
        self.catalog.opaque.insert(key, opaque);
    }
}
