//! Whether a name is free for what is renamed or goes into another schema, and whether it may go there.
//!
//! Source: `AlterObjectRename_internal` and `AlterObjectNamespace_internal` in src/backend/commands/alter.c,
//! `AlterRelationNamespaceInternal` and `ATExecChangeOwner` in src/backend/commands/tablecmds.c.

use super::fold::Fold;
use super::identity::identity_sequences;
use super::names::multiranges;
use super::rename::renamed;
use crate::dialect::Dialect;
use crate::model::{Ident, ObjectId, ObjectKind, QualifiedName};
use crate::source::Target;

impl Fold {
    /// Whether something else has the name that an object is to have.
    pub(super) fn refuse_taken_name(&mut self, id: &ObjectId, new: &QualifiedName) -> bool {
        if self.dialect() != Dialect::Postgres {
            return false;
        }
        let taken = match id.kind {
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
                let signature = id.signature.as_deref().unwrap_or_default();
                self.namesake_of(new, signature).is_some()
            }
            ObjectKind::Table => self.brings_taken(id, new),
            kind if kind.is_type() => {
                self.locate_type(new).is_some() || multiranges(&self.catalog).any(|m| m == *new)
            }
            kind if kind.is_relation() => false,
            _ => self.has_of_kind(id, new),
        };
        if taken {
            let headline = format!("{} `{new}` exists already", id.kind);
            let help = "choose a name that is free, or rename or drop the other one first";
            self.refuse("resolve/duplicate", headline).help = Some(help.to_owned());
        }
        taken
    }

    /// Whether the catalog has an object of the same kind by the new name.
    fn has_of_kind(&mut self, id: &ObjectId, new: &QualifiedName) -> bool {
        let Some(object) = self.catalog.take(id) else {
            return false;
        };
        let moved = renamed(object.clone(), new);
        let taken = self.catalog.holds(&moved);
        self.catalog.insert(object);
        taken
    }

    /// Whether an index or sequence of a table would meet one of its name in the new schema.
    fn brings_taken(&self, id: &ObjectId, new: &QualifiedName) -> bool {
        let Some(table) = self.catalog.tables.get(&id.name) else {
            return false;
        };
        if id.name.schema == new.schema {
            return false;
        }
        let keys = table.constraints.iter().filter(|c| c.has_index());
        let indexes = table.indexes.iter().map(|i| &i.name);
        let own = keys.map(|c| &c.name).chain(indexes).cloned();
        let sequences = self.catalog.sequences.values();
        let owned = sequences.filter(|s| s.owned_by.as_ref().is_some_and(|(t, _)| *t == id.name));
        let owned = owned.map(|s| s.name.name.clone());
        let numbering = identity_sequences(table).into_iter().map(|s| s.name.name);
        let mut all = own.chain(owned).chain(numbering);
        all.any(|name| self.relations.contains_key(&new.sibling(name)))
    }

    /// Whether a rename is none, or one to a name that the server keeps for itself.
    pub(super) fn refuse_rename(&mut self, id: &ObjectId, to: &Ident) -> bool {
        if !self.now.in_order || self.dialect() != Dialect::Postgres || id.member.is_some() {
            return false;
        }
        let schema = id.kind == ObjectKind::Schema;
        let headline = if id.name.name == *to {
            format!("{id} has that name already")
        } else if schema && to.starts_with("pg_") {
            format!("schema `{to}` cannot be: names that begin with pg_ are the server's")
        } else if schema && self.catalog.schemas.contains_key(to) {
            format!("schema `{to}` exists already")
        } else {
            return false;
        };
        self.refuse("resolve/duplicate", headline).help =
            Some("leave the statement out, or choose another name".to_owned());
        true
    }

    /// Whether an object is known to belong to somebody else.
    pub(super) fn is_owned_otherwise(&mut self, id: &ObjectId, to: &Ident) -> bool {
        // Who runs the statement may be the owner.
        if matches!(
            to.as_str(),
            "current_user" | "current_role" | "session_user"
        ) {
            return false;
        }
        let facets = self.catalog.facets_mut(id);
        facets.is_some_and(|f| f.owner.as_ref().is_some_and(|owner| owner != to))
    }

    /// Whether a sequence is that of a column, and goes where its table goes.
    pub(super) fn refuse_owned(&mut self, id: &ObjectId, done: &str) -> bool {
        if !self.now.in_order || id.kind != ObjectKind::Sequence {
            return false;
        }
        let sequence = self.catalog.sequences.get(&id.name);
        let owner = sequence.and_then(|s| s.owned_by.clone());
        let Some((table, column)) = owner else {
            return false;
        };
        let headline = format!("{id} cannot {done} alone: `{column}` of `{table}` owns it");
        self.refuse("resolve/dependents", headline).help = Some(format!(
            "say it of table `{table}`, which its sequences follow"
        ));
        true
    }

    /// Whether a statement names another kind of routine, or a domain, than the object is.
    pub(super) fn refuse_other_kind(
        &mut self,
        target: &Target,
        id: &ObjectId,
        drops: bool,
    ) -> bool {
        use ObjectKind::{Aggregate, Domain, Function, Procedure};
        if !self.now.in_order || self.dialect() != Dialect::Postgres || id.member.is_some() {
            return false;
        }
        let any = target.detail.as_deref() == Some("routine");
        let strict = match target.kind {
            Function | Procedure | Aggregate => !any,
            Domain => true,
            _ => false,
        };
        // ALTER FUNCTION does to aggregates what all routines have in common.
        let shared = !drops && target.kind == Function && id.kind == Aggregate;
        if !strict || shared || target.kind == id.kind {
            return false;
        }
        let headline = format!("{id} is no {}", target.kind);
        self.refuse("resolve/unknown-object", headline).help = Some(format!(
            "write {} in its place",
            id.kind.as_str().to_uppercase()
        ));
        true
    }
}
